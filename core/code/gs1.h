/* SPDX-License-Identifier: MIT
 *
 * GS1 element strings. Pure. Rules from the GS1 Barcode Syntax Dictionary (release 2026-01-27): lengths,
 * which AIs end without a separator, character sets, check digits, dates whose day may be 00.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* The elements the floor works with; "" or 0 where absent. Others are checked and dropped. */
struct gs1 {
    char sscc[19]; /* 00 */
    char gtin[15]; /* 01 */
    char lot[21];  /* 10 */
    int64_t count; /* 37, else 30; 0: not given */
};

/* The element string (GS as separator, without AIM identifier) parsed whole; FALSE when any part of it is wrong. */
gboolean gs1_parse(const char *text, struct gs1 *gs1);
