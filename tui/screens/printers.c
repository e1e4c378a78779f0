/* SPDX-License-Identifier: MIT
 *
 * The print room: runs, printers, and the labels nobody is sure of, with the question and its two answers.
 * The program never prints such a label again by itself.
 */
#include <string.h>

#include "core/base/autoptr.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "tui/screens/run_task.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"

enum { ACT_PAUSE = 1, ACT_RESUME, ACT_STOP, ACT_PRINTED, ACT_NOT_PRINTED, ACT_RETRY, ACT_START };
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
    {K_NONE, ACT_STOP, "cancel", N_("cancel run"), N_("End the chosen run; what has not come out never will"),
     KEY_WHOLE},
    {K_ESC, ACT_BACK, "back", N_("back"), N_("Back to the queue"), 0},
    {0},
};

struct printers {
    struct list lists[PARTS]; /* an answer is for the label that was looked at */
    int part;                 /* which of them has the keys */
    char wanted[64]; /* the printer an alert is about, until it is there */
};

struct print_snapshot {
    GArray *parts[PARTS]; /* of struct run, struct printer_row, struct unsure */
};

static void snapshot_free(void *data)
{
    struct print_snapshot *snapshot = data;
    for (int i = 0; i < PARTS; i++)
        g_clear_pointer(&snapshot->parts[i], g_array_unref);
    g_free(snapshot);
}

DEFINE_AUTOPTR(print_snapshot, snapshot_free)

static void *printers_load_all(struct session *session, const void *question, GError **error)
{
    (void)question;
    g_autoptr(print_snapshot) snapshot = g_new0(struct print_snapshot, 1);
    GArray **parts = snapshot->parts;
    parts[PART_RUNS] = runs_load(session->site, RUNS_MAX, error);
    parts[PART_PRINTERS] = parts[PART_RUNS] ? printers_load(session->site, NULL, error) : NULL;
    parts[PART_UNSURE] = parts[PART_PRINTERS] ? jobs_unsure(session->site, UNSURE_MAX, error) : NULL;
    return parts[PART_UNSURE] ? g_steal_pointer(&snapshot) : NULL;
}

/* --- drawing -------------------------------------------------------------------------------------------- */

/* What it is of, without the names of the terms: "hct web". */
static void run_of(const void *row, struct list_cell *cell)
{
    g_auto(GStrv) terms = g_strsplit(((const struct run *)row)->filter, " ", -1);
    for (int i = 0; terms[i]; i++) {
        const char *value = strchr(terms[i], '=');
        g_strlcat(cell->text, i ? " " : "", sizeof cell->text);
        g_strlcat(cell->text, value ? value + 1 : terms[i], sizeof cell->text);
    }
}

static void run_bar(const void *row, struct list_cell *cell)
{
    const struct run *run = row;
    work_bar_cell(run->printed, run->labels, BAR_COLS, cell);
}

static void run_doubts(const void *row, struct list_cell *cell)
{
    int doubts = (int)(((const struct run *)row)->unsure + ((const struct run *)row)->failed);
    list_say(cell, "%d", doubts);
    cell->ink = doubts ? INK_BAD : INK_DIM;
}

static void run_rate(const void *row, struct list_cell *cell)
{
    const struct run *run = row;
    if (run->labels_per_hour > 0)
        list_say(cell, "%d", (int)run->labels_per_hour);
}

static const struct list_column RUN_COLUMNS[] = {
    {N_("run"), 6, 0, TEXT_LEFT, 0, LIST_TEXT(struct run, number)},
    {N_("of"), 7, 1, TEXT_LEFT, 0, .cell = run_of},
    {N_("labels"), BAR_COLS + 10, 0, TEXT_LEFT, 0, .cell = run_bar, LIST_KEY(struct run, labels)},
    {N_("?"), 2, 0, TEXT_RIGHT, 0, .cell = run_doubts},
    {N_("an hour"), 7, 0, TEXT_RIGHT, 78, .cell = run_rate, LIST_KEY(struct run, labels_per_hour)},
    {N_("ends"), 5, 0, TEXT_RIGHT, 0, LIST_CELL(work_clock_cell, struct run, ends_at), LIST_KEY(struct run, ends_at)},
    {N_("printer"), 8, 0, TEXT_LEFT, 69, LIST_TEXT(struct run, printer)},
    {N_("state"), 8, 0, TEXT_LEFT, 0, LIST_CELL(work_state_cell, struct run, state)},
};

static void health(const void *data, struct list_cell *cell)
{
    static const enum ink INKS[] = {
        [PRINTER_NOT_ASKED] = INK_DIM,  [PRINTER_READY] = INK_GOOD,  [PRINTER_PRINTING] = INK_GOOD,
        [PRINTER_ATTENTION] = INK_WARN, [PRINTER_STOPPED] = INK_BAD, [PRINTER_OFFLINE] = INK_BAD,
    };
    const struct printer_row *row = data;
    list_say(cell, "%s%s%s", printer_health_label(row->health), row->text[0] ? ": " : "",
               row->text[0] ? _(row->text) : "");
    cell->ink = INKS[row->health];
}

/* How long it has been so. */
static void since(const void *since_at, struct list_cell *cell)
{
    int64_t at = *(const int64_t *)since_at, now = cell->look->now_utc_ms, until = at ? now + MAX(now - at, 0) : 0;
    work_until_cell(&until, cell);
    cell->ink = INK_NORMAL;
}

static void roll(const void *data, struct list_cell *cell)
{
    const struct printer_row *row = data;
    if (row->labels_left < 0)
        return;
    list_say(cell, "%d", (int)row->labels_left);
    cell->ink = row->labels_left < row->waiting ? INK_WARN : INK_NORMAL;
}

static const struct list_column PRINTER_COLUMNS[] = {
    {N_("printer"), 10, 0, TEXT_LEFT, 0, LIST_TEXT(struct printer_row, name)},
    {N_("state"), 10, 1, TEXT_LEFT, 0, .cell = health},
    {N_("for"), 8, 0, TEXT_RIGHT, 0, LIST_CELL(since, struct printer_row, since_at),
     LIST_KEY(struct printer_row, since_at)},
    {N_("waits"), 5, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct printer_row, waiting)},
    {N_("roll"), 5, 0, TEXT_RIGHT, 60, .cell = roll, LIST_KEY(struct printer_row, labels_left)},
    {N_("backup"), 8, 0, TEXT_LEFT, 70, LIST_TEXT(struct printer_row, backup)},
};

static const char *label_name(const struct unsure *job)
{
    return job->number[0] ? job->number : job->kind;
}

static void label(const void *row, struct list_cell *cell)
{
    list_say(cell, "%s", label_name(row));
}

static void label_state(const void *state, struct list_cell *cell)
{
    work_state_cell(state, cell);
    cell->ink = *(const enum state *)state == ST_UNKNOWN ? INK_WARN : INK_BAD;
}

static void why(const void *text_of, struct list_cell *cell)
{
    const char *text = text_of;
    list_say(cell, "%s", text[0] ? _(text) : "");
}

static const struct list_column UNSURE_COLUMNS[] = {
    {N_("label"), 14, 0, TEXT_LEFT, 0, .cell = label},
    {N_("order"), 14, 0, TEXT_LEFT, 0, LIST_TEXT(struct unsure, order)},
    {N_("printer"), 9, 0, TEXT_LEFT, 0, LIST_TEXT(struct unsure, printer)},
    {N_("state"), 8, 0, TEXT_LEFT, 0, LIST_CELL(label_state, struct unsure, state)},
    {N_("why"), 10, 1, TEXT_LEFT, 0, LIST_CELL(why, struct unsure, text)},
};

struct part {
    const char *title, *none; /* N_() */
    struct list_ops list;
};

static const struct part PART_ROWS[PARTS] = {
    [PART_RUNS] = {N_("Runs"), N_("No labels are printed ahead: :start"), LIST_OPS(RUN_COLUMNS, struct run, id, 0)},
    [PART_PRINTERS] = {N_("Printers"), N_("There is no printer: packline printers add"),
                       LIST_OPS(PRINTER_COLUMNS, struct printer_row, id, 0)},
    [PART_UNSURE] = {N_("Look at the printer: did these come out?"), N_("No label is in doubt"),
                     LIST_OPS(UNSURE_COLUMNS, struct unsure, job_id, 0)},
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

/* Under a rule with its title. */
static struct list_view part_list(const struct place *place, int part)
{
    struct printers *printers = place->state;
    const struct print_snapshot *snapshot = place->snapshot;
    const GArray *rows = snapshot ? snapshot->parts[part] : NULL;
    struct rect rect = part_rect(place->body, part);
    rect.row++;
    rect.rows--;
    struct list_view list = list_array(&PART_ROWS[part].list, &printers->lists[part], rect, rows);
    list.empty = _(PART_ROWS[part].none);
    return list;
}

static void printers_lists(const struct place *place, struct lists *lists)
{
    for (int part = 0; part < PARTS; part++)
        lists->views[lists->count++] = part_list(place, part);
    lists->focus = &((struct printers *)place->state)->part;
}

static void printers_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    for (int part = 0; place->snapshot && part < PARTS; part++) {
        struct rect rect = part_rect(body, part);
        gboolean here = ((const struct printers *)place->state)->part == part;
        canvas_hline(canvas, rect.row, rect.col, rect.cols, INK_LINE);
        canvas_textf(canvas, rect.row, rect.col + 1, here ? INK_STRONG : INK_COLUMN, " %s (%u) ",
                     _(PART_ROWS[part].title), ((const struct print_snapshot *)place->snapshot)->parts[part]->len);
    }
}

/* --- handling ------------------------------------------------------------------------------------------- */

struct print_task {
    struct task task; /* first */
    int action;
    int64_t job_id;
    char number[64]; /* of the run or the label */
};

/* Deeds on a run; the others are on a label. */
static gboolean (*const ON_RUN[ACT_START])(struct site *, const struct actor *, const char *, GError **) = {
    [ACT_PAUSE] = run_pause, [ACT_RESUME] = run_resume, [ACT_STOP] = run_cancel};

static gboolean print_work(struct task *task, struct session *session, GError **error)
{
    struct print_task *print = (struct print_task *)task;
    struct site *site = session->site;
    struct actor by = station_actor(session->station);
    const char *answer = print->action == ACT_PRINTED ? "printed" : "not-printed";
    gboolean done = ON_RUN[print->action]        ? ON_RUN[print->action](site, &by, print->number, error)
                    : print->action == ACT_RETRY ? job_retry(site, &by, print->job_id, 0, error)
                                                 : job_answer(site, &by, print->job_id, answer, error);
    if (done)
        worker_ensure(site, NULL);
    return done;
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
    return request_told(g_strdup_printf("%s: %s", print->number, done_word(print->action)), TRUE);
}

static const struct task_ops PRINT_OPS = {print_work, print_done, NULL};

static struct request act(const struct place *place, int action)
{
    gboolean on_run = ON_RUN[action] != NULL;
    struct list_view list = part_list(place, on_run ? PART_RUNS : PART_UNSURE);
    const void *row = list_selected(&list);
    if (!row)
        return request_refused(on_run ? _("There is no run") : _("There is no such label"));
    struct print_task *print = task_new(sizeof *print, &PRINT_OPS);
    print->action = action;
    print->job_id = on_run ? 0 : ((const struct unsure *)row)->job_id;
    g_strlcpy(print->number, on_run ? ((const struct run *)row)->number : label_name(row), sizeof print->number);
    return request_run(&print->task);
}

static struct request start_run(const char *filter)
{
    if (!filter || !filter[0])
        return request_refused(_("Of which orders? For example :start courier=hct shop=web"));
    char **filters = g_new0(char *, 2);
    filters[0] = g_strdup(filter);
    return run_task_request(filters);
}

static struct request printers_handle(struct place *place, const struct happening *happening)
{
    if (happening->action == ACT_START)
        return start_run(happening->argument);
    return happening->action ? act(place, happening->action) : request_of(REQUEST_DRAW);
}

/* An alert leads to its printer. */
static void printers_arrived(struct place *place)
{
    struct printers *printers = place->state;
    const GArray *rows = ((const struct print_snapshot *)place->snapshot)->parts[PART_PRINTERS];
    for (guint row = 0; printers->wanted[0] && row < rows->len; row++) {
        const struct printer_row *printer = &g_array_index(rows, struct printer_row, row);
        if (strcmp(printer->name, printers->wanted) == 0) {
            printers->part = PART_PRINTERS;
            printers->lists[PART_PRINTERS].selected_id = printer->id;
        }
    }
    printers->wanted[0] = '\0';
}

static void printers_enter(void *state, const char *argument)
{
    struct printers *printers = state;
    printers->part = PART_UNSURE;
    g_strlcpy(printers->wanted, argument ? argument : "", sizeof printers->wanted);
}

const struct screen SCREEN_PRINTERS = {
    .id = "printers",
    .title = N_("Print room"),
    .flags = SCREEN_SEARCH | SCREEN_LIST,
    .keys = KEYS,
    .state_size = sizeof(struct printers),
    .enter = printers_enter,
    .load = printers_load_all,
    .snapshot_free = snapshot_free,
    .lists = printers_lists,
    .arrived = printers_arrived,
    .draw = printers_draw,
    .handle = printers_handle,
    .hint = N_("scan (: commands)"),
};
