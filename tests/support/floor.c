/* SPDX-License-Identifier: MIT */
#include "tests/support/floor.h"

#include <string.h>

#include "core/apply/act.h"
#include "core/apply/apply.h"
#include "core/apply/begin.h"
#include "core/apply/load.h"
#include "core/base/clock.h"
#include "core/check/check.h"
#include "core/db/db.h"
#include "core/site/first_rows.h"
#include "core/site/record.h"
#include "core/waybill/range.h"

static const struct site_names NAMES = {.warehouse_code = "TYN",
                                        .warehouse_name = "桃園倉",
                                        .time_zone = "Asia/Taipei",
                                        .owner_code = "OWN",
                                        .owner_name = "小店"};

/* A statement is known by its address, so one made on the way must stay: by its text, to the end of the test. */
const struct sql *floor_sql(const char *text)
{
    static GHashTable *kept;
    static GMutex lock; /* desks may be in threads of their own */
    g_mutex_lock(&lock);
    if (!kept)
        kept = g_hash_table_new(g_str_hash, g_str_equal);
    struct sql *sql = g_hash_table_lookup(kept, text);
    if (!sql) {
        sql = g_new0(struct sql, 1);
        sql->text = g_strdup(text);
        sql->name = g_strdup_printf("test_%u", g_hash_table_size(kept));
        g_hash_table_insert(kept, g_strdup(text), sql);
    }
    g_mutex_unlock(&lock);
    return sql;
}

static void insert(struct floor *floor, const char *text, const struct db_value *args, size_t count)
{
    GError *error = NULL;
    gboolean done = db_exec(floor->site->db, floor_sql(text), args, count, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

int64_t floor_int(struct floor *floor, const char *text, int64_t arg)
{
    GError *error = NULL;
    int64_t out = 0;
    const struct db_value value = db_int(arg);
    int found = db_get_ints(floor->site->db, floor_sql(text), &value, strstr(text, "$1") ? 1 : 0, &out, 1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(found, >=, 0);
    return out;
}

char *floor_text(struct floor *floor, const char *text, int64_t arg)
{
    GError *error = NULL;
    struct rows *rows = db_query(floor->site->db, floor_sql(text), DB_ARGS(arg), &error);
    g_assert_no_error(error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    char *out = g_strdup(rows_text(rows, 0));
    rows_close(rows);
    return out;
}

/* --- who and where -------------------------------------------------------------------------------------- */

static int64_t person(struct floor *floor, const char *role)
{
    int64_t id = site_id(floor->site);
    insert(floor, "INSERT INTO person (id, warehouse_id, badge, name, role) VALUES ($1, $2, $3, $3, $4) "
           "ON CONFLICT (warehouse_id, badge) DO NOTHING",
           DB_ARGS(id, floor->site->warehouse_id, role, role));
    g_assert_cmpint(db_get_ints(floor->site->db, floor_sql("SELECT id FROM person WHERE badge = $1"),
                                DB_ARGS(role), &id, 1, NULL),
                    ==, 1);
    return id;
}

static gboolean add_range(struct db *db, void *data, GError **error)
{
    struct floor *floor = data;
    struct range_new range = {.courier = "hct", .first = 100000000, .last = 100009999, .low_mark = -1};
    (void)db;
    return range_add(floor->site, &range, error) != 0;
}

static void first_rows(struct floor *floor)
{
    struct site *site = floor->site;
    GError *error = NULL;
    insert(floor, "INSERT INTO printer (id, warehouse_id, name, uri, host) VALUES ($1, $2, 'label-1', $3, '')",
           DB_ARGS(site_id(site), site->warehouse_id, "file:/nonexistent"));
    insert(floor, "INSERT INTO shop (id, warehouse_id, owner_id, code, name, format) VALUES ($1, $2, $3, 'shop', '小店', 'generic')",
           DB_ARGS(site_id(site), site->warehouse_id, site->owner_id));
    g_assert_true(db_transaction(site->db, add_range, floor, &error));
    g_assert_no_error(error);
}

struct floor *floor_open(struct testdb *test, const char *writer)
{
    struct floor *floor = g_new0(struct floor, 1);
    GError *error = NULL;
    floor->test = test;
    g_assert_true(site_create(test->url, &NAMES, NULL, &error));
    floor->site = site_open(test->url, writer, NULL, &error);
    g_assert_no_error(error);
    if (floor_int(floor, "SELECT COUNT(*) FROM shop", 0) == 0)
        first_rows(floor);
    floor->shop_id = floor_int(floor, "SELECT id FROM shop ORDER BY id LIMIT 1", 0);
    floor->printer_id = floor_int(floor, "SELECT id FROM printer ORDER BY id LIMIT 1", 0);
    floor->picker.person_id = person(floor, "picker");
    floor->packer.person_id = person(floor, "packer");
    floor->dock.person_id = person(floor, "dock");
    floor->lead.person_id = person(floor, "lead");
    floor->system.person_id = floor->site->system_person_id;
    history_begin(floor->site, &error);
    g_assert_no_error(error);
    return floor;
}

static void complain(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%d %s: %s\n", info->invariant, info->name, what);
}

/* Its history is folded as well, unless the test has written beside it or it is a long one. */
static enum check_depth depth_of(struct floor *floor)
{
    enum { LONG = 3000 };
    return floor->by_hand || floor_int(floor, "SELECT COUNT(*) FROM shipment", 0) > LONG ? CHECK_NORMAL : CHECK_FULL;
}

static gboolean note_said(enum said said, const struct said_row *row, void *data, GError **error)
{
    (void)error;
    said_note(data, said, row->key);
    return TRUE;
}

static gboolean note_all(struct site *site, void *data, GError **error)
{
    gboolean done = TRUE;
    (void)data;
    for (int said = SAID_WAREHOUSE; done && said < SAID_COUNT; said++)
        done = said_each(site->db, (enum said)said, note_said, site, error);
    return done;
}

void floor_say(struct floor *floor)
{
    const struct record record = {.event = "said", .is_of_said = TRUE};
    GError *error = NULL;
    site_record(floor->site, &floor->system, &record, note_all, NULL, &error);
    if (err_code(error) == ERR_WRITER_LOST) {
        g_clear_error(&error);
        site_record(floor->site, &floor->system, &record, note_all, NULL, &error);
    }
    g_assert_no_error(error);
}

void floor_forget(struct floor *floor, const char *sql)
{
    struct db *db = floor->site->db;
    testdb_script(db, db_engine_of(db) == DB_SQLITE ? "DROP TRIGGER difference_no_delete"
                                                    : "ALTER TABLE difference DISABLE TRIGGER USER");
    testdb_script(db, sql);
    floor->tampered = TRUE;
}

static void look_at_invariants(struct floor *floor)
{
    GString *said = g_string_new(NULL);
    guint violations = 0;
    GError *error = NULL;
    gboolean done =
        check_run(floor->site->db, &(struct check_way){.depth = depth_of(floor), .now_utc_ms = site_now(floor->site),
                                                       .report = complain, .data = said},
                  &violations, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    if (violations)
        g_error("the invariants do not hold:\n%s", said->str);
    g_string_free(said, TRUE);
}

#define PRINTER_OF_JOB(what) "SELECT " what " FROM job j JOIN printer p ON p.id = j.printer_id WHERE j.id = $1"

int64_t floor_submission(struct floor *floor, int64_t job_id)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *host = floor_text(floor, PRINTER_OF_JOB("p.host"), job_id);
    g_autofree char *uri = floor_text(floor, PRINTER_OF_JOB("p.uri"), job_id);
    struct event make = {.kind = EV_SUBMISSION_MAKE, .actor = floor->system, .text = uuid,
                         .quantity = printer_address(host, uri), .printer_id = floor_int(floor, PRINTER_OF_JOB("p.id"), job_id)};
    return floor_do(floor, make).subject_id;
}

int64_t floor_claim(struct floor *floor, int64_t job_id)
{
    int64_t submission = floor_submission(floor, job_id);
    floor_do(floor, (struct event){.kind = EV_JOB_CLAIM, .actor = floor->system, .job_id = job_id, .page = 1,
                                   .submission_id = submission});
    return submission;
}

void floor_of_job(struct floor *floor, enum event_kind kind, int64_t job_id, int64_t submission_id)
{
    floor_do(floor, (struct event){.kind = kind, .actor = floor->system, .job_id = job_id, .submission_id = submission_id});
}

static void print_job(struct floor *floor, int64_t job)
{
    int64_t submission = floor_claim(floor, job);
    struct event own = {.kind = EV_SUBMISSION_SEAL, .actor = floor->system, .submission_id = submission, .quantity = 1};
    floor_do(floor, own);
    floor_of_job(floor, EV_JOB_SENT, job, submission);
    own.kind = EV_SUBMISSION_PRINTED;
    floor_do(floor, own);
    floor_of_job(floor, EV_JOB_PRINTED, job, submission);
}

#define QUEUED "SELECT id FROM job WHERE state = 'queued'"

void floor_print_all(struct floor *floor)
{
    int64_t job;
    while ((job = floor_int(floor, QUEUED " ORDER BY id LIMIT 1", 0)) != 0)
        print_job(floor, job);
}

void floor_print(struct floor *floor, int64_t shipment_id)
{
    int64_t job;
    while ((job = floor_int(floor, QUEUED " AND shipment_id = $1 ORDER BY id LIMIT 1", shipment_id)) != 0)
        print_job(floor, job);
}

void floor_close(struct floor *floor)
{
    if (!floor->tampered) {
        floor_print_all(floor);
        floor_say(floor);
        look_at_invariants(floor);
    }
    site_close(floor->site);
    g_free(floor);
}

/* --- goods ---------------------------------------------------------------------------------------------- */

static int64_t product(struct floor *floor, const char *sku, const char *code, int has_lots)
{
    struct site *site = floor->site;
    int64_t id = site_id(site);
    insert(floor, "INSERT INTO product (id, warehouse_id, owner_id, sku, name, has_lots) VALUES ($1, $2, $3, $4, $5, $6)",
           DB_ARGS(id, site->warehouse_id, site->owner_id, sku, sku,
                   has_lots));
    if (code)
        insert(floor, "INSERT INTO product_code (warehouse_id, owner_id, code, product_id) VALUES ($1, $2, $3, $4)",
               DB_ARGS(site->warehouse_id, site->owner_id, code, id));
    return id;
}

int64_t floor_product(struct floor *floor, const char *sku, const char *code)
{
    return product(floor, sku, code, 0);
}

int64_t floor_product_with_lots(struct floor *floor, const char *sku, const char *code)
{
    return product(floor, sku, code, 1);
}

int64_t floor_lot(struct floor *floor, int64_t product_id, const char *code, int expires_on)
{
    int64_t id = site_id(floor->site);
    insert(floor, "INSERT INTO lot (id, product_id, code, expires_on) VALUES ($1, $2, $3, $4)",
           DB_ARGS(id, product_id, code, expires_on));
    return id;
}

static int64_t place(struct floor *floor, const char *kind, const char *code, int walk_order)
{
    int64_t id = site_id(floor->site);
    insert(floor, "INSERT INTO location (id, warehouse_id, kind, code, walk_order) VALUES ($1, $2, $3, $4, $5)",
           DB_ARGS(id, floor->site->warehouse_id, kind, code, walk_order));
    return id;
}

int64_t floor_bin(struct floor *floor, const char *code, int walk_order)
{
    return place(floor, "bin", code, walk_order);
}

int64_t floor_tote(struct floor *floor, const char *code)
{
    return place(floor, "tote", code, 0);
}

void floor_receive(struct floor *floor, int64_t product_id, int64_t lot_id, int64_t bin_id, int64_t quantity)
{
    floor_do(floor, (struct event){.kind = EV_RECEIVE, .actor = floor->lead, .product_id = product_id, .lot_id = lot_id,
                                   .to_id = bin_id, .quantity = quantity, .reason = "test"});
}

/* --- orders --------------------------------------------------------------------------------------------- */

static void order_line(struct floor *floor, struct dossier *dossier, int64_t order_id, int line_no,
                       const struct floor_item *item)
{
    struct site *site = floor->site;
    int64_t line_id = site_id(site), product_id = 0;
    g_assert_cmpint(db_get_ints(site->db, floor_sql("SELECT id FROM product WHERE sku = $1"),
                                DB_ARGS(item->sku), &product_id, 1, NULL),
                    ==, 1);
    insert(floor, "INSERT INTO order_line (id, order_id, line_no, shop_sku, title, quantity) VALUES ($1, $2, $3, $4, $5, $6)",
           DB_ARGS(line_id, order_id, line_no, item->sku, item->sku,
                   item->quantity));
    struct wanted *wanted = (struct wanted *)(void *)row_load(dossier, TABLE_WANTED, order_id, order_id);
    wanted->order_line_id = line_id;
    wanted->product_id = product_id;
    wanted->quantity = item->quantity;
    wanted->mapped = 1;
}

struct birth {
    struct act act;
    struct dossier *dossier;
    struct event event;
};

/* As an import makes a shipment. */
static gboolean bear(struct db *db, void *data, GError **error)
{
    struct birth *birth = data;
    struct outcome outcome;
    (void)db;
    act_begin(&birth->act, birth->dossier);
    return dossier_load(birth->dossier, birth->act.site, &birth->event, 1, 0, error) &&
           (dossier_add_parts(birth->dossier, NEED_WANTED), TRUE) &&
           act_event(&birth->act, &birth->event, &outcome, error) && act_store(&birth->act, error);
}

/* The birth of an order can't be tried again: where another floor on the same test has sealed, its key is taken first. */
static void take_new_key(struct floor *floor)
{
    struct site *site = floor->site;
    GError *lost = NULL, *error = NULL;
    if (floor_int(floor, "SELECT epoch FROM writer WHERE slot = $1", site->writer.slot) == site->writer.epoch)
        return;
    err_set(&lost, ERR_WRITER_LOST);
    g_assert_cmpint(writer_recover(site, lost, &error), >, 0);
    g_assert_no_error(error);
    g_error_free(lost);
}

int64_t floor_order(struct floor *floor, const char *number, const char *courier, const struct floor_item *items, size_t n)
{
    struct site *site = floor->site;
    int64_t recipient_id = site_id(site), order_id = site_id(site);
    struct birth birth = {.act = {.site = site, .house = house_of(site)}, .dossier = dossier_new()};
    insert(floor, "INSERT INTO recipient (id, name, phone, phone_tail, postcode, county, district, address) "
           "VALUES ($1, '王大衛', '0900000123', '0123', '407', '臺中市', '西屯區', '臺灣大道三段1號')",
           DB_ARGS(recipient_id));
    insert(floor, "INSERT INTO sales_order (id, warehouse_id, owner_id, shop_id, external_id, recipient_id, courier, "
           "content_hash, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)",
           DB_ARGS(order_id, site->warehouse_id, site->owner_id, floor->shop_id,
                   number, recipient_id, courier, site_now(site)));
    for (size_t i = 0; i < n; i++)
        order_line(floor, birth.dossier, order_id, (int)i + 1, &items[i]);
    birth.event = (struct event){.key = flow_key(site), .kind = EV_SHIPMENT_MAKE, .actor = floor->system, .order_id = order_id,
                                 .recipient_id = recipient_id, .courier = courier, .currency = "TWD"};
    GError *error = NULL;
    history_begin(site, &error);
    g_assert_no_error(error);
    take_new_key(floor);
    db_transaction(site->db, bear, &birth, &error);
    g_assert_no_error(error);
    act_done(&birth.act);
    act_clear(&birth.act);
    return birth.event.key;
}

/* --- events --------------------------------------------------------------------------------------------- */

struct outcome floor_apply(struct floor *floor, struct event event)
{
    GError *error = NULL;
    struct outcome outcome;
    if (event.key == 0)
        event.key = flow_key(floor->site);
    gboolean applied = flow_apply(floor->site, &event, 1, &outcome, &error);
    g_assert_no_error(error);
    g_assert_true(applied);
    return outcome;
}

struct outcome floor_do(struct floor *floor, struct event event)
{
    struct outcome outcome = floor_apply(floor, event);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s was refused: PL-%04d %s", flow_event_name(event.kind), (int)outcome.code, outcome.text);
    return outcome;
}

void floor_refused(struct floor *floor, struct event event, enum err code)
{
    struct outcome outcome = floor_apply(floor, event);
    g_assert_cmpint(outcome.verdict, !=, VERDICT_DONE);
    if (outcome.code != code)
        g_error("refused with PL-%04d %s, not PL-%04d", (int)outcome.code, outcome.text, (int)code);
}

int64_t floor_packed(struct floor *floor, int64_t shipment_id)
{
    return floor_int(floor, "SELECT CAST(SUM(packed) AS BIGINT) FROM shipment_line WHERE shipment_id = $1", shipment_id);
}

int64_t floor_held(struct floor *floor)
{
    return floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'held' AND cleared_at IS NULL", 0);
}

void floor_is(struct floor *floor, int64_t shipment_id, enum state state)
{
    char *name = floor_text(floor, "SELECT state FROM shipment WHERE id = $1", shipment_id);
    g_assert_cmpstr(name, ==, flow_state_name(state));
    g_free(name);
}

void floor_release(struct floor *floor, int64_t shipment_id)
{
    floor_do(floor, (struct event){.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = shipment_id});
}

void floor_pick_all(struct floor *floor, int64_t shipment_id)
{
    int64_t task_id;
    while ((task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1",
                                shipment_id)) != 0)
        floor_do(floor, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment_id,
                                       .task_id = task_id,
                                       .quantity = floor_int(floor, "SELECT quantity - picked FROM pick_task WHERE id = $1",
                                                             task_id)});
}

void floor_pack_all(struct floor *floor, int64_t shipment_id)
{
    int64_t line_id;
    while ((line_id = floor_int(floor,
                                "SELECT id FROM shipment_line WHERE shipment_id = $1 AND state = 'picked' ORDER BY id LIMIT 1",
                                shipment_id)) != 0)
        floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment_id,
                                       .line_id = line_id,
                                       .quantity = floor_int(floor, "SELECT picked - packed FROM shipment_line WHERE id = $1",
                                                             line_id)});
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment_id});
}

void floor_apply_label(struct floor *floor, int64_t shipment_id)
{
    floor_print(floor, shipment_id); /* what is on no paper is on no box */
    int64_t waybill_id = floor_int(floor,
                                   "SELECT w.id FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1 "
                                   "AND w.state IN ('assigned', 'printed')",
                                   shipment_id);
    floor_do(floor, (struct event){.kind = EV_APPLY, .actor = floor->packer, .shipment_id = shipment_id,
                                   .waybill_id = waybill_id});
}

struct event floor_out(struct floor *floor, int64_t shipment_id)
{
    char *courier = floor_text(floor, "SELECT courier FROM shipment WHERE id = $1", shipment_id);
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = courier};
    struct event out = {.kind = EV_OUT, .actor = floor->dock, .shipment_id = shipment_id};
    out.manifest_id = floor_do(floor, open).subject_id;
    out.parcel_id = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1", shipment_id);
    g_free(courier);
    return out;
}

void floor_send(struct floor *floor, int64_t shipment_id)
{
    floor_release(floor, shipment_id);
    floor_pick_all(floor, shipment_id);
    floor_pack_all(floor, shipment_id);
    floor_print_all(floor);
    floor_apply_label(floor, shipment_id);
    floor_do(floor, floor_out(floor, shipment_id));
    floor_is(floor, shipment_id, ST_OUTBOUND);
}
