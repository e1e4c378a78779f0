/* SPDX-License-Identifier: MIT
 *
 * A dossier: the rows that rules look at and change while they decide, in memory. Shipments with all that is theirs, the
 * batches, runs, manifests and ranges they touch, the stock of their products, and facts. load.c fills it, store.c writes
 * what became different.
 *
 * A row is read as it stands. Who changes one takes it by row_edit(): the dossier keeps what it was. What an event has
 * changed is forgotten by dossier_undo() or stays for the events after it by dossier_keep().
 */
#pragma once

#include <glib.h>

#include "core/base/autoptr.h"
#include "core/flow/catalogue.h"

/* A move of goods, as the ledger has it. */
struct goods_move {
    int64_t id, product_id, lot_id, quantity, from_id, to_id, shipment_id, event_key, person_id, at;
    const char *kind;   /* as in table stock_move */
    const char *reason; /* a word of the rules'; "": that of its event, if it has one */
};

struct dossier;

struct dossier *dossier_new(void);
void dossier_free(struct dossier *dossier);
DEFINE_AUTOPTR(dossier, dossier_free)

/* A text that lives as long as the dossier. NULL becomes "". */
const char *dossier_text(struct dossier *dossier, const char *text);

/* The parts of it that were loaded, as bits of enum need (decision.h). */
unsigned dossier_parts(const struct dossier *dossier);
void dossier_add_parts(struct dossier *dossier, unsigned parts);
void dossier_drop_parts(struct dossier *dossier, unsigned parts);

/* The version of what the house's managers set, people and their roles among it, that it was loaded with. */
int64_t dossier_facts(const struct dossier *dossier);
void dossier_set_facts(struct dossier *dossier, int64_t version);

/* --- rows ------------------------------------------------------------------------------------------------- */

/* By the number that is a table's whole key; NULL: it is not here, or gone. */
const struct row *row_find(const struct dossier *dossier, enum table_id table, int64_t id);

/* All of a table that have the parent, in the order they came; of a table without one parent is 0. */
const struct row *row_first(const struct dossier *dossier, enum table_id table, int64_t parent);
const struct row *row_next(const struct row *row);

/* Calls fn for every row of a table, in no order. */
typedef void (*row_fn)(const struct row *row, void *data);
void row_each(const struct dossier *dossier, enum table_id table, row_fn fn, void *data);

/* The waybill of a courier's number, whosever it is; NULL: none is here. Neither changes once it is set. */
const struct waybill *waybill_numbered(struct dossier *dossier, const char *courier, const char *number);

/* Any row of a table that fits; NULL: there is none. */
typedef gboolean (*row_fits)(const struct row *row, const void *data);
const struct row *row_search(const struct dossier *dossier, enum table_id table, row_fits fits, const void *data);

/* A new row, all zero, with its key, as far as that is a number, and its parent. It is the dossier's. */
struct row *row_add(struct dossier *dossier, enum table_id table, int64_t id, int64_t parent);

/* One that the database has, as row_add(); of a row that is here already NULL. */
struct row *row_load(struct dossier *dossier, enum table_id table, int64_t id, int64_t parent);

struct row *row_edit(struct dossier *dossier, const struct row *row);
void row_remove(struct dossier *dossier, const struct row *row);

/* Rules take texts as they stand: those that a row has none of are "" then. */
void row_fill_texts(struct row *row);

/* The stored columns by whose values two rows of a table differ: the n-th is 1 << n. */
uint64_t row_differences(const struct row *one, const struct row *other);

/* Moves a row to another parent. */
void row_move(struct dossier *dossier, const struct row *row, int64_t parent);

void goods_note(struct dossier *dossier, const struct goods_move *move);

/* --- events ----------------------------------------------------------------------------------------------- */

/* What the event under way has changed: rows, each once, and moves of goods. */
const GPtrArray *dossier_touched(const struct dossier *dossier);
const struct goods_move *dossier_moves(const struct dossier *dossier, guint *count);

void dossier_undo(struct dossier *dossier);
void dossier_keep(struct dossier *dossier);

/* The shipment, batch, manifest, run, submission or job whose own the row is, which may be the row itself; NULL: it is nobody's, or its
 * owner is not here. */
const struct row *row_subject(const struct dossier *dossier, const struct row *row);

/* Moves the version of every shipment, batch, manifest, run, submission and job of which the event has changed something, once. told: it
 * is an act that whoever looked at the shipment before is told of. Returns those, of struct row *; caller frees. */
GPtrArray *dossier_bump(struct dossier *dossier, gboolean told);

/* A subject's id and version. */
int64_t row_id(const struct row *subject);
int64_t row_version(const struct row *subject);

/* What all events have changed since it was loaded or stored; and all their moves of goods. */
const GPtrArray *dossier_changed(const struct dossier *dossier);
const GArray *dossier_all_moves(const struct dossier *dossier);

/* All of it is stored: what is now is what the database has. */
void dossier_stored(struct dossier *dossier);

/* --- without a database ------------------------------------------------------------------------------------ */

/* A place in the history of events. From the first mark on the dossier remembers what kept events have changed, and
 * dossier_back() undoes all that came after a mark, which may be used again. Nothing may be stored in between. */
struct dossier_mark {
    guint rows, moves, changes;
};
struct dossier_mark dossier_mark(struct dossier *dossier);
void dossier_back(struct dossier *dossier, const struct dossier_mark *mark);

/* A row, or all of a table that have the parent, leave the dossier as if they had never been loaded. All of it must be
 * stored, and no event under way. */
void row_drop(struct dossier *dossier, const struct row *row);
void rows_drop(struct dossier *dossier, enum table_id table, int64_t parent);

/* --- rows by the names of their structs ------------------------------------------------------------------- */

#define ROW_NAMES(number, NAME, tag, name, COLUMNS, keys, parent, is)                                                  \
    G_GNUC_UNUSED static inline const struct tag *tag##_find(const struct dossier *dossier, int64_t id)                \
    {                                                                                                                  \
        return (const struct tag *)(const void *)row_find(dossier, TABLE_##NAME, id);                                  \
    }                                                                                                                  \
    G_GNUC_UNUSED static inline const struct tag *tag##_first(const struct dossier *dossier, int64_t parent_id)        \
    {                                                                                                                  \
        return (const struct tag *)(const void *)row_first(dossier, TABLE_##NAME, parent_id);                          \
    }                                                                                                                  \
    G_GNUC_UNUSED static inline const struct tag *tag##_next(const struct tag *row)                                    \
    {                                                                                                                  \
        return (const struct tag *)(const void *)row_next(&row->row);                                                  \
    }                                                                                                                  \
    G_GNUC_UNUSED static inline struct tag *tag##_add(struct dossier *dossier, int64_t id, int64_t parent_id)          \
    {                                                                                                                  \
        return (struct tag *)(void *)row_add(dossier, TABLE_##NAME, id, parent_id);                                    \
    }                                                                                                                  \
    G_GNUC_UNUSED static inline struct tag *tag##_edit(struct dossier *dossier, const struct tag *row)                 \
    {                                                                                                                  \
        return (struct tag *)(void *)row_edit(dossier, &row->row);                                                     \
    }
ALL_TABLES(ROW_NAMES)
#undef ROW_NAMES

/* for (EACH_ROW(line, l, dossier, shipment_id)) ... */
#define EACH_ROW(tag, item, dossier, parent)                                                                           \
    const struct tag *item = tag##_first((dossier), (parent)); item; item = tag##_next(item)
