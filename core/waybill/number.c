/* SPDX-License-Identifier: MIT */
#include "core/waybill/number.h"

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/site.h"

static const struct sql INSERT = {
    "waybill_insert", "INSERT INTO waybill (id, warehouse_id, owner_id, courier, service, kind, source, number, "
                      "range_id, state, changed_at) VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, 'free', $9) "
                      "ON CONFLICT (courier, number) DO NOTHING"};

const struct courier *number_courier(struct site *site, const char *code, GError **error)
{
    const struct courier *courier = couriers_get(site->couriers, code);
    if (!courier)
        err_set(error, ERR_COURIER_UNKNOWN, code[0] ? code : "?");
    return courier;
}

gboolean number_insert(struct site *site, const struct new_number *row, gboolean *added, GError **error)
{
    int64_t changed = 0;
    gboolean done = db_exec(site->db, &INSERT,
                            DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, row->courier, row->kind,
                                    number_source_name(NUMBER_LIST), row->number, row->list_id, site_now(site)),
                            &changed, error);
    *added = changed > 0;
    return done;
}
