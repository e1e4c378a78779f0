/* SPDX-License-Identifier: MIT */
#include "core/act/batches.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/base/words.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum { NEXT, BATCH_OF, ORDER_OF, BATCH_BY_NUMBER, BATCH_NUMBER, PEOPLE };

#define LINES_THAT(are)                                                                                                \
    "(SELECT COUNT(*) FROM shipment s JOIN shipment_line l ON l.shipment_id = s.id WHERE s.batch_id = b.id "           \
    "AND l.state " are ")"

#define BATCH_COLUMNS(COLUMN, PARSED)                                                                                  \
    COLUMN("b.id, ", id)                                                                                               \
    COLUMN("b.number, ", number)                                                                                       \
    COLUMN("b.kind, ", kind)                                                                                           \
    COLUMN("b.courier, ", courier)                                                                                     \
    COLUMN("COALESCE(p.name, ''), ", owner)                                                                            \
    PARSED("b.state, ", state, flow_state_parse)                                                                       \
    COLUMN("COALESCE(b.person_id, 0), ", owner_id)                                                                     \
    COLUMN("b.cut_off_at, ", cut_off_at)                                                                               \
    COLUMN("b.made_at, ", made_at)                                                                                     \
    COLUMN("COALESCE(b.started_at, 0), ", started_at)                                                                  \
    COLUMN("(SELECT COUNT(*) FROM shipment s WHERE s.batch_id = b.id), ", shipments)                                   \
    COLUMN(LINES_THAT("<> 'cancelled'") ", ", lines)                                                                   \
    COLUMN(LINES_THAT("IN ('picked', 'packed')"), lines_done)

ROWS_READER(read_row, struct batch_row, BATCH_COLUMNS)

#define PERSON_COLUMNS(COLUMN, PARSED)                                                                                 \
    COLUMN("p.id, ", person_id)                                                                                        \
    COLUMN("p.badge, ", badge)                                                                                         \
    COLUMN("p.name, ", name)                                                                                           \
    COLUMN("p.role, ", role)                                                                                           \
    COLUMN("COALESCE(w.batches, 0), ", batches)                                                                        \
    COLUMN("COALESCE((SELECT b.number FROM batch b WHERE b.warehouse_id = $1 AND b.person_id = p.id AND "              \
           BATCH_IS_OPEN("b") " ORDER BY CASE b.state WHEN 'running' THEN 0 ELSE 1 END, b.cut_off_at, b.id LIMIT 1), " \
           "''), ", batch)                                                                                             \
    COLUMN("COALESCE(h.picking, 0), ", picking)                                                                        \
    COLUMN("COALESCE(h.packing, 0)", packing)

ROWS_READER(read_person, struct batch_person, PERSON_COLUMNS)

#define BATCHES_THAT "SELECT " COLUMNS_OF(BATCH_COLUMNS) " FROM batch b LEFT JOIN person p ON p.id = b.person_id WHERE "

static const struct sql SQL[] = {
    [NEXT] = {"batches_next",
              "SELECT s.id FROM shipment s WHERE s.warehouse_id = $1 AND s.state = 'ready' AND " SHIPMENT_IS_OPEN("s")
              " AND (CAST($2 AS TEXT) = '' OR s.courier = $2) AND s.batch_id IS NULL AND s.person_id IS NULL "
              "AND NOT EXISTS (SELECT 1 FROM block k WHERE k.shipment_id = s.id AND k.cleared_at IS NULL "
              "AND k.kind" IS_STOPPING ") "
              "ORDER BY s.priority DESC, CASE WHEN s.cut_off_at = 0 THEN 1 ELSE 0 END, s.cut_off_at, s.id LIMIT $3"},
    [BATCH_OF] = {"batches_of_shipment", "SELECT COALESCE(batch_id, 0), version FROM shipment WHERE id = $1"},
    [ORDER_OF] = {"batches_order", "SELECT o.external_id, COALESCE(b.number, '') FROM shipment s JOIN sales_order o ON "
                                   "o.id = s.order_id LEFT JOIN batch b ON b.id = s.batch_id WHERE s.id = $1"},
    [BATCH_BY_NUMBER] = {"batches_by_number", "SELECT id FROM batch WHERE warehouse_id = $1 AND owner_id = $2 AND number = $3"},
    [BATCH_NUMBER] = {"batches_number", "SELECT number FROM batch WHERE id = $1"},
    [PEOPLE] = {"batches_people",
                "SELECT " COLUMNS_OF(PERSON_COLUMNS) " FROM person p "
                "LEFT JOIN (SELECT b.person_id, COUNT(*) AS batches FROM batch b WHERE b.warehouse_id = $1 "
                "AND " BATCH_IS_OPEN("b") " GROUP BY b.person_id) w ON w.person_id = p.id "
                "LEFT JOIN (SELECT s.person_id, COUNT(*) FILTER (WHERE s.state = 'picking') AS picking, "
                "COUNT(*) FILTER (WHERE s.state = 'packing') AS packing FROM shipment s WHERE s.warehouse_id = $1 "
                "AND s.state IN ('picking', 'packing') AND " SHIPMENT_IS_OPEN("s")
                " GROUP BY s.person_id) h ON h.person_id = p.id "
                "WHERE p.warehouse_id = $1 AND p.active = 1 AND p.role NOT IN ('dock', 'system') ORDER BY p.name, p.id"},
};

enum { OPEN_LIST, ONE };

static const struct sql ROWS[] = {
    [OPEN_LIST] = {"batches_open", BATCHES_THAT "b.warehouse_id = $1 AND " BATCH_IS_OPEN("b")
                                                " ORDER BY " DUE("b") ", b.id LIMIT $2"},
    [ONE] = {"batches_one", BATCHES_THAT "b.id = $1"},
};

/* --- acts ----------------------------------------------------------------------------------------------- */

gboolean batch_assign(struct site *site, struct actor actor, int64_t batch_id, int64_t person_id, GError **error)
{
    struct event event = {.kind = EV_BATCH_ASSIGN, .actor = actor, .batch_id = batch_id, .person_id = person_id};
    return flow_do(site, event, NULL, error);
}

gboolean batch_cancel(struct site *site, struct actor actor, int64_t batch_id, GError **error)
{
    return flow_do(site, (struct event){.kind = EV_BATCH_CANCEL, .actor = actor, .batch_id = batch_id}, NULL, error);
}

/* By the version it was looked at: whatever happens in between makes it look again. */
gboolean batch_remove(struct site *site, struct actor actor, int64_t batch_id, int64_t shipment_id, GError **error)
{
    int64_t facts[2] = {0, 0};
    if (db_get_ints(site->db, &SQL[BATCH_OF], DB_ARGS(shipment_id), facts, 2, error) < 0)
        return FALSE;
    if (facts[0] != batch_id)
        return err_set(error, ERR_BATCH_NOT_IN);
    struct event event = {.kind = EV_UNBATCH, .actor = actor, .shipment_id = shipment_id, .version = facts[1]};
    return flow_do(site, event, NULL, error);
}

gboolean batch_print(struct site *site, struct actor actor, int64_t batch_id, int64_t printer_id, GError **error)
{
    struct event event = {.kind = EV_PRINT, .actor = actor, .batch_id = batch_id, .printer_id = printer_id,
                          .text = "pick_list"};
    return flow_do(site, event, NULL, error);
}

/* --- making --------------------------------------------------------------------------------------------- */

static gboolean kind_is_known(const char *kind)
{
    static const char *const KINDS[] = {"single", "cluster", "bulk", "lane"};
    return WORDS_FIND(KINDS, kind) >= 0;
}

struct joining {
    struct site *site;
    struct batch_made *made;
    struct outcome refused; /* the batch itself */
};

/* In words a lead can use: a shipment that is in a batch already names that batch. */
static gboolean skip(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct joining *joining = data;
    struct batch_skip row = {.shipment_id = event->shipment_id, .code = outcome->code};
    if (event->kind == EV_BATCH_MAKE)
        joining->refused = *outcome;
    if (outcome->verdict == VERDICT_DONE || event->kind == EV_BATCH_MAKE || joining->refused.verdict != VERDICT_DONE)
        return TRUE;
    g_autoptr(rows) rows = db_query(joining->site->db, &SQL[ORDER_OF], DB_ARGS(event->shipment_id), error);
    int found = rows_next(rows, error);
    if (found < 0)
        return FALSE;
    clean_copy(row.order, sizeof row.order, found ? rows_text(rows, 0) : "?");
    clean_copy(row.text, sizeof row.text, outcome->text);
    if (found && outcome->code == ERR_FLOW_STATE && rows_text(rows, 1)[0]) {
        const char *const args[] = {row.order, rows_text(rows, 1), NULL};
        g_autofree char *text = err_text_args(ERR_BATCH_TAKEN, args);
        row.code = ERR_BATCH_TAKEN;
        clean_copy(row.text, sizeof row.text, text);
    }
    g_array_append_val(joining->made->skipped, row);
    return TRUE;
}

/* The batch and its shipments are one list of events: most batches are made by one transaction. */
static gboolean make_all(struct site *site, const struct batch_wish *wish, const char *kind, const int64_t *shipment_ids,
                         size_t n, struct batch_made *made, GError **error)
{
    struct joining joining = {.site = site, .made = made};
    struct flow_tally tally = {0};
    struct event make = {.key = made->batch_id, .kind = EV_BATCH_MAKE, .text = kind,
                         .courier = wish->courier ? wish->courier : "", .person_id = wish->person_id};
    GArray *events = flow_events((struct event){.kind = EV_BATCH, .batch_id = made->batch_id}, shipment_ids, n);
    g_array_prepend_val(events, make);
    const struct flow_way way = {.each = skip, .data = &joining, .led = TRUE};
    gboolean done = flow_do_list(site, wish->actor, events, &way, &tally, error);
    made->joined = tally.done - (joining.refused.verdict == VERDICT_DONE); /* itself */
    return done && outcome_check(&joining.refused, error);
}

static gboolean read_number(struct site *site, struct batch_made *made, GError **error)
{
    g_autoptr(rows) rows = db_query(site->db, &SQL[BATCH_NUMBER], DB_ARGS(made->batch_id), error);
    int found = rows_next(rows, error);
    if (found == 0)
        err_set(error, ERR_FLOW_UNKNOWN, _("batch"));
    if (found > 0)
        ROWS_COPY(made->number, rows, 0);
    return found > 0;
}

gboolean batch_make(struct site *site, const struct batch_wish *wish, const int64_t *shipment_ids, size_t n,
                    struct batch_made *made, GError **error)
{
    const char *kind = wish->kind && wish->kind[0] ? wish->kind : "cluster";
    *made = (struct batch_made){.skipped = g_array_new(FALSE, FALSE, sizeof(struct batch_skip))};
    if (!kind_is_known(kind))
        return err_set(error, ERR_BATCH_KIND, kind);
    if (n == 0)
        return err_set(error, ERR_BATCH_EMPTY);
    made->batch_id = flow_key(site);
    if (!make_all(site, wish, kind, shipment_ids, n, made, error) || !read_number(site, made, error))
        return FALSE;
    if (made->joined > 0)
        return TRUE;
    if (batch_cancel(site, wish->actor, made->batch_id, error))
        err_set(error, ERR_BATCH_EMPTY);
    return FALSE;
}

void batch_made_clear(struct batch_made *made)
{
    g_clear_pointer(&made->skipped, g_array_unref);
    *made = (struct batch_made){0};
}

GArray *batch_next(struct site *site, const char *courier, int64_t n, GError **error)
{
    return rows_ints(db_query(site->db, &SQL[NEXT], DB_ARGS(site->warehouse_id, courier ? courier : "", n), error),
                     error);
}

/* --- looking -------------------------------------------------------------------------------------------- */

enum { HOUR_MS = 3600000 };

/* Its own speed so far says when it will end. */
void batch_estimate(struct batch_row *row, int64_t now_utc_ms)
{
    int64_t spent_ms = now_utc_ms - row->started_at;
    row->lines_per_hour = row->expected_end_at = 0;
    if (row->state != ST_RUNNING || row->started_at == 0 || row->lines_done == 0 || spent_ms <= 0)
        return;
    row->lines_per_hour = row->lines_done * HOUR_MS / spent_ms;
    row->expected_end_at = now_utc_ms + (row->lines - row->lines_done) * spent_ms / row->lines_done;
}

GArray *batch_list(struct site *site, int64_t limit, GError **error)
{
    GArray *list = rows_list(db_query(site->db, &ROWS[OPEN_LIST], DB_ARGS(site->warehouse_id, limit), error),
                             sizeof(struct batch_row), read_row, error);
    for (guint i = 0; list && i < list->len; i++)
        batch_estimate(&g_array_index(list, struct batch_row, i), site_now(site));
    return list;
}

int batch_load(struct site *site, int64_t batch_id, struct batch_row *row, GError **error)
{
    int found = rows_first(db_query(site->db, &ROWS[ONE], DB_ARGS(batch_id), error), read_row, row, error);
    if (found > 0)
        batch_estimate(row, site_now(site));
    return found;
}

int64_t batch_find(struct site *site, const char *number, GError **error)
{
    int64_t id = 0;
    g_autofree char *upper = g_ascii_strup(number, -1);
    int found =
        db_get_ints(site->db, &SQL[BATCH_BY_NUMBER], DB_ARGS(site->warehouse_id, site->owner_id, upper), &id, 1, error);
    if (found == 0)
        err_set(error, ERR_BATCH_UNKNOWN, number);
    return found > 0 ? id : 0;
}

GArray *batch_people(struct site *site, GError **error)
{
    return rows_list(db_query(site->db, &SQL[PEOPLE], DB_ARGS(site->warehouse_id), error), sizeof(struct batch_person),
                     read_person, error);
}
