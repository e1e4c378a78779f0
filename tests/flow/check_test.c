/* SPDX-License-Identifier: MIT
 *
 * Every check rings for what it is there for: violations are planted behind the program's back, with the
 * database's own guards taken away, and the check of that name must find them. An untouched floor rings for
 * nothing.
 */
#include <glib.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>

#include "core/base/error.h"
#include "core/check/check.h"
#include "core/people/people.h"
#include "core/site/site_setting.h"
#include "tests/support/floor.h"

struct plant {
    const char *check;
    const char *loosen; /* tables whose constraints stand in the way */
    const char *sql;    /* the same on both engines */
    enum { BOTH, SQLITE_ONLY, POSTGRES_ONLY } engines;
};

#define ONE_JOURNAL_ROW                                                                                      \
    "INSERT INTO journal SELECT writer, sequence + 1000, at, event_key, event, machine, subject_id, "        \
    "from_state, "                                                                                           \
    "to_state, shipment_id, version, person_id, approver_id, station_id, code, detail, hash, seals FROM journal "

static const struct plant PLANTS[] = {
    {"quick-check", "", "UPDATE stock SET reserved = -1", SQLITE_ONLY},
    {"integrity", "",
     "CREATE TABLE planted (a TEXT, b TEXT); INSERT INTO planted VALUES ('x', 'y'); CREATE INDEX planted_a "
     "ON planted (a); "
     "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE INDEX planted_a ON planted (b)' "
     "WHERE name = "
     "'planted_a'",
     SQLITE_ONLY},
    {"foreign-keys", "", "UPDATE parcel SET manifest_id = 12345 WHERE state = 'out'", SQLITE_ONLY},
    {"constraints", "", "ALTER TABLE stock ADD CONSTRAINT planted CHECK (on_hand < 0) NOT VALID",
     POSTGRES_ONLY},
    {"constraints", "", "ALTER TABLE journal DISABLE TRIGGER ALL", POSTGRES_ONLY},
    {"schema", "", "DROP INDEX waybill_live", BOTH},
    {"stock-negative", "stock", "UPDATE stock SET on_hand = -1", BOTH},
    {"stock-ledger", "", "UPDATE stock SET on_hand = on_hand + 1", BOTH},
    {"stock-ledger", "stock_move", "DELETE FROM stock_move WHERE kind = 'receipt'", BOTH},
    {"move-ends", "stock_move", "UPDATE stock_move SET kind = 'receipt' WHERE kind = 'pick'", BOTH},
    {"move-ends", "stock_move", "UPDATE stock_move SET to_id = from_id WHERE kind = 'pick'", BOTH},
    {"move-reasons", "", "DELETE FROM remark", BOTH},
    {"reserved-range", "stock", "UPDATE stock SET reserved = on_hand + 5", BOTH},
    {"reserved-open", "", "UPDATE pick_task SET open = 0", BOTH},
    {"number-unique", "waybill", "UPDATE waybill SET number = (SELECT MIN(number) FROM waybill)", BOTH},
    {"number-fate", "", "UPDATE waybill_range SET next = next + 1", BOTH},
    {"number-range", "", "UPDATE waybill SET serial = 999 WHERE serial = (SELECT MIN(serial) FROM waybill)",
     BOTH},
    {"range-overlap", "",
     "INSERT INTO waybill_range (id, warehouse_id, owner_id, courier, kind, source, first, last, next) "
     "SELECT id + 1, warehouse_id, owner_id, courier, kind, source, first + 1, last + 1, first + 1 FROM "
     "waybill_range",
     BOTH},
    {"number-made", "",
     "UPDATE waybill SET number = '1234567890' WHERE serial = (SELECT MIN(serial) FROM waybill)", BOTH},
    {"parcel-waybill", "", "UPDATE waybill SET state = 'void' WHERE state = 'out'", BOTH},
    {"parcel-waybill", "", "UPDATE parcel SET generation = 9 WHERE state = 'out'", BOTH},
    {"waybill-parcel", "", "UPDATE parcel SET state = 'labelled' WHERE state = 'out'", BOTH},
    {"waybill-live", "waybill",
     "UPDATE waybill SET state = 'printed', parcel_id = (SELECT MIN(parcel_id) FROM waybill)", BOTH},
    {"parcel-once", "journal", ONE_JOURNAL_ROW "WHERE machine = 'parcel' AND to_state = 'out'", BOTH},
    {"goods-once", "stock_move", "UPDATE stock_move SET quantity = quantity + 1 WHERE kind = 'outbound'",
     BOTH},
    {"outbound-packed", "", "UPDATE shipment_line SET packed = 0 WHERE state = 'packed'", BOTH},
    {"outbound-parcels", "", "UPDATE parcel SET state = 'packed' WHERE state = 'out'", BOTH},
    {"outbound-printed", "", "UPDATE job SET waybill_id = NULL", BOTH},
    {"parcel-content", "", "UPDATE parcel_line SET quantity = quantity + 1", BOTH},
    {"one-original", "job",
     "UPDATE job SET copy = 0, kind = 'waybill', waybill_id = (SELECT MIN(waybill_id) FROM job)", BOTH},
    {"copy-reason", "", "UPDATE job SET copy = 1, reason = ''", BOTH},
    {"submitted-late", "", "UPDATE job SET state = 'submitted', changed_at = 1", BOTH},
    {"transitions", "journal",
     "UPDATE journal SET event = 'skip' WHERE event = 'close' AND machine = 'shipment'", BOTH},
    {"transitions", "journal",
     ONE_JOURNAL_ROW "WHERE event = 'out' AND machine = 'parcel'; "
                     "UPDATE journal SET from_state = 'open' WHERE sequence > 1000",
     BOTH},
    {"history-shipment", "", "UPDATE shipment SET state = 'picking' WHERE state = 'outbound'", BOTH},
    {"history-shipment", "", "UPDATE shipment SET state = 'outbound' WHERE state = 'ready'", BOTH},
    {"replay", "", "UPDATE shipment_line SET state = 'open' WHERE state = 'packed'", BOTH},
    {"history-parcel", "", "UPDATE parcel SET state = 'void'", BOTH},
    {"history-waybill", "", "UPDATE waybill SET state = 'void'", BOTH},
    {"history-job", "", "UPDATE job SET state = 'answered'", BOTH},
    {"history-batch", "", "UPDATE batch SET state = 'done'", BOTH},
    {"versions", "", "UPDATE shipment SET version = version + 1 WHERE state = 'outbound'", BOTH},
    {"versions", "journal", "DELETE FROM journal WHERE machine = 'shipment' AND event = 'close'", BOTH},
    {"journal-dense", "journal", "DELETE FROM journal WHERE sequence = 3", BOTH},
    {"journal-head", "journal", "DELETE FROM journal WHERE sequence = (SELECT MAX(sequence) FROM journal)",
     BOTH},
    {"journal-chain", "journal", "UPDATE journal SET detail = 'somebody else' WHERE sequence = 3", BOTH},
    {"journal-chain", "journal", "UPDATE journal SET person_id = 77 WHERE sequence = 3", BOTH},
    {"journal-chain", "writer",
     "UPDATE writer SET head = (SELECT hash FROM journal WHERE sequence = 1 LIMIT 1)", BOTH},
    {"seals", "seal", "UPDATE seal SET heads = '0:1:00;'", BOTH},
    {"seals", "seal", "UPDATE seal SET hash = (SELECT hash FROM journal WHERE sequence = 1 LIMIT 1)", BOTH},
    {"seals", "journal",
     "UPDATE journal SET hash = (SELECT hash FROM journal WHERE sequence = 1 LIMIT 1) "
     "WHERE sequence = (SELECT MAX(sequence) FROM journal)",
     BOTH},
    {"journal-keys", "", "UPDATE writer SET mac = (SELECT slots_mac FROM journal_key) WHERE slot = 0", BOTH},
    {"journal-keys", "", "UPDATE writer SET epoch = epoch - 1 WHERE slot = 0", BOTH},
    {"journal-keys", "", "UPDATE journal_key SET slots = slots + 1", BOTH},
    {"journal-keys", "", "UPDATE journal_key SET epoch = epoch + 1", BOTH},
    {"journal-keys", "", "UPDATE journal_key SET key = slots_mac", BOTH},
    {"journal-keys", "", "DELETE FROM journal_key", BOTH},
    {"journal-keys", "seal", "UPDATE seal SET mac = hash", BOTH},
    {"journal-keys", "seal", "UPDATE seal SET at = at + 1", BOTH},
    {"seals-outside", "seal", "DELETE FROM seal", BOTH},
    {"import-unique", "sales_order", "UPDATE sales_order SET external_id = '1'", BOTH},
    {"import-sums", "",
     "INSERT INTO import_file (id, warehouse_id, kind, content_hash, started_at, ended_at, rows_read, "
     "rows_accepted) "
     "SELECT 1, id, 'orders', '', 1, 2, 10, 9 FROM warehouse",
     BOTH},
    {"act-right", "", "UPDATE person SET role = 'picker' WHERE role = 'packer'", BOTH},
    {"role-kept", "", "UPDATE person SET role = 'admin' WHERE badge = 'C13'", BOTH},
    {"claim-batch", "", "UPDATE batch SET state = 'done'", BOTH},
    {"claim-batch", "", "UPDATE shipment SET batch_id = NULL WHERE state = 'batched'", BOTH},
    {"claim-tote", "",
     "INSERT INTO tote_use (tote_id, shipment_id, at) SELECT 77, id, 1 FROM shipment WHERE state = 'outbound'", BOTH},
    {"replay", "", "UPDATE shipment SET cod_minor = 500 WHERE state = 'outbound'", BOTH},
    {"replay", "difference", "DELETE FROM difference WHERE version = 3", BOTH},
    {"journal-chain", "difference", "UPDATE difference SET content = '' WHERE version = 3", BOTH},
    {"said", "", "UPDATE recipient SET address = 'somewhere else'", BOTH},
    {"journal-chain", "event", "UPDATE event SET asked = '' WHERE kind = 'close'", BOTH},
};

/* --- behind the program's back -------------------------------------------------------------------------- */

static gboolean sqlite_plant(const char *url, const struct plant *plant)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    g_assert_cmpint(sqlite3_open(url + strlen("sqlite:"), &db), ==, SQLITE_OK);
    char *loosen =
        plant->loosen[0]
            ? g_strdup_printf(
                  "CREATE TABLE loose AS SELECT * FROM %s; DROP TABLE %s; ALTER TABLE loose RENAME "
                  "TO %s;",
                  plant->loosen, plant->loosen, plant->loosen)
            : g_strdup("");
    const char *key = strcmp(plant->loosen, "writer") == 0 ? "slot" : "id";
    gboolean keyed = plant->loosen[0] && strcmp(plant->loosen, "journal") != 0 &&
                     strcmp(plant->loosen, "stock") != 0 && strcmp(plant->loosen, "seal") != 0 &&
                     strcmp(plant->loosen, "difference") != 0 && strcmp(plant->loosen, "event") != 0;
    char *index =
        keyed ? g_strdup_printf("CREATE UNIQUE INDEX loose_%s ON %s (%s);", plant->loosen, plant->loosen, key)
              : g_strdup("");
    char *sql = g_strconcat("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; "
                            "PRAGMA legacy_alter_table = ON; ",
                            loosen, index, plant->sql, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    gboolean done = sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK;
    if (!done)
        g_test_message("%s: %s", plant->check, message);
    sqlite3_free(message);
    g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
    g_free(loosen);
    g_free(index);
    g_free(sql);
    return done;
}

static gboolean postgres_plant(const char *url, const struct plant *plant)
{
    PGconn *db = PQconnectdb(url);
    g_assert_cmpint(PQstatus(db), ==, CONNECTION_OK);
    char *loosen =
        plant->loosen[0]
            ? g_strdup_printf(
                  "SET session_replication_role = replica; DO $$ DECLARE r record; BEGIN "
                  "FOR r IN SELECT conname FROM pg_constraint WHERE conrelid = '%s'::regclass AND "
                  "contype IN ('c', 'u') LOOP EXECUTE 'ALTER TABLE %s DROP CONSTRAINT ' || r.conname "
                  "|| ' CASCADE'; END LOOP; "
                  "FOR r IN SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = "
                  "'%s'::regclass AND indisunique AND NOT indisprimary LOOP EXECUTE 'DROP INDEX ' || "
                  "r.name; END LOOP; END $$;",
                  plant->loosen, plant->loosen, plant->loosen)
            : g_strdup("");
    char *sql = g_strconcat(loosen, plant->sql, NULL);
    PGresult *result = PQexec(db, sql);
    gboolean done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        g_test_message("%s: %s", plant->check, PQresultErrorMessage(result));
    PQclear(result);
    PQfinish(db);
    g_free(loosen);
    g_free(sql);
    return done;
}

static char *seals_path(const struct testdb *test)
{
    return g_build_filename(test->dir, "seals", NULL);
}

/* --- a floor with one of everything --------------------------------------------------------------------- */

static void build(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    g_assert_true(person_add(floor->site, &floor->system, "C13", "Chen", ROLE_PICKER, NULL, NULL, NULL));
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 50);
    floor_send(floor, floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2})));
    int64_t packed = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, packed);
    floor_pick_all(floor, packed);
    floor_pack_all(floor, packed);
    floor_refused(floor, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = packed},
                  ERR_FLOW_STATE);
    int64_t cancelled = floor_order(floor, "3", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, cancelled);
    floor_pick_all(floor, cancelled);
    floor_pack_all(floor, cancelled);
    floor_do(floor, (struct event){
                        .kind = EV_CANCEL, .actor = floor->lead, .shipment_id = cancelled, .reason = "test"});
    int64_t batched = floor_order(floor, "4", "hct", FLOOR_ITEMS({"MUG-RED", 4}));
    floor_release(floor, batched);
    int64_t batch = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    floor_do(floor, (struct event){
                        .kind = EV_BATCH, .actor = floor->lead, .shipment_id = batched, .batch_id = batch});
    floor_do(floor, (struct event){.kind = EV_BATCH_ASSIGN,
                                   .actor = floor->lead,
                                   .batch_id = batch,
                                   .person_id = floor->picker.person_id});
    floor_release(floor, floor_order(floor, "5", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    floor_order(floor, "6", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    g_autofree char *seals = seals_path(test);
    g_assert_true(site_setting_set(floor->site, &floor->system, "seal_to", seals, NULL));
    floor_close(floor);
    floor = floor_open(test, "station 2"); /* whoever opens a site seals what is there */
    floor->tampered = TRUE;
    floor_close(floor);
}

/* --- looking -------------------------------------------------------------------------------------------- */

static void note(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%s: %s\n", info->name, what);
}

static guint look(struct testdb *test, enum check_depth depth, GString *said)
{
    struct db *db = testdb_open(test);
    GError *error = NULL;
    guint violations = 0;
    g_autofree char *seals = seals_path(test);
    const struct check_way way = {.depth = depth, .now_utc_ms = g_get_real_time() / 1000, .report = note, .data = said,
                                  .seals = g_file_test(seals, G_FILE_TEST_EXISTS) ? seals : NULL};
    gboolean done = check_run(db, &way, &violations, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    db_close(db);
    return violations;
}

static void clean(struct testdb *test)
{
    GString *said = g_string_new(NULL);
    build(test);
    guint violations = look(test, CHECK_FULL, said);
    g_assert_cmpstr(said->str, ==, "");
    g_assert_cmpint(violations, ==, 0);
    g_string_free(said, TRUE);
}

/* What rules allow, however odd, breaks nothing: floor_close() looks. */
static void legal(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1), tote = floor_tote(floor, "T-1");
    floor_receive(floor, mug, 0, bin, 50);
    int64_t ready = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, ready);
    floor_do(floor, (struct event){.kind = EV_TOTE, .actor = floor->picker, .shipment_id = ready, .tote_id = tote});
    int64_t unprinted = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, unprinted);
    floor_pick_all(floor, unprinted);
    floor_pack_all(floor, unprinted);
    floor_apply_label(floor, unprinted);
    floor_do(floor, floor_out(floor, unprinted));
    floor_close(floor);
}

static void empty(struct testdb *test)
{
    GString *said = g_string_new(NULL);
    g_assert_cmpint(look(test, CHECK_FULL, said), ==, 0);
    g_string_free(said, TRUE);
}

/* A floor that plants are put into one after the other, as long as the next one's check does not ring yet. */
struct bed {
    enum db_engine engine;
    struct testdb *test; /* NULL: none yet */
    GString *said;
};

static gboolean rings(const struct bed *bed, const struct plant *plant)
{
    char *name = g_strconcat(plant->check, ": ", NULL);
    gboolean found = strstr(bed->said->str, name) != NULL;
    g_free(name);
    return found;
}

static void renew(struct bed *bed)
{
    if (bed->test)
        testdb_free(bed->test);
    bed->test = testdb_new(bed->engine);
    build(bed->test);
    g_string_truncate(bed->said, 0);
}

static gboolean put(struct bed *bed, const struct plant *plant)
{
    gboolean quick = strcmp(plant->check, "quick-check") == 0;
    if (!(bed->engine == DB_SQLITE ? sqlite_plant : postgres_plant)(bed->test->url, plant))
        return FALSE;
    g_string_truncate(bed->said, 0);
    look(bed->test, quick ? CHECK_NORMAL : CHECK_FULL, bed->said);
    return rings(bed, plant);
}

static void planted(struct testdb *test)
{
    struct bed bed = {.engine = test->engine, .said = g_string_new(NULL)};
    for (guint i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        const struct plant *plant = &PLANTS[i];
        if (plant->engines == (test->engine == DB_SQLITE ? POSTGRES_ONLY : SQLITE_ONLY))
            continue;
        if (bed.test && !rings(&bed, plant) && put(&bed, plant))
            continue;
        renew(&bed);
        if (!put(&bed, plant))
            g_error("%s does not ring for %s\n%s", plant->check, plant->sql, bed.said->str);
    }
    testdb_free(bed.test);
    g_string_free(bed.said, TRUE);
}

/* A check without a violation that makes it ring is no check. */
static void all_planted(void)
{
    for (guint i = 0; check_at(i); i++) {
        gboolean found = FALSE;
        for (guint p = 0; p < G_N_ELEMENTS(PLANTS); p++)
            found = found || strcmp(PLANTS[p].check, check_at(i)->name) == 0;
        if (!found)
            g_error("nothing is planted for %s", check_at(i)->name);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/all-planted", all_planted);
    testdb_add("/check/empty", empty);
    testdb_add("/check/clean", clean);
    testdb_add("/check/legal", legal);
    testdb_add("/check/planted", planted);
    return g_test_run();
}
