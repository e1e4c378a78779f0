/* SPDX-License-Identifier: MIT
 *
 * The short walk through a small world; soak.c has the long one. PACKLINE_SMALL_DEPTH and PACKLINE_SMALL_MOST say otherwise.
 */
#include <glib.h>
#include <string.h>

#include "tests/sim/small_world.h"
#include "tests/support/worlds.h"

enum { DEPTH = 2, MOST = 400000 };

static void nothing_breaks(void)
{
    struct small_counts counts = {0};
    g_autofree char *broken = small_world_walk((int)worlds_number("PACKLINE_SMALL", "DEPTH", DEPTH),
                                               worlds_number("PACKLINE_SMALL", "MOST", MOST), NULL, &counts);
    small_world_tell(&counts);
    g_assert_cmpstr(broken, ==, NULL);
    g_assert_cmpint(counts.never, ==, 0);
    g_assert_cmpint(counts.states, >, 1000);
}

/* A waybill that is renewed keeps its old number alive. */
static void keep_number(struct memory *memory, const struct decision *d)
{
    const GPtrArray *touched = dossier_touched(memory->dossier);
    for (guint i = 0; i < touched->len; i++) {
        const struct row *row = touched->pdata[i];
        if (d->ev->kind == EV_RENEW && row->table == TABLE_WAYBILL && row->before)
            ((struct waybill *)(uintptr_t)row)->state = ST_PRINTED;
    }
}

static void a_planted_bug_is_found(void)
{
    struct small_counts counts = {0};
    g_autofree char *broken = small_world_walk(DEPTH, MOST, keep_number, &counts);
    g_assert_nonnull(broken);
    g_test_message("%s", broken);
    g_assert_nonnull(strstr(broken, "parcel-waybill:"));
    g_assert_nonnull(strstr(broken, "by renew"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/small_world/nothing_breaks", nothing_breaks);
    g_test_add_func("/small_world/a_planted_bug_is_found", a_planted_bug_is_found);
    return g_test_run();
}
