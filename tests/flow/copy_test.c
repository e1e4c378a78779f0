/* SPDX-License-Identifier: MIT
 *
 * A copy of the floor as it was: row by row what stood in the derived tables at the moment, when all clocks agree; a floor
 * whose invariants hold, when they don't.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/flow/catalogue.h"
#include "core/outside/replay.h"
#include "core/waybill/range.h"
#include "tests/support/copies.h"

static void tell_difference(const char *is, const char *should)
{
    g_auto(GStrv) some = g_strsplit(is, "\n", -1), others = g_strsplit(should, "\n", -1);
    for (guint i = 0; some[i]; i++)
        if (!g_strv_contains((const char *const *)others, some[i]))
            g_test_message("too much: %s", some[i]);
    for (guint i = 0; others[i]; i++)
        if (!g_strv_contains((const char *const *)some, others[i]))
            g_test_message("missing: %s", others[i]);
}

static void compare_moments(struct play *play)
{
    guint step = play->test->engine == DB_SQLITE || testdb_whole() ? 1 : 4;
    for (guint i = (play->moments->len - 1) % step; i < play->moments->len; i += step) { /* the last one in any case */
        const struct moment *moment = &g_array_index(play->moments, struct moment, i);
        g_autofree char *path = NULL;
        struct db *copy = copy_made(play, moment->at, TRUE, &path);
        g_autofree char *rows = derived_rows(copy);
        if (strcmp(rows, moment->rows) != 0) {
            tell_difference(rows, moment->rows);
            g_error("moment %u of %u is not as it was", i, play->moments->len);
        }
        db_close(copy);
    }
}

/* --- a day ------------------------------------------------------------------------------------------------ */

struct lists {
    struct site *site;
    const char *number;
};

static gboolean add_to_list(struct db *db, void *data, GError **error)
{
    const struct lists *lists = data;
    gboolean added = FALSE;
    (void)db;
    int64_t list = range_list(lists->site, "tcat", "any", error);
    return list && range_list_add(lists->site, list, lists->number, &added, error);
}

static int64_t released(struct play *play, const char *number, int quantity)
{
    int64_t ship = floor_order(play->floor, number, "hct", FLOOR_ITEMS({"MUG", quantity}));
    play_note(play);
    floor_release(play->floor, ship);
    play_note(play);
    return ship;
}

static int64_t packed(struct play *play, const char *number, int quantity)
{
    int64_t ship = released(play, number, quantity);
    floor_pick_all(play->floor, ship);
    play_note(play);
    floor_pack_all(play->floor, ship);
    play_note(play);
    return ship;
}

static void work_a_day(struct play *play)
{
    struct floor *floor = play->floor;
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01", 1), tote = floor_tote(floor, "T-1");
    floor_receive(floor, mug, 0, bin, 90);
    play_note(play);
    int64_t out = packed(play, "1", 2);
    floor_print_all(floor), play_note(play);
    floor_apply_label(floor, out), play_note(play);
    play_do(play, floor_out(floor, out));
    int64_t changed = packed(play, "2", 3);
    floor_print_all(floor), play_note(play);
    play_do(play, (struct event){.kind = EV_CHANGE, .actor = floor->lead, .shipment_id = changed, .cod_minor = 9900});
    int64_t batched = released(play, "3", 5), other = released(play, "4", 1);
    int64_t batch = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    play_note(play);
    play_do(play, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = batched, .batch_id = batch});
    play_do(play, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = other, .batch_id = batch});
    play_do(play, (struct event){.kind = EV_BATCH_ASSIGN, .actor = floor->lead, .batch_id = batch,
                                  .person_id = floor->picker.person_id});
    play_do(play, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = batched, .quantity = 1, .tote_id = tote,
                                  .task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", batched)});
    play_do(play, (struct event){.kind = EV_PRINT, .actor = floor->lead, .batch_id = batch, .text = "pick_list"});
    play_do(play, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct", .quantity = 50,
                                  .printer_id = floor->printer_id});
    play_do(play, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = other, .block = BLOCK_HELD,
                                  .reason = "call Mrs. Needle first"});
    play_do(play, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = changed, .reason = "Needle again"});
    packed(play, "5", 1);
}

static void numbers_of_all_kinds(struct play *play)
{
    struct floor *floor = play->floor;
    GError *error = NULL;
    static const char *const NUMBERS[] = {"123456789012", "123456789023"};
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++)
        g_assert_true(db_transaction(floor->site->db, add_to_list, &(struct lists){floor->site, NUMBERS[i]}, &error));
    play_note(play);
    int64_t brings = released(play, "6", 1), takes = released(play, "7", 1);
    play_brings_next_number(play, "6");
    play_do(play, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = brings});
    play_do(play, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = takes});
}

static void every_moment(struct testdb *test)
{
    struct play play;
    play_begin(&play, test, "station 1");
    work_a_day(&play);
    numbers_of_all_kinds(&play);
    g_test_message("%u moments", play.moments->len);
    compare_moments(&play);
    play_end(&play);
}

/* A range comes to a number that an order had brought which is folded long before: neither's history has the other's row. */
static void a_number_far_away(struct testdb *test)
{
    enum { BETWEEN = 400 };
    struct play play;
    play_begin(&play, test, "station 1");
    floor_receive(play.floor, floor_product(play.floor, "MUG", NULL), 0, floor_bin(play.floor, "A-01", 1), 90);
    int64_t brings = released(&play, "first", 1);
    for (int i = 0; i < BETWEEN; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        floor_order(play.floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
    }
    int64_t takes = released(&play, "last", 1);
    play_brings_next_number(&play, "first");
    play_do(&play, (struct event){.kind = EV_PRINT_AHEAD, .actor = play.floor->lead, .shipment_id = brings});
    play_do(&play, (struct event){.kind = EV_PRINT_AHEAD, .actor = play.floor->lead, .shipment_id = takes});
    g_array_remove_range(play.moments, 0, play.moments->len - 2);
    compare_moments(&play);
    play_end(&play);
}

/* --- what was said and done --------------------------------------------------------------------------------- */

static void append_value(GString *line, struct db_value value)
{
    if (value.type == DB_INT)
        g_string_append_printf(line, " %" G_GINT64_FORMAT, value.number);
    else if (value.type == DB_TEXT)
        g_string_append_printf(line, " '%s'", value.bytes);
    for (int64_t i = 0; value.type == DB_BLOB && i < value.number; i++)
        g_string_append_printf(line, "%02x", (unsigned char)value.bytes[i]);
    g_string_append_c(line, ';');
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All columns there are. */
static char *table_rows(struct db *db, const char *name, int columns)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", name);
    struct rows *rows = db_query(db, floor_sql(sql), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0) {
        GString *line = g_string_new(NULL);
        for (int i = 0; i < columns; i++)
            append_value(line, rows_value(rows, i));
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
    g_assert_no_error(error);
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

/* A column that is new and that nobody has thought of would be missing. */
static void nothing_is_forgotten(struct testdb *test)
{
    static const char *const TABLES[] = {"warehouse", "owner", "setting", "station", "location", "product", "product_code", "lot",
                                         "shop", "listing", "listing_part", "recipient", "sales_order", "order_line",
                                         "waybill_range", "import_file", "export_row", "journal", "seal", "event", "remark",
                                         "difference", "stock_move", "person", "printer"};
    struct play play;
    g_autofree char *path = NULL;
    play_begin(&play, test, "station 1");
    work_a_day(&play);
    testdb_script(play.floor->site->db, "UPDATE writer SET judges = 'those who came later'");
    struct db *copy = copy_made(&play, play.clock.now_utc_ms, TRUE, &path);
    g_assert_cmpint(testdb_int(copy, "SELECT COUNT(*) FROM writer JOIN journal j ON j.writer = slot AND j.event = 'judges' "
                                     "WHERE judges = detail"), >, 0);
    g_assert_cmpint(testdb_int(copy, "SELECT COUNT(*) FROM writer WHERE judges LIKE 'those%'"), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        g_autofree char *count = g_strdup_printf("SELECT COUNT(*) FROM pragma_table_info('%s')", TABLES[i]);
        int columns = (int)testdb_int(copy, count);
        g_autofree char *is = table_rows(copy, TABLES[i], columns), *was = table_rows(play.floor->site->db, TABLES[i], columns);
        if (strcmp(is, was) != 0)
            g_error("%s is not what it was:\n%s\n\n%s", TABLES[i], is, was);
    }
    db_close(copy);
    play_end(&play);
}

/* --- clocks that disagree --------------------------------------------------------------------------------- */

/* Two stations at the same work, of which the second's clock is some seconds ahead or behind. */
struct pair {
    struct play one, other;
};

static void tick(struct pair *pair)
{
    pair->one.clock.now_utc_ms += 1000;
    pair->other.clock.now_utc_ms += 1000;
}

/* Either of them, by chance. */
static struct floor *either(struct pair *pair)
{
    tick(pair);
    return g_test_rand_bit() ? pair->one.floor : pair->other.floor;
}

/* What one of them receives the other gives away. */
static void work_an_order(struct pair *pair, const char *number, int64_t mug, int64_t bin)
{
    struct floor *from = either(pair), *to = from == pair->one.floor ? pair->other.floor : pair->one.floor;
    floor_receive(from, mug, 0, bin, 2);
    tick(pair);
    int64_t ship = floor_order(to, number, "hct", FLOOR_ITEMS({"MUG", 2}));
    tick(pair);
    floor_release(to, ship);
    struct floor *lead = either(pair);
    int64_t batch = floor_do(lead, (struct event){.kind = EV_BATCH_MAKE, .actor = lead->lead}).subject_id;
    lead = either(pair);
    floor_do(lead, (struct event){.kind = EV_BATCH, .actor = lead->lead, .shipment_id = ship, .batch_id = batch});
    lead = either(pair);
    floor_do(lead, (struct event){.kind = EV_BATCH_ASSIGN, .actor = lead->lead, .batch_id = batch,
                                  .person_id = lead->picker.person_id});
    floor_pick_all(either(pair), ship);
    floor_pack_all(either(pair), ship);
    floor_print_all(either(pair));
    floor_apply_label(either(pair), ship);
    struct floor *dock = either(pair);
    floor_do(dock, floor_out(dock, ship));
}

/* Of no event a part is there, and none is too late. */
static void look_at_events(struct pair *pair, struct db *copy, int64_t at)
{
    GError *error = NULL;
    int64_t late = -1;
    db_get_ints(copy, floor_sql("SELECT COUNT(*) FROM event WHERE at > $1"), DB_ARGS(at), &late, 1, &error);
    g_assert_cmpint(late, ==, 0);
    struct rows *rows = db_query(copy, floor_sql("SELECT event_key, COUNT(*) FROM difference GROUP BY event_key"), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0)
        g_assert_cmpint(rows_int(rows, 1), ==,
                        floor_int(pair->one.floor, "SELECT COUNT(*) FROM difference WHERE event_key = $1", rows_int(rows, 0)));
    g_assert_no_error(error);
}

static void work_apart(struct testdb *test, int ahead_ms)
{
    enum { ORDERS = 3, EVERY_MS = 1700, SLICE_EVERY_MS = 8300 };
    int every_ms = testdb_whole() ? EVERY_MS : SLICE_EVERY_MS;
    struct pair pair;
    play_begin(&pair.one, test, "station 1");
    play_begin(&pair.other, test, "station 2");
    pair.other.clock.now_utc_ms = pair.one.clock.now_utc_ms + ahead_ms;
    int64_t begin = pair.one.clock.now_utc_ms - 20000;
    int64_t mug = floor_product(pair.one.floor, "MUG", NULL), bin = floor_bin(pair.one.floor, "A-01", 1);
    for (int i = 0; i < ORDERS; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        work_an_order(&pair, number, mug, bin);
    }
    int64_t end = MAX(pair.one.clock.now_utc_ms, pair.other.clock.now_utc_ms), events = 0, last = 0;
    pair.one.clock.now_utc_ms = end;
    for (int64_t at = MAX(begin, floor_int(pair.one.floor, "SELECT MIN(at) FROM journal", 0)); at <= end; at += every_ms) {
        g_autofree char *path = NULL;
        struct db *copy = copy_made(&pair.one, at, TRUE, &path);
        look_at_events(&pair, copy, at);
        last = testdb_int(copy, "SELECT COUNT(*) FROM event");
        g_assert_cmpint(last, >=, events);
        events = last;
        db_close(copy);
    }
    g_assert_cmpint(last, >=, floor_int(pair.one.floor, "SELECT COUNT(*) FROM event", 0) * 3 / 4);
    play_end(&pair.other);
    play_end(&pair.one);
}

static void a_clock_is_ahead(struct testdb *test)
{
    work_apart(test, 9000);
}

static void a_clock_is_behind(struct testdb *test)
{
    work_apart(test, -9000);
}

/* --- a floor that is older than its history ----------------------------------------------------------------- */

static void begins_late(struct testdb *test)
{
    struct play play;
    struct replay_made made;
    GError *error = NULL;
    play_begin(&play, test, "station 1");
    work_a_day(&play);
    floor_forget(play.floor, "DELETE FROM difference; DELETE FROM counter WHERE name = 'history'");
    g_autofree char *path = copy_path(&play);
    copy_refused(&play, play.clock.now_utc_ms, path, ERR_COPY_EARLY);
    int64_t before = play.clock.now_utc_ms - 1;
    play.floor->site->history_begun = FALSE;
    play_do(&play, (struct event){.kind = EV_BLOCK, .actor = play.floor->lead, .block = BLOCK_HELD,
                                  .shipment_id = floor_int(play.floor, "SELECT MIN(id) FROM shipment WHERE state = 'batched'", 0)});
    copy_refused(&play, before, path, ERR_COPY_EARLY);
    const struct moment *last = &g_array_index(play.moments, struct moment, play.moments->len - 1);
    g_autofree char *url = g_strconcat("sqlite:", path, NULL);
    g_assert_true(copy_try(&play, last->at, path, TRUE, &made, &error));
    struct db *copy = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    g_autofree char *rows = derived_rows(copy);
    db_close(copy);
    g_assert_cmpstr(rows, ==, last->rows);
    play_end(&play);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/copy/every-moment", every_moment);
    testdb_add("/copy/a-number-far-away", a_number_far_away);
    testdb_add("/copy/nothing-is-forgotten", nothing_is_forgotten);
    testdb_add("/copy/a-clock-is-ahead", a_clock_is_ahead);
    testdb_add("/copy/a-clock-is-behind", a_clock_is_behind);
    testdb_add("/copy/begins-late", begins_late);
    return g_test_run();
}
