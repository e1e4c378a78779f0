/* SPDX-License-Identifier: MIT */
#include "core/flow/difference.h"

#include <string.h>

#include "core/base/id.h"

enum op { ADDED, CHANGED, GONE };

gboolean table_is_shared(enum table_id table)
{
    return table == TABLE_RANGE || table == TABLE_STOCK || table == TABLE_COUNT_TASK || table == TABLE_COUNTER;
}

/* --- numbers ---------------------------------------------------------------------------------------------- */

struct writer {
    GByteArray *bytes;
    int64_t last_id, hour_ms;
    const char *reason; /* "": none */
};

static void put(struct writer *writer, uint64_t number)
{
    guint8 byte;
    do {
        byte = (guint8)(number & 0x7F);
        number >>= 7;
        byte |= number ? 0x80 : 0;
        g_byte_array_append(writer->bytes, &byte, 1);
    } while (number);
}

static uint64_t zigzag(int64_t number)
{
    return (uint64_t)number << 1 ^ (uint64_t)(number >> 63);
}

static int64_t unzigzag(uint64_t number)
{
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

/* Counted from another; 0 is none. */
static void put_from(struct writer *writer, int64_t number, int64_t from)
{
    put(writer, number == 0 ? 0 : zigzag((int64_t)((uint64_t)number - (uint64_t)from)) + 1);
}

static void put_text(struct writer *writer, const char *text, gboolean may_be_reason)
{
    size_t length = strlen(text);
    if (may_be_reason && length > 0 && strcmp(text, writer->reason) == 0) {
        put(writer, 0);
        return;
    }
    put(writer, length + 1);
    g_byte_array_append(writer->bytes, (const guint8 *)text, (guint)length);
}

/* --- columns ---------------------------------------------------------------------------------------------- */

enum counts { PLAIN, FROM_ID, FROM_HOUR };

/* By the names that the schema gives to ids and instants. */
static enum counts counts_from(const char *name)
{
    if (strcmp(name, "id") == 0 || g_str_has_suffix(name, "_id") || g_str_has_suffix(name, "_by") ||
        strcmp(name, "event_key") == 0)
        return FROM_ID;
    return strcmp(name, "at") == 0 || g_str_has_suffix(name, "_at") ? FROM_HOUR : PLAIN;
}

static void put_number(struct writer *writer, const char *name, int64_t number)
{
    enum counts counts = counts_from(name);
    if (counts == FROM_ID) {
        put_from(writer, number, writer->last_id);
        writer->last_id = number ? number : writer->last_id;
    } else if (counts == FROM_HOUR) {
        put_from(writer, number, writer->hour_ms);
    } else {
        put(writer, zigzag(number));
    }
}

static gboolean is_reason(const struct column *column)
{
    return strcmp(column->name, "reason") == 0 || strcmp(column->name, "void_reason") == 0;
}

static void put_value(struct writer *writer, const struct column *column, const struct row *row)
{
    if (column->kind == COLUMN_TEXT)
        put_text(writer, column_text(column, row), is_reason(column));
    else if (column->kind == COLUMN_SUM)
        put(writer, zigzag(column_int(column, row) - (row->before ? column_int(column, row->before) : 0)));
    else
        put_number(writer, column->name, column_int(column, row));
}

static gboolean is_zero(const struct column *column, const struct row *row)
{
    return column->kind == COLUMN_TEXT ? column_text(column, row)[0] == '\0' : column_int(column, row) == 0;
}

/* --- rows ------------------------------------------------------------------------------------------------- */

/* A number that was nobody's, of a list or an order, is new to the shipment that gets it. */
static gboolean is_new_to_subject(const struct row *row)
{
    return row->was_born ||
           (row->table == TABLE_WAYBILL && ((const struct waybill *)(const void *)row->before)->of_shipment == 0);
}

static void put_row_as(struct writer *writer, const struct row *row, enum op op)
{
    const struct table *table = table_of(row->table);
    uint64_t differ = op == CHANGED ? row_differences(row, row->before) : 0;
    put(writer, (uint64_t)table->number);
    put(writer, op);
    for (size_t i = 0; i < table->keys; i++)
        put_value(writer, &table->columns[i], row);
    for (size_t i = table->keys; op != GONE && i < table->count && table->columns[i].number; i++) {
        const struct column *column = &table->columns[i];
        if (op == ADDED ? is_zero(column, row) : !(differ >> i & 1))
            continue;
        put(writer, (uint64_t)column->number);
        put_value(writer, column, row);
    }
    if (op != GONE)
        put(writer, 0);
}

static void put_row(struct writer *writer, const struct row *row)
{
    put_row_as(writer, row, row->is_gone ? GONE : is_new_to_subject(row) ? ADDED : CHANGED);
}

/* Whether the event left something different in the database. */
static gboolean is_different(const struct row *row)
{
    if (table_of(row->table)->number == 0)
        return FALSE;
    return row->was_born ? !row->is_gone : row->is_gone || row_differences(row, row->before) != 0;
}

GByteArray *difference_of(const struct dossier *dossier, const struct row *subject, gboolean shared, const struct event *ev)
{
    struct writer writer = {g_byte_array_new(), ev->key, id_made_at(ev->key), ev->reason ? ev->reason : ""};
    const GPtrArray *touched = dossier_touched(dossier);
    for (guint i = 0; i < touched->len; i++) {
        const struct row *row = touched->pdata[i];
        if (!is_different(row))
            continue;
        const struct row *of = row_subject(dossier, row);
        if (of ? of == subject : shared && table_is_shared(row->table)) /* where another's number stands is its range's affair */
            put_row(&writer, row);
    }
    if (writer.bytes->len == 0)
        g_clear_pointer(&writer.bytes, g_byte_array_unref);
    return writer.bytes;
}

/* --- whole rows ------------------------------------------------------------------------------------------- */

/* Where a number that an order brought stands in a range is the range's affair, which may come to it at any time. */
static void put_whole(struct writer *writer, const struct row *row)
{
    if (row->table == TABLE_WAYBILL && strcmp(((const struct waybill *)(const void *)row)->source, "order") == 0) {
        struct waybill waybill = *(const struct waybill *)(const void *)row;
        waybill.range_id = waybill.serial = 0;
        put_row_as(writer, &waybill.row, ADDED);
    } else {
        put_row_as(writer, row, ADDED);
    }
}

GByteArray *difference_whole(const GPtrArray *rows, int64_t key)
{
    struct writer writer = {g_byte_array_new(), key, id_made_at(key), ""};
    for (guint i = 0; i < rows->len; i++)
        put_whole(&writer, rows->pdata[i]);
    return writer.bytes;
}

enum over { OVER = 0, OVER_DIGEST, OVER_BEFORE };

GByteArray *difference_digest(const guint8 digest[static DIFFERENCE_DIGEST])
{
    struct writer writer = {.bytes = g_byte_array_new()};
    put(&writer, OVER);
    put(&writer, OVER_DIGEST);
    return g_byte_array_append(writer.bytes, digest, DIFFERENCE_DIGEST);
}

GByteArray *difference_after(const GByteArray *whole, const GByteArray *changes)
{
    struct writer writer = {.bytes = g_byte_array_new()};
    put(&writer, OVER);
    put(&writer, OVER_BEFORE);
    put(&writer, whole->len);
    g_byte_array_append(writer.bytes, whole->data, whole->len);
    return g_byte_array_append(writer.bytes, changes->data, changes->len);
}

/* --- what an event was asked -------------------------------------------------------------------------------- */

/* What an event was asked tells an empty text from none: it stands as 0, which no text of a difference is there. None stands as
 * empty texts do elsewhere: so did both before they were told apart. */
static void put_asked(struct writer *writer, const char *text)
{
    if (text && !text[0])
        put(writer, 0);
    else
        put_text(writer, text ? text : "", FALSE);
}

GByteArray *event_asked(const struct event *ev)
{
    struct writer writer = {g_byte_array_new(), ev->key, id_made_at(ev->key), ""};
#define N(member) {#member, ev->member},
#define T(member) ev->member,
    const struct {
        const char *name;
        int64_t number;
    } numbers[] = {EVENT_NUMBERS(N){"block", (int64_t)ev->block}, {"code", (int64_t)ev->code}, {"version", ev->version}};
    const char *const texts[] = {EVENT_TEXTS(T)};
#undef N
#undef T
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (numbers[i].number == 0)
            continue;
        put(&writer, i + 1);
        put_number(&writer, numbers[i].name, numbers[i].number);
    }
    put(&writer, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        put_asked(&writer, texts[i] && texts[i][0] && texts[i] == ev->reason ? NULL : texts[i]);
    return writer.bytes;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

struct reader {
    const guint8 *at, *end;
    gboolean broken;
    int64_t last_id, hour_ms;
    const char *reason;
};

static uint64_t take(struct reader *reader)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (reader->at == reader->end)
            break;
        guint8 byte = *reader->at++;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return number;
    }
    reader->broken = TRUE;
    return 0;
}

static int64_t take_from(struct reader *reader, int64_t from)
{
    uint64_t number = take(reader);
    return number == 0 ? 0 : (int64_t)((uint64_t)unzigzag(number - 1) + (uint64_t)from);
}

static int64_t take_number(struct reader *reader, const char *name)
{
    enum counts counts = counts_from(name);
    int64_t number = counts == PLAIN       ? unzigzag(take(reader))
                     : counts == FROM_HOUR ? take_from(reader, reader->hour_ms)
                                           : take_from(reader, reader->last_id);
    if (counts == FROM_ID && number)
        reader->last_id = number;
    return number;
}

/* A text's bytes, of which there is one less than the length that stands before them. */
static const char *take_bytes(struct reader *reader, uint64_t length)
{
    const char *bytes = (const char *)reader->at;
    reader->broken = reader->broken || length == 0 || length - 1 > (uint64_t)(reader->end - reader->at);
    reader->at += reader->broken ? 0 : length - 1;
    return bytes;
}

static const char *take_text(struct reader *reader, struct dossier *dossier)
{
    uint64_t length = take(reader);
    if (length == 0)
        return dossier_text(dossier, reader->reason);
    const char *bytes = take_bytes(reader, length);
    g_autofree char *text = reader->broken ? NULL : g_strndup(bytes, length - 1);
    return text ? dossier_text(dossier, text) : "";
}

/* A value, into the row or, of a row that is only looked for, nowhere else. */
static void take_value(struct reader *reader, struct dossier *dossier, const struct column *column, struct row *row)
{
    void *to = column_at(column, row);
    if (column->kind == COLUMN_TEXT)
        *(const char **)to = take_text(reader, dossier);
    else if (column->kind == COLUMN_SUM)
        *(int64_t *)to = (int64_t)((uint64_t)*(int64_t *)to + (uint64_t)unzigzag(take(reader)));
    else if (column->kind == COLUMN_STATE)
        *(enum state *)to = (enum state)take_number(reader, column->name);
    else
        *(int64_t *)to = take_number(reader, column->name);
}

/* Not of the key: a row keeps that. */
static const struct column *column_numbered(const struct table *table, uint64_t number)
{
    for (size_t i = table->keys; i < table->count; i++)
        if (table->columns[i].number != 0 && (uint64_t)table->columns[i].number == number)
            return &table->columns[i];
    return NULL;
}

static gboolean table_numbered(uint64_t number, enum table_id *id)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (table_of((enum table_id)i)->number != 0 && (uint64_t)table_of((enum table_id)i)->number == number) {
            *id = (enum table_id)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean has_key(const struct table *table, const struct row *row, const struct row *key)
{
    for (size_t i = 0; i < table->keys; i++) {
        const struct column *column = &table->columns[i];
        if (column->kind == COLUMN_TEXT ? strcmp(column_text(column, row), column_text(column, key)) != 0
                                        : column_int(column, row) != column_int(column, key))
            return FALSE;
    }
    return TRUE;
}

static struct row *row_made(struct dossier *dossier, enum table_id id, const struct row *key)
{
    const struct table *table = table_of(id);
    int64_t first = table->columns[0].kind == COLUMN_INT ? column_int(&table->columns[0], key) : 0;
    struct row *made = row_add(dossier, id, first, table->parent == 0 ? first : 0);
    row_fill_texts(made);
    for (size_t i = 0; i < table->keys; i++)
        memcpy(column_at(&table->columns[i], made), column_at(&table->columns[i], key),
               table->columns[i].kind == COLUMN_STATE ? sizeof(enum state) : sizeof(int64_t));
    return made;
}

/* The row of a key, which stands in a row of its own; made when there is none. */
static struct row *row_keyed(struct dossier *dossier, enum table_id id, const struct row *key)
{
    const struct table *table = table_of(id);
    gboolean by_id = table->keys == 1 && table->columns[0].kind == COLUMN_INT;
    int64_t first = table->columns[0].kind == COLUMN_INT ? column_int(&table->columns[0], key) : 0;
    const struct row *row = by_id ? row_find(dossier, id, first) : row_first(dossier, id, first);
    while (!by_id && row && !has_key(table, row, key))
        row = row_next(row);
    return row ? row_edit(dossier, row) : row_made(dossier, id, key);
}

/* Columns by number; one that names the parent moves the row to it. */
static void take_columns(struct reader *reader, struct dossier *dossier, struct row *row)
{
    const struct table *table = table_of(row->table);
    for (uint64_t number; !reader->broken && (number = take(reader)) != 0;) {
        const struct column *column = column_numbered(table, number);
        if (!column) {
            reader->broken = TRUE;
        } else if (table->parent >= 0 && column == &table->columns[table->parent]) {
            row_move(dossier, row, take_number(reader, column->name));
        } else {
            take_value(reader, dossier, column, row);
        }
    }
}

/* What a row begins with: its table, what became of it, its key. */
struct head {
    uint64_t op;
    union {
        struct row row;
        char room[sizeof(struct shipment) + sizeof(struct job)];
    } key;
};

static gboolean take_head(struct reader *reader, const struct fold *fold, struct head *head)
{
    enum table_id id = TABLE_COUNT;
    *head = (struct head){.key = {.row = {.next = NULL}}};
    if (!table_numbered(take(reader), &id))
        return FALSE;
    const struct table *table = table_of(id);
    head->op = take(reader);
    head->key.row.table = id;
    for (size_t i = 0; i < table->keys; i++)
        take_value(reader, table_is_shared(id) ? fold->shared : fold->own, &table->columns[i], &head->key.row);
    return !reader->broken && head->op <= GONE;
}

static void take_row(struct reader *reader, const struct fold *fold)
{
    struct head head;
    if (!take_head(reader, fold, &head)) {
        reader->broken = TRUE;
        return;
    }
    enum table_id id = head.key.row.table;
    struct dossier *dossier = table_is_shared(id) ? fold->shared : fold->own;
    gboolean anew = head.op == ADDED && !table_is_shared(id); /* the tote that a subject had may be another's, folded before it */
    struct row *row = anew ? row_made(dossier, id, &head.key.row) : row_keyed(dossier, id, &head.key.row);
    if (head.op == GONE)
        row_remove(dossier, row);
    else
        take_columns(reader, dossier, row);
}

/* --- rows by themselves ------------------------------------------------------------------------------------- */

static void take_told_columns(struct reader *reader, struct dossier *texts, struct told *told)
{
    const struct table *table = table_of(told->row->table);
    for (uint64_t number; !reader->broken && (number = take(reader)) != 0;) {
        const struct column *column = column_numbered(table, number);
        if (column) {
            take_value(reader, texts, column, told->row);
            told->has |= UINT64_C(1) << (column - table->columns);
        }
        reader->broken = reader->broken || !column;
    }
}

static struct told *take_told(struct reader *reader, struct dossier *texts)
{
    struct head head;
    reader->broken = reader->broken || !take_head(reader, &(const struct fold){texts, texts}, &head);
    if (reader->broken)
        return NULL;
    size_t size = table_of(head.key.row.table)->size;
    struct told *told = g_malloc0(sizeof *told + size);
    told->row = (struct row *)(void *)(told + 1);
    memcpy(told->row, &head.key, size);
    row_fill_texts(told->row);
    told->added = head.op == ADDED;
    told->gone = head.op == GONE;
    if (!told->gone)
        take_told_columns(reader, texts, told);
    return told;
}

GPtrArray *difference_rows(struct dossier *texts, const void *bytes, size_t length, int64_t key, const char *reason)
{
    struct reader reader = {bytes, (const guint8 *)bytes + length, FALSE, key, id_made_at(key), reason};
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    while (!reader.broken && reader.at < reader.end) {
        struct told *told = take_told(&reader, texts);
        if (!told)
            break;
        told->n = rows->len;
        g_ptr_array_add(rows, told);
    }
    return rows;
}

/* --- what is read besides ----------------------------------------------------------------------------------- */

size_t event_asked_length(const void *bytes, size_t length)
{
#define T(member) +1
    const size_t texts = EVENT_TEXTS(T);
#undef T
    struct reader reader = {.at = bytes, .end = (const guint8 *)bytes + length};
    while (!reader.broken && take(&reader) != 0)
        take(&reader);
    for (size_t i = 0; !reader.broken && i < texts; i++) {
        uint64_t size = take(&reader);
        if (size > 0)
            take_bytes(&reader, size);
    }
    return reader.broken ? 0 : length - (size_t)(reader.end - reader.at);
}

static gboolean take_over(struct reader *reader, struct difference_parts *parts)
{
    uint64_t kind = (take(reader), take(reader)), length = kind == OVER_BEFORE ? take(reader) : DIFFERENCE_DIGEST;
    if (reader->broken || length > (uint64_t)(reader->end - reader->at))
        return FALSE;
    const guint8 *after = reader->at + length;
    *parts = (struct difference_parts){.changes = after, .changes_length = (size_t)(reader->end - after)};
    if (kind == OVER_DIGEST)
        parts->digest = reader->at;
    else
        parts->before = reader->at, parts->before_length = (size_t)length;
    return kind == OVER_BEFORE || (kind == OVER_DIGEST && parts->changes_length == 0);
}

gboolean difference_parts(const void *bytes, size_t length, struct difference_parts *parts)
{
    struct reader reader = {.at = bytes, .end = (const guint8 *)bytes + length};
    *parts = (struct difference_parts){.changes = bytes, .changes_length = length};
    return length == 0 || *reader.at != OVER || take_over(&reader, parts);
}

gboolean difference_fold(const struct fold *fold, const void *bytes, size_t length, int64_t key, const char *reason)
{
    struct reader reader = {bytes, (const guint8 *)bytes + length, FALSE, key, id_made_at(key), reason};
    while (!reader.broken && reader.at < reader.end)
        take_row(&reader, fold);
    dossier_keep(fold->own);
    dossier_keep(fold->shared);
    dossier_stored(fold->own);
    dossier_stored(fold->shared);
    return !reader.broken;
}

static gboolean take_asked_numbers(struct reader *reader, struct event *ev)
{
    int64_t block = 0, code = 0;
#define N(member) {#member, &ev->member},
    const struct {
        const char *name;
        int64_t *number;
    } numbers[] = {EVENT_NUMBERS(N){"block", &block}, {"code", &code}, {"version", &ev->version}};
#undef N
    for (uint64_t n; !reader->broken && (n = take(reader)) != 0;) {
        if (n > G_N_ELEMENTS(numbers))
            return FALSE;
        *numbers[n - 1].number = take_number(reader, numbers[n - 1].name);
    }
    ev->block = (enum block)block;
    ev->code = (enum err)code;
    return !reader->broken;
}

gboolean event_read_asked(const void *bytes, size_t length, GStringChunk *texts, struct event *ev)
{
    struct reader reader = {bytes, (const guint8 *)bytes + length, FALSE, ev->key, id_made_at(ev->key), ""};
#define T(member) &ev->member,
    const char **const members[] = {EVENT_TEXTS(T)};
#undef T
    if (!take_asked_numbers(&reader, ev))
        return FALSE;
    for (size_t i = 0; !reader.broken && i < G_N_ELEMENTS(members); i++) {
        uint64_t size = take(&reader);
        const char *text = size > 0 ? take_bytes(&reader, size) : "";
        if (!reader.broken && size != 1) /* 1: none */
            *members[i] = g_string_chunk_insert_len(texts, text, size > 0 ? (gssize)(size - 1) : 0);
    }
    return !reader.broken;
}
