/* SPDX-License-Identifier: MIT
 *
 * Nothing of what was said or of what happened can be changed behind the program's back unseen: violations are planted one at a
 * time, with the database's own guards taken away, and taken back; the check that seals it must name the row. tests/flow/
 * replay_test.c does the same for what rules compute.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/check/check_table.h"
#include "core/db/engine.h"
#include "core/site/site_setting.h"
#include "core/station/station.h"
#include "tests/support/floor.h"

enum engines { BOTH, SQLITE_ONLY, POSTGRES_ONLY };

static const struct plant {
    const char *rings; /* the check, and what it must say */
    const char *loosen; /* the table whose guards stand in the way; NULL: none */
    const char *sql;
    enum engines engines;
} PLANTS[] = {
    /* recipients */
    {"said: table=recipient * name and phone differs", NULL, "UPDATE recipient SET name = 'somebody else'", BOTH},
    {"said: table=recipient * name and phone differs", NULL, "UPDATE recipient SET phone = '0911000111'", BOTH},
    {"said: table=recipient * name and phone differs", NULL, "UPDATE recipient SET phone_tail = '9999'", BOTH},
    {"said: table=recipient * name and phone differs", NULL, "UPDATE recipient SET version = version + 1", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET address = 'somewhere else'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET postcode = '100'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET county = '臺北市'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET district = '中正區'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET country = 'JP'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET store_code = '123456'", BOTH},
    {"said: table=recipient * address differs", NULL, "UPDATE recipient SET store_name = 'X'", BOTH},
    {"said: table=recipient * notes differs", NULL, "UPDATE recipient SET buyer_note = 'leave it at the door'", BOTH},
    {"said: table=recipient * notes differs", NULL, "UPDATE recipient SET seller_remark = 'X'", BOTH},
    {"said: table=recipient * differs", NULL, "UPDATE recipient SET name = '', address = '', salt = NULL, erased_at = 5", BOTH},
    {"said: table=recipient id=5 nobody said it", NULL, "INSERT INTO recipient (id, name) VALUES (5, 'X')", BOTH},
    /* orders and their lines */
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET cod_minor = 5", BOTH},
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET total_minor = 5", BOTH},
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET external_id = external_id || 'x'", BOTH},
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET courier = 'tcat'", BOTH},
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET waybill_number = '77'", BOTH},
    {"said: table=sales_order * order differs", NULL, "UPDATE sales_order SET shop_state = 'unpaid'", BOTH},
    {"said: table=sales_order * order differs", NULL,
     "UPDATE sales_order SET recipient_id = (SELECT MAX(id) FROM recipient)", BOTH},
    {"said: table=order_line * lines differs", NULL, "UPDATE order_line SET quantity = quantity + 1", BOTH},
    {"said: table=order_line * lines differs", NULL, "UPDATE order_line SET cancelled_at = 5", BOTH},
    {"said: table=order_line * lines differs", NULL, "UPDATE order_line SET price_minor = 5", BOTH},
    /* goods */
    {"said: table=product * product differs", NULL, "UPDATE product SET sku = sku || 'x'", BOTH},
    {"said: table=product * product differs", NULL, "UPDATE product SET has_lots = 1", BOTH},
    {"said: table=product_code * codes differs", NULL, "UPDATE product_code SET quantity = 12", BOTH},
    {"said: table=product_code * is missing", NULL, "DELETE FROM product_code", BOTH},
    {"said: table=listing_part * products differs", NULL, "UPDATE listing_part SET quantity = 9", BOTH},
    {"said: table=location * place differs", NULL, "UPDATE location SET walk_order = 77 WHERE kind = 'bin'", BOTH},
    {"said: table=location * place differs", NULL, "UPDATE location SET active = 0 WHERE kind = 'bin'", BOTH},
    {"said: table=location id=5 nobody said it", NULL,
     "INSERT INTO location (id, warehouse_id, kind, code) SELECT 5, id, 'bin', 'Z-9' FROM warehouse", BOTH},
    /* people and their rights */
    {"said: table=person * badge and role differs", NULL, "UPDATE person SET role = 'admin' WHERE role = 'picker'", BOTH},
    {"said: table=person * badge and role differs", NULL, "UPDATE person SET badge = 'X1' WHERE role = 'lead'", BOTH},
    {"said: table=person * badge and role differs", NULL, "UPDATE person SET active = 0 WHERE role = 'lead'", BOTH},
    {"said: table=person * name differs", NULL, "UPDATE person SET name = 'X' WHERE role = 'lead'", BOTH},
    {"said: table=person * PIN differs", NULL, "UPDATE person SET pin_hash = 'that of another' WHERE role = 'lead'", BOTH},
    {"said: table=person id=5 nobody said it", NULL,
     "INSERT INTO person (id, warehouse_id, badge, name, role) SELECT 5, id, 'X2', 'X', 'admin' FROM warehouse", BOTH},
    /* the house */
    {"said: table=setting name=default_courier value differs", NULL, "UPDATE setting SET value = 'tcat'", BOTH},
    {"said: table=setting * is missing", NULL, "DELETE FROM setting", BOTH},
    {"said: table=setting name=batch_size nobody said it", NULL,
     "INSERT INTO setting (warehouse_id, name, value) SELECT id, 'batch_size', '7' FROM warehouse", BOTH},
    {"said: table=printer * address and stand-in differs", NULL, "UPDATE printer SET uri = 'file:/tmp'", BOTH},
    {"said: table=printer * address and stand-in differs", NULL, "UPDATE printer SET backup_id = id", BOTH},
    {"said: table=station * printers differs", NULL, "UPDATE station SET printer_id = NULL", BOTH},
    {"said: table=waybill_range * numbers differs", NULL, "UPDATE waybill_range SET last = last + 1", BOTH},
    {"said: table=waybill_range * numbers differs", NULL, "UPDATE waybill_range SET low_mark = 7", BOTH},
    {"said: table=shop * name and format differs", NULL, "UPDATE shop SET format = 'other'", BOTH},
    {"said: table=owner * sender differs", NULL, "UPDATE owner SET sender_phone = '0911000111'", BOTH},
    {"said: table=warehouse * name and zone differs", NULL, "UPDATE warehouse SET time_zone = 'UTC'", BOTH},
    {"said: the mark is missing that it is sealed", NULL, "UPDATE counter SET value = 1 WHERE name = 'history'", BOTH},
    {"said: the mark is missing that it is sealed", NULL, "DELETE FROM counter WHERE name = 'history'", BOTH},
    /* seals */
    {"seals: ", "seal", "UPDATE seal SET heads = '0:1:00;'", BOTH},
    {"seals: ", "seal", "UPDATE seal SET hash = (SELECT hash FROM journal WHERE sequence = 1 AND writer = 0)", BOTH},
    /* the journal */
    {"journal-chain: writer=", "journal", "UPDATE journal SET detail = 'X' WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal", "UPDATE journal SET at = at + 1 WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal", "UPDATE journal SET station_id = 7 WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal", "UPDATE journal SET approver_id = 7 WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal", "UPDATE journal SET code = 7 WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal", "DELETE FROM journal WHERE sequence = 9", BOTH},
    {"journal-chain: writer=", "journal",
     "DELETE FROM journal WHERE writer = 0 AND sequence = (SELECT MAX(sequence) FROM journal WHERE writer = 0)", BOTH},
    {"journal-chain: writer=", "journal", "UPDATE journal SET seals = NULL WHERE seals IS NOT NULL", BOTH},
    {"said: table=* nobody said it", "journal", "UPDATE journal SET seals = NULL WHERE seals IS NOT NULL", BOTH},
    /* events */
    {"journal-chain: writer=", NULL, "UPDATE event SET asked = (SELECT e.asked FROM event e WHERE e.kind = 'out') "
     "WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET outcome = 'done' WHERE outcome = 'refused'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET arguments = 'X' WHERE outcome = 'refused'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET arguments = NULL WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET code = 300 WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET digest = 300 WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET subject_id = 300 WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET state = 'ready' WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET at = at + 1 WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", NULL, "UPDATE event SET request = 9 WHERE kind = 'close'", BOTH},
    {"journal-chain: writer=", "difference", "DELETE FROM difference WHERE event_key = (SELECT MIN(key) FROM event WHERE kind = "
     "'close'); DELETE FROM event WHERE key = (SELECT MIN(key) FROM event WHERE kind = 'close')", BOTH},
    {"replay: subject=", "difference", "DELETE FROM difference WHERE version = 3", BOTH},
    {"journal-chain: writer=", "difference", "UPDATE difference SET content = (SELECT asked FROM event WHERE kind = 'out') "
     "WHERE version = 3", BOTH},
    /* reasons */
    {"journal-chain: table=remark * differs", NULL, "UPDATE remark SET text = 'X'", BOTH},
    {"journal-chain: table=remark * differs", NULL, "UPDATE remark SET salt = NULL", BOTH},
    {"journal-chain: table=remark * is missing", NULL, "DELETE FROM remark", BOTH},
    {"journal-chain: table=remark event_key=5 is of no event", NULL, "INSERT INTO remark (event_key, text) VALUES (5, 'X')", BOTH},
    {"said: table=remark * is erased, and nobody did it", NULL, "UPDATE remark SET text = '-', salt = NULL, erased_at = 5", BOTH},
    /* the ledger */
    {"journal-chain: writer=", "stock_move", "UPDATE stock_move SET person_id = (SELECT MAX(id) FROM person)", BOTH},
    {"journal-chain: writer=", "stock_move", "UPDATE stock_move SET reason = 'X' WHERE kind = 'receipt'", BOTH},
    {"journal-chain: writer=", "stock_move", "UPDATE stock_move SET at = at + 1 WHERE kind = 'outbound'", BOTH},
    {"journal-chain: writer=", "stock_move", "UPDATE stock_move SET quantity = quantity + 1 WHERE kind = 'pick'", BOTH},
    {"journal-chain: writer=", "stock_move", "DELETE FROM stock_move WHERE kind = 'pick'", BOTH},
    {"journal-chain: table=stock_move event=5 nothing moved it", "stock_move",
     "INSERT INTO stock_move SELECT 5, warehouse_id, owner_id, product_id, lot_id, quantity, from_id, to_id, kind, reason, "
     "shipment_id, person_id, 5, at FROM stock_move WHERE kind = 'receipt'", BOTH},
    /* what guards it all */
    {"schema: trigger journal_no_delete is missing", NULL, "DROP TRIGGER journal_no_delete", SQLITE_ONLY},
    {"schema: trigger seal_no_update is missing", NULL, "DROP TRIGGER seal_no_update", SQLITE_ONLY},
    {"schema: trigger stock_move_no_update is another", NULL,
     "DROP TRIGGER stock_move_no_update; CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move BEGIN SELECT 1; END",
     SQLITE_ONLY},
    {"schema: trigger quiet is not of this program", NULL,
     "CREATE TRIGGER quiet AFTER INSERT ON job BEGIN SELECT 1; END", SQLITE_ONLY},
    {"schema: index waybill_live is missing", NULL, "DROP INDEX waybill_live", BOTH},
    {"schema: index block_open is another", NULL, "DROP INDEX block_open; CREATE INDEX block_open ON block (shipment_id, kind)",
     BOTH},
    {"schema: trigger journal_append_only is missing", NULL, "DROP TRIGGER journal_append_only ON journal", POSTGRES_ONLY},
    {"schema: trigger difference_no_truncate is missing", NULL, "DROP TRIGGER difference_no_truncate ON difference",
     POSTGRES_ONLY},
    {"schema: function seal_append_only is another", NULL,
     "CREATE OR REPLACE FUNCTION seal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
     POSTGRES_ONLY},
};

/* --- a floor ------------------------------------------------------------------------------------------------ */

static void build(struct floor *floor)
{
    GError *error = NULL;
    int64_t mug = floor_product(floor, "MUG-RED", "4711"), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 90);
    int64_t out = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_send(floor, out);
    int64_t held = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = held, .block = BLOCK_HELD,
                                   .reason = "wait for the buyer"});
    floor_refused(floor, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = out}, ERR_FLOW_OUTBOUND);
    testdb_script(floor->site->db, "UPDATE person SET pin_hash = 'a hash' WHERE role IN ('lead', 'packer')");
    testdb_script(floor->site->db, "INSERT INTO listing (id, shop_id, ident) SELECT 7, id, 'MUG' FROM shop; "
                                   "INSERT INTO listing_part (listing_id, product_id, quantity) SELECT 7, id, 1 FROM product");
    g_assert_true(site_setting_set(floor->site, &floor->lead, "default_courier", "hct", &error));
    station_close(station_open(floor->site, "bench 1", &error));
    g_assert_no_error(error);
    floor_say(floor);
}

/* --- planting and looking ----------------------------------------------------------------------------------- */

static void note(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%s: %s\n", info->name, what);
}

struct looking {
    const struct plant *plant;
    GString *said;
};

static gboolean run(struct db *db, const char *sql, GError **error)
{
    return db->engine->script(db, sql, error);
}

static gboolean loosen(struct db *db, const char *table, GError **error)
{
    if (!table)
        return TRUE;
    g_autofree char *sql = db_engine_of(db) == DB_SQLITE
                               ? g_strdup_printf("DROP TRIGGER %s_no_update; DROP TRIGGER %s_no_delete", table, table)
                               : g_strdup_printf("ALTER TABLE %s DISABLE TRIGGER USER", table);
    return run(db, sql, error);
}

static gboolean look_all(struct db *db, GString *said, GError **error)
{
    const struct check_way way = {.report = note, .data = said};
    for (guint i = 0; check_table_at(i); i++) {
        struct checker checker = {.db = db, .check = check_table_at(i), .way = &way};
        gboolean looked = !checker.check->run || checker.check->run(&checker, error);
        g_free(checker.told);
        if (!looked)
            return FALSE;
    }
    return TRUE;
}

/* Looks inside of the transaction, which is taken back. */
static gboolean plant_and_look(struct db *db, void *data, GError **error)
{
    struct looking *looking = data;
    if (loosen(db, looking->plant->loosen, error) && run(db, looking->plant->sql, error))
        look_all(db, looking->said, error);
    return FALSE;
}

/* What rang, if it is what should: '*' stands for anything within a line. */
static char *what_rang(const char *said, const char *rings)
{
    g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
    g_autofree char *pattern = g_strconcat(rings, "*", NULL);
    for (guint i = 0; lines[i]; i++)
        if (g_pattern_match_simple(pattern, lines[i]))
            return g_strdup(lines[i]);
    return NULL;
}

static void planted(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    g_autoptr(GString) said = g_string_new(NULL);
    int silent = 0, count = 0;
    GError *error = NULL;
    build(floor);
    site_close(site_open(test->url, "station 2", NULL, NULL)); /* whoever opens a site seals what is there */
    if (test->engine == DB_POSTGRES)
        testdb_script(floor->site->db, "CREATE FUNCTION of_an_extension() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    g_assert_true(look_all(floor->site->db, said, &error));
    g_assert_cmpstr(said->str, ==, "");
    for (guint i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        struct looking looking = {&PLANTS[i], said};
        if (PLANTS[i].engines == (test->engine == DB_SQLITE ? POSTGRES_ONLY : SQLITE_ONLY))
            continue;
        g_string_truncate(said, 0);
        db_transaction(floor->site->db, plant_and_look, &looking, &error);
        if (error)
            g_error("%s: %s", PLANTS[i].sql, error->message);
        g_autofree char *rang = what_rang(said->str, PLANTS[i].rings);
        g_test_message("%s  <-  %s%s%s", rang ? rang : "SILENT", PLANTS[i].sql, rang ? "" : "\n", rang ? "" : said->str);
        silent += rang == NULL;
        count++;
    }
    g_test_message("%d violations planted, %d silent", count, silent);
    g_assert_cmpint(silent, ==, 0);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/plants/planted", planted);
    return g_test_run();
}
