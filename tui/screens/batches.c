/* SPDX-License-Identifier: MIT
 *
 * The batches and who works on them: progress, pace, and whether each will be in time. A lead assigns, takes
 * over, frees, cancels, prints pick lists and starts label runs for the marked ones.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/view/batch.h"
#include "tui/screens/batching.h"
#include "tui/screens/deed.h"
#include "tui/screens/run_task.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"

enum { ACT_WORK = 1, ACT_MINE, ACT_ASSIGN, ACT_FREE, ACT_LISTS, ACT_LABELS, ACT_CANCEL, ACT_NEXT, ACT_ORDERS, ACT_YES };
enum { PEOPLE_FROM_COLS = 120, PEOPLE_COLS = 48, BAR_COLS = 10, COUNT_COLS = 8, IDLE_MIN = 10, MINUTE_MS = 60000 };

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
    struct list list;
    gboolean awaits; /* the batch that is being made, which is newer than */
    int64_t newest;  /* this one: the cursor goes to it when it comes */
    gboolean asking; /* for the badge of the new owner */
    int asked;       /* the action that waits for a yes; 0: none */
    char question[160], badge[64];
};

/* --- drawing -------------------------------------------------------------------------------------------- */

static void mark(const void *row, struct list_cell *cell)
{
    (void)row;
    list_say(cell, "%s", cell->look->marked ? glyph(cell->look->glyphs, GLYPH_MARK) : "");
}

static void progress(const void *data, struct list_cell *cell)
{
    const struct batch_row *row = data;
    work_bar_cell(row->lines_done, row->lines, cell->look->cols - COUNT_COLS, cell);
}

static void per_hour(const void *data, struct list_cell *cell)
{
    struct batch_row row = *(const struct batch_row *)data;
    batch_estimate(&row, cell->look->now_utc_ms);
    list_say(cell, "%d", (int)row.lines_per_hour);
}

static void done_at(const void *data, struct list_cell *cell)
{
    struct batch_row row = *(const struct batch_row *)data;
    batch_estimate(&row, cell->look->now_utc_ms);
    work_clock_cell(&row.expected_end_at, cell);
    cell->ink = row.cut_off_at && row.expected_end_at > row.cut_off_at ? INK_BAD : INK_NORMAL;
}

static const struct list_column COLUMNS[] = {
    {"", 1, 0, TEXT_RIGHT, 0, .cell = mark},
    {N_("batch"), 6, 0, TEXT_LEFT, 0, LIST_TEXT(struct batch_row, number), .find = TRUE},
    {N_("courier"), 7, 0, TEXT_LEFT, 0, LIST_TEXT(struct batch_row, courier), .find = TRUE, .dash = TRUE},
    {N_("orders"), 6, 0, TEXT_RIGHT, 79, LIST_NUMBER(struct batch_row, shipments)},
    {N_("cut-off"), 10, 0, TEXT_RIGHT, 0, LIST_CELL(work_until_cell, struct batch_row, cut_off_at),
     LIST_KEY(struct batch_row, cut_off_at)},
    {N_("who"), 8, 1, TEXT_LEFT, 0, LIST_TEXT(struct batch_row, owner), .find = TRUE, .dash = TRUE},
    {N_("lines"), BAR_COLS + COUNT_COLS, 10, TEXT_LEFT, 0, .cell = progress, LIST_KEY(struct batch_row, lines)},
    {N_("an hour"), 7, 0, TEXT_RIGHT, 100, .cell = per_hour, LIST_KEY(struct batch_row, lines_per_hour), .dash = TRUE},
    {N_("done at"), 7, 0, TEXT_RIGHT, 100, .cell = done_at, LIST_KEY(struct batch_row, expected_end_at)},
    {N_("state"), 8, 1, TEXT_LEFT, 0, LIST_CELL(work_state_cell, struct batch_row, state)},
};

static const struct list_ops LIST = LIST_OPS(COLUMNS, struct batch_row, id, LIST_MARKS);

static void draw_people(const struct batch_view *view, const struct place *place, struct canvas *canvas,
                        struct rect rect)
{
    canvas_text(canvas, rect.row, rect.col + 1, INK_COLUMN, _("people"));
    canvas_text(canvas, rect.row, rect.col + 14, INK_COLUMN, _("works on"));
    canvas_field(canvas, rect.row, rect.col + 24, 10, TEXT_RIGHT, INK_COLUMN, _("last hour"));
    for (int i = 0; i < (int)view->people->len && i + 1 < rect.rows; i++) {
        const struct batch_worker *person = &g_array_index(view->people, struct batch_worker, i);
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

static struct list_view list_of(const struct place *place)
{
    struct batches *batches = place->state;
    const struct batch_view *view = place->snapshot;
    struct list_view list = list_array(&LIST, &batches->list, list_rect(place->body), view ? view->rows : NULL);
    list.empty = _("No batch is open: mark orders in the queue and type :batch");
    return list;
}

static void batches_lists(const struct place *place, struct lists *lists)
{
    lists->views[lists->count++] = list_of(place);
}

static void batches_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    struct rect list = list_rect(body);
    if (!place->snapshot || list.cols == body.cols)
        return;
    canvas_vline(canvas, body.row, list.cols, body.rows, INK_LINE);
    draw_people(place->snapshot, place, canvas, (struct rect){list.row, list.cols + 1, list.rows, PEOPLE_COLS});
}

/* --- handling ------------------------------------------------------------------------------------------- */

static const struct event EVENTS[] = {
    [ACT_MINE] = {.kind = EV_BATCH_ASSIGN},   [ACT_ASSIGN] = {.kind = EV_BATCH_ASSIGN},
    [ACT_FREE] = {.kind = EV_BATCH_ASSIGN},   [ACT_LISTS] = {.kind = EV_PRINT, .text = "pick_list"},
    [ACT_CANCEL] = {.kind = EV_BATCH_CANCEL},
};

static struct request apply(const struct place *place, int action)
{
    struct list_view list = list_of(place);
    g_autoptr(GArray) ids = list_take_chosen(&list);
    struct event event = EVENTS[action];
    event.person_id = action == ACT_MINE ? place->view->person_id : 0;
    const char *badge = action == ACT_ASSIGN ? ((const struct batches *)place->state)->badge : NULL;
    return deed_each(ids, event, offsetof(struct event, batch_id), NULL, badge);
}

static struct request start_runs(const struct place *place)
{
    struct list_view list = list_of(place);
    g_autoptr(GArray) ids = list_take_chosen(&list);
    GPtrArray *filters = g_ptr_array_new();
    for (guint i = 0; i < ids->len; i++) {
        const struct batch_row *row = list_row_of(&list, g_array_index(ids, int64_t, i));
        if (row)
            g_ptr_array_add(filters, g_strconcat("batch=", row->number, NULL));
    }
    g_ptr_array_add(filters, NULL);
    return run_task_request((char **)g_ptr_array_free(filters, FALSE));
}

/* What somebody is working on is not taken away without a question. */
static const struct batch_row *somebodys_work(const struct place *place)
{
    struct list_view list = list_of(place);
    gboolean marked = list.list->marks && list.list->marks->len > 0;
    for (int i = 0; i < list.count; i++) {
        const struct batch_row *row = list_row_at(&list, i);
        gboolean meant = marked ? list_is_marked(&list, row) : row == list_selected(&list);
        if (meant && row->state == ST_RUNNING && row->owner_id && row->owner_id != place->view->person_id)
            return row;
    }
    return NULL;
}

static struct request ask_or_apply(const struct place *place, int action)
{
    struct batches *batches = place->state;
    const struct batch_row *row = action == ACT_LISTS ? NULL : somebodys_work(place);
    if (!row)
        return apply(place, action);
    batches->asked = action;
    g_snprintf(batches->question, sizeof batches->question, _("%s is at work on %s. Do it all the same? F10 yes"),
               row->owner, row->number);
    return (struct request){.kind = REQUEST_DRAW, .bell = BELL_REFUSED};
}

static struct request assign(struct place *place, const char *badge)
{
    struct batches *batches = place->state;
    batches->asking = badge == NULL || !badge[0];
    if (batches->asking)
        return request_of(REQUEST_DRAW);
    g_strlcpy(batches->badge, badge, sizeof batches->badge);
    struct request request = ask_or_apply(place, ACT_ASSIGN);
    request.clear_field = TRUE;
    return request;
}

static struct request act_on_row(struct place *place, const char *number, int action, const char *argument)
{
    switch (action) {
    case ACT_WORK:
        return request_station(CMD_PICK, g_strdup(number));
    case ACT_ORDERS:
        return request_go("queue", g_strconcat("/", number, NULL));
    case ACT_LABELS:
        return start_runs(place);
    case ACT_ASSIGN:
        return assign(place, argument);
    default:
        return ask_or_apply(place, action);
    }
}

/* Ids grow with time. */
static const struct batch_row *newest_of(const struct batch_view *view)
{
    const struct batch_row *newest = NULL;
    for (guint i = 0; view && i < view->rows->len; i++)
        if (!newest || g_array_index(view->rows, struct batch_row, i).id > newest->id)
            newest = &g_array_index(view->rows, struct batch_row, i);
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
        return request_station(CMD_CONFIRM, NULL);
    struct list_view list = list_of(place);
    const struct batch_row *row = list_selected(&list);
    if (!row)
        return request_of(REQUEST_DRAW);
    if (action == ACT_YES)
        return apply(place, asked);
    if (action == ACT_WORK && asking && place->field[0])
        return assign(place, place->field);
    return act_on_row(place, row->number, action, argument);
}

/* What is typed finds a batch: by number, courier or person. */
static struct request typed(const struct place *place)
{
    struct list_view list = list_of(place);
    if (!((const struct batches *)place->state)->asking)
        list_find(&list, place->field[0] == '/' ? place->field + 1 : place->field);
    return request_of(REQUEST_DRAW);
}

static struct request escape(struct batches *batches, gboolean field_changed)
{
    gboolean was_asking = batches->asking || batches->asked;
    batches->asking = FALSE;
    batches->asked = 0;
    return request_of(was_asking || field_changed ? REQUEST_DRAW : REQUEST_BACK);
}

static struct request batches_handle(struct place *place, const struct happening *happening)
{
    struct batches *batches = place->state;
    const struct input_event *input = happening->input;
    if (happening->action)
        return act(place, happening->action, happening->argument);
    if (!input || !place->snapshot)
        return request_of(REQUEST_NONE);
    if (input->type == INPUT_SCAN && batches->asking && batches->list.selected_id)
        return assign(place, input->text);
    if (input->type == INPUT_SCAN)
        return (struct request){.kind = REQUEST_SCAN, .argument = g_strdup(input->text)};
    if (happening->field_changed && place->field[0])
        return typed(place);
    if (input_is_key(input, K_ESC))
        return escape(batches, happening->field_changed);
    return request_of(REQUEST_DRAW);
}

/* A yes was asked for what was chosen then. */
static struct request batches_moved(struct place *place)
{
    ((struct batches *)place->state)->asked = 0;
    return request_of(REQUEST_DRAW);
}

static const char *batches_prompt(const struct place *place)
{
    const struct batches *batches = place->state;
    return batches->asked    ? batches->question
           : batches->asking ? _("scan the badge of the new owner")
                             : _("scan, or type a batch, courier or person");
}

static void *batches_load(struct session *session, const void *question, GError **error)
{
    (void)question;
    return batch_view_load(session->site, error);
}

/* To the one that was made here. */
static void batches_arrived(struct place *place)
{
    struct batches *batches = place->state;
    const struct batch_row *newest = newest_of(place->snapshot);
    if (!batches->awaits || !newest || newest->id <= batches->newest)
        return;
    batches->list.selected_id = newest->id;
    batches->awaits = FALSE;
}

const struct screen SCREEN_BATCHES = {
    .id = "batches",
    .title = N_("Batches"),
    .flags = SCREEN_SEARCH | SCREEN_LIST | SCREEN_OWN_SCANS,
    .keys = KEYS,
    .state_size = sizeof(struct batches),
    .load = batches_load,
    .snapshot_free = batch_view_free,
    .lists = batches_lists,
    .moved = batches_moved,
    .arrived = batches_arrived,
    .draw = batches_draw,
    .handle = batches_handle,
    .prompt = batches_prompt,
};
