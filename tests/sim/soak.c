/* SPDX-License-Identifier: MIT
 *
 * The long runs: a small world walked four events deep from everywhere; and the seeded world with a seed of this second and
 * 1,000,000 orders. PACKLINE_SOAK_DEPTH, _TRANSITIONS, _SEED and _ORDERS say otherwise.
 */
#include "tests/sim/small_world.h"
#include "tests/support/worlds.h"

enum { ORDERS = 1000000, DEPTH = 4, TRANSITIONS = 100000000 };

static void walk(void)
{
    struct small_counts counts = {0};
    g_autofree char *broken = small_world_walk((int)worlds_number("PACKLINE_SOAK", "DEPTH", DEPTH),
                                               worlds_number("PACKLINE_SOAK", "TRANSITIONS", TRANSITIONS), NULL, &counts);
    small_world_tell(&counts);
    if (broken)
        g_error("in a small world the invariants do not hold:\n%s", broken);
}

int main(void)
{
    walk();
    g_autoptr(world) world = worlds_run("PACKLINE_SOAK", (uint64_t)g_get_real_time() / 1000000, ORDERS);
    return world_counts(world)->orders > 0 ? EXIT_OK : EXIT_DATA;
}
