/* SPDX-License-Identifier: MIT */
#include "tests/support/metrics_plain.h"

static int plain_advance(const struct metrics *metrics, gunichar c, gboolean bold)
{
    (void)metrics;
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) || c == 0x2026 /* the ellipsis */ ? 1000 : bold ? 590 : 560;
}

const struct metrics *metrics_plain(void)
{
    static const struct metrics PLAIN = {plain_advance};
    return &PLAIN;
}
