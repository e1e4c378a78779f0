/* SPDX-License-Identifier: MIT */
#include "core/print/run.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/base/settings.h"
#include "core/db/rows.h"
#include "core/print/printer.h"
#include "core/site/site.h"

/* Orders that can have a waybill and have none that is printed or queued. An absent filter is the empty text. */
#define FITS                                                                                                           \
    "FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN shop h ON h.id = o.shop_id "                         \
    "LEFT JOIN batch b ON b.id = s.batch_id WHERE s.warehouse_id = $1 AND " SHIPMENT_IS_OPEN("s") " "                  \
    "AND s.state IN ('ready', 'batched', 'picking', 'picked', 'packing') "                                             \
    "AND (CAST($2 AS TEXT) = '' OR b.number = $2) AND (CAST($3 AS TEXT) = '' OR s.courier = $3) "                      \
    "AND (CAST($4 AS TEXT) = '' OR h.code = $4) AND NOT EXISTS (SELECT 1 FROM parcel p "                               \
    "JOIN waybill w ON w.parcel_id = p.id AND w.state <> 'void' "                                                      \
    "JOIN job j ON j.waybill_id = w.id AND j.kind = 'waybill' WHERE p.shipment_id = s.id)"

/* A run's labels in a state; more is a further condition. */
#define LABELS_THAT(are, more)                                                                                         \
    "(SELECT COUNT(*) FROM job j WHERE j.run_id = r.id AND j.kind = 'waybill' AND j.state " are more ")"

#define RUN_COLUMNS(COLUMN, PARSED)                                                                                    \
    COLUMN("r.id, ", id)                                                                                               \
    COLUMN("r.labels, ", labels)                                                                                       \
    COLUMN("r.made_at, ", made_at)                                                                                     \
    COLUMN("COALESCE(r.done_at, 0), ", done_at)                                                                        \
    COLUMN("r.number, ", number)                                                                                       \
    PARSED("r.state, ", state, flow_state_parse)                                                                       \
    COLUMN("p.name, ", printer)                                                                                        \
    COLUMN("COALESCE(b.number, ''), ", batch)                                                                          \
    COLUMN("r.filter, ", filter)                                                                                       \
    COLUMN(LABELS_THAT("= 'queued'", "") ", ", queued)                                                                 \
    COLUMN(LABELS_THAT("IN ('submitting', 'submitted')", "") ", ", under_way)                                          \
    COLUMN(LABELS_THAT("= 'printed'", "") " + "                                                                        \
           LABELS_THAT("= 'answered'", " AND j.answer = 'printed'") ", ", printed)                                     \
    COLUMN(LABELS_THAT("= 'unknown'", "") ", ", unsure)                                                                \
    COLUMN(LABELS_THAT("= 'failed'", " AND NOT (j.submission_id IS NULL AND r.state = 'cancelled')") ", ", failed)     \
    COLUMN(LABELS_THAT("IN ('printed', 'answered')", " AND j.changed_at >= $3"), recent)

enum { CHOOSE, BATCHES, FACTS, FIND, QUEUED, LIST, ENDED };

static const struct sql SQL[] = {
    [CHOOSE] = {"run_choose", "SELECT s.id " FITS " ORDER BY COALESCE(b.id, 0), s.slot, s.courier, s.cut_off_at, s.id"},
    [BATCHES] = {"run_batches", "SELECT DISTINCT b.id " FITS " AND b.id IS NOT NULL ORDER BY b.id"},
    [FACTS] = {"run_facts", "SELECT labels, number FROM print_run WHERE id = $1"},
    [FIND] = {"run_find", "SELECT id FROM print_run WHERE warehouse_id = $1 AND number = $2"},
    [QUEUED] = {"run_queued", "SELECT id FROM job WHERE run_id = $1 AND state = 'queued' ORDER BY id"},
    [LIST] = {"run_list",
              "SELECT " COLUMNS_OF(RUN_COLUMNS) " FROM print_run r JOIN printer p ON p.id = r.printer_id "
              "LEFT JOIN batch b ON b.id = r.batch_id WHERE r.warehouse_id = $1 ORDER BY r.id DESC LIMIT $2"},
    [ENDED] = {"run_all_out",
               "SELECT r.id FROM print_run r WHERE r.warehouse_id = $1 AND r.state = 'running' AND NOT EXISTS "
               "(SELECT 1 FROM job j WHERE j.run_id = r.id AND j.state IN ('queued', 'submitting', 'submitted'))"},
};

/* --- filters -------------------------------------------------------------------------------------------- */

/* What its terms want, borrowed of them; "": anything. */
struct filter {
    const char *batch, *courier, *shop;
};

static gboolean filter_set(struct filter *filter, const char *term)
{
    const struct {
        const char *name;
        const char **member;
    } TERMS[] = {{"batch=", &filter->batch}, {"courier=", &filter->courier}, {"shop=", &filter->shop}};
    for (size_t i = 0; i < G_N_ELEMENTS(TERMS); i++)
        if (g_str_has_prefix(term, TERMS[i].name) && term[strlen(TERMS[i].name)]) {
            *TERMS[i].member = term + strlen(TERMS[i].name);
            return TRUE;
        }
    return FALSE;
}

static gboolean filter_parse(struct filter *filter, char **terms)
{
    gboolean good = TRUE, any = FALSE;
    *filter = (struct filter){"", "", ""};
    for (char **term = terms; good && *term; term++)
        if (**term) {
            good = filter_set(filter, *term);
            any = TRUE;
        }
    return good && any;
}

static GArray *choose(struct site *site, int statement, const struct filter *filter, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[statement],
                                 DB_ARGS(site->warehouse_id, filter->batch, filter->courier, filter->shop), error);
    return rows_ints(rows, error);
}

/* --- starting ------------------------------------------------------------------------------------------- */

static gboolean choose_printer(struct site *site, const char *name, int64_t *printer_id, GError **error)
{
    struct printer_row row;
    if (name) {
        int found = printer_find(site, name, &row, error);
        *printer_id = row.id;
        return found > 0;
    }
    g_autoptr(GArray) all = printers_load(site, NULL, error);
    if (all && all->len == 0)
        err_set(error, ERR_PRINTER_NONE);
    if (!all || all->len == 0)
        return FALSE;
    *printer_id = g_array_index(all, struct printer_row, 0).id;
    return TRUE;
}

static void add_lists(GArray *events, const struct event *make, const GArray *batches)
{
    for (guint i = 0; i < batches->len; i++) {
        struct event event = {.kind = EV_PRINT, .batch_id = g_array_index(batches, int64_t, i), .run_id = make->key,
                              .printer_id = make->printer_id, .text = "pick_list"};
        g_array_append_val(events, event);
    }
}

/* All of it is one list, which the run's own event leads: one that dies half-way is finished. */
static GArray *events_of(const struct event *make, const GArray *ids, const GArray *batches)
{
    const struct event ahead = {.kind = EV_PRINT_AHEAD, .run_id = make->key, .printer_id = make->printer_id};
    const struct event start = {.kind = EV_RUN_START, .run_id = make->key};
    g_autoptr(GArray) labels = flow_events(ahead, (const int64_t *)(const void *)ids->data, ids->len);
    GArray *events = g_array_new(FALSE, FALSE, sizeof(struct event));
    g_array_append_val(events, *make);
    add_lists(events, make, batches);
    g_array_append_vals(events, labels->data, labels->len);
    g_array_append_val(events, start);
    return events;
}

static void read_facts(struct rows *rows, void *data)
{
    struct run_made *made = data;
    made->labels = rows_int(rows, 0);
    ROWS_COPY(made->number, rows, 1);
}

static gboolean facts_load(struct site *site, struct run_made *made, GError **error)
{
    return rows_first(db_query(site->db, &SQL[FACTS], DB_ARGS(made->id), error), read_facts, made, error) > 0;
}

static struct event make_event(struct site *site, const struct run_wish *wish, int64_t printer_id, int64_t batch_id)
{
    int64_t setting = site_setting_int(site, "labels_per_cups_job", setting_default_int("labels_per_cups_job"));
    return (struct event){.key = flow_key(site), .kind = EV_RUN_MAKE, .text = wish->filter, .batch_id = batch_id,
                          .printer_id = printer_id,
                          .quantity = wish->per_submission > 0 ? wish->per_submission : setting};
}

struct starting {
    run_progress progress;
    void *data;
    struct outcome made, started;
};

static gboolean look(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct starting *starting = data;
    (void)error;
    if (event->kind == EV_RUN_MAKE)
        starting->made = *outcome;
    else if (event->kind == EV_RUN_START)
        starting->started = *outcome;
    return TRUE;
}

static void go_on(size_t done, size_t of, void *data)
{
    const struct starting *starting = data;
    if (starting->progress)
        starting->progress((int64_t)done, (int64_t)of, starting->data);
}

/* Of a run, what it is and how far it got; the filter's terms are those of the wish. */
static gboolean start(struct site *site, const struct actor *by, const struct run_wish *wish, const struct filter *filter,
                      int64_t printer_id, struct run_made *made, struct starting *starting, GError **error)
{
    g_autoptr(GArray) ids = choose(site, CHOOSE, filter, error);
    g_autoptr(GArray) batches = ids ? choose(site, BATCHES, filter, error) : NULL;
    if (!batches)
        return FALSE;
    if (ids->len == 0)
        return err_set(error, ERR_RUN_EMPTY, wish->filter);
    int64_t batch_id = filter->batch[0] && batches->len ? g_array_index(batches, int64_t, 0) : 0;
    const struct event make = make_event(site, wish, printer_id, batch_id);
    const struct flow_way way = {.each = look, .data = starting, .led = TRUE, .progress = go_on};
    struct flow_tally tally = {0};
    if (!flow_do_list(site, *by, events_of(&make, ids, batches), &way, &tally, error) ||
        !outcome_check(&starting->made, error) || !outcome_check(&starting->started, error))
        return FALSE;
    made->id = make.key;
    made->refused = (int64_t)tally.refused;
    clean_copy(made->first_refusal, sizeof made->first_refusal, tally.first.text);
    return facts_load(site, made, error);
}

gboolean run_start(struct site *site, const struct actor *by, const struct run_wish *wish,
                   struct run_made *made, run_progress progress, void *data, GError **error)
{
    struct filter filter;
    struct starting starting = {.progress = progress, .data = data};
    int64_t printer_id = 0;
    *made = (struct run_made){0};
    g_auto(GStrv) terms = g_strsplit(wish->filter, " ", -1);
    if (!filter_parse(&filter, terms))
        return err_set(error, ERR_RUN_FILTER, wish->filter);
    return choose_printer(site, wish->printer, &printer_id, error) &&
           start(site, by, wish, &filter, printer_id, made, &starting, error) && runs_settle(site, error);
}

/* --- pausing, going on, ending -------------------------------------------------------------------------- */

static gboolean find(struct site *site, const char *number, int64_t *run_id, GError **error)
{
    int found = db_get_ints(site->db, &SQL[FIND], DB_ARGS(site->warehouse_id, number), run_id, 1, error);
    if (found == 0)
        err_set(error, ERR_RUN_UNKNOWN, number);
    return found > 0;
}

static gboolean change(struct site *site, const struct actor *by, const char *number, enum event_kind kind, GError **error)
{
    struct event event = {.kind = kind, .actor = *by};
    return find(site, number, &event.run_id, error) && flow_do(site, event, NULL, error);
}

gboolean run_pause(struct site *site, const struct actor *by, const char *number, GError **error)
{
    return change(site, by, number, EV_RUN_PAUSE, error);
}

gboolean run_resume(struct site *site, const struct actor *by, const char *number, GError **error)
{
    return change(site, by, number, EV_RUN_START, error);
}

static void read_drop(struct rows *rows, void *data)
{
    *(struct event *)data =
        (struct event){.kind = EV_JOB_DROP, .job_id = rows_int(rows, 0), .text = "run cancelled"};
}

static gboolean hear(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    (void)data;
    return event->kind != EV_RUN_CANCEL || outcome_check(outcome, error);
}

/* What is queued is dropped, behind the event that leads, if any. */
static gboolean drop(struct site *site, const struct actor *by, int64_t run_id, const struct event *lead, size_t *dropped,
                     GError **error)
{
    struct flow_tally tally = {0};
    GArray *events = rows_list(db_query(site->db, &SQL[QUEUED], DB_ARGS(run_id), error), sizeof(struct event), read_drop,
                               error);
    if (events && lead)
        g_array_prepend_vals(events, lead, 1);
    const struct flow_way way = {.each = hear, .led = lead != NULL};
    gboolean good = flow_do_list(site, *by, events, &way, &tally, error);
    *dropped = tally.done;
    return good;
}

/* What was queued while it was being cancelled goes as well. */
gboolean run_cancel(struct site *site, const struct actor *by, const char *number, GError **error)
{
    struct event cancel = {.kind = EV_RUN_CANCEL};
    size_t dropped = 0;
    if (!find(site, number, &cancel.run_id, error) || !drop(site, by, cancel.run_id, &cancel, &dropped, error))
        return FALSE;
    while (dropped > 0)
        if (!drop(site, by, cancel.run_id, NULL, &dropped, error))
            return FALSE;
    return TRUE;
}

static void read_ended(struct rows *rows, void *data)
{
    *(struct event *)data = (struct event){.kind = EV_RUN_DONE, .run_id = rows_int(rows, 0)};
}

gboolean runs_settle(struct site *site, GError **error)
{
    const struct actor worker = {.person_id = site->system_person_id};
    GArray *events = rows_list(db_query(site->db, &SQL[ENDED], DB_ARGS(site->warehouse_id), error),
                               sizeof(struct event), read_ended, error);
    return flow_do_all(site, worker, events, NULL, NULL, NULL, error);
}

/* --- reading -------------------------------------------------------------------------------------------- */

ROWS_READER(read_run, struct run, RUN_COLUMNS)

enum { RECENT_MS = 300000, HOUR_MS = 3600000, RATE_FROM_MS = 1000 };

/* How fast it goes says how fast it will go on; one that rests or is closed says what it did. */
static void estimate(struct run *run, int64_t now)
{
    gboolean runs = run->state == ST_RUNNING;
    int64_t labels = run->done_at ? run->printed : run->recent;
    int64_t spent_ms = run->done_at ? run->done_at - run->made_at : MIN(now - run->made_at, RECENT_MS);
    if (labels > 0 && (runs || run->done_at))
        run->labels_per_hour = labels * HOUR_MS / MAX(spent_ms, RATE_FROM_MS);
    if (run->done_at)
        run->ends_at = run->done_at;
    else if (run->labels_per_hour > 0)
        run->ends_at = now + (run->queued + run->under_way) * HOUR_MS / run->labels_per_hour;
}

GArray *runs_load(struct site *site, int64_t limit, GError **error)
{
    int64_t now = site_now(site);
    const struct db_value args[] = {db_int(site->warehouse_id), db_int(limit), db_int(now - RECENT_MS)};
    GArray *runs = rows_list(db_query(site->db, &SQL[LIST], args, G_N_ELEMENTS(args), error), sizeof(struct run),
                             read_run, error);
    for (guint i = 0; runs && i < runs->len; i++)
        estimate(&g_array_index(runs, struct run, i), now);
    return runs;
}
