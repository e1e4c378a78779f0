/* SPDX-License-Identifier: MIT */
#include "tests/support/worlds.h"

#include <time.h>

int64_t worlds_number(const char *name, const char *what, int64_t otherwise)
{
    g_autofree char *variable = g_strconcat(name, "_", what, NULL);
    const char *text = g_getenv(variable);
    return text && text[0] ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

struct world *worlds_run(const char *name, uint64_t seed, int64_t orders)
{
    GError *error = NULL;
    const struct world_options options = {.seed = (uint64_t)worlds_number(name, "SEED", (int64_t)seed),
                                          .orders = worlds_number(name, "ORDERS", orders)};
    struct world *world = world_new(&options, &error);
    g_assert_no_error(error);
    g_autofree char *broken = NULL;
    g_print("# seed %" G_GUINT64_FORMAT ": %s_SEED=%" G_GUINT64_FORMAT " has it again\n", options.seed, name, options.seed);
    clock_t begun = clock();
    gboolean good = world_run(world, &broken);
    double took = (double)(clock() - begun) / CLOCKS_PER_SEC;
    g_autofree char *report = world_report(world);
    g_print("%s# %.1f s, %.0f events/s\n", report, took, (double)world_counts(world)->events / MAX(took, 0.001));
    if (!good)
        g_error("seed %" G_GUINT64_FORMAT ": the invariants do not hold:\n%s", options.seed, broken);
    return world;
}
