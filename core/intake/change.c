/* SPDX-License-Identifier: MIT */
#include "core/intake/change.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/intake/import_orders.h"
#include "core/intake/promise.h"
#include "core/intake/recipient.h"
#include "core/intake/zip.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum {
    ORDER_LOAD, SHIPMENTS_LOAD, LINES_LOAD, LINE_INSERT, LINE_CANCEL, LINE_PRICE, LINE_SHIPPED, ORDER_WRITE
};

/* A line as it is stored, and whether the shop still has it. */
struct old_line {
    int64_t id, quantity;
    char *sku, *title, *variant;
    gboolean kept;
};
#define OLD_LINE(COLUMN, PARSED)                                                                                       \
    COLUMN("id, ", id) COLUMN("shop_sku, ", sku) COLUMN("title, ", title) COLUMN("variant, ", variant)                 \
    COLUMN("quantity", quantity)

static const struct sql SQL[] = {
    [ORDER_LOAD] = {"change_order", "SELECT o.recipient_id, r.version, o.cod_minor, o.courier, o.service "
                                    "FROM sales_order o JOIN recipient r ON r.id = o.recipient_id WHERE o.id = $1"},
    [SHIPMENTS_LOAD] = {"change_shipments",
                        "SELECT s.id, s.state, b.kind FROM shipment s LEFT JOIN block b ON b.shipment_id = s.id "
                        "AND b.cleared_at IS NULL WHERE s.order_id = $1 ORDER BY s.id"},
    [LINES_LOAD] = {"change_lines", "SELECT " COLUMNS_OF(OLD_LINE) " FROM order_line "
                                    "WHERE order_id = $1 AND cancelled_at IS NULL ORDER BY line_no"},
    [LINE_INSERT] = {"change_line_insert",
                     "INSERT INTO order_line (id, order_id, line_no, listing_id, kind, shop_sku, title, variant, "
                     "quantity, price_minor) SELECT $1, $2, COALESCE(MAX(line_no), 0) + 1, $3, $4, $5, $6, $7, $8, $9 "
                     "FROM order_line WHERE order_id = $2"},
    [LINE_CANCEL] = {"change_line_cancel", "UPDATE order_line SET cancelled_at = $2 WHERE id = $1"},
    [LINE_PRICE] = {"change_line_price", "UPDATE order_line SET price_minor = $2 WHERE id = $1"},
    [LINE_SHIPPED] = {"change_line_shipped",
                      "SELECT sl.id FROM shipment_line sl JOIN order_line ol ON ol.id = sl.order_line_id WHERE "
                      "sl.shipment_id = $1 AND sl.state <> 'cancelled' AND ol.cancelled_at IS NOT NULL ORDER BY sl.id"},
    [ORDER_WRITE] = {"change_order_write",
                     "UPDATE sales_order SET version = version + 1, (" ORDER_COLUMNS ", changed_at) = "
                     "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) WHERE id = $1"},
};

struct shipment {
    int64_t id;
    enum state state;
    unsigned blocks;
};

struct change {
    struct intake *intake;
    struct order_draft *draft;
    int64_t order_id, recipient_id;
    unsigned parts;
    gboolean recipient_made;
    gboolean paper_differs;   /* courier, service or COD: what stands on a label beside the recipient */
    gboolean in_work;         /* some shipment is past new */
    GArray *shipments;        /* struct shipment, open ones */
    GArray *events;           /* struct event */
    const char *presale_on;
    unsigned lines_unmapped;
    const char *outcome;      /* the word of the program about it */
    char refusal[240];
};

#define CHANGED(change, part) (((change)->parts & 1u << (part)) != 0)

/* --- what there is -------------------------------------------------------------------------------------- */

/* A row a block; a shipment without blocks has one row, too. */
static void add_shipment(struct rows *rows, void *data)
{
    struct change *change = data;
    GArray *list = change->shipments;
    const struct shipment new = {.id = rows_int(rows, 0), .state = flow_state_parse(rows_text(rows, 1))};
    struct shipment *last = list->len ? &g_array_index(list, struct shipment, list->len - 1) : NULL;
    change->in_work = change->in_work || new.state != ST_NEW;
    if (state_is_over(new.state))
        return;
    if (!last || last->id != new.id) {
        g_array_append_val(list, new);
        last = &g_array_index(list, struct shipment, list->len - 1);
    }
    last->blocks |= (unsigned)flow_block_parse(rows_text(rows, 2));
}

static gboolean load_shipments(struct change *change, struct db *db, GError **error)
{
    g_array_set_size(change->shipments, 0);
    change->in_work = FALSE;
    return rows_each(db_query(db, &SQL[SHIPMENTS_LOAD], DB_ARGS(change->order_id), error), add_shipment, change, error);
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static void old_line_clear(void *data)
{
    struct old_line *line = data;
    g_free(line->sku);
    g_free(line->title);
    g_free(line->variant);
}

ROWS_READER(read_line, struct old_line, OLD_LINE)

static struct old_line *find_line(GArray *lines, const struct draft_line *line)
{
    for (guint i = 0; i < lines->len; i++) {
        struct old_line *old = &g_array_index(lines, struct old_line, i);
        if (!old->kept && old->quantity == line->quantity && strcmp(old->sku, line->sku) == 0 &&
            strcmp(old->title, line->title) == 0 && strcmp(old->variant, line->variant) == 0)
            return old;
    }
    return NULL;
}

static gboolean add_line(struct change *change, struct db *db, const struct draft_line *line, GError **error)
{
    struct site *site = change->intake->site;
    const struct listing *listing = line->service ? NULL : listing_get(&change->intake->book, line, error);
    if (!listing && !line->service)
        return FALSE;
    change->lines_unmapped += listing && !listing->mapped;
    return db_exec(db, &SQL[LINE_INSERT],
                   DB_ARGS(site_id(site), change->order_id, db_ref(listing ? listing->id : 0),
                           line->service ? "service" : "goods", line->sku, line->title, line->variant, line->quantity,
                           line->price_minor), NULL, error);
}

static gboolean merge_lines(struct change *change, struct db *db, GError **error)
{
    said_note(change->intake->site, SAID_LINES, change->order_id);
    g_autoptr(GArray) old = g_array_new(FALSE, TRUE, sizeof(struct old_line));
    g_array_set_clear_func(old, old_line_clear);
    struct rows *rows = db_query(db, &SQL[LINES_LOAD], DB_ARGS(change->order_id), error);
    gboolean done = rows_append(rows, old, read_line, error);
    for (guint i = 0; done && i < change->draft->lines->len; i++) {
        const struct draft_line *line = &g_array_index(change->draft->lines, struct draft_line, i);
        struct old_line *same = find_line(old, line);
        if (same)
            same->kept = TRUE;
        done = same ? db_exec(db, &SQL[LINE_PRICE], DB_ARGS(same->id, line->price_minor), NULL, error)
                    : add_line(change, db, line, error);
    }
    for (guint i = 0; done && i < old->len; i++) {
        const struct old_line *line = &g_array_index(old, struct old_line, i);
        done = line->kept ||
               db_exec(db, &SQL[LINE_CANCEL], DB_ARGS(line->id, site_now(change->intake->site)), NULL, error);
    }
    return done;
}

/* --- before the events: what they refer to -------------------------------------------------------------- */

static gboolean load_order(struct change *change, struct db *db, int64_t *recipient_version, GError **error)
{
    const struct order_draft *draft = change->draft;
    struct rows *rows = db_query(db, &SQL[ORDER_LOAD], DB_ARGS(change->order_id), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return FALSE;
    change->recipient_id = rows_int(rows, 0);
    *recipient_version = rows_int(rows, 1);
    /* A number or an invoice that the shop has added changes nothing that is printed. */
    change->paper_differs = rows_int(rows, 2) != draft->cod_minor || strcmp(rows_text(rows, 3), draft->courier) != 0 ||
                            strcmp(rows_text(rows, 4), draft->service) != 0;
    rows_close(rows);
    return TRUE;
}

static gboolean prepare(struct site *site, void *data, GError **error)
{
    struct change *change = data;
    struct db *db = site->db;
    int64_t recipient_version = 0;
    change->lines_unmapped = 0;
    listing_book_round(&change->intake->book);
    if (!load_order(change, db, &recipient_version, error) || !load_shipments(change, db, error))
        return FALSE;
    change->recipient_made = CHANGED(change, PART_RECIPIENT) || CHANGED(change, PART_NOTES);
    if (change->recipient_made) {
        struct db_value row[RECIPIENT_WIDTH];
        change->recipient_id = site_id(site);
        said_note(site, SAID_RECIPIENT, change->recipient_id);
        recipient_row(change->draft, change->recipient_id, recipient_version + 1, row);
        if (!db_insert_many(db, "recipient", RECIPIENT_COLUMNS, row, 1, RECIPIENT_WIDTH, error))
            return FALSE;
    }
    return !CHANGED(change, PART_LINES) || change->in_work || merge_lines(change, db, error);
}

/* --- the events ----------------------------------------------------------------------------------------- */

static struct event *add_event(struct change *change, const struct shipment *shipment, enum event_kind kind)
{
    const struct event event = {.kind = kind, .shipment_id = shipment->id};
    g_array_append_val(change->events, event);
    return &g_array_index(change->events, struct event, change->events->len - 1);
}

static void set_block(struct change *change, const struct shipment *shipment, enum block block, gboolean stands,
                      const char *reason)
{
    gboolean open = (shipment->blocks & (unsigned)block) != 0;
    if (open == stands)
        return;
    struct event *event = add_event(change, shipment, stands ? EV_BLOCK : EV_UNBLOCK);
    event->block = block;
    event->reason = reason;
}

/* Nothing was taken from a bin yet: the order simply ends. Later a person has to put the goods back. */
static void add_cancel(struct change *change, const struct shipment *shipment)
{
    gboolean begun = shipment->state != ST_NEW && shipment->state != ST_READY && shipment->state != ST_BATCHED;
    if (begun) {
        set_block(change, shipment, BLOCK_CANCELLED, TRUE, "");
        change->outcome = _("cancelled in the shop: stopped, the goods are in work");
        return;
    }
    add_event(change, shipment, EV_CANCEL)->reason = "shop";
    change->outcome = _("cancelled in the shop: cancelled here too");
}

static gboolean add_line_cancels(struct change *change, const struct shipment *shipment, GError **error)
{
    g_autoptr(GArray) lines =
        rows_ints(db_query(change->intake->site->db, &SQL[LINE_SHIPPED], DB_ARGS(shipment->id), error), error);
    for (guint i = 0; lines && i < lines->len; i++) {
        struct event *event = add_event(change, shipment, EV_CANCEL_LINE);
        event->line_id = g_array_index(lines, int64_t, i);
        event->reason = "shop";
    }
    return lines != NULL;
}

static gboolean add_changes(struct change *change, const struct shipment *shipment, GError **error)
{
    const struct order_draft *draft = change->draft;
    struct site *site = change->intake->site;
    const char *fault = intake_address_fault(change->intake->has_addresses, draft);
    if (change->recipient_made || change->paper_differs || (CHANGED(change, PART_DATES) && shipment->state == ST_NEW)) {
        struct event *event = add_event(change, shipment, EV_CHANGE);
        event->recipient_id = change->recipient_id;
        event->courier = draft->courier;
        event->service = draft->service;
        event->cod_minor = draft->cod_minor;
        event->cut_off_at = intake_cut_off(site, draft);
    }
    if (CHANGED(change, PART_RECIPIENT) || CHANGED(change, PART_COURIER))
        set_block(change, shipment, BLOCK_ADDRESS, fault != NULL, fault);
    if (CHANGED(change, PART_STATE)) {
        set_block(change, shipment, BLOCK_UNPAID, draft->state == SHOP_UNPAID, "");
        set_block(change, shipment, BLOCK_CANCELLED, FALSE, "");
    }
    if (CHANGED(change, PART_DATES))
        set_block(change, shipment, BLOCK_PRESALE, draft->presale_on > clock_civil_date(site->zone, site_now(site)),
                  change->presale_on);
    if (!CHANGED(change, PART_LINES))
        return TRUE;
    if (change->in_work) {
        set_block(change, shipment, BLOCK_HELD, TRUE, "lines");
        change->outcome = _("its lines differ: held, the goods are in work");
        return TRUE;
    }
    if (change->lines_unmapped)
        set_block(change, shipment, BLOCK_UNMAPPED, TRUE, "");
    add_event(change, shipment, EV_FILL);
    return add_line_cancels(change, shipment, error);
}

static gboolean note_refusal(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct change *change = data;
    (void)event, (void)error;
    if (outcome->verdict != VERDICT_DONE)
        g_strlcpy(change->refusal, outcome->text, sizeof change->refusal);
    return TRUE;
}

static gboolean apply_events(struct change *change, GError **error)
{
    for (guint i = 0; i < change->shipments->len; i++) {
        const struct shipment *shipment = &g_array_index(change->shipments, struct shipment, i);
        if (change->draft->state == SHOP_CANCELLED)
            add_cancel(change, shipment);
        else if (!add_changes(change, shipment, error))
            return FALSE;
    }
    const struct actor actor = {.person_id = change->intake->site->system_person_id};
    return flow_do_all(change->intake->site, actor, g_array_ref(change->events), note_refusal, change, NULL, error);
}

/* --- afterwards ----------------------------------------------------------------------------------------- */

static gboolean finish(struct site *site, void *data, GError **error)
{
    const struct change *change = data;
    const struct order_draft *draft = change->draft;
    return db_exec(site->db, &SQL[ORDER_WRITE],
                   DB_ARGS(change->order_id, ORDER_VALUES(draft, change->recipient_id), site_now(site)), NULL, error);
}

void change_tell(const struct intake *intake, const struct order_draft *draft, unsigned parts, const char *outcome)
{
    const struct intake_change told = {draft->external_id, parts, outcome};
    if (intake->import->on_change)
        intake->import->on_change(&told, intake->import->data);
}

static const char *outcome_of(const struct change *change)
{
    if (change->refusal[0] || change->outcome)
        return change->refusal[0] ? change->refusal : change->outcome;
    return change->shipments->len == 0 ? _("nothing is open here any more") : "";
}

gboolean change_apply(struct intake *intake, struct order_draft *draft, int64_t order_id, unsigned parts,
                      GError **error)
{
    g_autoptr(GArray) shipments = g_array_new(FALSE, TRUE, sizeof(struct shipment));
    g_autoptr(GArray) events = g_array_new(FALSE, TRUE, sizeof(struct event));
    g_autofree char *presale_on = clock_date_text(draft->presale_on);
    struct change change = {.intake = intake, .draft = draft, .order_id = order_id, .parts = parts,
                            .shipments = shipments, .events = events, .presale_on = presale_on};
    const struct actor by = {.person_id = intake->site->system_person_id};
    const struct record begin = {.event = "order-change", .subject_id = order_id, .is_of_said = TRUE};
    const struct record end = {.event = "order-changed", .subject_id = order_id, .is_heard = TRUE, .said = SAID_ORDER};
    zip_complete(intake->zips, draft);
    gboolean done = site_record(intake->site, &by, &begin, prepare, &change, error);
    if (!done)
        listing_book_forget(&intake->book);
    done = done && apply_events(&change, error) && site_record(intake->site, &by, &end, finish, &change, error);
    if (done)
        change_tell(intake, draft, parts, outcome_of(&change));
    return done;
}
