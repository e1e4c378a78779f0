/* SPDX-License-Identifier: MIT */
#include "core/view/alerts.h"

#include <string.h>

#include "core/act/forget.h"
#include "core/base/clean.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/flow/flow.h"
#include "core/site/site.h"
#include "core/waybill/range.h"

/* What a query is given, as $1 $2 ... in the order of its row. */
enum given {
    GIVEN_END, GIVEN_WAREHOUSE, GIVEN_OWNER, GIVEN_NOW, GIVEN_DAY, GIVEN_EXPIRY, GIVEN_SALES, GIVEN_SILENT, GIVEN_STALE,
    GIVEN_BACKUP, GIVEN_SOON, GIVEN_FORGET, GIVEN_FORGET_ID, GIVEN_LIMIT
};
enum { GIVEN_MAX = 4, ARGUMENTS = 5, LATE_SHOWN = 999, WORKER_STALE_MS = 60000 };

struct kind {
    const char *name;
    const char *text; /* {1} {2} ... are the columns from the second on */
    enum given given[GIVEN_MAX];
    struct sql sql; /* argument, {1}, {2}, ...; no row, or {1} = 0 in a counting kind: no alert */
    gboolean counts;
    int worded; /* the column that people read as show() makes it; 0: none */
    char *(*show)(const struct site *site, struct rows *rows, int column);
};

/* Free pieces of a product in bins, and pieces that orders wait for. */
#define FREE                                                                                                           \
    "COALESCE((SELECT CAST(SUM(s.on_hand - s.reserved) AS BIGINT) FROM stock s JOIN location l ON l.id = s.location_id " \
    "WHERE s.warehouse_id = p.warehouse_id AND s.owner_id = p.owner_id AND s.product_id = p.id AND l.kind = 'bin'), 0)"
#define WANTED                                                                                                         \
    "COALESCE((SELECT CAST(SUM(w.quantity) AS BIGINT) FROM shipment_line w WHERE w.product_id = p.id "                 \
    "AND w.state = 'open'), 0)"

static char *show_late(const struct site *site, struct rows *rows, int column)
{
    (void)site;
    return g_strdup_printf("%d%s", (int)rows_int(rows, column), rows_int(rows, column) >= LATE_SHOWN ? "+" : "");
}

static char *show_instant(const struct site *site, struct rows *rows, int column)
{
    return clock_format(site->zone, rows_int(rows, column), "%m-%d %H:%M");
}

static char *show_date(const struct site *site, struct rows *rows, int column)
{
    (void)site;
    return clock_date_text((int)rows_int(rows, column));
}

static char *show_said(const struct site *site, struct rows *rows, int column)
{
    (void)site;
    return g_strdup(rows_text(rows, column)[0] ? _(rows_text(rows, column)) : _("needs attention"));
}

/* "10:14 print ahead": when it began, and what it mostly was; of the two columns. */
static char *show_act(const struct site *site, struct rows *rows, int column)
{
    g_autofree char *when = clock_format(site->zone, rows_int(rows, column), "%H:%M");
    return g_strdup_printf("%s %s", when, flow_event_label(flow_event_parse(rows_text(rows, 0))));
}

/* {1}: 0 is never. */
static char *show_backup(const struct site *site, struct rows *rows, int column)
{
    int64_t at = rows_int(rows, column);
    return at ? clock_format(site->zone, at, "%Y-%m-%d %H:%M") : g_strdup(_("never made"));
}

#define ACTS(columns) "SELECT a.kind, a.at, COALESCE(p.name, ''), " columns " FROM agenda a LEFT JOIN person p "              \
                      "ON p.id = a.person_id WHERE a.warehouse_id = $1 AND "
#define PARTS_DONE "COALESCE((SELECT MIN(t.first) FROM agenda_part t WHERE t.agenda_id = a.id), a.events)"

static const struct kind KINDS[ALERT_KINDS] = {
    [ALERT_BOOKS] = {"books", N_("The books do not hold (violations: {1}): run packline check and call for help"),
                     .given = {GIVEN_END}},
    [ALERT_LATE] = {"late", N_("Orders past their cut-off: {1}"), {GIVEN_WAREHOUSE, GIVEN_NOW},
                    {"alert_late", "SELECT 'late', COUNT(*) FROM (SELECT id FROM shipment WHERE warehouse_id = $1 "
                                   "AND cut_off_at > 0 AND cut_off_at < $2 AND " SHIPMENT_IS_OPEN("shipment") " "
                                   "AND state <> 'labelled' LIMIT 999) AS late"},
                    .counts = TRUE, .worded = 1, .show = show_late},
    [ALERT_PRINTER] = {"printer", N_("Printer {1}: {2}"), {GIVEN_WAREHOUSE, GIVEN_LIMIT},
                       {"alert_printer", "SELECT name, name, state_text FROM printer WHERE warehouse_id = $1 "
                                         "AND active = 1 AND state IN ('attention', 'stopped', 'offline') "
                                         "ORDER BY name LIMIT $2"},
                       .worded = 2, .show = show_said},
    [ALERT_WORKER] = {"worker", N_("Printer {1}: labels wait, no print worker is looking"),
                      {GIVEN_WAREHOUSE, GIVEN_STALE, GIVEN_LIMIT},
                      {"alert_worker", "SELECT p.name, p.name FROM printer p WHERE p.warehouse_id = $1 AND p.active = 1 "
                                       "AND (p.checked_at < $2 OR p.checked_at > $2 + 86400000) AND EXISTS (SELECT 1 FROM job j WHERE j.printer_id = p.id "
                                       "AND j.state = 'queued' AND j.made_at < $2) ORDER BY p.name LIMIT $3"}, .counts = FALSE},
    [ALERT_UNSURE] = {"unsure", N_("Labels nobody is sure of: {1}. Look at the printer and answer"), {GIVEN_WAREHOUSE},
                      {"alert_unsure", "SELECT 'unsure', COUNT(*) FROM job WHERE warehouse_id = $1 "
                                       "AND state IN ('unknown', 'failed') AND state = 'unknown'"},
                      .counts = TRUE},
    [ALERT_FAILED] = {"failed", N_("Labels that could not be printed: {1}"), {GIVEN_WAREHOUSE},
                      {"alert_failed", "SELECT 'failed', COUNT(*) FROM job j JOIN waybill w ON w.id = j.waybill_id "
                                       "LEFT JOIN print_run r ON r.id = j.run_id WHERE j.warehouse_id = $1 "
                                       "AND j.state IN ('unknown', 'failed') AND j.state = 'failed' "
                                       "AND w.state IN ('assigned', 'printed') "
                                       "AND NOT (j.submission_id IS NULL AND COALESCE(r.state, '') = 'cancelled')"},
                      .counts = TRUE},
    [ALERT_RANGE] = {"range", N_("{1} ({2}): {3} waybill numbers left"), .given = {GIVEN_END}},
    [ALERT_WRITERS] = {"writers", N_("Writer slots held: {1} of 1024. packline station list shows by whom"), {GIVEN_END},
                       {"alert_writers", "SELECT '', COUNT(*) FROM writer WHERE holder <> '' HAVING COUNT(*) >= 512"}, .counts = FALSE},
    [ALERT_BACKUP] = {"backup", N_("Last good backup: {1}. packline backup makes one"), {GIVEN_WAREHOUSE, GIVEN_BACKUP},
                      {"alert_backup", "SELECT 'backup', t.at FROM (SELECT " BACKUP_OF("w.id") " AS at, " BACKUP_SINCE " AS since "
                                       "FROM warehouse w WHERE w.id = $1 AND w.is_demo = 0 AND " COPY_OF("w.id") " = 0) t "
                                       "WHERE CASE WHEN t.at > 0 THEN t.at ELSE t.since END < $2"},
                      .worded = 1, .show = show_backup},
    [ALERT_SEAL] = {"seal", N_("The seal of {1} is not at its second place yet. packline doctor says why"), {GIVEN_WAREHOUSE, GIVEN_STALE},
                    {"alert_seal", "SELECT 'seal', s.sealed_on FROM seal s JOIN journal_key k ON k.id = 1 WHERE s.mac IS NOT NULL AND "
                                   "s.sealed_on > k.sent_on AND s.at < $2 AND EXISTS (SELECT 1 FROM setting t WHERE t.warehouse_id = $1 "
                                   "AND t.name = 'seal_to' AND t.value <> '') ORDER BY s.sealed_on LIMIT 1"},
                    .worded = 1, .show = show_date},
    [ALERT_FORGET] = {"forget", N_("Names and addresses are kept longer than forget_after_days. packline forget erases them"),
                      {GIVEN_FORGET, GIVEN_FORGET_ID}, {"alert_forget", FORGET_RECIPIENTS "LIMIT 1"}, .counts = FALSE},
    [ALERT_LOGIN] = {"login", N_("Wrong PINs for badge {1}: {2}. packline people unlock lets them in"),
                     {GIVEN_WAREHOUSE, GIVEN_DAY, GIVEN_LIMIT},
                     {"alert_login", "SELECT badge, badge, failed_count FROM person WHERE warehouse_id = $1 AND active = 1 "
                                     "AND locked_until_at > $2 AND locked_until_at < $2 + 172800000 ORDER BY badge LIMIT $3"}, .counts = FALSE},
    [ALERT_SAFETY] = {"safety", N_("{1}: {2} left, {3} wanted, safety stock {4}"),
                      {GIVEN_WAREHOUSE, GIVEN_OWNER, GIVEN_LIMIT},
                      {"alert_safety", "SELECT t.sku, t.sku, t.free, t.wanted, t.safety FROM (SELECT p.sku AS sku, "
                                       "p.safety_stock AS safety, " FREE " AS free, " WANTED " AS wanted FROM product p "
                                       "WHERE p.warehouse_id = $1 AND p.owner_id = $2 AND p.active = 1 "
                                       "AND p.safety_stock > 0) t WHERE t.free < t.safety "
                                       "ORDER BY t.free - t.safety - t.wanted, t.sku LIMIT $3"}, .counts = FALSE},
    [ALERT_SALES] = {"sales", N_("{1}: {2} left of {3} expected sales"),
                     {GIVEN_WAREHOUSE, GIVEN_OWNER, GIVEN_SALES, GIVEN_LIMIT},
                     {"alert_sales", "SELECT t.sku, t.sku, t.free, t.expected FROM (SELECT p.sku AS sku, "
                                     "p.expected_sales AS expected, " FREE " AS free FROM product p "
                                     "WHERE p.warehouse_id = $1 AND p.owner_id = $2 AND p.active = 1 "
                                     "AND p.expected_sales > 0) t WHERE t.free * 100 < t.expected * $3 "
                                     "ORDER BY t.free * 100 / t.expected, t.sku LIMIT $4"}, .counts = FALSE},
    [ALERT_EXPIRY] = {"expiry", N_("{1} lot {2} expires {3}: {4} pieces"),
                      {GIVEN_WAREHOUSE, GIVEN_EXPIRY, GIVEN_LIMIT},
                      {"alert_expiry", "SELECT p.sku, p.sku, t.code, t.expires_on, CAST(SUM(s.on_hand) AS BIGINT) "
                                       "FROM lot t JOIN product p ON p.id = t.product_id "
                                       "JOIN stock s ON s.warehouse_id = p.warehouse_id AND s.owner_id = p.owner_id "
                                       "AND s.product_id = p.id AND s.lot_id = t.id WHERE p.warehouse_id = $1 "
                                       "AND t.expires_on > 0 AND t.expires_on <= $2 AND s.on_hand > 0 "
                                       "GROUP BY p.sku, t.code, t.expires_on ORDER BY t.expires_on, p.sku LIMIT $3"},
                      .worded = 3, .show = show_date},
    [ALERT_UNMAPPED] = {"unmapped", N_("Listings that lead to no product: {1}"), {GIVEN_WAREHOUSE},
                        {"alert_unmapped", "SELECT '', COUNT(*) FROM listing l JOIN shop s ON s.id = l.shop_id "
                                           "WHERE s.warehouse_id = $1 AND l.mapped_at IS NULL"},
                        .counts = TRUE},
    [ALERT_COUNT_BIN] = {"count", N_("Bins to be counted: {1}"), {GIVEN_WAREHOUSE},
                         {"alert_count", "SELECT '', COUNT(*) FROM count_task WHERE warehouse_id = $1 "
                                         "AND done_at IS NULL"},
                         .counts = TRUE},
    [ALERT_SILENCE] = {"silence", N_("No orders from {1} since {2}"), {GIVEN_WAREHOUSE, GIVEN_SILENT, GIVEN_LIMIT, GIVEN_SOON},
                       {"alert_silence", "SELECT code, name, last_import_at FROM shop WHERE warehouse_id = $1 "
                                         "AND active = 1 AND last_import_at > 0 AND (last_import_at < $2 OR last_import_at > $4) "
                                         "ORDER BY last_import_at LIMIT $3"},
                       .worded = 2, .show = show_instant},
    [ALERT_STOPPED] = {"stopped", N_("{1} by {2} stopped at {3} of {4}. The rest is done by itself"),
                       {GIVEN_WAREHOUSE, GIVEN_LIMIT},
                       {"alert_stopped", ACTS(PARTS_DONE ", a.events") "a.finished_at IS NULL AND NOT EXISTS (SELECT 1 "
                                         "FROM writer w WHERE w.holder = a.holder AND w.holder <> '') ORDER BY a.id LIMIT $2"},
                       .worded = 1, .show = show_act},
    [ALERT_FINISHED] = {"finished", N_("{1} by {2} had stopped at {3} of {4} and was finished. Refused of the rest: {5}"),
                        {GIVEN_WAREHOUSE, GIVEN_DAY, GIVEN_LIMIT},
                        {"alert_finished", ACTS("a.stopped_after, a.events, a.refused") "a.finished_at > $2 AND a.finished_at < $2 + 172800000 "
                                           "ORDER BY a.id LIMIT $3"},
                        .worded = 1, .show = show_act},
};

const char *alert_kind_name(enum alert_kind kind)
{
    return KINDS[kind].name;
}

static int64_t setting(const struct site *site, const char *name)
{
    return site_setting_int(site, name, setting_default_int(name));
}

/* Before which instant what was over is kept too long; 0: nothing is. */
static int64_t forget_limit(const struct site *site)
{
    int64_t days = setting(site, "forget_after_days");
    return days ? site_now(site) - days * INT64_C(86400000) : 0;
}

static int64_t give(const struct site *site, enum given given, guint limit)
{
    int64_t now = site_now(site);
    const int64_t values[] = {
        [GIVEN_WAREHOUSE] = site->warehouse_id,
        [GIVEN_OWNER] = site->owner_id,
        [GIVEN_NOW] = now,
        [GIVEN_DAY] = now - INT64_C(86400000),
        [GIVEN_EXPIRY] = clock_civil_date(site->zone, now + setting(site, "expiry_warn_days") * INT64_C(86400000)),
        [GIVEN_SALES] = setting(site, "expected_sales_percent"),
        [GIVEN_SILENT] = now - setting(site, "import_silence_minutes") * INT64_C(60000),
        [GIVEN_BACKUP] = backup_limit(now, setting(site, "backup_max_hours")),
        [GIVEN_STALE] = now - WORKER_STALE_MS,
        [GIVEN_SOON] = now + INT64_C(86400000), /* what is later was dated by a clock that was ahead */
        [GIVEN_FORGET] = forget_limit(site),
        [GIVEN_FORGET_ID] = forget_limit(site) > 0 ? id_floor(forget_limit(site)) : 0,
        [GIVEN_LIMIT] = limit,
    };
    return values[given];
}

static void add(GArray *alerts, enum alert_kind kind, const char *argument, const char *const args[])
{
    struct alert alert = {.kind = kind};
    g_autofree char *text = translate_fill(_(KINDS[kind].text), args);
    g_utf8_strncpy(alert.text, text, sizeof alert.text / 4 - 1);
    clean_copy(alert.argument, sizeof alert.argument, argument);
    g_array_append_val(alerts, alert);
}

/* {1} up to the highest placeholder of the kind's text. */
static int columns_of(const struct kind *kind)
{
    int highest = 0;
    for (const char *p = kind->text; (p = strchr(p, '{')); p++)
        highest = MAX(highest, p[1] - '0');
    return highest;
}

static void add_row(const struct site *site, GArray *alerts, enum alert_kind kind, struct rows *rows)
{
    const struct kind *row = &KINDS[kind];
    const char *args[ARGUMENTS + 1] = {NULL};
    g_autofree char *shown = row->worded ? row->show(site, rows, row->worded) : NULL;
    if (row->counts && rows_int(rows, 1) == 0)
        return;
    for (int column = 1; column <= columns_of(row); column++)
        args[column - 1] = column == row->worded ? shown : rows_text(rows, column);
    add(alerts, kind, rows_text(rows, 0), args);
}

static gboolean ask(struct site *site, GArray *alerts, enum alert_kind kind, guint limit, GError **error)
{
    struct db_value args[GIVEN_MAX];
    size_t count = 0;
    while (count < GIVEN_MAX && KINDS[kind].given[count] != GIVEN_END) {
        args[count] = db_int(give(site, KINDS[kind].given[count], limit));
        count++;
    }
    struct rows *rows = db_query(site->db, &KINDS[kind].sql, args, count, error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        add_row(site, alerts, kind, rows);
    return more == 0;
}

/* --- number ranges: a used-up range is no alert while another of its courier and kind has numbers ------- */

static gboolean ask_ranges(struct site *site, GArray *alerts, GError **error)
{
    g_autoptr(GArray) states = ranges_load(site, error);
    for (guint i = 0; states && i < states->len; i++) {
        const struct range_state *state = &g_array_index(states, struct range_state, i);
        const struct courier *courier = couriers_get(site->couriers, state->courier);
        char left[24];
        g_snprintf(left, sizeof left, "%" G_GINT64_FORMAT, state->left);
        const char *name = courier ? courier_label(courier) : state->courier;
        const char *const args[] = {name, number_kind_label(state->kind), left, NULL};
        if (state->left < state->low_mark)
            add(alerts, ALERT_RANGE, state->courier, args);
    }
    return states != NULL;
}

static gboolean ask_books(const struct site *site, GArray *alerts)
{
    char count[24];
    g_snprintf(count, sizeof count, "%u", site->violations);
    const char *const args[] = {count, NULL};
    if (site->violations > 0)
        add(alerts, ALERT_BOOKS, "books", args);
    return TRUE;
}

GArray *alerts_load(struct site *site, guint per_kind, GError **error)
{
    g_autoptr(GArray) alerts = g_array_new(FALSE, FALSE, sizeof(struct alert));
    gboolean good = TRUE;
    for (enum alert_kind kind = 0; kind < ALERT_KINDS && good; kind++)
        good = kind == ALERT_BOOKS   ? ask_books(site, alerts)
               : kind == ALERT_RANGE ? ask_ranges(site, alerts, error)
                                     : ask(site, alerts, kind, per_kind, error);
    return good ? g_steal_pointer(&alerts) : NULL;
}
