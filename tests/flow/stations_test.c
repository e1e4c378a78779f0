/* SPDX-License-Identifier: MIT
 *
 * Everybody at once: several stations, each a connection and a thread of its own, work the same few orders and goods for
 * a while by what they saw a moment ago, and get in each other's way all the time. Afterwards the invariants must hold
 * (floor_close() looks at them: ledger and stock, reservations, journal chains, history) and nothing has left twice.
 */
#include <glib.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/apply/apply.h"
#include "tests/support/desk.h"

enum { STATIONS = 4, ORDERS = 48, SECONDS = 2, DEADLINE_S = 30, OUTS_WANTED = 12, MOST_LOST = 20 };

struct worker {
    struct floor *floor;
    gint *all_outs; /* of all stations, atomic */
    const int64_t *orders;
    int64_t manifest_id;
    GRand *dice;
    int64_t done, refused, conflicts, lost, outs;
};

/* What a state asks for next, as far as it can be seen without a lock. */
static struct event next_event(struct worker *worker, int64_t shipment)
{
    struct floor *floor = worker->floor;
    struct event event = {.shipment_id = shipment, .actor = floor->lead, .quantity = 1, .courier = "hct"};
    char *name = floor_text(floor, "SELECT state FROM shipment WHERE id = $1", shipment);
    enum state state = flow_state_parse(name);
    g_free(name);
    switch ((int)state) {
    case ST_READY:
    case ST_BATCHED:
    case ST_PICKING:
        event.task_id = floor_int(
            floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1", shipment);
        event.kind = event.task_id ? EV_PICK : EV_RELEASE;
        break;
    case ST_PICKED:
    case ST_PACKING:
        event.line_id = floor_int(
            floor, "SELECT id FROM shipment_line WHERE shipment_id = $1 AND packed < picked ORDER BY id LIMIT 1", shipment);
        event.task_id = floor_int(
            floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1", shipment);
        event.kind = event.line_id ? EV_PACK : event.task_id ? EV_PICK : EV_CLOSE;
        break;
    case ST_PACKED:
        event.kind = EV_APPLY;
        event.waybill_id = floor_int(floor,
                                     "SELECT w.id FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                     "WHERE p.shipment_id = $1 AND w.state IN ('assigned', 'printed')",
                                     shipment);
        break;
    case ST_LABELLED:
        event.kind = EV_OUT;
        event.manifest_id = worker->manifest_id;
        event.parcel_id = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1 AND state = 'labelled'", shipment);
        break;
    default:
        event.kind = EV_RELEASE;
    }
    return event;
}

/* Something that comes in between: undone, short, held, taken apart, cancelled; or goods move. */
static struct event other_event(struct worker *worker, int64_t shipment)
{
    static const enum event_kind KINDS[] = {EV_UNPICK, EV_UNPICK, EV_UNPACK, EV_SHORT,  EV_SKIP,   EV_BLOCK,  EV_UNBLOCK,
                                            EV_UNBLOCK, EV_REOPEN, EV_RENEW, EV_UNBATCH, EV_ASSIGN, EV_RECEIVE, EV_ADJUST,
                                            EV_CLOSE_SPLIT, EV_PRINT_AHEAD, EV_SPLIT, EV_SPLIT, EV_CANCEL_LINE, EV_CHANGE,
                                            EV_RELEASE};
    struct floor *floor = worker->floor;
    struct event event = {.kind = KINDS[g_rand_int_range(worker->dice, 0, G_N_ELEMENTS(KINDS))],
                          .actor = floor->lead, .shipment_id = shipment, .quantity = 1, .reason = "stress",
                          .block = BLOCK_HELD, .person_id = floor->picker.person_id};
    if (g_rand_int_range(worker->dice, 0, 40) == 0)
        event.kind = EV_CANCEL;
    if (event.kind == EV_UNPICK || event.kind == EV_SHORT || event.kind == EV_SKIP)
        event.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 ORDER BY picked DESC LIMIT 1",
                                  shipment);
    if (event.kind == EV_CHANGE)
        event.cod_minor = 100 * g_rand_int_range(worker->dice, 0, 3);
    if (event.kind == EV_UNPACK || event.kind == EV_CANCEL_LINE)
        event.line_id = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY packed DESC LIMIT 1",
                                  shipment);
    if (event.kind == EV_RECEIVE || event.kind == EV_ADJUST) {
        event.shipment_id = 0;
        event.product_id = floor_int(floor, "SELECT MIN(id) FROM product", 0);
        event.to_id = event.from_id = floor_int(floor, "SELECT MIN(id) FROM location WHERE kind = 'bin'", 0);
        event.quantity = event.kind == EV_RECEIVE ? 3 : g_rand_int_range(worker->dice, -2, 3);
    }
    return event;
}

static void apply(struct worker *worker, struct event event)
{
    struct outcome outcome;
    GError *error = NULL;
    event.key = flow_key(worker->floor->site);
    if (!flow_apply(worker->floor->site, &event, 1, &outcome, &error)) {
        if (!g_error_matches(error, ERR, ERR_DB_SERIALIZE) && !g_error_matches(error, ERR, ERR_DB_BUSY))
            g_error("%s: %s", flow_event_name(event.kind), error->message);
        g_clear_error(&error);
        worker->lost++;
        return;
    }
    worker->done += outcome.verdict == VERDICT_DONE;
    worker->refused += outcome.verdict == VERDICT_REFUSED;
    worker->conflicts += outcome.verdict == VERDICT_CONFLICT;
    if (event.kind != EV_OUT || outcome.verdict != VERDICT_DONE)
        return;
    worker->outs++;
    g_atomic_int_inc(worker->all_outs);
}

/* A lead makes a batch of what is ready, gives it away, sometimes cancels it again. */
static void lead_turn(struct worker *worker)
{
    struct site *site = worker->floor->site;
    GError *error = NULL;
    struct batch_made made = {0};
    struct batch_wish wish = {.actor = worker->floor->lead};
    GArray *ids = batch_next(site, NULL, 3, &error);
    g_assert_no_error(error);
    gboolean good = batch_make(site, &wish, (const int64_t *)(void *)ids->data, ids->len, &made, &error);
    if (good && g_rand_boolean(worker->dice))
        good = batch_assign(site, wish.actor, made.batch_id, worker->floor->picker.person_id, &error);
    if (good && g_rand_int_range(worker->dice, 0, 3) == 0)
        batch_cancel(site, wish.actor, made.batch_id, &error);
    if (error && err_exit(error) != EXIT_REFUSED && !g_error_matches(error, ERR, ERR_DB_SERIALIZE))
        g_error("batch: %s", error->message);
    g_clear_error(&error);
    batch_made_clear(&made);
    g_array_unref(ids);
}

/* For a while, and on a busy machine until enough has left. */
static gboolean goes_on(const struct worker *worker, gint64 since)
{
    gint64 spent = g_get_monotonic_time() - since;
    return spent < SECONDS * G_USEC_PER_SEC ||
           (spent < DEADLINE_S * G_USEC_PER_SEC && g_atomic_int_get(worker->all_outs) < OUTS_WANTED);
}

static gpointer work(gpointer data)
{
    struct worker *worker = data;
    gint64 since = g_get_monotonic_time();
    while (goes_on(worker, since)) {
        int64_t shipment = worker->orders[g_rand_int_range(worker->dice, 0, ORDERS)];
        int dice = g_rand_int_range(worker->dice, 0, 100);
        if (dice < 2)
            lead_turn(worker);
        else
            apply(worker, dice < 20 ? other_event(worker, shipment) : next_event(worker, shipment));
    }
    return NULL;
}

static void make_orders(struct floor *floor, int64_t *orders)
{
    static const char *const SKUS[] = {"MUG-RED", "TEA-OOL", "PEN-BLU"};
    for (int i = 0; i < 3; i++) {
        char bin[16];
        int64_t product = floor_product(floor, SKUS[i], NULL);
        for (int k = 0; k < 2; k++) {
            g_snprintf(bin, sizeof bin, "%c-0%d", 'A' + i, k);
            floor_receive(floor, product, 0, floor_bin(floor, bin, 10 * i + k), 25);
        }
    }
    for (int i = 0; i < ORDERS; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "N%02d", i);
        orders[i] = floor_order(floor, number, "hct", FLOOR_ITEMS({SKUS[i % 3], 1 + i % 2}, {SKUS[(i + 1) % 3], 1}));
    }
}

static void everybody_at_once(struct testdb *test)
{
    struct worker workers[STATIONS];
    GThread *threads[STATIONS];
    int64_t orders[ORDERS], outs = 0, lost = 0;
    gint all_outs = 0;
    struct floor *floor = floor_open(test, "lead");
    make_orders(floor, orders);
    int64_t manifest =
        floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"}).subject_id;
    for (int i = 0; i < STATIONS; i++) {
        char name[16];
        g_snprintf(name, sizeof name, "station-%d", i);
        workers[i] = (struct worker){.floor = floor_open(test, name), .all_outs = &all_outs, .orders = orders, .manifest_id = manifest,
                                     .dice = g_rand_new_with_seed((guint32)(1000 + i))};
    }
    for (int i = 0; i < STATIONS; i++)
        threads[i] = g_thread_new("station", work, &workers[i]);
    for (int i = 0; i < STATIONS; i++)
        g_thread_join(threads[i]);
    for (int i = 0; i < STATIONS; i++) {
        struct worker *worker = &workers[i];
        g_test_message("station %d: %d done, %d refused, %d conflicts, %d lost, %d out", i, (int)worker->done,
                       (int)worker->refused, (int)worker->conflicts, (int)worker->lost, (int)worker->outs);
        g_assert_cmpint(worker->done, >, 0);
        outs += worker->outs;
        lost += worker->lost;
        g_rand_free(worker->dice);
        floor_close(worker->floor);
    }
    g_assert_cmpint(lost, <, MOST_LOST);
    g_assert_cmpint(outs, ==, floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE state = 'out'", 0));
    g_assert_cmpint(outs, ==, floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE state = 'out'", 0));
    g_assert_cmpint(outs, >, 0);
    g_assert_cmpint(floor_int(floor,
                              "SELECT CAST(COALESCE(SUM(l.packed), 0) AS BIGINT) FROM shipment_line l JOIN shipment s "
                              "ON s.id = l.shipment_id WHERE s.state = 'outbound'",
                              0),
                    <=,
                    floor_int(floor,
                              "SELECT CAST(COALESCE(SUM(m.quantity), 0) AS BIGINT) FROM stock_move m WHERE m.kind = 'outbound'",
                              0));
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

/* --- people who scan whatever lies around --------------------------------------------------------------- */

enum { BENCHES = 3, KEYS = 400 };

struct monkey {
    struct desk *desk;
    GRand *dice;
    int done, refused;
};

/* What is asked for, as a person reads it off: the last word of it; where anything will do, something of the kind. */
static void follow(struct monkey *monkey)
{
    static const char *const SKUS[] = {"MUG-RED", "TEA-OOL", "PEN-BLU"};
    struct desk *desk = monkey->desk;
    const char *expect = desk->last.expect, *word = strrchr(expect, ' ');
    char code[64];
    g_snprintf(code, sizeof code, "N%02d", g_rand_int_range(monkey->dice, 0, 24));
    if (g_str_has_prefix(expect, "an empty tote"))
        g_snprintf(code, sizeof code, "T-%d", g_rand_int_range(monkey->dice, 0, 9));
    else if (g_str_has_prefix(expect, "a product"))
        g_strlcpy(code, SKUS[g_rand_int_range(monkey->dice, 0, 3)], sizeof code);
    else if (station_step(desk->station) == STEP_PICK || station_step(desk->station) == STEP_LABEL)
        g_strlcpy(code, word ? word + 1 : "A-00", sizeof code);
    if (station_step(desk->station) == STEP_IDLE && g_rand_boolean(monkey->dice))
        desk_say(desk, CMD_PICK, "");
    else
        desk_scan(desk, code);
}

static void scan_something(struct monkey *monkey)
{
    static const char *const THINGS[] = {"MUG-RED", "TEA-OOL", "PEN-BLU", "A-00", "A-01", "B-10", "C-20", "N00", "N01",
                                         "N02",     "N07",     "N11",     "T-0",  "T-1",  "B0001", "nothing", "", "//X"};
    desk_scan(monkey->desk, THINGS[g_rand_int_range(monkey->dice, 0, G_N_ELEMENTS(THINGS))]);
}

static void command_something(struct monkey *monkey)
{
    static const struct {
        enum command command;
        const char *argument;
    } ACTS[] = {{CMD_PICK, ""},      {CMD_PICK, "N03"},  {CMD_PICK, "B0001"}, {CMD_PACK, ""},     {CMD_PACK, "N01"},
                {CMD_DOCK, "hct"},   {CMD_BACK, ""},     {CMD_UNDO, ""},      {CMD_UNDO, ""},     {CMD_QUANTITY, "1"},
                {CMD_QUANTITY, "2"}, {CMD_SKIP, ""},     {CMD_SHORT, "gone"}, {CMD_CLOSE, ""},    {CMD_SPLIT, ""},
                {CMD_REOPEN, ""},    {CMD_REPRINT, "x"}, {CMD_PAPER, ""},     {CMD_WHOLE, ""},    {CMD_CONFIRM, ""},
                {CMD_CANCEL, ""},    {CMD_STATUS, ""},   {CMD_WEIGHT, "120"}, {CMD_QUANTITY, "-1"}};
    int n = g_rand_int_range(monkey->dice, 0, G_N_ELEMENTS(ACTS));
    desk_say(monkey->desk, ACTS[n].command, ACTS[n].argument);
}

static gpointer play(gpointer data)
{
    struct monkey *monkey = data;
    for (int i = 0; i < KEYS; i++) {
        int dice = g_rand_int_range(monkey->dice, 0, 40);
        if (monkey->desk->last.kind == ANSWER_REFUSED)
            desk_say(monkey->desk, CMD_DISMISS, "");
        else if (dice < 34)
            follow(monkey);
        else if (dice < 37)
            scan_something(monkey);
        else
            command_something(monkey);
        monkey->done += monkey->desk->last.kind == ANSWER_OK;
        monkey->refused += monkey->desk->last.kind == ANSWER_REFUSED;
        struct station_view view;
        if (i % 8 == 0 && station_view_load(monkey->desk->station, &view, NULL))
            station_view_clear(&view);
    }
    return NULL;
}

static void whatever_lies_around(struct testdb *test)
{
    struct monkey monkeys[BENCHES];
    GThread *threads[BENCHES];
    int64_t orders[ORDERS];
    struct floor *floor = floor_open(test, "lead");
    GError *error = NULL;
    make_orders(floor, orders);
    for (int i = 0; i < 9; i++) {
        char tote[16];
        g_snprintf(tote, sizeof tote, "T-%d", i);
        floor_tote(floor, tote);
    }
    for (int i = 0; i < 24; i++)
        floor_release(floor, orders[i]);
    struct batch_made made;
    struct batch_wish wish = {.actor = floor->lead};
    g_assert_true(batch_make(floor->site, &wish, orders, 6, &made, &error));
    batch_made_clear(&made);
    for (int i = 0; i < BENCHES; i++) {
        char name[16];
        g_snprintf(name, sizeof name, "bench-%d", i);
        monkeys[i] = (struct monkey){.desk = desk_open(test, name, name, ROLE_LEAD),
                                     .dice = g_rand_new_with_seed((guint32)(77 + i))};
    }
    for (int i = 0; i < BENCHES; i++)
        threads[i] = g_thread_new("bench", play, &monkeys[i]);
    for (int i = 0; i < BENCHES; i++)
        g_thread_join(threads[i]);
    for (int i = 0; i < BENCHES; i++) {
        g_test_message("bench %d: %d done, %d refused", i, monkeys[i].done, monkeys[i].refused);
        g_assert_cmpint(monkeys[i].done, >, KEYS / 10);
        g_rand_free(monkeys[i].dice);
        desk_close(monkeys[i].desk);
    }
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM stock_move WHERE kind = 'pick'", 0), >, 0);
    g_test_message("%d picks, %d boxes", (int)floor_int(floor, "SELECT COUNT(*) FROM stock_move WHERE kind = 'pick'", 0),
                   (int)floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE state <> 'open'", 0));
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/stations/everybody_at_once", everybody_at_once);
    testdb_add("/stations/whatever_lies_around", whatever_lies_around);
    return g_test_run();
}
