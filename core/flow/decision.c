/* SPDX-License-Identifier: MIT */
#include "core/flow/decision.h"

#include "core/base/clean.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/flow/transition.h"

enum { SHIPMENT_LOAD, BLOCKS_OPEN, LAST_ACT, LINE_LOAD, LINES_LOAD, SUMS, ROLE_OF };

#define SHIPMENT(COLUMN, PARSED)                                                                                       \
    COLUMN("s.id, ", id)                                                                                               \
    COLUMN("s.version, ", version)                                                                                     \
    COLUMN("s.order_id, ", order_id)                                                                                   \
    COLUMN("s.recipient_id, ", recipient_id)                                                                           \
    COLUMN("COALESCE(s.batch_id, 0), ", batch_id)                                                                      \
    COLUMN("s.cod_minor, ", cod_minor)                                                                                 \
    COLUMN("s.cut_off_at, ", cut_off_at)                                                                               \
    PARSED("s.state, ", state, flow_state_parse)                                                                       \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("s.courier, ", courier)                                                                                     \
    COLUMN("s.service", service)

#define LINE(COLUMN, PARSED)                                                                                           \
    COLUMN("l.id, ", id)                                                                                               \
    COLUMN("l.product_id, ", product_id)                                                                               \
    COLUMN("l.quantity, ", quantity)                                                                                   \
    COLUMN("l.picked, ", picked)                                                                                       \
    COLUMN("l.packed, ", packed)                                                                                       \
    PARSED("l.state, ", state, flow_state_parse)                                                                       \
    COLUMN("p.has_lots, ", has_lots)                                                                                   \
    COLUMN("p.sku", sku)

#define LINES                                                                                                          \
    "SELECT " COLUMNS_OF(LINE) " FROM shipment_line l JOIN product p ON p.id = l.product_id WHERE l.shipment_id = $1 "

static const struct sql SQL[] = {
    [SHIPMENT_LOAD] = {"decision_shipment", "SELECT " COLUMNS_OF(SHIPMENT) " FROM shipment s "
                                            "JOIN sales_order o ON o.id = s.order_id WHERE s.id = $1"},
    [BLOCKS_OPEN] = {"decision_blocks", "SELECT kind FROM block WHERE shipment_id = $1 AND cleared_at IS NULL"},
    [LAST_ACT] = {"decision_last_act",
                  "SELECT j.to_state, j.at, COALESCE(p.name, ''), COALESCE(st.name, '') FROM journal j "
                  "LEFT JOIN person p ON p.id = j.person_id LEFT JOIN station st ON st.id = j.station_id "
                  "WHERE j.shipment_id = $1 AND j.version <= $2 AND j.code = 0 AND j.machine = 'shipment' "
                  "AND j.to_state <> '' ORDER BY j.version DESC, j.sequence DESC LIMIT 1"},
    [LINE_LOAD] = {"decision_line", LINES "AND l.id = $2"},
    [LINES_LOAD] = {"decision_lines", LINES "ORDER BY l.product_id, l.id"},
    [SUMS] = {"decision_sums",
              "SELECT l.live, l.picked, l.packed, l.touched, p.holding, p.packed, p.labelled, p.out FROM "
              "(SELECT COUNT(*) FILTER (WHERE state <> 'cancelled') AS live, "
              "COUNT(*) FILTER (WHERE state IN ('picked', 'packed')) AS picked, "
              "COUNT(*) FILTER (WHERE state = 'packed') AS packed, "
              "COUNT(*) FILTER (WHERE state <> 'cancelled' AND packed > 0) AS touched "
              "FROM shipment_line WHERE shipment_id = $1) l, "
              "(SELECT COUNT(*) FILTER (WHERE c.state = 'open' AND EXISTS "
              "(SELECT 1 FROM parcel_line pl WHERE pl.parcel_id = c.id AND pl.quantity > 0)) AS holding, "
              "COUNT(*) FILTER (WHERE c.state = 'packed') AS packed, "
              "COUNT(*) FILTER (WHERE c.state = 'labelled') AS labelled, "
              "COUNT(*) FILTER (WHERE c.state = 'out') AS out FROM parcel c WHERE c.shipment_id = $1) p"},
    [ROLE_OF] = {"person_role", "SELECT role, name FROM person WHERE id = $1 AND active = 1"},
};

int64_t decision_subject_id(const struct decision *d)
{
    return d->ship.id ? d->ship.id : d->subject.id ? d->subject.id : d->made_id;
}

/* id, version, state, name of what an event is for. */
static const struct sql SUBJECT_LOAD[MACHINE_COUNT] = {
    [MACHINE_BATCH] = {"decision_batch", "SELECT id, version, state, number FROM batch WHERE id = $1"},
    [MACHINE_JOB] = {"decision_job", "SELECT j.id, 0, j.state, COALESCE(w.number, b.number, m.number, '') FROM job j "
                                     "LEFT JOIN waybill w ON w.id = j.waybill_id LEFT JOIN batch b ON b.id = j.batch_id "
                                     "LEFT JOIN manifest m ON m.id = j.manifest_id WHERE j.id = $1"},
    [MACHINE_MANIFEST] = {"decision_manifest", "SELECT id, 0, state, number FROM manifest WHERE id = $1"},
    [MACHINE_RUN] = {"decision_run", "SELECT id, 0, state, number FROM print_run WHERE id = $1"},
};

gboolean named_row(struct rows *rows, rows_fn read, void *data, const char *what, GError **error)
{
    int found = rows_first(rows, read, data, error);
    if (found == 0)
        err_set(error, ERR_FLOW_UNKNOWN, what);
    return found > 0;
}

gboolean named_ints(struct decision *d, const struct sql *sql, const struct db_value *args, size_t count, int64_t *out,
                    int n, const char *what, GError **error)
{
    int found = db_get_ints(d->db, sql, args, count, out, n, error);
    if (found == 0)
        err_set(error, ERR_FLOW_UNKNOWN, what);
    return found > 0;
}

static void read_text(struct rows *rows, void *data)
{
    *(char **)data = g_strdup(rows_text(rows, 0));
}

char *named_text(struct decision *d, const struct sql *sql, const struct db_value *args, size_t count, const char *what,
                 GError **error)
{
    char *text = NULL;
    return named_row(db_query(d->db, sql, args, count, error), read_text, &text, what, error) ? text : NULL;
}

gboolean decision_each(struct decision *d, GArray *items,
                       gboolean (*fn)(struct decision *d, const void *item, GError **error), GError **error)
{
    gboolean done = items != NULL;
    for (guint i = 0; done && i < items->len; i++)
        done = fn(d, items->data + i * g_array_get_element_size(items), error);
    g_clear_pointer(&items, g_array_unref);
    return done;
}

struct role_of {
    enum role role;
    char *name;
};

static void read_role(struct rows *rows, void *data)
{
    *(struct role_of *)data = (struct role_of){role_parse(rows_text(rows, 0)), g_strdup(rows_text(rows, 1))};
}

int decision_may(struct decision *d, enum permission permission, char **name, GError **error)
{
    const int64_t people[] = {d->ev->actor.person_id, d->ev->actor.approver_id};
    gboolean may = FALSE;
    *name = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(people) && !may && (i == 0 || people[i]); i++) {
        struct role_of found = {ROLE_NONE, NULL};
        if (rows_first(db_query(d->db, &SQL[ROLE_OF], DB_ARGS(people[i]), error), read_role, &found, error) < 0)
            return -1;
        may = role_may(found.role, permission);
        if (*name)
            g_free(found.name);
        else
            *name = found.name;
    }
    return may;
}

static void read_block(struct rows *rows, void *data)
{
    struct decision_shipment *ship = data;
    ship->blocks |= (unsigned)flow_block_parse(rows_text(rows, 0));
}

ROWS_READER(read_shipment, struct decision_shipment, SHIPMENT)

static gboolean load_shipment(struct decision *d, int64_t id, GError **error)
{
    struct rows *found = db_query(d->db, &SQL[SHIPMENT_LOAD], DB_ARGS(id), error);
    return named_row(found, read_shipment, &d->ship, _("shipment"), error) &&
           rows_each(db_query(d->db, &SQL[BLOCKS_OPEN], DB_ARGS(id), error), read_block, &d->ship, error);
}

static void read_subject(struct rows *rows, void *data)
{
    struct decision *d = data;
    d->made_id = d->subject.id = rows_int(rows, 0);
    d->subject.version = rows_int(rows, 1);
    d->subject.state = flow_state_parse(rows_text(rows, 2));
    ROWS_COPY(d->subject.name, rows, 3);
}

static int64_t subject_of(const struct event *ev, enum machine machine)
{
    const int64_t ids[MACHINE_COUNT] = {[MACHINE_BATCH] = ev->batch_id, [MACHINE_JOB] = ev->job_id,
                                        [MACHINE_MANIFEST] = ev->manifest_id, [MACHINE_RUN] = ev->run_id};
    return ids[machine];
}

gboolean decision_load(struct decision *d, enum machine machine, GError **error)
{
    if (machine == MACHINE_SHIPMENT)
        return load_shipment(d, d->ev->shipment_id, error);
    if (machine != MACHINE_NONE && !flow_makes(d->ev->kind))
        return named_row(db_query(d->db, &SUBJECT_LOAD[machine], DB_ARGS(subject_of(d->ev, machine)), error),
                         read_subject, d, flow_machine_label(machine), error);
    if (d->ev->kind == EV_NOTE)
        decision_note(d, "%s", d->ev->text ? d->ev->text : "");
    return TRUE;
}

void decision_note(struct decision *d, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_vsnprintf(d->detail, sizeof d->detail, format, list);
    clean_cut(d->detail);
    va_end(list);
}

char *decision_last_act(struct decision *d)
{
    struct rows *rows = db_query(d->db, &SQL[LAST_ACT], DB_ARGS(d->ship.id, d->ship.version), NULL);
    if (!rows || rows_next(rows, NULL) <= 0)
        return g_strdup("");
    g_autofree char *when = clock_format(d->site->zone, rows_int(rows, 1), "%H:%M");
    /* TRANSLATORS: what was done, at what time, by whom, at which station: "packed 14:03 by Lin, bench 3" */
    char *act = g_strdup_printf(_("%s %s by %s%s%s"), flow_state_label(flow_state_parse(rows_text(rows, 0))), when,
                                rows_text(rows, 2), rows_text(rows, 3)[0] ? ", " : "", rows_text(rows, 3));
    rows_close(rows);
    return act;
}

gboolean decision_move(struct decision *d, struct stock_move move, GError **error)
{
    move.shipment_id = d->ship.id;
    move.person_id = d->ev->actor.person_id;
    move.event_key = d->ev->key;
    return stock_move(d->site, &move, error);
}

/* --- lines ---------------------------------------------------------------------------------------------- */

ROWS_READER(read_line, struct line, LINE)

gboolean line_load(struct decision *d, int64_t line_id, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[LINE_LOAD], DB_ARGS(d->ship.id, line_id), error);
    return named_row(rows, read_line, &d->line, _("line"), error);
}

GArray *lines_load(struct decision *d, GError **error)
{
    return rows_list(db_query(d->db, &SQL[LINES_LOAD], DB_ARGS(d->ship.id), error), sizeof(struct line), read_line,
                     error);
}

gboolean line_takes(struct decision *d, int64_t most, enum err over, const char *limit, GError **error)
{
    char given[24], text[24];
    int64_t quantity = d->ev->quantity;
    g_snprintf(given, sizeof given, "%" G_GINT64_FORMAT, quantity);
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, most);
    if (quantity > most && quantity >= 1)
        return err_set(error, over, d->line.sku, limit ? limit : text);
    return quantity >= 1 || err_set(error, ERR_FLOW_QUANTITY, given, d->line.sku, text);
}

/* --- the state the parts add up to ---------------------------------------------------------------------- */

gboolean decision_derive(struct decision *d, GError **error)
{
    int64_t n[8];
    if (db_get_ints(d->db, &SQL[SUMS], DB_ARGS(d->ship.id), n, 8, error) < 0)
        return FALSE;
    int64_t live = n[0], picked = n[1], packed = n[2], touched = n[3];
    int64_t holding = n[4], boxes = n[5], labelled = n[6], out = n[7];
    if (live == 0)
        d->to = ST_CANCELLED;
    else if (touched + boxes + labelled + out + holding > 0)
        d->to = packed < live || holding > 0 ? ST_PACKING
                 : boxes > 0                  ? ST_PACKED
                 : labelled > 0               ? ST_LABELLED
                                              : ST_OUTBOUND;
    else if (picked == live)
        d->to = ST_PICKED;
    else if (d->ship.state == ST_PICKED || d->ev->kind == EV_PICK)
        d->to = ST_PICKING;
    else
        d->to = d->ship.state;
    return TRUE;
}

/* --- the locks ------------------------------------------------------------------------------------------
 * What events lock before they look at anything, so that no two ever wait for each other: shipments, then batches, totes,
 * products (for all of their stock), print jobs, each by id. Everything is locked before the first row is written; ranges
 * and numbers come after, and who has them waits for nobody any more. What an effect touches is asserted to be locked. */

enum rank { LOCK_SHIPMENT, LOCK_BATCH, LOCK_TOTE, LOCK_PRODUCT, LOCK_JOB };

enum { MEMBERS, BATCH_OF_SHIPMENT, TASK_PRODUCT, SHIPMENT_PRODUCTS };

static const struct sql LOCKS[] = {
    [MEMBERS] = {"lock_members", "SELECT id " FROM_BATCH_MEMBERS},
    /* a pick writes its batch's row when it is the first of the batch, or may be the last one of its shipment */
    [BATCH_OF_SHIPMENT] = {"lock_batch",
                           "SELECT s.batch_id FROM shipment s JOIN batch b ON b.id = s.batch_id WHERE s.id = $1 AND "
                           "(CAST($2 AS BIGINT) = 1 OR b.state = 'ready' OR (SELECT COUNT(*) FROM pick_task t "
                           "WHERE t.shipment_id = s.id AND t.open = 1) < 2)"},
    [TASK_PRODUCT] = {"lock_task_product", "SELECT product_id FROM pick_task WHERE id = $1"},
    [SHIPMENT_PRODUCTS] = {"lock_products", "SELECT DISTINCT product_id FROM shipment_line WHERE shipment_id = $1"},
};

static void add(GArray *things, enum rank rank, int64_t id)
{
    struct db_advisory thing = {(int)rank, id};
    if (id)
        g_array_append_val(things, thing);
}

static gboolean add_found(struct db *db, GArray *things, enum rank rank, int sql, const struct db_value *args, size_t n,
                          GError **error)
{
    struct rows *rows = db_query(db, &LOCKS[sql], args, n, error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        add(things, rank, rows_int(rows, 0));
    return more == 0;
}

static gboolean add_subject(struct db *db, GArray *things, const struct event *ev, GError **error)
{
    if (flow_event_machine(ev->kind) == MACHINE_SHIPMENT)
        add(things, LOCK_SHIPMENT, ev->shipment_id);
    return (ev->kind != EV_BATCH_ASSIGN && ev->kind != EV_BATCH_CANCEL) ||
           add_found(db, things, LOCK_SHIPMENT, MEMBERS, DB_ARGS(ev->batch_id), error);
}

static gboolean add_batch(struct db *db, GArray *things, const struct event *ev, gboolean alone, GError **error)
{
    gboolean may_settle = ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT || ev->kind == EV_CANCEL ||
                          ev->kind == EV_CANCEL_LINE || ev->kind == EV_UNBATCH;
    if (ev->kind == EV_BATCH || flow_event_machine(ev->kind) == MACHINE_BATCH)
        add(things, LOCK_BATCH, ev->batch_id);
    return !may_settle || add_found(db, things, LOCK_BATCH, BATCH_OF_SHIPMENT,
                                    DB_ARGS(ev->shipment_id, !alone || ev->kind != EV_PICK), error);
}

static gboolean add_products(struct db *db, GArray *things, const struct event *ev, GError **error)
{
    if (ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT)
        return add_found(db, things, LOCK_PRODUCT, TASK_PRODUCT, DB_ARGS(ev->task_id), error);
    if (ev->kind == EV_RECEIVE || ev->kind == EV_ADJUST || ev->kind == EV_MOVE)
        add(things, LOCK_PRODUCT, ev->product_id);
    gboolean all = ev->kind == EV_RELEASE || ev->kind == EV_CLOSE || ev->kind == EV_CLOSE_SPLIT || ev->kind == EV_OUT ||
                   ev->kind == EV_CANCEL || ev->kind == EV_CANCEL_LINE;
    return !all || add_found(db, things, LOCK_PRODUCT, SHIPMENT_PRODUCTS, DB_ARGS(ev->shipment_id), error);
}

static gboolean lock_rest(struct db *db, GArray *things, const struct event *events, size_t n, GError **error)
{
    gboolean done = TRUE;
    for (size_t i = 0; done && i < n; i++) {
        const struct event *ev = &events[i];
        if (ev->kind == EV_PICK || ev->kind == EV_TOTE)
            add(things, LOCK_TOTE, ev->tote_id);
        if (flow_event_machine(ev->kind) == MACHINE_JOB && n > 1) /* one alone waits for its row */
            add(things, LOCK_JOB, ev->job_id);
        done = add_batch(db, things, ev, n == 1, error) && add_products(db, things, ev, error);
    }
    return done && db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
}

/* Shipments come first: which batch and which goods they have is read when nobody else can change it. */
gboolean flow_lock(struct db *db, const struct event *events, size_t n, GError **error)
{
    g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(struct db_advisory));
    gboolean done = TRUE;
    for (size_t i = 0; done && i < n; i++)
        done = add_subject(db, things, &events[i], error);
    done = done && db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
    g_array_set_size(things, 0);
    return done && lock_rest(db, things, events, n, error);
}
