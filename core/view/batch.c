/* SPDX-License-Identifier: MIT */
#include "core/view/batch.h"

#include "core/db/rows.h"
#include "core/site/site.h"

enum { HOUR_MS = 3600000 };

/* One event may have several rows of the journal. */
#define WORKER(COLUMN, PARSED)                                                                                         \
    COLUMN("p.name, ", name)                                                                                           \
    COLUMN("COUNT(DISTINCT j.event_key), ", acts_hour)                                                                 \
    COLUMN("MAX(j.at), ", last_at)                                                                                     \
    COLUMN("COALESCE((SELECT MIN(b.number) FROM batch b WHERE b.person_id = p.id AND b.state = 'running'), ''), ",     \
           batch)                                                                                                      \
    COLUMN("COALESCE(MAX(st.name), '')", station)

ROWS_READER(read_worker, struct batch_worker, WORKER)

static const struct sql PEOPLE = {
    "batch_view_people", "SELECT " COLUMNS_OF(WORKER) " FROM journal j JOIN person p ON p.id = j.person_id "
                         "LEFT JOIN station st ON st.id = j.station_id WHERE j.at >= $1 AND j.code = 0 "
                         "AND p.role <> 'system' GROUP BY p.id, p.name ORDER BY MAX(j.at) DESC LIMIT 40"};

struct batch_view *batch_view_load(struct site *site, GError **error)
{
    g_autoptr(batch_view) view = g_new0(struct batch_view, 1);
    view->rows = batch_list(site, BATCH_ROWS, error);
    if (view->rows)
        view->people = rows_list(db_query(site->db, &PEOPLE, DB_ARGS(site_now(site) - HOUR_MS), error),
                                 sizeof(struct batch_worker), read_worker, error);
    return view->people ? g_steal_pointer(&view) : NULL;
}

void batch_view_free(void *data)
{
    struct batch_view *view = data;
    g_clear_pointer(&view->rows, g_array_unref);
    g_clear_pointer(&view->people, g_array_unref);
    g_free(view);
}
