/* SPDX-License-Identifier: MIT */
#include "tests/support/clock_manual.h"

static int64_t manual_now(const struct clock *clock)
{
    return ((const struct clock_manual *)clock)->now_utc_ms;
}

void clock_manual_init(struct clock_manual *manual, int64_t now_utc_ms)
{
    manual->clock.now_ms = manual_now;
    manual->now_utc_ms = now_utc_ms;
}
