/* SPDX-License-Identifier: MIT */
#include "core/apply/begin.h"

#include "core/apply/event_row.h"
#include "core/apply/subject.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/record.h"
#include "core/site/site.h"

/* What a transaction takes: others wait for it as long as for a chunk of events. Of seals some more: a page of a table. */
enum { SUBJECTS = 1000, SEALS = 5000 };

enum { BEGUN, MARK, UNMARK, SHIPMENTS };

/* How far it has begun: the differences are there; what was said, and where it begins, is sealed as well. */
enum { KEPT = 1, SEALED };

/* Besides the mark, as long as it is being sealed: the table it is at, and the last key of it that is sealed. */
#define TABLE_MARK "sealing"
#define KEY_MARK "sealing-key"

#define VALUE(name, none) "COALESCE((SELECT value FROM counter WHERE warehouse_id = $1 AND name = '" name "'), " none ")"

static const struct sql SQL[] = {
    [BEGUN] = {"history_begun", "SELECT " VALUE("history", "0") ", " VALUE(TABLE_MARK, "1") ", " VALUE(KEY_MARK, "-1")},
    [MARK] = {"history_mark", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, $2, $3) "
                              "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = excluded.value"},
    [UNMARK] = {"history_unmark", "DELETE FROM counter WHERE warehouse_id = $1 AND name IN ('" TABLE_MARK "', '" KEY_MARK "')"},
    [SHIPMENTS] = {"history_shipments", "SELECT COUNT(*) FROM shipment"},
};

struct marks {
    int64_t begun, table, key;
};

struct beginning {
    struct site *site;
    const struct history_way *way;
    int64_t key;
    size_t kind;   /* of SUBJECTS_WITHOUT */
    int64_t after; /* the last of the kind that has one */
    uint64_t done, of;
    /* Of the page, which may be tried again. */
    struct journal journal;
    gboolean more, wrote /* in the journal */, is_page /* there was something to do */;
    int64_t last;
    guint found;
};

/* Each page is one program's at a time, and begins where it finds things; tried again, it begins anew. */
static gboolean page_begin(struct beginning *beginning, struct marks *marks, GError **error)
{
    struct site *site = beginning->site;
    struct db_advisory lock = {.id = site->warehouse_id};
    int64_t values[3] = {0};
    beginning->more = beginning->wrote = beginning->is_page = FALSE;
    if (!db_advisory_lock(site->db, &lock, 1, error) ||
        db_get_ints(site->db, &SQL[BEGUN], DB_ARGS(site->warehouse_id), values, 3, error) < 0)
        return FALSE;
    *marks = (struct marks){values[0], values[1], values[2]};
    return TRUE;
}

static gboolean set_mark(struct site *site, const char *name, int64_t value, GError **error)
{
    return db_exec(site->db, &SQL[MARK], DB_ARGS(site->warehouse_id, name, value), NULL, error);
}

/* --- differences ------------------------------------------------------------------------------------------ */

/* A row in the journal says how many. */
static gboolean write_journal(struct beginning *beginning, guint subjects, GError **error)
{
    struct site *site = beginning->site;
    g_autofree char *detail = g_strdup_printf("%u", subjects);
    const struct journal_row row = {.at = site_now(site), .event_key = beginning->key, .event = "history-begin", .machine = "",
                                    .from_state = "", .to_state = "", .actor = {.person_id = site->system_person_id},
                                    .detail = detail};
    beginning->wrote = TRUE;
    return journal_append(&beginning->journal, &row, error) && journal_commit(&beginning->journal, error);
}

static GByteArray *first_difference(const GPtrArray *rows, int64_t key)
{
    const struct row *subject = rows->pdata[0];
    guint8 digest[DIFFERENCE_DIGEST];
    if (subject->table != TABLE_SHIPMENT || !state_is_over(((const struct shipment *)(const void *)subject)->state))
        return difference_whole(rows, key);
    g_autoptr(GByteArray) whole = subject_whole(rows);
    subject_digest(whole->data, whole->len, digest);
    return difference_digest(digest);
}

static gboolean write_subjects(struct beginning *beginning, const GArray *ids, GError **error)
{
    struct site *site = beginning->site;
    g_autoptr(dossier) dossier = dossier_new();
    if (!subjects_read(dossier, site->db, (const int64_t *)(const void *)ids->data, ids->len, error))
        return FALSE;
    g_autoptr(GPtrArray) subjects = rows_by_subject(dossier);
    gboolean done = TRUE;
    for (guint i = 0; done && i < subjects->len; i++) {
        const GPtrArray *rows = subjects->pdata[i];
        const struct row *subject = rows->pdata[0];
        g_autoptr(GByteArray) first = first_difference(rows, beginning->key);
        done = difference_insert(site, row_id(subject), row_version(subject), beginning->key, first, error);
    }
    return done && write_journal(beginning, subjects->len, error);
}

static gboolean begin_subjects(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct marks marks;
    journal_begin(&beginning->journal, beginning->site);
    beginning->key = site_id(beginning->site);
    if (!page_begin(beginning, &marks, error))
        return FALSE;
    if (marks.begun)
        return TRUE;
    int64_t most = beginning->way->subjects ? (int64_t)beginning->way->subjects : SUBJECTS;
    g_autoptr(GArray) ids =
        rows_ints(db_query(db, &SUBJECTS_WITHOUT[beginning->kind], DB_ARGS(beginning->after, most), error), error);
    if (!ids || ids->len == 0)
        return ids != NULL;
    beginning->more = beginning->is_page = TRUE;
    beginning->last = g_array_index(ids, int64_t, ids->len - 1);
    beginning->found = ids->len;
    return write_subjects(beginning, ids, error);
}

static gboolean begin_shared(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct site *site = beginning->site;
    struct marks marks;
    g_autoptr(dossier) dossier = dossier_new();
    beginning->key = site_id(site);
    if (!page_begin(beginning, &marks, error))
        return FALSE;
    if (marks.begun)
        return TRUE;
    beginning->is_page = TRUE;
    if (!shared_read(dossier, db, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = rows_of(dossier, NULL);
    g_autoptr(GByteArray) all = difference_whole(rows, beginning->key);
    return (all->len == 0 || difference_insert(site, beginning->key, 1, beginning->key, all, error)) &&
           set_mark(site, "history", KEPT, error);
}

/* --- seals ------------------------------------------------------------------------------------------------ */

struct sealing {
    GByteArray *seals;
    guint count;
};

static gboolean seal_row(enum said said, const struct said_row *row, void *data, GError **error)
{
    struct sealing *sealing = data;
    (void)error;
    sealing->count++;
    said_append(sealing->seals, said, row);
    return TRUE;
}

static gboolean seal_page(struct beginning *beginning, struct marks *marks, guint *count, GError **error)
{
    struct site *site = beginning->site;
    const struct actor by = {.person_id = site->system_person_id};
    g_autoptr(GByteArray) seals = g_byte_array_new();
    struct sealing sealing = {seals, *count};
    int64_t last = 0;
    if (!said_page(site->db, (enum said)marks->table, marks->key, &last, seal_row, &sealing, error))
        return FALSE;
    *count = sealing.count;
    marks->key = last == INT64_MAX ? -1 : last;
    marks->table += last == INT64_MAX;
    return record_said(&beginning->journal, &by, "history-begin", seals, error);
}

static gboolean mark_sealed(struct beginning *beginning, const struct marks *marks, GError **error)
{
    struct site *site = beginning->site;
    beginning->more = marks->table < SAID_COUNT;
    if (beginning->more)
        return set_mark(site, TABLE_MARK, marks->table, error) && set_mark(site, KEY_MARK, marks->key, error);
    return db_exec(site->db, &SQL[UNMARK], DB_ARGS(site->warehouse_id), NULL, error) && set_mark(site, "history", SEALED, error);
}

/* All that was said so far, and where each subject begins, is sealed as it stands. Who changes some of it meanwhile seals that
 * by himself, before or after. */
static gboolean begin_seals(struct db *db, void *data, GError **error)
{
    struct beginning *beginning = data;
    struct marks marks;
    guint count = 0;
    size_t most = beginning->way->seals ? beginning->way->seals : SEALS;
    gboolean done = page_begin(beginning, &marks, error);
    (void)db;
    journal_begin(&beginning->journal, beginning->site);
    if (!done || marks.begun == SEALED)
        return done;
    while (done && marks.table < SAID_COUNT && count < most)
        done = seal_page(beginning, &marks, &count, error);
    beginning->wrote = beginning->is_page = TRUE;
    return done && mark_sealed(beginning, &marks, error) && journal_commit(&beginning->journal, error);
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static gboolean transact(struct beginning *beginning, db_work work, GError **error)
{
    const struct history_way *way = beginning->way;
    if (!db_transaction_unsynced(beginning->site->db, work, beginning, error))
        return FALSE;
    if (beginning->wrote)
        journal_done(&beginning->journal);
    beginning->done += work == begin_subjects && beginning->more && beginning->kind == 0 ? beginning->found : 0;
    if (way->on_page && beginning->is_page)
        way->on_page(beginning->done, beginning->of, way->data);
    return TRUE;
}

static gboolean begin_kind(struct beginning *beginning, GError **error)
{
    beginning->after = 0;
    do {
        if (!transact(beginning, begin_subjects, error))
            return FALSE;
        beginning->after = beginning->last;
    } while (beginning->more);
    return TRUE;
}

/* What is lost of it, and its mark with that, is begun again. */
static gboolean begin_each(struct beginning *beginning, GError **error)
{
    for (beginning->kind = 0; beginning->kind < SUBJECT_KINDS; beginning->kind++)
        if (!begin_kind(beginning, error))
            return FALSE;
    if (!transact(beginning, begin_shared, error))
        return FALSE;
    do
        if (!transact(beginning, begin_seals, error))
            return FALSE;
    while (beginning->more);
    return TRUE;
}

static gboolean begin_all(struct site *site, const struct history_way *way, GError **error)
{
    struct beginning beginning = {.site = site, .way = way};
    int64_t shipments = 0;
    if (way->on_page && db_get_ints(site->db, &SQL[SHIPMENTS], DB_NO_ARGS, &shipments, 1, error) < 0)
        return FALSE;
    beginning.of = (uint64_t)shipments;
    gboolean done = begin_each(&beginning, error);
    return db_sync(site->db, done ? error : NULL) && done;
}

/* The slot may be lost before anything was written with it. */
static gboolean begin_with_slot(struct site *site, const struct history_way *way, GError **error)
{
    GError *failure = NULL;
    if (begin_all(site, way, &failure))
        return TRUE;
    int recovered = writer_recover(site, failure, error);
    if (recovered == 0)
        g_propagate_error(error, g_steal_pointer(&failure));
    g_clear_error(&failure);
    return recovered > 0 && begin_all(site, way, error);
}

gboolean history_begin_by(struct site *site, const struct history_way *way, GError **error)
{
    int64_t values[3] = {0};
    if (!site->history_begun) {
        if (db_get_ints(site->db, &SQL[BEGUN], DB_ARGS(site->warehouse_id), values, 3, error) < 0 ||
            (values[0] < SEALED && !begin_with_slot(site, way, error)))
            return FALSE;
        site->history_begun = TRUE;
    }
    return TRUE;
}

gboolean history_begin(struct site *site, GError **error)
{
    static const struct history_way WAY = {.subjects = SUBJECTS, .seals = SEALS};
    return history_begin_by(site, &WAY, error);
}
