/* SPDX-License-Identifier: MIT
 *
 * The floor whose power goes (power_loss.h), and what is done there.
 */
#include <stdio.h>

#include "core/apply/apply.h"
#include "core/db/engine.h"
#include "tests/support/desk.h"
#include "tests/support/power_loss.h"

static const char CODE[] = "4710000000017", BIN[] = "A-01";

enum { UNITS = 3, HELD = 24, CLOSED_EVERY = 7, HELD_EVERY = 5 };

struct shift {
    struct testdb *test;
    gboolean normal;
    int64_t held[HELD];
    struct desk *desks[2];
};

/* --- the first control: synchronous=NORMAL, set again where the program has set it back -------------------- */

static void weaken(const struct shift *shift, struct db *db)
{
    if (shift->normal)
        g_assert_true(db->engine->script(db, "PRAGMA synchronous = NORMAL", NULL));
}

/* --- what is done ------------------------------------------------------------------------------------------ */

static void heard(const struct desk *desk, void *data)
{
    weaken(data, desk->floor->site->db);
    if (desk->last.kind == ANSWER_OK)
        recorder_acknowledged(desk->last.key);
}

static void open_desk(struct shift *shift, int i)
{
    char name[16];
    g_snprintf(name, sizeof name, "bench-%d", i + 1);
    shift->desks[i] = desk_open(shift->test, name, POWER_LOSS_BADGE, ROLE_LEAD);
    shift->desks[i]->heard = heard;
    shift->desks[i]->data = shift;
    weaken(shift, shift->desks[i]->floor->site->db);
}

/* Closed by hand: nobody prints in between, and no invariants are looked at. */
static void close_desk(struct shift *shift, int i)
{
    shift->desks[i]->floor->tampered = TRUE;
    desk_close(shift->desks[i]);
}

/* From the bin to the labelled box. */
static void work_order(struct desk *desk, const char *number, int64_t shipment)
{
    struct floor *floor = desk->floor;
    desk_does(desk, CMD_PICK, number);
    desk_scans(desk, BIN);
    for (int i = 0; i < UNITS; i++)
        desk_scans(desk, CODE);
    desk_does(desk, CMD_PACK, number);
    for (int i = 0; i < UNITS; i++)
        desk_scans(desk, CODE);
    floor_print_all(floor);
    g_autofree char *waybill = floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                                 "WHERE p.shipment_id = $1", shipment);
    desk_scans(desk, waybill);
}

/* Many at once are committed without a sync each, and are acknowledged together. */
static void hold_many(struct shift *shift, struct floor *floor, enum event_kind kind)
{
    static struct outcome outcomes[HELD];
    struct event events[HELD];
    GError *error = NULL;
    for (int i = 0; i < HELD; i++)
        events[i] = (struct event){.kind = kind, .shipment_id = shift->held[i], .actor = floor->lead, .key = flow_key(floor->site),
                                   .block = BLOCK_HELD, .reason = "recall"};
    const struct flow_list list = {.events = events, .n = HELD, .outcomes = outcomes};
    flow_apply_list(floor->site, &list, &error);
    g_assert_no_error(error);
    for (int i = 0; i < HELD; i++)
        recorder_acknowledged(events[i].key);
    weaken(shift, floor->site->db);
}

static int64_t *prepare(struct shift *shift, int orders)
{
    struct floor *floor = floor_open(shift->test, "setup");
    int64_t *shipments = g_new(int64_t, (gsize)orders);
    floor_receive(floor, floor_product(floor, "MUG-RED", CODE), 0, floor_bin(floor, BIN, 1), (int64_t)UNITS * (orders + HELD + 1));
    for (int i = 0; i < orders + HELD + 1; i++) {
        g_autofree char *number = i < orders + HELD ? g_strdup_printf("SP-%d", i) : g_strdup(POWER_LOSS_LAST);
        int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", UNITS}));
        floor_release(floor, shipment);
        if (i < orders)
            shipments[i] = shipment;
        else if (i < orders + HELD)
            shift->held[i - orders] = shipment;
    }
    open_desk(shift, 0), open_desk(shift, 1); /* so that whoever works there is known */
    close_desk(shift, 0), close_desk(shift, 1);
    floor_close(floor);
    return shipments;
}

static void work(struct shift *shift, const int64_t *shipments, int orders)
{
    open_desk(shift, 0), open_desk(shift, 1);
    for (int i = 0; i < orders; i++) {
        g_autofree char *number = g_strdup_printf("SP-%d", i);
        struct desk *desk = shift->desks[i % 2];
        work_order(desk, number, shipments[i]);
        if (i % HELD_EVERY == HELD_EVERY - 1)
            hold_many(shift, desk->floor, i / HELD_EVERY % 2 == 0 ? EV_BLOCK : EV_UNBLOCK);
        if (i % CLOSED_EVERY == CLOSED_EVERY - 1) { /* the last one brings the log in, and deletes it */
            close_desk(shift, 0), close_desk(shift, 1);
            open_desk(shift, 0), open_desk(shift, 1);
        }
    }
    close_desk(shift, 0), close_desk(shift, 1);
}

/* Not every answer is of an event that is stored: a station's own commands are not. Those that are not there in the end, where
 * nothing was lost, were none. */
static void forget_others(struct shift *shift, struct recording *recording)
{
    struct floor *floor = floor_open(shift->test, "after");
    for (guint i = 0; i < recording->records->len; i++) {
        struct record *record = &g_array_index(recording->records, struct record, i);
        if (record->what == RECORD_ACK &&
            floor_int(floor, "SELECT COUNT(*) FROM event WHERE key = $1", record->offset) == 0)
            record->what = RECORD_SPENT;
    }
    floor_close(floor);
}

struct recording *power_loss_record(int orders, gboolean normal)
{
    struct shift shift = {.test = testdb_new(DB_SQLITE), .normal = normal};
    g_autofree int64_t *shipments = prepare(&shift, orders);
    struct recording *recording = recorder_begin(shift.test->url + sizeof "sqlite:" - 1);
    work(&shift, shipments, orders);
    recorder_end();
    forget_others(&shift, recording);
    testdb_free(shift.test);
    return recording;
}

int64_t power_loss_acknowledged(const struct recording *recording)
{
    int64_t acknowledged = 0;
    for (guint i = 0; i < recording->records->len; i++)
        acknowledged += recorder_at(recording, i)->what == RECORD_ACK;
    return acknowledged;
}
