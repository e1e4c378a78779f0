/* SPDX-License-Identifier: MIT */
#include "core/apply/load.h"

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/site/site.h"

/* --- statements ------------------------------------------------------------------------------------------- */

/* Of which ids a statement's $1 is the list. */
enum ids { ORDERS, SHIPMENTS, BATCHES, JOBS, MANIFESTS, RUNS, SUBMISSIONS, WAYBILLS, PRODUCTS, TOTES, PLACES, PEOPLE, STATIONS, IDS_COUNT };

#define OF_SHIPMENTS "WHERE r.shipment_id {in:$1} "
#define OF_ID "WHERE r.id {in:$1} "
#define LINES_OF "SELECT l.product_id FROM shipment_line l WHERE l.shipment_id {in:$1}"
#define PRODUCTS_WANTED "r.product_id {among:" LINES_OF "} "

#define JOB_NOTES                                                                                                      \
    "COALESCE(w.number, b.number, m.number, ''), CASE WHEN x.state = 'cancelled' THEN 1 ELSE 0 END"
#define JOBS_FROM                                                                                                      \
    "job r LEFT JOIN waybill w ON w.id = r.waybill_id LEFT JOIN batch b ON b.id = r.batch_id "                         \
    "LEFT JOIN manifest m ON m.id = r.manifest_id LEFT JOIN print_run x ON x.id = r.run_id "
#define SHIPMENT_FROM "shipment r JOIN sales_order o ON o.id = r.order_id "
#define SHIPMENT_NOTES                                                                                                 \
    "o.external_id, o.waybill_number, COALESCE((SELECT x.name FROM person x WHERE x.id = r.person_id), ''), "          \
    "COALESCE((SELECT x.number FROM batch x WHERE x.id = r.batch_id), '')"
#define WAYBILL_NOTES "COALESCE(p.shipment_id, 0), COALESCE(o.external_id, '')"
#define WAYBILL_FROM                                                                                                   \
    "waybill r LEFT JOIN parcel p ON p.id = r.parcel_id LEFT JOIN shipment s ON s.id = p.shipment_id "                 \
    "LEFT JOIN sales_order o ON o.id = s.order_id "
/* What lies in places that a shipment's goods come from and go to: not in other shipments' totes. */
#define TOTES_OF "SELECT u.tote_id FROM tote_use u WHERE u.shipment_id {in:$1}"
#define STOCK_OF_OWNER "r.warehouse_id = $2 AND r.owner_id = $3 AND "
#define STOCK_FROM                                                                                                     \
    "stock r JOIN location l ON l.id = r.location_id WHERE " STOCK_OF_OWNER "r.on_hand > 0 "                           \
    "AND (l.kind <> 'tote' OR l.id {in:$4} OR l.id {among:" TOTES_OF "}) AND "
/* Where something of the goods lies, and where the shipments' pick lines say it does. */
#define WHERE_THEY_LIE(column)                                                                                         \
    "WHERE r.id {among:SELECT k." column " FROM stock k WHERE k.warehouse_id = $2 AND k.owner_id = $3 AND k.on_hand > 0 "  \
    "AND k.product_id {among:" LINES_OF "} UNION ALL SELECT t." column " FROM pick_task t WHERE t.shipment_id {in:$1}}"
#define COUNTS_FROM "count_task r WHERE r.warehouse_id = $2 AND r.done_at IS NULL AND "

#define WANTED_FROM                                                                                                    \
    "SELECT ol.order_id, ol.id, COALESCE(lp.product_id, 0), ol.quantity * COALESCE(lp.quantity, 0), "                  \
    "CASE WHEN li.mapped_at IS NULL THEN 0 ELSE 1 END FROM order_line ol JOIN listing li ON li.id = ol.listing_id "    \
    "LEFT JOIN listing_part lp ON lp.listing_id = ol.listing_id "
#define IS_WANTED "AND ol.kind = 'goods' AND ol.cancelled_at IS NULL ORDER BY ol.line_no, lp.product_id"

/* One row a statement: the part it belongs to, whose ids it wants, the table its rows go into. */
static const struct loader {
    unsigned part;
    enum ids ids;
    enum table_id table;
    size_t args; /* $1 the list of ids, $2 the warehouse, $3 the owner, $4 the list of totes, or, of own stock, the bench: so many */
    struct sql sql;
} LOADERS[] = {
    {NEED_ACTORS, PEOPLE, TABLE_PERSON, 1,
     {"load_people", ROWS(PERSON_COLUMNS, "0", "person r ") OF_ID "AND r.active = 1"}},
    {NEED_JOB, JOBS, TABLE_SHIPMENT, 1,
     {"load_shipments_of_jobs", ROWS(SHIPMENT_COLUMNS, SHIPMENT_NOTES, SHIPMENT_FROM)
      "WHERE r.id {among:SELECT j.shipment_id FROM job j WHERE j.id {in:$1}}"}},
    {NEED_JOB, JOBS, TABLE_JOB, 1, {"load_jobs", ROWS(JOB_COLUMNS, JOB_NOTES, JOBS_FROM) OF_ID}},
    {NEED_JOB, JOBS, TABLE_WAYBILL, 1,
     {"load_waybills_of_jobs", ROWS(WAYBILL_COLUMNS, WAYBILL_NOTES, WAYBILL_FROM)
      "WHERE r.id {among:SELECT j.waybill_id FROM job j WHERE j.id {in:$1}}"}},
    {NEED_MEMBERS, BATCHES, TABLE_SHIPMENT, 1,
     {"load_members", ROWS(SHIPMENT_COLUMNS, SHIPMENT_NOTES, SHIPMENT_FROM)
      "WHERE r.batch_id {in:$1} AND r.state IN ('batched', 'picking', 'picked') ORDER BY r.id"}},
    {NEED_SHIPMENT, SHIPMENTS, TABLE_SHIPMENT, 1,
     {"load_shipments", ROWS(SHIPMENT_COLUMNS, SHIPMENT_NOTES, SHIPMENT_FROM) OF_ID}},
    {NEED_SHIPMENT, SHIPMENTS, TABLE_BLOCK, 1,
     {"load_blocks", ROWS(BLOCK_COLUMNS, "0", "block r ") OF_SHIPMENTS "AND r.cleared_at IS NULL"}},
    {NEED_LINES, SHIPMENTS, TABLE_LINE, 1,
     {"load_lines", ROWS(LINE_COLUMNS, "p.sku, p.has_lots", "shipment_line r JOIN product p ON p.id = r.product_id ")
      OF_SHIPMENTS "ORDER BY r.id"}},
    {NEED_TASKS, SHIPMENTS, TABLE_TASK, 1,
     {"load_tasks", ROWS(TASK_COLUMNS, "0", "pick_task r ") OF_SHIPMENTS "ORDER BY r.id"}},
    {NEED_TOTES, SHIPMENTS, TABLE_TOTE_USE, 1,
     {"load_tote_uses", ROWS(TOTE_USE_COLUMNS, "l.code, o.external_id", "tote_use r JOIN location l ON l.id = r.tote_id "
      "JOIN shipment s ON s.id = r.shipment_id JOIN sales_order o ON o.id = s.order_id ") OF_SHIPMENTS}},
    {NEED_TOTES, TOTES, TABLE_TOTE_USE, 1,
     {"load_users_of_totes", ROWS(TOTE_USE_COLUMNS, "l.code, o.external_id", "tote_use r JOIN location l "
      "ON l.id = r.tote_id JOIN shipment s ON s.id = r.shipment_id JOIN sales_order o ON o.id = s.order_id ")
      "WHERE r.tote_id {in:$1}"}},
    {NEED_TOTES | NEED_STOCK, TOTES, TABLE_LOCATION, 1, {"load_totes", ROWS(LOCATION_COLUMNS, "0", "location r ") OF_ID}},
    {NEED_PARCELS, SHIPMENTS, TABLE_PARCEL, 1,
     {"load_parcels", ROWS(PARCEL_COLUMNS, "0", "parcel r ") OF_SHIPMENTS "ORDER BY r.id"}},
    {NEED_PARCELS, SHIPMENTS, TABLE_CONTENT, 1,
     {"load_contents", ROWS(CONTENT_COLUMNS, "0", "parcel p JOIN parcel_line r ON r.parcel_id = p.id ")
      "WHERE p.shipment_id {in:$1} ORDER BY r.line_id, r.lot_id"}},
    {NEED_PARCELS, SHIPMENTS, TABLE_WAYBILL, 1,
     {"load_waybills", ROWS(WAYBILL_COLUMNS, "p.shipment_id, o.external_id", "parcel p JOIN waybill r "
      "ON r.parcel_id = p.id JOIN shipment s ON s.id = p.shipment_id JOIN sales_order o ON o.id = s.order_id ")
      "WHERE p.shipment_id {in:$1} ORDER BY r.id"}},
    {NEED_JOBS, SHIPMENTS, TABLE_JOB, 1,
     {"load_jobs_of_shipments", ROWS(JOB_COLUMNS, JOB_NOTES, JOBS_FROM) OF_SHIPMENTS "ORDER BY r.id"}},
    {NEED_RECIPIENT, SHIPMENTS, TABLE_RECIPIENT, 1,
     {"load_recipients", ROWS(ADDRESSEE_COLUMNS, "0", "recipient r ")
      "WHERE r.id {among:SELECT s.recipient_id FROM shipment s WHERE s.id {in:$1}}"}},
    {NEED_HELD, SHIPMENTS, TABLE_HELD, 1,
     {"load_held", "SELECT m.shipment_id, m.product_id, m.lot_id, m.location_id, CAST(SUM(m.quantity) AS BIGINT) FROM "
      "(SELECT shipment_id, product_id, lot_id, to_id AS location_id, quantity FROM stock_move "
      "WHERE shipment_id {in:$1} UNION ALL SELECT shipment_id, product_id, lot_id, from_id, -quantity "
      "FROM stock_move WHERE shipment_id {in:$1}) m JOIN location l ON l.id = m.location_id "
      "WHERE l.kind IN ('tote', 'bench') GROUP BY m.shipment_id, m.product_id, m.lot_id, m.location_id "
      "HAVING SUM(m.quantity) > 0 ORDER BY m.location_id, m.product_id, m.lot_id"}},
    {NEED_WANTED, SHIPMENTS, TABLE_WANTED, 1,
     {"load_wanted", WANTED_FROM "WHERE ol.order_id {among:SELECT s.order_id "
      "FROM shipment s WHERE s.id {in:$1}} " IS_WANTED}},
    {NEED_WANTED, ORDERS, TABLE_WANTED, 1,
     {"load_wanted_of_orders", WANTED_FROM "WHERE ol.order_id {in:$1} " IS_WANTED}},
    {NEED_WAYBILL, WAYBILLS, TABLE_WAYBILL, 1,
     {"load_waybill", ROWS(WAYBILL_COLUMNS, WAYBILL_NOTES, WAYBILL_FROM) OF_ID}},
    {NEED_HANDOVER, MANIFESTS, TABLE_MANIFEST, 1,
     {"load_handovers", ROWS(MANIFEST_COLUMNS, "0", "manifest r ") OF_ID "{share_lock}"}},
    {NEED_MANIFEST, MANIFESTS, TABLE_MANIFEST, 1,
     {"load_manifests", ROWS(MANIFEST_COLUMNS, "0", "manifest r ") OF_ID}},
    {NEED_RUN, RUNS, TABLE_RUN, 1, {"load_runs", ROWS(RUN_COLUMNS, "0", "print_run r ") OF_ID}},
    {NEED_SUBMISSION, SUBMISSIONS, TABLE_SUBMISSION, 1,
     {"load_submissions", ROWS(SUBMISSION_COLUMNS, "0", "submission r ") OF_ID}},
    {NEED_SUBMISSION, SUBMISSIONS, TABLE_ROLL, 1,
     {"load_rolls", ROWS(ROLL_COLUMNS, "0", "printer r ") "WHERE r.labels_left IS NOT NULL AND r.id "
      "{among:SELECT x.printer_id FROM submission x WHERE x.id {in:$1}}"}},
    {NEED_PRODUCT, PRODUCTS, TABLE_PRODUCT, 1,
     {"load_products", ROWS(PRODUCT_COLUMNS, "0", "product r ") OF_ID}},
    {NEED_STOCK, SHIPMENTS, TABLE_STOCK, 4, /* a place that has none, and a row that says so, gets its sums all the same */
     {"load_stock", ROWS(STOCK_COLUMNS, "0", STOCK_FROM) PRODUCTS_WANTED}},
    {NEED_STOCK, SHIPMENTS, TABLE_LOCATION, 3, /* of some more than the stock: a join less to plan wrongly */
     {"load_places", ROWS(LOCATION_COLUMNS, "0", "location r ") WHERE_THEY_LIE("location_id")}},
    {NEED_STOCK, SHIPMENTS, TABLE_LOT, 3,
     {"load_lots", ROWS(LOT_COLUMNS, "0", "lot r ") WHERE_THEY_LIE("lot_id")}},
    {NEED_OWN_STOCK, SHIPMENTS, TABLE_STOCK, 4,
     {"load_own_stock", ROWS(STOCK_COLUMNS, "0", "stock r WHERE ") STOCK_OF_OWNER
      "r.location_id {among:" TOTES_OF " UNION ALL SELECT CAST($4 AS BIGINT)} AND "
      PRODUCTS_WANTED}},
    {NEED_OWN_STOCK, SHIPMENTS, TABLE_LOCATION, 2,
     {"load_own_places", ROWS(LOCATION_COLUMNS, "0", "location r ") "WHERE r.id {among:" TOTES_OF " UNION ALL "
      "SELECT b.id FROM location b WHERE b.warehouse_id = $2 AND b.kind = 'bench'}"}},
    {NEED_STOCK | NEED_OWN_STOCK, SHIPMENTS, TABLE_PRODUCT, 1,
     {"load_products_of", ROWS(PRODUCT_COLUMNS, "0", "product r ") "WHERE r.id {among:" LINES_OF "}"}},
    {NEED_STOCK, SHIPMENTS, TABLE_COUNT_TASK, 2,
     {"load_counts", ROWS(COUNT_TASK_COLUMNS, "0", COUNTS_FROM) PRODUCTS_WANTED}},
    {NEED_PRODUCT, PRODUCTS, TABLE_STOCK, 3,
     {"load_stock_of_products", ROWS(STOCK_COLUMNS, "0", "stock r WHERE r.warehouse_id = $2 AND r.owner_id = $3 AND ")
      "r.product_id {in:$1}"}},
    {NEED_PRODUCT, PRODUCTS, TABLE_LOCATION, 3,
     {"load_places_of_products", ROWS(LOCATION_COLUMNS, "0", "location r ") "WHERE r.id {among:SELECT r.location_id FROM stock r "
      "WHERE r.warehouse_id = $2 AND r.owner_id = $3 AND r.product_id {in:$1}}"}},
    {NEED_PRODUCT, PLACES, TABLE_LOCATION, 1,
     {"load_places_of_events", ROWS(LOCATION_COLUMNS, "0", "location r ") OF_ID}},
    {NEED_PRODUCT, PRODUCTS, TABLE_COUNT_TASK, 2,
     {"load_counts_of_products", ROWS(COUNT_TASK_COLUMNS, "0", COUNTS_FROM) "r.product_id {in:$1}"}},
    {NEED_PRINTERS, STATIONS, TABLE_STATION, 1,
     {"load_stations", ROWS(STATION_COLUMNS, "0", "station r ") OF_ID}},
};

enum { BATCHES_LOAD, RANGES_OF_COURIERS, PRINTERS_LOAD, COUNTERS_LOAD, OPEN_MANIFESTS, RANGES, LIST_NUMBERS, NUMBERS, LAST_ACT, FACTS };

static const struct sql SQL[] = {
    [FACTS] = {"load_facts", "SELECT " FACTS_OF("$1")},
    /* What members that stand in no dossier here have left to walk for: counted, not loaded. */
    [BATCHES_LOAD] = {"load_batches",
                      ROWS(BATCH_COLUMNS,
                           "(SELECT COUNT(*) FROM shipment s WHERE s.batch_id = r.id AND NOT s.id {in:$2} AND "
                           LEFT_TO_PICK("s") "), (SELECT COALESCE(MAX(s.slot), 0) FROM shipment s WHERE s.batch_id = r.id), "
                           "COALESCE(p.name, '')",
                           "batch r LEFT JOIN person p ON p.id = r.person_id ")
                      "WHERE r.id {among:SELECT x.id FROM batch x WHERE x.id {in:$1} UNION "
                      "SELECT s.batch_id FROM shipment s WHERE s.id {in:$2}}"},
    [PRINTERS_LOAD] = {"load_printers", ROWS(PRINTER_COLUMNS, "0", "printer r ") "WHERE r.warehouse_id = $1"},
    [COUNTERS_LOAD] = {"load_counters",
                       ROWS(COUNTER_COLUMNS, "0", "counter r ") "WHERE r.warehouse_id = $1 AND r.name <> 'facts' "
                       "ORDER BY r.name {row_lock}"},
    [OPEN_MANIFESTS] = {"load_open_manifests",
                        ROWS(MANIFEST_COLUMNS, "0", "manifest r ") "WHERE r.warehouse_id = $1 AND r.state = 'open'"},
    [RANGES] = {"load_ranges", ROWS(RANGE_COLUMNS, "0", "waybill_range r ")
                "WHERE r.warehouse_id = $1 AND r.owner_id = $2 AND r.active = 1 AND r.courier IN (SELECT s.courier FROM "
                "shipment s WHERE s.id {in:$3}) ORDER BY r.courier, r.id {row_lock}"},
    [RANGES_OF_COURIERS] = {"load_ranges_of_couriers", ROWS(RANGE_COLUMNS, "0", "waybill_range r ")
                            "WHERE r.warehouse_id = $1 AND r.owner_id = $2 AND r.active = 1 AND r.courier {texts:$3} "
                            "ORDER BY r.courier, r.id {row_lock}"},
    [LIST_NUMBERS] = {"load_list_numbers", ROWS(WAYBILL_COLUMNS, "0, ''", "waybill r ")
                      "WHERE r.range_id = $1 AND r.state = 'free' ORDER BY r.id LIMIT $2 {skip_locked}"},
    /* By their numbers: a planner that knows no better would go through all of the courier's. */
    [NUMBERS] = {"load_numbers", ROWS(WAYBILL_COLUMNS, WAYBILL_NOTES, WAYBILL_FROM)
                 "WHERE COALESCE(r.courier, '') = $1 AND r.number {texts:$2}"},
    [LAST_ACT] = {"decision_last_act",
                  "SELECT j.to_state, j.at, COALESCE(p.name, ''), COALESCE(st.name, '') FROM journal j "
                  "LEFT JOIN person p ON p.id = j.person_id LEFT JOIN station st ON st.id = j.station_id "
                  "WHERE j.shipment_id = $1 AND j.version <= $2 AND j.code = 0 AND j.machine = 'shipment' "
                  "AND j.to_state <> '' ORDER BY j.version DESC, j.sequence DESC LIMIT 1"},
};

/* --- rows ------------------------------------------------------------------------------------------------- */

struct loading {
    struct dossier *dossier;
    struct site *site;
    const struct event *events;
    size_t n;
    gboolean no_look; /* NEED_NO_LOOK */
    char *ids[IDS_COUNT]; /* "[1,2,3]"; NULL: none */
    int64_t only[IDS_COUNT]; /* the one of a list of one; else 0 */
};

static void read_column(struct dossier *dossier, struct rows *rows, int n, const struct column *column, struct row *row)
{
    void *to = column_at(column, row);
    if (column->kind == COLUMN_STATE)
        *(enum state *)to = flow_state_parse(rows_text(rows, n));
    else if (column->kind == COLUMN_TEXT || column->kind == COLUMN_WORDS)
        *(const char **)to = dossier_text(dossier, rows_text(rows, n));
    else
        *(int64_t *)to = rows_int(rows, n);
}

void dossier_read(struct dossier *dossier, struct rows *rows, enum table_id id, gboolean besides)
{
    const struct table *table = table_of(id);
    int64_t parent = table->parent < 0 ? 0 : rows_int(rows, table->parent);
    struct row *row = row_load(dossier, id, table->columns[0].kind == COLUMN_INT ? rows_int(rows, 0) : 0, parent);
    for (size_t i = 0; row && i < table->count && (besides || table->columns[i].number); i++)
        read_column(dossier, rows, (int)i, &table->columns[i], row);
}

static gboolean load_rows(struct loading *loading, struct rows *rows, enum table_id table, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0)
        dossier_read(loading->dossier, rows, table, TRUE);
    return more == 0;
}

/* --- lists of ids ----------------------------------------------------------------------------------------- */

static void list_add(GString **list, int64_t id)
{
    if (id == 0)
        return;
    if (!*list)
        *list = g_string_new("[");
    g_string_append_printf(*list, "%s%" G_GINT64_FORMAT, (*list)->len > 1 ? "," : "", id);
}

static void list_events(struct loading *loading, GString **lists)
{
    for (size_t i = 0; i < loading->n; i++) {
        const struct event *ev = &loading->events[i];
        list_add(&lists[SHIPMENTS], flow_event_machine(ev->kind) == MACHINE_SHIPMENT ? ev->shipment_id : 0);
        for (guint k = 0; ev->members && k < ev->members->len; k++)
            list_add(&lists[SHIPMENTS], g_array_index(ev->members, int64_t, k));
        list_add(&lists[ORDERS], ev->order_id);
        list_add(&lists[BATCHES], flow_makes(ev->kind) ? 0 : ev->batch_id);
        list_add(&lists[JOBS], ev->job_id);
        list_add(&lists[MANIFESTS], ev->manifest_id);
        list_add(&lists[RUNS], ev->run_id);
        list_add(&lists[SUBMISSIONS], ev->submission_id);
        list_add(&lists[WAYBILLS], ev->waybill_id);
        list_add(&lists[PRODUCTS], ev->product_id);
        list_add(&lists[TOTES], ev->tote_id);
        list_add(&lists[PLACES], ev->from_id);
        list_add(&lists[PEOPLE], ev->actor.person_id);
        list_add(&lists[PEOPLE], ev->actor.approver_id);
        list_add(&lists[STATIONS], ev->actor.station_id);
    }
}

static void close_lists(struct loading *loading, GString **lists)
{
    for (int i = 0; i < IDS_COUNT; i++) {
        g_free(loading->ids[i]);
        loading->only[i] = lists[i] && !strchr(lists[i]->str, ',') ? g_ascii_strtoll(lists[i]->str + 1, NULL, 10) : 0;
        loading->ids[i] = lists[i] ? g_string_free(g_string_append_c(lists[i], ']'), FALSE) : NULL;
    }
}

static void make_lists(struct loading *loading)
{
    GString *lists[IDS_COUNT] = {NULL};
    list_events(loading, lists);
    close_lists(loading, lists);
}

/* With the shipments that are here by now. */
static void widen_lists(struct loading *loading)
{
    GString *lists[IDS_COUNT] = {NULL};
    list_events(loading, lists);
    for (EACH_ROW(shipment, ship, loading->dossier, 0))
        list_add(&lists[SHIPMENTS], ship->id);
    close_lists(loading, lists);
}

/* --- parts ------------------------------------------------------------------------------------------------ */

/* NULL without *error: there are no such ids. */
static struct rows *ask(struct loading *loading, const struct loader *loader, GError **error)
{
    const struct site *site = loading->site;
    const char *ids = loading->ids[loader->ids], *totes = loading->ids[TOTES];
    if (!ids)
        return NULL;
    gboolean own = loader->part == NEED_OWN_STOCK;
    if (loading->only[loader->ids] && (own || !totes || loading->only[TOTES])) {
        const struct db_value one[] = {db_int(loading->only[loader->ids]), db_int(site->warehouse_id), db_int(site->owner_id),
                                       db_int(own ? site->bench_id : loading->only[TOTES])};
        return db_ask_one(site->db, &loader->sql, one, loader->args, error);
    }
    const struct db_value args[] = {db_text(ids), db_int(site->warehouse_id), db_int(site->owner_id),
                                    own ? db_int(site->bench_id) : db_text(totes ? totes : "[]")};
    return db_ask(site->db, &loader->sql, args, loader->args, error);
}

static void read_facts(struct rows *rows, void *data)
{
    dossier_set_facts(data, rows_int(rows, 0));
}

/* Those that events name; a shipment's is here when it is locked besides (read_batches()). */
static struct rows *ask_batches(const struct loading *loading, GError **error)
{
    const char *batches = loading->ids[BATCHES], *ships = loading->ids[SHIPMENTS];
    if (!batches && !ships)
        return NULL;
    return db_ask(loading->site->db, &SQL[BATCHES_LOAD], DB_ARGS(batches ? batches : "[]", ships ? ships : "[]"), error);
}

static gboolean is_named(const struct loading *loading, int64_t batch_id)
{
    gboolean named = FALSE;
    for (size_t i = 0; !named && i < loading->n; i++)
        named = loading->events[i].batch_id == batch_id && !flow_makes(loading->events[i].kind);
    return named;
}

/* Of a batch that nobody has locked the rules know nothing: the event is neither the first nor the last to pick of it. */
static gboolean read_batches(struct loading *loading, struct rows *rows, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0)
        if (is_named(loading, rows_int(rows, 0)) || db_advisory_locked(loading->site->db, rows_int(rows, 0)))
            dossier_read(loading->dossier, rows, TABLE_BATCH, TRUE);
    return more == 0;
}

/* The couriers of the shipments that are here by now; NULL: none is. */
static char *couriers_here(const struct loading *loading)
{
    GString *list = NULL;
    for (EACH_ROW(shipment, ship, loading->dossier, 0)) {
        g_autofree char *item = g_strdup_printf("\"%s\"", ship->courier);
        if (strpbrk(ship->courier, "\"\\") || (list && strstr(list->str, item)))
            continue;
        list = list ? g_string_append_c(list, ',') : g_string_new("[");
        g_string_append(list, item);
    }
    return list ? g_string_free(g_string_append_c(list, ']'), FALSE) : NULL;
}

/* They are held to the end of the transaction, and so come last. */
static struct rows *ask_ranges(const struct loading *loading, GError **error)
{
    const struct site *site = loading->site;
    const char *ships = loading->ids[SHIPMENTS];
    g_autofree char *couriers = couriers_here(loading);
    if (!couriers && !ships)
        return NULL;
    return db_ask(site->db, &SQL[couriers ? RANGES_OF_COURIERS : RANGES],
                  DB_ARGS(site->warehouse_id, site->owner_id, couriers ? couriers : ships), error);
}

/* What is the house's, and asked whatever the ids are: the part, the statement, the table. Counters last: who has them
 * waits for nobody. */
static const struct {
    unsigned part;
    int statement;
    enum table_id table;
} OF_HOUSE[] = {
    {NEED_PRINTERS, PRINTERS_LOAD, TABLE_PRINTER},
    {NEED_MANIFEST, OPEN_MANIFESTS, TABLE_MANIFEST},
    {NEED_COUNTER, COUNTERS_LOAD, TABLE_COUNTER},
};

/* What travels together. */
struct asked {
    struct rows *facts, *batches, *of_house[G_N_ELEMENTS(OF_HOUSE)], *rows[G_N_ELEMENTS(LOADERS)], *ranges;
};

static void ask_parts(struct loading *loading, unsigned parts, struct asked *asked, GError **error)
{
    const struct site *site = loading->site;
    gboolean first = !(dossier_parts(loading->dossier) & NEED_ACTORS);
    parts |= first ? NEED_ACTORS : 0;
    asked->facts = first ? db_ask(site->db, &SQL[FACTS], DB_ARGS(site->warehouse_id), error) : NULL;
    for (size_t i = 0; !*error && i < G_N_ELEMENTS(LOADERS); i++)
        if (LOADERS[i].part & parts)
            asked->rows[i] = ask(loading, &LOADERS[i], error);
    if (!*error && parts & NEED_BATCH)
        asked->batches = ask_batches(loading, error);
    for (size_t i = 0; !*error && i < G_N_ELEMENTS(OF_HOUSE); i++)
        if (OF_HOUSE[i].part & parts)
            asked->of_house[i] = db_ask(site->db, &SQL[OF_HOUSE[i].statement], DB_ARGS(site->warehouse_id), error);
    if (!*error && parts & NEED_NUMBERS)
        asked->ranges = ask_ranges(loading, error);
}

static gboolean read_parts(struct loading *loading, const struct asked *asked, GError **error)
{
    gboolean done = !asked->facts || rows_first(asked->facts, read_facts, loading->dossier, error) >= 0;
    for (size_t i = 0; done && i < G_N_ELEMENTS(LOADERS); i++)
        done = !asked->rows[i] || load_rows(loading, asked->rows[i], LOADERS[i].table, error);
    done = done && (!asked->batches || read_batches(loading, asked->batches, error));
    for (size_t i = 0; done && i < G_N_ELEMENTS(OF_HOUSE); i++)
        done = !asked->of_house[i] || load_rows(loading, asked->of_house[i], OF_HOUSE[i].table, error);
    return done && (!asked->ranges || load_rows(loading, asked->ranges, TABLE_RANGE, error));
}

/* All are asked before the first is read. */
static gboolean load_parts(struct loading *loading, unsigned parts, GError **error)
{
    struct asked asked = {.facts = NULL};
    GError *failure = NULL;
    ask_parts(loading, parts, &asked, &failure);
    if (!failure)
        read_parts(loading, &asked, &failure);
    dossier_add_parts(loading->dossier, parts | NEED_ACTORS);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

/* --- numbers ---------------------------------------------------------------------------------------------- */

static void add_number(GString *numbers, const char *number)
{
    if (strpbrk(number, "\"\\")) /* no courier's has any; and no row has it */
        return;
    g_string_append_printf(numbers, "%s\"%s\"", numbers->len > 1 ? "," : "", number);
}

/* Those that come next: as many as there are events, and some more; twice as far each time, for many may have been used.
 * One that can't be made is refused to whom it comes to. */
static void add_next_numbers(struct loading *loading, const struct courier *courier, GString *numbers)
{
    enum { SPARE = 4 };
    for (EACH_ROW(number_range, range, loading->dossier, 0)) {
        if (strcmp(range->courier, courier->code) != 0 || strcmp(range->source, number_source_name(NUMBER_RANGE)) != 0)
            continue;
        struct number_range *looked = (struct number_range *)(uintptr_t)range;
        int64_t from = MAX(range->next, range->looked_to);
        looked->looked_to = from + MAX((int64_t)loading->n + SPARE, from - range->next);
        for (int64_t serial = from; !loading->no_look && serial < looked->looked_to && serial <= range->last; serial++) {
            g_autofree char *number = courier_make_number(courier, range->prefix, (int)range->width, serial, NULL);
            if (number)
                add_number(numbers, number);
        }
    }
}

static gboolean load_lists(struct loading *loading, const struct courier *courier, GError **error)
{
    for (EACH_ROW(number_range, range, loading->dossier, 0)) {
        if (strcmp(range->courier, courier->code) != 0 || strcmp(range->source, number_source_name(NUMBER_LIST)) != 0)
            continue;
        struct rows *rows = db_claim(loading->site->db, &SQL[LIST_NUMBERS], DB_ARGS(range->id, (int64_t)loading->n), error);
        if (!load_rows(loading, rows, TABLE_WAYBILL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean load_numbers_of(struct loading *loading, const struct courier *courier, GError **error)
{
    struct site *site = loading->site;
    g_autoptr(GString) numbers = g_string_new("[");
    if (!load_lists(loading, courier, error))
        return FALSE;
    add_next_numbers(loading, courier, numbers);
    for (EACH_ROW(shipment, ship, loading->dossier, 0)) {
        g_autofree char *number = courier_bare_number(courier, ship->order_number);
        if (number[0] && strcmp(ship->courier, courier->code) == 0)
            add_number(numbers, number);
    }
    g_string_append_c(numbers, ']');
    return numbers->len == 2 || load_rows(loading, db_query(site->db, &SQL[NUMBERS],
                                                            DB_ARGS(courier->code, numbers->str), error),
                                          TABLE_WAYBILL, error);
}

/* Of the ranges, which are here and held to the end of the transaction. */
static gboolean load_numbers(struct loading *loading, GError **error)
{
    const struct courier_list *couriers = loading->site->couriers;
    gboolean done = TRUE;
    for (guint i = 0; done && i < couriers_count(couriers); i++) { /* by code: everybody's order */
        const struct courier *courier = couriers_at(couriers, i);
        gboolean wanted = FALSE;
        for (EACH_ROW(shipment, ship, loading->dossier, 0))
            wanted = wanted || strcmp(ship->courier, courier->code) == 0;
        done = !wanted || load_numbers_of(loading, courier, error);
    }
    return done;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static gboolean load_all(struct loading *loading, unsigned parts, GError **error)
{
    enum { WIDENING = NEED_JOB | NEED_MEMBERS };
    gboolean widens = (parts & WIDENING) != 0 && !(loading->n == 1 && loading->events[0].members);
    make_lists(loading);
    if (widens && !load_parts(loading, parts & WIDENING, error))
        return FALSE;
    if (widens)
        widen_lists(loading);
    return load_parts(loading, widens ? parts & ~(unsigned)WIDENING : parts, error) &&
           (!(parts & NEED_NUMBERS) || load_numbers(loading, error));
}

struct house house_of(struct site *site)
{
    return (struct house){.supplier_id = site->supplier_id, .customer_id = site->customer_id, .loss_id = site->loss_id,
                          .bench_id = site->bench_id, .zone = site->zone, .couriers = site->couriers,
                          .settings = site->settings};
}

gboolean dossier_load(struct dossier *dossier, struct site *site, const struct event *events, size_t n, unsigned parts,
                      GError **error)
{
    struct loading loading = {.dossier = dossier, .site = site, .events = events, .n = n,
                              .no_look = (parts & NEED_NO_LOOK) != 0};
    gboolean done = load_all(&loading, parts, error);
    for (int i = 0; i < IDS_COUNT; i++)
        g_free(loading.ids[i]);
    dossier_add_parts(dossier, parts);
    return done;
}

char *dossier_last_act(struct site *site, const struct shipment *ship)
{
    struct rows *rows = db_query(site->db, &SQL[LAST_ACT], DB_ARGS(ship->id, ship->version), NULL);
    if (!rows || rows_next(rows, NULL) <= 0)
        return g_strdup("");
    g_autofree char *when = clock_format(site->zone, rows_int(rows, 1), "%H:%M");
    /* TRANSLATORS: what was done, at what time, by whom, at which station: "packed 14:03 by Lin, bench 3" */
    char *act = g_strdup_printf(_("%s %s by %s%s%s"), flow_state_label(flow_state_parse(rows_text(rows, 0))), when,
                                rows_text(rows, 2), rows_text(rows, 3)[0] ? ", " : "", rows_text(rows, 3));
    rows_close(rows);
    return act;
}
