/* SPDX-License-Identifier: MIT
 *
 * The rows that rules work with: which tables, which columns, of what kind. One list a table; the structs in memory, the
 * statements that load and store them and the differences that events keep all come of it.
 *
 * A column is C(number, kind, name); numbers of tables and columns stand in stored differences and are never used again.
 *
 *     INT   a number                      REF   the same, NULL in the database for 0
 *     STATE enum state, stored as word    TEXT  a text, never NULL; it belongs to the dossier
 *     SUM   a number that others change as well: stored as a change, not as a value
 *     NOTE  a number that is not stored: what rules want to know besides; WORDS: a text of that kind
 *
 * The first columns are the row's key. Tables stand in the order in which a database that looks at references takes them.
 */
#pragma once

#include <stdint.h>

#include "core/flow/flow.h"

/* --- derived: what rules compute --------------------------------------------------------------------------- */

#define BATCH_COLUMNS(C)                                                                                               \
    C(1, INT, id) C(2, TEXT, number) C(3, TEXT, kind) C(4, STATE, state) C(5, INT, version) C(6, TEXT, courier)        \
    C(7, INT, cut_off_at) C(8, REF, person_id) C(9, REF, made_by) C(10, INT, made_at) C(11, REF, started_at)           \
    C(12, REF, done_at)                                                                                                \
    C(0, NOTE, others_left) /* members that are in no dossier here and have something to walk for */                   \
    C(0, NOTE, last_slot)                                                                                              \
    C(0, WORDS, person)     /* person_id's name */

#define MANIFEST_COLUMNS(C)                                                                                            \
    C(1, INT, id) C(2, TEXT, number) C(3, TEXT, courier) C(4, STATE, state) C(5, INT, version) C(6, REF, opened_by)    \
    C(7, INT, opened_at) C(8, REF, closed_by) C(9, REF, closed_at)

#define RUN_COLUMNS(C)                                                                                                 \
    C(1, INT, id) C(2, TEXT, number) C(3, STATE, state) C(4, INT, version) C(5, REF, batch_id) C(6, TEXT, filter)      \
    C(7, INT, labels) C(8, INT, per_submission) C(9, INT, printer_id) C(10, REF, made_by) C(11, INT, made_at)          \
    C(12, REF, done_at)

#define SHIPMENT_COLUMNS(C)                                                                                            \
    C(1, INT, id) C(2, STATE, state) C(3, INT, version) C(4, INT, told) C(5, INT, order_id) C(6, INT, recipient_id)    \
    C(7, TEXT, courier) C(8, TEXT, service) C(9, INT, cod_minor) C(10, TEXT, currency) C(11, INT, priority)            \
    C(12, INT, cut_off_at) C(13, INT, lines) C(14, INT, units) C(15, REF, batch_id) C(16, INT, slot)                   \
    C(17, REF, person_id) C(18, INT, weight_g) C(19, INT, changed_at)                                                  \
    C(0, WORDS, order) C(0, WORDS, order_number) /* the shop's number; a waybill number that came with the order */        \
    C(0, WORDS, person) C(0, WORDS, batch)       /* person_id's name; batch_id's number */

#define LINE_COLUMNS(C)                                                                                                \
    C(1, INT, id) C(2, INT, shipment_id) C(3, INT, order_line_id) C(4, INT, product_id) C(5, STATE, state)             \
    C(6, INT, quantity) C(7, INT, picked) C(8, INT, packed)                                                            \
    C(0, WORDS, sku) C(0, NOTE, has_lots)

#define TASK_COLUMNS(C)                                                                                                \
    C(1, INT, id) C(2, INT, shipment_id) C(3, INT, line_id) C(4, INT, product_id) C(5, INT, location_id)               \
    C(6, INT, lot_id) C(7, INT, quantity) C(8, INT, picked) C(9, INT, open) C(10, INT, skipped)

#define TOTE_USE_COLUMNS(C)                                                                                            \
    C(1, INT, tote_id) C(2, INT, shipment_id) C(3, INT, at)                                                            \
    C(0, WORDS, tote) C(0, WORDS, order) /* the tote's code; whose it is, in the shop's number */

#define BLOCK_COLUMNS(C)                                                                                               \
    C(1, INT, id) C(2, INT, shipment_id) C(3, TEXT, kind) C(4, TEXT, reason) C(5, INT, person_id) C(6, INT, at)        \
    C(7, REF, cleared_at) C(8, REF, cleared_by)

#define PARCEL_COLUMNS(C)                                                                                              \
    C(1, INT, id) C(2, INT, shipment_id) C(3, INT, number) C(4, STATE, state) C(5, INT, generation)                    \
    C(6, INT, weight_g) C(7, REF, packed_by) C(8, REF, packed_at) C(9, REF, manifest_id) C(10, REF, out_at)

#define CONTENT_COLUMNS(C) C(1, INT, parcel_id) C(2, INT, line_id) C(3, INT, lot_id) C(4, INT, quantity)

#define RANGE_COLUMNS(C)                                                                                               \
    C(1, INT, id) C(2, TEXT, courier) C(3, TEXT, kind) C(4, TEXT, source) C(5, TEXT, prefix) C(6, INT, width)          \
    C(7, INT, first) C(8, INT, last) C(9, SUM, next)                                                                   \
    C(0, NOTE, looked_to) /* of serials below it the numbers that exist are here */

#define WAYBILL_COLUMNS(C)                                                                                             \
    C(1, INT, id) C(2, TEXT, courier) C(3, TEXT, service) C(4, TEXT, kind) C(5, TEXT, source) C(6, TEXT, number)       \
    C(7, REF, range_id) C(8, REF, serial) C(9, STATE, state) C(10, REF, parcel_id) C(11, INT, generation)              \
    C(12, REF, recipient_id) C(13, INT, cod_minor) C(14, TEXT, void_reason) C(15, INT, changed_at)                     \
    C(0, NOTE, of_shipment) C(0, WORDS, order) /* its parcel's */

#define JOB_COLUMNS(C)                                                                                                 \
    C(1, INT, id) C(2, TEXT, kind) C(3, STATE, state) C(4, INT, version) C(5, REF, waybill_id) C(6, REF, shipment_id)  \
    C(7, REF, batch_id) C(8, REF, manifest_id) C(9, REF, person_id) C(10, REF, run_id) C(11, INT, run_sequence)        \
    C(12, INT, copy) C(13, TEXT, reason) C(14, INT, printer_id) C(15, INT, priority) C(16, REF, submission_id)         \
    C(17, INT, page) C(18, TEXT, answer) C(19, TEXT, state_text) C(20, INT, made_at) C(21, INT, changed_at)            \
    C(0, WORDS, about) C(0, NOTE, run_is_off) /* the number it is about; its run was cancelled */

#define STOCK_COLUMNS(C)                                                                                               \
    C(1, INT, product_id) C(2, INT, location_id) C(3, INT, lot_id) C(4, SUM, on_hand) C(5, SUM, reserved)

#define COUNT_TASK_COLUMNS(C)                                                                                          \
    C(1, INT, id) C(2, INT, product_id) C(3, INT, location_id) C(4, TEXT, reason) C(5, INT, event_key) C(6, INT, at)   \
    C(7, REF, done_at)

#define COUNTER_COLUMNS(C) C(1, TEXT, name) C(2, SUM, value)

/* --- now: rows that events change and no difference keeps ------------------------------------------------------ */

/* How far a hand-over to a printer's queue has come: of no use once the paper is there, and never replayed. */
#define SUBMISSION_COLUMNS(C)                                                                                          \
    C(1, INT, id) C(2, TEXT, uuid) C(3, INT, printer_id) C(4, STATE, state) C(5, INT, version) C(6, INT, cups_id)      \
    C(7, TEXT, cups_uuid) C(8, INT, pages) C(9, TEXT, state_text) C(10, INT, at) C(11, INT, changed_at)

/* The labels on a printer's roll, of those where somebody counts. */
#define ROLL_COLUMNS(C) C(1, INT, id) C(2, SUM, labels_left)

/* --- facts: what rules look at and never change -------------------------------------------------------------- */

#define PRODUCT_COLUMNS(C) C(1, INT, id) C(2, TEXT, sku) C(3, INT, has_lots)
#define LOT_COLUMNS(C) C(1, INT, id) C(2, TEXT, code) C(3, INT, expires_on)
#define LOCATION_COLUMNS(C) C(1, INT, id) C(2, TEXT, kind) C(3, TEXT, code) C(4, INT, walk_order) C(5, INT, active)
#define PERSON_COLUMNS(C) C(1, INT, id) C(2, TEXT, name) C(3, TEXT, role)
#define PRINTER_COLUMNS(C) C(1, INT, id) C(2, REF, backup_id) C(3, INT, active) C(4, TEXT, host) C(5, TEXT, uri)
#define STATION_COLUMNS(C) C(1, INT, id) C(2, REF, printer_id) C(3, REF, backup_printer_id)
#define ADDRESSEE_COLUMNS(C)                                                                                           \
    C(1, INT, id) C(2, TEXT, name) C(3, TEXT, postcode) C(4, TEXT, address) C(5, TEXT, store_code)
/* What an order line is to ship: of each product of its listing so many; mapped 0: it is not known yet. */
#define WANTED_COLUMNS(C) C(1, INT, order_id) C(2, INT, order_line_id) C(3, INT, product_id) C(4, INT, quantity) C(5, INT, mapped)
/* What of a shipment's goods lies in totes and at benches: the ledger's sum, kept as goods move. */
#define HELD_COLUMNS(C)                                                                                                \
    C(1, INT, shipment_id) C(2, INT, product_id) C(3, INT, lot_id) C(4, INT, location_id) C(5, INT, quantity)

/* T(number, NAME, struct, "table", COLUMNS, columns of the key, the column that names its parent or -1, what is written
 * beside its columns when it is new: nothing, the warehouse, the warehouse and the owner). */
enum table_is { OF_NOBODY, OF_WAREHOUSE, OF_OWNER, IS_FACT };

#define DERIVED_TABLES(T)                                                                                              \
    T(1, BATCH, batch, "batch", BATCH_COLUMNS, 1, -1, OF_OWNER)                                                        \
    T(2, MANIFEST, manifest, "manifest", MANIFEST_COLUMNS, 1, -1, OF_WAREHOUSE)                                        \
    T(3, RUN, run, "print_run", RUN_COLUMNS, 1, -1, OF_WAREHOUSE)                                                      \
    T(4, SHIPMENT, shipment, "shipment", SHIPMENT_COLUMNS, 1, -1, OF_OWNER)                                            \
    T(5, LINE, line, "shipment_line", LINE_COLUMNS, 1, 1, OF_NOBODY)                                                   \
    T(6, TASK, task, "pick_task", TASK_COLUMNS, 1, 1, OF_NOBODY)                                                       \
    T(7, TOTE_USE, tote_use, "tote_use", TOTE_USE_COLUMNS, 1, 1, OF_NOBODY)                                            \
    T(8, BLOCK, block_row, "block", BLOCK_COLUMNS, 1, 1, OF_NOBODY)                                                    \
    T(9, PARCEL, parcel, "parcel", PARCEL_COLUMNS, 1, 1, OF_NOBODY)                                                    \
    T(10, CONTENT, content, "parcel_line", CONTENT_COLUMNS, 3, 0, OF_NOBODY)                                           \
    T(11, RANGE, number_range, "waybill_range", RANGE_COLUMNS, 1, -1, OF_OWNER)                                               \
    T(12, WAYBILL, waybill, "waybill", WAYBILL_COLUMNS, 1, 9, OF_OWNER)                                                \
    T(13, JOB, job, "job", JOB_COLUMNS, 1, 4, OF_WAREHOUSE)                                                            \
    T(14, STOCK, stock, "stock", STOCK_COLUMNS, 3, 0, OF_OWNER)                                                        \
    T(15, COUNT_TASK, count_task, "count_task", COUNT_TASK_COLUMNS, 1, 1, OF_WAREHOUSE)                                \
    T(16, COUNTER, counter, "counter", COUNTER_COLUMNS, 1, -1, OF_WAREHOUSE)

/* Stand first: jobs name submissions. */
#define NOW_TABLES(T)                                                                                                  \
    T(0, SUBMISSION, submission, "submission", SUBMISSION_COLUMNS, 1, -1, OF_NOBODY)                                   \
    T(0, ROLL, roll, "printer", ROLL_COLUMNS, 1, -1, OF_NOBODY)

#define FACT_TABLES(T)                                                                                                 \
    T(0, PRODUCT, product, "product", PRODUCT_COLUMNS, 1, -1, IS_FACT)                                                 \
    T(0, LOT, lot, "lot", LOT_COLUMNS, 1, -1, IS_FACT)                                                                 \
    T(0, LOCATION, location, "location", LOCATION_COLUMNS, 1, -1, IS_FACT)                                             \
    T(0, PERSON, person, "person", PERSON_COLUMNS, 1, -1, IS_FACT)                                                     \
    T(0, PRINTER, printer, "printer", PRINTER_COLUMNS, 1, -1, IS_FACT)                                                 \
    T(0, STATION, station, "station", STATION_COLUMNS, 1, -1, IS_FACT)                                                 \
    T(0, RECIPIENT, recipient, "recipient", ADDRESSEE_COLUMNS, 1, -1, IS_FACT)                                         \
    T(0, WANTED, wanted, "", WANTED_COLUMNS, 3, 0, IS_FACT)                                                            \
    T(0, HELD, held, "", HELD_COLUMNS, 4, 0, IS_FACT)

#define ALL_TABLES(T) NOW_TABLES(T) DERIVED_TABLES(T) FACT_TABLES(T)

/* --- what comes of the lists --------------------------------------------------------------------------------- */

#define TABLE_NUMBERED(number, NAME, tag, name, COLUMNS, keys, parent, is) TABLE_##NAME,
enum table_id { ALL_TABLES(TABLE_NUMBERED) TABLE_COUNT };
#undef TABLE_NUMBERED

/* What every row begins with; dossier.c's alone. */
struct row {
    struct row *next, *previous; /* of the same parent */
    struct row *was;             /* as the database has it; NULL: as it is now, or not there */
    struct row *before;          /* as it was before the event that is being decided; NULL: as it is now */
    enum table_id table;
    unsigned char is_new : 1, was_born : 1 /* by that event */, is_gone : 1, is_changed : 1;
};

#define ROW_INT(name) int64_t name;
#define ROW_REF(name) int64_t name;
#define ROW_SUM(name) int64_t name;
#define ROW_NOTE(name) int64_t name;
#define ROW_STATE(name) enum state name;
#define ROW_TEXT(name) const char *name;
#define ROW_WORDS(name) const char *name;
#define ROW_MEMBER(number, kind, name) ROW_##kind(name)
#define ROW_STRUCT(number, NAME, tag, name, COLUMNS, keys, parent, is)                                                 \
    struct tag {                                                                                                       \
        struct row row;                                                                                                \
        COLUMNS(ROW_MEMBER)                                                                                            \
    };
ALL_TABLES(ROW_STRUCT)
#undef ROW_STRUCT

enum column_kind { COLUMN_INT, COLUMN_REF, COLUMN_SUM, COLUMN_STATE, COLUMN_TEXT, COLUMN_NOTE, COLUMN_WORDS };

struct column {
    const char *name;
    int number; /* 0: not stored */
    enum column_kind kind;
    size_t offset;
};

struct table {
    const char *name;
    int number; /* in differences; 0: what is now, or a fact */
    enum table_is is;
    size_t size;
    const struct column *columns;
    size_t count, keys;
    int parent; /* the column; -1: it has none */
};

const struct table *table_of(enum table_id table);

/* A column's value in a row. */
static inline void *column_at(const struct column *column, const struct row *row)
{
    return (char *)(uintptr_t)row + column->offset;
}
static inline int64_t column_int(const struct column *column, const struct row *row)
{
    return column->kind == COLUMN_STATE ? (int64_t)*(const enum state *)column_at(column, row)
                                        : *(const int64_t *)column_at(column, row);
}
static inline const char *column_text(const struct column *column, const struct row *row)
{
    const char *text = *(const char *const *)column_at(column, row);
    return text ? text : "";
}
