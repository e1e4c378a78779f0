/* SPDX-License-Identifier: MIT */
#include "core/view/dock.h"

#include "core/db/rows.h"
#include "core/flow/flow.h"
#include "core/site/site.h"

#define ROW(COLUMN, PARSED)                                                                                            \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("COALESCE(w.number, ''), ", waybill)                                                                        \
    COLUMN("COALESCE((SELECT MIN(k.kind) FROM block k WHERE k.shipment_id = s.id AND k.cleared_at IS NULL), '')",      \
           reason)

ROWS_READER(read_row, struct dock_row, ROW)

#define PARCELS                                                                                                        \
    "SELECT " COLUMNS_OF(ROW) " FROM shipment s JOIN sales_order o ON o.id = s.order_id "                              \
    "JOIN parcel c ON c.shipment_id = s.id LEFT JOIN waybill w ON w.parcel_id = c.id AND w.generation = c.generation " \
    "WHERE s.warehouse_id = $1 AND s.courier = $2 AND " SHIPMENT_IS_OPEN("s") " AND s.state "
#define BLOCKED "EXISTS (SELECT 1 FROM block k WHERE k.shipment_id = s.id AND k.cleared_at IS NULL)"
#define ORDER " ORDER BY s.cut_off_at, o.external_id LIMIT 60"

static const struct sql SQL[DOCK_LISTS] = {
    [DOCK_MISSING] = {"dock_view_missing", PARCELS "= 'labelled' AND c.state = 'labelled' AND NOT " BLOCKED ORDER},
    [DOCK_HELD] = {"dock_view_held",
                   PARCELS "IN ('packed', 'labelled') AND c.state IN ('packed', 'labelled') AND " BLOCKED ORDER},
    [DOCK_UNLABELLED] = {"dock_view_unlabelled", PARCELS "= 'packed' AND c.state = 'packed' AND NOT " BLOCKED ORDER},
};

struct loading {
    struct site *site;
    const char *courier;
    struct dock_view *view;
};

static gboolean load(struct db *db, void *data, GError **error)
{
    struct loading *loading = data;
    for (int list = 0; list < DOCK_LISTS; list++) {
        struct rows *rows = db_query(db, &SQL[list], DB_ARGS(loading->site->warehouse_id, loading->courier), error);
        int more;
        while ((more = rows_next(rows, error)) > 0)
            read_row(rows, &loading->view->rows[list][loading->view->count[list]++]);
        if (more < 0)
            return FALSE;
    }
    return TRUE;
}

struct dock_view *dock_view_load(struct site *site, const char *courier, GError **error)
{
    struct loading loading = {site, courier, g_new0(struct dock_view, 1)};
    if (db_snapshot(site->db, load, &loading, error))
        return loading.view;
    g_free(loading.view);
    return NULL;
}
