/* SPDX-License-Identifier: MIT
 *
 * GS1 element strings. Pure. Rules from the GS1 Barcode Syntax Dictionary (release 2026-01-27): lengths,
 * which AIs end without a separator, character sets, check digits, dates whose day may be 00.
 */
#ifndef CORE_CODE_GS1_H
#define CORE_CODE_GS1_H

#include <glib.h>
#include <stdint.h>

/* Elements of a GS1 string; "" or 0 where absent. */
struct gs1 {
    char sscc[19];     /* 00 */
    char gtin[15];     /* 01 */
    char content[15];  /* 02, what a logistic unit holds */
    char lot[21];      /* 10 */
    char serial[21];   /* 21 */
    char order[31];    /* 400 */
    char ship_to[14];  /* 410 */
    char postcode[21]; /* 420 */
    int produced;      /* 11, civil date yyyymmdd */
    int best_before;   /* 15 */
    int expiry;        /* 17 */
    int64_t count;     /* 37, else 30; 0: not given */
};

/* The element string (GS as separator, without AIM identifier) parsed whole; FALSE when any part of it is
 * wrong. */
gboolean gs1_parse(const char *text, struct gs1 *gs1);

#endif
