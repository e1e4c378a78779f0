/* SPDX-License-Identifier: MIT */
#include "core/site/record.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/site/journal.h"
#include "core/site/site.h"

struct change {
    struct site *site;
    const struct actor *by;
    const struct record *record;
    record_write write;
    void *data;
    struct journal journal;
};

/* What events were judged by is not so any more (FACTS_OF in site.h). */
static const struct sql FACTS_MOVE = {"facts_move", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, 'facts', 1) "
                                                    "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = counter.value + 1"};

gboolean record_facts_move(struct site *site, GError **error)
{
    return db_exec(site->db, &FACTS_MOVE, DB_ARGS(site->warehouse_id), NULL, error);
}

/* In the order of the changes: of a row that was said twice the newer seal counts. Who has a number holds off others until it
 * commits, so it is taken before the rows are read: rows that share a key (a product's codes) may be several people's. */
static const struct sql SAID_MOVE = {"said_move", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, 'said', 1) ON "
                                                  "CONFLICT (warehouse_id, name) DO UPDATE SET value = counter.value + 1 "
                                                  "RETURNING value"};

static const char *text(const char *given)
{
    return given ? given : "";
}

/* Seals that are given are of new ids, which are said once: they need no order. */
static gboolean append(struct journal *journal, const struct actor *by, const struct record *record, GByteArray *seals,
                       GError **error)
{
    struct site *site = journal->site;
    int64_t version = 0;
    if (said_is_noted(site) && db_get_ints(site->db, &SAID_MOVE, DB_ARGS(site->warehouse_id), &version, 1, error) <= 0)
        return FALSE;
    if (!said_take(site, seals, error))
        return FALSE;
    if (seals->len == 0 && record->is_of_said)
        return TRUE;
    const struct journal_row row = {.at = site_now(site), .event_key = site_id(site), .event = record->event, .machine = "",
                                    .subject_id = record->subject_id, .from_state = text(record->from_state),
                                    .to_state = text(record->to_state), .version = version, .actor = *by,
                                    .detail = text(record->detail), .seals = seals->data, .seals_length = seals->len};
    return journal_append(journal, &row, error);
}

gboolean record_said(struct journal *journal, const struct actor *by, const char *event, GByteArray *seals, GError **error)
{
    const struct record record = {.event = event, .is_of_said = TRUE};
    return append(journal, by, &record, seals, error);
}

static gboolean note(struct site *site, const struct record *record, GError **error)
{
    if (record->said && !record->said_named)
        said_note(site, record->said, record->subject_id);
    return !record->said_named || said_note_named(site, record->said, record->said_named, error);
}

static gboolean change_work(struct db *db, void *data, GError **error)
{
    struct change *change = data;
    struct site *site = change->site;
    const struct record *record = change->record;
    g_autoptr(GByteArray) seals = g_byte_array_new();
    (void)db;
    journal_begin(&change->journal, site);
    return change->write(site, change->data, error) && note(site, record, error) &&
           (record->is_heard || record->is_of_said || record_facts_move(site, error)) &&
           append(&change->journal, change->by, record, seals, error) && journal_commit(&change->journal, error);
}

gboolean site_record(struct site *site, const struct actor *by, const struct record *record, record_write write,
                     void *data, GError **error)
{
    struct change change = {.site = site, .by = by, .record = record, .write = write, .data = data};
    if (!writer_transaction(site, change_work, &change, error))
        return FALSE;
    journal_done(&change.journal);
    return TRUE;
}

struct statements {
    const struct record_statement *all;
    size_t n;
};

/* Who wrote them, and where, is not asked: names, settings and addresses are stored clean. Caller frees; texts keeps what they
 * point to. */
static struct db_value *clean_args(const struct record_statement *one, GPtrArray *texts)
{
    struct db_value *args = g_new(struct db_value, MAX(one->count, 1));
    for (size_t i = 0; i < one->count; i++) {
        args[i] = one->args[i];
        if (args[i].type != DB_TEXT)
            continue;
        char *clean = clean_text(args[i].bytes, strlen(args[i].bytes), CLEAN_BLOCK);
        args[i].bytes = clean;
        g_ptr_array_add(texts, clean);
    }
    return args;
}

static gboolean run_all(struct site *site, void *data, GError **error)
{
    const struct statements *statements = data;
    for (size_t i = 0; i < statements->n; i++) {
        const struct record_statement *one = &statements->all[i];
        int64_t count = 0, *changed = one->changed ? one->changed : one->none != ERR_NONE ? &count : NULL;
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        g_autofree struct db_value *args = clean_args(one, texts);
        if (!db_exec(site->db, one->sql, args, one->count, changed, error))
            return FALSE;
        if (changed && *changed == 0 && one->none != ERR_NONE)
            return err_set(error, one->none, one->name);
    }
    return TRUE;
}

gboolean site_record_statements(struct site *site, const struct actor *by, const struct record *record,
                                const struct record_statement *statements, size_t n, GError **error)
{
    return site_record(site, by, record, run_all, &(struct statements){statements, n}, error);
}
