/* SPDX-License-Identifier: MIT
 *
 * A floor that was worked before differences were kept: its history begins page by page, and is checked from
 * there on; whoever comes in the middle of it goes on where it was.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/begin.h"
#include "core/base/error.h"
#include "core/check/check_table.h"
#include "core/check/doctor.h"
#include "core/db/engine.h"
#include "core/db/rows.h"
#include "tests/support/floor.h"

/* --- a floor ------------------------------------------------------------------------------------------------ */

/* One is out whose label is still to come. */
static int64_t out_unprinted(struct floor *floor, const char *number)
{
    int64_t ship = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_release(floor, ship), floor_pick_all(floor, ship), floor_pack_all(floor, ship), floor_apply_label(floor, ship);
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
        note(&checker->check->info, "rings", checker->data);
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
    for (guint i = 0; looked && check_table_at(i); i++) {
        struct checker checker = {.db = db, .check = check_table_at(i), .report = note, .data = looking->said};
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
    testdb_add("/begin/a-person-is-told-how-far-it-is", a_person_is_told_how_far_it_is);
    testdb_add("/begin/killed-between-any-two-pages", killed_between_any_two_pages);
    testdb_add("/begin/a-long-table-is-sealed-by-pages", a_long_table_is_sealed_by_pages);
    testdb_add("/begin/several-at-once-help-each-other", several_at_once_help_each_other);
    return g_test_run();
}
