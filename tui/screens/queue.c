/* SPDX-License-Identifier: MIT
 *
 * The queue: what waits, most urgent first. The scan field doubles as the search. A window of rows is loaded
 * around the cursor and paged by key; from 120 columns on a pane shows the selected order.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/floor/queue_view.h"
#include "core/goods/alerts.h"
#include "tui/screens/detail.h"
#include "tui/screens/list.h"
#include "tui/screens/marks.h"
#include "tui/screens/work.h"
#include "tui/widgets/table.h"

enum { ACT_OPEN = 1, ACT_MARK, ACT_RELEASE, ACT_HOLD, ACT_UNHOLD, ACT_BATCH, ACT_ALERT, ACT_ALL, ACT_ONLY };
enum { DETAIL_FROM_COLS = 120, DETAIL_COLS = 58, ALERTS_MAX = 6 };

static const struct key_row KEYS[] = {
    {K_ENTER, ACT_OPEN, "show", N_("show"), N_("Show the selected order"), 0},
    {K_INSERT, ACT_MARK, "mark", N_("mark"), N_("Mark the order, also with the space bar"), 0},
    {K_NONE, ACT_ALL, "all", N_("mark all"), N_("Mark all that are listed; when all are, none"), 0},
    {K_NONE, ACT_BATCH, "batch", N_("batch"), N_("Make a batch of the marked orders"), 0},
    {K_NONE, ACT_RELEASE, "release", N_("release"), N_("Release the marked orders"), 0},
    {K_NONE, ACT_HOLD, "hold", N_("hold"), N_("Hold the marked orders; the reason may follow"), KEY_TAKES},
    {K_NONE, ACT_UNHOLD, "unhold", N_("unhold"), N_("Let the marked orders go on"), 0},
    {K_NONE, ACT_ONLY, "only", N_("only"),
     N_("List only: late held short unpaid presale unmapped address"), KEY_TAKES},
    {K_NONE, ACT_ALERT, "go", N_("first alert"), N_("Go to what the first alert is about"), 0},
    {0},
};

struct queue {
    struct cursor cursor; /* over the whole list */
    struct marks marks;
    struct queue_question question;
    int64_t selected_id; /* the shipment the cursor is on: it stays there when rows come and go above */
    char shown[160];     /* what the list is narrowed to, in words; "" when it is whole */
};

struct queue_snapshot {
    struct queue_view *view;
    struct order_view *detail; /* NULL when there is none */
    GArray *alerts;            /* of struct alert */
};

static gboolean is_wide(struct rect body)
{
    return body.cols >= DETAIL_FROM_COLS;
}

static struct rect list_rect(struct rect body)
{
    return (struct rect){body.row + 2, 0, body.rows - 4,
                         is_wide(body) ? body.cols - DETAIL_COLS - 1 : body.cols};
}

static int visible_in(const struct place *place)
{
    return table_visible(list_rect(place->body));
}

static const struct queue_row *row_at(const struct queue_snapshot *snapshot, int row)
{
    if (!snapshot)
        return NULL;
    int64_t n = row - snapshot->view->before;
    return n >= 0 && n < snapshot->view->count ? &snapshot->view->rows[n] : NULL;
}

/* --- loading -------------------------------------------------------------------------------------------- */

struct question {
    struct queue_question list;
    gboolean wants_detail;
    int64_t selected_id; /* the detail is of this one */
    int row;             /* of the whole list: or of this, when that one is gone */
};

static void *queue_ask(const struct place *place)
{
    const struct queue *queue = place->state;
    struct question *question = g_new0(struct question, 1);
    question->list = queue->question;
    question->wants_detail = is_wide(place->body);
    question->row = queue->cursor.row;
    question->selected_id = queue->selected_id;
    return question;
}

static void queue_snapshot_free(void *data)
{
    struct queue_snapshot *snapshot = data;
    queue_view_free(snapshot->view);
    g_free(snapshot->detail);
    if (snapshot->alerts)
        g_array_unref(snapshot->alerts);
    g_free(snapshot);
}

static const struct queue_row *row_of_id(const struct queue_snapshot *snapshot, int64_t shipment_id, int *row)
{
    for (int i = 0; i < snapshot->view->count; i++)
        if (snapshot->view->rows[i].shipment_id == shipment_id) {
            *row = (int)snapshot->view->before + i;
            return &snapshot->view->rows[i];
        }
    return NULL;
}

static const struct queue_row *detail_row(const struct queue_snapshot *snapshot,
                                          const struct question *question)
{
    int ignored = 0;
    const struct queue_row *row = row_of_id(snapshot, question->selected_id, &ignored);
    return row ? row : row_at(snapshot, question->row);
}

static void *queue_load(struct session *session, const void *data, GError **error)
{
    const struct question *question = data;
    struct queue_snapshot *snapshot = g_new0(struct queue_snapshot, 1);
    snapshot->view = queue_view_load(session->site, &question->list, error);
    int found = snapshot->view ? 0 : -1;
    const struct queue_row *row =
        found == 0 && question->wants_detail ? detail_row(snapshot, question) : NULL;
    if (row) {
        snapshot->detail = g_new(struct order_view, 1);
        found = order_view_load(session->site, row->shipment_id, snapshot->detail, error);
        if (found == 0)
            g_clear_pointer(&snapshot->detail, g_free);
    }
    if (found >= 0)
        snapshot->alerts = alerts_load(session->site, ALERTS_EACH, error);
    if (snapshot->alerts)
        return snapshot;
    queue_snapshot_free(snapshot);
    return NULL;
}

static void note_selected(struct queue *queue, const struct queue_snapshot *snapshot)
{
    const struct queue_row *row = row_at(snapshot, queue->cursor.row);
    queue->selected_id = row ? row->shipment_id : 0;
}

/* Rows come and go above the cursor: it stays on its order as long as that is in the window. */
static void queue_arrived(struct place *place)
{
    struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    int row = queue->cursor.row;
    if (row_of_id(snapshot, queue->selected_id, &row)) {
        queue->cursor.top += queue->cursor.top > 0 ? row - queue->cursor.row : 0;
        queue->cursor.row = row;
    }
    cursor_settle(&queue->cursor, (int)snapshot->view->total, visible_in(place));
    note_selected(queue, snapshot);
}

/* --- drawing -------------------------------------------------------------------------------------------- */

static const struct table_column COLUMNS[] = {
    {"", 2, 0, TEXT_RIGHT, 0},
    {N_("order"), 15, 2, TEXT_LEFT, 0},
    {N_("shop"), 7, 0, TEXT_LEFT, 0},
    {N_("courier"), 7, 0, TEXT_LEFT, 0},
    {N_("ln"), 2, 0, TEXT_RIGHT, 0},
    {N_("qty"), 4, 0, TEXT_RIGHT, 0},
    {N_("cut-off"), 10, 0, TEXT_RIGHT, 0},
    {N_("batch"), 5, 0, TEXT_LEFT, 76},
    {N_("who"), 6, 1, TEXT_LEFT, 100},
    {N_("state"), 14, 2, TEXT_LEFT, 0},
};

struct drawing {
    const struct queue *queue;
    const struct queue_snapshot *snapshot;
    int64_t now_utc_ms;
    enum glyph_set glyphs;
};

/* Packable now, in part, not; late before all. Letters, coloured as well. */
static char readiness(const struct queue_row *row, int64_t now_utc_ms, unsigned *ink)
{
    gboolean late = row->cut_off_at && row->cut_off_at < now_utc_ms && row->state != ST_LABELLED;
    gboolean some = row->lines_short < row->lines;
    *ink = late                                ? INK_BAD
           : row->blocks == 0                  ? INK_GOOD
           : row->blocks & BLOCK_SHORT && some ? INK_WARN
                                               : INK_BAD;
    return late ? '!' : row->blocks == 0 ? 'G' : row->blocks & BLOCK_SHORT && some ? 'Y' : 'R';
}

static void state_text(const struct queue_row *row, struct table_cell *cell)
{
    if (row->blocks & BLOCK_SHORT) {
        g_snprintf(cell->text, sizeof cell->text, "%s %d/%d", flow_block_label(BLOCK_SHORT),
                   (int)row->lines_short, (int)row->lines);
        cell->ink = INK_WARN;
    } else if (row->blocks) {
        enum block first = (enum block)(row->blocks & (~row->blocks + 1));
        g_strlcpy(cell->text, flow_block_label(first), sizeof cell->text);
        cell->ink = INK_BAD;
    } else if (row->state == ST_PICKING || row->state == ST_PACKING) {
        g_snprintf(cell->text, sizeof cell->text, "%s %d/%d", flow_state_label(row->state),
                   (int)row->lines_done, (int)row->lines);
        cell->ink = INK_INFO;
    } else {
        g_strlcpy(cell->text, flow_state_label(row->state), sizeof cell->text);
    }
}

static void queue_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct queue_row *row = row_at(drawing->snapshot, n);
    if (!row)
        return;
    char until[24];
    switch (column) {
    case 0:
        g_snprintf(cell->text, sizeof cell->text, "%s%c",
                   marks_has(&drawing->queue->marks, row->shipment_id) ? glyph(drawing->glyphs, GLYPH_MARK)
                                                                       : " ",
                   readiness(row, drawing->now_utc_ms, &cell->ink));
        break;
    case 1:
        g_strlcpy(cell->text, row->order, sizeof cell->text);
        break;
    case 2:
        g_strlcpy(cell->text, row->shop, sizeof cell->text);
        break;
    case 3:
        g_strlcpy(cell->text, row->courier, sizeof cell->text);
        break;
    case 4:
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->lines);
        break;
    case 5:
        g_snprintf(cell->text, sizeof cell->text, "%d", (int)row->units);
        break;
    case 6:
        cell->ink = work_until(row->cut_off_at, drawing->now_utc_ms, until);
        g_strlcpy(cell->text, until[0] ? until : "-", sizeof cell->text);
        break;
    case 7:
        g_strlcpy(cell->text, row->batch, sizeof cell->text);
        break;
    case 8:
        g_strlcpy(cell->text, row->person, sizeof cell->text);
        break;
    default:
        state_text(row, cell);
    }
}

/* Nothing where it would not fit before `end`. */
static int count_text(struct canvas *canvas, int row, int col, int end, const char *label, int64_t n)
{
    char *text = g_strdup_printf("%d", (int)n);
    int width = text_width(label) + 1 + text_width(text);
    if (col + width <= end) {
        canvas_text(canvas, row, col, INK_DIM, label);
        canvas_text(canvas, row, col + text_width(label) + 1, n > 0 ? INK_STRONG : INK_DIM, text);
        col += width + 2;
    }
    g_free(text);
    return col;
}

static void draw_counts(const struct queue_counts *counts, struct canvas *canvas, int row)
{
    static const enum state STATES[] = {ST_READY,    ST_PICKING, ST_PACKING, ST_PACKED,
                                        ST_LABELLED, ST_NEW,     ST_BATCHED, ST_PICKED};
    char *late = g_strdup_printf(_("late %d   held %d   short %d"), (int)counts->late, (int)counts->held,
                                 (int)counts->shorts);
    int col = 1, right = canvas->cols - 1 - text_width(late);
    canvas_text(canvas, row, right, counts->late ? INK_BAD : INK_DIM, late);
    for (size_t i = 0; i < G_N_ELEMENTS(STATES); i++)
        if (counts->by_state[STATES[i]] > 0 || STATES[i] == ST_READY)
            col = count_text(canvas, row, col, right - 2, flow_state_label(STATES[i]),
                             counts->by_state[STATES[i]]);
    g_free(late);
}

static void draw_alerts(const GArray *alerts, struct canvas *canvas, int row)
{
    if (!alerts || alerts->len == 0)
        return;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < MIN(alerts->len, (guint)ALERTS_MAX); i++)
        g_string_append_printf(text, "%s%s", i ? "  |  " : "", g_array_index(alerts, struct alert, i).text);
    int col = 1 + canvas_textf(canvas, row, 1, INK_BAD, _("ALERTS %u"), alerts->len) + 2;
    canvas_field(canvas, row, col, canvas->cols - col - 1, TEXT_LEFT, INK_WARN, text->str);
    g_string_free(text, TRUE);
}

static void queue_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    struct rect list = list_rect(body);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    canvas_hline(canvas, body.row + body.rows - 2, 0, canvas->cols, INK_LINE);
    if (!snapshot)
        return;
    draw_counts(&snapshot->view->counts, canvas, body.row);
    struct drawing drawing = {queue, snapshot, place->now_utc_ms, canvas->glyphs};
    struct table table = {COLUMNS, G_N_ELEMENTS(COLUMNS), queue_cell, &drawing, (int)snapshot->view->total};
    table_draw(&table, &queue->cursor, canvas, list);
    table_position(&queue->cursor, table_visible(list), (int)snapshot->view->total, (int)queue->marks.ids->len, canvas,
                   canvas->rows - 2);
    if (snapshot->view->total == 0)
        canvas_field(canvas, list.row + 3, 0, list.cols, TEXT_CENTRE, INK_DIM,
                     queue->question.search[0] ? _("Nothing is like that") : _("Nothing waits"));
    draw_alerts(snapshot->alerts, canvas, body.row + body.rows - 1);
    if (!is_wide(body))
        return;
    struct rect pane = {list.row, list.cols + 1, list.rows, canvas->cols - list.cols - 1};
    canvas_vline(canvas, list.row, list.cols, list.rows, INK_LINE);
    const struct queue_row *row = row_at(snapshot, queue->cursor.row);
    if (snapshot->detail && row && row->shipment_id == snapshot->detail->shipment_id)
        detail_draw(snapshot->detail, place, canvas, pane);
}

/* --- handling ------------------------------------------------------------------------------------------- */

/* Whether all rows that will be seen are in the window; otherwise the question is set for those that are
 * missing. */
static gboolean is_in_window(struct queue *queue, const struct queue_snapshot *snapshot, int visible)
{
    const struct queue_view *view = snapshot->view;
    int64_t first = queue->cursor.top, last = MIN(first + visible, view->total) - 1;
    if (first >= view->before && last < view->before + view->count)
        return TRUE;
    const struct queue_row *head = view->count > 0 ? &view->rows[0] : NULL;
    const struct queue_row *tail = row_at(snapshot, queue->cursor.top);
    if (last >= view->total - visible && first >= view->before + view->count)
        queue->question.from = QUEUE_END;
    else if (first == 0 || !head)
        queue->question.from = QUEUE_START;
    else
        queue->question.from = first < view->before ? QUEUE_BEFORE : QUEUE_AT;
    const struct queue_row *key = queue->question.from == QUEUE_BEFORE && !tail ? head : tail ? tail : head;
    if (key) {
        queue->question.cut_off_at = key->cut_off_at;
        queue->question.shipment_id = key->shipment_id;
    }
    return FALSE;
}

static struct request moved(const struct place *place)
{
    gboolean here = is_in_window(place->state, place->snapshot, visible_in(place));
    note_selected(place->state, place->snapshot);
    return request_of(here && !is_wide(place->body) ? REQUEST_DRAW : REQUEST_LOAD);
}

/* What a person can ask for by ":only". */
static const struct only {
    const char *word, *label; /* label: NULL, it is a block's */
} ONLY[] = {{"late", N_("late")}, {"held", NULL},     {"short", NULL},  {"unpaid", NULL},
            {"presale", NULL},    {"unmapped", NULL}, {"address", NULL}};

static const char *only_label(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ONLY); i++)
        if (strcmp(ONLY[i].word, word) == 0)
            return ONLY[i].label ? _(ONLY[i].label) : flow_block_label(flow_block_parse(word));
    return NULL;
}

/* From the top, of what the text finds; "=late" is a kind, not a text. */
static struct request narrow(struct queue *queue, const char *text)
{
    const char *label = text[0] == '=' ? only_label(text + 1) : text;
    g_strlcpy(queue->question.search, label ? text : "", sizeof queue->question.search);
    queue->shown[0] = '\0';
    if (label && label[0])
        g_snprintf(queue->shown, sizeof queue->shown, _("only: %s   (Esc: all)"), label);
    queue->question.from = QUEUE_START;
    queue->cursor = (struct cursor){0};
    queue->selected_id = 0;
    return request_of(REQUEST_LOAD);
}

static struct request search(struct queue *queue, const char *field)
{
    if (g_str_has_prefix(field, "//"))
        return narrow(queue, "");
    return narrow(queue, field[0] == '/' || field[0] == '=' ? field + 1 : field);
}

static struct request only(struct queue *queue, const char *word)
{
    if (!word || !only_label(word))
        return (struct request){.kind = REQUEST_DRAW,
                                .message = g_strdup(_("Only what? late held short unpaid presale unmapped address")),
                                .message_ink = INK_WARN,
                                .bell = BELL_REFUSED};
    char *kind = g_strconcat("=", word, NULL);
    struct request request = narrow(queue, kind);
    g_free(kind);
    return request;
}

static struct request open_row(const struct queue_row *row)
{
    if (!row)
        return request_of(REQUEST_NONE);
    return (struct request){.kind = REQUEST_PUSH,
                            .target = "order",
                            .argument = g_strdup_printf("%" G_GINT64_FORMAT, row->shipment_id)};
}

static struct request go_alert(const struct queue_snapshot *snapshot)
{
    if (!snapshot || !snapshot->alerts || snapshot->alerts->len == 0)
        return request_of(REQUEST_NONE);
    const struct alert *alert = &g_array_index(snapshot->alerts, struct alert, 0);
    return (struct request){
        .kind = REQUEST_GO, .target = alert->screen, .argument = g_strdup(alert->argument)};
}

static const struct {
    int action;
    enum marks_act act;
} MARK_ACTS[] = {{ACT_RELEASE, MARKS_RELEASE},
                 {ACT_HOLD, MARKS_HOLD},
                 {ACT_UNHOLD, MARKS_UNHOLD},
                 {ACT_BATCH, MARKS_BATCH}};

/* More than a window holds is not marked at once: nobody has seen it. */
static struct request mark_all(struct queue *queue, const struct queue_snapshot *snapshot)
{
    if (!snapshot || snapshot->view->total > snapshot->view->count)
        return (struct request){.kind = REQUEST_DRAW,
                                .message = g_strdup_printf(_("More than %d: narrow the list first"), QUEUE_WINDOW),
                                .message_ink = INK_WARN,
                                .bell = BELL_REFUSED};
    int64_t *ids = g_new(int64_t, (gsize)snapshot->view->count + 1);
    for (int i = 0; i < snapshot->view->count; i++)
        ids[i] = snapshot->view->rows[i].shipment_id;
    marks_toggle_all(&queue->marks, ids, snapshot->view->count);
    g_free(ids);
    return request_of(REQUEST_DRAW);
}

static struct request act(struct place *place, int action, const char *argument)
{
    struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    const struct queue_row *row = row_at(snapshot, queue->cursor.row);
    if (action == ACT_OPEN)
        return open_row(row);
    if (action == ACT_ALERT)
        return go_alert(snapshot);
    if (action == ACT_ONLY)
        return only(queue, argument);
    if (action == ACT_ALL)
        return mark_all(queue, snapshot);
    if (action == ACT_MARK && row) {
        marks_toggle(&queue->marks, row->shipment_id);
        queue->cursor.row++;
        cursor_settle(&queue->cursor, (int)snapshot->view->total, visible_in(place));
        return moved(place);
    }
    for (size_t i = 0; row && i < G_N_ELEMENTS(MARK_ACTS); i++)
        if (MARK_ACTS[i].action == action)
            return marks_request(&queue->marks, row->shipment_id, MARK_ACTS[i].act, argument);
    return request_of(REQUEST_NONE);
}

static gboolean is_space(const struct input_event *event)
{
    return event && event->type == INPUT_CHAR && event->c == ' ';
}

static struct request queue_handle(struct place *place, const struct happening *happening)
{
    struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    if (happening->field_changed && is_space(happening->input) && strcmp(place->field, " ") == 0) {
        struct request request = act(place, ACT_MARK, NULL);
        request.clear_field = TRUE;
        return request;
    }
    if (happening->field_changed)
        return search(queue, place->field);
    if (happening->action)
        return act(place, happening->action, happening->argument);
    if (snapshot &&
        cursor_move(&queue->cursor, happening->input, (int)snapshot->view->total, visible_in(place)))
        return moved(place);
    if (happening->input && happening->input->type == INPUT_KEY && happening->input->key == K_ESC)
        return narrow(queue, "");
    return request_of(REQUEST_NONE);
}

static void *queue_enter(const char *argument)
{
    struct queue *queue = g_new0(struct queue, 1);
    marks_init(&queue->marks);
    char *kind = g_strconcat("=", argument ? argument : "", NULL);
    narrow(queue, argument && argument[0] == '/' ? argument + 1 : kind);
    g_free(kind);
    return queue;
}

static void queue_leave(void *data)
{
    struct queue *queue = data;
    marks_release(&queue->marks);
    g_free(queue);
}

static const char *queue_prompt(const struct place *place)
{
    const struct queue *queue = place->state;
    return queue->shown[0] ? queue->shown : _("scan; order, name, phone, SKU (: commands)");
}

const struct screen SCREEN_QUEUE = {
    .id = "queue",
    .title = N_("Queue"),
    .flags = SCREEN_SEARCH | SCREEN_LIST,
    .keys = KEYS,
    .enter = queue_enter,
    .leave = queue_leave,
    .ask = queue_ask,
    .ask_free = g_free,
    .load = queue_load,
    .snapshot_free = queue_snapshot_free,
    .arrived = queue_arrived,
    .draw = queue_draw,
    .handle = queue_handle,
    .prompt = queue_prompt,
};
