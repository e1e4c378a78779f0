/* SPDX-License-Identifier: MIT */
#include "core/print/label_load.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/code/code.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/flow/parcel_cod.h"
#include "core/site/site.h"

enum { WAYBILL, PARCEL_ITEMS, SHIPMENT_ITEMS, BATCH, BATCH_ROWS, MANIFEST, MANIFEST_ROWS, PERSON, PRINTER };

static const struct sql SQL[] = {
    [WAYBILL] = {"label_waybill",
                 "SELECT w.number, w.courier, w.service, w.state, w.generation, w.cod_minor, " PARCEL_COD ", "
                 "s.currency, "
                 "w.recipient_id, s.recipient_id, s.id, o.external_id, s.slot, COALESCE(b.number, ''), "
                 "r.name, r.phone, "
                 "r.postcode, r.county, r.district, r.address, r.store_code, r.store_name, r.buyer_note, "
                 "ow.sender_name, ow.sender_phone, ow.sender_address, p.id, COALESCE(pr.labels, 0), ow.name "
                 "FROM waybill w JOIN parcel p ON p.id = w.parcel_id JOIN shipment s ON s.id = p.shipment_id "
                 "JOIN sales_order o ON o.id = s.order_id JOIN recipient r ON r.id = w.recipient_id "
                 "JOIN owner ow ON ow.id = s.owner_id LEFT JOIN batch b ON b.id = s.batch_id "
                 "LEFT JOIN print_run pr ON pr.id = $2 WHERE w.id = $1"},
    [PARCEL_ITEMS] =
        {"label_parcel_items",
         "SELECT pr.name, pr.sku, CAST(SUM(pl.quantity) AS BIGINT) FROM parcel_line pl "
         "JOIN shipment_line sl ON sl.id = pl.line_id JOIN product pr ON pr.id = sl.product_id "
         "JOIN parcel p ON p.id = pl.parcel_id "
         "WHERE pl.parcel_id = $1 AND p.state <> 'open' AND pl.quantity > 0 GROUP BY pr.id, pr.name, pr.sku ORDER BY pr.sku"},
    [SHIPMENT_ITEMS] =
        {"label_shipment_items",
         "SELECT pr.name, pr.sku, CAST(SUM(sl.quantity) AS BIGINT) FROM shipment_line sl "
         "JOIN product pr ON pr.id = sl.product_id WHERE sl.shipment_id = $1 AND sl.state <> 'cancelled' "
         "GROUP BY pr.id, pr.name, pr.sku ORDER BY pr.sku"},
    [BATCH] = {"label_batch", "SELECT b.number, b.courier, COALESCE(p.name, '') FROM batch b "
                              "LEFT JOIN person p ON p.id = b.person_id WHERE b.id = $1"},
    [BATCH_ROWS] = {"label_batch_rows",
                    "SELECT pr.name, pr.sku, CAST(t.quantity - t.picked AS BIGINT), l.code, s.slot, "
                    "COALESCE((SELECT MIN(tl.code) FROM tote_use tu JOIN location tl ON tl.id = tu.tote_id "
                    "WHERE tu.shipment_id = s.id), ''), COALESCE(lot.code, ''), "
                    "COALESCE((SELECT MIN(pc.code) FROM product_code pc WHERE pc.product_id = pr.id AND "
                    "pc.quantity = 1), "
                    "pr.sku) FROM shipment s JOIN pick_task t ON t.shipment_id = s.id JOIN product pr ON "
                    "pr.id = t.product_id "
                    "JOIN location l ON l.id = t.location_id LEFT JOIN lot ON lot.id = t.lot_id "
                    "WHERE s.batch_id = $1 AND t.open = 1 AND t.picked < t.quantity "
                    "ORDER BY l.walk_order, l.code, pr.sku, s.slot, t.id"},
    [MANIFEST] = {"label_manifest", "SELECT m.number, m.courier, w.name FROM manifest m "
                                    "JOIN warehouse w ON w.id = m.warehouse_id WHERE m.id = $1"},
    [MANIFEST_ROWS] = {"label_manifest_rows",
                       "SELECT wb.number, o.external_id, wb.cod_minor, s.currency FROM parcel p "
                       "JOIN shipment s ON s.id = p.shipment_id JOIN sales_order o ON o.id = s.order_id "
                       "JOIN waybill wb ON wb.parcel_id = p.id AND wb.state = 'out' WHERE p.manifest_id = $1 "
                       "ORDER BY wb.number"},
    [PERSON] = {"label_person",
                "SELECT p.id, p.name, w.name FROM person p JOIN warehouse w ON w.id = p.warehouse_id "
                "WHERE p.id = $1"},
    [PRINTER] = {"label_printer", "SELECT name FROM printer WHERE id = $1"},
};

/* The first row of a query, to be closed. NULL with ERR_JOB_DATA when there is none. */
static struct rows *first_row(struct site *site, int statement, const struct db_value *args, size_t count,
                              const struct job *job, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[statement], args, count, error);
    int found = rows_next(rows, error);
    if (found > 0)
        return rows;
    char id[24];
    g_snprintf(id, sizeof id, "%" PRId64, job->id);
    if (found == 0)
        err_set(error, ERR_JOB_DATA, id);
    return NULL;
}

static void set_code(struct label *label, enum code_kind kind, int64_t id)
{
    char code[CODE_SIZE];
    label_set(&label->code, code_make(kind, id, code));
}

/* --- waybills and slips --------------------------------------------------------------------------------- */

static gboolean check_live(struct rows *rows, GError **error)
{
    const char *number = rows_text(rows, 0), *order = rows_text(rows, 11);
    if (flow_state_parse(rows_text(rows, 3)) == ST_VOID)
        err_set(error, ERR_LABEL_VOID, number, order);
    else if (rows_int(rows, 5) != rows_int(rows, 6) || rows_int(rows, 8) != rows_int(rows, 9))
        err_set(error, ERR_LABEL_CHANGED, order, number);
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

static void set_recipient(struct rows *rows, struct label *label)
{
    label_set(&label->recipient_name, rows_text(rows, 14));
    label_set(&label->recipient_phone, rows_text(rows, 15));
    label_set(&label->recipient_postcode, rows_text(rows, 16));
    label->recipient_address = whole_address(rows_text(rows, 17), rows_text(rows, 18), rows_text(rows, 19));
    label_set(&label->store_code, rows_text(rows, 20));
    label_set(&label->store_name, rows_text(rows, 21));
    if (label->kind == LABEL_WAYBILL)
        label_set(&label->note, rows_text(rows, 22));
}

static void set_waybill(struct site *site, struct rows *rows, const struct job *job, struct label *label)
{
    label_set(&label->number, rows_text(rows, 0));
    label_set(&label->service, rows_text(rows, 2));
    label->generation = (int)rows_int(rows, 4);
    if (rows_int(rows, 5) > 0) {
        label_set(&label->cod_currency, rows_text(rows, 7));
        label->cod_minor = rows_int(rows, 5);
    }
    set_code(label, CODE_SHIPMENT, rows_int(rows, 10));
    label_set(&label->orders, rows_text(rows, 11));
    label->slot = (int)rows_int(rows, 12);
    label_set(&label->batch, rows_text(rows, 13));
    set_recipient(rows, label);
    label_set(&label->sender_name, *rows_text(rows, 23) ? rows_text(rows, 23) : rows_text(rows, 28));
    label_set(&label->sender_phone, rows_text(rows, 24));
    label_set(&label->sender_address, rows_text(rows, 25));
    label->sequence = (int)job->run_sequence;
    label->total = (int)rows_int(rows, 27);
    label->qr = g_strdup_printf("%s|%s", label->number, label->orders);
    set_courier(site, label, rows_text(rows, 1), label->recipient_postcode);
}

/* The rows of a label: every statement begins with a name and a code; fill takes what it has besides. */
static gboolean add_rows(struct site *site, int statement, int64_t id, struct label *label,
                         void (*fill)(struct rows *rows, struct label_row *row), GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[statement], DB_ARGS(db_int(id)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct label_row *row = label_add_row(label);
        row->name = g_strdup(rows_text(rows, 0));
        row->sku = g_strdup(rows_text(rows, 1));
        fill(rows, row);
    }
    return more == 0;
}

static void fill_item(struct rows *rows, struct label_row *row)
{
    row->quantity = (int)rows_int(rows, 2);
}

static gboolean load_waybill(struct site *site, const struct job *job, struct label *label, GError **error)
{
    struct rows *rows =
        first_row(site, WAYBILL, DB_ARGS(db_int(job->waybill_id), db_int(job->run_id)), job, error);
    if (!rows)
        return FALSE;
    gboolean live = check_live(rows, error);
    int64_t shipment_id = rows_int(rows, 10), parcel_id = rows_int(rows, 26);
    if (live)
        set_waybill(site, rows, job, label);
    rows_close(rows);
    if (!live || !add_rows(site, PARCEL_ITEMS, parcel_id, label, fill_item, error))
        return FALSE;
    /* Printed ahead: what has been counted into the parcel so far is not what will be in it. */
    return label->rows->len > 0 || add_rows(site, SHIPMENT_ITEMS, shipment_id, label, fill_item, error);
}

/* --- sheets --------------------------------------------------------------------------------------------- */

static void fill_pick(struct rows *rows, struct label_row *row)
{
    row->quantity = (int)rows_int(rows, 2);
    row->bin = g_strdup(rows_text(rows, 3));
    row->target = *rows_text(rows, 5) ? g_strdup(rows_text(rows, 5))
                                      : g_strdup_printf("%" PRId64, rows_int(rows, 4));
    row->lot = g_strdup(rows_text(rows, 6));
    row->code = g_strdup(rows_text(rows, 7));
}

static gboolean load_pick_list(struct site *site, const struct job *job, struct label *label, GError **error)
{
    struct rows *rows = first_row(site, BATCH, DB_ARGS(db_int(job->batch_id)), job, error);
    if (!rows)
        return FALSE;
    const struct courier *courier = couriers_get(site->couriers, rows_text(rows, 1));
    label_set(&label->batch, rows_text(rows, 0));
    label_set(&label->courier, courier ? courier->name_zh : rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 2));
    rows_close(rows);
    set_code(label, CODE_BATCH, job->batch_id);
    return add_rows(site, BATCH_ROWS, job->batch_id, label, fill_pick, error);
}

static void fill_parcel(struct rows *rows, struct label_row *row)
{
    row->quantity = 1;
    if (rows_int(rows, 2) > 0)
        row->target = g_strdup_printf("%" PRId64, rows_int(rows, 2) / 100);
}

static gboolean load_manifest(struct site *site, const struct job *job, struct label *label, GError **error)
{
    struct rows *rows = first_row(site, MANIFEST, DB_ARGS(db_int(job->manifest_id)), job, error);
    if (!rows)
        return FALSE;
    const struct courier *courier = couriers_get(site->couriers, rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 0));
    label_set(&label->courier, courier ? courier->name_zh : rows_text(rows, 1));
    label_set(&label->sender_name, rows_text(rows, 2));
    rows_close(rows);
    return add_rows(site, MANIFEST_ROWS, job->manifest_id, label, fill_parcel, error);
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
    struct rows *rows = first_row(site, PERSON, DB_ARGS(db_int(job->person_id)), job, error);
    if (!rows)
        return FALSE;
    set_code(label, CODE_PERSON, rows_int(rows, 0));
    label_set(&label->note, rows_text(rows, 1));
    label_set(&label->title, rows_text(rows, 2));
    rows_close(rows);
    return TRUE;
}

static gboolean load_test(struct site *site, const struct job *job, struct label *label, GError **error)
{
    struct rows *rows = first_row(site, PRINTER, DB_ARGS(db_int(job->printer_id)), job, error);
    if (!rows)
        return FALSE;
    label_set(&label->title, rows_text(rows, 0));
    label_set(&label->code, "TEST-0123456789");
    rows_close(rows);
    return TRUE;
}

struct label *label_load(struct site *site, const struct job *job, GError **error)
{
    static gboolean (*const LOAD[])(struct site *, const struct job *, struct label *, GError **) = {
        [LABEL_WAYBILL] = load_waybill,
        [LABEL_SLIP] = load_waybill,
        [LABEL_PICK_LIST] = load_pick_list,
        [LABEL_MANIFEST] = load_manifest,
        [LABEL_BENCH_CARD] = load_bench_card,
        [LABEL_BADGE] = load_badge,
        [LABEL_TEST] = load_test,
    };
    enum label_kind kind = label_kind_of(job->kind);
    if (kind == LABEL_KINDS) {
        err_set(error, ERR_JOB_DATA, job->kind);
        return NULL;
    }
    struct label *label = label_new(kind);
    label->copy = (int)job->copy;
    label->printed_at = clock_format(site->zone, site_now(site), "%Y-%m-%d %H:%M");
    if (LOAD[kind](site, job, label, error))
        return label;
    label_free(label);
    return NULL;
}
