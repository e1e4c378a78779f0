/* SPDX-License-Identifier: MIT */
#include "printing/label/qr_mask.h"

#include <glib.h>
#include <stdlib.h>

enum { MASKS = 8 };

/* --- how badly a symbol scans ----------------------------------------------------------------------------- */

static int ones(uint64_t bits)
{
    return __builtin_popcountll(bits);
}

static uint64_t columns(int count)
{
    return (UINT64_C(1) << count) - 1;
}

/* Five or more alike in a line cost 3, and 1 for each further: fours has a 1 for each four neighbours that are all
 * alike, before those of the line's step before. */
static int runs(uint64_t fours, uint64_t before)
{
    return ones(fours) + 2 * ones(fours & ~before);
}

/* 1:1:3:1:1 with four light modules before or behind it costs 40. w[4] to w[10] are the seven modules of the pattern,
 * for all places of a line at once; beyond the edge it is light. */
static int finders(const uint64_t w[15])
{
    uint64_t found = w[4] & ~w[5] & w[6] & w[7] & w[8] & ~w[9] & w[10];
    return 40 * ones(found & (~(w[0] | w[1] | w[2] | w[3]) | ~(w[11] | w[12] | w[13] | w[14])));
}

static int penalty_across(uint64_t row, int size)
{
    uint64_t same = ~(row ^ row >> 1) & columns(size - 1), fours = same & same >> 1 & same >> 2 & same >> 3, w[15];
    for (int i = 0; i < 15; i++)
        w[i] = i < 4 ? row << (4 - i) : row >> (i - 4);
    return runs(fours, fours << 1) + finders(w);
}

/* Of row y and those below it; before: what it left for the next. */
static int penalty_down(const struct qr *qr, int y, uint64_t *before)
{
    uint64_t w[15], fours = columns(qr->size);
    for (int i = 0; i < 15; i++)
        w[i] = y + i - 4 >= 0 && y + i - 4 < qr->size ? qr->row[y + i - 4] : 0;
    for (int i = 4; i < 8; i++)
        fours &= ~(w[i] ^ w[i + 1]);
    if (y + 4 >= qr->size)
        fours = 0;
    int penalty = runs(fours, *before) + finders(w);
    *before = fours;
    return penalty;
}

/* Blocks of two by two alike cost 3 each. */
static int penalty_blocks(uint64_t row, uint64_t below, int size)
{
    uint64_t down = ~(row ^ below), across = ~(row ^ row >> 1);
    return 3 * ones(down & down >> 1 & across & columns(size - 1));
}

static int penalty_of(const struct qr *qr)
{
    int penalty = 0, dark = 0, modules = qr->size * qr->size;
    uint64_t before = 0;
    for (int y = 0; y < qr->size; y++) {
        penalty += penalty_across(qr->row[y], qr->size) + penalty_down(qr, y, &before);
        if (y + 1 < qr->size)
            penalty += penalty_blocks(qr->row[y], qr->row[y + 1], qr->size);
        dark += ones(qr->row[y]);
    }
    return penalty + 10 * (abs(200 * dark - 100 * modules) / (10 * modules)); /* each 5 % away from a half */
}

/* --- masks ------------------------------------------------------------------------------------------------ */

static gboolean is_masked(int mask, int y, int x)
{
    switch (mask) {
    case 0:
        return (y + x) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (y + x) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return y * x % 6 == 0;
    case 6:
        return (y * x % 2 + y * x % 3) % 2 == 0;
    default:
        return ((y + x) % 2 + y * x % 3) % 2 == 0;
    }
}

/* All masks come again after six columns. */
static uint64_t mask_row(int mask, int y)
{
    uint64_t six = 0;
    for (int x = 0; x < 6; x++)
        six |= (uint64_t)is_masked(mask, y, x) << x;
    return six * UINT64_C(0x1041041041041041);
}

/* The modules of a row that hold data: not the finders and formats in three corners, the timing lines, the alignment
 * pattern from version 2 on. */
static uint64_t data_columns(int size, int y)
{
    uint64_t data = columns(size) & ~(UINT64_C(1) << 6);
    if (y == 6)
        return 0;
    if (y <= 8 || y >= size - 8)
        data &= ~columns(9);
    if (y <= 8)
        data &= columns(size - 8);
    if (size > 21 && y >= size - 9 && y <= size - 5)
        data &= ~(columns(5) << (size - 9));
    return data;
}

static void flip(struct qr *qr, int y, int x)
{
    qr->row[y] ^= UINT64_C(1) << x;
}

/* The format information twice, as of one mask instead of another: its code is linear, so their difference is enough. */
static void flip_format(struct qr *qr, unsigned difference)
{
    unsigned code = difference << 10;
    for (int bit = 14; bit >= 10; bit--)
        if (code >> bit & 1)
            code ^= 0x537u << (bit - 10);
    code |= difference << 10;
    for (int i = 0; i < 15; i++) {
        if (!(code >> i & 1))
            continue;
        flip(qr, i < 6 ? i : i < 8 ? i + 1 : 8, i < 8 ? 8 : i == 8 ? 7 : 14 - i);
        flip(qr, i < 8 ? 8 : qr->size - 15 + i, i < 8 ? qr->size - 1 - i : 8);
    }
}

static void qr_masked(const struct qr *plain, int mask, struct qr *out)
{
    *out = *plain;
    for (int y = 0; y < out->size; y++)
        out->row[y] ^= (mask_row(mask, y) ^ mask_row(0, y)) & data_columns(out->size, y);
    flip_format(out, (unsigned)mask);
}

void qr_mask_best(struct qr *qr)
{
    struct qr plain = *qr, tried;
    int least = penalty_of(qr);
    for (int mask = 1; mask < MASKS; mask++) {
        qr_masked(&plain, mask, &tried);
        int penalty = penalty_of(&tried);
        if (penalty < least) {
            least = penalty;
            *qr = tried;
        }
    }
}
