/* SPDX-License-Identifier: MIT
 *
 * A server in another room: with a millisecond of delay each way a scan is painted in 6 ms once the work is open, in 10 ms when
 * it opens it; or, as often as it waits, in twice of what three bare statements take the same way, whichever is more. Medians;
 * the first orders through are not counted, for the server reads its catalogues. How long one of the three (program, way,
 * server) was ready and stood in line for a processor, which the kernel tells, is taken off: that is whoever else works on the
 * machine.
 */
#include <stdio.h>

#include "tests/support/desk.h"
#include "tests/support/relay.h"

enum { DELAY_US = 1000, FIRST = 4, ORDERS = 16, OPEN_US = 6000, OPENING_US = 10000 };

/* What took how long, of one kind. */
struct times {
    const char *what;
    int64_t asked_us;
    int waits;
    GArray *us; /* of int64_t, in order when it is told */
};

enum kind { BARE, PICK_OPENS, PICK_BIN, PICK_UNIT, PACK_OPENS, PACK_UNIT, PACK_LAST, PACK_LABEL, DOCK, KINDS };

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

static void bare(struct far *far)
{
    g_autoptr(db) db = testdb_open(&far->through);
    testdb_script(db, "CREATE TABLE far (id BIGINT PRIMARY KEY, n BIGINT NOT NULL); "
                      "INSERT INTO far VALUES (1, 0), (2, 0), (3, 0)");
    look_at_server(far, db);
    for (far->nth = 0; far->nth < 2 * ORDERS; far->nth++) {
        GError *error = NULL;
        int64_t since_us = now_us(far);
        g_assert_true(db_transaction(db, three_statements, NULL, &error));
        g_assert_no_error(error);
        note(far, BARE, since_us);
    }
    testdb_script(db, "DROP TABLE far");
}

/* --- scans ------------------------------------------------------------------------------------------------- */

static const char MUG[] = "4710000000017", TEA[] = "4710000000024";

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
    floor_receive(far->floor, floor_product(far->floor, "MUG-RED", MUG), 0, floor_bin(far->floor, "A-01-1", 1), 100);
    floor_receive(far->floor, floor_product(far->floor, "TEA", TEA), 0, floor_bin(far->floor, "A-02-1", 2), 100);
    for (int i = 0; i < ORDERS; i++) {
        g_autofree char *number = number_of(i);
        floor_release(far->floor, floor_order(far->floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 3}, {"TEA", 1})));
    }
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
    int64_t bare_us = median(far, BARE);
    for (enum kind kind = BARE; kind < KINDS; kind++) {
        const struct times *times = &far->times[kind];
        int64_t us = median(far, kind), most = MAX(times->asked_us, 2 * times->waits * bare_us);
        printf("# %-32s %5.2f ms (longest of %u: %.2f; at most %.1f)\n", times->what, (double)us / 1000, times->us->len,
               (double)g_array_index(times->us, int64_t, times->us->len - 1) / 1000, (double)most / 1000);
        g_assert_cmpint(us, <=, most);
    }
}

static void a_millisecond_away(struct testdb *test)
{
    static const struct times TIMES[KINDS] = {
        [BARE] = {"three bare statements", OPEN_US, 1, NULL},
        [PICK_OPENS] = {"pick: opens an order", OPENING_US, 3, NULL},
        [PICK_BIN] = {"pick: a bin", OPEN_US, 1, NULL},
        [PICK_UNIT] = {"pick: a unit", OPEN_US, 1, NULL},
        [PACK_OPENS] = {"pack: opens an order", OPENING_US, 2, NULL},
        [PACK_UNIT] = {"pack: a unit", OPEN_US, 1, NULL},
        [PACK_LAST] = {"pack: the last, which closes", OPEN_US, 2, NULL},
        [PACK_LABEL] = {"pack: the label", OPEN_US, 1, NULL},
        [DOCK] = {"dock: a parcel", OPENING_US, 3, NULL},
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
