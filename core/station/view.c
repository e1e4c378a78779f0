/* SPDX-License-Identifier: MIT
 *
 * What the screens draw.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/station/inner.h"

#define PICK_LINES(COLUMN, PARSED)                                                                                     \
    COLUMN("t.line_id, ", line_id)                                                                                     \
    COLUMN("t.id, ", task_id)                                                                                          \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("p.name, ", name)                                                                                           \
    COLUMN("l.code, ", bin)                                                                                            \
    COLUMN("COALESCE((SELECT tl.code FROM tote_use u JOIN location tl ON tl.id = u.tote_id "                           \
           "WHERE u.shipment_id = s.id ORDER BY u.at DESC LIMIT 1), ''), ", tote)                                      \
    COLUMN("COALESCE(lot.code, ''), ", lot)                                                                            \
    COLUMN("t.quantity, ", wanted)                                                                                     \
    COLUMN("t.picked, ", done)                                                                                         \
    COLUMN("t.skipped", skipped)

struct manifest_facts {
    char manifest[32], courier[32];
    int64_t scanned, expected;
};

#define MANIFEST(COLUMN, PARSED)                                                                                       \
    COLUMN("m.number, ", manifest)                                                                                     \
    COLUMN("m.courier, ", courier)                                                                                     \
    COLUMN("(SELECT COUNT(*) FROM parcel WHERE manifest_id = m.id), ", scanned)                                        \
    COLUMN("(SELECT COUNT(*) FROM shipment s WHERE s.warehouse_id = m.warehouse_id "                                   \
           "AND " SHIPMENT_IS_OPEN("s") " AND s.state = 'labelled' AND s.courier = m.courier)",                        \
           expected)

ROWS_READER(read_pick_line, struct station_line, PICK_LINES)
ROWS_READER(read_manifest, struct manifest_facts, MANIFEST)

static const struct inquiry PICK = {{"view_pick_lines", "SELECT " COLUMNS_OF(PICK_LINES) " FROM pick_task t "
                                      "JOIN shipment s ON s.id = t.shipment_id JOIN location l ON l.id = t.location_id "
                                      "JOIN product p ON p.id = t.product_id LEFT JOIN lot ON lot.id = t.lot_id "
                                      "WHERE t.shipment_id {among:SELECT id FROM shipment WHERE batch_id = $1 "
                                      "UNION ALL SELECT CAST($2 AS BIGINT)} AND (t.open = 1 OR t.picked > 0) "
                                      "ORDER BY t.open, t.skipped, l.walk_order, l.code, p.sku, s.slot, t.id"},
                                     sizeof(struct station_line), read_pick_line};
static const struct inquiry MANIFEST_FACTS = {{"view_manifest", "SELECT " COLUMNS_OF(MANIFEST) " FROM manifest m WHERE m.id = $1"},
                                               sizeof(struct manifest_facts), read_manifest};

void view_ask_walk(struct station *station, int64_t batch_id, int64_t shipment_id)
{
    station_ask(station, &PICK, DB_ARGS(batch_id, shipment_id));
}

void view_ask_manifest(struct station *station, int64_t manifest_id)
{
    station_ask(station, &MANIFEST_FACTS, DB_ARGS(manifest_id));
}

void view_ask(struct station *station)
{
    const struct work *work = &station->work;
    if (work->step == STEP_PICK)
        view_ask_walk(station, work->batch_id, work->shipment_id);
    else if (work->step == STEP_DOCK)
        view_ask_manifest(station, work->manifest_id);
}

static void name_courier(struct station *station, struct station_view *view)
{
    if (strcmp(station->courier, view->courier) != 0) {
        const struct courier *courier = couriers_get(station->site->couriers, view->courier);
        clean_copy(station->courier, sizeof station->courier, view->courier);
        clean_copy(station->courier_name, sizeof station->courier_name, courier ? courier_label(courier) : view->courier);
    }
    memcpy(view->courier_name, station->courier_name, sizeof view->courier_name);
}

static gboolean load_shipment(struct station *station, int64_t shipment_id, struct station_view *view, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (!facts)
        return FALSE;
    g_autofree char *stopped = flow_blocks_label((unsigned)facts->blocks & (STOPPING_BLOCKS | BLOCK_CHANGED), ", ");
    view->ship = *facts;
    clean_copy(view->stopped, sizeof view->stopped, stopped);
    clean_copy(view->courier, sizeof view->courier, facts->courier);
    name_courier(station, view);
    return TRUE;
}

static gboolean take_lines(const GArray *lines, struct station_view *view)
{
    if (!lines)
        return FALSE;
    view->line_count = lines->len;
    view->lines = g_memdup2(lines->data, lines->len * sizeof *view->lines);
    for (size_t i = 0; i < view->line_count; i++) {
        view->to_scan += view->lines[i].wanted;
        view->scanned += view->lines[i].done;
    }
    return TRUE;
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

static gboolean load_owed(struct station *station, struct station_view *view, GError **error)
{
    struct tote_owed owed;
    if (!pick_owed(station, &owed, error))
        return FALSE;
    clean_copy(view->tote_owed, sizeof view->tote_owed, owed.tote);
    return TRUE;
}

static gboolean load_pick(struct station *station, struct station_view *view, GError **error)
{
    struct pick_at at;
    const struct work *work = &station->work;
    int found = pick_current(station, &at, error);
    if (found > 0 && station->looks && !walk_load(station, error))
        return FALSE;
    if (found < 0 || (work->tote_owed && !load_owed(station, view, error)) ||
        (found && !load_shipment(station, at.shipment_id, view, error)) ||
        !take_lines(station_answers(station, &PICK, DB_ARGS(work->batch_id, work->shipment_id), error), view))
        return FALSE;
    int64_t in_hand = work->paper && work->paper_task ? work->paper_task : at.task_id;
    mark_current(view, found ? in_hand : -1);
    return TRUE;
}

static gboolean load_pack(struct station *station, struct station_view *view, GError **error)
{
    const struct work *work = &station->work;
    if (work->shipment_id == 0)
        return TRUE;
    if (!bench_load(station, error) || !load_shipment(station, work->shipment_id, view, error) ||
        !take_lines(bench_lines(station), view))
        return FALSE;
    mark_current(view, 0);
    if (work->undo.kind == EV_UNPACK)
        mark_last(view, work->undo.line_id);
    return TRUE;
}

static gboolean load_dock(struct station *station, struct station_view *view, GError **error)
{
    int64_t id = station->work.manifest_id;
    struct manifest_facts facts;
    int found = station_answer(station, &MANIFEST_FACTS, DB_ARGS(id), &facts, error);
    if (found < 0)
        return FALSE;
    view->manifest_id = found > 0 ? id : 0;
    view->manifest_scanned = facts.scanned;
    view->manifest_expected = facts.expected + facts.scanned;
    clean_copy(view->manifest, sizeof view->manifest, facts.manifest);
    clean_copy(view->courier, sizeof view->courier, facts.courier);
    name_courier(station, view);
    return TRUE;
}

/* What was not asked with the event that went before. */
static void ask_all(struct station *station)
{
    const struct work *work = &station->work;
    if (work->step == STEP_PICK)
        pick_ask_current(station, work->batch_id, work->shipment_id);
    if (work->step == STEP_PICK && station->looks)
        walk_ask(station);
    view_ask(station);
}

struct loading {
    struct station *station;
    struct station_view *view;
};

static gboolean load(struct db *db, void *data, GError **error)
{
    struct loading *loading = data;
    (void)db;
    if (loading->station->work.step == STEP_PICK || loading->station->work.shipment_id)
        ask_all(loading->station);
    switch (loading->station->work.step) {
    case STEP_PICK:
        return load_pick(loading->station, loading->view, error);
    case STEP_PACK:
    case STEP_LABEL:
        return load_pack(loading->station, loading->view, error);
    case STEP_DOCK:
        return load_dock(loading->station, loading->view, error);
    case STEP_LOGIN:
    case STEP_LOCKED:
    case STEP_IDLE:
        return TRUE;
    }
    return TRUE;
}

gboolean station_view_after(struct station *station, struct station_view *view, GError **error)
{
    *view = (struct station_view){
        .step = station->work.step,
        .person_id = station->actor.person_id,
        .now_utc_ms = site_now(station->site),
        .zone = g_time_zone_ref(station->site->zone),
        .is_demo = station->site->is_demo,
        .lock_minutes = site_setting_int(station->site, "idle_lock_minutes", setting_default_int("idle_lock_minutes")),
        .copy_of_at = station->site->copy_of_at,
        .barred = station->barred,
        .asked = station->question != ASKED_NOTHING && station->question != ASKED_SHORT,
        .pin_digits = (int)strlen(station->pin),
        .last = station->last,
    };
    clean_copy(view->warehouse, sizeof view->warehouse, station->site->warehouse_name);
    clean_copy(view->station, sizeof view->station, station->name);
    clean_copy(view->person, sizeof view->person, station->person);
    clean_copy(view->role, sizeof view->role, role_name(station->role));
    clean_copy(view->approver, sizeof view->approver, station->lead_name);
    struct loading loading = {station, view};
    gboolean known = bench_facts(station, station->work.shipment_id) != NULL; /* nothing is asked */
    db_plan_once(station->site->db, TRUE);
    gboolean done = known ? load(NULL, &loading, error) : db_snapshot(station->site->db, load, &loading, error);
    db_plan_once(station->site->db, FALSE);
    station_forget(station);
    if (!done)
        station_view_clear(view);
    return done;
}

gboolean station_view_load(struct station *station, struct station_view *view, GError **error)
{
    station_forget(station);
    bench_forget(station);
    station->looks = TRUE;
    gboolean done = station_view_after(station, view, error);
    station->looks = FALSE;
    return done;
}

gboolean station_look(struct station *station, int64_t *seen, GError **error)
{
    int64_t version = 0;
    struct station_view view;
    if (!db_data_version(station->site->db, &version, error))
        return FALSE;
    if (version == *seen)
        return TRUE;
    *seen = version;
    if (!station_view_load(station, &view, error))
        return FALSE;
    station_view_clear(&view);
    return TRUE;
}

void station_view_clear(struct station_view *view)
{
    g_free(view->lines);
    g_clear_pointer(&view->zone, g_time_zone_unref);
    memset(view, 0, sizeof *view);
}

void station_view_free(struct station_view *view)
{
    if (!view)
        return;
    station_view_clear(view);
    g_free(view);
}
