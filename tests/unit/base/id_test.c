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

/* Of many keys in one instant, and of one with many parts: none twice, each greater than the part before it. */
static void parts_of_a_key(void)
{
    enum { KEYS = 1000, FEW = 31, MANY = 100000 };
    struct id_source ids;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    id_source_init(&ids, NULL, 7);
    for (int i = 0; i < KEYS; i++) {
        int64_t between = id_next(&ids), key = id_next_key(&ids), last = key;
        g_assert_true(g_hash_table_add(seen, g_memdup2(&between, sizeof between)));
        g_assert_true(g_hash_table_add(seen, g_memdup2(&key, sizeof key)));
        for (unsigned n = 0; n < (i ? FEW : MANY); n++) {
            int64_t part = id_part(key, n);
            g_assert_true(part > last || n % 65536 == 0);
            g_assert_true(g_hash_table_add(seen, g_memdup2(&part, sizeof part)));
            last = part;
        }
        g_assert_cmpint(id_part(key, 3), ==, id_part(key, 3));
    }
}

/* Whoever counts 1, 2, 3 has no part twice either. */
static void parts_of_any_number(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (int64_t key = 1; key < BURST; key++)
        for (unsigned n = 0; n < 40; n++) {
            int64_t part = id_part(key, n);
            g_assert_cmpint(part, >, 0);
            g_assert_true(g_hash_table_add(seen, g_memdup2(&part, sizeof part)));
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/id/forward_only", forward_only);
    g_test_add_func("/id/after_an_instant", after_an_instant);
    g_test_add_func("/id/parts_of_a_key", parts_of_a_key);
    g_test_add_func("/id/parts_of_any_number", parts_of_any_number);
    return g_test_run();
}
