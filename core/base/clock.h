/* SPDX-License-Identifier: MIT
 *
 * Time comes in by pointer, so that tests and the simulator can own it. All instants are UTC milliseconds since
 * 1970; civil dates are yyyymmdd integers; cut-offs are minutes after local midnight of the warehouse's zone.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct clock {
    int64_t (*now_ms)(const struct clock *clock);
};

/* NULL: the machine's clock. */
static inline int64_t clock_now(const struct clock *clock)
{
    return clock ? clock->now_ms(clock) : g_get_real_time() / 1000;
}

/* The civil date at an instant in a zone. */
int clock_civil_date(GTimeZone *zone, int64_t at_utc_ms);

/* "2026-11-22" or "20261122" as a civil date of 2000 or later; 0 for any other text. */
int clock_parse_date(const char *text);

/* "2026-11-22". Caller frees. */
char *clock_date_text(int civil_date);

/* "2026-11-22 14:03", ":07" or ":07.123" behind it if need be, in a zone, or with one of its own ("Z", "+08:00"); 0 for any
 * other text. */
int64_t clock_parse(GTimeZone *zone, const char *text);

/* The instant of minute (0..1439) of the civil date in a zone; 0 when the date does not exist. */
int64_t clock_instant(GTimeZone *zone, int civil_date, int minute);

/* "2026-11-22 14:03" in a zone. Caller frees. */
char *clock_format(GTimeZone *zone, int64_t at_utc_ms, const char *format);
