/* SPDX-License-Identifier: MIT */
#include "core/act/forget.h"

#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/db/rows.h"
#include "core/db/scrub.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum {
    RECIPIENTS, RECIPIENTS_OF, REMARKS, REMARKS_OF, ORDER_OF, STILL_OPEN,
    ERASE_RECIPIENTS, ERASE_REMARKS, ERASE_BLOCKS, ERASE_JOBS, ERASE_WAYBILLS, ERASE_COUNTS
};

/* Of an event e of no order: what was received, counted or moved, for whatever reason. */
#define OF_GOODS "e.kind IN ('receive', 'adjust', 'move')"

/* Rows have the reason of an event as the event was asked it; all of them say this when it was forgotten, and the fold too. */
#define FORGOTTEN "'-'"
#define IS_FORGOTTEN(of_shipment)                                                                                      \
    "reason = " FORGOTTEN " WHERE " of_shipment " AND EXISTS (SELECT 1 FROM remark m JOIN event e ON e.key = m.event_key "

static const struct sql SQL[] = {
    [RECIPIENTS] = {"forget_recipients", FORGET_RECIPIENTS "LIMIT 200"},
    [RECIPIENTS_OF] = {"forget_recipients_of",
                       "SELECT r.id FROM recipient r WHERE r.erased_at IS NULL AND (r.id IN (SELECT o.recipient_id FROM sales_order o "
                       "WHERE o.id = $1) OR r.id IN (SELECT s.recipient_id FROM shipment s WHERE s.order_id = $1) OR r.id IN (SELECT "
                       "w.recipient_id FROM shipment s JOIN parcel p ON p.shipment_id = s.id JOIN waybill w ON w.parcel_id = p.id "
                       "WHERE s.order_id = $1)) ORDER BY r.id LIMIT 200"},
    [REMARKS_OF] = {"forget_remarks_of",
                    "SELECT m.event_key FROM shipment s JOIN event e ON e.shipment_id = s.id JOIN remark m ON m.event_key = e.key "
                    "WHERE s.order_id = $1 AND m.erased_at IS NULL ORDER BY m.event_key LIMIT 200"},
    [ORDER_OF] = {"forget_order_of", "SELECT order_id FROM shipment WHERE id = $1"},
    [STILL_OPEN] = {"forget_still_open", "SELECT COUNT(*) FROM shipment s WHERE s.order_id = $1 AND s.state NOT IN ('outbound', "
                                         "'cancelled')"},
    [ERASE_RECIPIENTS] = {"forget_erase_recipients",
                          "UPDATE recipient SET name = '', phone = '', phone_tail = '', postcode = '', county = '', "
                          "district = '', address = '', country = '', store_code = '', store_name = '', buyer_note = '', "
                          "seller_remark = '', salt = NULL, erased_at = $2 WHERE id {in:$1}"},
    [REMARKS] = {"forget_remarks",
                 "SELECT m.event_key FROM remark m JOIN event e ON e.key = m.event_key LEFT JOIN shipment s ON s.id = "
                 "e.shipment_id WHERE m.erased_at IS NULL AND m.event_key < $2 AND CASE WHEN s.id IS NULL THEN " OF_GOODS
                 " ELSE NOT " FORGET_STILL_ON " END ORDER BY m.event_key LIMIT 200"},
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
    const struct forget_of *of;
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

static struct rows *find(const struct site *site, const struct page *page, GError **error)
{
    const struct forget_of *of = page->of;
    gboolean recipients = page->said == SAID_RECIPIENT;
    if (of->order_id)
        return db_query(site->db, &SQL[recipients ? RECIPIENTS_OF : REMARKS_OF], DB_ARGS(of->order_id), error);
    return db_query(site->db, &SQL[recipients ? RECIPIENTS : REMARKS], DB_ARGS(of->before_at, id_floor(of->before_at)), error);
}

static gboolean forget_page(struct site *site, void *data, GError **error)
{
    struct page *page = data;
    g_autoptr(GArray) ids = rows_ints(find(site, page, error), error);
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

gboolean orders_forget(struct site *site, const struct actor *by, const struct forget_of *of, struct forgotten *forgotten,
                       GError **error)
{
    *forgotten = (struct forgotten){0};
    return db_scrub_begin(site->db, error) &&
           forget_all(site, by, (struct page){.of = of, .said = SAID_RECIPIENT}, &forgotten->recipients, error) &&
           forget_all(site, by, (struct page){.of = of, .said = SAID_FORGOTTEN}, &forgotten->remarks, error) &&
           db_scrub(site->db, "recipient, remark, block, job, waybill, count_task", &forgotten->is_gone, error);
}

int64_t order_to_forget(struct site *site, const char *number, const char *shop, GError **error)
{
    struct order_hit hit;
    int64_t order_id = 0, open = 0;
    if (!order_find(site, number, shop, &hit, error) ||
        db_get_ints(site->db, &SQL[ORDER_OF], DB_ARGS(hit.shipment_id), &order_id, 1, error) <= 0 ||
        db_get_ints(site->db, &SQL[STILL_OPEN], DB_ARGS(order_id), &open, 1, error) < 0)
        return 0;
    if (open)
        err_set(error, ERR_FORGET_OPEN, hit.order);
    return open ? 0 : order_id;
}
