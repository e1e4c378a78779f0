/* SPDX-License-Identifier: MIT
 *
 * A floor with a whole history, made by the program alone: orders imported and released, one in ten worked to the dock, the
 * others cancelled. What an order takes on the disk, what of it is history; and how long, and in how much memory,
 * packline check --full folds it again. At most 100,000 orders: it takes as long as the floor itself did.
 */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/db/rows.h"
#include "core/intake/import_orders.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/measure.h"
#include "tests/support/headless.h"

enum { MOST = 100000, PRODUCTS = 40, WORKED_OF = 10 };

/* Bytes an order of the same floor when events kept no differences yet: they do not depend on the machine. */
enum { BEFORE_ON_SQLITE = 2035, BEFORE_ON_POSTGRES = 3330 };

/* --- the floor ------------------------------------------------------------------------------------------ */

static char *make_file(int64_t orders)
{
    char *path = g_build_filename(g_get_tmp_dir(), "history.csv", NULL);
    FILE *file = fopen(path, "w");
    g_assert_nonnull(file);
    fputs("order_no,ordered_at,name,phone,address,sku,title,quantity,price,courier\n", file);
    for (int i = 0; i < orders; i++)
        fprintf(file, "H%07d,2026-11-22 10:%02d:00,王小明,09%08d,臺中市西屯區示範路%d號,SKU-%02d,馬克杯,1,100,hct\n", i, i % 60, i,
                i % 500, i % PRODUCTS);
    g_assert_cmpint(fclose(file), ==, 0);
    return path;
}

static void import(struct bench_floor *bench, int64_t orders)
{
    g_autofree char *path = make_file(orders);
    struct import_orders import = {.path = path, .shop = "history", .format = "generic"};
    struct import_result result = {0};
    GError *error = NULL;
    import_orders(bench->floor->site, &import, &result, &error);
    g_assert_no_error(error);
    import_result_clear(&result);
    unlink(path);
}

/* One event like it for each row of a query (a shipment, and what of it is meant), which must all be done. */
static void all(struct bench_floor *bench, struct event like, size_t member, const char *text)
{
    struct floor *floor = bench->floor;
    GError *error = NULL;
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(struct event));
    struct rows *rows = db_query(floor->site->db, floor_sql(text), DB_ARGS("history"), &error);
    while (rows_next(rows, &error) > 0) {
        like.key = flow_key(floor->site);
        like.shipment_id = rows_int(rows, 0);
        if (member)
            memcpy((char *)&like + member, &(int64_t){rows_int(rows, 1)}, sizeof(int64_t));
        g_array_append_val(events, like);
    }
    g_assert_no_error(error);
    g_autofree struct outcome *outcomes = g_new0(struct outcome, events->len + 1);
    flow_apply(floor->site, (const struct event *)(const void *)events->data, events->len, outcomes, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < events->len; i++)
        if (outcomes[i].verdict != VERDICT_DONE)
            g_error("%s: PL-%04d %s", flow_event_name(like.kind), (int)outcomes[i].code, outcomes[i].text);
}

#define OF_FILE                                                                                                        \
    "FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN shop h ON h.id = o.shop_id AND h.code = $1 "
#define WORKED "o.external_id LIKE '%0' "
#define ALL(event_, member, text)                                                                                      \
    all(bench, (struct event)event_, offsetof(struct event, member), text)
#define EVENT(...) {__VA_ARGS__}

static void work(struct bench_floor *bench)
{
    const struct floor *floor = bench->floor;
    int64_t manifest =
        floor_do(bench->floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"}).subject_id;
    ALL(EVENT(.kind = EV_CANCEL, .actor = floor->lead, .reason = "past"), shipment_id,
        "SELECT s.id, s.id " OF_FILE "WHERE NOT " WORKED "ORDER BY s.id");
    ALL(EVENT(.kind = EV_PICK, .actor = floor->picker, .quantity = 1), task_id,
        "SELECT s.id, t.id " OF_FILE "JOIN pick_task t ON t.shipment_id = s.id WHERE " WORKED "ORDER BY t.id");
    ALL(EVENT(.kind = EV_PACK, .actor = floor->packer, .quantity = 1), line_id,
        "SELECT s.id, l.id " OF_FILE "JOIN shipment_line l ON l.shipment_id = s.id WHERE " WORKED "ORDER BY l.id");
    ALL(EVENT(.kind = EV_CLOSE, .actor = floor->packer), shipment_id, "SELECT s.id, s.id " OF_FILE "WHERE " WORKED "ORDER BY s.id");
    ALL(EVENT(.kind = EV_APPLY, .actor = floor->lead), waybill_id,
        "SELECT s.id, w.id " OF_FILE "JOIN parcel p ON p.shipment_id = s.id JOIN waybill w ON w.parcel_id = p.id WHERE " WORKED
        "ORDER BY w.id");
    ALL(EVENT(.kind = EV_OUT, .actor = floor->dock, .manifest_id = manifest), parcel_id,
        "SELECT s.id, p.id " OF_FILE "JOIN parcel p ON p.shipment_id = s.id WHERE " WORKED "ORDER BY p.id");
}

/* --- what it takes -------------------------------------------------------------------------------------- */

/* Without what deleted rows have left behind. */
static int64_t bytes_on_sqlite(const char *path)
{
    g_autofree char *copy = g_build_filename(g_get_tmp_dir(), "history-size.db", NULL);
    g_autofree char *text = g_strdup_printf("VACUUM INTO '%s'", copy);
    struct stat file;
    sqlite3 *handle = NULL;
    unlink(copy);
    if (sqlite3_open(path, &handle) != SQLITE_OK || sqlite3_exec(handle, text, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", path, sqlite3_errmsg(handle));
    sqlite3_close(handle);
    g_assert_cmpint(stat(copy, &file), ==, 0);
    unlink(copy);
    return file.st_size;
}

static int64_t bytes_on_postgres(const char *url)
{
    PGconn *conn = PQconnectdb(url);
    PQclear(PQexec(conn, "VACUUM FULL"));
    PGresult *result = PQexec(conn, "SELECT pg_database_size(current_database())");
    int64_t bytes = PQntuples(result) == 1 ? g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    PQfinish(conn);
    return bytes;
}

static int64_t bytes_of(struct bench_floor *bench)
{
    bench_pause(bench);
    int64_t bytes = bench->test.engine == DB_POSTGRES ? bytes_on_postgres(bench->test.url)
                                                      : bytes_on_sqlite(bench->test.url + strlen("sqlite:"));
    bench_resume(bench);
    return bytes;
}

struct cost {
    double seconds, cpu_s, megabytes;
};

static struct cost check(struct bench_floor *bench)
{
    g_autofree char *program = headless_program("packline");
    int64_t start = measure_now_ns();
    struct rusage used;
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        execl(program, program, "check", "--full", "--db", bench->test.url, (char *)NULL);
        _exit(127);
    }
    g_assert_cmpint(wait4(pid, &status, 0, &used), ==, pid);
    if (status != 0)
        g_error("packline check --full ended with %d", WEXITSTATUS(status));
    double cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                   (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    return (struct cost){measure_seconds_since(start), cpu_s, (double)used.ru_maxrss / 1024};
}

static void measure(enum db_engine engine, int64_t past)
{
    char title[120];
    int64_t orders = MIN(past, MOST), start = measure_now_ns();
    struct bench_floor *bench = bench_floor_open(engine, 0);
    int64_t empty = bytes_of(bench);
    import(bench, orders);
    work(bench);
    double made_s = measure_seconds_since(start);
    int64_t full = bytes_of(bench);
    bench_pause(bench);
    struct cost cost = check(bench);
    bench_resume(bench);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders with their history, one in %d worked to the dock",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, WORKED_OF);
    measure_head(title);
    measure_row("bytes an order (baseline: before histories)", (double)(full - empty) / (double)orders,
                engine == DB_SQLITE ? BEFORE_ON_SQLITE : BEFORE_ON_POSTGRES, "", (struct mark){.most_ratio = 1.3});
    measure_row("packline check --full (baseline: its making)", cost.seconds, made_s, "s", (struct mark){.most = 60});
    measure_row("  its processor time", cost.cpu_s, 0, "s", NO_MARK);
    measure_row("  its memory", cost.megabytes, 0, "MB", (struct mark){.most = 512});
    bench_floor_free(bench);
}

int main(void)
{
    bench_each(measure);
    return 0;
}
