/* SPDX-License-Identifier: MIT */
#include "core/waybill/take.h"

#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/site.h"
#include "core/waybill/number.h"

enum { RANGE_NEXT, RANGE_LEFT, ADOPT, LIST_NEXT, FIND };

/* The serial a range gives, and how its number is put together. */
struct serial {
    int64_t range_id, serial;
    const char *prefix;
    int width;
};

#define SERIAL_COLUMNS(COLUMN, PARSED)                                                                                 \
    COLUMN("id, ", range_id)                                                                                           \
    COLUMN("next - 1, ", serial)                                                                                       \
    COLUMN("prefix, ", prefix)                                                                                         \
    COLUMN("width", width)

/* Where numbers of a courier and kind are looked for. */
#define OF_KIND "warehouse_id = $1 AND owner_id = $2 AND courier = $3 AND kind IN ($4, 'any') AND active = 1 "

static const struct sql SQL[] = {
    /* next <= last stands twice: PostgreSQL judges the second one again when it had to wait for the row. */
    [RANGE_NEXT] = {"range_next", "UPDATE waybill_range SET next = next + 1 WHERE id = (SELECT id FROM waybill_range "
                                  "WHERE " OF_KIND "AND source = 'range' AND next <= last ORDER BY id LIMIT 1) "
                                  "AND next <= last RETURNING " COLUMNS_OF(SERIAL_COLUMNS)},
    [RANGE_LEFT] = {"range_any_left", "SELECT COUNT(*) FROM waybill_range WHERE " OF_KIND
                                      "AND source = 'range' AND next <= last"},
    [ADOPT] = {"waybill_adopt", "UPDATE waybill SET range_id = $3, serial = $4 WHERE courier = $1 AND number = $2 "
                                "AND range_id IS NULL AND state <> 'free'"},
    [LIST_NEXT] = {"list_next",
                   "SELECT w.id FROM waybill w WHERE w.state = 'free' AND w.range_id = (SELECT r.id "
                   "FROM waybill_range r WHERE " OF_KIND "AND source = 'list' AND EXISTS (SELECT 1 FROM waybill f WHERE f.range_id = r.id "
                   "AND f.state = 'free') ORDER BY CASE WHEN r.kind = 'any' THEN 1 ELSE 0 END, r.id LIMIT 1) "
                   "ORDER BY w.id LIMIT 1 {skip_locked}"},
    [FIND] = {"waybill_number_find",
              "SELECT w.id, CASE WHEN w.state = 'free' AND w.parcel_id IS NULL AND w.range_id IS NULL THEN 1 "
              "ELSE 0 END, COALESCE(p.shipment_id, 0) FROM waybill w LEFT JOIN parcel p ON p.id = w.parcel_id "
              "WHERE w.courier = $1 AND w.number = $2"},
};

ROWS_READER(read_serial, struct serial, SERIAL_COLUMNS)

/* A number that is being looked for. */
struct taking {
    struct site *site;
    const struct courier *courier;
    const struct waybill_want *want;
    const char *kind;
};

/* "cod" where the courier keeps them apart. */
static const char *kind_of(const struct courier *courier, gboolean cod)
{
    if (cod && g_strv_contains((const char *const *)courier->kinds, "cod"))
        return "cod";
    return courier->kinds[0];
}

#define KIND_ARGS(taking)                                                                                              \
    DB_ARGS((taking)->site->warehouse_id, (taking)->site->owner_id, (taking)->courier->code, db_text((taking)->kind))

static gboolean none_left(const struct taking *taking, GError **error)
{
    return err_set(error, ERR_WAYBILL_NONE, courier_label(taking->courier), number_kind_label(taking->kind));
}

/* --- of a range ----------------------------------------------------------------------------------------- */

/* A number of ours that an order had brought before its range came to it: its row is the serial's one fate, and the
 * range goes on behind it. One that stands in a list, or waits for its own order, is refused. */
static gboolean adopt(struct site *site, const struct new_number *row, GError **error)
{
    int64_t changed = 0;
    if (!db_exec(site->db, &SQL[ADOPT], DB_ARGS(row->courier, row->number, row->range_id, row->serial), &changed,
                 error))
        return FALSE;
    if (changed != 1)
        err_set(error, ERR_WAYBILL_TWICE, row->number);
    return changed == 1;
}

/* The serial a range was moved over becomes a row at once. 1 taken, 0 none: no range gave one, or the number was used
 * already, -1 failed. */
static int range_step(const struct taking *taking, int64_t *id, GError **error)
{
    struct site *site = taking->site;
    struct serial serial;
    struct rows *rows = db_query(site->db, &SQL[RANGE_NEXT], KIND_ARGS(taking), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found;
    read_serial(rows, &serial);
    g_autofree char *number = courier_make_number(taking->courier, serial.prefix, serial.width, serial.serial, error);
    rows_close(rows);
    if (!number)
        return -1;
    const struct new_number row = {.courier = taking->courier->code,
                                   .service = taking->want->service,
                                   .kind = taking->kind,
                                   .number = number,
                                   .source = NUMBER_RANGE,
                                   .range_id = serial.range_id,
                                   .serial = serial.serial};
    if (!number_insert(site, &row, id, error) || (!*id && !adopt(site, &row, error)))
        return -1;
    return *id != 0;
}

/* A range may end while its row is waited for; another may have numbers yet. */
static gboolean take_range(const struct taking *taking, int64_t *id, GError **error)
{
    for (;;) {
        int64_t left = 0;
        int taken = range_step(taking, id, error);
        if (taken != 0)
            return taken > 0;
        if (db_get_ints(taking->site->db, &SQL[RANGE_LEFT], KIND_ARGS(taking), &left, 1, error) < 0)
            return FALSE;
        if (left == 0)
            return none_left(taking, error);
    }
}

/* --- of a list, of the order ---------------------------------------------------------------------------- */

static gboolean take_list(const struct taking *taking, int64_t *id, GError **error)
{
    struct rows *rows = db_claim(taking->site->db, &SQL[LIST_NEXT], KIND_ARGS(taking), error);
    int found = rows_next(rows, error);
    if (found > 0) {
        *id = rows_int(rows, 0);
        rows_close(rows);
    }
    return found == 0 ? none_left(taking, error) : found > 0;
}

/* It comes with the order, and has not come. */
static gboolean take_none(const struct taking *taking, int64_t *id, GError **error)
{
    (void)id;
    return err_set(error, ERR_WAYBILL_PENDING, taking->want->order ? taking->want->order : "?");
}

/* Where a courier's numbers come from. */
static const struct source {
    gboolean (*take)(const struct taking *taking, int64_t *id, GError **error);
    gboolean ours; /* the next one stands in for an order's number that was used up */
} SOURCES[] = {
    [NUMBER_RANGE] = {take_range, TRUE},    [NUMBER_LIST] = {take_list, TRUE},     [NUMBER_ORDER] = {take_none, FALSE},
    [NUMBER_EXTERNAL] = {take_none, FALSE}, [NUMBER_PENDING] = {take_none, FALSE},
};

/* A number that came with the order. It may have been taken for this parcel before and be free again. 1 taken, 0 the
 * shipment has used it up and the courier has numbers of ours: one of those is next; -1 failed. */
static int take_given(const struct taking *taking, const char *number, int64_t *id, GError **error)
{
    const struct courier *courier = taking->courier;
    const struct waybill_want *want = taking->want;
    int64_t found[3] = {0, 0, 0}; /* its row, whether it is free, whose it was */
    const struct new_number row = {.courier = courier->code,
                                   .service = want->service,
                                   .kind = taking->kind,
                                   .number = number,
                                   .source = courier->source == NUMBER_EXTERNAL ? NUMBER_EXTERNAL : NUMBER_ORDER};
    if (!courier_check(courier, number, error) || !number_insert(taking->site, &row, id, error))
        return -1;
    if (*id)
        return 1;
    if (db_get_ints(taking->site->db, &SQL[FIND], DB_ARGS(courier->code, number), found, 3, error) < 0)
        return -1;
    *id = found[0];
    if (found[1])
        return 1;
    if (want->shipment_id && found[2] == want->shipment_id && SOURCES[courier->source].ours)
        return 0;
    err_set(error, ERR_WAYBILL_TWICE, number);
    return -1;
}

gboolean waybill_take(struct site *site, const struct waybill_want *want, int64_t *id, GError **error)
{
    const struct courier *courier = number_courier(site, want->courier, error);
    if (!courier)
        return FALSE;
    const struct taking taking = {site, courier, want, kind_of(courier, want->cod)};
    if (want->number && want->number[0]) {
        g_autofree char *number = courier_bare_number(courier, want->number);
        int taken = take_given(&taking, number, id, error);
        if (taken != 0)
            return taken > 0;
    }
    return SOURCES[courier->source].take(&taking, id, error);
}
