/* SPDX-License-Identifier: MIT */
#include "core/act/forget.h"

#include "core/base/id.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { RECIPIENTS, ERASE_RECIPIENTS, REMARKS, ERASE_REMARKS, ERASE_BLOCKS, ERASE_JOBS, ERASE_WAYBILLS, ERASE_COUNTS };

/* Of a shipment s: it goes on, or did until then. */
#define STILL_ON "(s.state NOT IN ('outbound', 'cancelled') OR s.changed_at >= $1)"

/* Of an event e of no order: what was received, counted or moved, for whatever reason. */
#define OF_GOODS "e.kind IN ('receive', 'adjust', 'move')"

/* Rows have the reason of an event as the event was asked it; all of them say this when it was forgotten, and the fold too. */
#define FORGOTTEN "'-'"
#define IS_FORGOTTEN(of_shipment)                                                                                      \
    "reason = " FORGOTTEN " WHERE " of_shipment " AND EXISTS (SELECT 1 FROM remark m JOIN event e ON e.key = m.event_key "

static const struct sql SQL[] = {
    [RECIPIENTS] = {"forget_recipients",
                    "SELECT r.id FROM recipient r WHERE r.erased_at IS NULL AND r.id < $2 AND NOT EXISTS ("
                    "SELECT 1 FROM shipment s WHERE s.recipient_id = r.id AND " STILL_ON ") AND NOT EXISTS (SELECT 1 FROM "
                    "sales_order o WHERE o.recipient_id = r.id AND (o.imported_at >= $1 OR EXISTS (SELECT 1 FROM shipment s "
                    "WHERE s.order_id = o.id AND " STILL_ON "))) ORDER BY r.id LIMIT 200"},
    [ERASE_RECIPIENTS] = {"forget_erase_recipients",
                          "UPDATE recipient SET name = '', phone = '', phone_tail = '', postcode = '', county = '', "
                          "district = '', address = '', country = '', store_code = '', store_name = '', buyer_note = '', "
                          "seller_remark = '', salt = NULL, erased_at = $2 WHERE id {in:$1}"},
    [REMARKS] = {"forget_remarks",
                 "SELECT m.event_key FROM remark m JOIN event e ON e.key = m.event_key LEFT JOIN shipment s ON s.id = "
                 "e.shipment_id WHERE m.erased_at IS NULL AND m.event_key < $2 AND CASE WHEN s.id IS NULL THEN " OF_GOODS
                 " ELSE NOT " STILL_ON " END ORDER BY m.event_key LIMIT 200"},
    [ERASE_REMARKS] = {"forget_erase_remarks", "UPDATE remark SET text = " FORGOTTEN ", salt = NULL, erased_at = $2 "
                                               "WHERE event_key {in:$1}"},
    [ERASE_BLOCKS] = {"forget_erase_blocks",
                      "UPDATE block SET " IS_FORGOTTEN("1 = 1") "WHERE m.event_key {in:$1} AND "
                      "e.shipment_id = block.shipment_id AND m.text = block.reason)"},
    [ERASE_JOBS] = {"forget_erase_jobs",
                    "UPDATE job SET " IS_FORGOTTEN("shipment_id IS NOT NULL") "WHERE m.event_key {in:$1} AND "
                    "e.shipment_id = job.shipment_id AND m.text = job.reason)"},
    [ERASE_WAYBILLS] = {"forget_erase_waybills",
                        "UPDATE waybill SET void_" IS_FORGOTTEN("void_reason <> ''") "JOIN parcel p ON p.shipment_id = "
                        "e.shipment_id WHERE m.event_key {in:$1} AND p.id = waybill.parcel_id "
                        "AND m.text = waybill.void_reason)"},
    [ERASE_COUNTS] = {"forget_erase_counts",
                      "UPDATE count_task SET " IS_FORGOTTEN("1 = 1") "WHERE m.event_key {in:$1} AND "
                      "m.event_key = count_task.event_key AND m.text = count_task.reason)"},
};

struct page {
    int64_t before_at;
    enum said said;
    guint count;
};

static gboolean erase(struct site *site, const char *list, enum said said, GError **error)
{
    const struct db_value ids[] = {db_text(list)};
    int64_t now = site_now(site);
    if (said == SAID_RECIPIENT)
        return db_exec(site->db, &SQL[ERASE_RECIPIENTS], DB_ARGS(list, now), NULL, error);
    return db_exec(site->db, &SQL[ERASE_BLOCKS], ids, 1, NULL, error) &&
           db_exec(site->db, &SQL[ERASE_JOBS], ids, 1, NULL, error) &&
           db_exec(site->db, &SQL[ERASE_WAYBILLS], ids, 1, NULL, error) &&
           db_exec(site->db, &SQL[ERASE_COUNTS], ids, 1, NULL, error) &&
           db_exec(site->db, &SQL[ERASE_REMARKS], DB_ARGS(list, now), NULL, error);
}

static gboolean forget_page(struct site *site, void *data, GError **error)
{
    struct page *page = data;
    const struct sql *find = &SQL[page->said == SAID_RECIPIENT ? RECIPIENTS : REMARKS];
    g_autoptr(GArray) ids =
        rows_ints(db_query(site->db, find, DB_ARGS(page->before_at, id_floor(page->before_at)), error), error);
    page->count = ids ? ids->len : 0;
    if (!ids || ids->len == 0)
        return ids != NULL;
    for (guint i = 0; i < ids->len; i++)
        said_note(site, page->said, g_array_index(ids, int64_t, i));
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    return erase(site, list, page->said, error);
}

static gboolean forget_all(struct site *site, const struct actor *by, struct page page, uint64_t *count, GError **error)
{
    static const struct record RECORD = {.event = "forget", .is_of_said = TRUE};
    do {
        if (!site_record(site, by, &RECORD, forget_page, &page, error))
            return FALSE;
        *count += page.count;
    } while (page.count > 0); /* what is erased is not found again */
    return TRUE;
}

gboolean orders_forget(struct site *site, const struct actor *by, int64_t before_at, struct forgotten *forgotten, GError **error)
{
    *forgotten = (struct forgotten){0};
    return forget_all(site, by, (struct page){.before_at = before_at, .said = SAID_RECIPIENT}, &forgotten->recipients, error) &&
           forget_all(site, by, (struct page){.before_at = before_at, .said = SAID_FORGOTTEN}, &forgotten->remarks, error);
}
