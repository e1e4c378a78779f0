/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/base/clock.h"

/* A clock that stands where it was put: set now_utc_ms at will. */
struct clock_manual {
    struct clock clock;
    int64_t now_utc_ms;
};
void clock_manual_init(struct clock_manual *manual, int64_t now_utc_ms);
