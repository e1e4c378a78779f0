/* SPDX-License-Identifier: MIT */
#include "core/sim/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/act/act.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/intake/goods_file.h"
#include "core/intake/import_orders.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/site/first_rows.h"
#include "core/site/site.h"
#include "core/site/site_setting.h"

/* assets/demo, in the order it comes in; the last when the orders it cancels are packed. */
static const struct demo_file {
    const char *name;
    enum goods_kind goods;
    const char *shop, *format; /* NULL: no orders */
} FILES[] = {
    {"products.csv", GOODS_PRODUCTS, NULL, NULL},
    {"stock.csv", GOODS_STOCK, NULL, NULL},
    {"ranges.csv", GOODS_RANGES, NULL, NULL},
    {"orders-web.csv", GOODS_KIND_COUNT, "web", "generic"},
    {"orders-shopee.csv", GOODS_KIND_COUNT, "shopee", "shopee_tw"},
    {"orders-web-cancelled.csv", GOODS_KIND_COUNT, "web", "generic"},
};
enum { FILE_CANCELLED = G_N_ELEMENTS(FILES) - 1 };

static const struct {
    const char *badge, *name;
    enum role role;
    const char *pin;
} PEOPLE[] = {
    {"P01", "林小美", ROLE_PACKER, "2580"},   {"P02", "周大偉", ROLE_PACKER, "2581"},  {"K01", "阿明", ROLE_PICKER, "2582"},
    {"K02", "小玲", ROLE_PICKER, "2583"},     {"D01", "老陳", ROLE_DOCK, "2584"},      {"L01", "陳組長", ROLE_LEAD, "258013"},
    {"M01", "吳經理", ROLE_MANAGER, "258014"}, {"A01", "管理員", ROLE_ADMIN, "258015"},
};

static const struct demo_find FINDS[] = {
    {"W1201", N_("late: past its cut-off")},
    {"W1205", N_("short: the red mugs are nearly gone")},
    {"W1206", N_("unpaid")},
    {"W1208", N_("held by the lead")},
    {"W1209", N_("a SKU that is not mapped yet (and W1210)")},
    {"W1211", N_("cancelled in the shop after packing")},
    {"W1212", N_("an address without a postcode")},
    {"W1214", N_("a name of 60 characters")},
    {"W1215", N_("cash on delivery")},
    {"W1216", N_("store pickup with the carrier's own slip")},
    {"W1218", N_("a lot near its expiry goes first")},
    {"W1219", N_("Kerry: a range with 20 numbers left")},
    {"W1220", N_("a label nobody is sure of")},
    {"W1221", N_("presale")},
    {"label-2", N_("a printer out of paper")},
    {NULL, NULL},
};

enum { SHIPMENT_OF, NEXT_TASK, NEXT_LINE, WAYBILL_OF, PARCEL_OF, JOB_OF, READY_OF, STATION_PUT, DEMO_COUNT };

static const struct sql SQL[] = {
    [DEMO_COUNT] = {"demo_count", "SELECT COALESCE(CAST(SUM(is_demo) AS BIGINT), 0), "
                                  "COALESCE(CAST(SUM(1 - is_demo) AS BIGINT), 0) FROM warehouse"},
    [SHIPMENT_OF] = {"demo_shipment", "SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id "
                                      "WHERE o.external_id = $1"},
    [NEXT_TASK] = {"demo_task", "SELECT id, quantity - picked FROM pick_task WHERE shipment_id = $1 AND open = 1 "
                                "ORDER BY id LIMIT 1"},
    [NEXT_LINE] = {"demo_line", "SELECT l.id, l.picked - l.packed, COALESCE((SELECT MIN(t.lot_id) FROM pick_task t "
                                "WHERE t.line_id = l.id AND t.picked > 0), 0) FROM shipment_line l "
                                "WHERE l.shipment_id = $1 AND l.state = 'picked' ORDER BY l.id LIMIT 1"},
    [WAYBILL_OF] = {"demo_waybill", "SELECT w.id FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                    "WHERE p.shipment_id = $1 AND w.state IN ('assigned', 'printed')"},
    [PARCEL_OF] = {"demo_parcel", "SELECT id FROM parcel WHERE shipment_id = $1 ORDER BY number LIMIT 1"},
    [JOB_OF] = {"demo_job", "SELECT id FROM job WHERE shipment_id = $1 AND kind = 'waybill' AND state = 'queued' "
                            "ORDER BY id LIMIT 1"},
    [READY_OF] = {"demo_ready",
                  "SELECT s.id FROM shipment s WHERE s.state = 'ready' AND s.courier = $1 AND s.units < 5 AND NOT "
                  "EXISTS (SELECT 1 FROM shipment_line l JOIN product p ON p.id = l.product_id WHERE "
                  "l.shipment_id = s.id AND p.has_lots = 1) AND s.order_id IN (SELECT id FROM sales_order WHERE external_id "
                  "< 'W12') ORDER BY s.cut_off_at, s.id LIMIT $2"},
    [STATION_PUT] = {"demo_station",
                     "INSERT INTO station (id, warehouse_id, owner_id, name, printer_id, backup_printer_id) "
                     "VALUES ($1, $2, $3, $4, (SELECT id FROM printer WHERE warehouse_id = $2 AND name = 'label-1'), "
                     "(SELECT id FROM printer WHERE warehouse_id = $2 AND name = 'label-3'))"},
};

struct demo {
    const char *dir;
    struct site *site;
    struct actor as[ROLE_COUNT]; /* the first of each role */
};

const struct demo_find *demo_finds(void)
{
    return FINDS;
}

char *demo_url(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "demo.db", NULL);
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    return g_strconcat("sqlite:", whole, NULL);
}

/* --- files ---------------------------------------------------------------------------------------------- */

/* "{-135}" is a moment so many minutes from now, "{+12d}" a date so many days from now: a demo is never stale. */
static void append_token(GString *out, const char *token, const struct site *site)
{
    int64_t number = g_ascii_strtoll(token, NULL, 10);
    gboolean days = strchr(token, 'd') != NULL;
    int64_t at = site_now(site) + number * (days ? INT64_C(86400000) : INT64_C(60000));
    g_autofree char *text = clock_format(site->zone, at, days ? "%Y-%m-%d" : "%Y-%m-%d %H:%M");
    g_string_append(out, text);
}

static char *expand(const char *text, const struct site *site)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p;) {
        const char *end = *p == '{' && (p[1] == '-' || p[1] == '+') ? strchr(p, '}') : NULL;
        if (!end) {
            g_string_append_c(out, *p++);
            continue;
        }
        g_autofree char *token = g_strndup(p + 1, (gsize)(end - p - 1));
        append_token(out, token, site);
        p = end + 1;
    }
    return g_string_free(out, FALSE);
}

/* A directory below the demo's own, made where there is none, and one below that where it is named; links are not followed. */
static int below(const char *dir, const char *name, const char *further)
{
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), first = top >= 0 ? new_dir_open(top, name, TRUE) : -1;
    int last = further && first >= 0 ? new_dir_open(first, further, TRUE) : first;
    int cause = errno;
    if (top >= 0)
        close(top);
    if (first >= 0 && first != last)
        close(first);
    errno = cause;
    return last;
}

static gboolean make_below(const char *dir, const char *name, const char *further, GError **error)
{
    int made = below(dir, name, further);
    g_autofree char *path = g_build_filename(dir, name, further, NULL);
    if (made < 0)
        return err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    return close(made), TRUE;
}

static char *file_path(const struct demo *demo, const char *name)
{
    return g_build_filename(demo->dir, "files", name, NULL);
}

static gboolean write_file(const struct demo *demo, const char *name, GError **error)
{
    g_autofree char *relative = g_build_filename("demo", name, NULL);
    g_autofree char *from = paths_asset(relative), *to = file_path(demo, name), *text = NULL;
    g_autoptr(GError) why = NULL;
    g_autofree char *expanded = g_file_get_contents(from, &text, NULL, &why) ? expand(text, demo->site) : NULL;
    if (!expanded)
        return err_set(error, ERR_FILE_READ, from, why->message);
    int files = below(demo->dir, "files", NULL);
    gboolean good = files >= 0 && new_file_put(files, name, expanded, strlen(expanded), NULL);
    if (!good)
        err_set(error, ERR_FILE_WRITE, to, g_strerror(errno));
    if (files >= 0)
        close(files);
    return good;
}

static gboolean import_file(const struct demo *demo, const struct demo_file *file, GError **error)
{
    g_autofree char *path = file_path(demo, file->name);
    if (!file->shop) {
        const struct goods_import goods = {.kind = file->goods, .path = path};
        return goods_import(demo->site, &goods, &(struct intake_tally){0}, error);
    }
    struct import_result result;
    const struct import_orders orders = {.path = path, .shop = file->shop, .format = file->format};
    gboolean done = import_orders(demo->site, &orders, &result, error);
    import_result_clear(&result);
    return done;
}

static gboolean bring_files(const struct demo *demo, GError **error)
{
    gboolean done = TRUE;
    for (size_t i = 0; done && i < G_N_ELEMENTS(FILES); i++)
        done = write_file(demo, FILES[i].name, error) && (i == FILE_CANCELLED || import_file(demo, &FILES[i], error));
    return done;
}

/* --- people, printers, places --------------------------------------------------------------------------- */

static gboolean add_people(struct demo *demo, GError **error)
{
    const struct actor *system = &demo->as[ROLE_SYSTEM];
    for (size_t i = 0; i < G_N_ELEMENTS(PEOPLE); i++) {
        int64_t id = 0, *first = &demo->as[PEOPLE[i].role].person_id;
        if (!person_add(demo->site, system, PEOPLE[i].badge, PEOPLE[i].name, PEOPLE[i].role, PEOPLE[i].pin, &id, error))
            return FALSE;
        if (*first == 0)
            *first = id;
    }
    return TRUE;
}

static gboolean add_printer(struct demo *demo, const char *name, const char *backup, GError **error)
{
    g_autofree char *labels = g_build_filename(demo->dir, "labels", name, NULL);
    g_autofree char *whole = g_canonicalize_filename(labels, NULL);
    g_autofree char *uri = g_strconcat("file:", whole, NULL);
    return make_below(demo->dir, "labels", name, error) &&
           printer_put(demo->site, &demo->as[ROLE_SYSTEM], name, uri, "", backup, error);
}

/* label-2 stands at another host, where no worker of this machine looks after it: it stays out of paper. */
static gboolean add_printers(struct demo *demo, GError **error)
{
    const struct actor *system = &demo->as[ROLE_SYSTEM];
    struct printer_row row;
    return add_printer(demo, "label-1", NULL, error) && add_printer(demo, "label-3", NULL, error) &&
           add_printer(demo, "label-1", "label-3", error) && /* made first: a station of no name prints there */
           printer_put(demo->site, system, "label-2", "cups:label-2", "bench-2.demo", "label-1", error) &&
           printer_find(demo->site, "label-2", &row, error) > 0 &&
           printer_report(demo->site, &row, PRINTER_ATTENTION, N_("out of paper"), error);
}

static gboolean add_places(struct db *db, void *data, GError **error)
{
    static const char *const STATIONS[] = {"bench-1", "bench-2", "bench-3", "dock-1"};
    struct demo *demo = data;
    struct site *site = demo->site;
    for (int i = 1; i <= 40; i++) {
        char code[8];
        g_snprintf(code, sizeof code, "T-%02d", i);
        if (site_location(site, "tote", code, TRUE, error) < 0)
            return FALSE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(STATIONS); i++)
        if (!db_exec(db, &SQL[STATION_PUT], DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, STATIONS[i]),
                     NULL, error))
            return FALSE;
    return TRUE;
}

/* --- work that has been done already -------------------------------------------------------------------- */

static gboolean shipment_of(struct demo *demo, const char *order, int64_t *id, GError **error)
{
    int found = db_get_ints(demo->site->db, &SQL[SHIPMENT_OF], DB_ARGS(order), id, 1, error);
    if (found == 0)
        err_set(error, ERR_INTERNAL, order);
    return found > 0;
}

static gboolean pick_all(struct demo *demo, int64_t shipment_id, GError **error)
{
    int64_t task[2];
    int found;
    while ((found = db_get_ints(demo->site->db, &SQL[NEXT_TASK], DB_ARGS(shipment_id), task, 2, error)) > 0) {
        const struct event pick = {.kind = EV_PICK, .actor = demo->as[ROLE_PICKER], .shipment_id = shipment_id,
                                   .task_id = task[0], .quantity = task[1]};
        if (!flow_do(demo->site, pick, NULL, error))
            return FALSE;
    }
    return found == 0;
}

static gboolean pack_all(struct demo *demo, int64_t shipment_id, GError **error)
{
    struct event event = {.kind = EV_PACK, .actor = demo->as[ROLE_PACKER], .shipment_id = shipment_id};
    int64_t line[3];
    int found;
    while ((found = db_get_ints(demo->site->db, &SQL[NEXT_LINE], DB_ARGS(shipment_id), line, 3, error)) > 0) {
        event.line_id = line[0], event.quantity = line[1], event.lot_id = line[2];
        if (!flow_do(demo->site, event, NULL, error))
            return FALSE;
    }
    event = (struct event){.kind = EV_CLOSE, .actor = event.actor, .shipment_id = shipment_id};
    return found == 0 && flow_do(demo->site, event, NULL, error);
}

/* Nobody but the demo works on its floor: what another worker could take away, none does. */
static gboolean had(gboolean thing, GError **error)
{
    return thing || err_set(error, ERR_DB_SERIALIZE);
}

/* As the worker does it: the label's job goes to a printer in a submission of its own, with the end that is given. */
static gboolean send_label(struct demo *demo, int64_t shipment_id, const char *printer, enum fate fate,
                           const char *text, GError **error)
{
    struct event retry = {.kind = EV_JOB_RETRY, .actor = demo->as[ROLE_SYSTEM]};
    struct printer_row row;
    struct submission submission;
    struct job job;
    gboolean made = FALSE, all = FALSE, sealed = FALSE;
    if (db_get_ints(demo->site->db, &SQL[JOB_OF], DB_ARGS(shipment_id), &retry.job_id, 1, error) < 0 ||
        printer_find(demo->site, printer, &row, error) <= 0)
        return FALSE;
    retry.printer_id = row.id;
    if (!flow_do(demo->site, retry, NULL, error) || job_load(demo->site, retry.job_id, &job, error) <= 0)
        return FALSE;
    g_autoptr(GArray) jobs = g_array_new(FALSE, FALSE, sizeof(struct job));
    job.page = 1;
    g_array_append_val(jobs, job);
    return submission_make(demo->site, &row, jobs, &submission, &made, &all, error) && had(all, error) &&
           submission_seal(demo->site, &submission, 1, &sealed, error) && had(sealed, error) &&
           submission_settle(demo->site, &submission, fate == FATE_PRINTED ? 1 : 0, fate, text, error);
}

static gboolean apply_label(struct demo *demo, int64_t shipment_id, GError **error)
{
    struct event apply = {.kind = EV_APPLY, .actor = demo->as[ROLE_PACKER], .shipment_id = shipment_id};
    return send_label(demo, shipment_id, "label-1", FATE_PRINTED, "", error) &&
           db_get_ints(demo->site->db, &SQL[WAYBILL_OF], DB_ARGS(shipment_id), &apply.waybill_id, 1, error) > 0 &&
           flow_do(demo->site, apply, NULL, error);
}

static gboolean scan_out(struct demo *demo, int64_t shipment_id, int64_t manifest_id, GError **error)
{
    struct event out = {.kind = EV_OUT, .actor = demo->as[ROLE_DOCK], .shipment_id = shipment_id,
                        .manifest_id = manifest_id};
    return db_get_ints(demo->site->db, &SQL[PARCEL_OF], DB_ARGS(shipment_id), &out.parcel_id, 1, error) > 0 &&
           flow_do(demo->site, out, NULL, error);
}

/* Of one courier's orders some have left, some wait at the dock, some at the bench, some are being picked. */
static gboolean work_of_a_day(struct demo *demo, GError **error)
{
    enum { OUT = 10, LABELLED = 16, PACKED = 19, PICKED = 24, ALL = 32 };
    const struct event open = {.kind = EV_MANIFEST_OPEN, .actor = demo->as[ROLE_DOCK], .courier = "hct"};
    const struct event make = {.kind = EV_BATCH_MAKE, .actor = demo->as[ROLE_LEAD], .courier = "hct",
                               .person_id = demo->as[ROLE_PICKER].person_id};
    struct event add = {.kind = EV_BATCH, .actor = demo->as[ROLE_LEAD]};
    struct outcome manifest, batch;
    g_autoptr(GArray) ids = rows_ints(db_query(demo->site->db, &SQL[READY_OF], DB_ARGS("hct", ALL), error), error);
    gboolean done = ids && flow_do(demo->site, open, &manifest, error) && flow_do(demo->site, make, &batch, error);
    for (guint i = 0; done && i < ids->len; i++) {
        int64_t id = g_array_index(ids, int64_t, i);
        add.shipment_id = id;
        add.batch_id = batch.subject_id;
        done = (i < PICKED ? pick_all(demo, id, error) : flow_do(demo->site, add, NULL, error)) &&
               (i >= PACKED || pack_all(demo, id, error)) && (i >= LABELLED || apply_label(demo, id, error)) &&
               (i >= OUT || scan_out(demo, id, manifest.subject_id, error));
    }
    return done;
}

static gboolean packed(struct demo *demo, const char *order, int64_t *id, GError **error)
{
    return shipment_of(demo, order, id, error) && pick_all(demo, *id, error) && pack_all(demo, *id, error);
}

static gboolean troubles(struct demo *demo, GError **error)
{
    struct event hold = {.kind = EV_BLOCK, .actor = demo->as[ROLE_LEAD], .block = BLOCK_HELD,
                         .reason = "buyer calls back"};
    int64_t cancelled = 0, unsure = 0;
    return shipment_of(demo, "W1208", &hold.shipment_id, error) && flow_do(demo->site, hold, NULL, error) &&
           packed(demo, "W1211", &cancelled, error) && import_file(demo, &FILES[FILE_CANCELLED], error) &&
           packed(demo, "W1220", &unsure, error) &&
           send_label(demo, unsure, "label-2", FATE_UNKNOWN,
                      N_("the queue was restarted while the label was being printed"), error);
}

static gboolean fill_floor(struct demo *demo, GError **error)
{
    const struct actor *system = &demo->as[ROLE_SYSTEM];
    demo->as[ROLE_SYSTEM].person_id = demo->site->system_person_id;
    return site_setting_set(demo->site, system, "demo_login", DEMO_LOGIN, error) && add_people(demo, error) &&
           add_printers(demo, error) && db_transaction(demo->site->db, add_places, demo, error) &&
           bring_files(demo, error) && work_of_a_day(demo, error) && troubles(demo, error);
}

/* --- making and removing -------------------------------------------------------------------------------- */

/* Whether the database there is a demo, of whatever version. */
static gboolean is_demo(const char *url, const char *path, GError **error)
{
    g_autoptr(db) db = db_open(url, DB_INSPECT, NULL);
    int64_t counts[2] = {0, 0};
    if (db && db_get_ints(db, &SQL[DEMO_COUNT], DB_NO_ARGS, counts, 2, NULL) > 0 && counts[0] > 0 && counts[1] == 0)
        return TRUE;
    return err_set(error, ERR_DEMO_OTHER, path);
}

static void remove_demo(const char *dir)
{
    static const char *const NAMES[] = {"demo.db", "demo.db-wal", "demo.db-shm", "demo.db-lock", "labels", "files"};
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; top >= 0 && i < G_N_ELEMENTS(NAMES); i++)
        new_file_remove(top, NAMES[i]);
    if (top >= 0)
        close(top);
}

/* The directory is free for a demo, or was emptied of one. */
static gboolean make_room(const char *dir, const char *url, gboolean reset, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "demo.db", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK)) /* whose it is that it leads to, it does not say */
        return err_set(error, ERR_DEMO_OTHER, path);
    if (!is_demo(url, path, error))
        return FALSE;
    if (reset)
        remove_demo(dir);
    else
        err_set(error, ERR_DEMO_EXISTS, dir);
    return reset;
}

static gboolean make_dirs(const char *dir, GError **error)
{
    if (g_mkdir_with_parents(dir, 0700) != 0)
        return err_set(error, ERR_FILE_WRITE, dir, g_strerror(errno));
    return make_below(dir, "files", NULL, error) && make_below(dir, "labels", NULL, error);
}

gboolean demo_make(const char *dir, gboolean reset, const struct clock *clock, GError **error)
{
    static const struct site_names NAMES = {.warehouse_code = "DEMO", .warehouse_name = "示範倉",
                                            .time_zone = "Asia/Taipei", .owner_code = "OWN",
                                            .owner_name = "示範商店", .is_demo = TRUE};
    struct demo demo = {.dir = dir};
    g_autofree char *url = demo_url(dir);
    gboolean done = make_room(dir, url, reset, error) && make_dirs(dir, error) && pepper_create(NULL, error) &&
                    site_create(url, &NAMES, clock, error) && (demo.site = site_open(url, "demo", clock, error)) &&
                    fill_floor(&demo, error);
    site_close(demo.site);
    return done;
}
