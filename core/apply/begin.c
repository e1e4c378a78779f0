/* SPDX-License-Identifier: MIT */
#include "core/apply/begin.h"

#include "core/apply/event_row.h"
#include "core/apply/subject.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"
#include "core/site/journal.h"
#include "core/site/record.h"
#include "core/site/site.h"

/* Subjects a transaction: stations that have begun already wait no longer. */
enum { SUBJECTS = 200 };

enum { BEGUN, MARK };

/* How far it has begun: the differences are there; what was said, and where it begins, is sealed as well. */
enum { KEPT = 1, SEALED };

static const struct sql SQL[] = {
    [BEGUN] = {"history_begun", "SELECT COALESCE(MAX(value), 0) FROM counter WHERE warehouse_id = $1 AND name = 'history'"},
    [MARK] = {"history_mark", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, 'history', $2) "
                              "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = excluded.value"},
};

struct beginning {
    struct site *site;
    int64_t key;
    size_t kind; /* of SUBJECTS_WITHOUT */
    gboolean more;
    struct journal journal;
    guint subjects;
};

/* A row in the journal says how many. */
static gboolean write_journal(struct beginning *beginning, GError **error)
{
    struct site *site = beginning->site;
    g_autofree char *detail = g_strdup_printf("%u", beginning->subjects);
    const struct journal_row row = {.at = site_now(site), .event_key = beginning->key, .event = "history-begin", .machine = "",
                                    .from_state = "", .to_state = "", .actor = {.person_id = site->system_person_id},
                                    .detail = detail};
    return journal_append(&beginning->journal, &row, error) && journal_commit(&beginning->journal, error);
}

static void find_subject(const struct row *row, void *data)
{
    g_ptr_array_add(data, (gpointer)(uintptr_t)row);
}

/* The subjects that a dossier of theirs has. */
static GPtrArray *subjects_in(const struct dossier *dossier)
{
    static const enum table_id TABLES[] = {TABLE_SHIPMENT, TABLE_BATCH, TABLE_MANIFEST, TABLE_RUN, TABLE_JOB};
    GPtrArray *subjects = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++)
        row_each(dossier, TABLES[i], find_subject, subjects);
    for (guint i = subjects->len; i > 0; i--)
        if (row_subject(dossier, subjects->pdata[i - 1]) != subjects->pdata[i - 1])
            g_ptr_array_remove_index_fast(subjects, i - 1);
    return subjects;
}

static gboolean begin_subjects(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct site *site = beginning->site;
    g_autoptr(dossier) dossier = dossier_new();
    journal_begin(&beginning->journal, site);
    beginning->key = site_id(site);
    g_autoptr(GArray) ids =
        rows_ints(db_query(db, &SUBJECTS_WITHOUT[beginning->kind], DB_ARGS(SUBJECTS), error), error);
    if (!ids || !subjects_read(dossier, db, (const int64_t *)(const void *)ids->data, ids->len, error))
        return FALSE;
    g_autoptr(GPtrArray) subjects = subjects_in(dossier);
    beginning->subjects = subjects->len;
    beginning->more = ids->len == SUBJECTS;
    gboolean done = TRUE;
    for (guint i = 0; done && i < subjects->len; i++) {
        const struct row *subject = subjects->pdata[i];
        g_autoptr(GByteArray) all = difference_whole(dossier, subject, beginning->key);
        done = difference_insert(site, row_id(subject), row_version(subject), beginning->key, all, error);
    }
    return done && (subjects->len == 0 || write_journal(beginning, error));
}

static gboolean begin_shared(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct site *site = beginning->site;
    g_autoptr(dossier) dossier = dossier_new();
    int64_t begun = 0;
    beginning->key = site_id(site);
    if (db_get_ints(db, &SQL[BEGUN], DB_ARGS(site->warehouse_id), &begun, 1, error) < 0)
        return FALSE;
    if (begun)
        return TRUE;
    if (!shared_read(dossier, db, error))
        return FALSE;
    g_autoptr(GByteArray) all = difference_whole(dossier, NULL, beginning->key);
    return (all->len == 0 || difference_insert(site, beginning->key, 1, beginning->key, all, error)) &&
           db_exec(db, &SQL[MARK], DB_ARGS(site->warehouse_id, KEPT), NULL, error);
}

/* Rows whose seals stand in one row of the journal. */
enum { SEALS_MOST = 5000 };

struct sealing {
    struct journal journal;
    GPtrArray *parts; /* of GByteArray */
    guint count;      /* in the last */
};

static gboolean seal_row(enum said said, const struct said_row *row, void *data, GError **error)
{
    struct sealing *sealing = data;
    (void)error;
    if (sealing->count++ % SEALS_MOST == 0)
        g_ptr_array_add(sealing->parts, g_byte_array_new());
    said_append(sealing->parts->pdata[sealing->parts->len - 1], said, row);
    return TRUE;
}

static void part_free(gpointer part)
{
    g_byte_array_unref(part);
}

static gboolean seal_said(struct site *site, enum said said, struct sealing *sealing, GError **error)
{
    const struct actor by = {.person_id = site->system_person_id};
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
    sealing->parts = parts;
    sealing->count = 0;
    gboolean done = said_each(site->db, said, seal_row, sealing, error);
    for (guint i = 0; done && i < parts->len; i++)
        done = record_said(&sealing->journal, &by, "history-begin", parts->pdata[i], error);
    return done;
}

/* All that was said so far, and where each subject begins, is sealed as it stands. */
static gboolean begin_seals(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct site *site = beginning->site;
    struct sealing sealing;
    gboolean done = TRUE;
    journal_begin(&sealing.journal, site);
    for (int said = SAID_WAREHOUSE; done && said < SAID_COUNT; said++)
        done = seal_said(site, (enum said)said, &sealing, error);
    done = done && db_exec(db, &SQL[MARK], DB_ARGS(site->warehouse_id, SEALED), NULL, error) &&
           journal_commit(&sealing.journal, error);
    beginning->journal = sealing.journal;
    return done;
}

/* Only the last transaction, whose mark says that it is done, is waited for: what was lost before it is begun again. */
static gboolean begin_each(struct beginning *beginning, GError **error)
{
    struct db *db = beginning->site->db;
    for (; beginning->kind < SUBJECT_KINDS; beginning->kind++)
        do {
            if (!db_transaction_unsynced(db, begin_subjects, beginning, error))
                return FALSE;
            if (beginning->subjects > 0)
                journal_done(&beginning->journal);
        } while (beginning->more);
    return db_transaction_unsynced(db, begin_shared, beginning, error) &&
           db_transaction(db, begin_seals, beginning, error);
}

static gboolean begin_all(struct site *site, GError **error)
{
    struct beginning beginning = {.site = site};
    gboolean done = begin_each(&beginning, error);
    if (done)
        journal_done(&beginning.journal);
    return db_sync(site->db, done ? error : NULL) && done;
}

/* The slot may be lost before anything was written with it. */
static gboolean begin_with_slot(struct site *site, GError **error)
{
    GError *failure = NULL;
    if (begin_all(site, &failure))
        return TRUE;
    int recovered = writer_recover(site, failure, error);
    if (recovered == 0)
        g_propagate_error(error, g_steal_pointer(&failure));
    g_clear_error(&failure);
    return recovered > 0 && begin_all(site, error);
}

gboolean history_begin(struct site *site, GError **error)
{
    int64_t begun = 0;
    if (!site->history_begun) {
        if (db_get_ints(site->db, &SQL[BEGUN], DB_ARGS(site->warehouse_id), &begun, 1, error) < 0 ||
            (begun < SEALED && !begin_with_slot(site, error)))
            return FALSE;
        site->history_begun = TRUE;
    }
    return TRUE;
}
