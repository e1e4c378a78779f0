/* SPDX-License-Identifier: MIT */
#include "core/goods/place.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/code/code.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { PUT, WALK, REMOVE, FIND, LIST };

#define PLACE(COLUMN, PARSED)                                                                                          \
    COLUMN("l.id, ", id)                                                                                               \
    COLUMN("l.kind, ", kind)                                                                                           \
    COLUMN("l.code, ", code)                                                                                           \
    COLUMN("l.walk_order, ", walk_order)                                                                               \
    COLUMN("l.active, ", active)                                                                                       \
    COLUMN("(SELECT COUNT(*) FROM stock k WHERE k.location_id = l.id AND k.on_hand > 0), ", products)                  \
    COLUMN("(SELECT CAST(COALESCE(SUM(k.on_hand), 0) AS BIGINT) FROM stock k WHERE k.location_id = l.id "              \
           "AND k.on_hand > 0), ", units)                                                                              \
    COLUMN("COALESCE((SELECT o.external_id FROM tote_use u JOIN shipment s ON s.id = u.shipment_id "                   \
           "JOIN sales_order o ON o.id = s.order_id WHERE u.tote_id = l.id), '')", order)

ROWS_READER(read_row, struct place_row, PLACE)

#define SELECTED "SELECT " COLUMNS_OF(PLACE) " FROM location l "

static const struct sql SQL[] = {
    [PUT] = {"place_put",
             "INSERT INTO location (id, warehouse_id, kind, code, walk_order) VALUES ($1, $2, $3, $4, $5) "
             "ON CONFLICT (warehouse_id, kind, code) DO NOTHING"},
    [WALK] = {"place_walk", "UPDATE location SET active = 1, walk_order = CASE WHEN CAST($4 AS BIGINT) < 0 THEN walk_order "
                            "ELSE $4 END WHERE warehouse_id = $1 AND kind = $2 AND code = $3"},
    [REMOVE] = {"place_remove",
                "UPDATE location SET active = 0 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM stock k "
                "WHERE k.location_id = $1 AND k.on_hand > 0) AND NOT EXISTS (SELECT 1 FROM tote_use u WHERE u.tote_id = $1) "
                "AND NOT EXISTS (SELECT 1 FROM pick_task t WHERE t.location_id = $1 AND t.open = 1)"},
    [FIND] = {"place_find", SELECTED "WHERE l.warehouse_id = $1 AND l.code = $2 "
                                     "AND l.kind IN ('bin', 'tote', 'bench') AND l.active = 1 "
                                     "ORDER BY CASE l.kind WHEN 'bin' THEN 0 ELSE 1 END, l.kind LIMIT 1"},
    [LIST] = {"place_list", SELECTED "WHERE l.warehouse_id = $1 AND l.active = 1 "
                                     "AND l.kind IN ('bin', 'tote', 'bench') AND (CAST($2 AS TEXT) = '' OR "
                                     "l.kind = $2) ORDER BY l.kind, l.walk_order, l.code"},
};

gboolean place_is_kind(const char *kind)
{
    return strcmp(kind, "bin") == 0 || strcmp(kind, "tote") == 0 || strcmp(kind, "bench") == 0;
}

gboolean place_code_fits(const char *code)
{
    enum { LONGEST = 40 };
    size_t length = strlen(code);
    return length > 0 && length <= LONGEST && !code_is_reserved(code) && clean_is(code) && !strpbrk(code, " \t");
}

gboolean place_put(struct site *site, const struct actor *by, const char *kind, const char *code, int64_t walk_order,
                   gboolean *added, GError **error)
{
    if (!place_is_kind(kind) || !place_code_fits(code))
        return err_set(error, ERR_PLACE_CODE, place_is_kind(kind) ? code : kind);
    const int64_t id = site_id(site);
    int64_t inserted = 0;
    const struct record record = {.event = "place-put", .subject_id = id, .detail = code, .said = SAID_LOCATION, .said_named = code};
    const struct record_statement statements[] = {
        {&SQL[PUT], DB_ARGS(id, site->warehouse_id, kind, code, MAX(walk_order, 0)), .changed = &inserted},
        {&SQL[WALK], DB_ARGS(site->warehouse_id, kind, code, walk_order), .none = ERR_NONE},
    };
    gboolean good = site_record_statements(site, by, &record, statements, G_N_ELEMENTS(statements), error);
    *added = inserted > 0;
    return good;
}

gboolean place_remove(struct site *site, const struct actor *by, const char *code, GError **error)
{
    struct place_row row;
    if (place_find(site, code, &row, error) <= 0)
        return FALSE;
    const struct record record = {.event = "place-remove", .subject_id = row.id, .detail = code, .said = SAID_LOCATION};
    const struct record_statement remove = {&SQL[REMOVE], DB_ARGS(row.id), .none = ERR_PLACE_IN_USE, .name = code};
    return site_record_statements(site, by, &record, &remove, 1, error);
}

int place_find(struct site *site, const char *code, struct place_row *row, GError **error)
{
    int found =
        rows_first(db_query(site->db, &SQL[FIND], DB_ARGS(site->warehouse_id, code), error), read_row, row, error);
    if (found == 0)
        err_set(error, ERR_PLACE_UNKNOWN, code);
    return found;
}

GArray *place_list(struct site *site, const char *kind, GError **error)
{
    return rows_list(db_query(site->db, &SQL[LIST], DB_ARGS(site->warehouse_id, kind ? kind : ""), error),
                     sizeof(struct place_row), read_row, error);
}
