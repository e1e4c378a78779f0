/* SPDX-License-Identifier: MIT */
#include "core/goods/place.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/code/code.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/site.h"

enum { PUT, WALK, REMOVE, FIND, LIST };

#define COLUMNS                                                                                                        \
    "SELECT l.id, l.kind, l.code, l.walk_order, l.active, "                                                            \
    "(SELECT COUNT(*) FROM stock k WHERE k.location_id = l.id AND k.on_hand > 0), "                                    \
    "(SELECT CAST(COALESCE(SUM(k.on_hand), 0) AS BIGINT) FROM stock k WHERE k.location_id = l.id AND k.on_hand > 0), " \
    "COALESCE((SELECT o.external_id FROM tote_use u JOIN shipment s ON s.id = u.shipment_id "                          \
    "JOIN sales_order o ON o.id = s.order_id WHERE u.tote_id = l.id), '') FROM location l "

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
    [FIND] = {"place_find", COLUMNS "WHERE l.warehouse_id = $1 AND l.code = $2 AND l.kind IN ('bin', 'tote', 'bench') "
                                    "AND l.active = 1 ORDER BY CASE l.kind WHEN 'bin' THEN 0 ELSE 1 END, l.kind LIMIT 1"},
    [LIST] = {"place_list", COLUMNS "WHERE l.warehouse_id = $1 AND l.active = 1 AND l.kind IN ('bin', 'tote', 'bench') "
                                    "AND (CAST($2 AS TEXT) = '' OR l.kind = $2) ORDER BY l.kind, l.walk_order, l.code"},
};

struct change {
    struct site *site;
    const struct actor *by;
    const char *kind, *code;
    int64_t id, walk_order, inserted, changed;
    const char *event;
    struct journal journal;
};

static gboolean note(struct change *change, GError **error)
{
    struct site *site = change->site;
    struct journal_row row = {.at = site_now(site),
                              .event_key = site_id(site),
                              .event = change->event,
                              .machine = "",
                              .subject_id = change->id,
                              .from_state = "",
                              .to_state = "",
                              .actor = *change->by,
                              .detail = change->code};
    journal_begin(&change->journal, site);
    return journal_append(&change->journal, &row, error) && journal_commit(&change->journal, error);
}

static gboolean put_work(struct db *db, void *data, GError **error)
{
    struct change *change = data;
    struct site *site = change->site;
    change->id = site_id(site);
    return db_exec(db, &SQL[PUT],
                   DB_ARGS(db_int(change->id), db_int(site->warehouse_id), db_text(change->kind), db_text(change->code),
                           db_int(MAX(change->walk_order, 0))),
                   &change->inserted, error) &&
           db_exec(db, &SQL[WALK],
                   DB_ARGS(db_int(site->warehouse_id), db_text(change->kind), db_text(change->code),
                           db_int(change->walk_order)),
                   &change->changed, error) &&
           note(change, error);
}

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
    struct change change = {.site = site, .by = by, .kind = kind, .code = code, .walk_order = walk_order,
                            .event = "place-put"};
    if (!place_is_kind(kind) || !place_code_fits(code)) {
        err_set(error, ERR_PLACE_CODE, place_is_kind(kind) ? code : kind);
        return FALSE;
    }
    if (!db_transaction(site->db, put_work, &change, error))
        return FALSE;
    journal_done(&change.journal);
    *added = change.inserted > 0;
    return TRUE;
}

static gboolean remove_work(struct db *db, void *data, GError **error)
{
    struct change *change = data;
    if (!db_exec(db, &SQL[REMOVE], DB_ARGS(db_int(change->id)), &change->changed, error))
        return FALSE;
    if (change->changed == 0) {
        err_set(error, ERR_PLACE_IN_USE, change->code);
        return FALSE;
    }
    return note(change, error);
}

gboolean place_remove(struct site *site, const struct actor *by, const char *code, GError **error)
{
    struct place_row row;
    struct change change = {.site = site, .by = by, .code = code, .event = "place-remove"};
    if (place_find(site, code, &row, error) <= 0)
        return FALSE;
    change.id = row.id;
    if (!db_transaction(site->db, remove_work, &change, error))
        return FALSE;
    journal_done(&change.journal);
    return TRUE;
}

static void read_row(struct rows *rows, void *data)
{
    struct place_row *row = data;
    *row = (struct place_row){.id = rows_int(rows, 0), .walk_order = rows_int(rows, 3), .active = rows_int(rows, 4) != 0,
                              .products = rows_int(rows, 5), .units = rows_int(rows, 6)};
    ROWS_COPY(row->kind, rows, 1);
    ROWS_COPY(row->code, rows, 2);
    ROWS_COPY(row->order, rows, 7);
}

int place_find(struct site *site, const char *code, struct place_row *row, GError **error)
{
    int found = rows_first(db_query(site->db, &SQL[FIND], DB_ARGS(db_int(site->warehouse_id), db_text(code)), error),
                           read_row, row, error);
    if (found == 0)
        err_set(error, ERR_PLACE_UNKNOWN, code);
    return found;
}

GArray *place_list(struct site *site, const char *kind, GError **error)
{
    return rows_list(
        db_query(site->db, &SQL[LIST], DB_ARGS(db_int(site->warehouse_id), db_text(kind ? kind : "")), error),
        sizeof(struct place_row), read_row, error);
}
