/* SPDX-License-Identifier: MIT
 *
 * The mask of a QR symbol: the one of eight that scans best, by the rule of ISO/IEC 18004, 7.8.3. The encoder weighs
 * them too and chooses the same, but module by module, which was half of what a waybill's layout cost; here a row is
 * one word.
 */
#pragma once

#include <stdint.h>

/* Versions 1 to 6, some 40 characters of Chinese: larger symbols have more marks among their modules. */
enum { QR_MAX_SIZE = 41 };

struct qr {
    int size;
    uint64_t row[QR_MAX_SIZE]; /* from the top; bit x is column x, 1 is black */
};

/* Puts the best mask in the place of mask 0, which qr has, and says so in its format information. */
void qr_mask_best(struct qr *qr);
