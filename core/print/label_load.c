/* SPDX-License-Identifier: MIT */
#include "core/print/label_load.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/code/code.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/flow/parcel_cod.h"
#include "core/site/journal.h"
#include "core/site/site.h"

/* What became of a job: its label, or why it has none. */
struct loaded {
    struct label *label;
    GError *why;
    gboolean is_found; /* its waybill */
};

struct labels {
    struct site *site;
    const GArray *jobs;
    GArray *loaded; /* struct loaded, one a job */
};

enum { SEAL_SHOWN = 8 }; /* bytes of a hash */
enum { WAYBILL, PARCEL_ITEMS, SHIPMENT_ITEMS, BATCH, BATCH_ROWS, MANIFEST, MANIFEST_ROWS, PERSON, PRINTER };

/* A waybill's row and what of it needs a look before it stands on the label. */
struct waybill_row {
    struct label *label;
    int64_t job_id;
    enum state state;
    int64_t cod_minor, order_cod_minor, recipient_id, order_recipient_id, shipment_id;
    const char *courier, *currency, *county, *district, *address, *note, *owner;
};

#define WAYBILL_COLUMNS(COLUMN, PARSED)                                                                                \
    COLUMN("j.id, ", job_id)                                                                                           \
    COLUMN("w.number, ", label->number)                                                                                \
    COLUMN("w.courier, ", courier)                                                                                     \
    COLUMN("w.service, ", label->service)                                                                              \
    PARSED("w.state, ", state, flow_state_parse)                                                                       \
    COLUMN("w.generation, ", label->generation)                                                                        \
    COLUMN("w.cod_minor, ", cod_minor)                                                                                 \
    COLUMN(PARCEL_COD ", ", order_cod_minor)                                                                           \
    COLUMN("s.currency, ", currency)                                                                                   \
    COLUMN("w.recipient_id, ", recipient_id)                                                                           \
    COLUMN("s.recipient_id, ", order_recipient_id)                                                                     \
    COLUMN("s.id, ", shipment_id)                                                                                      \
    COLUMN("o.external_id, ", label->orders)                                                                           \
    COLUMN("s.slot, ", label->slot)                                                                                    \
    COLUMN("COALESCE(b.number, ''), ", label->batch)                                                                   \
    COLUMN("r.name, ", label->recipient_name)                                                                          \
    COLUMN("r.phone, ", label->recipient_phone)                                                                        \
    COLUMN("r.postcode, ", label->recipient_postcode)                                                                  \
    COLUMN("r.county, ", county)                                                                                       \
    COLUMN("r.district, ", district)                                                                                   \
    COLUMN("r.address, ", address)                                                                                     \
    COLUMN("r.store_code, ", label->store_code)                                                                        \
    COLUMN("r.store_name, ", label->store_name)                                                                        \
    COLUMN("r.buyer_note, ", note)                                                                                     \
    COLUMN("ow.name, ", owner)                                                                                         \
    COLUMN("ow.sender_name, ", label->sender_name)                                                                     \
    COLUMN("ow.sender_phone, ", label->sender_phone)                                                                   \
    COLUMN("ow.sender_address, ", label->sender_address)                                                               \
    COLUMN("COALESCE(pr.labels, 0)", label->total)

/* Goods in a job's box. */
struct item_row {
    struct label_row *row;
    int64_t job_id;
};

#define ITEM_COLUMNS(COLUMN, PARSED)                                                                                   \
    COLUMN("j.id, ", job_id)                                                                                           \
    COLUMN("pr.name, ", row->name)                                                                                     \
    COLUMN("pr.sku, ", row->sku)                                                                                       \
    COLUMN("CAST(SUM(pl.quantity) AS BIGINT)", row->quantity)

#define PICK_COLUMNS(COLUMN, PARSED)                                                                                   \
    COLUMN("pr.name, ", name)                                                                                          \
    COLUMN("pr.sku, ", sku)                                                                                            \
    COLUMN("CAST(t.quantity - t.picked AS BIGINT), ", quantity)                                                        \
    COLUMN("l.code, ", bin)                                                                                            \
    COLUMN("COALESCE((SELECT MIN(tl.code) FROM tote_use tu JOIN location tl ON tl.id = tu.tote_id "                    \
           "WHERE tu.shipment_id = s.id), CAST(s.slot AS TEXT)), ", target)                                            \
    COLUMN("COALESCE(lot.code, ''), ", lot)                                                                            \
    COLUMN("COALESCE((SELECT MIN(pc.code) FROM product_code pc WHERE pc.product_id = pr.id AND pc.quantity = 1), "     \
           "pr.sku)", code)

/* A parcel of a manifest: what is to be collected stands in whole units. */
#define PARCEL_COLUMNS(COLUMN, PARSED)                                                                                 \
    COLUMN("wb.number, ", name)                                                                                        \
    COLUMN("o.external_id, ", sku)                                                                                     \
    COLUMN("CASE WHEN wb.cod_minor > 0 THEN CAST(wb.cod_minor / 100 AS TEXT) ELSE '' END, ", target)                   \
    COLUMN("1", quantity)

#define BY_SKU "GROUP BY j.id, pr.id, pr.name, pr.sku ORDER BY j.id, pr.sku"

/* $1 are jobs; from BATCH on what one names. */
static const struct sql SQL[] = {
    [WAYBILL] =
        {"label_waybills",
         "SELECT " COLUMNS_OF(WAYBILL_COLUMNS) " FROM job j JOIN waybill w ON w.id = j.waybill_id "
         "JOIN parcel p ON p.id = w.parcel_id "
         "JOIN shipment s ON s.id = p.shipment_id JOIN sales_order o ON o.id = s.order_id "
         "JOIN recipient r ON r.id = w.recipient_id JOIN owner ow ON ow.id = s.owner_id "
         "LEFT JOIN batch b ON b.id = s.batch_id LEFT JOIN print_run pr ON pr.id = j.run_id WHERE j.id {in:$1}"},
    [PARCEL_ITEMS] =
        {"label_parcel_items",
         "SELECT " COLUMNS_OF(ITEM_COLUMNS) " FROM job j JOIN waybill w ON w.id = j.waybill_id "
         "JOIN parcel p ON p.id = w.parcel_id JOIN parcel_line pl ON pl.parcel_id = p.id "
         "JOIN shipment_line sl ON sl.id = pl.line_id JOIN product pr ON pr.id = sl.product_id "
         "WHERE j.id {in:$1} AND p.state <> 'open' AND pl.quantity > 0 " BY_SKU},
    [SHIPMENT_ITEMS] =
        {"label_shipment_items",
         "SELECT " COLUMNS_OF(ITEM_COLUMNS) " FROM job j JOIN waybill w ON w.id = j.waybill_id "
         "JOIN parcel p ON p.id = w.parcel_id JOIN shipment_line pl ON pl.shipment_id = p.shipment_id "
         "JOIN product pr ON pr.id = pl.product_id WHERE j.id {in:$1} AND pl.state <> 'cancelled' " BY_SKU},
    [BATCH] = {"label_batch", "SELECT b.number, b.courier, COALESCE(p.name, '') FROM batch b "
                              "LEFT JOIN person p ON p.id = b.person_id WHERE b.id = $1"},
    [BATCH_ROWS] =
        {"label_batch_rows",
         "SELECT " COLUMNS_OF(PICK_COLUMNS) " FROM shipment s JOIN pick_task t ON t.shipment_id = s.id "
         "JOIN product pr ON pr.id = t.product_id JOIN location l ON l.id = t.location_id "
         "LEFT JOIN lot ON lot.id = t.lot_id WHERE s.batch_id = $1 AND t.open = 1 AND t.picked < t.quantity "
         "ORDER BY l.walk_order, l.code, pr.sku, s.slot, t.id"},
    [MANIFEST] = {"label_manifest", "SELECT m.number, m.courier, w.name, (SELECT s.hash FROM seal s ORDER BY s.sealed_on DESC LIMIT 1), "
                                    "COALESCE((SELECT MAX(s.sealed_on) FROM seal s), 0) FROM manifest m "
                                    "JOIN warehouse w ON w.id = m.warehouse_id WHERE m.id = $1"},
    [MANIFEST_ROWS] =
        {"label_manifest_rows",
         "SELECT " COLUMNS_OF(PARCEL_COLUMNS) " FROM parcel p JOIN shipment s ON s.id = p.shipment_id "
         "JOIN sales_order o ON o.id = s.order_id "
         "JOIN waybill wb ON wb.parcel_id = p.id AND wb.state = 'out' WHERE p.manifest_id = $1 ORDER BY wb.number"},
    [PERSON] = {"label_person", "SELECT p.id, p.name, w.name FROM person p JOIN warehouse w ON w.id = p.warehouse_id "
                                "WHERE p.id = $1"},
    [PRINTER] = {"label_printer", "SELECT name FROM printer WHERE id = $1"},
};

ROWS_READER(read_waybill, struct waybill_row, WAYBILL_COLUMNS)
ROWS_READER(read_item, struct item_row, ITEM_COLUMNS)
ROWS_READER(read_pick, struct label_row, PICK_COLUMNS)
ROWS_READER(read_parcel, struct label_row, PARCEL_COLUMNS)

static void set_gone(const struct job *job, GError **error)
{
    char id[24];
    g_snprintf(id, sizeof id, "%" PRId64, job->id);
    err_set(error, ERR_JOB_DATA, id);
}

/* The first row of a query, to be closed. NULL with ERR_JOB_DATA when there is none. */
static struct rows *first_row(struct site *site, int statement, const struct db_value *args, size_t count,
                              const struct job *job, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[statement], args, count, error);
    int found = rows_next(rows, error);
    if (found > 0)
        return rows;
    if (found == 0)
        set_gone(job, error);
    return NULL;
}

static void set_code(struct label *label, enum code_kind kind, int64_t id)
{
    char code[CODE_SIZE];
    label_set(&label->code, code_make(kind, id, code));
}

/* --- waybills and slips --------------------------------------------------------------------------------- */

static gboolean check_live(const struct waybill_row *row, GError **error)
{
    const struct label *label = row->label;
    if (row->state == ST_VOID)
        err_set(error, ERR_LABEL_VOID, label->number, label->orders);
    else if (row->cod_minor != row->order_cod_minor || row->recipient_id != row->order_recipient_id)
        err_set(error, ERR_LABEL_CHANGED, label->orders, label->number);
    else
        return TRUE;
    return FALSE;
}

/* Some shops write the county and the district into the address, some beside it. */
static char *whole_address(const char *county, const char *district, const char *address)
{
    gboolean has_county = *county && g_str_has_prefix(address, county);
    gboolean has_district = *district && strstr(address, district);
    return g_strconcat(has_county ? "" : county, has_county || has_district ? "" : district, address, NULL);
}

static void set_courier(struct site *site, struct label *label, const char *code, const char *postcode)
{
    const struct courier *courier = couriers_get(site->couriers, code);
    if (!courier) {
        label_set(&label->courier, code);
        label_set(&label->number_read, label->number);
        label_set(&label->barcode, label->number);
        return;
    }
    label_set(&label->courier, courier->name_zh && *courier->name_zh ? courier->name_zh : courier->name);
    if (label->kind == LABEL_WAYBILL)
        label_set(&label->template_name, courier->label_template);
    label->symbology = g_strcmp0(courier->symbology, "gs1-128") == 0 ? LABEL_GS1_128 : LABEL_CODE128;
    label->number_read = courier_group_number(courier, label->number);
    label->barcode = courier_barcode(courier, label->number, postcode);
}

static void set_waybill(struct site *site, const struct waybill_row *row)
{
    struct label *label = row->label;
    if (row->cod_minor > 0) {
        label_set(&label->cod_currency, row->currency);
        label->cod_minor = row->cod_minor;
    }
    set_code(label, CODE_SHIPMENT, row->shipment_id);
    label->recipient_address = whole_address(row->county, row->district, row->address);
    if (label->kind == LABEL_WAYBILL)
        label_set(&label->note, row->note);
    if (!*label->sender_name)
        label_set(&label->sender_name, row->owner);
    label->qr = g_strdup_printf("%s|%s", label->number, label->orders);
    set_courier(site, label, row->courier, label->recipient_postcode);
}

static struct label *begin(struct site *site, const struct job *job)
{
    struct label *label = label_new(label_kind_of(job->kind));
    label->copy = (int)job->copy;
    label->sequence = (int)job->run_sequence;
    label->printed_at = clock_format(site->zone, site_now(site), "%Y-%m-%d %H:%M");
    return label;
}

static gboolean is_waybill(const struct job *job)
{
    enum label_kind kind = label_kind_of(job->kind);
    return kind == LABEL_WAYBILL || kind == LABEL_SLIP;
}

static const struct job *job_at(const struct labels *labels, guint i)
{
    return &g_array_index(labels->jobs, struct job, i);
}

static struct loaded *loaded_at(const struct labels *labels, guint i)
{
    return &g_array_index(labels->loaded, struct loaded, i);
}

/* Rows come in another order than jobs, and of jobs that were asked about. */
static struct loaded *loaded_of(struct labels *labels, int64_t job_id)
{
    guint i = 0;
    while (i + 1 < labels->jobs->len && job_at(labels, i)->id != job_id)
        i++;
    return loaded_at(labels, i);
}

static void begin_waybills(struct labels *labels)
{
    g_array_set_size(labels->loaded, 0);
    g_array_set_size(labels->loaded, labels->jobs->len);
    for (guint i = 0; i < labels->jobs->len; i++)
        if (is_waybill(job_at(labels, i)))
            loaded_at(labels, i)->label = begin(labels->site, job_at(labels, i));
}

/* Asks about the jobs with a waybill: all, or those whose label has no goods yet. NULL without *error: there are none. */
static struct rows *ask(struct labels *labels, int statement, gboolean without_goods, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < labels->jobs->len; i++) {
        const struct label *label = loaded_at(labels, i)->label;
        if (is_waybill(job_at(labels, i)) && (!without_goods || (label && label->rows->len == 0)))
            g_array_append_val(ids, job_at(labels, i)->id);
    }
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    return ids->len ? db_ask(labels->site->db, &SQL[statement], DB_ARGS(list), error) : NULL;
}

static gboolean read_waybills(struct labels *labels, struct rows *rows, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct loaded *loaded = loaded_of(labels, rows_int(rows, 0));
        struct waybill_row row = {.label = loaded->label};
        read_waybill(rows, &row);
        set_waybill(labels->site, &row);
        if (!check_live(&row, &loaded->why))
            g_clear_pointer(&loaded->label, label_free);
        loaded->is_found = TRUE;
    }
    return more == 0;
}

static gboolean read_goods(struct labels *labels, struct rows *rows, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct label *label = loaded_of(labels, rows_int(rows, 0))->label;
        if (label)
            read_item(rows, &(struct item_row){.row = label_add_row(label)});
    }
    return more == 0;
}

/* Two questions travel together. Printed ahead, what has been counted into a parcel so far is not what will be in it: its
 * label lists what the shipment has. Tried again, all begins anew. */
static gboolean load_waybills(struct db *db, void *data, GError **error)
{
    struct labels *labels = data;
    GError *failure = NULL;
    (void)db;
    begin_waybills(labels);
    struct rows *waybills = ask(labels, WAYBILL, FALSE, &failure);
    struct rows *goods = waybills ? ask(labels, PARCEL_ITEMS, FALSE, &failure) : NULL;
    gboolean read = goods && read_waybills(labels, waybills, &failure) && read_goods(labels, goods, &failure);
    goods = read ? ask(labels, SHIPMENT_ITEMS, TRUE, &failure) : NULL;
    if (goods)
        read_goods(labels, goods, &failure);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

/* --- documents ------------------------------------------------------------------------------------------ */

/* The rows of a document, by the reader of their columns. */
static gboolean add_rows(struct site *site, int statement, int64_t id, struct label *label, rows_fn read, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[statement], DB_ARGS(id), error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        read(rows, label_add_row(label));
    return more == 0;
}

static gboolean load_pick_list(struct site *site, const struct job *job, struct label *label, GError **error)
{
    g_autoptr(rows) rows = first_row(site, BATCH, DB_ARGS(job->batch_id), job, error);
    if (!rows)
        return FALSE;
    const struct courier *courier = couriers_get(site->couriers, rows_text(rows, 1));
    label_set(&label->batch, rows_text(rows, 0));
    label_set(&label->courier, courier ? courier->name_zh : rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 2));
    set_code(label, CODE_BATCH, job->batch_id);
    return add_rows(site, BATCH_ROWS, job->batch_id, label, read_pick, error);
}

/* The last daily seal of the journal, "2026-11-22 4f1c 0a97 ...": on paper that the courier signs, it is out of everybody's reach. */
static void set_seal(struct label *label, struct rows *rows)
{
    unsigned char hash[SITE_HASH_BYTES];
    g_autoptr(GString) text = g_string_new(NULL);
    if (rows_int(rows, 4) == 0)
        return;
    journal_read_hash(rows, 3, hash);
    g_autofree char *day = clock_date_text((int)rows_int(rows, 4));
    g_string_append(text, day);
    for (size_t i = 0; i < SEAL_SHOWN; i++)
        g_string_append_printf(text, "%s%02x", i % 2 ? "" : " ", hash[i]);
    label->seal = g_strdup_printf(_("journal seal %s"), text->str);
}

static gboolean load_manifest(struct site *site, const struct job *job, struct label *label, GError **error)
{
    g_autoptr(rows) rows = first_row(site, MANIFEST, DB_ARGS(job->manifest_id), job, error);
    if (!rows)
        return FALSE;
    const struct courier *courier = couriers_get(site->couriers, rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 0));
    label_set(&label->courier, courier ? courier->name_zh : rows_text(rows, 1));
    label_set(&label->sender_name, rows_text(rows, 2));
    set_seal(label, rows);
    return add_rows(site, MANIFEST_ROWS, job->manifest_id, label, read_parcel, error);
}

static gboolean load_bench_card(struct site *site, const struct job *job, struct label *label, GError **error)
{
    (void)site, (void)job, (void)error;
    char code[CODE_SIZE];
    label_set(&label->title, _("Bench card"));
    for (enum card card = CARD_NONE + 1; card < CARD_COUNT; card++) {
        struct label_row *row = label_add_row(label);
        row->name = g_strdup(_(card_text(card)));
        row->code = g_strdup(code_make_card(card, code));
    }
    return TRUE;
}

static gboolean load_badge(struct site *site, const struct job *job, struct label *label, GError **error)
{
    g_autoptr(rows) rows = first_row(site, PERSON, DB_ARGS(job->person_id), job, error);
    if (!rows)
        return FALSE;
    set_code(label, CODE_PERSON, rows_int(rows, 0));
    label_set(&label->note, rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 2));
    return TRUE;
}

static gboolean load_test(struct site *site, const struct job *job, struct label *label, GError **error)
{
    g_autoptr(rows) rows = first_row(site, PRINTER, DB_ARGS(job->printer_id), job, error);
    if (!rows)
        return FALSE;
    label_set(&label->title, rows_text(rows, 0));
    label_set(&label->code, "TEST-0123456789");
    return TRUE;
}

static struct label *load_document(struct site *site, const struct job *job, GError **error)
{
    static gboolean (*const LOAD[LABEL_KINDS])(struct site *, const struct job *, struct label *, GError **) = {
        [LABEL_PICK_LIST] = load_pick_list,   [LABEL_MANIFEST] = load_manifest,
        [LABEL_BENCH_CARD] = load_bench_card, [LABEL_BADGE] = load_badge,
        [LABEL_TEST] = load_test,
    };
    enum label_kind kind = label_kind_of(job->kind);
    if (kind == LABEL_KINDS) {
        err_set(error, ERR_JOB_DATA, job->kind);
        return NULL;
    }
    g_autoptr(label) label = begin(site, job);
    return LOAD[kind](site, job, label, error) ? g_steal_pointer(&label) : NULL;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

static void loaded_clear(gpointer data)
{
    struct loaded *loaded = data;
    label_free(loaded->label);
    g_clear_error(&loaded->why);
}

void labels_free(struct labels *labels)
{
    if (labels)
        g_array_unref(labels->loaded);
    g_free(labels);
}

struct labels *labels_load(struct site *site, const GArray *jobs, GError **error)
{
    g_autoptr(labels) labels = g_new0(struct labels, 1);
    labels->site = site;
    labels->jobs = jobs;
    labels->loaded = g_array_new(FALSE, TRUE, sizeof(struct loaded));
    g_array_set_clear_func(labels->loaded, loaded_clear);
    return db_snapshot(site->db, load_waybills, labels, error) ? g_steal_pointer(&labels) : NULL;
}

struct label *labels_take(struct labels *labels, guint i, GError **error)
{
    struct loaded *loaded = loaded_at(labels, i);
    if (!is_waybill(job_at(labels, i)))
        return load_document(labels->site, job_at(labels, i), error);
    if (loaded->why)
        g_propagate_error(error, g_steal_pointer(&loaded->why));
    else if (!loaded->is_found)
        set_gone(job_at(labels, i), error);
    return loaded->is_found ? g_steal_pointer(&loaded->label) : NULL;
}

struct label *label_load(struct site *site, const struct job *job, GError **error)
{
    g_autoptr(GArray) jobs = g_array_new(FALSE, FALSE, sizeof *job);
    g_array_append_vals(jobs, job, 1);
    g_autoptr(labels) labels = labels_load(site, jobs, error);
    return labels ? labels_take(labels, 0, error) : NULL;
}
