/* SPDX-License-Identifier: MIT */
#include "core/flow/dossier.h"

#include <string.h>

#include "core/base/index.h"

/* --- the tables, from their lists ------------------------------------------------------------------------- */

#define COLUMN_OF(number, kind, name) {#name, number, COLUMN_##kind, offsetof(this_row, name)},
#define TABLE_CASE(number, NAME, tag, name, COLUMNS, keys, parent, is)                                                 \
    case TABLE_##NAME: {                                                                                               \
        typedef struct tag this_row;                                                                                   \
        static const struct column columns[] = {COLUMNS(COLUMN_OF)};                                                   \
        static const struct table table = {name, number, is, sizeof(this_row), columns, G_N_ELEMENTS(columns), keys,   \
                                           parent};                                                                    \
        return &table;                                                                                                 \
    }

const struct table *table_of(enum table_id id)
{
    switch (id) {
        ALL_TABLES(TABLE_CASE)
    case TABLE_COUNT:
        break;
    }
    g_assert_not_reached();
}

/* --- the dossier ------------------------------------------------------------------------------------------ */

struct kin {
    struct row *first, *last;
};

/* What a kept event has changed. */
struct past {
    struct row *row, *before; /* NULL: it was born */
};

struct dossier {
    GStringChunk *texts;
    unsigned parts;
    int64_t facts;
    struct {
        struct index by_id;     /* the key column of a row -> the row; of tables with one key column */
        struct index by_parent; /* -> struct kin */
    } tables[TABLE_COUNT];
    GHashTable *numbered;  /* struct waybill *, by courier and number */
    GPtrArray *unnumbered; /* those that came since somebody looked, when their numbers were not in them yet */
    GPtrArray *touched, *changed;   /* struct row * */
    GArray *past;                   /* struct past; NULL: no mark was made */
    GArray *moves;                  /* struct goods_move */
    guint kept_moves, kept_changes; /* of the events before the one under way */
};

static guint number_hash(gconstpointer key)
{
    return g_str_hash(((const struct waybill *)key)->number);
}

static gboolean number_equal(gconstpointer a, gconstpointer b)
{
    const struct waybill *one = a, *other = b;
    return strcmp(one->number, other->number) == 0 && strcmp(one->courier, other->courier) == 0;
}

struct dossier *dossier_new(void)
{
    struct dossier *dossier = g_new0(struct dossier, 1);
    dossier->texts = g_string_chunk_new(1024);
    dossier->numbered = g_hash_table_new(number_hash, number_equal);
    dossier->unnumbered = g_ptr_array_new();
    dossier->touched = g_ptr_array_new();
    dossier->changed = g_ptr_array_new();
    dossier->moves = g_array_new(FALSE, FALSE, sizeof(struct goods_move));
    return dossier;
}

static void row_free(struct row *row)
{
    g_free(row->was);
    g_free(row->before);
    g_free(row);
}

static void kin_free(struct kin *kin)
{
    for (struct row *row = kin->first, *next; row; row = next) {
        next = row->next;
        row_free(row);
    }
    g_free(kin);
}

void dossier_free(struct dossier *dossier)
{
    if (!dossier)
        return;
    for (int i = 0; i < TABLE_COUNT; i++) {
        struct index *by_parent = &dossier->tables[i].by_parent;
        for (size_t n = 0; n < by_parent->size; n++)
            if (by_parent->places[n].value)
                kin_free(by_parent->places[n].value);
        index_clear(by_parent);
        index_clear(&dossier->tables[i].by_id);
    }
    g_hash_table_unref(dossier->numbered);
    g_ptr_array_unref(dossier->unnumbered);
    for (guint i = 0; dossier->past && i < dossier->past->len; i++)
        g_free(g_array_index(dossier->past, struct past, i).before);
    g_clear_pointer(&dossier->past, g_array_unref);
    g_ptr_array_unref(dossier->touched);
    g_ptr_array_unref(dossier->changed);
    g_array_unref(dossier->moves);
    g_string_chunk_free(dossier->texts);
    g_free(dossier);
}

const char *dossier_text(struct dossier *dossier, const char *text)
{
    return text && text[0] ? g_string_chunk_insert(dossier->texts, text) : "";
}

unsigned dossier_parts(const struct dossier *dossier)
{
    return dossier->parts;
}

void dossier_add_parts(struct dossier *dossier, unsigned parts)
{
    dossier->parts |= parts;
}

void dossier_drop_parts(struct dossier *dossier, unsigned parts)
{
    dossier->parts &= ~parts;
}

int64_t dossier_facts(const struct dossier *dossier)
{
    return dossier->facts;
}

void dossier_set_facts(struct dossier *dossier, int64_t version)
{
    dossier->facts = version;
}

/* --- finding ---------------------------------------------------------------------------------------------- */

/* The number of the first key column: what by_id has rows by. NULL: the key is more than that, or a text. */
static int64_t *id_of(struct row *row)
{
    const struct table *table = table_of(row->table);
    const struct column *key = &table->columns[0];
    return table->keys == 1 && key->kind == COLUMN_INT ? column_at(key, row) : NULL;
}

static const struct row *here(const struct row *row)
{
    while (row && row->is_gone)
        row = row->next;
    return row;
}

const struct row *row_find(const struct dossier *dossier, enum table_id table, int64_t id)
{
    const struct row *row = index_find(&dossier->tables[table].by_id, id);
    return row && !row->is_gone ? row : NULL;
}

const struct row *row_first(const struct dossier *dossier, enum table_id table, int64_t parent)
{
    const struct kin *kin = index_find(&dossier->tables[table].by_parent, parent);
    return kin ? here(kin->first) : NULL;
}

const struct row *row_next(const struct row *row)
{
    return here(row->next);
}

void row_each(const struct dossier *dossier, enum table_id table, row_fn fn, void *data)
{
    const struct index *by_parent = &dossier->tables[table].by_parent;
    for (size_t i = 0; i < by_parent->size; i++) {
        const struct kin *kin = by_parent->places[i].value;
        for (const struct row *row = kin ? here(kin->first) : NULL; row; row = row_next(row))
            fn(row, data);
    }
}

const struct waybill *waybill_numbered(struct dossier *dossier, const char *courier, const char *number)
{
    const struct waybill wanted = {.courier = courier, .number = number};
    for (guint i = 0; i < dossier->unnumbered->len; i++)
        g_hash_table_add(dossier->numbered, dossier->unnumbered->pdata[i]);
    g_ptr_array_set_size(dossier->unnumbered, 0);
    return g_hash_table_lookup(dossier->numbered, &wanted);
}

const struct row *row_search(const struct dossier *dossier, enum table_id table, row_fits fits, const void *data)
{
    const struct index *by_id = &dossier->tables[table].by_id;
    for (size_t i = 0; i < by_id->size; i++) {
        const struct row *row = by_id->places[i].value;
        if (row && !row->is_gone && fits(row, data))
            return row;
    }
    return NULL;
}

/* --- changing --------------------------------------------------------------------------------------------- */

static void append(struct dossier *dossier, struct row *row, int64_t parent)
{
    struct kin *kin = index_find(&dossier->tables[row->table].by_parent, parent);
    if (!kin) {
        kin = g_new0(struct kin, 1);
        index_put(&dossier->tables[row->table].by_parent, parent, kin);
    }
    row->next = NULL;
    row->previous = kin->last;
    *(kin->last ? &kin->last->next : &kin->first) = row;
    kin->last = row;
}

static void detach(struct dossier *dossier, struct row *row, int64_t parent)
{
    struct kin *kin = index_find(&dossier->tables[row->table].by_parent, parent);
    g_assert(kin);
    *(row->previous ? &row->previous->next : &kin->first) = row->next;
    *(row->next ? &row->next->previous : &kin->last) = row->previous;
}

static int64_t parent_of(const struct row *row)
{
    const struct table *table = table_of(row->table);
    return table->parent < 0 ? 0 : column_int(&table->columns[table->parent], row);
}

static struct row *row_new(struct dossier *dossier, enum table_id id, int64_t key, int64_t parent)
{
    const struct table *table = table_of(id);
    struct row *row = g_malloc0(table->size);
    row->table = id;
    if (table->columns[0].kind == COLUMN_INT)
        *(int64_t *)column_at(&table->columns[0], row) = key;
    if (table->parent >= 0)
        *(int64_t *)column_at(&table->columns[table->parent], row) = parent;
    append(dossier, row, parent_of(row));
    if (id_of(row))
        index_put(&dossier->tables[id].by_id, *id_of(row), row);
    if (id == TABLE_WAYBILL)
        g_ptr_array_add(dossier->unnumbered, row);
    return row;
}

struct row *row_load(struct dossier *dossier, enum table_id table, int64_t id, int64_t parent)
{
    if (table_of(table)->keys == 1 && index_find(&dossier->tables[table].by_id, id))
        return NULL;
    return row_new(dossier, table, id, parent);
}

struct row *row_add(struct dossier *dossier, enum table_id table, int64_t id, int64_t parent)
{
    struct row *row = row_new(dossier, table, id, parent);
    row->is_new = row->was_born = row->is_changed = TRUE;
    g_ptr_array_add(dossier->touched, row);
    g_ptr_array_add(dossier->changed, row);
    return row;
}

struct row *row_edit(struct dossier *dossier, const struct row *given)
{
    struct row *row = (struct row *)(uintptr_t)given;
    size_t size = table_of(row->table)->size;
    if (!row->before && !row->was_born) {
        row->before = g_memdup2(row, size);
        g_ptr_array_add(dossier->touched, row);
    }
    if (!row->was && !row->is_new)
        row->was = g_memdup2(row, size);
    if (!row->is_changed) {
        row->is_changed = TRUE;
        g_ptr_array_add(dossier->changed, row);
    }
    return row;
}

void row_fill_texts(struct row *row)
{
    const struct table *table = table_of(row->table);
    for (size_t i = 0; i < table->count; i++) {
        const char **text = column_at(&table->columns[i], row);
        if ((table->columns[i].kind == COLUMN_TEXT || table->columns[i].kind == COLUMN_WORDS) && !*text)
            *text = "";
    }
}

void row_remove(struct dossier *dossier, const struct row *row)
{
    row_edit(dossier, row)->is_gone = TRUE;
}

uint64_t row_differences(const struct row *one, const struct row *other)
{
    const struct table *table = table_of(one->table);
    uint64_t differ = 0;
    for (size_t i = 0; i < table->count && table->columns[i].number != 0; i++) {
        const struct column *column = &table->columns[i];
        gboolean same = column->kind == COLUMN_TEXT ? strcmp(column_text(column, one), column_text(column, other)) == 0
                                                    : column_int(column, one) == column_int(column, other);
        if (!same)
            differ |= UINT64_C(1) << i;
    }
    return differ;
}

void row_move(struct dossier *dossier, const struct row *given, int64_t parent)
{
    struct row *row = row_edit(dossier, given);
    const struct table *table = table_of(row->table);
    detach(dossier, row, parent_of(row));
    *(int64_t *)column_at(&table->columns[table->parent], row) = parent;
    append(dossier, row, parent);
}

void goods_note(struct dossier *dossier, const struct goods_move *move)
{
    g_array_append_val(dossier->moves, *move);
}

/* --- events ----------------------------------------------------------------------------------------------- */

const GPtrArray *dossier_touched(const struct dossier *dossier)
{
    return dossier->touched;
}

const struct goods_move *dossier_moves(const struct dossier *dossier, guint *count)
{
    *count = dossier->moves->len - dossier->kept_moves;
    return &g_array_index(dossier->moves, struct goods_move, dossier->kept_moves);
}

/* It is found by its number no more. Another row may have its key by now. */
static void unname(struct dossier *dossier, struct row *row)
{
    const int64_t *id = id_of(row);
    if (id && index_find(&dossier->tables[row->table].by_id, *id) == row)
        index_remove(&dossier->tables[row->table].by_id, *id);
    if (row->table == TABLE_WAYBILL && !g_ptr_array_remove_fast(dossier->unnumbered, row) &&
        g_hash_table_lookup(dossier->numbered, row) == row)
        g_hash_table_remove(dossier->numbered, row);
}

static void forget(struct dossier *dossier, struct row *row)
{
    detach(dossier, row, parent_of(row));
    unname(dossier, row);
    row_free(row);
}

static void restore(struct dossier *dossier, struct row *row)
{
    const struct table *table = table_of(row->table);
    struct row *before = row->before;
    int64_t parent = parent_of(row);
    if (parent != parent_of(before)) {
        detach(dossier, row, parent);
        memcpy((char *)row + sizeof *row, (char *)before + sizeof *before, table->size - sizeof *row);
        append(dossier, row, parent_of(row));
    } else {
        memcpy((char *)row + sizeof *row, (char *)before + sizeof *before, table->size - sizeof *row);
    }
    row->is_gone = before->is_gone;
    g_clear_pointer(&row->before, g_free);
    if (id_of(row)) /* another may have had its key meanwhile */
        index_put(&dossier->tables[row->table].by_id, *id_of(row), row);
}

/* Rows that the event was the first to change are as they were loaded: an event after it has them changed in its own
 * order, which is that of the statements. */
static void forget_changes(struct dossier *dossier)
{
    for (guint i = dossier->kept_changes; i < dossier->changed->len; i++) {
        struct row *row = dossier->changed->pdata[i];
        row->is_changed = FALSE;
        g_clear_pointer(&row->was, g_free);
    }
    g_ptr_array_set_size(dossier->changed, (gint)dossier->kept_changes);
}

void dossier_undo(struct dossier *dossier)
{
    forget_changes(dossier);
    for (guint i = dossier->touched->len; i > 0; i--) {
        struct row *row = dossier->touched->pdata[i - 1];
        if (row->was_born)
            forget(dossier, row);
        else
            restore(dossier, row);
    }
    g_ptr_array_set_size(dossier->touched, 0);
    g_array_set_size(dossier->moves, dossier->kept_moves);
}

void dossier_keep(struct dossier *dossier)
{
    for (guint i = 0; i < dossier->touched->len; i++) {
        struct row *row = dossier->touched->pdata[i];
        const struct past past = {row, g_steal_pointer(&row->before)};
        row->was_born = FALSE;
        if (dossier->past)
            g_array_append_val(dossier->past, past);
        else
            g_free(past.before);
    }
    g_ptr_array_set_size(dossier->touched, 0);
    dossier->kept_moves = dossier->moves->len;
    dossier->kept_changes = dossier->changed->len;
}

const GPtrArray *dossier_changed(const struct dossier *dossier)
{
    return dossier->changed;
}

const GArray *dossier_all_moves(const struct dossier *dossier)
{
    return dossier->moves;
}

void dossier_stored(struct dossier *dossier)
{
    for (guint i = 0; i < dossier->changed->len; i++) {
        struct row *row = dossier->changed->pdata[i];
        row->is_new = row->is_changed = FALSE;
        g_clear_pointer(&row->was, g_free);
    }
    g_ptr_array_set_size(dossier->changed, 0);
    g_array_set_size(dossier->moves, 0);
    dossier->kept_moves = dossier->kept_changes = 0;
}

/* --- without a database ------------------------------------------------------------------------------------ */

struct dossier_mark dossier_mark(struct dossier *dossier)
{
    if (!dossier->past)
        dossier->past = g_array_new(FALSE, FALSE, sizeof(struct past));
    return (struct dossier_mark){dossier->past->len, dossier->moves->len, dossier->changed->len};
}

void dossier_back(struct dossier *dossier, const struct dossier_mark *mark)
{
    dossier->kept_changes = mark->changes;
    forget_changes(dossier);
    while (dossier->past->len > mark->rows) {
        const struct past past = g_array_index(dossier->past, struct past, dossier->past->len - 1);
        g_array_set_size(dossier->past, dossier->past->len - 1);
        past.row->before = past.before;
        if (past.before)
            restore(dossier, past.row);
        else
            forget(dossier, past.row);
    }
    g_array_set_size(dossier->moves, mark->moves);
    dossier->kept_moves = mark->moves;
}

void row_drop(struct dossier *dossier, const struct row *given)
{
    struct row *row = (struct row *)(uintptr_t)given;
    g_assert(!row->is_changed && dossier->touched->len == 0 && !dossier->past);
    detach(dossier, row, parent_of(row));
    unname(dossier, row);
    row_free(row);
}

void rows_drop(struct dossier *dossier, enum table_id table, int64_t parent)
{
    struct kin *kin = index_find(&dossier->tables[table].by_parent, parent);
    g_assert(dossier->touched->len == 0 && !dossier->past);
    for (struct row *row = kin ? kin->first : NULL; row; row = row->next) {
        g_assert(!row->is_changed);
        unname(dossier, row);
    }
    if (kin) {
        kin_free(kin);
        index_remove(&dossier->tables[table].by_parent, parent);
    }
}

/* --- versions --------------------------------------------------------------------------------------------- */

int64_t row_id(const struct row *subject)
{
    return column_int(&table_of(subject->table)->columns[0], subject);
}

/* The shipment that a row is of; NULL: it is of none that is here. */
static const struct row *shipment_of(const struct dossier *dossier, const struct row *row)
{
    const struct parcel *parcel = row->table == TABLE_CONTENT ? parcel_find(dossier, parent_of(row)) : NULL;
    int64_t id = parcel ? parcel->shipment_id : 0;
    if (row->table == TABLE_SHIPMENT || row->table == TABLE_LINE || row->table == TABLE_TASK ||
        row->table == TABLE_TOTE_USE || row->table == TABLE_BLOCK || row->table == TABLE_PARCEL)
        id = row->table == TABLE_SHIPMENT ? row_id(row) : parent_of(row);
    else if (row->table == TABLE_WAYBILL)
        id = ((const struct waybill *)(const void *)row)->of_shipment;
    else if (row->table == TABLE_JOB)
        id = ((const struct job *)(const void *)row)->shipment_id;
    return id ? row_find(dossier, TABLE_SHIPMENT, id) : NULL;
}

const struct row *row_subject(const struct dossier *dossier, const struct row *row)
{
    gboolean alone = row->table == TABLE_BATCH || row->table == TABLE_MANIFEST || row->table == TABLE_RUN ||
                     row->table == TABLE_SUBMISSION;
    const struct row *ship = shipment_of(dossier, row);
    return alone || (row->table == TABLE_JOB && !ship) ? row : ship;
}

static int64_t *version_of(struct row *row)
{
    const struct table *table = table_of(row->table);
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].name, "version") == 0)
            return column_at(&table->columns[i], row);
    g_assert_not_reached();
}

/* Where a number stands in its range is the range's affair: it may come to the number of any shipment. */
static gboolean is_of_range(const struct row *row, const struct column *column)
{
    return row->table == TABLE_WAYBILL && (column->offset == offsetof(struct waybill, range_id) ||
                                           column->offset == offsetof(struct waybill, serial));
}

static gboolean is_different(const struct row *row)
{
    const struct table *table = table_of(row->table);
    uint64_t differ = row->was_born || row->is_gone ? 0 : row_differences(row, row->before);
    for (size_t i = 0; i < table->count; i++)
        if ((differ >> i & 1) && !is_of_range(row, &table->columns[i]))
            return TRUE;
    return row->was_born || row->is_gone;
}

int64_t row_version(const struct row *subject)
{
    return *version_of((struct row *)(uintptr_t)subject);
}

GPtrArray *dossier_bump(struct dossier *dossier, gboolean told)
{
    GPtrArray *subjects = g_ptr_array_new();
    for (guint i = 0; i < dossier->touched->len; i++) {
        const struct row *row = dossier->touched->pdata[i];
        const struct row *subject = is_different(row) ? row_subject(dossier, row) : NULL;
        if (subject && !g_ptr_array_find(subjects, subject, NULL))
            g_ptr_array_add(subjects, (gpointer)(uintptr_t)subject);
    }
    for (guint i = 0; i < subjects->len; i++) {
        struct row *subject = row_edit(dossier, subjects->pdata[i]);
        int64_t version = ++*version_of(subject);
        if (subject->table == TABLE_SHIPMENT && told)
            ((struct shipment *)(void *)subject)->told = version;
    }
    return subjects;
}
