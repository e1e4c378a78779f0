/* SPDX-License-Identifier: MIT
 *
 * A server in another room: with a millisecond of delay each way a scan is painted in 6 ms once the work is open, in 10 ms when
 * it opens it; or in twice of what three bare statements take the same way, in one round trip or in three, whichever is more.
 * What has to ask first costs a round trip more, and is given that: which tote was taken, which number a box gets. Medians; the
 * first orders through are not counted, for the server reads its catalogues. How long one of the three (program, way,
 * server) was ready and stood in line for a processor, which the kernel tells, is taken off: that is whoever else works on the
 * machine.
 */
#include <stdio.h>

#include "tests/support/desk.h"
#include "tests/support/relay.h"
#include "tests/support/shelves.h"

enum { DELAY_US = 1000, FIRST = 4, ORDERS = 24, BATCHES = 12, OPEN_US = 6000, OPENING_US = 10000 };

/* A walk through a batch is drawn with the next order as well: how often it waits is held by the test of round trips, how long to
 * some more than that of one order. */
enum { BATCH_OPEN_US = 8000, BATCH_ASKS_US = 12000, BATCH_OPENING_US = 20000 };

enum kind { BARE_ONE, BARE_TWO, BARE_THREE, BATCH_OPENS, BATCH_TOTE, BATCH_BIN, BATCH_UNIT, BATCH_OWED, PICK_OPENS, PICK_BIN, PICK_UNIT, PACK_OPENS, PACK_UNIT, PACK_LAST, PACK_LABEL, DOCK, KINDS };

/* What took how long, of one kind. */
struct times {
    const char *what;
    int64_t asked_us;
    enum kind like; /* what it is compared with, bare */
    GArray *us;     /* of int64_t, in order when it is told */
};

struct far {
    struct testdb through; /* as if the server were far away */
    struct relay *relay;
    struct floor *floor; /* beside it: what is prepared */
    struct times times[KINDS];
    int nth; /* the order under way */
    int server_pid;
};

/* How long a process or thread has stood in line so far; 0: nobody tells. */
static int64_t queued_us(const char *path)
{
    g_autofree char *text = NULL;
    long long ran_ns = 0, queued_ns = 0;
    if (g_file_get_contents(path, &text, NULL, NULL) && sscanf(text, "%lld %lld", &ran_ns, &queued_ns) != 2)
        queued_ns = 0;
    return queued_ns / 1000;
}

/* Now, less what was lost in line. */
static int64_t now_us(const struct far *far)
{
    g_autofree char *server = g_strdup_printf("/proc/%d/schedstat", far->server_pid);
    g_autofree char *way = g_strdup_printf("/proc/self/task/%d/schedstat", relay_thread(far->relay));
    return g_get_monotonic_time() - queued_us("/proc/thread-self/schedstat") - queued_us(way) - queued_us(server);
}

static void note(struct far *far, enum kind kind, int64_t since_us)
{
    int64_t us = now_us(far) - since_us;
    if (far->nth >= FIRST)
        g_array_append_val(far->times[kind].us, us);
}

/* The process that serves a connection. */
static void look_at_server(struct far *far, struct db *db)
{
    static const struct sql PID = {"far_pid", "SELECT CAST(pg_backend_pid() AS BIGINT)"};
    int64_t pid = 0;
    g_assert_cmpint(db_get_ints(db, &PID, NULL, 0, &pid, 1, NULL), ==, 1);
    far->server_pid = (int)pid;
}

static int by_size(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

static int64_t median(const struct far *far, enum kind kind)
{
    GArray *us = far->times[kind].us;
    g_assert_cmpuint(us->len, >, 0);
    g_array_sort(us, by_size);
    return g_array_index(us, int64_t, us->len / 2);
}

/* --- bare -------------------------------------------------------------------------------------------------- */

static gboolean three_statements(struct db *db, void *data, GError **error)
{
    static const struct sql BUMP = {"far_bump", "UPDATE far SET n = n + 1 WHERE id = $1"};
    gboolean done = TRUE;
    (void)data;
    for (int i = 1; done && i <= 3; i++)
        done = db_exec(db, &BUMP, DB_ARGS(i), NULL, error);
    return done;
}

/* In one round trip, or in more. */
static void one_by_one(struct far *far, struct db *db, enum kind kind)
{
    static const struct sql LOOK = {"far_look", "SELECT n FROM far WHERE id = $1"};
    GError *error = NULL;
    int64_t n, since_us = now_us(far);
    for (int i = 1; i <= (int)kind - BARE_ONE; i++)
        g_assert_cmpint(db_get_ints(db, &LOOK, DB_ARGS(i), &n, 1, NULL), ==, 1);
    uint64_t before = db_round_trips(db);
    g_assert_true(db_transaction(db, three_statements, NULL, &error));
    g_assert_no_error(error);
    note(far, kind, since_us);
    g_assert_cmpuint(db_round_trips(db) - before, ==, 1);
}

static void bare(struct far *far)
{
    g_autoptr(db) db = testdb_open(&far->through);
    testdb_script(db, "CREATE TABLE far (id BIGINT PRIMARY KEY, n BIGINT NOT NULL); "
                      "INSERT INTO far VALUES (1, 0), (2, 0), (3, 0)");
    look_at_server(far, db);
    for (far->nth = 0; far->nth < 2 * ORDERS; far->nth++) {
        for (enum kind kind = BARE_ONE; kind <= BARE_THREE; kind++)
            one_by_one(far, db, kind);
    }
    testdb_script(db, "DROP TABLE far");
}

/* --- scans ------------------------------------------------------------------------------------------------- */

static void look(struct desk *desk, gboolean anew)
{
    struct station_view view;
    GError *error = NULL;
    g_assert_true((anew ? station_view_load : station_view_after)(desk->station, &view, &error));
    g_assert_no_error(error);
    station_view_clear(&view);
}

static void scan(struct far *far, struct desk *desk, enum kind kind, const char *code)
{
    int64_t since_us = now_us(far);
    desk_scans(desk, code);
    look(desk, FALSE);
    note(far, kind, since_us);
}

static char *number_of(int i)
{
    return g_strdup_printf("FAR-%d", i);
}

static int64_t shipment_of(struct far *far, int i)
{
    g_autofree char *sql = g_strdup_printf("SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id "
                                           "WHERE o.external_id = 'FAR-%d'", i);
    return floor_int(far->floor, sql, 0);
}

static void prepare(struct far *far)
{
    floor_receive(far->floor, floor_product(far->floor, "MUG-RED", MUG), 0, floor_bin(far->floor, "A-01-1", 1), 200);
    floor_receive(far->floor, floor_product(far->floor, "TEA", TEA), 0, floor_bin(far->floor, "A-02-1", 2), 200);
    for (int i = 0; i < 2 * BATCHES; i++) {
        g_autofree char *tote = g_strdup_printf("T-%d-%d", i / 2, i % 2 + 1);
        floor_tote(far->floor, tote);
    }
    for (int i = 0; i < ORDERS; i++) {
        g_autofree char *number = number_of(i);
        floor_release(far->floor, floor_order(far->floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 3}, {"TEA", 1})));
    }
}

static char *batch_of_two(struct far *far, int i)
{
    int64_t ships[2];
    for (int k = 0; k < 2; k++) {
        g_autofree char *number = g_strdup_printf("TWO-%d-%d", i, k + 1);
        ships[k] = floor_order(far->floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 2}, {"TEA", 1}));
        floor_release(far->floor, ships[k]);
    }
    return floor_text(far->floor, "SELECT number FROM batch WHERE id = $1", batch_of(far->floor, ships, 2, 0));
}

static void pick(struct far *far)
{
    struct desk *desk = desk_open(&far->through, "CART-1", "K-7", ROLE_PICKER);
    look_at_server(far, desk->floor->site->db);
    for (int i = far->nth = 0; i < ORDERS; far->nth = ++i) {
        g_autofree char *number = number_of(i);
        scan(far, desk, PICK_OPENS, number);
        scan(far, desk, PICK_BIN, "A-01-1");
        for (int unit = 0; unit < 3; unit++)
            scan(far, desk, PICK_UNIT, MUG);
        scan(far, desk, PICK_BIN, "A-02-1");
        scan(far, desk, PICK_UNIT, TEA);
    }
    desk_close(desk);
}

/* Batches of two, each with a tote of its own. */
static void walk(struct far *far)
{
    static const struct {
        enum kind kind;
        const char *code;
    } WALK[] = {{BATCH_TOTE, "1"}, {BATCH_BIN, "A-01-1"}, {BATCH_UNIT, MUG}, {BATCH_UNIT, MUG}, {BATCH_OWED, "1"},
                {BATCH_TOTE, "2"}, {BATCH_UNIT, MUG}, {BATCH_UNIT, MUG}, {BATCH_OWED, "2"}, {BATCH_BIN, "A-02-1"},
                {BATCH_UNIT, TEA}, {BATCH_OWED, "1"}, {BATCH_UNIT, TEA}, {BATCH_OWED, "2"}};
    struct desk *desk = desk_open(&far->through, "CART-2", "K-7", ROLE_PICKER);
    look_at_server(far, desk->floor->site->db);
    for (int i = far->nth = 0; i < BATCHES; far->nth = ++i) {
        g_autofree char *number = batch_of_two(far, i);
        scan(far, desk, BATCH_OPENS, number);
        for (size_t k = 0; k < G_N_ELEMENTS(WALK); k++) {
            gboolean tote = WALK[k].kind == BATCH_TOTE || WALK[k].kind == BATCH_OWED;
            g_autofree char *code = tote ? g_strdup_printf("T-%d-%s", i, WALK[k].code) : g_strdup(WALK[k].code);
            scan(far, desk, WALK[k].kind, code);
        }
    }
    desk_close(desk);
}

static char *label_of(struct far *far, int i)
{
    floor_print_all(far->floor);
    return floor_text(far->floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1",
                      shipment_of(far, i));
}

static void pack(struct far *far)
{
    struct desk *desk = desk_open(&far->through, "PACK-1", "P-7", ROLE_PACKER);
    look_at_server(far, desk->floor->site->db);
    desk_does(desk, CMD_PACK, "");
    for (int i = far->nth = 0; i < ORDERS; far->nth = ++i) {
        g_autofree char *number = number_of(i);
        scan(far, desk, PACK_OPENS, number);
        for (int unit = 0; unit < 3; unit++)
            scan(far, desk, PACK_UNIT, MUG);
        scan(far, desk, PACK_LAST, TEA);
        g_autofree char *label = label_of(far, i);
        look(desk, TRUE); /* as a screen does when the print worker has committed */
        scan(far, desk, PACK_LABEL, label);
    }
    desk_close(desk);
}

static void hand_over(struct far *far)
{
    struct desk *desk = desk_open(&far->through, "DOCK-1", "D-7", ROLE_DOCK);
    look_at_server(far, desk->floor->site->db);
    desk_does(desk, CMD_DOCK, "");
    for (int i = far->nth = 0; i < ORDERS; far->nth = ++i) {
        g_autofree char *label = label_of(far, i);
        scan(far, desk, DOCK, label);
    }
    desk_close(desk);
}

static void tell(struct far *far)
{
    int64_t bare_us[BARE_THREE + 1];
    for (enum kind kind = BARE_ONE; kind <= BARE_THREE; kind++)
        bare_us[kind] = median(far, kind);
    for (enum kind kind = BARE_ONE; kind < KINDS; kind++) {
        const struct times *times = &far->times[kind];
        int64_t us = median(far, kind), most = MAX(times->asked_us, 2 * bare_us[times->like]);
        printf("# %-32s %5.2f ms (longest of %u: %.2f; at most %.1f)\n", times->what, (double)us / 1000, times->us->len,
               (double)g_array_index(times->us, int64_t, times->us->len - 1) / 1000, (double)most / 1000);
        if (us > most)
            g_test_fail_printf("%s takes too long", times->what);
    }
}

static void a_millisecond_away(struct testdb *test)
{
    static const struct times TIMES[KINDS] = {
        [BARE_ONE] = {"three bare statements at once", OPEN_US, BARE_ONE, NULL},
        [BARE_TWO] = {"and another before", OPEN_US, BARE_TWO, NULL},
        [BARE_THREE] = {"and two before", OPENING_US, BARE_THREE, NULL},
        [BATCH_OPENS] = {"batch: opens", BATCH_OPENING_US, BARE_THREE, NULL},
        [BATCH_TOTE] = {"batch: takes a tote", BATCH_ASKS_US, BARE_TWO, NULL},
        [BATCH_BIN] = {"batch: a bin", BATCH_OPEN_US, BARE_ONE, NULL},
        [BATCH_UNIT] = {"batch: a unit", BATCH_OPEN_US, BARE_ONE, NULL},
        [BATCH_OWED] = {"batch: into which tote", BATCH_OPEN_US, BARE_ONE, NULL},
        [PICK_OPENS] = {"pick: opens an order", OPENING_US, BARE_THREE, NULL},
        [PICK_BIN] = {"pick: a bin", OPEN_US, BARE_ONE, NULL},
        [PICK_UNIT] = {"pick: a unit", OPEN_US, BARE_ONE, NULL},
        [PACK_OPENS] = {"pack: opens an order", OPENING_US, BARE_THREE, NULL},
        [PACK_UNIT] = {"pack: a unit", OPEN_US, BARE_ONE, NULL},
        [PACK_LAST] = {"pack: the last, which closes", OPEN_US, BARE_TWO, NULL},
        [PACK_LABEL] = {"pack: the label", OPEN_US, BARE_ONE, NULL},
        [DOCK] = {"dock: a parcel", OPENING_US, BARE_THREE, NULL},
    };
    struct far far = {.through = *test};
    if (test->engine == DB_SQLITE) {
        g_test_skip("nobody waits for SQLite");
        return;
    }
    for (int kind = 0; kind < KINDS; kind++) {
        far.times[kind] = TIMES[kind];
        far.times[kind].us = g_array_new(FALSE, FALSE, sizeof(int64_t));
    }
    far.relay = relay_start(test->url, test->dir, DELAY_US, &far.through.url);
    far.floor = floor_open(test, "beside");
    prepare(&far);
    bare(&far);
    walk(&far);
    pick(&far);
    pack(&far);
    hand_over(&far);
    floor_close(far.floor);
    relay_stop(far.relay);
    tell(&far);
    for (int kind = 0; kind < KINDS; kind++)
        g_array_unref(far.times[kind].us);
    g_free(far.through.url);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/far-server/a-millisecond-away", a_millisecond_away);
    return g_test_run();
}
