/* SPDX-License-Identifier: MIT
 *
 * The batches and who works on them: progress, pace, and whether each will be in time. A lead assigns, takes
 * over, frees, cancels, prints pick lists and starts label runs for the marked ones.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/view/batch.h"
#include "tui/screens/batching.h"
#include "tui/screens/deed.h"
#include "tui/screens/marks.h"
#include "tui/screens/run_task.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/table.h"

enum { ACT_WORK = 1, ACT_MARK, ACT_MINE, ACT_ASSIGN, ACT_FREE, ACT_LISTS, ACT_LABELS, ACT_CANCEL, ACT_NEXT, ACT_ORDERS, ACT_YES };
enum { PEOPLE_FROM_COLS = 120, PEOPLE_COLS = 48, BAR_COLUMN = 6, BAR_COLS = 10, BAR_COLS_WIDE = 20, IDLE_MIN = 10, MINUTE_MS = 60000 };

static const struct key_row KEYS[] = {
    {K_ENTER, ACT_WORK, "work", N_("pick"), N_("Go picking this batch"), KEY_FOOTER},
    {K_NONE, ACT_NEXT, "next", N_("next"), N_("Make a batch of the next orders, for example :next 30 hct"),
     KEY_FOOTER | KEY_TAKES},
    {K_NONE, ACT_ASSIGN, "assign", N_("assign"), N_("Give it to somebody: the badge may follow, or is asked for"),
     KEY_FOOTER | KEY_TAKES},
    {K_NONE, ACT_MINE, "take", N_("take"), N_("Take it over yourself"), KEY_FOOTER},
    {K_NONE, ACT_FREE, "free", N_("free"), N_("Take it from its owner"), KEY_FOOTER},
    {K_NONE, ACT_LISTS, "list", N_("pick list"), N_("Print its pick list"), KEY_FOOTER},
    {K_NONE, ACT_LABELS, "run", N_("labels"), N_("Print its waybills ahead, as a run"), KEY_FOOTER},
    {K_NONE, ACT_ORDERS, "orders", N_("orders"), N_("The orders that are in it"), 0},
    {K_INSERT, ACT_MARK, "mark", N_("mark"), N_("Mark it, also with the space bar"), 0},
    {K_NONE, ACT_CANCEL, "cancel", N_("cancel"), N_("Cancel it; its orders go back to ready"), KEY_WHOLE},
    {K_F10, ACT_YES, "confirm", N_("yes"), N_("Yes to the question that was asked"), 0},
    {0},
};

struct batches {
    struct cursor cursor;
    struct marks marks;
    int64_t selected_id; /* the batch the cursor is on: it stays there when rows come and go above */
    gboolean awaits;     /* the batch that is being made, which is newer than */
    int64_t newest;      /* this one: the cursor goes to it when it comes */
    gboolean asking;     /* for the badge of the new owner */
    int asked;           /* the action that waits for a yes; 0: none */
    char question[160], badge[64];
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
    int bar_cols;
};

static void done_at(const struct batch_row *row, const struct place *place, struct table_cell *cell)
{
    int64_t at = row->expected_end_at;
    char *text = at ? clock_format(place->desk->zone, at, "%H:%M") : g_strdup("-");
    g_strlcpy(cell->text, text, sizeof cell->text);
    cell->ink = row->cut_off_at && at > row->cut_off_at ? INK_BAD : INK_NORMAL;
    g_free(text);
}

/* The bar is text: it is cut and selected like the rest of its row. */
static void progress(const struct batch_row *row, const struct drawing *drawing, struct table_cell *cell)
{
    char count[32];
    g_snprintf(count, sizeof count, " %d/%d", (int)row->lines_done, (int)row->lines);
    chart_bar_text(cell->text, sizeof cell->text, drawing->glyphs, drawing->bar_cols, row->lines_done, row->lines, TRUE);
    g_strlcat(cell->text, count, sizeof cell->text);
    cell->ink = row->lines && row->lines_done == row->lines ? INK_GOOD : INK_INFO;
}

static void batch_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    struct batch_row now = drawing->view->rows[n];
    const struct batch_row *row = &now;
    char until[24];
    batch_estimate(&now, drawing->place->now_utc_ms);
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
        g_strlcpy(cell->text, row->owner[0] ? row->owner : "-", sizeof cell->text);
        break;
    case 6:
        progress(row, drawing, cell);
        break;
    case 7:
        g_strlcpy(cell->text, "-", sizeof cell->text);
        if (row->lines_per_hour > 0)
            g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->lines_per_hour);
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
    canvas_text(canvas, rect.row, rect.col + 1, INK_COLUMN, _("people"));
    canvas_text(canvas, rect.row, rect.col + 14, INK_COLUMN, _("works on"));
    canvas_field(canvas, rect.row, rect.col + 24, 10, TEXT_RIGHT, INK_COLUMN, _("last hour"));
    for (int i = 0; i < view->people_count && i + 1 < rect.rows; i++) {
        const struct batch_worker *person = &view->people[i];
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
    struct table_column columns[G_N_ELEMENTS(COLUMNS)];
    memcpy(columns, COLUMNS, sizeof columns);
    struct drawing drawing = {view, batches, place, canvas->glyphs, list.cols < body.cols ? BAR_COLS_WIDE : BAR_COLS};
    columns[BAR_COLUMN].width += drawing.bar_cols - BAR_COLS;
    struct table table = {columns, G_N_ELEMENTS(COLUMNS), batch_cell, &drawing, view->count};
    table_draw(&table, &batches->cursor, canvas, list);
    table_position(&batches->cursor, table_visible(list), view->count, (int)batches->marks.ids->len, canvas,
                   canvas->rows - 2);
    if (view->count == 0)
        canvas_field(canvas, list.row + 3, 0, list.cols, TEXT_CENTRE, INK_DIM,
                     _("No batch is open: mark orders in the queue and type :batch"));
    if (list.cols == body.cols)
        return;
    canvas_vline(canvas, body.row, list.cols, body.rows, INK_LINE);
    draw_people(view, place, canvas, (struct rect){list.row, list.cols + 1, list.rows, PEOPLE_COLS});
}

/* --- handling ------------------------------------------------------------------------------------------- */

static const struct event EVENTS[] = {
    [ACT_MINE] = {.kind = EV_BATCH_ASSIGN},
    [ACT_ASSIGN] = {.kind = EV_BATCH_ASSIGN},
    [ACT_FREE] = {.kind = EV_BATCH_ASSIGN},
    [ACT_LISTS] = {.kind = EV_PRINT, .text = "pick_list"},
    [ACT_CANCEL] = {.kind = EV_BATCH_CANCEL},
};

static const struct batch_row *selected(const struct place *place)
{
    const struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    return view && batches->cursor.row < view->count ? &view->rows[batches->cursor.row] : NULL;
}

static void note_selected(const struct place *place)
{
    const struct batch_row *row = selected(place);
    ((struct batches *)place->state)->selected_id = row ? row->id : 0;
}

static const struct batch_row *row_of(const struct batch_view *view, int64_t id, int *at)
{
    for (int i = 0; i < view->count; i++)
        if (view->rows[i].id == id) {
            *at = i;
            return &view->rows[i];
        }
    return NULL;
}

/* With the marked ones, or with the selected one when none is marked. */
static void mark_selected(struct batches *batches, const struct place *place)
{
    const struct batch_row *row = selected(place);
    if (row && batches->marks.ids->len == 0)
        marks_toggle(&batches->marks, row->id);
}

static struct request apply(struct batches *batches, const struct place *place, int action)
{
    struct deed *deed = deed_new();
    mark_selected(batches, place);
    for (guint i = 0; i < batches->marks.ids->len; i++) {
        struct event event = EVENTS[action];
        event.batch_id = g_array_index(batches->marks.ids, int64_t, i);
        event.person_id = action == ACT_MINE ? place->desk->view.person_id : 0;
        deed_add(deed, event);
    }
    if (action == ACT_ASSIGN)
        deed_for_badge(deed, batches->badge);
    g_array_set_size(batches->marks.ids, 0);
    return deed_request(deed);
}

static struct request start_runs(struct batches *batches, const struct place *place)
{
    GPtrArray *filters = g_ptr_array_new();
    int at = 0;
    mark_selected(batches, place);
    for (guint i = 0; i < batches->marks.ids->len; i++) {
        const struct batch_row *row = row_of(place->snapshot, g_array_index(batches->marks.ids, int64_t, i), &at);
        if (row)
            g_ptr_array_add(filters, g_strconcat("batch=", row->number, NULL));
    }
    g_ptr_array_add(filters, NULL);
    g_array_set_size(batches->marks.ids, 0);
    return run_task_request((char **)g_ptr_array_free(filters, FALSE));
}

/* What somebody is working on is not taken away without a question. */
static const struct batch_row *somebodys_work(const struct batches *batches, const struct place *place)
{
    const struct batch_view *view = place->snapshot;
    for (int i = 0; i < view->count; i++) {
        const struct batch_row *row = &view->rows[i];
        gboolean meant = batches->marks.ids->len ? marks_has(&batches->marks, row->id) : row == selected(place);
        if (meant && row->state == ST_RUNNING && row->owner_id && row->owner_id != place->desk->view.person_id)
            return row;
    }
    return NULL;
}

static struct request ask_or_apply(struct batches *batches, const struct place *place, int action)
{
    const struct batch_row *row = action == ACT_LISTS ? NULL : somebodys_work(batches, place);
    if (!row)
        return apply(batches, place, action);
    batches->asked = action;
    g_snprintf(batches->question, sizeof batches->question, _("%s is at work on %s. Do it all the same? F10 yes"), row->owner,
               row->number);
    return (struct request){.kind = REQUEST_DRAW, .bell = BELL_REFUSED};
}

static struct request assign(struct place *place, const char *badge)
{
    struct batches *batches = place->state;
    batches->asking = badge == NULL || !badge[0];
    if (batches->asking)
        return request_of(REQUEST_DRAW);
    g_strlcpy(batches->badge, badge, sizeof batches->badge);
    struct request request = ask_or_apply(batches, place, ACT_ASSIGN);
    request.clear_field = TRUE;
    return request;
}

static struct request mark(struct place *place)
{
    struct batches *batches = place->state;
    marks_toggle(&batches->marks, selected(place)->id);
    batches->cursor.row++;
    cursor_settle(&batches->cursor, ((const struct batch_view *)place->snapshot)->count,
                  table_visible(list_rect(place->body)));
    note_selected(place);
    return request_of(REQUEST_DRAW);
}

static struct request act_on_row(struct place *place, int action, const char *argument)
{
    struct batches *batches = place->state;
    const char *number = selected(place)->number;
    switch (action) {
    case ACT_WORK:
        return (struct request){.kind = REQUEST_STATION, .command = CMD_PICK, .argument = g_strdup(number)};
    case ACT_ORDERS:
        return (struct request){.kind = REQUEST_GO, .target = "queue", .argument = g_strconcat("/", number, NULL)};
    case ACT_LABELS:
        return start_runs(batches, place);
    case ACT_MARK:
        return mark(place);
    case ACT_ASSIGN:
        return assign(place, argument);
    default:
        return ask_or_apply(batches, place, action);
    }
}

/* Ids grow with time. */
static const struct batch_row *newest_of(const struct batch_view *view)
{
    const struct batch_row *newest = NULL;
    for (int i = 0; view && i < view->count; i++)
        if (!newest || view->rows[i].id > newest->id)
            newest = &view->rows[i];
    return newest;
}

/* What is done next is meant for the new batch. */
static struct request make_next(struct batches *batches, const struct place *place, const char *argument)
{
    const struct batch_row *newest = newest_of(place->snapshot);
    batches->awaits = TRUE;
    batches->newest = newest ? newest->id : 0;
    return batching_next(argument);
}

static struct request act(struct place *place, int action, const char *argument)
{
    struct batches *batches = place->state;
    int asked = batches->asked;
    gboolean asking = batches->asking;
    batches->asked = 0;
    batches->asking = FALSE;
    if (action == ACT_NEXT)
        return make_next(batches, place, argument);
    batches->awaits = FALSE;
    if (action == ACT_YES && !asked)
        return (struct request){.kind = REQUEST_STATION, .command = CMD_CONFIRM};
    if (!selected(place))
        return request_of(REQUEST_DRAW);
    if (action == ACT_YES)
        return apply(batches, place, asked);
    if (action == ACT_WORK && asking && place->field[0])
        return assign(place, place->field);
    return act_on_row(place, action, argument);
}

/* What is typed finds a batch: by number, courier or person. */
static void find(struct batches *batches, const struct batch_view *view, const char *text)
{
    char *wanted = g_utf8_casefold(text[0] == '/' ? text + 1 : text, -1);
    for (int i = 0; wanted[0] && i < view->count; i++) {
        char *all = g_strjoin(" ", view->rows[i].number, view->rows[i].courier, view->rows[i].owner, NULL);
        char *folded = g_utf8_casefold(all, -1);
        gboolean found = strstr(folded, wanted) != NULL;
        g_free(folded);
        g_free(all);
        if (found) {
            batches->cursor.row = i;
            break;
        }
    }
    g_free(wanted);
}

static struct request typed(struct place *place)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    if (strcmp(place->field, " ") == 0) {
        struct request request = act(place, ACT_MARK, NULL);
        request.clear_field = TRUE;
        return request;
    }
    if (!batches->asking)
        find(batches, view, place->field);
    cursor_settle(&batches->cursor, view->count, table_visible(list_rect(place->body)));
    note_selected(place);
    return request_of(REQUEST_DRAW);
}

static struct request batches_handle(struct place *place, const struct happening *happening)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    const struct input_event *input = happening->input;
    if (happening->action)
        return act(place, happening->action, happening->argument);
    if (!input || !view)
        return request_of(REQUEST_NONE);
    if (input->type == INPUT_SCAN && batches->asking && selected(place))
        return assign(place, input->text);
    if (input->type == INPUT_SCAN)
        return (struct request){.kind = REQUEST_SCAN, .argument = g_strdup(input->text)};
    if (happening->field_changed && place->field[0])
        return typed(place);
    if (input->type == INPUT_KEY && input->key == K_ESC) {
        gboolean was_asking = batches->asking || batches->asked;
        batches->asking = FALSE;
        batches->asked = 0;
        return request_of(was_asking || happening->field_changed ? REQUEST_DRAW : REQUEST_BACK);
    }
    cursor_move(&batches->cursor, input, view->count, table_visible(list_rect(place->body)));
    note_selected(place);
    return request_of(REQUEST_DRAW);
}

static const char *batches_prompt(const struct place *place)
{
    const struct batches *batches = place->state;
    return batches->asked    ? batches->question
           : batches->asking ? _("scan the badge of the new owner")
                             : _("scan, or type a batch, courier or person");
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

/* A batch that is done or cancelled is nobody's to mark any more. */
static void drop_marks(struct marks *marks, const struct batch_view *view)
{
    int at = 0;
    for (guint i = marks->ids->len; i > 0; i--)
        if (!row_of(view, g_array_index(marks->ids, int64_t, i - 1), &at))
            g_array_remove_index(marks->ids, i - 1);
}

static void go_to_new(struct batches *batches, const struct batch_view *view)
{
    const struct batch_row *newest = newest_of(view);
    if (!batches->awaits || !newest || newest->id <= batches->newest)
        return;
    batches->selected_id = newest->id;
    batches->awaits = FALSE;
}

/* It stays on its batch, whatever came in above, but goes to the one that was made here. */
static void batches_arrived(struct place *place)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    go_to_new(batches, view);
    row_of(view, batches->selected_id, &batches->cursor.row);
    drop_marks(&batches->marks, view);
    cursor_settle(&batches->cursor, view->count, table_visible(list_rect(place->body)));
    note_selected(place);
}

const struct screen SCREEN_BATCHES = {
    .id = "batches",
    .title = N_("Batches"),
    .flags = SCREEN_SEARCH | SCREEN_LIST | SCREEN_OWN_SCANS,
    .keys = KEYS,
    .enter = batches_enter,
    .leave = batches_leave,
    .load = batches_load,
    .snapshot_free = batch_view_free,
    .arrived = batches_arrived,
    .draw = batches_draw,
    .handle = batches_handle,
    .prompt = batches_prompt,
};
