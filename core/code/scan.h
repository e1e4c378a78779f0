/* SPDX-License-Identifier: MIT
 *
 * A scan's bytes become clean text and the candidates it may mean; what exists and what is wanted decide later
 * (resolve.c). Pure and fuzzed. AIM identifiers, FNC1/GS, STX/ETX, trailing CR, LF, Tab, full-width digits and control
 * bytes are taken off. What an input method or Caps Lock made of a scan is recognised and never guessed.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/code/code.h"
#include "core/code/gs1.h"

struct courier;
struct courier_list;

enum scan_flag {
    SCAN_IME = 1 << 0,     /* an input method was on: no candidates */
    SCAN_CAPS = 1 << 1,    /* upper and lower case are swapped: no candidates */
    SCAN_DAMAGED = 1 << 2, /* bytes that are no UTF-8, or far too long: no candidates */
    SCAN_EMPTY = 1 << 3,   /* nothing was left */
    SCAN_CODE = 1 << 4,    /* candidate: internal code, in .code */
    SCAN_CODE_BAD = 1 << 5, /* begins like an internal code but is none (misread or not ours): no candidates */
    SCAN_GS1 = 1 << 6,     /* candidate: GS1 element string, in .gs1 */
    SCAN_PLAIN = 1 << 7 /* candidate: the text itself */
};

enum { SCAN_COURIERS_MAX = 16 };

struct scan {
    unsigned flags;
    char *text;  /* clean, without separators */
    char aim[4]; /* "]C1", or "" */
    struct code code;
    struct gs1 gs1;
};

/* Decodes a scan; couriers may be NULL. Every field is set; release with scan_clear(). */
void scan_decode(struct scan *scan, const char *bytes, size_t length, const struct courier_list *couriers);
void scan_clear(struct scan *scan);

/* Whose number the plain text, or its SSCC, may be: into out, at most SCAN_COURIERS_MAX. Returns how many. */
guint scan_couriers(const struct scan *scan, const struct courier_list *couriers, const struct courier *out[]);
