/* SPDX-License-Identifier: MIT
 *
 * A print run of 24,000 labels, put together and handed over to what CUPS has, by the real worker on a CUPS of its
 * own. The queue passes what it gets to nowhere at once, so that the figure is packline's and cupsd's and not a printer's.
 * The baseline hands the same number of PDFs of the same size to the same queue with lp, as a script would that has them
 * ready. Usage: run_bench [LABELS [LABELS A CUPS JOB]]
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/print/run.h"
#include "printing/label/layout.h"
#include "printing/label/sample.h"
#include "printing/output/renderer.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/measure.h"
#include "tests/support/cups_room.h"
#include "tests/support/paper.h"

enum { LOOK_MS = 1000 };

struct plan {
    int labels, per_job;
    char *lab; /* the lab's directory */
};

/* --- the baseline --------------------------------------------------------------------------------------- */

static GByteArray *one_pdf(const struct plan *plan)
{
    struct fonts *fonts = fonts_new(NULL);
    struct template_store *store = template_store_new();
    struct rendering *pdf = render_pdf.begin(fonts);
    for (int i = 0; i < plan->per_job; i++) {
        struct label *label = sample_label(LABEL_WAYBILL, i);
        GPtrArray *pages =
            layout_label(label, template_for(store, label, "100x150", NULL), fonts_metrics(fonts), 203, NULL);
        renderer_pages(&render_pdf, pdf, pages);
        g_ptr_array_unref(pages);
        label_free(label);
    }
    GByteArray *bytes = render_pdf.finish(pdf, NULL);
    template_store_free(store);
    fonts_free(fonts);
    return bytes;
}

/* Labels a second that lp hands over, a file a job, one after another. */
static double with_lp(const struct plan *plan)
{
    GByteArray *bytes = one_pdf(plan);
    char *path = g_build_filename(plan->lab, "ready.pdf", NULL);
    g_assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    int64_t start = measure_now_ns();
    for (int done = 0; done < plan->labels; done += plan->per_job)
        cups_room_program((const char *[]){"lp", "-s", "-d", "nowhere", path, NULL});
    double rate = plan->labels / measure_seconds_since(start);
    g_byte_array_unref(bytes);
    g_free(path);
    return rate;
}

/* --- the run -------------------------------------------------------------------------------------------- */

struct sale {
    const struct plan *plan;
    struct bench_floor *bench;
    struct run_made made;
    double queue_s, hand_over_s, status_ms;
    int64_t worker_cpu_ms, worker_kb;
};

static void queue_run(struct sale *sale)
{
    struct floor *floor = sale->bench->floor;
    int64_t *ids = g_new0(int64_t, (gsize)sale->plan->labels);
    bench_orders(sale->bench, "N", sale->plan->labels, 1, ids);
    bench_release(sale->bench, ids, sale->plan->labels);
    g_free(ids);
    paper_printer(floor, "label-1", "cups:nowhere", NULL);
    GError *error = NULL;
    struct run_wish wish = {.filter = "courier=hct", .printer = "label-1", .per_submission = sale->plan->per_job};
    int64_t start = measure_now_ns();
    run_start(floor->site, &floor->lead, &wish, &sale->made, NULL, NULL, &error);
    g_assert_no_error(error);
    sale->queue_s = measure_seconds_since(start);
    g_assert_cmpint(sale->made.labels, ==, sale->plan->labels);
}

/* What is left to be handed over, as packline run status says it. */
static int64_t left(struct sale *sale)
{
    GError *error = NULL;
    int64_t start = measure_now_ns();
    GArray *runs = runs_load(sale->bench->floor->site, 1, &error);
    g_assert_no_error(error);
    sale->status_ms = MAX(sale->status_ms, (double)(measure_now_ns() - start) / 1e6);
    const struct run *run = &g_array_index(runs, struct run, 0);
    int64_t queued = run->queued;
    g_assert_cmpint(run->queued + run->under_way + run->printed, ==, run->labels);
    g_array_unref(runs);
    return queued;
}

static void work(struct sale *sale)
{
    int64_t start = measure_now_ns();
    GPid worker = paper_worker(sale->bench->test.url, NULL);
    while (left(sale) > 0) {
        if (waitpid(worker, NULL, WNOHANG) != 0)
            g_error("the worker ended before the run did");
        g_usleep(LOOK_MS * 1000);
    }
    sale->hand_over_s = measure_seconds_since(start);
    sale->worker_cpu_ms = measure_cpu_ms(worker);
    sale->worker_kb = measure_resident_kb(worker);
    kill(worker, SIGTERM);
    paper_worker_wait(worker);
}

static struct plan plan;
static double baseline; /* labels a second */

static void measure(enum db_engine engine, int64_t orders)
{
    struct sale sale = {.plan = &plan, .bench = bench_floor_open(engine, orders)};
    queue_run(&sale);
    work(&sale);
    char *title = g_strdup_printf(
        "%s, %" G_GINT64_FORMAT " orders: a run of %d labels, %d a CUPS job, by the worker; baseline: lp and ready PDFs",
        engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, plan.labels, plan.per_job);
    measure_head(title);
    measure_row("the whole run", sale.queue_s + sale.hand_over_s, plan.labels / baseline, "s",
                (struct mark){.most = engine == DB_SQLITE ? 20 : 30, .most_ratio = 2});
    measure_row("  labels handed to CUPS", plan.labels / sale.hand_over_s, baseline, "/s", NO_MARK);
    measure_row("  CPU of the worker", (double)sale.worker_cpu_ms / 1000, 0, "s", NO_MARK);
    measure_row("  memory of the worker", (double)sale.worker_kb / 1024, 0, "MB", NO_MARK);
    measure_row("  put together (run start)", sale.queue_s, 0, "s", NO_MARK);
    measure_row("run status, longest", sale.status_ms, 0, "ms", NO_MARK);
    g_free(title);
    bench_floor_free(sale.bench);
}

int main(int argc, char **argv)
{
    plan = (struct plan){.labels = argc > 1 ? atoi(argv[1]) : 24000, .per_job = argc > 2 ? atoi(argv[2]) : 50};
    if (!cups_lab_can_run()) {
        printf("  skipped: needs root, cupsd and ippeveprinter\n");
        return 0;
    }
    plan.lab = g_dir_make_tmp("lab.XXXXXX", NULL);
    cups_lab("start", plan.lab);
    baseline = with_lp(&plan);
    bench_each(measure);
    cups_lab("stop", plan.lab);
    g_free(plan.lab);
    return 0;
}
