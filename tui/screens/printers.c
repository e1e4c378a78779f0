/* SPDX-License-Identifier: MIT
 *
 * The print room: runs, printers, and the labels nobody is sure of, with the question and its two answers.
 * The program never prints such a label again by itself.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "tui/screens/run_task.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/table.h"

enum {
    ACT_TURN = 1,
    ACT_PAUSE,
    ACT_RESUME,
    ACT_STOP,
    ACT_PRINTED,
    ACT_NOT_PRINTED,
    ACT_RETRY,
    ACT_START,
    ACT_LEAVE
};
enum { PART_RUNS, PART_PRINTERS, PART_UNSURE, PARTS };
enum { WIDE_COLS = 120, TOP_ROWS = 7, RUNS_MAX = 20, UNSURE_MAX = 100, BAR_COLS = 8 };

static const struct key_row KEYS[] = {
    {K_TAB, ACT_TURN, "turn", N_("part"), N_("Between runs, printers and unsure labels"), KEY_FOOTER},
    {K_NONE, ACT_PRINTED, "yes", N_("came out"), N_("You looked: the label is there"), KEY_FOOTER},
    {K_NONE, ACT_NOT_PRINTED, "no", N_("did not"), N_("You looked: print it once more"), KEY_FOOTER},
    {K_NONE, ACT_RETRY, "retry", N_("retry"), N_("Print a failed label again"), KEY_FOOTER},
    {K_NONE, ACT_PAUSE, "pause", N_("pause"), N_("Let the chosen run rest"), KEY_FOOTER},
    {K_NONE, ACT_RESUME, "continue", N_("go on"), N_("Let the chosen run go on"), KEY_FOOTER},
    {K_NONE, ACT_START, "start", N_("new run"),
     N_("Start a run, for example :start courier=hct shop=web, or batch=B0001"), KEY_FOOTER | KEY_TAKES},
    {K_NONE, ACT_STOP, "cancel", N_("cancel run"), N_("End the chosen run; what has not come out never will"), KEY_WHOLE},
    {K_ESC, ACT_LEAVE, "back", N_("back"), N_("Back to the queue"), 0},
    {0},
};

struct printers {
    struct cursor cursors[PARTS];
    int64_t selected[PARTS]; /* the row each cursor is on: an answer is for the label that was looked at */
    int part;
    char wanted[64]; /* the printer an alert is about, until it is there */
};

struct print_snapshot {
    GArray *parts[PARTS]; /* of struct run, struct printer_row, struct unsure */
};

static void snapshot_free(void *data)
{
    struct print_snapshot *snapshot = data;
    for (int i = 0; i < PARTS; i++)
        if (snapshot->parts[i])
            g_array_unref(snapshot->parts[i]);
    g_free(snapshot);
}

static void *printers_load_all(struct session *session, const void *question, GError **error)
{
    (void)question;
    struct print_snapshot *snapshot = g_new0(struct print_snapshot, 1);
    GArray **parts = snapshot->parts;
    parts[PART_RUNS] = runs_load(session->site, RUNS_MAX, error);
    parts[PART_PRINTERS] = parts[PART_RUNS] ? printers_load(session->site, NULL, error) : NULL;
    parts[PART_UNSURE] = parts[PART_PRINTERS] ? jobs_unsure(session->site, UNSURE_MAX, error) : NULL;
    if (parts[PART_UNSURE])
        return snapshot;
    snapshot_free(snapshot);
    return NULL;
}

/* --- drawing -------------------------------------------------------------------------------------------- */

struct drawing {
    const GArray *rows;
    const struct place *place;
    enum glyph_set glyphs;
};

static const struct table_column RUN_COLUMNS[] = {
    {N_("run"), 6, 0, TEXT_LEFT, 0},
    {N_("of"), 7, 1, TEXT_LEFT, 0},
    {N_("labels"), BAR_COLS + 10, 0, TEXT_LEFT, 0},
    {N_("?"), 2, 0, TEXT_RIGHT, 0},
    {N_("an hour"), 7, 0, TEXT_RIGHT, 78},
    {N_("ends"), 5, 0, TEXT_RIGHT, 0},
    {N_("printer"), 8, 0, TEXT_LEFT, 0},
    {N_("state"), 8, 0, TEXT_LEFT, 0},
};
static const struct table_column PRINTER_COLUMNS[] = {
    {N_("printer"), 10, 0, TEXT_LEFT, 0}, {N_("state"), 10, 1, TEXT_LEFT, 0},
    {N_("for"), 8, 0, TEXT_RIGHT, 0},     {N_("waits"), 5, 0, TEXT_RIGHT, 0},
    {N_("roll"), 5, 0, TEXT_RIGHT, 60},     {N_("backup"), 8, 0, TEXT_LEFT, 70},
};
static const struct table_column UNSURE_COLUMNS[] = {
    {N_("label"), 14, 0, TEXT_LEFT, 0},  {N_("order"), 14, 0, TEXT_LEFT, 0},
    {N_("printer"), 9, 0, TEXT_LEFT, 0}, {N_("state"), 8, 0, TEXT_LEFT, 0},
    {N_("why"), 10, 1, TEXT_LEFT, 0},
};

static const char *run_state(const char *stored)
{
    static const char *const STATES[] = {N_("running"), N_("paused"), N_("done"), N_("cancelled")};
    for (size_t i = 0; i < G_N_ELEMENTS(STATES); i++)
        if (strcmp(STATES[i], stored) == 0)
            return _(STATES[i]);
    return stored;
}

static void clock_cell(int64_t at_utc_ms, const struct place *place, struct table_cell *cell)
{
    char *text = at_utc_ms ? clock_format(place->desk->zone, at_utc_ms, "%H:%M") : g_strdup("-");
    g_strlcpy(cell->text, text, sizeof cell->text);
    g_free(text);
}

/* What it is of, without the names of the terms: "hct web". */
static const char *filter_text(const struct run *run, char text[static 128])
{
    char **terms = g_strsplit(run->filter, " ", -1);
    text[0] = '\0';
    for (int i = 0; terms[i]; i++) {
        const char *value = strchr(terms[i], '=');
        g_strlcat(text, i ? " " : "", 128);
        g_strlcat(text, value ? value + 1 : terms[i], 128);
    }
    g_strfreev(terms);
    return text;
}

/* How long it has been so. */
static void since_cell(int64_t since_utc_ms, int64_t now_utc_ms, struct table_cell *cell)
{
    char text[24] = "-";
    if (since_utc_ms)
        work_until(now_utc_ms + MAX(now_utc_ms - since_utc_ms, 0), now_utc_ms, text);
    g_strlcpy(cell->text, text, sizeof cell->text);
}

static void run_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct run *run = &g_array_index(drawing->rows, struct run, n);
    char filter[128];
    const char *const texts[] = {
        run->number, filter_text(run, filter), "", "", "", "", run->printer, run_state(run->state)};
    g_strlcpy(cell->text, texts[column], sizeof cell->text);
    if (column == 2) {
        chart_bar_text(cell->text, sizeof cell->text, drawing->glyphs, BAR_COLS, run->printed, run->labels,
                       TRUE);
        char count[40];
        g_snprintf(count, sizeof count, " %d/%d", (int)run->printed, (int)run->labels);
        g_strlcat(cell->text, count, sizeof cell->text);
        cell->ink = run->printed == run->labels ? INK_GOOD : INK_INFO;
    }
    if (column == 3) {
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)(run->unsure + run->failed));
        cell->ink = run->unsure + run->failed ? INK_BAD : INK_DIM;
    }
    if (column == 4 && run->labels_per_hour > 0)
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)run->labels_per_hour);
    if (column == 5)
        clock_cell(run->ends_at, drawing->place, cell);
}

static const enum ink HEALTH_INKS[] = {
    [PRINTER_NOT_ASKED] = INK_DIM,  [PRINTER_READY] = INK_GOOD,  [PRINTER_PRINTING] = INK_GOOD,
    [PRINTER_ATTENTION] = INK_WARN, [PRINTER_STOPPED] = INK_BAD, [PRINTER_OFFLINE] = INK_BAD,
};

static void printer_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct printer_row *row = &g_array_index(drawing->rows, struct printer_row, n);
    const char *const texts[] = {row->name, printer_health_label(row->health), "", "", "", row->backup};
    g_strlcpy(cell->text, texts[column], sizeof cell->text);
    if (column == 1) {
        if (row->text[0])
            g_snprintf(cell->text, sizeof cell->text, "%s: %s", texts[1], _(row->text));
        cell->ink = HEALTH_INKS[row->health];
    }
    if (column == 2)
        since_cell(row->since_at, drawing->place->now_utc_ms, cell);
    if (column == 3)
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->waiting);
    if (column == 4 && row->labels_left >= 0) {
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->labels_left);
        cell->ink = row->labels_left < row->waiting ? INK_WARN : INK_NORMAL;
    }
}

static void unsure_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct unsure *job = &g_array_index(drawing->rows, struct unsure, n);
    const char *const texts[] = {job->number[0] ? job->number : job->kind, job->order, job->printer,
                                 flow_state_label(job->state), _(job->text)};
    g_strlcpy(cell->text, texts[column], sizeof cell->text);
    if (column == 3)
        cell->ink = job->state == ST_UNKNOWN ? INK_WARN : INK_BAD;
}

struct part {
    const char *title, *none; /* N_() */
    const struct table_column *columns;
    int column_count;
    void (*cell)(const void *rows, int row, int column, struct table_cell *cell);
};

static const struct part PART_ROWS[PARTS] = {
    [PART_RUNS] = {N_("Runs"), N_("No labels are printed ahead: :start"), RUN_COLUMNS, G_N_ELEMENTS(RUN_COLUMNS), run_cell},
    [PART_PRINTERS] = {N_("Printers"), N_("There is no printer: packline printers add"), PRINTER_COLUMNS, G_N_ELEMENTS(PRINTER_COLUMNS), printer_cell},
    [PART_UNSURE] = {N_("Look at the printer: did these come out?"), N_("No label is in doubt"), UNSURE_COLUMNS,
                     G_N_ELEMENTS(UNSURE_COLUMNS), unsure_cell},
};

static struct rect part_rect(struct rect body, int part)
{
    gboolean wide = body.cols >= WIDE_COLS;
    int third = wide ? body.rows / 2 : MIN(TOP_ROWS, body.rows / 3), half = body.cols / 2;
    const struct rect tall[PARTS] = {{body.row, 0, third, body.cols},
                                     {body.row + third, 0, third, body.cols},
                                     {body.row + 2 * third, 0, body.rows - 2 * third, body.cols}};
    const struct rect broad[PARTS] = {{body.row, 0, third, half},
                                      {body.row, half + 1, third, body.cols - half - 1},
                                      {body.row + third, 0, body.rows - third, body.cols}};
    return wide ? broad[part] : tall[part];
}

static struct rect table_rect(struct rect body, int part)
{
    struct rect rect = part_rect(body, part);
    return (struct rect){rect.row + 1, rect.col, rect.rows - 1, rect.cols};
}

static void draw_part(const struct place *place, struct canvas *canvas, struct rect body, int part)
{
    const struct printers *printers = place->state;
    const GArray *rows = ((const struct print_snapshot *)place->snapshot)->parts[part];
    struct rect rect = part_rect(body, part);
    gboolean here = printers->part == part;
    canvas_hline(canvas, rect.row, rect.col, rect.cols, INK_LINE);
    canvas_textf(canvas, rect.row, rect.col + 1, here ? INK_STRONG : INK_COLUMN, " %s (%u) ",
                 _(PART_ROWS[part].title), rows->len);
    struct drawing drawing = {rows, place, canvas->glyphs};
    struct table table = {PART_ROWS[part].columns, PART_ROWS[part].column_count, PART_ROWS[part].cell, &drawing,
                          (int)rows->len};
    struct cursor cursor = printers->cursors[part];
    if (!here)
        cursor.row = -1;
    struct rect list = table_rect(body, part);
    table_draw(&table, &cursor, canvas, list);
    if (rows->len == 0)
        canvas_field(canvas, list.row + 1, list.col + 1, list.cols - 2, TEXT_LEFT, INK_DIM, _(PART_ROWS[part].none));
}

static void printers_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    for (int part = 0; place->snapshot && place->desk && part < PARTS; part++)
        draw_part(place, canvas, body, part);
}

/* --- handling ------------------------------------------------------------------------------------------- */

struct print_task {
    struct task task; /* first */
    int action;
    int64_t job_id;
    char number[64]; /* of the run or the label */
    struct outcome outcome;
};

static gboolean print_work(struct task *task, struct session *session, GError **error)
{
    struct print_task *print = (struct print_task *)task;
    struct site *site = session->site;
    struct actor by = station_actor(session->station);
    gboolean done = TRUE;
    if (print->action == ACT_PAUSE)
        done = run_pause(site, &by, print->number, error);
    else if (print->action == ACT_STOP)
        done = run_cancel(site, &by, print->number, error);
    else if (print->action == ACT_RESUME)
        done = run_resume(site, &by, print->number, error);
    else if (print->action == ACT_RETRY)
        done = job_retry(site, &by, print->job_id, 0, &print->outcome, error);
    else
        done = job_answer(site, &by, print->job_id, print->action == ACT_PRINTED ? "printed" : "not-printed",
                          &print->outcome, error);
    if (done)
        worker_ensure(site->url, NULL);
    return done;
}

static gboolean is_on_run(int action)
{
    return action == ACT_PAUSE || action == ACT_RESUME || action == ACT_STOP;
}

static const char *done_word(int action)
{
    for (const struct key_row *row = KEYS; row->action; row++)
        if (row->action == action)
            return _(row->label);
    return "";
}

static struct request print_done(struct task *task)
{
    const struct print_task *print = (const struct print_task *)task;
    gboolean done = is_on_run(print->action) || print->outcome.verdict == VERDICT_DONE;
    return request_told(done ? g_strdup_printf("%s: %s", print->number, done_word(print->action))
                             : g_strdup(print->outcome.text), done);
}

static const struct task_ops PRINT_OPS = {print_work, print_done, NULL};

static struct request act(const struct place *place, int action)
{
    const struct printers *printers = place->state;
    const struct print_snapshot *snapshot = place->snapshot;
    gboolean on_run = is_on_run(action);
    int part = on_run ? PART_RUNS : PART_UNSURE, row = printers->cursors[part].row;
    if (!snapshot || row >= (int)snapshot->parts[part]->len)
        return request_refused(on_run ? _("There is no run") : _("There is no such label"));
    struct print_task *print = task_new(sizeof *print, &PRINT_OPS);
    print->action = action;
    if (on_run)
        g_strlcpy(print->number, g_array_index(snapshot->parts[part], struct run, row).number,
                  sizeof print->number);
    else {
        const struct unsure *job = &g_array_index(snapshot->parts[part], struct unsure, row);
        print->job_id = job->job_id;
        g_strlcpy(print->number, job->number[0] ? job->number : job->kind, sizeof print->number);
    }
    return request_run(&print->task);
}

static struct request start_run(const char *filter)
{
    if (filter && filter[0]) {
        char **filters = g_new0(char *, 2);
        filters[0] = g_strdup(filter);
        return run_task_request(filters);
    }
    return request_refused(_("Of which orders? For example :start courier=hct shop=web"));
}

static int64_t id_at(const struct print_snapshot *snapshot, int part, int row)
{
    const GArray *rows = snapshot->parts[part];
    if (row >= (int)rows->len)
        return 0;
    return part == PART_RUNS       ? g_array_index(rows, struct run, row).id
           : part == PART_PRINTERS ? g_array_index(rows, struct printer_row, row).id
                                   : g_array_index(rows, struct unsure, row).job_id;
}

static struct request printers_handle(struct place *place, const struct happening *happening)
{
    struct printers *printers = place->state;
    const struct print_snapshot *snapshot = place->snapshot;
    if (happening->action == ACT_LEAVE)
        return request_of(REQUEST_BACK);
    if (happening->action == ACT_TURN) {
        printers->part = (printers->part + 1) % PARTS;
        return request_of(REQUEST_DRAW);
    }
    if (happening->action == ACT_START)
        return start_run(happening->argument);
    if (happening->action)
        return act(place, happening->action);
    struct cursor *cursor = &printers->cursors[printers->part];
    if (snapshot && cursor_move(cursor, happening->input, (int)snapshot->parts[printers->part]->len,
                                table_visible(table_rect(place->body, printers->part))))
        printers->selected[printers->part] = id_at(snapshot, printers->part, cursor->row);
    return request_of(REQUEST_DRAW);
}

/* An alert leads to its printer. */
static void choose_wanted(struct printers *printers, const GArray *rows)
{
    for (guint row = 0; printers->wanted[0] && row < rows->len; row++) {
        const struct printer_row *printer = &g_array_index(rows, struct printer_row, row);
        if (strcmp(printer->name, printers->wanted) == 0) {
            printers->part = PART_PRINTERS;
            printers->selected[PART_PRINTERS] = printer->id;
        }
    }
    printers->wanted[0] = '\0';
}

/* Each cursor stays on its row when others come and go. */
static void printers_arrived(struct place *place)
{
    struct printers *printers = place->state;
    const struct print_snapshot *snapshot = place->snapshot;
    choose_wanted(printers, snapshot->parts[PART_PRINTERS]);
    for (int part = 0; part < PARTS; part++) {
        struct cursor *cursor = &printers->cursors[part];
        for (int row = 0; row < (int)snapshot->parts[part]->len; row++)
            if (id_at(snapshot, part, row) == printers->selected[part])
                cursor->row = row;
        cursor_settle(cursor, (int)snapshot->parts[part]->len, table_visible(table_rect(place->body, part)));
        printers->selected[part] = id_at(snapshot, part, cursor->row);
    }
}

static void *printers_enter(const char *argument)
{
    struct printers *printers = g_new0(struct printers, 1);
    printers->part = PART_UNSURE;
    g_strlcpy(printers->wanted, argument ? argument : "", sizeof printers->wanted);
    return printers;
}

static const char *printers_prompt(const struct place *place)
{
    (void)place;
    return _("scan (: commands)");
}

const struct screen SCREEN_PRINTERS = {
    .id = "printers",
    .title = N_("Print room"),
    .flags = SCREEN_SEARCH | SCREEN_LIST,
    .keys = KEYS,
    .enter = printers_enter,
    .leave = g_free,
    .load = printers_load_all,
    .snapshot_free = snapshot_free,
    .arrived = printers_arrived,
    .draw = printers_draw,
    .handle = printers_handle,
    .prompt = printers_prompt,
};
