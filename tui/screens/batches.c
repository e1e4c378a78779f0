/* SPDX-License-Identifier: MIT
 *
 * The batches and who works on them: progress, pace, and whether each will be in time. A lead assigns, takes
 * over, frees, cancels, prints pick lists and starts label runs for the marked ones.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/floor/batch_view.h"
#include "core/waybill/run.h"
#include "core/waybill/worker_start.h"
#include "tui/screens/deed.h"
#include "tui/screens/list.h"
#include "tui/screens/marks.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/table.h"

enum { ACT_WORK = 1, ACT_MARK, ACT_MINE, ACT_ASSIGN, ACT_FREE, ACT_LISTS, ACT_LABELS, ACT_CANCEL };
enum { PEOPLE_FROM_COLS = 120, PEOPLE_COLS = 48, BAR_COLS = 14, IDLE_MIN = 10, MINUTE_MS = 60000 };

static const struct key_row KEYS[] = {
    {K_F1, ACT_HELP, "help", N_("help"), N_("What can be done here"), KEY_FOOTER},
    {K_F2, ACT_QUEUE, "queue", N_("queue"), N_("The orders that wait"), 0},
    {K_ENTER, ACT_WORK, "work", N_("pick"), N_("Go picking this batch"), KEY_FOOTER},
    {K_F4, ACT_MINE, "mine", N_("take"), N_("Take it over yourself"), KEY_FOOTER},
    {K_F5, ACT_ASSIGN, "assign", N_("assign"), N_("Give it to somebody: scan the badge"), KEY_FOOTER},
    {K_F6, ACT_FREE, "unassign", N_("unassign"), N_("Take it from its owner"), KEY_FOOTER},
    {K_F7, ACT_LISTS, "lists", N_("pick list"), N_("Print its pick list"), KEY_FOOTER},
    {K_F8, ACT_LABELS, "labels", N_("labels"), N_("Print its waybills ahead, as a run"), KEY_FOOTER},
    {K_INSERT, ACT_MARK, "mark", N_("mark"), N_("Mark it, also with the space bar"), 0},
    {K_NONE, ACT_CANCEL, "cancel", N_("cancel"), N_("Cancel it; its orders go back to ready"), 0},
    {0},
};

struct batches {
    struct cursor cursor;
    struct marks marks;
    gboolean asking; /* for the badge of the new owner */
};

/* --- drawing -------------------------------------------------------------------------------------------- */

static const struct table_column COLUMNS[] = {
    {"", 1, 0, TEXT_RIGHT, 0},
    {N_("batch"), 6, 0, TEXT_LEFT, 0},
    {N_("courier"), 7, 0, TEXT_LEFT, 0},
    {N_("orders"), 6, 0, TEXT_RIGHT, 0},
    {N_("cut-off"), 10, 0, TEXT_RIGHT, 0},
    {N_("who"), 8, 1, TEXT_LEFT, 0},
    {N_("lines"), BAR_COLS + 8, 0, TEXT_LEFT, 0},
    {N_("an hour"), 7, 0, TEXT_RIGHT, 100},
    {N_("done at"), 7, 0, TEXT_RIGHT, 100},
    {N_("state"), 8, 1, TEXT_LEFT, 0},
};

struct drawing {
    const struct batch_view *view;
    const struct batches *batches;
    const struct place *place;
    enum glyph_set glyphs;
};

static void done_at(const struct batch_row *row, const struct place *place, struct table_cell *cell)
{
    int64_t at = batch_done_at(row, place->now_utc_ms);
    char *text = at ? clock_format(place->desk->zone, at, "%H:%M") : g_strdup("-");
    g_strlcpy(cell->text, text, sizeof cell->text);
    cell->ink = row->cut_off_at && at > row->cut_off_at ? INK_BAD : INK_NORMAL;
    g_free(text);
}

/* The bar is text: it is cut and selected like the rest of its row. */
static void progress(const struct batch_row *row, enum glyph_set glyphs, struct table_cell *cell)
{
    char count[32];
    g_snprintf(count, sizeof count, " %d/%d", (int)row->lines_done, (int)row->lines);
    chart_bar_text(cell->text, sizeof cell->text, glyphs, BAR_COLS, row->lines_done, row->lines, TRUE);
    g_strlcat(cell->text, count, sizeof cell->text);
    cell->ink = row->lines && row->lines_done == row->lines ? INK_GOOD : INK_INFO;
}

static void batch_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct batch_row *row = &drawing->view->rows[n];
    char until[24];
    switch (column) {
    case 0:
        if (marks_has(&drawing->batches->marks, row->id))
            g_strlcpy(cell->text, glyph(drawing->glyphs, GLYPH_MARK), sizeof cell->text);
        break;
    case 1:
        g_strlcpy(cell->text, row->number, sizeof cell->text);
        break;
    case 2:
        g_strlcpy(cell->text, row->courier[0] ? row->courier : "-", sizeof cell->text);
        break;
    case 3:
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->shipments);
        break;
    case 4:
        cell->ink = work_until(row->cut_off_at, drawing->place->now_utc_ms, until);
        g_strlcpy(cell->text, until[0] ? until : "-", sizeof cell->text);
        break;
    case 5:
        g_strlcpy(cell->text, row->person[0] ? row->person : "-", sizeof cell->text);
        break;
    case 6:
        progress(row, drawing->glyphs, cell);
        break;
    case 7:
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->lines_hour);
        break;
    case 8:
        done_at(row, drawing->place, cell);
        break;
    default:
        g_strlcpy(cell->text, flow_state_label(row->state), sizeof cell->text);
    }
}

static void draw_people(const struct batch_view *view, const struct place *place, struct canvas *canvas,
                        struct rect rect)
{
    canvas_text(canvas, rect.row, rect.col + 1, INK_COLUMN, _("people, last hour"));
    for (int i = 0; i < view->people_count && i + 1 < rect.rows; i++) {
        const struct batch_person *person = &view->people[i];
        int row = rect.row + 1 + i, idle = (int)((place->now_utc_ms - person->last_at) / MINUTE_MS);
        canvas_field(canvas, row, rect.col + 1, 12, TEXT_LEFT, INK_NORMAL, person->name);
        canvas_field(canvas, row, rect.col + 14, 14, TEXT_LEFT, INK_DIM,
                     person->batch[0] ? person->batch : person->station);
        canvas_textf(canvas, row, rect.col + 29, INK_NORMAL, "%5d", (int)person->acts_hour);
        if (idle >= IDLE_MIN)
            canvas_textf(canvas, row, rect.col + 36, INK_WARN, _("idle %d min"), idle);
    }
}

static struct rect list_rect(struct rect body)
{
    int cols = body.cols >= PEOPLE_FROM_COLS ? body.cols - PEOPLE_COLS - 1 : body.cols;
    return (struct rect){body.row + 1, 0, body.rows - 1, cols};
}

static void batches_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct batch_view *view = place->snapshot;
    const struct batches *batches = place->state;
    if (!view)
        return;
    struct rect list = list_rect(body);
    struct drawing drawing = {view, batches, place, canvas->glyphs};
    struct table table = {COLUMNS, G_N_ELEMENTS(COLUMNS), batch_cell, &drawing, view->count};
    table_draw(&table, &batches->cursor, canvas, list);
    table_position(&batches->cursor, view->count, table_visible(list), view->count, canvas, canvas->rows - 2);
    if (view->count == 0)
        canvas_field(canvas, list.row + 3, 0, list.cols, TEXT_CENTRE, INK_DIM,
                     _("No batch is open: mark orders in the queue and type :batch"));
    if (list.cols == body.cols)
        return;
    canvas_vline(canvas, body.row, list.cols, body.rows, INK_LINE);
    draw_people(view, place, canvas, (struct rect){list.row, list.cols + 1, list.rows, PEOPLE_COLS});
}

/* --- handling ---------------------------------------------------------------------------------------------
 */

static const struct event EVENTS[] = {
    [ACT_MINE] = {.kind = EV_BATCH_ASSIGN},
    [ACT_ASSIGN] = {.kind = EV_BATCH_ASSIGN},
    [ACT_FREE] = {.kind = EV_BATCH_ASSIGN},
    [ACT_LISTS] = {.kind = EV_PRINT, .text = "pick_list"},
    [ACT_CANCEL] = {.kind = EV_BATCH_CANCEL, .reason = "cancelled by the lead"},
};

static struct request apply(struct batches *batches, const struct place *place, const struct batch_row *row,
                            int action, const char *badge)
{
    struct deed *deed = deed_new();
    if (batches->marks.ids->len == 0)
        marks_toggle(&batches->marks, row->id);
    for (guint i = 0; i < batches->marks.ids->len; i++) {
        struct event event = EVENTS[action];
        event.batch_id = g_array_index(batches->marks.ids, int64_t, i);
        event.person_id = action == ACT_MINE ? place->desk->view.person_id : 0;
        deed_add(deed, event);
    }
    if (badge)
        deed_for_badge(deed, badge);
    g_array_set_size(batches->marks.ids, 0);
    return deed_request(deed);
}

struct run_task {
    struct task task; /* first */
    char filter[64];
    struct run_made made;
};

static gboolean run_work(struct task *task, struct session *session, GError **error)
{
    struct run_task *run = (struct run_task *)task;
    struct actor by = station_actor(session->station);
    struct run_wish wish = {.filter = run->filter};
    gboolean made = run_start(session->site, &by, &wish, &run->made, NULL, NULL, error);
    if (made)
        worker_ensure(session->site->url, NULL);
    return made;
}

static struct request run_done(struct task *task, const struct place *place)
{
    const struct run_task *run = (const struct run_task *)task;
    (void)place;
    struct request next = {.kind = REQUEST_GO, .target = "printers", .message_ink = INK_GOOD};
    next.message = g_strdup_printf(_("Run %s: %d labels, %d left out %s"), run->made.number,
                                   (int)run->made.labels, (int)run->made.refused, run->made.first_refusal);
    return next;
}

static struct request start_run(const struct batch_row *row)
{
    struct run_task *run = g_new0(struct run_task, 1);
    task_init(&run->task);
    run->task.work = run_work;
    run->task.done = run_done;
    g_snprintf(run->filter, sizeof run->filter, "batch=%s", row->number);
    return (struct request){.kind = REQUEST_RUN, .task = &run->task};
}

static struct request take_badge(struct place *place, const struct batch_row *row, const char *badge)
{
    struct batches *batches = place->state;
    batches->asking = FALSE;
    struct request request = apply(batches, place, row, ACT_ASSIGN, badge);
    request.clear_field = TRUE;
    return request;
}

static struct request act(struct place *place, int action)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    const struct batch_row *row = view && view->count > 0 ? &view->rows[batches->cursor.row] : NULL;
    if (!row)
        return request_of(REQUEST_NONE);
    if (action == ACT_WORK && batches->asking && place->field[0])
        return take_badge(place, row, place->field);
    if (action == ACT_WORK)
        return (struct request){
            .kind = REQUEST_STATION, .command = CMD_PICK, .argument = g_strdup(row->number)};
    if (action == ACT_LABELS)
        return start_run(row);
    if (action == ACT_MARK)
        marks_toggle(&batches->marks, row->id);
    batches->asking = action == ACT_ASSIGN;
    if (action == ACT_MARK || action == ACT_ASSIGN)
        return request_of(REQUEST_DRAW);
    return apply(batches, place, row, action, NULL);
}

static struct request batches_handle(struct place *place, const struct happening *happening)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    const struct input_event *input = happening->input;
    if (happening->action)
        return act(place, happening->action);
    if (!input || !view)
        return request_of(REQUEST_NONE);
    if (input->type == INPUT_SCAN && batches->asking && view->count > 0)
        return take_badge(place, &view->rows[batches->cursor.row], input->text);
    if (input->type == INPUT_SCAN)
        return (struct request){.kind = REQUEST_SCAN, .argument = g_strdup(input->text)};
    if (happening->field_changed && strcmp(place->field, " ") == 0) {
        struct request request = act(place, ACT_MARK);
        request.clear_field = TRUE;
        return request;
    }
    if (input->type == INPUT_KEY && input->key == K_ESC) {
        gboolean was_asking = batches->asking;
        batches->asking = FALSE;
        return request_of(was_asking || happening->field_changed ? REQUEST_DRAW : REQUEST_BACK);
    }
    cursor_move(&batches->cursor, input, view->count, table_visible(list_rect(place->body)));
    return request_of(REQUEST_DRAW);
}

static const char *batches_prompt(const struct place *place)
{
    return ((const struct batches *)place->state)->asking ? _("scan the badge of the new owner") : _("scan");
}

static void *batches_enter(const char *argument)
{
    (void)argument;
    struct batches *batches = g_new0(struct batches, 1);
    marks_init(&batches->marks);
    return batches;
}

static void batches_leave(void *data)
{
    struct batches *batches = data;
    marks_release(&batches->marks);
    g_free(batches);
}

static void *batches_load(struct session *session, const void *question, GError **error)
{
    (void)question;
    return batch_view_load(session->site, error);
}

static void batches_arrived(struct place *place)
{
    struct batches *batches = place->state;
    cursor_settle(&batches->cursor, ((const struct batch_view *)place->snapshot)->count,
                  table_visible(list_rect(place->body)));
}

const struct screen SCREEN_BATCHES = {
    .id = "batches",
    .title = N_("Batches"),
    .flags = SCREEN_SEARCH | SCREEN_OWN_SCANS,
    .keys = KEYS,
    .enter = batches_enter,
    .leave = batches_leave,
    .load = batches_load,
    .snapshot_free = g_free,
    .arrived = batches_arrived,
    .draw = batches_draw,
    .handle = batches_handle,
    .prompt = batches_prompt,
};
