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

ROWS_READER(take_worker, struct batch_worker, WORKER)

static const struct sql PEOPLE = {
    "batch_view_people", "SELECT " COLUMNS_OF(WORKER) " FROM journal j JOIN person p ON p.id = j.person_id "
                         "LEFT JOIN station st ON st.id = j.station_id WHERE j.at >= $1 AND j.code = 0 "
                         "AND p.role <> 'system' GROUP BY p.id, p.name ORDER BY MAX(j.at) DESC LIMIT 40"};

static gboolean load_rows(struct site *site, struct batch_view *view, GError **error)
{
    GArray *list = batch_list(site, (struct batch_mark){0, 0}, BATCH_ROWS, error);
    if (!list)
        return FALSE;
    view->count = (int)list->len;
    view->rows = (struct batch_row *)(void *)g_array_free(list, FALSE);
    return TRUE;
}

static void read_worker(struct rows *rows, void *data)
{
    struct batch_view *view = data;
    take_worker(rows, &view->people[view->people_count++]);
}

struct loading {
    struct site *site;
    struct batch_view *view;
};

static gboolean load(struct db *db, void *data, GError **error)
{
    struct loading *loading = data;
    int64_t hour_ago = site_now(loading->site) - HOUR_MS;
    return load_rows(loading->site, loading->view, error) &&
           rows_each(db_query(db, &PEOPLE, DB_ARGS(hour_ago), error), read_worker, loading->view, error);
}

struct batch_view *batch_view_load(struct site *site, GError **error)
{
    struct loading loading = {site, g_new0(struct batch_view, 1)};
    if (db_snapshot(site->db, load, &loading, error))
        return loading.view;
    batch_view_free(loading.view);
    return NULL;
}

void batch_view_free(void *data)
{
    struct batch_view *view = data;
    g_free(view->rows);
    g_free(view);
}
