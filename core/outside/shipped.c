/* SPDX-License-Identifier: MIT */
#include "core/outside/shipped.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/db/db.h"
#include "core/intake/shop.h"
#include "core/site/site.h"
#include "core/table/table_writer.h"

enum { LAST_AT, MARK, LIST };

static const struct sql SQL[] = {
    [LAST_AT] = {"export_last", "SELECT COALESCE(MAX(at), 0) FROM export_row"},
    [MARK] = {"export_mark",
              "INSERT INTO export_row (parcel_id, shop_id, exported_on, at) "
              "SELECT p.id, o.shop_id, CAST($1 AS BIGINT), CAST($2 AS BIGINT) FROM parcel p "
              "JOIN shipment s ON s.id = p.shipment_id JOIN sales_order o ON o.id = s.order_id "
              "WHERE p.out_at IS NOT NULL AND p.state = 'out' AND s.warehouse_id = $3 AND s.owner_id = $4 "
              "AND (o.shop_id = $5 OR CAST($5 AS BIGINT) = 0) "
              "AND NOT EXISTS (SELECT 1 FROM export_row e WHERE e.parcel_id = p.id) "
              "ON CONFLICT (parcel_id) DO NOTHING"},
    [LIST] = {"export_list",
              "SELECT h.code, o.external_id, w.courier, w.service, w.number, p.out_at FROM export_row e "
              "JOIN parcel p ON p.id = e.parcel_id JOIN waybill w ON w.parcel_id = p.id AND w.state = 'out' "
              "JOIN shipment s ON s.id = p.shipment_id JOIN sales_order o ON o.id = s.order_id "
              "JOIN shop h ON h.id = e.shop_id WHERE e.exported_on = $1 AND e.at >= $5 "
              "AND s.warehouse_id = $2 AND s.owner_id = $3 AND (e.shop_id = $4 OR CAST($4 AS BIGINT) = 0) "
              "ORDER BY h.code, p.out_at, p.id"},
};

struct marking {
    struct site *site;
    int64_t shop_id, at; /* at tells one call's rows from another's of the day */
    int date;
};

static gboolean mark(struct db *db, void *data, GError **error)
{
    struct marking *marking = data;
    struct site *site = marking->site;
    int64_t last = 0;
    if (db_get_ints(db, &SQL[LAST_AT], DB_NO_ARGS, &last, 1, error) < 0)
        return FALSE;
    marking->at = MAX(site_now(site), last + 1);
    return db_exec(db, &SQL[MARK],
                   DB_ARGS(marking->date, marking->at, site->warehouse_id, site->owner_id, marking->shop_id), NULL,
                   error);
}

static void give_row(const struct export_call *call, struct site *site, struct rows *rows)
{
    g_autofree char *shipped = clock_format(site->zone, rows_int(rows, 5), "%Y-%m-%d %H:%M:%S");
    const struct export_row row = {rows_text(rows, 0), rows_text(rows, 1), rows_text(rows, 2),
                                   rows_text(rows, 3), rows_text(rows, 4), shipped};
    if (call->file)
        table_write_row(call->file, (const char *const[]){row.shop, row.order, row.courier, row.service, row.number,
                                                          row.shipped_at, NULL});
    if (call->on_row)
        call->on_row(&row, call->data);
}

/* A file is on the disk, a pipe has it, before this says so. */
static gboolean is_written(FILE *file, int date, GError **error)
{
    errno = 0;
    gboolean written = fflush(file) == 0 && !ferror(file);
    if (written && (fsync(fileno(file)) == 0 || errno == EINVAL || errno == EROFS))
        return TRUE;
    g_autofree char *day = clock_date_text(date);
    return err_set(error, ERR_EXPORT_WRITE, g_strerror(errno ? errno : EIO), day);
}

static gboolean list(const struct export_call *call, const struct marking *marking, uint64_t *count, GError **error)
{
    struct site *site = marking->site;
    struct rows *rows =
        db_query(site->db, &SQL[LIST],
                 DB_ARGS(marking->date, site->warehouse_id, site->owner_id, marking->shop_id, marking->at), error);
    int more;
    if (rows && call->file)
        fputs("shop,order,courier,service,number,shipped_at\r\n", call->file);
    while ((more = rows_next(rows, error)) > 0) {
        (*count)++;
        give_row(call, site, rows);
    }
    return more == 0 && (!call->file || is_written(call->file, marking->date, error));
}

gboolean export_shipped(struct site *site, const struct export_call *call, uint64_t *count, GError **error)
{
    struct marking marking = {.site = site, .date = call->date ? call->date
                                                               : clock_civil_date(site->zone, site_now(site))};
    *count = 0;
    if (!site_is_floor(site, error))
        return FALSE;
    if (call->shop) {
        struct shop shop;
        if (!shop_known(site, call->shop, &shop, error))
            return FALSE;
        marking.shop_id = shop.id;
    }
    return (call->date || db_transaction(site->db, mark, &marking, error)) && list(call, &marking, count, error);
}
