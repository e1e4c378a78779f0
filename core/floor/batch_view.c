/* SPDX-License-Identifier: MIT */
#include "core/floor/batch_view.h"

#include "core/db/rows.h"
#include "core/floor/site.h"

enum { BATCHES, PACE, PEOPLE };
enum { HOUR_MS = 3600000 };

static const struct sql SQL[] = {
    [BATCHES] =
        {"batch_view_rows",
         "SELECT b.id, b.version, b.cut_off_at, (SELECT COUNT(*) FROM shipment s WHERE s.batch_id = b.id), "
         "(SELECT COUNT(*) FROM pick_task t JOIN shipment s ON s.id = t.shipment_id WHERE s.batch_id = b.id "
         "AND (t.open = 1 OR t.picked > 0)), "
         "(SELECT COUNT(*) FROM pick_task t JOIN shipment s ON s.id = t.shipment_id WHERE s.batch_id = b.id "
         "AND t.open = 0 AND t.picked > 0), b.number, b.kind, b.courier, COALESCE(p.name, ''), b.state "
         "FROM batch b LEFT JOIN person p ON p.id = b.person_id WHERE b.warehouse_id = $1 "
         "AND b.state IN ('draft', 'ready', 'running') "
         "ORDER BY CASE WHEN b.cut_off_at = 0 THEN 1 ELSE 0 END, b.cut_off_at, b.id LIMIT 200"},
    [PACE] =
        {"batch_view_pace",
         "SELECT s.batch_id, COUNT(*) FROM journal j JOIN shipment s ON s.id = j.shipment_id WHERE j.at >= "
         "$1 "
         "AND j.event = 'pick' AND j.machine = 'shipment' AND s.batch_id IS NOT NULL GROUP BY s.batch_id"},
    [PEOPLE] = {"batch_view_people",
                "SELECT p.name, COUNT(*), MAX(j.at), COALESCE((SELECT MIN(b.number) FROM batch b WHERE "
                "b.person_id = p.id "
                "AND b.state = 'running'), ''), COALESCE(MAX(st.name), '') FROM journal j "
                "JOIN person p ON p.id = j.person_id LEFT JOIN station st ON st.id = j.station_id "
                "WHERE j.at >= $1 AND j.code = 0 AND p.role <> 'system' GROUP BY p.id, p.name "
                "ORDER BY MAX(j.at) DESC LIMIT 40"},
};

static void read_batch(struct rows *rows, void *data)
{
    struct batch_view *view = data;
    struct batch_row *row = &view->rows[view->count++];
    int64_t *const numbers[] = {&row->id,        &row->version, &row->cut_off_at,
                                &row->shipments, &row->lines,   &row->lines_done};
    for (int i = 0; i < (int)G_N_ELEMENTS(numbers); i++)
        *numbers[i] = rows_int(rows, i);
    ROWS_COPY(row->number, rows, 6);
    ROWS_COPY(row->kind, rows, 7);
    ROWS_COPY(row->courier, rows, 8);
    ROWS_COPY(row->person, rows, 9);
    row->state = flow_state_parse(rows_text(rows, 10));
}

static void read_pace(struct rows *rows, void *data)
{
    struct batch_view *view = data;
    for (int i = 0; i < view->count; i++)
        if (view->rows[i].id == rows_int(rows, 0))
            view->rows[i].lines_hour = rows_int(rows, 1);
}

static void read_person(struct rows *rows, void *data)
{
    struct batch_view *view = data;
    struct batch_person *person = &view->people[view->people_count++];
    ROWS_COPY(person->name, rows, 0);
    person->acts_hour = rows_int(rows, 1);
    person->last_at = rows_int(rows, 2);
    ROWS_COPY(person->batch, rows, 3);
    ROWS_COPY(person->station, rows, 4);
}

struct loading {
    struct site *site;
    struct batch_view *view;
};

static gboolean load(struct db *db, void *data, GError **error)
{
    struct loading *loading = data;
    int64_t warehouse_id = loading->site->warehouse_id, hour_ago = site_now(loading->site) - HOUR_MS;
    return rows_each(db_query(db, &SQL[BATCHES], DB_ARGS(db_int(warehouse_id)), error), read_batch, loading->view,
                     error) &&
           rows_each(db_query(db, &SQL[PACE], DB_ARGS(db_int(hour_ago)), error), read_pace, loading->view, error) &&
           rows_each(db_query(db, &SQL[PEOPLE], DB_ARGS(db_int(hour_ago)), error), read_person, loading->view, error);
}

struct batch_view *batch_view_load(struct site *site, GError **error)
{
    struct loading loading = {site, g_new0(struct batch_view, 1)};
    if (db_snapshot(site->db, load, &loading, error))
        return loading.view;
    g_free(loading.view);
    return NULL;
}

int64_t batch_done_at(const struct batch_row *row, int64_t now_utc_ms)
{
    int64_t left = row->lines - row->lines_done;
    if (left <= 0 || row->lines_hour <= 0)
        return 0;
    return now_utc_ms + left * HOUR_MS / row->lines_hour;
}
