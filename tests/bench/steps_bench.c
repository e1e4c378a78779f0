/* SPDX-License-Identifier: MIT
 *
 * Floor steps a second from one process, beside the same statements replayed bare; and what one step
 * takes. Every order goes the whole way: two picks, two packs, closed, its label applied, out.
 */
#include <stdio.h>

#include "core/apply/apply.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/measure.h"
#include "tests/bench/replay.h"

enum { ORDERS = 250, LINES = 2, PARTS = 10 };

/* One order's steps in their order; ids of what the steps make are read from outcomes and looked up untimed. */
struct walk {
    struct bench_floor *bench;
    struct db *reader; /* the bench's own questions are not the floor's work */
    struct samples samples;
    int64_t manifest_id;
};

static struct outcome step(struct walk *walk, struct event event)
{
    struct floor *floor = walk->bench->floor;
    struct outcome outcome;
    GError *error = NULL;
    event.key = flow_key(floor->site);
    int64_t start = measure_now_ns();
    flow_apply(floor->site, &event, 1, &outcome, &error);
    samples_add(&walk->samples, measure_now_ns() - start);
    g_assert_no_error(error);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s: PL-%04d %s", flow_event_name(event.kind), (int)outcome.code, outcome.text);
    return outcome;
}

static int64_t ask(struct walk *walk, const struct sql *sql, int64_t id, int64_t after)
{
    int64_t found = 0;
    db_get_ints(walk->reader, sql, DB_ARGS(id, after), &found, 1, NULL);
    return found;
}

static void whole_way(struct walk *walk, int64_t shipment)
{
    static const struct sql TASK = {"bench_task",
                                    "SELECT id FROM pick_task WHERE shipment_id = $1 AND id > $2 ORDER BY id "
                                    "LIMIT 1"};
    static const struct sql LINE = {
        "bench_line", "SELECT id FROM shipment_line WHERE shipment_id = $1 AND id > $2 ORDER BY "
                      "id LIMIT 1"};
    static const struct sql WAYBILL = {"bench_waybill",
                                       "SELECT id FROM waybill WHERE parcel_id = $1 AND id > $2"};
    const struct floor *floor = walk->bench->floor;
    for (int64_t task = 0; (task = ask(walk, &TASK, shipment, task)) != 0;)
        step(walk, (struct event){.kind = EV_PICK,
                                  .actor = floor->picker,
                                  .shipment_id = shipment,
                                  .task_id = task,
                                  .quantity = 1});
    for (int64_t line = 0; (line = ask(walk, &LINE, shipment, line)) != 0;)
        step(walk, (struct event){.kind = EV_PACK,
                                  .actor = floor->packer,
                                  .shipment_id = shipment,
                                  .line_id = line,
                                  .quantity = 1});
    int64_t parcel =
        step(walk, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment})
            .subject_id;
    step(walk, (struct event){.kind = EV_APPLY,
                              .actor = floor->lead, /* no paper has come out */
                              .shipment_id = shipment,
                              .waybill_id = ask(walk, &WAYBILL, parcel, 0)});
    step(walk, (struct event){.kind = EV_OUT,
                              .actor = floor->dock,
                              .shipment_id = shipment,
                              .parcel_id = parcel,
                              .manifest_id = walk->manifest_id});
}

static void open_manifest(struct walk *walk)
{
    struct floor *floor = walk->bench->floor;
    walk->manifest_id =
        floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"})
            .subject_id;
}

static void all_ways(struct walk *walk, const int64_t *shipments, int part)
{
    for (int i = part * ORDERS / PARTS; i < (part + 1) * ORDERS / PARTS; i++)
        whole_way(walk, shipments[i]);
}

static void report(const char *engine, struct walk *walk, double replayed, const struct recording *recording)
{
    char title[120];
    guint steps = walk->samples.ns->len;
    double total = 0;
    for (guint i = 0; i < steps; i++)
        total += (double)g_array_index(walk->samples.ns, int64_t, i) / 1e9;
    g_snprintf(title, sizeof title,
               "%s, %" G_GINT64_FORMAT " orders: %d orders the whole way, %u steps, %.1f statements a step",
               engine, walk->bench->orders, ORDERS, steps,
               (double)recording_statements(recording) / recording_transactions(recording));
    measure_head(title);
    measure_row("floor steps a second", steps / total, recording_transactions(recording) / replayed, "/s",
                (struct mark){.least_ratio = 0.75});
    measure_row("one step, median", samples_ms(&walk->samples, 0.5),
                replayed * 1000 / recording_transactions(recording), "ms", NO_MARK);
    measure_row("one step, p99", samples_ms(&walk->samples, 0.99), 0, "ms", NO_MARK);
}

static void measure(enum db_engine engine, int64_t orders)
{
    int64_t timed[ORDERS], recorded[ORDERS];
    struct walk walk = {.bench = bench_floor_open(engine, orders)}, second;
    bench_orders(walk.bench, "T", ORDERS, LINES, timed);
    bench_orders(walk.bench, "R", ORDERS, LINES, recorded);
    bench_release(walk.bench, timed, ORDERS);
    bench_release(walk.bench, recorded, ORDERS);
    open_manifest(&walk);
    char *copy = bench_copy(walk.bench);
    walk.reader = testdb_open(&walk.bench->test);
    second = walk;
    samples_init(&walk.samples);
    samples_init(&second.samples);
    struct recording *recording = recording_start(walk.bench->floor->site->db);
    for (int part = 0; part < PARTS; part++)
        all_ways(&second, recorded, part);
    recording_stop(recording);
    struct replay *replay = replay_open(recording, copy);
    double replayed = 0;
    for (int part = 0; part < PARTS; part++) { /* in turns: a noisy machine hits both */
        all_ways(&walk, timed, part);
        double seconds = replay ? replay_part(replay, part, PARTS) : -1;
        replayed = seconds < 0 || replayed < 0 ? -1 : replayed + seconds;
    }
    if (replay)
        replay_close(replay);
    if (replayed > 0)
        report(engine == DB_SQLITE ? "SQLite" : "PostgreSQL", &walk, replayed, recording);
    recording_free(recording);
    samples_clear(&walk.samples);
    samples_clear(&second.samples);
    db_close(walk.reader);
    bench_drop(copy);
    bench_floor_free(walk.bench);
}

int main(void)
{
    bench_each(measure);
    return 0;
}
