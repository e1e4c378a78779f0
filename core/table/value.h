/* SPDX-License-Identifier: MIT
 *
 * What stands in a cell of a shop's file, read as a number, an amount, an instant, a phone. Text given here is clean
 * (clean.h) and trimmed. Excel's habits are known: rewritten dates, serial dates, leading apostrophes, lost leading
 * zeros, numbers in scientific notation.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum date_order { DATE_YMD, DATE_DMY, DATE_MDY };

/* A whole number with optional sign and thousands commas; "6.0" is 6. Full-width digits are read. */
gboolean value_integer(const char *text, int64_t *number);

/* An amount in minor units of 10^-exponent: "NT$1,500", "1500.00", "-2.555" (rounded half away from zero; *rounded, may
 * be NULL, says so). */
gboolean value_money(const char *text, int exponent, int64_t *minor, gboolean *rounded);

/* An instant as UTC ms: "2020-02-21 00:00:00", "2020/2/21 0:00", "2020/2/21 上午 09:30:00", "2/21/2020 9:30 PM",
 * "2025-01-05T10:00:00+08:00", "2025-01-05 10:00:00 -0500", an Excel serial number "43882.5". Without an offset of its
 * own it is local time of zone. */
gboolean value_instant(const char *text, enum date_order order, GTimeZone *zone, int64_t *at_utc_ms);

/* Whether a spreadsheet has turned the text into a rounded number: "9.12E+08". What it was is lost. */
gboolean value_is_damaged(const char *text);

/* A copy without the apostrophe spreadsheets put before digits, and without ="..." around it. Caller frees. */
char *value_unquote(const char *text);

/* Puts back the 0 a spreadsheet took from a Taiwanese mobile number ("912345678"). Caller frees. */
char *value_phone_tw(const char *text);
