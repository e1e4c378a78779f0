/* SPDX-License-Identifier: MIT
 *
 * Nothing of what rules compute can be changed behind their back unseen: violations are planted over every table and column
 * that matters, one at a time and taken back, and the fold of what happened must name the row.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/error.h"
#include "core/check/check_table.h"
#include "tests/support/floor.h"

static const struct plant {
    const char *names; /* what must be said of it */
    const char *sql;
} PLANTS[] = {
    /* shipment */
    {"table=shipment", "UPDATE shipment SET state = 'packed' WHERE state = 'labelled'"},
    {"version", "UPDATE shipment SET version = version + 1 WHERE state = 'outbound'"},
    {"told", "UPDATE shipment SET told = told - 1 WHERE state = 'outbound'"},
    {"recipient_id", "UPDATE shipment SET recipient_id = (SELECT MIN(id) FROM recipient) WHERE state = 'new'"},
    {"order_id", "UPDATE shipment SET order_id = (SELECT MIN(id) FROM sales_order) WHERE state = 'new'"},
    {"courier", "UPDATE shipment SET courier = 'tcat' WHERE state = 'new'"},
    {"service", "UPDATE shipment SET service = 'cold' WHERE state = 'new'"},
    {"cod_minor", "UPDATE shipment SET cod_minor = 0 WHERE cod_minor > 0"},
    {"currency", "UPDATE shipment SET currency = 'CNY' WHERE state = 'new'"},
    {"priority", "UPDATE shipment SET priority = 9 WHERE state = 'ready'"},
    {"cut_off_at", "UPDATE shipment SET cut_off_at = 5 WHERE state = 'ready'"},
    {"lines", "UPDATE shipment SET lines = lines + 1 WHERE state = 'ready'"},
    {"units", "UPDATE shipment SET units = units + 1 WHERE state = 'ready'"},
    {"batch_id", "UPDATE shipment SET batch_id = NULL WHERE state = 'batched'"},
    {"slot", "UPDATE shipment SET slot = 7 WHERE state = 'batched'"},
    {"person_id", "UPDATE shipment SET person_id = (SELECT MAX(id) FROM person) WHERE state = 'new'"},
    {"changed_at", "UPDATE shipment SET changed_at = changed_at + 1 WHERE state = 'outbound'"},
    /* lines and tasks */
    {"state=open", "UPDATE shipment_line SET state = 'open' WHERE state = 'packed'"},
    {"quantity", "UPDATE shipment_line SET quantity = quantity + 1 WHERE state = 'reserved'"},
    {"picked", "UPDATE shipment_line SET state = 'picked', picked = quantity WHERE state = 'reserved'"},
    {"packed", "UPDATE shipment_line SET packed = packed - 1 WHERE packed > 0"},
    {"product_id", "UPDATE shipment_line SET product_id = (SELECT MAX(id) FROM product) WHERE state = 'open'"},
    {"is missing", "DELETE FROM shipment_line WHERE state = 'open' AND id NOT IN (SELECT line_id FROM pick_task)"},
    {"table=pick_task", "UPDATE pick_task SET open = 1 - open"},
    {"quantity", "UPDATE pick_task SET quantity = quantity + 1"},
    {"picked", "UPDATE pick_task SET picked = picked - 1 WHERE picked > 0"},
    {"location_id", "UPDATE pick_task SET location_id = (SELECT MAX(id) FROM location)"},
    {"skipped", "UPDATE pick_task SET skipped = 3"},
    {"is missing", "DELETE FROM pick_task"},
    /* totes, blocks */
    {"nothing made it", "INSERT INTO tote_use (tote_id, shipment_id, at) SELECT 77, id, 1 FROM shipment WHERE state = 'picking'"},
    {"is missing", "DELETE FROM tote_use"},
    {"table=block", "DELETE FROM block"},
    {"cleared_at", "UPDATE block SET cleared_at = 5, cleared_by = person_id"},
    {"kind differs", "UPDATE block SET kind = 'presale'"},
    {"reason differs", "UPDATE block SET reason = 'nobody said so'"},
    {"person_id", "UPDATE block SET person_id = (SELECT MIN(id) FROM person)"},
    {"nothing made it", "INSERT INTO block (id, shipment_id, kind, person_id, at) SELECT 5, s.id, 'address', p.id, 1 FROM shipment s, "
                        "person p WHERE s.state = 'new' AND p.role = 'lead'"},
    /* parcels and what is in them */
    {"state=packed", "UPDATE parcel SET state = 'packed' WHERE state = 'labelled'"},
    {"shipment_id=", "UPDATE parcel SET shipment_id = (SELECT id FROM shipment WHERE state = 'new') WHERE state = 'out'"},
    {"number", "UPDATE parcel SET number = number + 5"},
    {"generation", "UPDATE parcel SET generation = 3 WHERE state = 'packed'"},
    {"weight_g", "UPDATE parcel SET weight_g = weight_g + 1"},
    {"packed_by", "UPDATE parcel SET packed_by = (SELECT MIN(id) FROM person) WHERE packed_by IS NOT NULL"},
    {"packed_at", "UPDATE parcel SET packed_at = 1 WHERE packed_at IS NOT NULL"},
    {"manifest_id", "UPDATE parcel SET manifest_id = NULL WHERE state = 'out'"},
    {"out_at", "UPDATE parcel SET out_at = out_at + 86400000 WHERE state = 'out'"},
    {"table=parcel_line", "UPDATE parcel_line SET quantity = quantity + 1"},
    {"is missing", "DELETE FROM parcel_line"},
    {"lot_id", "UPDATE parcel_line SET lot_id = 7"},
    /* waybills */
    {"state=printed", "UPDATE waybill SET state = 'printed' WHERE state = 'applied'"},
    {"number differs", "UPDATE waybill SET number = '1234567890' WHERE id = (SELECT MAX(id) FROM waybill)"},
    {"is missing", "UPDATE waybill SET state = 'void', parcel_id = NULL WHERE state = 'out'"},
    {"recipient_id", "UPDATE waybill SET recipient_id = (SELECT MAX(id) FROM recipient)"},
    {"cod_minor", "UPDATE waybill SET cod_minor = 1 - cod_minor"},
    {"generation", "UPDATE waybill SET generation = 9"},
    {"service differs", "UPDATE waybill SET service = 'cold'"},
    {"void_reason differs", "UPDATE waybill SET void_reason = 'nobody said so'"},
    {"serial", "UPDATE waybill SET serial = serial + 1000"},
    {"next=", "UPDATE waybill_range SET next = next + 1"},
    /* paper */
    {"state=answered", "UPDATE job SET state = 'answered' WHERE shipment_id IS NOT NULL"},
    {"table=job", "UPDATE job SET state = 'printed' WHERE shipment_id IS NULL"},
    {"made_at", "UPDATE job SET made_at = made_at - 1"},
    {"copy", "UPDATE job SET copy = 7 WHERE shipment_id IS NOT NULL"},
    {"reason differs", "UPDATE job SET reason = 'nobody said so'"},
    {"priority", "UPDATE job SET priority = 3"},
    {"is missing", "DELETE FROM job"},
    {"submission_id", "UPDATE job SET submission_id = NULL WHERE submission_id IS NOT NULL"},
    {"page", "UPDATE job SET page = page + 1"},
    {"run_sequence", "UPDATE job SET run_sequence = 12"},
    /* batches, runs, manifests */
    {"table=batch", "UPDATE batch SET state = 'done'"},
    {"person_id", "UPDATE batch SET person_id = NULL"},
    {"courier differs", "UPDATE batch SET courier = 'tcat'"},
    {"kind differs", "UPDATE batch SET kind = 'lane'"},
    {"number differs", "UPDATE batch SET number = 'B0099'"},
    {"made_by", "UPDATE batch SET made_by = (SELECT MIN(id) FROM person)"},
    {"table=manifest", "UPDATE manifest SET state = 'closed', closed_at = 5"},
    {"courier differs", "UPDATE manifest SET courier = 'tcat'"},
    {"opened_by", "UPDATE manifest SET opened_by = (SELECT MIN(id) FROM person)"},
    {"table=print_run", "UPDATE print_run SET state = 'cancelled'"},
    {"labels", "UPDATE print_run SET labels = labels + 1"},
    {"filter differs", "UPDATE print_run SET filter = 'courier=tcat'"},
    /* what all share */
    {"on_hand", "UPDATE stock SET on_hand = on_hand + 1"},
    {"reserved", "UPDATE stock SET reserved = reserved - 1 WHERE reserved > 0"},
    {"is missing", "DELETE FROM stock"},
    {"nothing made it", "INSERT INTO count_task (id, warehouse_id, location_id, product_id, reason, event_key, at) "
                        "SELECT 5, p.warehouse_id, l.id, p.id, 'short', 5, 5 FROM product p, location l WHERE l.kind = 'bin' AND p.sku = 'TEA'"},
    {"value", "UPDATE counter SET value = value + 1 WHERE name = 'batch'"},
    /* whole subjects */
    {"nothing made it", "INSERT INTO batch (id, warehouse_id, owner_id, number, state, made_by, made_at) SELECT 5, s.warehouse_id, "
                        "s.owner_id, 'B9', 'ready', p.id, 5 FROM shipment s, person p WHERE s.state = 'new' AND p.role = 'lead'"},
    {"nothing made it", "INSERT INTO shipment (id, warehouse_id, owner_id, state, order_id, recipient_id, changed_at) SELECT 5, "
                        "warehouse_id, owner_id, 'new', order_id, recipient_id, 5 FROM shipment WHERE state = 'new'"},
};

static void note(const struct check_info *info, const char *what, void *data)
{
    (void)info;
    g_string_append_printf(data, "%s\n", what);
}

struct looking {
    const struct plant *plant;
    GString *said;
};

/* Looks inside of the transaction, which is taken back. */
static gboolean plant_and_look(struct db *db, void *data, GError **error)
{
    struct looking *looking = data;
    const struct sql sql = {"test_plant", looking->plant->sql};
    const struct check_way way = {.report = note, .data = looking->said};
    struct checker checker = {.db = db, .check = check_table_at(0), .way = &way};
    int64_t changed = 0;
    if (!db_exec(db, &sql, DB_NO_ARGS, &changed, error))
        return FALSE;
    if (changed == 0)
        g_error("nothing to plant in: %s", looking->plant->sql);
    check_replay(&checker, error);
    g_free(checker.told);
    return FALSE;
}

/* A floor with something of everything. */
static void build(struct floor *floor)
{
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1), tote = floor_tote(floor, "T-1");
    floor_receive(floor, mug, 0, bin, 90);
    floor_product(floor, "TEA", NULL);
    int64_t out = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_do(floor, (struct event){.kind = EV_CHANGE, .actor = floor->system, .shipment_id = out, .cod_minor = 9900});
    floor_send(floor, out);
    int64_t labelled = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, labelled), floor_pick_all(floor, labelled), floor_pack_all(floor, labelled);
    floor_print_all(floor), floor_apply_label(floor, labelled);
    int64_t packed = floor_order(floor, "3", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, packed), floor_pick_all(floor, packed), floor_pack_all(floor, packed);
    int64_t picking = floor_order(floor, "4", "hct", FLOOR_ITEMS({"MUG-RED", 4}));
    floor_release(floor, picking);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = picking, .quantity = 1, .tote_id = tote,
                         .task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", picking)};
    floor_do(floor, pick);
    int64_t batched = floor_order(floor, "5", "hct", FLOOR_ITEMS({"MUG-RED", 5}));
    floor_release(floor, batched);
    int64_t batch = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    floor_do(floor, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = batched, .batch_id = batch});
    floor_do(floor, (struct event){.kind = EV_BATCH_ASSIGN, .actor = floor->lead, .batch_id = batch,
                                   .person_id = floor->picker.person_id});
    floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .batch_id = batch, .text = "pick_list"});
    floor_do(floor, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct", .quantity = 50,
                                   .printer_id = floor->printer_id});
    floor_release(floor, floor_order(floor, "6", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    int64_t new = floor_order(floor, "7", "hct", FLOOR_ITEMS({"MUG-RED", 1}, {"TEA", 1}));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = new, .block = BLOCK_HELD,
                                   .reason = "wait for the buyer"});
}

static void planted(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GString *said = g_string_new(NULL);
    int silent = 0;
    build(floor);
    for (guint i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        struct looking looking = {&PLANTS[i], said};
        GError *error = NULL;
        g_string_truncate(said, 0);
        db_transaction(floor->site->db, plant_and_look, &looking, &error);
        if (error)
            g_error("%s: %s", PLANTS[i].sql, error->message);
        if (!strstr(said->str, PLANTS[i].names)) {
            g_test_message("silent: %s\n%s", PLANTS[i].sql, said->str);
            silent++;
        }
    }
    g_test_message("%u violations planted, %d silent", (guint)G_N_ELEMENTS(PLANTS), silent);
    g_assert_cmpint(silent, ==, 0);
    g_string_free(said, TRUE);
    floor_close(floor);
}

static gboolean look(struct db *db, void *data, GError **error)
{
    const struct check_way way = {.report = note, .data = data};
    struct checker checker = {.db = db, .check = check_table_at(0), .way = &way};
    gboolean looked = check_replay(&checker, error);
    g_free(checker.told);
    return looked;
}

/* A floor that was worked before differences were kept: what stands at the first event after is where its history begins. */
static void begins_late(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GString *said = g_string_new(NULL);
    GError *error = NULL;
    build(floor);
    floor_forget(floor, "DELETE FROM difference; DELETE FROM counter WHERE name = 'history'");
    g_assert_true(db_snapshot(floor->site->db, look, said, &error));
    g_assert_cmpstr(said->str, ==, "");
    struct site *site = site_open(test->url, "station 2", NULL, &error);
    g_assert_no_error(error);
    const struct event skip = {.key = flow_key(site), .kind = EV_BLOCK, .actor = floor->lead, .block = BLOCK_HELD,
                               .shipment_id = floor_int(floor, "SELECT id FROM shipment WHERE state = 'ready'", 0)};
    struct outcome outcome;
    g_assert_true(flow_apply(site, &skip, 1, &outcome, &error));
    g_assert_cmpint(outcome.verdict, ==, VERDICT_DONE);
    g_assert_true(db_snapshot(site->db, look, said, &error));
    g_assert_cmpstr(said->str, ==, "");
    testdb_script(site->db, "UPDATE shipment_line SET packed = packed - 1 WHERE packed > 0");
    g_assert_true(db_snapshot(site->db, look, said, &error));
    g_assert_nonnull(strstr(said->str, "packed="));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'history-begin'", 0), >, 0);
    site_close(site);
    g_string_free(said, TRUE);
    floor_close(floor);
}

static struct event take_tote(struct floor *floor, const char *number, int64_t tote_id)
{
    int64_t id = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, id);
    return (struct event){.kind = EV_TOTE, .actor = floor->picker, .shipment_id = id, .tote_id = tote_id};
}

/* A tote goes from a later order to an earlier one, whose history is folded before. */
static void tote_of_two(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), tote_id = floor_tote(floor, "T-1");
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 90);
    struct event first = take_tote(floor, "1", tote_id), later = take_tote(floor, "2", tote_id);
    floor_do(floor, later);
    later.kind = EV_CANCEL;
    later.actor = floor->lead;
    floor_do(floor, later);
    floor_do(floor, first);
    floor_close(floor); /* is silent */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/replay/planted", planted);
    testdb_add("/replay/begins-late", begins_late);
    testdb_add("/replay/tote-of-two", tote_of_two);
    return g_test_run();
}
