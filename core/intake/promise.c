/* SPDX-License-Identifier: MIT */
#include "core/intake/promise.h"

#include "core/act/act.h"
#include "core/act/allocate.h"
#include "core/base/clock.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/intake/draft.h"
#include "core/intake/zip.h"
#include "core/site/site.h"

static const struct sql PRESALE_DUE = {"presale_due",
                                       "SELECT b.shipment_id FROM block b JOIN shipment s ON s.id = b.shipment_id "
                                       "WHERE b.kind = 'presale' AND b.cleared_at IS NULL AND b.reason <> '' "
                                       "AND b.reason <= $1 AND s.warehouse_id = $2 ORDER BY b.shipment_id"};

int64_t intake_cut_off(const struct site *site, const struct order_draft *draft)
{
    enum { DEFAULT_CUT_OFF = 18 * 60 };
    const struct courier *courier = site->couriers ? couriers_get(site->couriers, draft->courier) : NULL;
    int minute = courier && courier->cut_off_minute >= 0 ? courier->cut_off_minute : DEFAULT_CUT_OFF;
    int64_t said = MAX(draft->paid_at, draft->ordered_at), at = said ? said : site_now(site);
    if (draft->promise_on)
        return clock_instant(site->zone, draft->promise_on, minute);
    int64_t today = clock_instant(site->zone, clock_civil_date(site->zone, at), minute);
    const int64_t day_ms = INT64_C(86400000);
    return today > at ? today : clock_instant(site->zone, clock_civil_date(site->zone, at + day_ms), minute);
}

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
    return recipient->postcode[0] || !zip_in_taiwan(recipient->country) ? NULL : "postcode";
}

/* --- what waited ---------------------------------------------------------------------------------------- */

static void read_presale(struct rows *rows, void *data)
{
    *(struct event *)data =
        (struct event){.kind = EV_UNBLOCK, .block = BLOCK_PRESALE, .shipment_id = rows_int(rows, 0)};
}

/* Presales whose day has come go on. */
static gboolean end_presales(struct site *site, struct actor actor, GError **error)
{
    g_autofree char *today = clock_date_text(clock_civil_date(site->zone, site_now(site)));
    struct rows *rows = db_query(site->db, &PRESALE_DUE, DB_ARGS(today, site->warehouse_id), error);
    GArray *events = rows_list(rows, sizeof(struct event), read_presale, error);
    return flow_do_all(site, actor, events, NULL, NULL, NULL, error);
}

gboolean intake_release_waiting(struct site *site, struct actor actor, struct allocation *result, GError **error)
{
    return end_presales(site, actor, error) && allocate(site, actor, 0, result, error);
}
