/* SPDX-License-Identifier: MIT */
#include "core/intake/promise.h"

#include "core/base/clock.h"
#include "core/db/db.h"
#include "core/floor/site.h"
#include "core/floor/waiting.h"
#include "core/intake/draft.h"
#include "core/waybill/courier.h"

enum { WAITING };

static const struct sql SQL[] = {
    /* A short shipment is asked for again only when each of its lines could be served: the flow decides for good. */
    [WAITING] = {"shipment_waiting",
                 "SELECT s.id, s.cut_off_at FROM shipment s WHERE s.warehouse_id = $1 AND (s.state = 'new' OR "
                 "(CAST($4 AS BIGINT) = 1 AND s.state IN ('ready', 'batched', 'picking', 'picked') AND EXISTS (SELECT 1 "
                 "FROM shipment_line o WHERE o.shipment_id = s.id AND o.state = 'open'))) "
                 "AND (s.cut_off_at, s.id) > ($2, $3) AND NOT EXISTS (SELECT 1 FROM block b "
                 "WHERE b.shipment_id = s.id AND b.cleared_at IS NULL AND (b.kind <> 'short' OR CAST($4 AS BIGINT) = 0)) "
                 "AND NOT EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.state = 'open' "
                 "AND l.quantity > (SELECT COALESCE(CAST(SUM(t.on_hand - t.reserved) AS BIGINT), 0) FROM stock t "
                 "JOIN location p ON p.id = t.location_id WHERE t.warehouse_id = s.warehouse_id "
                 "AND t.owner_id = s.owner_id AND t.product_id = l.product_id AND p.kind = 'bin')) "
                 "ORDER BY s.cut_off_at, s.id LIMIT 200"},
};

int64_t intake_cut_off(const struct site *site, const char *code, int64_t at_utc_ms, int promise_on)
{
    enum { DEFAULT_CUT_OFF = 18 * 60 };
    const struct courier *courier = site->couriers ? couriers_get(site->couriers, code) : NULL;
    int minute = courier && courier->cut_off_minute >= 0 ? courier->cut_off_minute : DEFAULT_CUT_OFF;
    int64_t at = at_utc_ms ? at_utc_ms : site_now(site);
    if (promise_on)
        return clock_instant(site->zone, promise_on, minute);
    int64_t today = clock_instant(site->zone, clock_civil_date(site->zone, at), minute);
    const int64_t day_ms = INT64_C(86400000);
    return today > at ? today : clock_instant(site->zone, clock_civil_date(site->zone, at + day_ms), minute);
}

/* Why the courier could not bring it; NULL when it could. Reasons are words of the program, never of the address. */
const char *intake_address_fault(gboolean has_addresses, const struct order_draft *draft)
{
    const struct draft_recipient *recipient = &draft->recipient;
    if (!draft->courier[0])
        return "courier";
    if (!has_addresses)
        return NULL;
    if (draft->flags & DRAFT_UNREADABLE)
        return "unreadable";
    if (!recipient->name[0])
        return "name";
    if (draft->flags & DRAFT_PHONE_LOST)
        return "phone";
    if (recipient->store_code[0])
        return NULL;
    if (!recipient->address[0])
        return "address";
    return recipient->postcode[0] ? NULL : "postcode";
}

/* --- what waited --------------------------------------------------------------------------------------------- */

static gboolean next_waiting(struct site *site, gboolean short_too, int64_t after[2], GArray *ids, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[WAITING],
                                 DB_ARGS(db_int(site->warehouse_id), db_int(after[0]), db_int(after[1]), db_int(short_too ? 1 : 0)),
                                 error);
    int more = rows ? 0 : -1;
    g_array_set_size(ids, 0);
    while (rows && (more = rows_next(rows, error)) > 0) {
        int64_t id = rows_int(rows, 0);
        after[0] = rows_int(rows, 1);
        after[1] = id;
        g_array_append_val(ids, id);
    }
    return more == 0;
}

gboolean intake_release_waiting(struct site *site, struct actor actor, gboolean short_too, uint64_t *released,
                                GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t after[2] = {-1, 0};
    gboolean done;
    do {
        struct waiting_result result = {0};
        done = next_waiting(site, short_too, after, ids, error) &&
               waiting_release(site, actor, (const int64_t *)(const void *)ids->data, ids->len, &result, error);
        *released += result.released;
    } while (done && ids->len > 0);
    g_array_unref(ids);
    return done;
}
