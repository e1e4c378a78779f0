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

struct dock_view *dock_view_load(struct site *site, const char *courier, GError **error)
{
    g_autofree struct dock_view *view = g_new0(struct dock_view, 1);
    for (int list = 0; list < DOCK_LISTS; list++) {
        struct rows *rows = db_query(site->db, &SQL[list], DB_ARGS(site->warehouse_id, courier), error);
        int more;
        while ((more = rows_next(rows, error)) > 0)
            read_row(rows, &view->rows[list][view->count[list]++]);
        if (more < 0)
            return NULL;
    }
    return g_steal_pointer(&view);
}
