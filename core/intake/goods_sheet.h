/* SPDX-License-Identifier: MIT
 *
 * A file of products, stock or number ranges on its way in: its rows, by chunks, and what each kind of row does.
 * Between goods_file.c, which reads and commits, and goods_row.c, which knows the columns.
 */
#pragma once

#include "core/intake/goods_file.h"
#include "core/site/actor.h"

enum { SHEET_COLUMNS = 10 };

struct sheet_column {
    const char *name;
    const char *aliases; /* normal header names, joined by ";" */
    gboolean required;
};

/* A row of the file. A store that runs again begins without a verdict. */
struct sheet_row {
    uint64_t number;            /* in the file */
    char *cells[SHEET_COLUMNS]; /* clean; "" where the file has no such column */
    gboolean misread;           /* rejected as it was read: never stored */
    enum intake_fate fate;
    gboolean undo; /* rejected by a rule that was asked after something was written */
    const char *bad_column, *why; /* why is translated; NULL: accepted */
    char *detail;
    int64_t product_id, bin_id, lot_id, missing; /* stock: what is to be moved, in pieces */
};

struct sheet {
    struct site *site;
    const struct goods_import *import;
    struct actor actor;
    const struct sheet_kind *kind;
    int places[SHEET_COLUMNS]; /* of the columns in the file; -1: not there */
    GPtrArray *rows;           /* struct sheet_row: the chunk */
    GHashTable *keys;          /* of the chunk's rows, where the kind wants them apart */
};

struct sheet_kind {
    const char *name;
    const struct sheet_column *columns;
    /* Stores one row in the open transaction and sets its fate, or rejects it. FALSE with *error when the import can't
     * go on. */
    gboolean (*store)(struct sheet *sheet, struct sheet_row *row, GError **error);
    /* After the chunk's commit: what takes transactions of its own. May be NULL. */
    gboolean (*after)(struct sheet *sheet, GError **error);
    /* Rows with the same key go into different chunks. May be NULL. Caller frees. */
    char *(*key)(const struct sheet_row *row);
};

const struct sheet_kind *sheet_kind(enum goods_kind kind);

/* Rejects the row: column is where, why is translated. */
void sheet_reject(const struct sheet *sheet, struct sheet_row *row, int column, const char *why);
gboolean sheet_is_rejected(const struct sheet_row *row);
