/* SPDX-License-Identifier: MIT */
#include "core/waybill/range.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum {
    RANGE_NEXT,
    RANGE_LEFT,
    WAYBILL_INSERT,
    WAYBILL_ADOPT,
    LIST_NEXT,
    NUMBER_FIND,
    RANGE_INSERT,
    RANGE_OF_COURIER,
    LIST_FIND,
    LIST_COURIER,
    RANGE_STATES
};

static const struct sql SQL[] = {
    /* next <= last stands twice: PostgreSQL judges the second one again when it had to wait for the row. */
    [RANGE_NEXT] =
        {"range_next",
         "UPDATE waybill_range SET next = next + 1 WHERE id = (SELECT r.id FROM waybill_range r "
         "WHERE r.warehouse_id = $1 AND r.owner_id = $2 AND r.courier = $3 AND r.kind IN ($4, 'any') AND "
         "r.source = 'range' AND r.active = 1 AND r.next <= r.last ORDER BY r.id LIMIT 1) AND next <= last "
         "RETURNING id, next, prefix, width, kind"},
    [RANGE_LEFT] =
        {"range_any_left",
         "SELECT COUNT(*) FROM waybill_range WHERE warehouse_id = $1 AND owner_id = $2 AND courier = $3 AND "
         "kind IN ($4, 'any') AND source = 'range' AND active = 1 AND next <= last"},
    [WAYBILL_INSERT] =
        {"waybill_insert",
         "INSERT INTO waybill (id, warehouse_id, owner_id, courier, service, kind, source, number, "
         "range_id, serial, state, changed_at) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'free', $11) "
         "ON CONFLICT (courier, number) DO NOTHING"},
    [WAYBILL_ADOPT] = {"waybill_adopt", "UPDATE waybill SET range_id = $3, serial = $4 WHERE courier = $1 AND number = $2 "
                                        "AND range_id IS NULL AND state <> 'free'"},
    [LIST_NEXT] =
        {"list_next",
         "SELECT w.id FROM waybill w WHERE w.state = 'free' AND w.range_id = (SELECT r.id FROM waybill_range "
         "r WHERE r.warehouse_id = $1 AND r.owner_id = $2 AND r.courier = $3 AND r.kind IN ($4, 'any') AND r.source = "
         "'list' AND r.active = 1 AND EXISTS (SELECT 1 FROM waybill f WHERE f.range_id = r.id AND f.state = 'free') "
         "ORDER BY CASE WHEN r.kind = 'any' THEN 1 ELSE 0 END, r.id LIMIT 1) ORDER BY w.id LIMIT 1 {skip_locked}"},
    [NUMBER_FIND] =
        {"waybill_number_find",
         "SELECT w.id, CASE WHEN w.state = 'free' AND w.parcel_id IS NULL AND w.range_id IS NULL THEN 1 ELSE 0 END, "
         "COALESCE(p.shipment_id, 0) FROM waybill w LEFT JOIN parcel p ON p.id = w.parcel_id "
         "WHERE w.courier = $1 AND w.number = $2"},
    [RANGE_INSERT] =
        {"range_insert",
         "INSERT INTO waybill_range (id, warehouse_id, owner_id, courier, kind, source, prefix, width, "
         "first, last, next, low_mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11)"},
    [RANGE_OF_COURIER] =
        {"range_of_courier",
         "SELECT prefix, width, first, last FROM waybill_range WHERE courier = $1 AND source = "
         "'range' ORDER BY id"},
    [LIST_FIND] =
        {"list_find",
         "SELECT id FROM waybill_range WHERE warehouse_id = $1 AND owner_id = $2 AND courier = $3 AND kind = "
         "$4 AND source = 'list' ORDER BY id LIMIT 1"},
    [LIST_COURIER] = {"list_courier", "SELECT courier, kind FROM waybill_range WHERE id = $1"},
    [RANGE_STATES] =
        {"range_states",
         "SELECT r.id, r.courier, r.kind, r.source, r.low_mark, CASE WHEN r.source = 'list' THEN "
         "(SELECT COUNT(*) FROM (SELECT w.id FROM waybill w WHERE w.range_id = r.id AND w.state = 'free' "
         "LIMIT 10000) AS free) ELSE r.last - r.next + 1 END "
         "FROM waybill_range r WHERE r.warehouse_id = $1 AND r.active = 1 ORDER BY r.courier, r.kind, r.id"},
};

const char *courier_kind(const struct courier *courier, gboolean cod)
{
    if (cod && g_strv_contains((const char *const *)courier->kinds, "cod"))
        return "cod";
    return courier->kinds[0];
}

static const struct courier *find_courier(struct site *site, const char *code, GError **error)
{
    const struct courier *courier = couriers_get(site->couriers, code);
    if (!courier)
        err_set(error, ERR_COURIER_UNKNOWN, code[0] ? code : "?");
    return courier;
}

struct new_number {
    const char *courier, *service, *kind, *number;
    enum number_source source;
    int64_t range_id, serial;
};

/* *id gets the new row's, 0 when the number exists already. */
static gboolean insert_number(struct site *site, const struct new_number *row, int64_t *id, GError **error)
{
    int64_t changed = 0;
    *id = site_id(site);
    if (!db_exec(site->db, &SQL[WAYBILL_INSERT],
                 DB_ARGS(db_int(*id), db_int(site->warehouse_id), db_int(site->owner_id),
                         db_text(row->courier), db_text(row->service ? row->service : ""), db_text(row->kind),
                         db_text(number_source_name(row->source)), db_text(row->number),
                         db_ref(row->range_id), row->source == NUMBER_RANGE ? db_int(row->serial) : db_null(),
                         db_int(site_now(site))),
                 &changed, error))
        return FALSE;
    if (changed == 0)
        *id = 0;
    return TRUE;
}

/* --- taking one ----------------------------------------------------------------------------------------- */

static gboolean none_left(const struct courier *courier, const char *kind, GError **error)
{
    err_set(error, ERR_WAYBILL_NONE, courier_label(courier), number_kind_label(kind));
    return FALSE;
}

/* A number of ours that an order had brought before its range came to it: its row is the serial's one fate, and the range
 * goes on behind it. One that stands in a list, or waits for its own order, is refused. */
static gboolean adopt(struct site *site, const struct new_number *row, GError **error)
{
    int64_t changed = 0;
    if (!db_exec(site->db, &SQL[WAYBILL_ADOPT],
                 DB_ARGS(db_text(row->courier), db_text(row->number), db_int(row->range_id), db_int(row->serial)),
                 &changed, error))
        return FALSE;
    if (changed != 1)
        err_set(error, ERR_WAYBILL_TWICE, row->number);
    return changed == 1;
}

/* The serial a range was moved over becomes a row at once. 1 taken, 0 none: no range gave one, or the number was used
 * already, -1 failed. */
static int range_step(struct site *site, const struct courier *courier, const char *service, const char *kind,
                      int64_t *id, GError **error)
{
    struct new_number row = {
        .courier = courier->code, .service = service, .kind = kind, .source = NUMBER_RANGE};
    struct rows *rows = db_query(
        site->db, &SQL[RANGE_NEXT],
        DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(courier->code), db_text(kind)),
        error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found;
    row.range_id = rows_int(rows, 0);
    row.serial = rows_int(rows, 1) - 1;
    char *number =
        courier_make_number(courier, rows_text(rows, 2), (int)rows_int(rows, 3), row.serial, error);
    rows_close(rows);
    if (!number)
        return -1;
    row.number = number;
    gboolean good = insert_number(site, &row, id, error) && (*id || adopt(site, &row, error));
    g_free(number);
    return good ? *id != 0 : -1;
}

/* A range may end while its row is waited for; another may have numbers yet. */
static gboolean take_range(struct site *site, const struct courier *courier, const char *service,
                           const char *kind, int64_t *id, GError **error)
{
    for (;;) {
        int64_t left = 0;
        int taken = range_step(site, courier, service, kind, id, error);
        if (taken != 0)
            return taken > 0;
        if (db_get_ints(site->db, &SQL[RANGE_LEFT],
                        DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(courier->code),
                                db_text(kind)),
                        &left, 1, error) < 0)
            return FALSE;
        if (left == 0)
            return none_left(courier, kind, error);
    }
}

static gboolean take_list(struct site *site, const struct courier *courier, const char *kind, int64_t *id,
                          GError **error)
{
    struct rows *rows = db_claim(
        site->db, &SQL[LIST_NEXT],
        DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(courier->code), db_text(kind)),
        error);
    int found = rows_next(rows, error);
    if (found > 0) {
        *id = rows_int(rows, 0);
        rows_close(rows);
    }
    return found == 0 ? none_left(courier, kind, error) : found > 0;
}

/* A number that came with the order. It may have been taken for this parcel before and be free again. 1 taken, 0 the
 * shipment has used it up and the courier has numbers of ours: one of those is next; -1 failed. */
static int take_given(struct site *site, const struct courier *courier, const struct waybill_want *want,
                           const char *number, int64_t *id, GError **error)
{
    int64_t found[3] = {0, 0, 0};
    const struct new_number row = {courier->code,
                                   want->service,
                                   courier_kind(courier, want->cod),
                                   number,
                                   courier->source == NUMBER_EXTERNAL ? NUMBER_EXTERNAL : NUMBER_ORDER,
                                   0,
                                   0};
    if (!courier_check(courier, number, error) || !insert_number(site, &row, id, error))
        return -1;
    if (*id)
        return 1;
    if (db_get_ints(site->db, &SQL[NUMBER_FIND], DB_ARGS(db_text(courier->code), db_text(number)), found, 3,
                    error) < 0)
        return -1;
    *id = found[0];
    if (found[1])
        return 1;
    if (want->shipment_id && found[2] == want->shipment_id && (courier->source == NUMBER_RANGE || courier->source == NUMBER_LIST))
        return 0;
    err_set(error, ERR_WAYBILL_TWICE, number);
    return -1;
}

gboolean waybill_take(struct site *site, const struct waybill_want *want, int64_t *id, GError **error)
{
    const struct courier *courier = find_courier(site, want->courier, error);
    if (!courier)
        return FALSE;
    if (want->number && want->number[0]) {
        char *number = courier_bare_number(courier, want->number);
        int taken = take_given(site, courier, want, number, id, error);
        g_free(number);
        if (taken != 0)
            return taken > 0;
    }
    const char *kind = courier_kind(courier, want->cod);
    switch (courier->source) {
    case NUMBER_RANGE:
        return take_range(site, courier, want->service, kind, id, error);
    case NUMBER_LIST:
        return take_list(site, courier, kind, id, error);
    case NUMBER_ORDER:
    case NUMBER_EXTERNAL:
    case NUMBER_PENDING:
        err_set(error, ERR_WAYBILL_PENDING, want->order ? want->order : "?");
        return FALSE;
    }
    return FALSE;
}

/* --- adding ranges and lists ---------------------------------------------------------------------------- */

/* First and last number of two ranges as text: equally long numbers of one courier are ordered as text. Check
 * characters stand behind the serial and so never decide. */
static gboolean overlaps(const struct courier *courier, const char *prefix, int width, int64_t first,
                         int64_t last, const char *low, const char *high)
{
    char *from = courier_make_number(courier, prefix, width, first, NULL);
    char *to = courier_make_number(courier, prefix, width, last, NULL);
    gboolean both = from && to && strcmp(from, high) <= 0 && strcmp(low, to) <= 0;
    g_free(from);
    g_free(to);
    return both;
}

static gboolean overlaps_any(struct site *site, const struct courier *courier, const char *low,
                             const char *high, GError **error)
{
    gboolean overlap = FALSE;
    struct rows *rows = db_query(site->db, &SQL[RANGE_OF_COURIER], DB_ARGS(db_text(courier->code)), error);
    int more = -1;
    while (rows && !overlap && (more = rows_next(rows, error)) > 0)
        overlap = overlaps(courier, rows_text(rows, 0), (int)rows_int(rows, 1), rows_int(rows, 2),
                           rows_int(rows, 3), low, high);
    if (overlap) {
        rows_close(rows);
        err_set(error, ERR_RANGE_OVERLAP, low, high);
    }
    return overlap || more < 0;
}

static const char *kind_or_first(const struct courier *courier, const char *kind, GError **error)
{
    if (!kind || !kind[0])
        return courier->kinds[0];
    if (strcmp(kind, "any") == 0 || g_strv_contains((const char *const *)courier->kinds, kind))
        return kind;
    err_set(error, ERR_RANGE_KIND, courier_label(courier), kind);
    return NULL;
}

static int64_t insert_range(struct site *site, const struct range_new *range, const char *kind,
                            enum number_source source, const struct courier *courier, GError **error)
{
    int64_t id = site_id(site);
    int64_t low_mark = range->low_mark < 0 ? courier->low_mark : range->low_mark;
    gboolean done =
        db_exec(site->db, &SQL[RANGE_INSERT],
                DB_ARGS(db_int(id), db_int(site->warehouse_id), db_int(site->owner_id),
                        db_text(courier->code), db_text(kind), db_text(number_source_name(source)),
                        db_text(range->prefix ? range->prefix : ""), db_int(range->width),
                        db_int(range->first), db_int(range->last), db_int(low_mark)),
                NULL, error);
    return done ? id : 0;
}

int64_t range_add(struct site *site, const struct range_new *range, GError **error)
{
    int64_t id = 0;
    const struct courier *courier = find_courier(site, range->courier, error);
    const char *kind = courier ? kind_or_first(courier, range->kind, error) : NULL;
    if (!kind)
        return 0;
    char *low = courier_make_number(courier, range->prefix, range->width, range->first, error);
    char *high = low ? courier_make_number(courier, range->prefix, range->width, range->last, error) : NULL;
    if (low && high && range->first > range->last)
        err_set(error, ERR_RANGE_OVERLAP, low, high);
    else if (high && !overlaps_any(site, courier, low, high, error))
        id = insert_range(site, range, kind, NUMBER_RANGE, courier, error);
    g_free(low);
    g_free(high);
    return id;
}

int64_t range_list(struct site *site, const char *courier_code, const char *kind, GError **error)
{
    int64_t id = 0;
    const struct courier *courier = find_courier(site, courier_code, error);
    const char *used = courier ? kind_or_first(courier, kind, error) : NULL;
    if (!used)
        return 0;
    int found = db_get_ints(
        site->db, &SQL[LIST_FIND],
        DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(courier_code), db_text(used)),
        &id, 1, error);
    if (found != 0)
        return found > 0 ? id : 0;
    const struct range_new list = {.low_mark = -1};
    return insert_range(site, &list, used, NUMBER_LIST, courier, error);
}

gboolean range_list_add(struct site *site, int64_t list_id, const char *number, gboolean *added,
                        GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[LIST_COURIER], DB_ARGS(db_int(list_id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return FALSE;
    const struct courier *courier = find_courier(site, rows_text(rows, 0), error);
    char *kind = g_strdup(rows_text(rows, 1));
    rows_close(rows);
    char *normal = courier ? courier_bare_number(courier, number) : NULL;
    int64_t id = 0;
    struct new_number row = {.kind = kind, .number = normal, .source = NUMBER_LIST, .range_id = list_id};
    gboolean good = courier && courier_check(courier, normal, error);
    if (good) {
        row.courier = courier->code;
        good = insert_number(site, &row, &id, error);
    }
    *added = id != 0;
    g_free(normal);
    g_free(kind);
    return good;
}

gboolean range_each(struct site *site, range_visit fn, void *data, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[RANGE_STATES], DB_ARGS(db_int(site->warehouse_id)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct range_state state = {.id = rows_int(rows, 0),
                                    .is_list = strcmp(rows_text(rows, 3), "list") == 0,
                                    .low_mark = rows_int(rows, 4),
                                    .left = rows_int(rows, 5)};
        ROWS_COPY(state.courier, rows, 1);
        ROWS_COPY(state.kind, rows, 2);
        fn(&state, data);
    }
    return more == 0;
}
