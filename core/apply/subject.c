/* SPDX-License-Identifier: MIT */
#include "core/apply/subject.h"

#include <sodium.h>

#include "core/apply/load.h"
#include "core/db/rows.h"

#define OF_SHIPMENT "WHERE r.shipment_id {in:$1}"
#define OF_PARCELS "parcel p JOIN "
#define IN_PARCELS " r ON r.parcel_id = p.id WHERE p.shipment_id {in:$1}"
#define ITSELF "WHERE r.id {in:$1}"

/* Of subjects, by the list of their ids. */
static const struct part {
    enum table_id table;
    struct sql sql;
} PARTS[] = {
    {TABLE_BATCH, {"replay_batch", ROWS(BATCH_COLUMNS, "0", "batch r ") ITSELF}},
    {TABLE_MANIFEST, {"replay_manifest", ROWS(MANIFEST_COLUMNS, "0", "manifest r ") ITSELF}},
    {TABLE_RUN, {"replay_run", ROWS(RUN_COLUMNS, "0", "print_run r ") ITSELF}},
    {TABLE_SHIPMENT, {"replay_shipment", ROWS(SHIPMENT_COLUMNS, "0", "shipment r ") ITSELF}},
    {TABLE_LINE, {"replay_line", ROWS(LINE_COLUMNS, "0", "shipment_line r ") OF_SHIPMENT}},
    {TABLE_TASK, {"replay_task", ROWS(TASK_COLUMNS, "0", "pick_task r ") OF_SHIPMENT}},
    {TABLE_TOTE_USE, {"replay_tote_use", ROWS(TOTE_USE_COLUMNS, "0", "tote_use r ") OF_SHIPMENT}},
    {TABLE_BLOCK, {"replay_block", ROWS(BLOCK_COLUMNS, "0", "block r ") OF_SHIPMENT}},
    {TABLE_PARCEL, {"replay_parcel", ROWS(PARCEL_COLUMNS, "0", "parcel r ") OF_SHIPMENT}},
    {TABLE_CONTENT, {"replay_content", ROWS(CONTENT_COLUMNS, "0", OF_PARCELS "parcel_line" IN_PARCELS)}},
    {TABLE_WAYBILL, {"replay_waybill", ROWS(WAYBILL_COLUMNS, "0", OF_PARCELS "waybill" IN_PARCELS)}},
    {TABLE_JOB, {"replay_job", ROWS(JOB_COLUMNS, "0", "job r ") OF_SHIPMENT}},
    {TABLE_JOB, {"replay_job_alone", ROWS(JOB_COLUMNS, "0", "job r ") ITSELF " AND r.shipment_id IS NULL"}},
};

/* What is nobody's, whole. */
static const struct part SHARED[] = {
    {TABLE_STOCK, {"replay_stock", ROWS(STOCK_COLUMNS, "0", "stock r ")
                   "WHERE r.on_hand <> 0 OR r.reserved <> 0"}},
    {TABLE_COUNT_TASK, {"replay_count_task", ROWS(COUNT_TASK_COLUMNS, "0", "count_task r")}},
    {TABLE_COUNTER, {"replay_counter", ROWS(COUNTER_COLUMNS, "0", "counter r ")
                     "WHERE r.name IN ('batch', 'manifest', 'run')"}},
    /* from the first on, as the differences have it; the rest is what was said of it */
    {TABLE_RANGE, {"replay_range", "SELECT r.id, '' AS a, '' AS b, '' AS c, '' AS d, 0, 0, 0, r.next - r.first "
                                   "FROM waybill_range r WHERE r.next <> r.first"}},
};

#define WITHOUT(table, more)                                                                                           \
    "SELECT r.id FROM " table " r WHERE r.id > $1 AND NOT EXISTS (SELECT 1 FROM difference d WHERE d.subject_id = r.id)" more    \
    " ORDER BY r.id LIMIT $2"

const struct sql SUBJECTS_WITHOUT[SUBJECT_KINDS] = {
    {"subjects_shipment", WITHOUT("shipment", "")}, {"subjects_batch", WITHOUT("batch", "")},
    {"subjects_manifest", WITHOUT("manifest", "")}, {"subjects_run", WITHOUT("print_run", "")},
    {"subjects_job", WITHOUT("job", " AND r.shipment_id IS NULL")},
};

static gboolean read_part(struct dossier *dossier, struct db *db, const struct part *part, const char *ids, GError **error)
{
    const struct db_value id_list[] = {db_text(ids)};
    struct rows *rows = db_query(db, &part->sql, id_list, ids ? 1 : 0, error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        dossier_read(dossier, rows, part->table, FALSE);
    return more == 0;
}

/* Whose a waybill is, its parcel says. */
static void own_waybill(const struct row *row, void *data)
{
    struct waybill *waybill = (struct waybill *)(uintptr_t)row;
    const struct parcel *parcel = parcel_find(data, waybill->parcel_id);
    waybill->of_shipment = parcel ? parcel->shipment_id : 0;
}

gboolean subjects_read(struct dossier *dossier, struct db *db, const int64_t *ids, size_t n, GError **error)
{
    g_autofree char *list = db_id_list(ids, n);
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (!read_part(dossier, db, &PARTS[i], list, error))
            return FALSE;
    row_each(dossier, TABLE_WAYBILL, own_waybill, dossier);
    return TRUE;
}

gboolean shared_read(struct dossier *dossier, struct db *db, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SHARED); i++)
        if (!read_part(dossier, db, &SHARED[i], NULL, error))
            return FALSE;
    return TRUE;
}

/* --- those of which a digest is kept ------------------------------------------------------------------------ */

static const struct sql VERSION = {"subject_version", "SELECT content FROM difference WHERE subject_id = $1 AND version = $2"};

GByteArray *subject_whole(const GPtrArray *rows)
{
    return difference_whole(rows, row_id(rows->pdata[0]));
}

void subject_digest(const void *whole, size_t length, guint8 digest[static DIFFERENCE_DIGEST])
{
    crypto_generichash(digest, DIFFERENCE_DIGEST, whole, length, NULL, 0);
}

GHashTable *subjects_digests(const struct dossier *dossier)
{
    GHashTable *digests = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(GPtrArray) subjects = rows_by_subject(dossier);
    for (guint i = 0; i < subjects->len; i++) {
        const GPtrArray *rows = subjects->pdata[i];
        int64_t id = row_id(rows->pdata[0]);
        guint8 *digest = g_malloc(DIFFERENCE_DIGEST);
        g_autoptr(GByteArray) whole = subject_whole(rows);
        subject_digest(whole->data, whole->len, digest);
        g_hash_table_insert(digests, g_memdup2(&id, sizeof id), digest);
    }
    return digests;
}

static void read_is_digest(struct rows *rows, void *data)
{
    struct difference_parts parts;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 0, &length);
    *(gboolean *)data = difference_parts(bytes, length, &parts) && parts.digest;
}

GByteArray *subject_before(struct db *db, int64_t id, int64_t version, GError **error)
{
    gboolean is_digest = FALSE;
    g_autoptr(dossier) dossier = dossier_new();
    if (rows_first(db_query(db, &VERSION, DB_ARGS(id, version), error), read_is_digest, &is_digest, error) < 0 || !is_digest ||
        !subjects_read(dossier, db, &id, 1, error))
        return NULL;
    g_autoptr(GPtrArray) rows = rows_of(dossier, row_find(dossier, TABLE_SHIPMENT, id));
    return subject_whole(rows);
}
