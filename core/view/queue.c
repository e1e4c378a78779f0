/* SPDX-License-Identifier: MIT */
#include "core/view/queue.h"

#include <string.h>

#include "core/db/rows.h"
#include "core/site/site.h"

#define OPEN_SET "s.warehouse_id = $1 AND " SHIPMENT_IS_OPEN("s")

/* A line is done when the step it waits for has all of it. */
#define ROW(COLUMN, PARSED)                                                                                            \
    COLUMN("s.id, ", shipment_id)                                                                                      \
    COLUMN("s.version, ", version)                                                                                     \
    COLUMN("s.cut_off_at, ", cut_off_at)                                                                               \
    COLUMN("s.lines, ", lines)                                                                                         \
    COLUMN("s.units, ", units)                                                                                         \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("sh.code, ", shop)                                                                                          \
    COLUMN("s.courier, ", courier)                                                                                     \
    COLUMN("COALESCE(b.number, ''), ", batch)                                                                          \
    COLUMN("COALESCE(p.name, ''), ", person)                                                                           \
    PARSED("s.state, ", state, flow_state_parse)                                                                       \
    COLUMN("CAST((SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id AND l.state <> 'cancelled' AND "     \
           "CASE WHEN s.state IN ('batched', 'picking', 'ready') THEN l.picked ELSE l.packed END >= l.quantity) "      \
           "AS BIGINT), ", lines_done)                                                                                 \
    COLUMN(BLOCK_BITS ", ", blocks)                                                                                    \
    COLUMN("CAST((SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id AND l.state = 'open') AS BIGINT)",   \
           lines_short)

ROWS_READER(read_row, struct queue_row, ROW)

#define ROWS_WHERE                                                                                                     \
    "SELECT " COLUMNS_OF(ROW) " FROM shipment s JOIN sales_order o ON o.id = s.order_id "                              \
    "JOIN shop sh ON sh.id = o.shop_id LEFT JOIN batch b ON b.id = s.batch_id "                                        \
    "LEFT JOIN person p ON p.id = s.person_id WHERE "

/* What a search finds. $4 the folded text, $5 it as a LIKE pattern, $6 the text as it is. */
#define FOUND                                                                                                          \
    "s.id {among:SELECT s2.id FROM shipment s2 JOIN sales_order o2 ON o2.id = s2.order_id "                            \
    "JOIN recipient r2 ON r2.id = s2.recipient_id WHERE s2.warehouse_id = $1 AND " SHIPMENT_IS_OPEN("s2")              \
    " AND (lower(o2.external_id) LIKE $5 ESCAPE '!' OR lower(r2.name) LIKE $5 ESCAPE '!' "                             \
    "OR (r2.phone_tail <> '' AND r2.phone_tail = $6) OR lower(s2.courier) = $4) "                                      \
    "UNION SELECT s3.id FROM sales_order o3 JOIN shipment s3 ON s3.order_id = o3.id WHERE o3.external_id = $6 "        \
    "UNION SELECT p4.shipment_id FROM waybill w4 JOIN parcel p4 ON p4.id = w4.parcel_id WHERE w4.number = $6 "         \
    "UNION SELECT l5.shipment_id FROM product d5 JOIN shipment_line l5 ON l5.product_id = d5.id "                      \
    "JOIN shipment s5 ON s5.id = l5.shipment_id WHERE d5.sku IN ($6, upper(CAST($6 AS TEXT))) "                        \
    "AND l5.state IN ('open', 'reserved', 'picked') AND " SHIPMENT_IS_OPEN("s5") " "                                   \
    "UNION SELECT s6.id FROM batch b6 JOIN shipment s6 ON s6.batch_id = b6.id WHERE b6.number = $6}"

#define LATE OPEN_SET " AND s.cut_off_at > 0 AND s.cut_off_at < $4 AND s.state <> 'labelled'"
#define BLOCKED                                                                                                        \
    OPEN_SET " AND s.id IN (SELECT k2.shipment_id FROM block k2 WHERE k2.kind = $4 AND k2.cleared_at IS NULL)"

#define KEY "(" DUE("s") ", s.id)"
#define LIMITS "(CAST($2 AS BIGINT), CAST($3 AS BIGINT))"

enum { SHAPE_ALL, SHAPE_FOUND, SHAPE_LATE, SHAPE_BLOCKED, SHAPES };
enum { PART_AT, PART_BEFORE, PART_COUNT_BEFORE, PART_COUNT_AT, PARTS };

#define COUNT_WHERE "SELECT COUNT(*) FROM shipment s WHERE "
#define SHAPE(name, where)                                                                                             \
    {                                                                                                                  \
        [PART_AT] = {"queue_" name "_at",                                                                              \
                     ROWS_WHERE where " AND " KEY " >= " LIMITS " ORDER BY " DUE("s") ", s.id LIMIT 200"},             \
        [PART_BEFORE] = {"queue_" name "_before",                                                                      \
                         ROWS_WHERE where " AND " KEY " < " LIMITS " ORDER BY " DUE("s") " DESC, s.id DESC LIMIT 200"},\
        [PART_COUNT_BEFORE] = {"queue_" name "_count_before", COUNT_WHERE where " AND " KEY " < " LIMITS},             \
        [PART_COUNT_AT] = {"queue_" name "_count_at", COUNT_WHERE where " AND " KEY " >= " LIMITS},                    \
    }

static const struct sql SQL[SHAPES][PARTS] = {
    [SHAPE_ALL] = SHAPE("all", OPEN_SET),
    [SHAPE_FOUND] = SHAPE("found", FOUND),
    [SHAPE_LATE] = SHAPE("late", LATE),
    [SHAPE_BLOCKED] = SHAPE("blocked", BLOCKED),
};

enum { COUNT_STATES, COUNT_LATE, COUNT_BLOCKED };

static const struct sql COUNTS[] = {
    [COUNT_STATES] = {"queue_count_states",
                      "SELECT s.state, COUNT(*) FROM shipment s WHERE " OPEN_SET " GROUP BY s.state"},
    [COUNT_LATE] = {"queue_count_late", "SELECT COUNT(*) FROM shipment s WHERE " OPEN_SET
                                        " AND s.cut_off_at > 0 AND s.cut_off_at < $2 AND s.state <> 'labelled'"},
    [COUNT_BLOCKED] = {"queue_count_blocked", "SELECT COUNT(*) FROM block k JOIN shipment s ON s.id = k.shipment_id "
                                              "WHERE k.kind = $2 AND k.cleared_at IS NULL AND " OPEN_SET},
};

/* --- the question --------------------------------------------------------------------------------------- */

enum { ARGS_MAX = 6 };

struct shape {
    int which;
    struct db_value args[ARGS_MAX]; /* [1] and [2] are the key */
    size_t count;
    char *folded, *pattern; /* owned, NULL without a search */
};

static void shape_clear(struct shape *shape)
{
    g_free(shape->folded);
    g_free(shape->pattern);
}

static void set_key(struct shape *shape, int64_t cut_off_at, int64_t shipment_id)
{
    shape->args[1] = db_int(cut_off_at ? cut_off_at : NO_CUT_OFF);
    shape->args[2] = db_int(shipment_id);
}

static void shape_of(struct site *site, const struct queue_question *question, struct shape *shape)
{
    const char *search = question->search;
    *shape = (struct shape){.which = SHAPE_ALL, .count = 3};
    shape->args[0] = db_int(site->warehouse_id);
    if (question->only == QUEUE_LATE) {
        shape->which = SHAPE_LATE;
        shape->args[shape->count++] = db_int(site_now(site));
    } else if (question->only == QUEUE_BLOCKED) {
        shape->which = SHAPE_BLOCKED;
        shape->args[shape->count++] = db_text(flow_block_name(question->block));
    } else if (search[0]) {
        shape->which = SHAPE_FOUND;
        shape->folded = g_ascii_strdown(search, -1);
        shape->pattern = db_pattern(search);
        shape->args[shape->count++] = db_text(shape->folded);
        shape->args[shape->count++] = db_text(shape->pattern);
        shape->args[shape->count++] = db_text(search);
    }
}

/* --- reading -------------------------------------------------------------------------------------------- */

static gboolean read_part(struct db *db, const struct shape *shape, int part, GArray *list, GError **error)
{
    return rows_append(db_query(db, &SQL[shape->which][part], shape->args, shape->count, error), list, read_row, error);
}

static void reverse(GArray *list)
{
    for (guint i = 0; i + 1 < list->len - i; i++) {
        struct queue_row *a = &g_array_index(list, struct queue_row, i);
        struct queue_row *b = &g_array_index(list, struct queue_row, list->len - 1 - i);
        struct queue_row swap = *a;
        *a = *b;
        *b = swap;
    }
}

static gboolean count_around(struct db *db, struct shape *shape, const GArray *list, struct queue_view *view,
                             GError **error)
{
    int64_t after = 0;
    if (list->len > 0) {
        const struct queue_row *first = &g_array_index(list, struct queue_row, 0);
        set_key(shape, first->cut_off_at, first->shipment_id);
    } else {
        shape->args[1] = shape->args[2] = db_int(0);
    }
    const struct sql *parts = SQL[shape->which];
    if (db_get_ints(db, &parts[PART_COUNT_BEFORE], shape->args, shape->count, &view->before, 1, error) < 0 ||
        db_get_ints(db, &parts[PART_COUNT_AT], shape->args, shape->count, &after, 1, error) < 0)
        return FALSE;
    view->total = view->before + after;
    return TRUE;
}

static gboolean read_window(struct site *site, const struct queue_question *question, struct queue_view *view,
                            GError **error)
{
    struct shape shape;
    shape_of(site, question, &shape);
    shape.args[1] = shape.args[2] = db_int(0);
    gboolean backward = question->from == QUEUE_BEFORE || question->from == QUEUE_END;
    if (question->from == QUEUE_END)
        shape.args[1] = db_int(NO_CUT_OFF + 1);
    else if (question->from != QUEUE_START)
        set_key(&shape, question->cut_off_at, question->shipment_id);
    GArray *list = g_array_new(FALSE, TRUE, sizeof(struct queue_row));
    gboolean done = read_part(site->db, &shape, backward ? PART_BEFORE : PART_AT, list, error);
    if (done && backward && list->len > 0)
        reverse(list);
    done = done && count_around(site->db, &shape, list, view, error);
    shape_clear(&shape);
    view->count = (int)list->len;
    view->rows = (struct queue_row *)(void *)g_array_free(list, FALSE);
    return done;
}

static gboolean count_blocked(struct site *site, const char *kind, int64_t *count, GError **error)
{
    return db_get_ints(site->db, &COUNTS[COUNT_BLOCKED], DB_ARGS(site->warehouse_id, kind), count, 1, error) >= 0;
}

static void read_state_count(struct rows *rows, void *data)
{
    struct queue_counts *counts = data;
    counts->by_state[flow_state_parse(rows_text(rows, 0))] = rows_int(rows, 1);
    counts->total += rows_int(rows, 1);
}

static gboolean read_counts(struct site *site, struct queue_counts *counts, GError **error)
{
    struct rows *states = db_query(site->db, &COUNTS[COUNT_STATES], DB_ARGS(site->warehouse_id), error);
    if (!rows_each(states, read_state_count, counts, error) ||
        db_get_ints(site->db, &COUNTS[COUNT_LATE], DB_ARGS(site->warehouse_id, site_now(site)), &counts->late, 1,
                    error) < 0)
        return FALSE;
    return count_blocked(site, "held", &counts->held, error) && count_blocked(site, "short", &counts->shorts, error);
}

struct queue_view *queue_view_load(struct site *site, const struct queue_question *question, GError **error)
{
    g_autoptr(queue_view) view = g_new0(struct queue_view, 1);
    gboolean done = read_window(site, question, view, error) && read_counts(site, &view->counts, error);
    return done ? g_steal_pointer(&view) : NULL;
}

void queue_view_free(struct queue_view *view)
{
    g_free(view->rows);
    g_free(view);
}
