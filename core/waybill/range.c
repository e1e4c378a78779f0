/* SPDX-License-Identifier: MIT */
#include "core/waybill/range.h"

#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/said.h"
#include "core/site/site.h"
#include "core/waybill/number.h"

enum { INSERT, OF_COURIER, LIST_FIND, LIST_COURIER, STATES };

#define OVERLAP_COLUMNS(COLUMN, PARSED)                                                                                \
    COLUMN("prefix, ", prefix)                                                                                         \
    COLUMN("width, ", width)                                                                                           \
    COLUMN("first, ", first)                                                                                           \
    COLUMN("last", last)

/* A list is counted so far only, so that the cost has a bound. */
#define LEFT                                                                                                           \
    "CASE WHEN r.source = 'list' THEN (SELECT COUNT(*) FROM (SELECT w.id FROM waybill w WHERE w.range_id = r.id "      \
    "AND w.state = 'free' LIMIT 10000) AS free) ELSE r.last - r.next + 1 END"

#define STATE_COLUMNS(COLUMN, PARSED)                                                                                  \
    COLUMN("r.courier, ", courier)                                                                                     \
    COLUMN("r.kind, ", kind)                                                                                           \
    COLUMN("MAX(r.low_mark), ", low_mark)                                                                              \
    COLUMN("CAST(SUM(" LEFT ") AS BIGINT)", left)

static const struct sql SQL[] = {
    [INSERT] = {"range_insert",
                "INSERT INTO waybill_range (id, warehouse_id, owner_id, courier, kind, source, prefix, width, first, "
                "last, next, low_mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11)"},
    [OF_COURIER] = {"range_of_courier", "SELECT " COLUMNS_OF(OVERLAP_COLUMNS) " FROM waybill_range WHERE courier = $1 "
                                        "AND source = 'range' ORDER BY id"},
    [LIST_FIND] = {"list_find", "SELECT id FROM waybill_range WHERE warehouse_id = $1 AND owner_id = $2 "
                                "AND courier = $3 AND kind = $4 AND source = 'list' ORDER BY id LIMIT 1"},
    [LIST_COURIER] = {"list_courier", "SELECT courier, kind FROM waybill_range WHERE id = $1"},
    [STATES] = {"range_states", "SELECT " COLUMNS_OF(STATE_COLUMNS) " FROM waybill_range r WHERE r.warehouse_id = $1 "
                                "AND r.active = 1 GROUP BY r.courier, r.kind ORDER BY r.courier, r.kind"},
};

ROWS_READER(read_range, struct range_new, OVERLAP_COLUMNS)
ROWS_READER(read_state, struct range_state, STATE_COLUMNS)

/* First and last number of two ranges as text: equally long numbers of one courier are ordered as text. Check
 * characters stand behind the serial and so never decide. */
static gboolean overlaps(const struct courier *courier, const struct range_new *other, const char *low,
                         const char *high)
{
    g_autofree char *from = courier_make_number(courier, other->prefix, other->width, other->first, NULL);
    g_autofree char *to = courier_make_number(courier, other->prefix, other->width, other->last, NULL);
    return from && to && strcmp(from, high) <= 0 && strcmp(low, to) <= 0;
}

static gboolean overlaps_any(struct site *site, const struct courier *courier, const char *low,
                             const char *high, GError **error)
{
    gboolean overlap = FALSE;
    struct rows *rows = db_query(site->db, &SQL[OF_COURIER], DB_ARGS(courier->code), error);
    int more = -1;
    while (!overlap && (more = rows_next(rows, error)) > 0) {
        struct range_new other;
        read_range(rows, &other);
        overlap = overlaps(courier, &other, low, high);
    }
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
        db_exec(site->db, &SQL[INSERT],
                DB_ARGS(id, site->warehouse_id, site->owner_id, courier->code, kind, number_source_name(source),
                        range->prefix ? range->prefix : "", range->width, range->first, range->last, low_mark),
                NULL, error);
    said_note(site, SAID_RANGE, id);
    return done ? id : 0;
}

int64_t range_add(struct site *site, const struct range_new *range, GError **error)
{
    int64_t id = 0;
    const struct courier *courier = number_courier(site, range->courier, error);
    const char *kind = courier ? kind_or_first(courier, range->kind, error) : NULL;
    if (!kind)
        return 0;
    g_autofree char *low = courier_make_number(courier, range->prefix, range->width, range->first, error);
    g_autofree char *high = low ? courier_make_number(courier, range->prefix, range->width, range->last, error) : NULL;
    if (low && high && range->first > range->last)
        err_set(error, ERR_RANGE_OVERLAP, low, high);
    else if (high && !overlaps_any(site, courier, low, high, error))
        id = insert_range(site, range, kind, NUMBER_RANGE, courier, error);
    return id;
}

int64_t range_list(struct site *site, const char *courier_code, const char *kind, GError **error)
{
    int64_t id = 0;
    const struct courier *courier = number_courier(site, courier_code, error);
    const char *used = courier ? kind_or_first(courier, kind, error) : NULL;
    if (!used)
        return 0;
    int found = db_get_ints(site->db, &SQL[LIST_FIND], DB_ARGS(site->warehouse_id, site->owner_id, courier_code, used),
                            &id, 1, error);
    if (found != 0)
        return found > 0 ? id : 0;
    const struct range_new list = {.low_mark = -1};
    return insert_range(site, &list, used, NUMBER_LIST, courier, error);
}

gboolean range_list_add(struct site *site, int64_t list_id, const char *number, gboolean *added, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[LIST_COURIER], DB_ARGS(list_id), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return FALSE;
    const struct courier *courier = number_courier(site, rows_text(rows, 0), error);
    g_autofree char *kind = g_strdup(rows_text(rows, 1));
    rows_close(rows);
    if (!courier)
        return FALSE;
    g_autofree char *normal = courier_bare_number(courier, number);
    const struct new_number row = {
        .courier = courier->code, .kind = kind, .number = normal, .list_id = list_id};
    *added = FALSE;
    return courier_check(courier, normal, error) && number_insert(site, &row, added, error);
}

GArray *ranges_load(struct site *site, GError **error)
{
    return rows_list(db_query(site->db, &SQL[STATES], DB_ARGS(site->warehouse_id), error), sizeof(struct range_state),
                     read_state, error);
}
