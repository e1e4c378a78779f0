/* SPDX-License-Identifier: MIT */
#include "core/waybill/number.h"

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/site.h"

static const struct sql INSERT = {
    "waybill_insert", "INSERT INTO waybill (id, warehouse_id, owner_id, courier, service, kind, source, number, "
                      "range_id, serial, state, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'free', $11) "
                      "ON CONFLICT (courier, number) DO NOTHING"};

const struct courier *number_courier(struct site *site, const char *code, GError **error)
{
    const struct courier *courier = couriers_get(site->couriers, code);
    if (!courier)
        err_set(error, ERR_COURIER_UNKNOWN, code[0] ? code : "?");
    return courier;
}

gboolean number_insert(struct site *site, const struct new_number *row, int64_t *id, GError **error)
{
    int64_t changed = 0;
    *id = site_id(site);
    if (!db_exec(site->db, &INSERT,
                 DB_ARGS(*id, site->warehouse_id, site->owner_id, row->courier, row->service ? row->service : "",
                         row->kind, number_source_name(row->source), row->number, db_ref(row->range_id),
                         row->source == NUMBER_RANGE ? db_int(row->serial) : db_null(), site_now(site)),
                 &changed, error))
        return FALSE;
    if (changed == 0)
        *id = 0;
    return TRUE;
}
