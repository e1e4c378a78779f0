/* SPDX-License-Identifier: MIT
 *
 * Ids never repeat and never go back, whatever the clock does and whoever held the writer slot before.
 */
#include "core/base/id.h"

#include <glib.h>

#include "core/base/clock.h"

enum { BURST = 10000, AT = 1000000 };

static void forward_only(void)
{
    struct id_source ids;
    int64_t last = 0, before = clock_now(NULL);
    id_source_init(&ids, NULL, 7);
    for (int i = 0; i < BURST; i++) {
        int64_t id = id_next(&ids);
        g_assert_cmpint(id, >, last);
        g_assert_cmpint(id, >=, id_floor(before));
        g_assert_cmpint(id, >=, id_floor(id_source_last(&ids)));
        g_assert_cmpint(id, <, id_floor(id_source_last(&ids) + 1));
        last = id;
    }
}

/* The clock is behind an instant: ids begin after it, and go on after an earlier one. */
static void after_an_instant(void)
{
    struct id_source ids;
    int64_t instant = clock_now(NULL) + AT;
    id_source_init(&ids, NULL, 7);
    id_source_after(&ids, instant);
    int64_t first = id_next(&ids);
    g_assert_cmpint(first, >, id_floor(instant + 1) - 1);
    g_assert_cmpint(first, <, id_floor(instant + 2));
    id_source_after(&ids, instant - AT);
    g_assert_cmpint(id_next(&ids), >, first);
    id_source_after(&ids, id_source_last(&ids));
    g_assert_cmpint(id_next(&ids), >, id_floor(instant + 2) - 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/id/forward_only", forward_only);
    g_test_add_func("/id/after_an_instant", after_an_instant);
    return g_test_run();
}
