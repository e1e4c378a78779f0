/* SPDX-License-Identifier: MIT */
#include "core/site/journal.h"

#include <sodium.h>
#include <string.h>

#include "core/base/error.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/site/journal_key.h"

enum { ROW_INSERT, SEALS_INSERT, HEAD_MOVE, HEAD_ROW, JUDGES_SET };

#define COLUMNS                                                                                                        \
    "writer, sequence, at, event_key, event, machine, subject_id, from_state, to_state, shipment_id, version, "        \
    "person_id, approver_id, station_id, code, detail, hash"
#define VALUES "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17"

static const struct sql SQL[] = {
    [ROW_INSERT] = {"journal_insert", "INSERT INTO journal (" COLUMNS ") VALUES (" VALUES ")"},
    [SEALS_INSERT] = {"journal_insert_seals", "INSERT INTO journal (" COLUMNS ", seals) VALUES (" VALUES ", $18)"},
    [HEAD_MOVE] = {"journal_head", "UPDATE writer SET sequence = $2, head = $3, ids_until_at = $7, mac = $9 "
                                   "WHERE slot = $1 AND sequence = $4 AND head = $5 AND holder = $6 AND epoch = $8"},
    [JUDGES_SET] = {"journal_judges_set", "UPDATE writer SET judges = $2 WHERE slot = $1"},
    [HEAD_ROW] = {"journal_head_row", "SELECT 1 FROM journal WHERE writer = $1 AND sequence = $2 AND hash = $3"},
};

static void hash_number(crypto_generichash_state *state, int64_t number)
{
    char text[24];
    int length = g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT "\x1f", number);
    crypto_generichash_update(state, (const unsigned char *)text, (unsigned long long)length);
}

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text));
    crypto_generichash_update(state, (const unsigned char *)"\x1f", 1);
}

void journal_hash(const unsigned char before[static SITE_HASH_BYTES], int writer, int64_t sequence,
                  const struct journal_row *row, unsigned char hash[static SITE_HASH_BYTES])
{
    const struct actor *actor = &row->actor;
    const int64_t numbers[] = {writer, sequence, row->at, row->event_key, row->subject_id, row->shipment_id,
                               row->version, actor->person_id, actor->approver_id, actor->station_id, row->code};
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SITE_HASH_BYTES);
    crypto_generichash_update(&state, before, SITE_HASH_BYTES);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        hash_number(&state, numbers[i]);
    hash_text(&state, row->event);
    hash_text(&state, row->machine);
    hash_text(&state, row->from_state);
    hash_text(&state, row->to_state);
    hash_text(&state, row->detail);
    if (row->content_length > 0)
        crypto_generichash_update(&state, row->content, row->content_length);
    if (row->seals_length > 0)
        crypto_generichash_update(&state, row->seals, row->seals_length);
    crypto_generichash_final(&state, hash, SITE_HASH_BYTES);
}

void journal_read_hash(struct rows *rows, int column, unsigned char hash[static SITE_HASH_BYTES])
{
    size_t length = 0;
    const void *stored = rows_blob(rows, column, &length);
    memset(hash, 0, SITE_HASH_BYTES);
    if (stored)
        memcpy(hash, stored, MIN(length, SITE_HASH_BYTES));
}

void journal_begin(struct journal *journal, struct site *site)
{
    journal->site = site;
    journal->sequence = site->writer.sequence;
    memcpy(journal->head, site->writer.head, SITE_HASH_BYTES);
    memcpy(journal->mac, site->writer.mac, SITE_HASH_BYTES);
}

void journal_judges(const struct courier_list *couriers, char judges[static JOURNAL_JUDGES])
{
    g_snprintf(judges, JOURNAL_JUDGES, "rules=%d couriers=%s", JOURNAL_RULES, couriers_digest(couriers));
}

static gboolean append_row(struct journal *journal, const struct journal_row *row, GError **error)
{
    const struct site *site = journal->site;
    unsigned char hash[SITE_HASH_BYTES];
    journal_hash(journal->head, site->writer.slot, journal->sequence + 1, row, hash);
    const struct db_value values[] = {
        db_int(site->writer.slot), db_int(journal->sequence + 1), db_int(row->at), db_int(row->event_key),
        db_text(row->event), db_text(row->machine), db_ref(row->subject_id), db_text(row->from_state),
        db_text(row->to_state), db_ref(row->shipment_id), db_int(row->version), db_ref(row->actor.person_id),
        db_ref(row->actor.approver_id), db_ref(row->actor.station_id), db_int(row->code), db_text(row->detail),
        db_blob(hash, sizeof hash), db_blob(row->seals, row->seals_length),
    };
    gboolean sealed = row->seals_length > 0;
    if (!db_put(site->db, &SQL[sealed ? SEALS_INSERT : ROW_INSERT], values, G_N_ELEMENTS(values) - !sealed, FALSE, error))
        return FALSE;
    journal->sequence++;
    memcpy(journal->head, hash, sizeof hash);
    if (site->writer.epoch)
        journal_key_row(site->writer.key, hash, journal->mac);
    return TRUE;
}

/* Before the transaction's first row, when the chain has not said it yet. */
static gboolean say_judges(struct journal *journal, int64_t at, GError **error)
{
    struct site *site = journal->site;
    char judges[JOURNAL_JUDGES];
    if (journal->sequence != site->writer.sequence)
        return TRUE;
    journal_judges(site->couriers, judges);
    if (strcmp(judges, site->writer.judges) == 0)
        return TRUE;
    const struct journal_row row = {.at = at, .event_key = site_id(site), .event = "judges", .machine = "", .from_state = "",
                                    .to_state = "", .actor = {.person_id = site->system_person_id}, .detail = judges};
    return append_row(journal, &row, error) &&
           db_put(site->db, &SQL[JUDGES_SET], DB_ARGS(site->writer.slot, judges), FALSE, error);
}

gboolean journal_append(struct journal *journal, const struct journal_row *row, GError **error)
{
    return say_judges(journal, row->at, error) && append_row(journal, row, error);
}

gboolean journal_head_is_there(struct site *site, GError **error)
{
    const struct writer *writer = &site->writer;
    int64_t one;
    GError *failure = NULL;
    const struct db_value head = db_blob(writer->synced_head, SITE_HASH_BYTES);
    int found = writer->synced == 0 ? 1
                                    : db_get_ints(site->db, &SQL[HEAD_ROW], DB_ARGS(writer->slot, writer->synced, head),
                                                  &one, 1, &failure);
    if (found == 0) {
        err_set(&failure, ERR_DB_WENT_BACK);
        db_retire(site->db, failure);
    }
    if (failure)
        g_propagate_error(error, failure);
    return found > 0;
}

gboolean journal_commit(struct journal *journal, GError **error)
{
    const struct writer *writer = &journal->site->writer;
    if (journal->sequence == writer->sequence)
        return TRUE;
    return db_must_find(journal->site->db, &SQL[HEAD_MOVE],
                        DB_ARGS(writer->slot, journal->sequence, db_blob(journal->head, SITE_HASH_BYTES), writer->sequence,
                                db_blob(writer->head, SITE_HASH_BYTES), writer->holder,
                                id_source_last(&journal->site->ids), writer->epoch,
                                writer->epoch ? db_blob(journal->mac, SITE_HASH_BYTES) : db_null()),
                        error);
}

void journal_done(const struct journal *journal)
{
    struct writer *writer = &journal->site->writer;
    if (journal->sequence != writer->sequence)
        journal_judges(journal->site->couriers, writer->judges);
    writer->sequence = journal->sequence;
    memcpy(writer->head, journal->head, SITE_HASH_BYTES);
    memcpy(writer->mac, journal->mac, SITE_HASH_BYTES);
    if (!db_is_synced(journal->site->db))
        return;
    writer->synced = journal->sequence;
    memcpy(writer->synced_head, journal->head, SITE_HASH_BYTES);
}
