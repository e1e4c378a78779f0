/* SPDX-License-Identifier: MIT
 *
 * What the screens draw, and what is expected next.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/station/inner.h"

enum { WORK, PACK_LINES, PICK_LINES, MANIFEST, WAREHOUSE, TOTE_CODE, BLOCKS };

static const struct sql SQL[] = {
    [WORK] = {"view_work",
              "SELECT s.version, s.state, o.external_id, sh.name, COALESCE(b.number, ''), s.courier, s.service, r.name, "
              "r.county, r.district, r.store_code, r.store_name, r.buyer_note, r.seller_remark, s.cod_minor, s.currency, "
              "s.cut_off_at, s.slot, COALESCE((SELECT l.code FROM tote_use u JOIN location l ON l.id = u.tote_id "
              "WHERE u.shipment_id = s.id ORDER BY u.at LIMIT 1), ''), "
              "COALESCE((SELECT w.number FROM parcel p JOIN waybill w ON w.parcel_id = p.id WHERE p.shipment_id = s.id "
              "AND p.state IN ('open', 'packed') AND w.state IN ('assigned', 'printed') ORDER BY p.number LIMIT 1), '') "
              "FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN shop sh ON sh.id = o.shop_id "
              "JOIN recipient r ON r.id = s.recipient_id LEFT JOIN batch b ON b.id = s.batch_id WHERE s.id = $1"},
    [PACK_LINES] = {"view_pack_lines",
                    "SELECT l.id, 0, p.sku, p.name, '', '', '', l.quantity, l.packed, 0 FROM shipment_line l "
                    "JOIN product p ON p.id = l.product_id WHERE l.shipment_id = $1 AND l.state <> 'cancelled' ORDER BY l.id"},
    [PICK_LINES] = {"view_pick_lines",
                    "SELECT t.line_id, t.id, p.sku, p.name, l.code, COALESCE((SELECT tl.code FROM tote_use u "
                    "JOIN location tl ON tl.id = u.tote_id WHERE u.shipment_id = s.id ORDER BY u.at DESC LIMIT 1), ''), "
                    "COALESCE(lot.code, ''), t.quantity, t.picked, t.skipped FROM pick_task t "
                    "JOIN shipment s ON s.id = t.shipment_id JOIN location l ON l.id = t.location_id "
                    "JOIN product p ON p.id = t.product_id LEFT JOIN lot ON lot.id = t.lot_id "
                    "WHERE t.shipment_id IN (SELECT id FROM shipment WHERE batch_id = $1 UNION ALL SELECT $2) "
                    "AND (t.open = 1 OR t.picked > 0) "
                    "ORDER BY t.open, t.skipped, l.walk_order, l.code, p.sku, s.slot, t.id"},
    [MANIFEST] = {"view_manifest", "SELECT m.number, m.courier, (SELECT COUNT(*) FROM parcel WHERE manifest_id = m.id), "
                                   "(SELECT COUNT(*) FROM shipment s WHERE s.warehouse_id = m.warehouse_id "
                                   "AND s.state NOT IN ('outbound', 'cancelled') AND s.state = 'labelled' "
                                   "AND s.courier = m.courier) FROM manifest m WHERE m.id = $1"},
    [BLOCKS] = {"view_blocks", "SELECT kind FROM block WHERE shipment_id = $1 AND cleared_at IS NULL "
                               "AND kind IN (" STOPPING_BLOCKS ", 'changed') ORDER BY kind"},
    [WAREHOUSE] = {"view_warehouse", "SELECT name FROM warehouse WHERE id = $1"},
    [TOTE_CODE] = {"view_tote_code", "SELECT COALESCE(MIN(l.code), ''), MIN(s.slot) FROM shipment s LEFT JOIN tote_use u "
                                     "ON u.shipment_id = s.id LEFT JOIN location l ON l.id = u.tote_id WHERE s.id = $1"},
};

static const char *courier_name(const struct station *station, const char *code)
{
    const struct courier *courier = couriers_get(station->site->couriers, code);
    return courier ? courier_label(courier) : code;
}

static void add_block(struct rows *rows, void *data)
{
    struct station_view *view = data;
    if (view->stopped[0])
        g_strlcat(view->stopped, ", ", sizeof view->stopped);
    g_strlcat(view->stopped, flow_block_label(flow_block_parse(rows_text(rows, 0))), sizeof view->stopped);
}

static gboolean load_blocks(struct station *station, int64_t shipment_id, struct station_view *view, GError **error)
{
    gboolean done =
        rows_each(db_query(station->site->db, &SQL[BLOCKS], DB_ARGS(db_int(shipment_id)), error), add_block, view, error);
    clean_cut(view->stopped);
    return done;
}

static gboolean load_work(struct station *station, int64_t shipment_id, struct station_view *view, GError **error)
{
    struct rows *rows = db_query(station->site->db, &SQL[WORK], DB_ARGS(db_int(shipment_id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found == 0;
    view->shipment_id = shipment_id;
    view->version = rows_int(rows, 0);
    view->state = flow_state_parse(rows_text(rows, 1));
    ROWS_COPY(view->order, rows, 2);
    ROWS_COPY(view->shop, rows, 3);
    ROWS_COPY(view->batch, rows, 4);
    ROWS_COPY(view->courier, rows, 5);
    ROWS_COPY(view->service, rows, 6);
    ROWS_COPY(view->recipient, rows, 7);
    g_snprintf(view->address, sizeof view->address, "%s%s", rows_text(rows, 8), rows_text(rows, 9));
    if (rows_text(rows, 10)[0])
        g_snprintf(view->store, sizeof view->store, "%s %s", rows_text(rows, 10), rows_text(rows, 11));
    clean_cut(view->address);
    clean_cut(view->store);
    ROWS_COPY(view->buyer_note, rows, 12);
    ROWS_COPY(view->seller_remark, rows, 13);
    view->cod_minor = rows_int(rows, 14);
    ROWS_COPY(view->currency, rows, 15);
    view->cut_off_at = rows_int(rows, 16);
    view->slot = (int)rows_int(rows, 17);
    ROWS_COPY(view->tote, rows, 18);
    ROWS_COPY(view->waybill, rows, 19);
    rows_close(rows);
    clean_copy(view->courier_name, sizeof view->courier_name, courier_name(station, view->courier));
    return load_blocks(station, shipment_id, view, error);
}

static gboolean load_lines(struct rows *rows, struct station_view *view, GError **error)
{
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(struct station_line));
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct station_line line = {.line_id = rows_int(rows, 0), .task_id = rows_int(rows, 1),
                                    .wanted = rows_int(rows, 7), .done = rows_int(rows, 8),
                                    .skipped = rows_int(rows, 9) > 0};
        ROWS_COPY(line.sku, rows, 2);
        ROWS_COPY(line.name, rows, 3);
        ROWS_COPY(line.bin, rows, 4);
        ROWS_COPY(line.tote, rows, 5);
        ROWS_COPY(line.lot, rows, 6);
        view->to_scan += line.wanted;
        view->scanned += line.done;
        g_array_append_val(lines, line);
    }
    view->line_count = lines->len;
    view->lines = (struct station_line *)(void *)g_array_free(lines, FALSE);
    return more == 0;
}

static void mark_current(struct station_view *view, int64_t task_id)
{
    gboolean marked = FALSE;
    for (size_t i = 0; i < view->line_count; i++) {
        struct station_line *line = &view->lines[i];
        line->current = !marked && (task_id ? line->task_id == task_id : line->done < line->wanted);
        marked = marked || line->current;
        view->task_index += line->done >= line->wanted;
    }
    view->task_count = (int64_t)view->line_count;
}

/* At a bench goods come in any order: the line of the last unit is the one to look at, while there is one. */
static void mark_last(struct station_view *view, int64_t line_id)
{
    for (size_t i = 0; i < view->line_count; i++)
        if (view->lines[i].line_id == line_id)
            for (size_t j = 0; j < view->line_count; j++)
                view->lines[j].current = i == j;
}

static void read_owed(struct rows *rows, void *data)
{
    struct station_view *view = data;
    ROWS_COPY(view->tote_owed, rows, 0);
}

static gboolean load_pick(struct station *station, struct station_view *view, GError **error)
{
    struct pick_at at;
    int found = pick_current(station, &at, error);
    if (station->work.tote_owed && rows_first(db_query(station->site->db, &SQL[TOTE_CODE], DB_ARGS(db_int(station->work.tote_owed)),
                                                  error), read_owed, view, error) < 0)
        return FALSE;
    if (found < 0 || (found && !load_work(station, at.shipment_id, view, error)) ||
        !load_lines(db_query(station->site->db, &SQL[PICK_LINES],
                             DB_ARGS(db_int(station->work.batch_id), db_int(station->work.shipment_id)), error),
                    view, error))
        return FALSE;
    int64_t in_hand = station->work.paper && station->work.paper_task ? station->work.paper_task : at.task_id;
    mark_current(view, found ? in_hand : -1);
    return TRUE;
}

static gboolean load_dock(struct station *station, struct station_view *view, GError **error)
{
    struct rows *rows = db_query(station->site->db, &SQL[MANIFEST], DB_ARGS(db_int(station->work.manifest_id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found == 0;
    view->manifest_id = station->work.manifest_id;
    ROWS_COPY(view->manifest, rows, 0);
    ROWS_COPY(view->courier, rows, 1);
    view->manifest_scanned = rows_int(rows, 2);
    view->manifest_expected = rows_int(rows, 2) + rows_int(rows, 3);
    rows_close(rows);
    clean_copy(view->courier_name, sizeof view->courier_name, courier_name(station, view->courier));
    return TRUE;
}

static gboolean load_warehouse(struct station *station, struct station_view *view, GError **error)
{
    struct rows *rows =
        db_query(station->site->db, &SQL[WAREHOUSE], DB_ARGS(db_int(station->site->warehouse_id)), error);
    int found = rows_next(rows, error);
    if (found > 0) {
        ROWS_COPY(view->warehouse, rows, 0);
        rows_close(rows);
    }
    return found >= 0;
}

struct loading {
    struct station *station;
    struct station_view *view;
};

static gboolean load(struct db *db, void *data, GError **error)
{
    struct station *station = ((struct loading *)data)->station;
    struct station_view *view = ((struct loading *)data)->view;
    (void)db;
    if (!load_warehouse(station, view, error))
        return FALSE;
    if (station->work.step == STEP_PICK)
        return load_pick(station, view, error);
    if (station->work.step == STEP_DOCK)
        return load_dock(station, view, error);
    if ((station->work.step != STEP_PACK && station->work.step != STEP_LABEL) || station->work.shipment_id == 0)
        return TRUE;
    if (!load_work(station, station->work.shipment_id, view, error) ||
        !load_lines(db_query(station->site->db, &SQL[PACK_LINES], DB_ARGS(db_int(station->work.shipment_id)), error), view,
                    error))
        return FALSE;
    mark_current(view, 0);
    if (station->work.undo.kind == EV_UNPACK)
        mark_last(view, station->work.undo.line_id);
    return TRUE;
}

gboolean station_view_load(struct station *station, struct station_view *view, GError **error)
{
    memset(view, 0, sizeof *view);
    view->step = station->work.step;
    view->person_id = station->actor.person_id;
    view->now_utc_ms = site_now(station->site);
    clean_copy(view->station, sizeof view->station, station->name);
    clean_copy(view->person, sizeof view->person, station->person);
    clean_copy(view->role, sizeof view->role, role_name(station->role));
    view->barred = station->barred;
    view->asked = station->question != ASKED_NOTHING && station->question != ASKED_SHORT;
    clean_copy(view->approver, sizeof view->approver, station->lead_name);
    view->pin_digits = (int)strlen(station->pin);
    view->last = station->last;
    if (db_snapshot(station->site->db, load, &(struct loading){station, view}, error))
        return TRUE;
    station_view_clear(view);
    return FALSE;
}

void station_view_clear(struct station_view *view)
{
    g_free(view->lines);
    memset(view, 0, sizeof *view);
}

/* --- what is expected next ------------------------------------------------------------------------------ */

static gboolean expect_tote(struct station *station, int64_t shipment_id, struct answer *answer, GError **error)
{
    struct rows *rows = db_query(station->site->db, &SQL[TOTE_CODE], DB_ARGS(db_int(shipment_id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found == 0;
    if (rows_text(rows, 0)[0])
        g_snprintf(answer->expect, sizeof answer->expect, _("tote %s"), rows_text(rows, 0));
    else
        g_snprintf(answer->expect, sizeof answer->expect, _("an empty tote for slot %d"), (int)rows_int(rows, 1));
    rows_close(rows);
    return TRUE;
}

static gboolean expect_pick(struct station *station, struct answer *answer, GError **error)
{
    struct pick_at at;
    if (station->work.tote_owed)
        return expect_tote(station, station->work.tote_owed, answer, error);
    int found = pick_current(station, &at, error);
    if (found <= 0)
        return found == 0;
    answer->shipment_id = at.shipment_id;
    station->work.shown_task = at.task_id;
    if (station->question == ASKED_SHORT) {
        g_strlcpy(answer->expect, _("1, 2 or 3"), sizeof answer->expect);
        return TRUE;
    }
    if (station->work.paper) {
        g_strlcpy(answer->expect, station->work.paper_task ? _("the count") : _("a product of the list"), sizeof answer->expect);
        return TRUE;
    }
    gboolean totes = FALSE, has_tote = FALSE;
    if (!pick_totes(station, at.shipment_id, &totes, &has_tote, error))
        return FALSE;
    if (totes && !has_tote)
        return expect_tote(station, at.shipment_id, answer, error);
    if (station->work.bin_id != at.location_id)
        g_snprintf(answer->expect, sizeof answer->expect, _("bin %s"), at.bin);
    else
        g_snprintf(answer->expect, sizeof answer->expect, _("product %s"), at.sku);
    return TRUE;
}

gboolean station_expect(struct station *station, struct answer *answer, GError **error)
{
    struct shipment_facts facts = {.state = ST_NONE};
    answer->shipment_id = station->work.shipment_id;
    if (station->work.shipment_id && station_shipment(station, station->work.shipment_id, &facts, error) < 0)
        return FALSE;
    answer->state = facts.state;
    switch (station->work.step) {
    case STEP_LOGIN:
        clean_copy(answer->expect, sizeof answer->expect, station->badge[0] ? _("the PIN") : _("a badge"));
        return TRUE;
    case STEP_IDLE:
        clean_copy(answer->expect, sizeof answer->expect, _("an order, batch, tote or waybill"));
        return TRUE;
    case STEP_PICK:
        return expect_pick(station, answer, error);
    case STEP_PACK:
        clean_copy(answer->expect, sizeof answer->expect, station->work.shipment_id ? _("a product") : _("an order, tote or waybill"));
        return TRUE;
    case STEP_LABEL:
        g_snprintf(answer->expect, sizeof answer->expect, _("waybill %s"), facts.waybill);
        return TRUE;
    case STEP_DOCK:
        clean_copy(answer->expect, sizeof answer->expect, _("a waybill"));
        return TRUE;
    }
    return TRUE;
}
