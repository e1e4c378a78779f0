/* SPDX-License-Identifier: MIT */
#include "core/outside/cut.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"

enum { FIRST_LATE, JOURNAL, DIFFERENCES };

static const struct sql SQL[] = {
    [FIRST_LATE] = {"cut_first_late", "SELECT writer, MIN(sequence) FROM journal WHERE at > $1 GROUP BY writer"},
    [JOURNAL] = {"cut_journal", "SELECT writer, sequence, event_key FROM journal WHERE (writer, sequence) > ($1, $2) "
                                "ORDER BY writer, sequence LIMIT $3"},
    [DIFFERENCES] = {"cut_differences", "SELECT subject_id, version, event_key, content FROM difference "
                                        "WHERE (subject_id, version) > ($1, $2) ORDER BY subject_id, version LIMIT $3"},
};

/* An event's part in a chain: versions of a subject, serials of a range, numbers of a counter. */
struct link {
    int64_t chain, position, key;
};

/* An event names a subject. */
struct naming {
    int64_t named, key;
};

/* An event changed what lies at a place. */
struct taking {
    int64_t product_id, location_id, lot_id, on_hand, reserved, key;
};

struct cut {
    GHashTable *places; /* event key -> where its first row stands in the journal: sequence * ID_WRITERS + writer */
    int64_t last[ID_WRITERS];
    GArray *links, *namings, *takings; /* while it is looked */
    gboolean moved, tangled;
};

void cut_free(struct cut *cut)
{
    if (!cut)
        return;
    g_hash_table_unref(cut->places);
    g_array_unref(cut->links);
    g_array_unref(cut->namings);
    g_array_unref(cut->takings);
    g_free(cut);
}

/* --- the journal ------------------------------------------------------------------------------------------ */

static gpointer pointer_of(int64_t number)
{
    return (gpointer)(intptr_t)number;
}

/* The writer and the sequence of an event; FALSE: it is the beginning of what is nobody's, and has no row. */
static gboolean place_of(const struct cut *cut, int64_t key, int64_t *writer, int64_t *sequence)
{
    int64_t place = (intptr_t)g_hash_table_lookup(cut->places, pointer_of(key));
    *writer = place % ID_WRITERS;
    *sequence = place / ID_WRITERS;
    return place != 0;
}

gboolean cut_keeps(const struct cut *cut, int64_t event_key)
{
    int64_t writer, sequence;
    return !place_of(cut, event_key, &writer, &sequence) || sequence <= cut->last[writer];
}

int64_t cut_last(const struct cut *cut, int64_t writer)
{
    return writer >= 0 && writer < ID_WRITERS ? cut->last[writer] : 0;
}

static void leave_out(struct cut *cut, int64_t key)
{
    int64_t writer, sequence;
    if (!place_of(cut, key, &writer, &sequence)) {
        cut->tangled = TRUE;
    } else if (sequence <= cut->last[writer]) {
        cut->last[writer] = sequence - 1;
        cut->moved = TRUE;
    }
}

static void read_first_late(struct rows *rows, void *data)
{
    struct cut *cut = data;
    cut->last[rows_int(rows, 0)] = rows_int(rows, 1) - 1;
}

static gboolean read_journal(struct rows *rows, void *data, GError **error)
{
    struct cut *cut = data;
    (void)error;
    gpointer key = pointer_of(rows_int(rows, 2));
    if (!g_hash_table_contains(cut->places, key))
        g_hash_table_insert(cut->places, key, pointer_of(rows_int(rows, 1) * ID_WRITERS + rows_int(rows, 0)));
    return TRUE;
}

/* --- differences ------------------------------------------------------------------------------------------ */

struct reading {
    struct cut *cut;
    int64_t key;
};

static void add_link(const struct reading *reading, int64_t chain, int64_t position)
{
    const struct link link = {chain, position, reading->key};
    g_array_append_val(reading->cut->links, link);
}

static void add_naming(const struct reading *reading, int64_t named)
{
    const struct naming naming = {named, reading->key};
    if (named)
        g_array_append_val(reading->cut->namings, naming);
}

/* "B0012" is the 12th. */
static void add_number(const struct reading *reading, enum table_id table, const char *number)
{
    if (number[0])
        add_link(reading, (int64_t)table, g_ascii_strtoll(number + 1, NULL, 10));
}

static void note_row(const struct row *row, void *data)
{
    const struct reading *reading = data;
    const struct table *table = table_of(row->table);
    const struct waybill *waybill = (const void *)row;
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        gboolean names = strcmp(column->name, "batch_id") == 0 || strcmp(column->name, "manifest_id") == 0 ||
                         strcmp(column->name, "run_id") == 0;
        if (names && column->kind == COLUMN_REF)
            add_naming(reading, column_int(column, row));
        else if (strcmp(column->name, "number") == 0 && column->kind == COLUMN_TEXT && row->table != TABLE_WAYBILL)
            add_number(reading, row->table, column_text(column, row));
    }
    if (row->table == TABLE_WAYBILL && waybill->range_id && waybill->serial)
        add_link(reading, waybill->range_id, waybill->serial);
}

static void note_stock(const struct row *row, void *data)
{
    const struct reading *reading = data;
    const struct stock *stock = (const void *)row;
    const struct taking taking = {stock->product_id, stock->location_id, stock->lot_id, stock->on_hand, stock->reserved,
                                  reading->key};
    g_array_append_val(reading->cut->takings, taking);
}

/* Folded onto nothing, a difference's rows are what it changed. One that is no such thing is told of by who folds them all. */
static gboolean read_difference(struct rows *rows, void *data, GError **error)
{
    static const enum table_id NOTED[] = {TABLE_BATCH, TABLE_MANIFEST, TABLE_RUN, TABLE_SHIPMENT,
                                          TABLE_PARCEL, TABLE_WAYBILL, TABLE_JOB};
    struct reading reading = {data, rows_int(rows, 2)};
    g_autoptr(dossier) own = dossier_new();
    g_autoptr(dossier) shared = dossier_new();
    struct difference_parts parts;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 3, &length);
    (void)error;
    add_link(&reading, rows_int(rows, 0), rows_int(rows, 1));
    if (difference_parts(bytes, length, &parts))
        difference_fold(&(struct fold){own, shared}, parts.changes, parts.changes_length, reading.key, "");
    for (size_t i = 0; i < G_N_ELEMENTS(NOTED); i++)
        row_each(own, NOTED[i], note_row, &reading);
    row_each(shared, TABLE_STOCK, note_stock, &reading);
    return TRUE;
}

/* --- what came after what ----------------------------------------------------------------------------------- */

static int compare_numbers(int64_t one, int64_t other)
{
    return (one > other) - (one < other);
}

static int compare_links(const void *a, const void *b)
{
    const struct link *one = a, *other = b;
    int order = compare_numbers(one->chain, other->chain);
    return order ? order : compare_numbers(one->position, other->position);
}

static void follow_chains(struct cut *cut)
{
    int64_t chain = 0;
    gboolean broken = FALSE;
    for (guint i = 0; i < cut->links->len; i++) {
        const struct link *link = &g_array_index(cut->links, struct link, i);
        broken = link->chain == chain && broken;
        chain = link->chain;
        if (!cut_keeps(cut, link->key))
            broken = TRUE;
        else if (broken)
            leave_out(cut, link->key);
    }
}

/* The event that made a subject: the first of its chain. 0: nothing did. */
static int64_t maker_of(const struct cut *cut, int64_t subject)
{
    guint from = 0, to = cut->links->len;
    while (from < to) {
        guint middle = from + (to - from) / 2;
        if (g_array_index(cut->links, struct link, middle).chain < subject)
            from = middle + 1;
        else
            to = middle;
    }
    const struct link *link = from < cut->links->len ? &g_array_index(cut->links, struct link, from) : NULL;
    return link && link->chain == subject ? link->key : 0;
}

static void follow_names(struct cut *cut)
{
    for (guint i = 0; i < cut->namings->len; i++) {
        const struct naming *naming = &g_array_index(cut->namings, struct naming, i);
        if (cut_keeps(cut, naming->key) && !cut_keeps(cut, maker_of(cut, naming->named)))
            leave_out(cut, naming->key);
    }
}

/* --- what lies at places ---------------------------------------------------------------------------------- */

static int compare_places(const struct taking *one, const struct taking *other)
{
    int order = compare_numbers(one->location_id, other->location_id);
    if (!order)
        order = compare_numbers(one->product_id, other->product_id);
    return order ? order : compare_numbers(one->lot_id, other->lot_id);
}

static int compare_takings(const void *a, const void *b)
{
    const struct taking *one = a, *other = b;
    int order = compare_places(one, other);
    return order ? order : compare_numbers(one->key, other->key);
}

static struct taking sum_of(const struct cut *cut, const struct taking *takings, guint n)
{
    struct taking sum = {.key = 0};
    for (guint i = 0; i < n; i++)
        if (cut_keeps(cut, takings[i].key)) {
            sum.on_hand += takings[i].on_hand;
            sum.reserved += takings[i].reserved;
        }
    return sum;
}

/* Whether an event has made worse what is wrong with the sum. */
static gboolean is_at_fault(const struct taking *sum, const struct taking *taking)
{
    return (sum->on_hand < 0 && taking->on_hand < 0) || (sum->reserved < 0 && taking->reserved < 0) ||
           (sum->reserved > sum->on_hand && taking->reserved > taking->on_hand);
}

/* The events at one place, by key: the latest that took gives way, as often as it must. */
static void look_at_place(struct cut *cut, const struct taking *takings, guint n)
{
    struct taking sum = sum_of(cut, takings, n);
    for (guint i = n; i > 0 && (sum.on_hand < 0 || sum.reserved < 0 || sum.reserved > sum.on_hand); i--)
        if (cut_keeps(cut, takings[i - 1].key) && is_at_fault(&sum, &takings[i - 1])) {
            leave_out(cut, takings[i - 1].key);
            sum = sum_of(cut, takings, n);
        }
}

static void look_at_places(struct cut *cut)
{
    const struct taking *takings = (const struct taking *)(const void *)cut->takings->data;
    for (guint i = 0, n; i < cut->takings->len; i += n) {
        for (n = 1; i + n < cut->takings->len && compare_places(&takings[i], &takings[i + n]) == 0; n++)
            ;
        look_at_place(cut, &takings[i], n);
    }
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* Each thing left out may leave out others; places last, for they guess. */
static void settle(struct cut *cut)
{
    do {
        do {
            cut->moved = FALSE;
            follow_chains(cut);
            follow_names(cut);
        } while (cut->moved);
        look_at_places(cut);
    } while (cut->moved && !cut->tangled);
}

static struct cut *cut_new(void)
{
    struct cut *cut = g_new0(struct cut, 1);
    cut->places = g_hash_table_new(NULL, NULL);
    cut->links = g_array_new(FALSE, FALSE, sizeof(struct link));
    cut->namings = g_array_new(FALSE, FALSE, sizeof(struct naming));
    cut->takings = g_array_new(FALSE, FALSE, sizeof(struct taking));
    for (int i = 0; i < ID_WRITERS; i++)
        cut->last[i] = INT64_MAX;
    return cut;
}

static void forget(struct cut *cut)
{
    GArray **lists[] = {&cut->links, &cut->namings, &cut->takings};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_array_unref(*lists[i]);
        *lists[i] = g_array_new(FALSE, FALSE, 1);
    }
}

struct cut *cut_find(struct db *from, int64_t until_utc_ms, const char *until, GError **error)
{
    g_autoptr(cut) cut = cut_new();
    const struct rows_pages journal = {&SQL[JOURNAL], 2, NULL, 0}, differences = {&SQL[DIFFERENCES], 2, NULL, 0};
    if (!rows_each(db_query(from, &SQL[FIRST_LATE], DB_ARGS(until_utc_ms), error), read_first_late, cut, error) ||
        !rows_paged(from, &journal, read_journal, cut, error) ||
        !rows_paged(from, &differences, read_difference, cut, error))
        return NULL;
    g_array_sort(cut->links, compare_links);
    g_array_sort(cut->takings, compare_takings);
    settle(cut);
    forget(cut);
    if (!cut->tangled)
        return g_steal_pointer(&cut);
    err_set(error, ERR_COPY_TANGLED, until, "its first rows would be left out");
    return NULL;
}
