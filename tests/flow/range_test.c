/* SPDX-License-Identifier: MIT
 *
 * Numbers are handed out once each, ranges end and don't start again, lists keep their kinds apart.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/apply/load.h"
#include "core/apply/store.h"
#include "core/base/error.h"
#include "core/code/courier.h"
#include "core/site/first_rows.h"
#include "core/site/site.h"
#include "core/waybill/range.h"
#include "tests/support/testdb.h"

static struct site *site_new(const struct testdb *test, const char *name)
{
    static const struct site_names NAMES = {.warehouse_code = "TY",
                                            .warehouse_name = "Taoyuan",
                                            .time_zone = "Asia/Taipei",
                                            .owner_code = "OWN",
                                            .owner_name = "Own"};
    GError *error = NULL;
    g_assert_true(site_create(test->url, &NAMES, NULL, &error));
    struct site *site = site_open(test->url, name, NULL, &error);
    g_assert_no_error(error);
    return site;
}

/* What a parcel wants: the courier's next number, or the one its order brought. */
struct waybill_want {
    const char *courier, *service;
    gboolean cod;
    const char *number, *order;
};

struct call {
    struct site *site;
    const struct range_new *range;
    const struct waybill_want *want;
    const char *courier, *kind, *number;
    int64_t id;
    gboolean added;
};

static gboolean do_add(struct db *db, void *data, GError **error)
{
    struct call *call = data;
    (void)db;
    return (call->id = range_add(call->site, call->range, error)) != 0;
}

static const char *text(const char *given)
{
    return given ? given : "";
}

/* As an event does that wants a number for its shipment. */
static gboolean do_take(struct db *db, void *data, GError **error)
{
    struct call *call = data;
    const struct event event = {.kind = EV_CLOSE, .key = flow_key(call->site)};
    const struct waybill_want *want = call->want;
    g_autoptr(dossier) dossier = dossier_new();
    struct shipment *ship = (struct shipment *)(void *)row_load(dossier, TABLE_SHIPMENT, 1, 0);
    ship->courier = want->courier;
    ship->service = text(want->service);
    ship->order_number = text(want->number);
    ship->order = text(want->order);
    const struct house house = house_of(call->site);
    struct decision d = {.house = &house, .dossier = dossier, .ev = &event, .ship = ship, .now = site_now(call->site)};
    (void)db;
    if (!dossier_load(dossier, call->site, &event, 1, NEED_NUMBERS, error))
        return FALSE;
    const struct waybill *taken = number_take(&d, want->cod, error);
    call->id = taken ? taken->id : 0;
    return taken && dossier_store(dossier, call->site, error);
}

/* Takes a number and marks it used, as the flow does. */
static gboolean do_use(struct db *db, void *data, GError **error)
{
    static const struct sql USE = {"test_use",
                                   "UPDATE waybill SET state = 'void' WHERE id = $1 AND state = 'free'"};
    struct call *call = data;
    return do_take(db, data, error) && db_exec(db, &USE, DB_ARGS(call->id), NULL, error);
}

static gboolean do_list(struct db *db, void *data, GError **error)
{
    struct call *call = data;
    (void)db;
    int64_t list_id = range_list(call->site, call->courier, call->kind, error);
    return list_id && range_list_add(call->site, list_id, call->number, &call->added, error);
}

static char *number_of(struct site *site, int64_t id)
{
    static const struct sql NUMBER = {"test_number", "SELECT number FROM waybill WHERE id = $1"};
    struct rows *rows = db_query(site->db, &NUMBER, DB_ARGS(id), NULL);
    g_assert_cmpint(rows_next(rows, NULL), ==, 1);
    char *number = g_strdup(rows_text(rows, 0));
    rows_close(rows);
    return number;
}

static void expect_code(GError **error, enum err code)
{
    g_assert_cmpint(err_code(*error), ==, code);
    g_clear_error(error);
}

static void ends(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct range_new range = {.courier = "hct", .first = 225044675, .last = 225044677, .low_mark = 2};
    const struct waybill_want want = {.courier = "hct", .service = "standard", .order = "1042"};
    struct call call = {.site = site, .range = &range, .want = &want};
    GError *error = NULL;
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_WAYBILL_NONE);
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    for (int i = 0; i < 3; i++) {
        g_assert_true(db_transaction(site->db, do_take, &call, &error));
        char *number = number_of(site, call.id);
        g_assert_true(courier_check(couriers_get(site->couriers, "hct"), number, NULL));
        g_assert_cmpint(g_ascii_strtoll(number, NULL, 10) / 10, ==, 225044675 + i);
        g_free(number);
    }
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_WAYBILL_NONE);
    g_assert_cmpint(testdb_int(site->db, "SELECT next - last FROM waybill_range"), ==, 1);
    g_assert_cmpint(testdb_int(site->db, "SELECT COUNT(*) FROM waybill"), ==, 3);
    site_close(site);
}

/* An order brought a number of ours, and was given it, before the range came to it: the range goes on behind it. */
static void steps_over_a_used_number(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct range_new range = {.courier = "hct", .first = 225044675, .last = 225044677, .low_mark = -1};
    const struct waybill_want want = {.courier = "hct", .order = "1042"};
    struct call call = {.site = site, .range = &range, .want = &want};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    g_assert_true(db_transaction(site->db, do_use, &call, &error));
    testdb_script(site->db, "UPDATE waybill_range SET next = first;\nUPDATE waybill SET range_id = NULL, serial = NULL;");
    g_assert_true(db_transaction(site->db, do_use, &call, &error));
    g_assert_no_error(error);
    char *number = number_of(site, call.id);
    g_assert_cmpint(g_ascii_strtoll(number, NULL, 10) / 10, ==, 225044676);
    g_assert_cmpint(testdb_int(site->db, "SELECT COUNT(DISTINCT serial) FROM waybill WHERE range_id IS NOT NULL"), ==, 2);
    g_free(number);
    site_close(site);
}

static void overlap(struct testdb *test)
{
    static const struct range_new WRONG[] = {
        {.courier = "hct", .first = 150, .last = 250},
        {.courier = "hct", .first = 1, .last = 100},
        {.courier = "hct", .first = 200, .last = 200},
        {.courier = "hct", .first = 1, .last = 900},
        {.courier = "hct", .prefix = "000", .width = 6, .first = 150, .last = 160},
        {.courier = "hct", .first = 20, .last = 10},
    };
    struct site *site = site_new(test, "a");
    const struct range_new first = {.courier = "hct", .first = 100, .last = 200, .low_mark = -1};
    const struct range_new next = {.courier = "hct", .first = 201, .last = 300, .low_mark = -1};
    const struct range_new no_kind = {.courier = "hct", .kind = "cod", .first = 500, .last = 600};
    const struct range_new too_long = {.courier = "hct", .first = 500, .last = 1000000000};
    struct call call = {.site = site, .range = &first};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        call.range = &WRONG[i];
        g_assert_false(db_transaction(site->db, do_add, &call, &error));
        expect_code(&error, ERR_RANGE_OVERLAP);
    }
    call.range = &next;
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    call.range = &no_kind;
    g_assert_false(db_transaction(site->db, do_add, &call, &error));
    expect_code(&error, ERR_RANGE_KIND);
    call.range = &too_long;
    g_assert_false(db_transaction(site->db, do_add, &call, &error));
    expect_code(&error, ERR_NUMBER_MAKE);
    site_close(site);
}

static void next_range(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct range_new one = {.courier = "hct", .first = 100, .last = 100, .low_mark = -1};
    const struct range_new two = {.courier = "hct", .first = 5000, .last = 5001, .low_mark = -1};
    const struct waybill_want want = {.courier = "hct"};
    struct call call = {.site = site, .range = &one, .want = &want};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    call.range = &two;
    g_assert_true(db_transaction(site->db, do_add, &call, &error));
    for (int i = 0; i < 3; i++)
        g_assert_true(db_transaction(site->db, do_take, &call, &error));
    g_assert_cmpint(testdb_int(site->db, "SELECT MAX(serial) FROM waybill"), ==, 5001);
    site_close(site);
}

static void lists(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct waybill_want plain = {.courier = "tcat"}, cod = {.courier = "tcat", .cod = TRUE};
    struct call call = {.site = site, .courier = "tcat", .kind = "cod", .number = "9044 0012 3456"};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_list, &call, &error));
    g_assert_true(call.added);
    g_assert_true(db_transaction(site->db, do_list, &call, &error));
    g_assert_false(call.added);
    call.number = "904400123457";
    g_assert_true(db_transaction(site->db, do_list, &call, &error));
    call.number = "12";
    g_assert_false(db_transaction(site->db, do_list, &call, &error));
    expect_code(&error, ERR_NUMBER_FORM);
    call.want = &plain;
    g_assert_false(db_transaction(site->db, do_use, &call, &error));
    expect_code(&error, ERR_WAYBILL_NONE);
    call.want = &cod;
    g_assert_true(db_transaction(site->db, do_use, &call, &error));
    char *number = number_of(site, call.id);
    g_assert_cmpstr(number, ==, "904400123456");
    g_free(number);
    g_assert_true(db_transaction(site->db, do_use, &call, &error));
    g_assert_false(db_transaction(site->db, do_use, &call, &error));
    expect_code(&error, ERR_WAYBILL_NONE);
    site_close(site);
}

/* A list that is for every kind is used when the kind's own has none. */
static void a_list_for_any(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct waybill_want cod = {.courier = "tcat", .cod = TRUE};
    struct call call = {.site = site, .want = &cod, .courier = "tcat", .kind = "any", .number = "904400123400"};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_list, &call, &error));
    call.kind = "cod";
    call.number = "904400123456";
    g_assert_true(db_transaction(site->db, do_list, &call, &error));
    static const char *const WANTED[] = {"904400123456", "904400123400"};
    for (int i = 0; i < 2; i++) {
        gboolean used = db_transaction(site->db, do_use, &call, &error);
        g_assert_no_error(error);
        g_assert_true(used);
        char *number = number_of(site, call.id);
        g_assert_cmpstr(number, ==, WANTED[i]);
        g_free(number);
    }
    g_assert_false(db_transaction(site->db, do_use, &call, &error));
    expect_code(&error, ERR_WAYBILL_NONE);
    site_close(site);
}

static void given(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct waybill_want slip = {.courier = "711", .number = "F00203257137", .order = "A1"};
    const struct waybill_want none = {.courier = "711", .order = "A1"};
    const struct waybill_want wrong = {.courier = "711", .number = "77", .order = "A1"};
    const struct waybill_want nobody = {.courier = "pigeon"};
    struct call call = {.site = site, .want = &slip};
    GError *error = NULL;
    g_assert_true(db_transaction(site->db, do_take, &call, &error));
    int64_t first = call.id;
    g_assert_true(db_transaction(site->db, do_use, &call, &error));
    g_assert_cmpint(call.id, ==, first);
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_WAYBILL_TWICE);
    call.want = &none;
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_WAYBILL_PENDING);
    call.want = &wrong;
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_NUMBER_FORM);
    call.want = &nobody;
    g_assert_false(db_transaction(site->db, do_take, &call, &error));
    expect_code(&error, ERR_COURIER_UNKNOWN);
    site_close(site);
}

struct worker {
    const char *url;
    const struct waybill_want *want;
    int taken;
};

static gpointer take_many(gpointer data)
{
    struct worker *worker = data;
    GError *failed = NULL;
    struct site *site = site_open(worker->url, "b", NULL, &failed);
    g_assert_no_error(failed);
    struct call call = {.site = site, .want = worker->want};
    for (int i = 0; i < 40; i++) {
        GError *error = NULL;
        if (db_transaction(site->db, do_use, &call, &error))
            worker->taken++;
        else
            g_assert_cmpint(err_code(error), ==, ERR_WAYBILL_NONE);
        g_clear_error(&error);
    }
    site_close(site);
    return NULL;
}

/* Two stations take from two small ranges and a list at once: each number once, all of them. */
static void at_once(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    static const struct range_new RANGES[] = {{.courier = "hct", .first = 100, .last = 124, .low_mark = -1},
                                              {.courier = "hct", .first = 900, .last = 924, .low_mark = -1}};
    static const struct waybill_want WANTS[] = {{.courier = "hct"}, {.courier = "tcat"}};
    struct call call = {.site = site, .courier = "tcat"};
    for (guint i = 0; i < G_N_ELEMENTS(RANGES); i++) {
        call.range = &RANGES[i];
        g_assert_true(db_transaction(site->db, do_add, &call, NULL));
    }
    for (int i = 0; i < 50; i++) {
        char *number = g_strdup_printf("9044%08d", i);
        call.number = number;
        g_assert_true(db_transaction(site->db, do_list, &call, NULL));
        g_free(number);
    }
    for (guint w = 0; w < G_N_ELEMENTS(WANTS); w++) {
        struct worker workers[2] = {{test->url, &WANTS[w], 0}, {test->url, &WANTS[w], 0}};
        GThread *threads[2];
        for (guint i = 0; i < 2; i++)
            threads[i] = g_thread_new("station", take_many, &workers[i]);
        for (guint i = 0; i < 2; i++)
            g_thread_join(threads[i]);
        g_assert_cmpint(workers[0].taken + workers[1].taken, ==, 50);
    }
    site_close(site);
}

static void states(struct testdb *test)
{
    struct site *site = site_new(test, "a");
    const struct range_new low = {.courier = "hct", .first = 100, .last = 119, .low_mark = 200};
    const struct range_new fine = {.courier = "kerry", .first = 1, .last = 9000, .low_mark = 200};
    struct call call = {.site = site, .range = &low, .courier = "tcat", .number = "904400123456"};
    int count = 0;
    g_assert_true(db_transaction(site->db, do_add, &call, NULL));
    call.range = &fine;
    g_assert_true(db_transaction(site->db, do_add, &call, NULL));
    g_assert_true(db_transaction(site->db, do_list, &call, NULL));
    GArray *all = ranges_load(site, NULL);
    for (guint i = 0; i < all->len; i++) {
        const struct range_state *state = &g_array_index(all, struct range_state, i);
        count += state->left < state->low_mark;
    }
    g_assert_cmpint(count, ==, 2);
    g_array_unref(all);
    site_close(site);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/range/ends", ends);
    testdb_add("/range/steps-over-a-used-number", steps_over_a_used_number);
    testdb_add("/range/overlap", overlap);
    testdb_add("/range/next", next_range);
    testdb_add("/range/lists", lists);
    testdb_add("/range/given", given);
    testdb_add("/range/a_list_for_any", a_list_for_any);
    testdb_add("/range/at-once", at_once);
    testdb_add("/range/states", states);
    return g_test_run();
}
