/* SPDX-License-Identifier: MIT
 *
 * The order that is open at a bench: what is known of a shipment, read once when it is opened, and from then on out of the
 * dossier that the flow keeps of it. What only people look at (names, addresses) does not change while the rows that point at
 * it are the same.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

/* --- the facts of a shipment ------------------------------------------------------------------------------ */

#define UNITS(sum, from) "CAST(COALESCE((SELECT SUM(" sum ") FROM " from "), 0) AS BIGINT), "
#define PARCELS "parcel p WHERE p.shipment_id = s.id AND p.state = "

#define PAPER_OWED(w)                                                                                                  \
    w ".state = 'assigned' AND " w ".source <> 'external' AND NOT EXISTS (SELECT 1 FROM job j WHERE j.waybill_id = " w ".id " \
    "AND j.kind = 'waybill')"

#define FACTS(COLUMN, PARSED)                                                                                          \
    COLUMN("s.id, ", id)                                                                                               \
    COLUMN("s.version, ", version)                                                                                     \
    COLUMN("COALESCE(s.batch_id, 0), ", batch_id)                                                                      \
    COLUMN("COALESCE(s.person_id, 0), ", person_id)                                                                    \
    COLUMN("s.cod_minor, ", cod_minor)                                                                                 \
    COLUMN("s.cut_off_at, ", cut_off_at)                                                                               \
    COLUMN("s.recipient_id, ", recipient_id)                                                                           \
    COLUMN("s.slot, ", slot)                                                                                           \
    PARSED("s.state, ", state, flow_state_parse)                                                                       \
    COLUMN(BLOCK_BITS ", ", blocks)                                                                                    \
    COLUMN(UNITS(LINE_TO_PACK, "shipment_line WHERE shipment_id = s.id AND state <> 'cancelled'"), to_pack)            \
    COLUMN(UNITS("pl.quantity", "parcel_line pl, " PARCELS "'open' AND pl.parcel_id = p.id"), in_box)                  \
    COLUMN("(SELECT COUNT(*) FROM " PARCELS "'packed'), ", boxes)                                                      \
    COLUMN("CASE WHEN EXISTS (SELECT 1 FROM parcel p JOIN waybill w ON w.parcel_id = p.id WHERE p.shipment_id = s.id " \
           "AND p.state = 'packed' AND " PAPER_OWED("w") ") THEN 1 ELSE 0 END, ", paper_owed)                            \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("COALESCE(pe.name, ''), ", owner)                                                                           \
    COLUMN("sh.name, ", shop)                                                                                          \
    COLUMN("COALESCE(b.number, ''), ", batch)                                                                          \
    COLUMN("s.courier, ", courier)                                                                                     \
    COLUMN("s.service, ", service)                                                                                     \
    COLUMN("s.currency, ", currency)                                                                                   \
    COLUMN("COALESCE((SELECT l.code FROM tote_use u JOIN location l ON l.id = u.tote_id WHERE u.shipment_id = s.id "   \
           "ORDER BY u.at LIMIT 1), ''), ", tote)                                                                      \
    COLUMN("r.name, ", recipient)                                                                                      \
    COLUMN("r.county || r.district, ", address)                                                                        \
    COLUMN("CASE r.store_code WHEN '' THEN '' ELSE r.store_code || ' ' || r.store_name END, ", store)                  \
    COLUMN("r.buyer_note, ", buyer_note)                                                                               \
    COLUMN("r.seller_remark, ", seller_remark)                                                                         \
    COLUMN("COALESCE((SELECT w.number FROM parcel p JOIN waybill w ON w.parcel_id = p.id WHERE p.shipment_id = s.id "  \
           "AND p.state IN ('packed', 'open') AND w.state IN ('assigned', 'printed') "                                 \
           "ORDER BY CASE p.state WHEN 'packed' THEN 0 ELSE 1 END, p.number LIMIT 1), '')", waybill)

ROWS_READER(read_facts, struct shipment_facts, FACTS)

#define FACTS_THAT                                                                                                     \
    "SELECT " COLUMNS_OF(FACTS) " FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN shop sh ON sh.id = o.shop_id " \
    "JOIN recipient r ON r.id = s.recipient_id LEFT JOIN batch b ON b.id = s.batch_id "                                \
    "LEFT JOIN person pe ON pe.id = s.person_id WHERE "

const struct inquiry SHIPMENT_FACTS = {{"shipment_facts", FACTS_THAT "s.id = $1"}, sizeof(struct shipment_facts), read_facts};
const struct inquiry ORDER_FACTS = {{"order_facts", FACTS_THAT "+o.warehouse_id = $1 AND o.external_id = $2"},
                                    sizeof(struct shipment_facts), read_facts};

const struct inquiry CURRENT_FACTS = {{"current_facts", FACTS_THAT "s.id = " NEXT_TASK("shipment_id", BATCH_TASKS)},
                                      sizeof(struct shipment_facts), read_facts};

int shipment_facts_load(struct db *db, int64_t shipment_id, struct shipment_facts *facts, GError **error)
{
    memset(facts, 0, sizeof *facts);
    return rows_first(db_query(db, &SHIPMENT_FACTS.sql, DB_ARGS(shipment_id), error), read_facts, facts, error);
}

int64_t shipment_stopped_by(const struct shipment_facts *facts)
{
    return facts->blocks & (facts->state == ST_PACKED ? STOPPING_BLOCKS | BLOCK_CHANGED : STOPPING_BLOCKS);
}

/* --- opening ---------------------------------------------------------------------------------------------- */

#define PACK_LINES(COLUMN, PARSED)                                                                                     \
    COLUMN("l.id, ", line_id)                                                                                          \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("p.name, ", name)                                                                                           \
    COLUMN("l.quantity, ", wanted)                                                                                     \
    COLUMN("l.packed", done)

ROWS_READER(read_pack_line, struct station_line, PACK_LINES)

static const struct inquiry LINES = {{"view_pack_lines", "SELECT " COLUMNS_OF(PACK_LINES) " FROM shipment_line l "
                                      "JOIN product p ON p.id = l.product_id WHERE l.shipment_id = $1 "
                                      "AND l.state <> 'cancelled' ORDER BY l.id"},
                                     sizeof(struct station_line), read_pack_line};

static gboolean is_bench(const struct station *station)
{
    return station->work.step == STEP_PACK || station->work.step == STEP_LABEL;
}

static gboolean is_known(const struct station *station)
{
    return is_bench(station) && station->bench_of && station->bench_of == station->work.shipment_id;
}

void bench_forget(struct station *station)
{
    station->bench_of = 0;
}

/* What was done to the shipment past the station went into the dossier, and not into what is known here. */
void bench_check(struct station *station)
{
    const struct dossier *dossier = station->bench_of ? flow_opened(station->site, station->bench_of) : NULL;
    struct progress now;
    if (!dossier || !progress_read(dossier, station->bench_of, &now) || now.version != station->bench.version)
        bench_forget(station);
}

const struct shipment_facts *bench_facts(const struct station *station, int64_t shipment_id)
{
    return is_known(station) && station->bench_of == shipment_id ? &station->bench : NULL;
}

const GArray *bench_lines(const struct station *station)
{
    return station->bench_lines;
}

/* All of it is asked before the first is waited for. */
gboolean bench_load(struct station *station, GError **error)
{
    int64_t id = station->work.shipment_id;
    const struct event next = {.kind = EV_PACK, .actor = station->actor, .shipment_id = id};
    if (is_known(station))
        return TRUE;
    station_ask(station, &SHIPMENT_FACTS, DB_ARGS(id));
    station_ask(station, &LINES, DB_ARGS(id));
    expected_ask(station);
    if (!flow_open(station->site, &next, error))
        return FALSE;
    const struct shipment_facts *facts = station_shipment(station, id, error);
    const GArray *lines = facts ? station_answers(station, &LINES, DB_ARGS(id), error) : NULL;
    if (!lines)
        return FALSE;
    station->bench = *facts;
    g_array_set_size(station->bench_lines, 0);
    g_array_append_vals(station->bench_lines, lines->data, lines->len);
    station->bench_of = id;
    expected_take(station);
    return TRUE;
}

static gboolean load(struct db *db, void *data, GError **error)
{
    (void)db;
    return bench_load(data, error);
}

gboolean bench_open(struct station *station, GError **error)
{
    station_forget(station);
    bench_forget(station);
    station->expected_of = 0;
    return db_snapshot(station->site->db, load, station, error);
}

/* What was asked when it was not known yet which shipment it is of: the one of a scanned order, or the next on a walk. */
static const struct shipment_facts *asked_of(struct station *station, const struct inquiry *inquiry, const struct db_value *args,
                                             size_t count, int64_t shipment_id)
{
    gboolean asked = station_has_asked(station, inquiry);
    const GArray *facts = asked ? station_answers(station, inquiry, args, count, NULL) : NULL;
    for (guint i = 0; facts && i < facts->len; i++) {
        const struct shipment_facts *one = &g_array_index(facts, struct shipment_facts, i);
        if (one->id == shipment_id)
            return one;
    }
    return NULL;
}

const struct shipment_facts *station_shipment(struct station *station, int64_t shipment_id, GError **error)
{
    const struct shipment_facts *known = bench_facts(station, shipment_id);
    if (!known && station->scanned)
        known = asked_of(station, &ORDER_FACTS, DB_ARGS(station->site->warehouse_id, station->scanned), shipment_id);
    if (!known && station->work.batch_id)
        known = asked_of(station, &CURRENT_FACTS, DB_ARGS(station->work.batch_id), shipment_id);
    if (known)
        return known;
    const GArray *facts = station_answers(station, &SHIPMENT_FACTS, DB_ARGS(shipment_id), error);
    if (facts && facts->len == 0)
        err_set(error, ERR_FLOW_UNKNOWN, _("shipment"));
    return facts && facts->len > 0 ? (const struct shipment_facts *)(const void *)facts->data : NULL;
}

/* --- from the dossier ------------------------------------------------------------------------------------- */

static void read_shipment(struct shipment_facts *facts, const struct progress *now)
{
    facts->version = now->version;
    facts->cod_minor = now->cod_minor;
    facts->cut_off_at = now->cut_off_at;
    facts->slot = (int)now->slot;
    facts->state = now->state;
    facts->blocks = now->blocks;
    facts->to_pack = now->to_pack;
    facts->in_box = now->in_box;
    facts->boxes = now->boxes;
    facts->paper_owed = now->paper_owed;
    clean_copy(facts->courier, sizeof facts->courier, now->courier);
    clean_copy(facts->service, sizeof facts->service, now->service);
    clean_copy(facts->currency, sizeof facts->currency, now->currency);
    clean_copy(facts->tote, sizeof facts->tote, now->tote);
    clean_copy(facts->waybill, sizeof facts->waybill, now->waybill);
}

/* FALSE: a line was cancelled, and is not to be seen any more. */
static gboolean read_lines(struct station *station, const struct dossier *dossier)
{
    for (guint i = 0; i < station->bench_lines->len; i++) {
        struct station_line *line = &g_array_index(station->bench_lines, struct station_line, i);
        struct progress_line now;
        if (!progress_line(dossier, line->line_id, &now))
            return FALSE;
        line->wanted = now.quantity;
        line->done = now.packed;
    }
    return TRUE;
}

/* Whether what people call it by is still what was read. */
static gboolean is_called_the_same(const struct shipment_facts *facts, const struct progress *now)
{
    return now->batch_id == facts->batch_id && now->person_id == facts->person_id && now->recipient_id == facts->recipient_id;
}

static gboolean read_dossier(struct station *station)
{
    const struct dossier *dossier = flow_opened(station->site, station->bench_of);
    struct progress now;
    if (!dossier || !progress_read(dossier, station->bench_of, &now) || !is_called_the_same(&station->bench, &now) ||
        !read_lines(station, dossier))
        return FALSE;
    read_shipment(&station->bench, &now);
    return TRUE;
}

gboolean bench_knows_after(const struct station *station, const struct event *event)
{
    return is_known(station) && (event->kind == EV_NOTE || (event->shipment_id == station->bench_of && flow_keeps(event->kind)));
}

void bench_follow(struct station *station, const struct event *event)
{
    if (event->kind != EV_NOTE && !(bench_knows_after(station, event) && read_dossier(station)))
        bench_forget(station);
}
