/* SPDX-License-Identifier: MIT
 *
 * The queue: what waits, most urgent first. The scan field doubles as the search. A window of rows is loaded
 * around the cursor and paged by key; from 120 columns on a pane shows the selected order.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "tui/screens/queue_inner.h"
#include "tui/screens/screens.h"

enum { ACT_OPEN = 1, ACT_MARK, ACT_RELEASE, ACT_HOLD, ACT_UNHOLD, ACT_BATCH, ACT_ALERT, ACT_ALL, ACT_ONLY };

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

static int visible_in(const struct place *place)
{
    return table_visible(queue_list_rect(place->body));
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
    question->wants_detail = queue_is_wide(place->body);
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
    return row ? row : queue_row_at(snapshot, question->row);
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
    const struct queue_row *row = queue_row_at(snapshot, queue->cursor.row);
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
    const struct queue_row *tail = queue_row_at(snapshot, queue->cursor.top);
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
    return request_of(here && !queue_is_wide(place->body) ? REQUEST_DRAW : REQUEST_LOAD);
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
        return request_refused(_("Only what? late held short unpaid presale unmapped address"));
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
    const struct queue_row *row = queue_row_at(snapshot, queue->cursor.row);
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
