/* SPDX-License-Identifier: MIT */
#include "core/goods/stock.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum { MOVE_INSERT, TAKE, PUT, PLACES, LEVEL, FREE, HELD, FREE_NAMES };

#define KEY "warehouse_id = $1 AND owner_id = $2 AND product_id = $3 AND location_id = $4 AND lot_id = $5"

/* What of stock s can be promised on a day: it lies in a bin in use, has not expired, and the books are not doubted. */
#define LIES_FREE(day)                                                                                                 \
    "FROM stock s JOIN location l ON l.id = s.location_id LEFT JOIN lot ON lot.id = s.lot_id "                         \
    "WHERE s.warehouse_id = $1 AND s.owner_id = $2 AND s.on_hand > s.reserved AND l.kind = 'bin' AND l.active = 1 "     \
    "AND (lot.expires_on IS NULL OR lot.expires_on = 0 OR lot.expires_on >= " day ") "                                 \
    "AND NOT EXISTS (SELECT 1 FROM count_task c WHERE c.warehouse_id = s.warehouse_id "                                \
    "AND c.location_id = s.location_id AND c.product_id = s.product_id AND c.done_at IS NULL) "

static const struct sql SQL[] = {
    [MOVE_INSERT] = {"stock_move_insert",
                     "INSERT INTO stock_move (id, warehouse_id, owner_id, product_id, lot_id, quantity, from_id, to_id, "
                     "kind, reason, shipment_id, person_id, event_key, at) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
    [TAKE] = {"stock_take", "UPDATE stock SET on_hand = on_hand - $6, reserved = reserved - $7 WHERE " KEY
                            " AND on_hand - $6 >= reserved - $7 AND reserved >= $7"},
    [PUT] = {"stock_put",
             "INSERT INTO stock (warehouse_id, owner_id, product_id, location_id, lot_id, on_hand, reserved) VALUES "
             "($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (warehouse_id, owner_id, product_id, location_id, lot_id) DO "
             "UPDATE SET on_hand = stock.on_hand + excluded.on_hand, reserved = stock.reserved + excluded.reserved"},
    [PLACES] = {"stock_places",
                "SELECT s.location_id, s.lot_id, s.on_hand - s.reserved " LIES_FREE("$4") "AND s.product_id = $3 "
                "ORDER BY COALESCE(NULLIF(lot.expires_on, 0), 99991231), l.walk_order, l.id"},
    [LEVEL] = {"stock_level", "SELECT on_hand, reserved FROM stock WHERE " KEY},
    [FREE] = {"stock_free", "SELECT s.product_id, CAST(SUM(s.on_hand - s.reserved) AS BIGINT) " LIES_FREE("$3")
                            "GROUP BY s.product_id"},
    [HELD] = {"stock_held",
              "SELECT m.product_id, m.lot_id, m.location_id, CAST(SUM(m.quantity) AS BIGINT) FROM "
              "(SELECT product_id, lot_id, to_id AS location_id, quantity FROM stock_move WHERE shipment_id = $1 "
              "UNION ALL SELECT product_id, lot_id, from_id, -quantity FROM stock_move WHERE shipment_id = $1) m "
              "JOIN location l ON l.id = m.location_id WHERE l.kind IN ('tote', 'bench') GROUP BY m.product_id, "
              "m.lot_id, m.location_id HAVING SUM(m.quantity) > 0 ORDER BY m.location_id, m.product_id, m.lot_id"},
    [FREE_NAMES] = {"stock_free_names",
                    "SELECT p.sku, l.code, COALESCE((SELECT on_hand - reserved FROM stock WHERE " KEY
                    "), 0) FROM product p, location l WHERE p.id = $3 AND l.id = $4"},
};

#define PLACE_ARGS(site, product, place)                                                                               \
    db_int((site)->warehouse_id), db_int((site)->owner_id), db_int(product), db_int((place)->location_id),             \
        db_int((place)->lot_id)

static gboolean is_outside(const struct site *site, int64_t location_id)
{
    return location_id == site->supplier_id || location_id == site->customer_id || location_id == site->loss_id;
}

static void refuse_negative(struct site *site, int64_t product_id, const struct stock_place *place, GError **error)
{
    g_autoptr(rows) rows = db_query(site->db, &SQL[FREE_NAMES], DB_ARGS(PLACE_ARGS(site, product_id, place)), error);
    int found = rows_next(rows, error);
    if (found < 0)
        return;
    g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT, found ? rows_int(rows, 2) : 0);
    err_set(error, ERR_STOCK_NEGATIVE, found ? rows_text(rows, 0) : "?", found ? rows_text(rows, 1) : "?", left);
}

/* Takes pieces, and reservations, from a place that has so many; less than nothing is given back to it. */
static gboolean take(struct site *site, int64_t product_id, const struct stock_place *place, int64_t quantity,
                     int64_t reserved, GError **error)
{
    int64_t changed = 0;
    if (!db_exec(site->db, &SQL[TAKE], DB_ARGS(PLACE_ARGS(site, product_id, place), quantity, reserved), &changed,
                 error))
        return FALSE;
    if (changed != 1)
        refuse_negative(site, product_id, place, error);
    return changed == 1;
}

static gboolean take_move(struct site *site, const struct stock_move *move, GError **error)
{
    const struct stock_place from = {.location_id = move->from_id, .lot_id = move->lot_id};
    return is_outside(site, move->from_id) || take(site, move->product_id, &from, move->quantity,
                                                   move->was_reserved ? move->quantity : 0, error);
}

static gboolean put(struct site *site, const struct stock_move *move, GError **error)
{
    const struct stock_place to = {.location_id = move->to_id, .lot_id = move->lot_id};
    return is_outside(site, move->to_id) || db_exec(site->db, &SQL[PUT],
                                                    DB_ARGS(PLACE_ARGS(site, move->product_id, &to), move->quantity,
                                                            move->reserve_again ? move->quantity : 0),
                                                    NULL, error);
}

gboolean stock_move(struct site *site, const struct stock_move *move, GError **error)
{
    g_assert(move->quantity > 0 && move->from_id != move->to_id && db_advisory_locked(site->db, move->product_id));
    return take_move(site, move, error) && put(site, move, error) &&
           db_exec(site->db, &SQL[MOVE_INSERT],
                   DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, move->product_id, move->lot_id,
                           move->quantity, move->from_id, move->to_id, move->kind, move->reason ? move->reason : "",
                           db_ref(move->shipment_id), move->person_id, move->event_key, site_now(site)),
                   NULL, error);
}

static void read_place(struct rows *rows, void *data)
{
    *(struct stock_place *)data = (struct stock_place){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
}

GArray *stock_places(struct site *site, int64_t product_id, GError **error)
{
    int today = clock_civil_date(site->zone, site_now(site));
    return rows_list(
        db_query(site->db, &SQL[PLACES], DB_ARGS(site->warehouse_id, site->owner_id, product_id, today), error),
        sizeof(struct stock_place), read_place, error);
}

gboolean stock_level(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id,
                     struct stock_level *level, GError **error)
{
    const struct stock_place place = {.location_id = location_id, .lot_id = lot_id};
    int64_t numbers[2] = {0, 0};
    int found = db_get_ints(site->db, &SQL[LEVEL], DB_ARGS(PLACE_ARGS(site, product_id, &place)), numbers, 2, error);
    *level = (struct stock_level){numbers[0], numbers[1]};
    return found >= 0;
}

static void add_free(struct rows *rows, void *data)
{
    int64_t *pair = g_new(int64_t, 2);
    pair[0] = rows_int(rows, 0);
    pair[1] = rows_int(rows, 1);
    g_hash_table_insert(data, pair, pair + 1);
}

GHashTable *stock_free(struct site *site, GError **error)
{
    g_autoptr(GHashTable) free_of = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    int today = clock_civil_date(site->zone, site_now(site));
    struct rows *rows = db_query(site->db, &SQL[FREE], DB_ARGS(site->warehouse_id, site->owner_id, today), error);
    return rows_each(rows, add_free, free_of, error) ? g_steal_pointer(&free_of) : NULL;
}

gboolean stock_reserve(struct site *site, int64_t product_id, const struct stock_place *place, int64_t quantity,
                       GError **error)
{
    g_assert(db_advisory_locked(site->db, product_id));
    return take(site, product_id, place, 0, -quantity, error);
}

gboolean stock_unreserve(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id, int64_t quantity,
                         GError **error)
{
    const struct stock_place place = {.location_id = location_id, .lot_id = lot_id};
    g_assert(db_advisory_locked(site->db, product_id));
    return take(site, product_id, &place, 0, quantity, error);
}

static void read_held(struct rows *rows, void *data)
{
    *(struct stock_held *)data =
        (struct stock_held){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), rows_int(rows, 3)};
}

GArray *stock_held_for(struct site *site, int64_t shipment_id, GError **error)
{
    return rows_list(db_query(site->db, &SQL[HELD], DB_ARGS(shipment_id), error), sizeof(struct stock_held), read_held,
                     error);
}
