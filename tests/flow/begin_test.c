/* SPDX-License-Identifier: MIT
 *
 * A floor that was worked before differences were kept: its history begins page by page, of what is over with a digest, and is
 * checked from there on; whoever comes in the middle of it goes on where it was.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/begin.h"
#include "core/apply/history.h"
#include "core/apply/subject.h"
#include "core/base/error.h"
#include "core/check/check_table.h"
#include "core/check/doctor.h"
#include "core/db/engine.h"
#include "core/db/rows.h"
#include "core/outside/replay.h"
#include "tests/support/copies.h"

/* --- a floor ------------------------------------------------------------------------------------------------ */

enum { DIGEST_BYTES = 18 };
#define OVER "s.state IN ('outbound', 'cancelled')"

/* One is out, and a copy of its label is still to come. */
static int64_t out_unprinted(struct floor *floor, const char *number)
{
    int64_t ship = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_release(floor, ship), floor_pick_all(floor, ship), floor_pack_all(floor, ship), floor_apply_label(floor, ship);
    floor_do(floor, (struct event){.kind = EV_REPRINT, .actor = floor->lead, .shipment_id = ship, .reason = "smudged"});
    floor_do(floor, floor_out(floor, ship));
    return ship;
}

static void work(struct floor *floor)
{
    int64_t mug = floor_product(floor, "MUG", NULL), tea = floor_product(floor, "TEA", NULL), bin = floor_bin(floor, "A-01", 1);
    floor_receive(floor, mug, 0, bin, 90), floor_receive(floor, tea, 0, bin, 90);
    floor_send(floor, floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 2}, {"TEA", 1})));
    floor_send(floor, floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG", 1})));
    int64_t held = floor_order(floor, "3", "hct", FLOOR_ITEMS({"MUG", 3}));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = held, .block = BLOCK_HELD,
                                   .reason = "wait for the buyer"});
    floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = held, .reason = "no answer"});
    floor_release(floor, floor_order(floor, "4", "hct", FLOOR_ITEMS({"MUG", 4})));
    out_unprinted(floor, "5");
}

/* As if all of it had been done by a program that kept no history, and sealed nothing. */
static void make_old(struct floor *floor)
{
    struct db *db = floor->site->db;
    testdb_script(db, db_engine_of(db) == DB_SQLITE ? "DROP TRIGGER journal_no_update" : "ALTER TABLE journal DISABLE TRIGGER USER");
    floor_forget(floor, "DELETE FROM difference; DELETE FROM counter WHERE name = 'history'; "
                        "UPDATE journal SET event = 'old', seals = NULL WHERE event = 'history-begin'; "
                        "UPDATE journal SET seals = NULL WHERE seals IS NOT NULL");
    floor->site->history_begun = FALSE;
}

static void begin(struct floor *floor)
{
    GError *error = NULL;
    floor->site->history_begun = FALSE;
    history_begin(floor->site, &error);
    g_assert_no_error(error);
}

/* --- looking ------------------------------------------------------------------------------------------------ */

static void note(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%s: %s\n", info->name, what);
}

static gboolean look_at(struct checker *checker, GError **error)
{
    if (checker->check->run)
        return checker->check->run(checker, error);
    g_autoptr(rows) rows = db_query(checker->db, &checker->check->sql, DB_NO_ARGS, error);
    int more = rows_next(rows, error);
    if (more > 0)
        note(&checker->check->info, "rings", checker->way->data);
    return more >= 0;
}

struct looking {
    const char *const *checks;
    GString *said;
    const char *plant; /* done before, and taken back; NULL: nothing */
};

static gboolean look_work(struct db *db, void *data, GError **error)
{
    struct looking *looking = data;
    gboolean looked = !looking->plant || db->engine->script(db, looking->plant, error);
    const struct check_way way = {.report = note, .data = looking->said};
    for (guint i = 0; looked && check_table_at(i); i++) {
        struct checker checker = {.db = db, .check = check_table_at(i), .way = &way};
        if (!g_strv_contains(looking->checks, checker.check->info.name))
            continue;
        looked = look_at(&checker, error);
        g_free(checker.told);
    }
    return looked && !looking->plant;
}

/* What the checks of history say. Caller frees. */
static char *look(struct floor *floor, const char *plant)
{
    static const char *const CHECKS[] = {"replay", "said", "stock-ledger", NULL};
    struct looking looking = {CHECKS, g_string_new(NULL), plant};
    GError *error = NULL;
    gboolean looked = db_transaction(floor->site->db, look_work, &looking, &error);
    g_assert_no_error(error);
    g_assert_true(looked || plant);
    return g_string_free(looking.said, FALSE);
}

static void is_silent(struct floor *floor)
{
    g_autofree char *said = look(floor, NULL);
    g_assert_cmpstr(said, ==, "");
}

/* --- what a finished shipment costs --------------------------------------------------------------------------- */

static int64_t bytes_of_wholes(struct floor *floor)
{
    GError *error = NULL;
    g_autoptr(dossier) dossier = dossier_new();
    g_autoptr(GArray) ids = rows_ints(db_query(floor->site->db, floor_sql("SELECT s.id FROM shipment s WHERE " OVER), DB_NO_ARGS,
                                               &error), &error);
    int64_t bytes = 0;
    g_assert_true(subjects_read(dossier, floor->site->db, (const int64_t *)(const void *)ids->data, ids->len, &error));
    g_autoptr(GPtrArray) subjects = rows_by_subject(dossier);
    for (guint i = 0; i < subjects->len; i++) {
        g_autoptr(GByteArray) whole = difference_whole(subjects->pdata[i], 1);
        bytes += whole->len;
    }
    return bytes / MAX(subjects->len, 1);
}

static void what_is_over_has_a_digest(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    work(floor);
    make_old(floor);
    begin(floor);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment s WHERE " OVER, 0), ==, 4);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM difference d JOIN shipment s ON s.id = d.subject_id WHERE " OVER
                                     " AND d.version = s.version AND LENGTH(d.content) = $1", DIGEST_BYTES), ==, 4);
    g_assert_cmpint(floor_int(floor, "SELECT MIN(LENGTH(d.content)) FROM difference d JOIN shipment s ON s.id = d.subject_id "
                                     "WHERE NOT " OVER, 0), >, DIGEST_BYTES);
    g_test_message("a finished order: %d bytes; all its rows: %" G_GINT64_FORMAT, DIGEST_BYTES, bytes_of_wholes(floor));
    g_assert_cmpint(floor_int(floor, "SELECT value FROM counter WHERE name = 'history'", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM counter WHERE name LIKE 'sealing%'", 0), ==, 0);
    is_silent(floor);
    floor_close(floor);
}

static const struct plant {
    const char *names, *sql;
} PLANTS[] = {
    {"replay: table=shipment id=* or a row of its own", "UPDATE shipment_line SET quantity = quantity + 1 WHERE state = 'packed'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE parcel SET weight_g = weight_g + 1 WHERE state = 'out'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE waybill SET cod_minor = cod_minor + 100 WHERE state = 'out'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE waybill SET number = '1234567890' WHERE id = (SELECT MAX(id) FROM waybill)"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE shipment SET version = version + 1 WHERE state = 'outbound'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE shipment SET changed_at = changed_at + 1 WHERE state = 'cancelled'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE block SET reason = 'nobody said so'"},
    {"replay: table=shipment id=* or a row of its own", "UPDATE job SET state = 'unknown' WHERE state = 'printed'"},
    {"replay: table=shipment id=* or a row of its own", "DELETE FROM parcel_line"},
    {"replay: table=shipment id=* or a row of its own", "INSERT INTO tote_use (tote_id, shipment_id, at) SELECT 77, id, 1 FROM "
     "shipment WHERE state = 'cancelled'"},
    {"replay: table=shipment id=* is missing", "DELETE FROM block; DELETE FROM shipment_line WHERE state = 'cancelled' OR state = "
     "'open'; DELETE FROM shipment WHERE state = 'cancelled'"},
    {"replay: table=shipment_line id=* quantity=", "UPDATE shipment_line SET quantity = quantity + 1 WHERE state = 'reserved'"},
    {"said: table=difference id=* beginning differs", "UPDATE difference SET content = (SELECT content FROM difference ORDER BY subject_id LIMIT 1)"},
    {"replay: the mark is missing", "DELETE FROM counter WHERE name = 'history'"},
    {"said: the mark is missing", "UPDATE counter SET value = 1 WHERE name = 'history'"},
    {"stock-ledger: rings", "DELETE FROM stock_move WHERE kind = 'outbound'"},
};

static void a_row_of_one_rings(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int silent = 0;
    work(floor);
    make_old(floor);
    begin(floor);
    floor_release(floor, floor_order(floor, "6", "hct", FLOOR_ITEMS({"MUG", 1}))); /* the floor goes on */
    floor_say(floor);
    testdb_script(floor->site->db, test->engine == DB_SQLITE
                                       ? "DROP TRIGGER difference_no_update; DROP TRIGGER stock_move_no_delete"
                                       : "ALTER TABLE stock_move DISABLE TRIGGER USER");
    is_silent(floor);
    for (guint i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        g_autofree char *said = look(floor, PLANTS[i].sql), *pattern = g_strdup_printf("*%s*", PLANTS[i].names);
        gboolean rings = g_pattern_match_simple(pattern, said);
        if (!rings)
            g_test_message("silent: %s\n%s", PLANTS[i].sql, said);
        silent += !rings;
    }
    g_assert_cmpint(silent, ==, 0);
    is_silent(floor);
    floor_close(floor);
}

/* --- an event of one, late ------------------------------------------------------------------------------------ */

static void a_late_event_tells_what_was(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    work(floor);
    make_old(floor);
    begin(floor);
    int64_t late = floor_int(floor, "SELECT shipment_id FROM job WHERE state = 'queued' AND shipment_id IS NOT NULL", 0);
    floor_print_all(floor);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM difference WHERE subject_id = $1", late), >, 2);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(LENGTH(content)) FROM difference WHERE subject_id = $1", late), >, 100);
    is_silent(floor);
    g_autofree char *said = look(floor, "UPDATE parcel SET weight_g = weight_g + 1 WHERE state = 'out'");
    g_autofree char *parcel = g_strdup_printf("table=parcel id=%" G_GINT64_FORMAT " weight_g=",
                                              floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1", late));
    g_assert_nonnull(strstr(said, parcel));
    floor_close(floor);
}

/* What was changed before it rings after it. */
static void a_late_event_covers_nothing(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    work(floor);
    make_old(floor);
    begin(floor);
    testdb_script(floor->site->db, "UPDATE waybill SET cod_minor = 7 WHERE state = 'out'");
    floor_print_all(floor);
    g_autofree char *said = look(floor, NULL);
    g_assert_nonnull(strstr(said, "is not what stood there before the next"));
    floor_close(floor);
}

/* The copy at the moment has the rows that were there, and its history. */
static void is_copied(struct play *play, guint moment)
{
    static const char *const CHECKS[] = {"replay", "said", "stock-ledger", NULL};
    const struct moment *was = &g_array_index(play->moments, struct moment, moment);
    g_autofree char *path = copy_path(play), *url = g_strconcat("sqlite:", path, NULL);
    g_autoptr(GString) said = g_string_new(NULL);
    struct replay_made made;
    GError *error = NULL;
    copy_try(play, was->at, path, TRUE, &made, &error);
    g_assert_no_error(error);
    struct db *copy = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    g_autofree char *rows = derived_rows(copy);
    g_assert_cmpstr(rows, ==, was->rows);
    g_assert_true(db_snapshot(copy, look_work, &(struct looking){CHECKS, said, NULL}, &error));
    g_assert_cmpstr(said->str, ==, "");
    db_close(copy);
}

/* Copies of it as it was before and after that event. */
static void copies_bring_it(struct testdb *test)
{
    struct play play;
    play_begin(&play, test, "station 1");
    work(play.floor);
    play.clock.now_utc_ms += 1000;
    make_old(play.floor);
    begin(play.floor);
    play_note(&play);
    floor_print_all(play.floor);
    play_note(&play);
    is_copied(&play, 0);
    is_copied(&play, 1);
    play_end(&play);
}

/* A range that comes to the number which the order of one had brought makes it its own, and is no change of it. */
static void its_number_is_adopted(struct testdb *test)
{
    struct play play;
    play_begin(&play, test, "station 1");
    struct floor *floor = play.floor;
    work(floor);
    int64_t brings = floor_order(floor, "6", "hct", FLOOR_ITEMS({"MUG", 1}));
    int64_t takes = floor_order(floor, "7", "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_release(floor, takes);
    play_brings_next_number(&play, "6");
    floor_send(floor, brings);
    make_old(floor);
    begin(floor);
    static const char ADOPTED[] = "SELECT COUNT(*) FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1 AND "
                                  "w.source = 'order' AND w.range_id IS NOT NULL";
    g_assert_cmpint(floor_int(floor, ADOPTED, brings), ==, 0);
    play_do(&play, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = takes});
    g_assert_cmpint(floor_int(floor, ADOPTED, brings), ==, 1);
    is_silent(floor);
    is_copied(&play, play.moments->len - 1);
    play_end(&play);
}

/* --- in the middle of it ---------------------------------------------------------------------------------------- */

struct dying {
    struct site *site;
    int pages;
};

static void die(uint64_t done, uint64_t of, void *data)
{
    struct dying *dying = data;
    g_autoptr(GError) why = g_error_new_literal(ERR, ERR_DB_LOST, "killed");
    g_assert_cmpuint(done, <=, of);
    if (--dying->pages == 0)
        db_retire(dying->site->db, why);
}

/* FALSE: it was done before it had to die. */
static gboolean begin_and_die(struct testdb *test, int pages)
{
    GError *error = NULL;
    struct dying dying = {site_open(test->url, "import", NULL, &error), pages};
    g_assert_no_error(error);
    const struct history_way way = {.subjects = 1, .seals = 1, .on_page = die, .data = &dying};
    gboolean done = history_begin_by(dying.site, &way, &error);
    if (!done)
        g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    site_close(dying.site);
    return done;
}

static void begun_once(struct floor *floor)
{
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM (SELECT subject_id FROM difference GROUP BY subject_id HAVING COUNT(*) > 1) d", 0),
                    ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM difference d WHERE NOT EXISTS (SELECT 1 FROM shipment s WHERE s.id = "
                                     "d.subject_id) AND LENGTH(d.content) < 300 AND d.subject_id = d.event_key", 0), ==, 1);
    is_silent(floor);
}

static gboolean doctor_says(const struct testdb *test, const char *words)
{
    struct findings *findings = findings_new();
    doctor_database(findings, test->url);
    g_autofree char *text = findings_text(findings);
    findings_free(findings);
    return strstr(text, words) != NULL;
}

static void a_person_is_told_how_far_it_is(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    work(floor);
    make_old(floor);
    g_assert_true(doctor_says(test, "older than its history: 0 of 5 shipments"));
    begin_and_die(test, 2);
    g_assert_true(doctor_says(test, "older than its history: 2 of 5 shipments"));
    begin_and_die(test, 9);
    g_assert_true(doctor_says(test, "older than its history: 5 of 5 shipments"));
    begin(floor);
    g_assert_false(doctor_says(test, "older than its history"));
    floor_close(floor);
}

static void killed_between_any_two_pages(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int deaths = 0;
    work(floor);
    make_old(floor);
    is_silent(floor);
    while (!begin_and_die(test, 1)) {
        g_assert_cmpint(++deaths, <, 200);
        is_silent(floor);
    }
    g_test_message("died %d times", deaths);
    g_assert_cmpint(deaths, >, 15);
    begun_once(floor);
    begin(floor);
    begun_once(floor);
    floor_print_all(floor);
    is_silent(floor);
    floor_close(floor);
}

/* A table of more rows than a page. */
static void a_long_table_is_sealed_by_pages(struct testdb *test)
{
    enum { ROWS = 12000 };
    struct floor *floor = floor_open(test, "station 1");
    g_autofree char *sql = g_strdup_printf("INSERT INTO lot (id, product_id, code, expires_on) WITH RECURSIVE n (i) AS (SELECT 1 "
                                           "UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i, (SELECT MIN(id) FROM product), "
                                           "'L' || i, 0 FROM n", ROWS);
    int pages = 0;
    work(floor);
    testdb_script(floor->site->db, sql);
    make_old(floor);
    struct dying counting = {floor->site, 0};
    GError *error = NULL;
    g_assert_true(history_begin_by(floor->site, &(struct history_way){.on_page = die, .data = &counting}, &error));
    pages = -counting.pages;
    g_test_message("%d pages", pages);
    g_assert_cmpint(pages, >=, 5); /* two of differences, or more, and three of seals */
    is_silent(floor);
    g_autofree char *said = look(floor, "UPDATE lot SET code = 'other' WHERE id = 7777");
    g_assert_nonnull(strstr(said, "table=lot id=7777 lot differs"));
    floor_close(floor);
}

struct helper {
    const char *url, *name;
    GError *error;
};

static gpointer help(gpointer data)
{
    struct helper *helper = data;
    struct site *site = site_open(helper->url, helper->name, NULL, &helper->error);
    if (site)
        history_begin_by(site, &(struct history_way){.subjects = 1, .seals = 1}, &helper->error);
    site_close(site);
    return NULL;
}

static void several_at_once_help_each_other(struct testdb *test)
{
    enum { HELPERS = 4 };
    static const char *const NAMES[HELPERS] = {"import", "worker", "export", "demo"};
    struct floor *floor = floor_open(test, "station 1");
    struct helper helpers[HELPERS];
    GThread *threads[HELPERS];
    work(floor);
    make_old(floor);
    for (int i = 0; i < HELPERS; i++) {
        helpers[i] = (struct helper){test->url, NAMES[i], NULL};
        threads[i] = g_thread_new(NAMES[i], help, &helpers[i]);
    }
    for (int i = 0; i < HELPERS; i++) {
        g_thread_join(threads[i]);
        g_assert_no_error(helpers[i].error);
    }
    begun_once(floor);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/begin/what-is-over-has-a-digest", what_is_over_has_a_digest);
    testdb_add("/begin/a-row-of-one-rings", a_row_of_one_rings);
    testdb_add("/begin/a-late-event-tells-what-was", a_late_event_tells_what_was);
    testdb_add("/begin/a-late-event-covers-nothing", a_late_event_covers_nothing);
    testdb_add("/begin/copies-bring-it", copies_bring_it);
    testdb_add("/begin/its-number-is-adopted", its_number_is_adopted);
    testdb_add("/begin/a-person-is-told-how-far-it-is", a_person_is_told_how_far_it_is);
    testdb_add("/begin/killed-between-any-two-pages", killed_between_any_two_pages);
    testdb_add("/begin/a-long-table-is-sealed-by-pages", a_long_table_is_sealed_by_pages);
    testdb_add("/begin/several-at-once-help-each-other", several_at_once_help_each_other);
    return g_test_run();
}
