/* SPDX-License-Identifier: MIT */
#include "core/apply/agenda.h"

#include <string.h>

#include "core/apply/load.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"

enum { PUT, PUT_PART, TICK, END, END_TOLD, FORGET, RELEASE, UNFINISHED, TAKE, PART, REFUSED };

#define NO_PART_LEFT "NOT EXISTS (SELECT 1 FROM agenda_part p WHERE p.agenda_id = $1)"

static const struct sql SQL[] = {
    [PUT] = {"agenda_put", "INSERT INTO agenda (id, warehouse_id, kind, person_id, at, holder, led, events) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, "
                           "finished_at = NULL"},
    [PUT_PART] = {"agenda_put_part", "INSERT INTO agenda_part (agenda_id, first, content) VALUES ($1, $2, $3) "
                                     "ON CONFLICT (agenda_id, first) DO NOTHING"},
    [TICK] = {"agenda_tick", "DELETE FROM agenda_part WHERE agenda_id = $1 AND first = $2"},
    [END] = {"agenda_end", "DELETE FROM agenda WHERE id = $1 AND stopped_after IS NULL AND " NO_PART_LEFT},
    [END_TOLD] = {"agenda_end_told", "UPDATE agenda SET finished_at = $2 WHERE id = $1 AND " NO_PART_LEFT},
    [FORGET] = {"agenda_forget", "DELETE FROM agenda WHERE finished_at < $1"},
    [RELEASE] = {"agenda_release", "UPDATE agenda SET holder = '' WHERE id = $1 AND holder = $2"},
    [UNFINISHED] = {"agenda_unfinished", "SELECT id, holder, led FROM agenda WHERE warehouse_id = $1 AND finished_at IS NULL "
                                         "ORDER BY id"},
    [TAKE] = {"agenda_take", "UPDATE agenda SET holder = $2, stopped_after = COALESCE(stopped_after, (SELECT MIN(p.first) "
                             "FROM agenda_part p WHERE p.agenda_id = $1), events) WHERE id = $1 AND holder = $3"},
    [PART] = {"agenda_part", "SELECT first, content FROM agenda_part WHERE agenda_id = $1 ORDER BY first LIMIT 1"},
    [REFUSED] = {"agenda_refused", "UPDATE agenda SET refused = refused + $2 WHERE id = $1"},
};

enum { TOLD_MS = 24 * 3600 * 1000 }; /* so long a finished one is kept */

/* --- transactions ----------------------------------------------------------------------------------------- */

/* A transaction of a bulk holds the lock a few milliseconds: floor scans in between wait no longer. Waybills that are made
 * ahead hold their courier's range, which every bench wants that closes a box. */
enum { CHUNK = 100, CHUNK_AHEAD = 48 };

/* Of a shipment that is changed or filled, what looks further than these do (at products, an address, a courier's numbers) sees
 * rows that are loaded by what the database says of it, which is old until the change is stored. */
static gboolean looks_no_further(enum event_kind kind)
{
    return kind == EV_CHANGE || kind == EV_FILL || kind == EV_BLOCK || kind == EV_UNBLOCK || kind == EV_CANCEL ||
           kind == EV_CANCEL_LINE;
}

static gboolean is_changed_before(const struct event *events, size_t n, int64_t shipment_id)
{
    for (size_t i = 0; i < n; i++)
        if ((events[i].kind == EV_CHANGE || events[i].kind == EV_FILL) && events[i].shipment_id == shipment_id)
            return TRUE;
    return FALSE;
}

/* Goods by themselves come with all of their product's stock, and keep to themselves. */
static gboolean fits(const struct event *events, size_t n)
{
    const struct event *ev = &events[n];
    gboolean goods = (flow_needs(ev->kind) & NEED_PRODUCT) != 0, goods_first = (flow_needs(events[0].kind) & NEED_PRODUCT) != 0;
    return goods == goods_first && (looks_no_further(ev->kind) || !is_changed_before(events, n, ev->shipment_id));
}

size_t agenda_chunk(const struct event *events, size_t n)
{
    size_t most = MIN(n, CHUNK), count = 0;
    while (count < most && (count == 0 || fits(events, count)))
        most = events[count++].kind == EV_PRINT_AHEAD ? MIN(most, CHUNK_AHEAD) : most;
    return count;
}

/* --- events as bytes -------------------------------------------------------------------------------------- */

/* A part's events: key, kind, who and where, reason, what is asked. */
#define EVENT_TYPE "(xsxxxs@ay)"
#define PART_TYPE "a(xsxxxsay)"

static GVariant *event_bytes(const struct event *ev)
{
    g_autoptr(GByteArray) asked = event_asked(ev);
    return g_variant_new(EVENT_TYPE, ev->key, flow_event_name(ev->kind), ev->actor.person_id, ev->actor.station_id,
                         ev->actor.approver_id, ev->reason ? ev->reason : "",
                         g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, asked->data, asked->len, 1));
}

static GVariant *part_bytes(const struct event *events, size_t n)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE(PART_TYPE));
    for (size_t i = 0; i < n; i++)
        g_variant_builder_add_value(&builder, event_bytes(&events[i]));
    return g_variant_ref_sink(g_variant_builder_end(&builder));
}

static gboolean read_event(struct agenda *agenda, GVariant *one)
{
    struct event ev = {.kind = EV_NONE};
    const char *kind, *reason;
    g_autoptr(GVariant) asked = NULL;
    gsize length = 0;
    g_variant_get(one, "(x&sxxx&s@ay)", &ev.key, &kind, &ev.actor.person_id, &ev.actor.station_id, &ev.actor.approver_id,
                  &reason, &asked);
    const void *bytes = g_variant_get_fixed_array(asked, &length, 1);
    ev.kind = flow_event_parse(kind);
    if (ev.kind == EV_NONE || !event_read_asked(bytes, length, agenda->texts, &ev))
        return FALSE;
    if (reason[0])
        ev.reason = g_string_chunk_insert(agenda->texts, reason);
    g_array_append_val(agenda->events, ev);
    return TRUE;
}

static gboolean read_part(struct agenda *agenda, const void *bytes, size_t length)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, length);
    g_autoptr(GVariant) part = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(PART_TYPE), copy, FALSE));
    gboolean good = TRUE;
    for (gsize i = 0; good && i < g_variant_n_children(part); i++) {
        g_autoptr(GVariant) one = g_variant_get_child_value(part, i);
        good = read_event(agenda, one);
    }
    return good;
}

/* --- writing down ----------------------------------------------------------------------------------------- */

struct writing {
    struct site *site;
    const struct event *events;
    size_t n;
    gboolean led;
    GPtrArray *parts; /* GVariant *: ready before the lock is taken, for of thousands of events they take a while */
};

static GPtrArray *parts_of(const struct event *events, size_t n)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
    for (size_t first = 0, count; first < n; first += count) {
        count = agenda_chunk(events + first, n - first);
        g_ptr_array_add(parts, part_bytes(events + first, count));
    }
    return parts;
}

static gboolean write_work(struct db *db, void *data, GError **error)
{
    const struct writing *writing = data;
    const struct event *events = writing->events;
    struct site *site = writing->site;
    int64_t id = events[0].key, now = site_now(site);
    const char *most = flow_event_name(events[writing->n / 2].kind); /* what it is mostly */
    gboolean done = db_exec(db, &SQL[FORGET], DB_ARGS(now - TOLD_MS), NULL, error) &&
                    db_exec(db, &SQL[PUT], DB_ARGS(id, site->warehouse_id, most, db_ref(events[0].actor.person_id), now,
                                                   site->writer.holder, writing->led ? 1 : 0, (int64_t)writing->n),
                            NULL, error);
    int64_t first = 0;
    for (guint i = 0; done && i < writing->parts->len; i++) {
        GVariant *part = writing->parts->pdata[i];
        struct db_value bytes = db_blob(g_variant_get_data(part), g_variant_get_size(part));
        done = db_put(db, &SQL[PUT_PART], DB_ARGS(id, first, bytes), FALSE, error);
        first += (int64_t)g_variant_n_children(part);
    }
    return done;
}

gboolean agenda_write(struct site *site, const struct event *events, size_t n, gboolean led, GError **error)
{
    g_autoptr(GPtrArray) parts = parts_of(events, n);
    struct writing writing = {site, events, n, led, parts};
    return db_transaction(site->db, write_work, &writing, error);
}

gboolean agenda_tick(struct site *site, int64_t id, size_t first, GError **error)
{
    return db_exec(site->db, &SQL[TICK], DB_ARGS(id, (int64_t)first), NULL, error) &&
           db_exec(site->db, &SQL[END], DB_ARGS(id), NULL, error) &&
           db_exec(site->db, &SQL[END_TOLD], DB_ARGS(id, site_now(site)), NULL, error);
}

void agenda_release(struct site *site, int64_t id)
{
    db_exec(site->db, &SQL[RELEASE], DB_ARGS(id, site->writer.holder), NULL, NULL);
}

/* --- of others -------------------------------------------------------------------------------------------- */

/* An act, and who is at it. */
struct unfinished {
    int64_t id, led;
    char holder[128];
};

static void read_unfinished(struct rows *rows, void *data)
{
    struct unfinished *row = data;
    row->id = rows_int(rows, 0);
    ROWS_COPY(row->holder, rows, 1);
    row->led = rows_int(rows, 2);
}

static gboolean is_held(const GArray *slots, const char *holder)
{
    for (guint i = 0; i < slots->len; i++) {
        const struct writer_slot *slot = &g_array_index(slots, struct writer_slot, i);
        if (slot->held && strcmp(slot->holder, holder) == 0)
            return TRUE;
    }
    return FALSE;
}

/* This site's own is one that it has taken over, or given up. 1: it is ours; 0: somebody is at it, or was quicker. */
static int take(struct site *site, const struct unfinished *act, GError **error)
{
    int64_t taken = 0;
    if (strcmp(act->holder, site->writer.holder) != 0) {
        g_autoptr(GArray) slots = writer_slots(site->db, error);
        if (!slots)
            return -1;
        if (is_held(slots, act->holder))
            return 0;
    }
    return db_exec(site->db, &SQL[TAKE], DB_ARGS(act->id, site->writer.holder, act->holder), &taken, error) ? taken == 1 : -1;
}

static int load_part(struct site *site, const struct unfinished *act, struct agenda *agenda, GError **error)
{
    g_autoptr(rows) rows = db_query(site->db, &SQL[PART], DB_ARGS(act->id), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 1, &length);
    *agenda = (struct agenda){.id = act->id, .led = act->led != 0, .first = (size_t)rows_int(rows, 0),
                              .events = g_array_new(FALSE, FALSE, sizeof(struct event)), .texts = g_string_chunk_new(1024)};
    if (read_part(agenda, bytes, length))
        return 1;
    agenda_clear(agenda);
    err_set(error, ERR_INTERNAL, "an act's part can't be read");
    return -1;
}

int agenda_next(struct site *site, struct agenda *agenda, GError **error)
{
    *agenda = (struct agenda){.id = 0};
    g_autoptr(GArray) all = rows_list(db_query(site->db, &SQL[UNFINISHED], DB_ARGS(site->warehouse_id), error),
                                      sizeof(struct unfinished), read_unfinished, error);
    int found = all ? 0 : -1;
    for (guint i = 0; found == 0 && i < all->len; i++) {
        const struct unfinished *act = &g_array_index(all, struct unfinished, i);
        found = take(site, act, error);
        if (found > 0)
            found = load_part(site, act, agenda, error);
    }
    return found;
}

void agenda_clear(struct agenda *agenda)
{
    g_clear_pointer(&agenda->events, g_array_unref);
    g_clear_pointer(&agenda->texts, g_string_chunk_free);
}

gboolean agenda_refused(struct site *site, int64_t id, size_t refused, GError **error)
{
    return refused == 0 || db_exec(site->db, &SQL[REFUSED], DB_ARGS(id, (int64_t)refused), NULL, error);
}
