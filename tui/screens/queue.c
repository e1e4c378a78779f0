/* SPDX-License-Identifier: MIT
 *
 * The queue: what waits, most urgent first. The scan field doubles as the search. A window of rows is loaded
 * around the cursor and paged by key; from 120 columns on a pane shows the selected order.
 */
#include <string.h>

#include "core/base/words.h"
#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "tui/screens/batching.h"
#include "tui/screens/deed.h"
#include "tui/screens/queue_inner.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"

enum { ACT_OPEN = 1, ACT_RELEASE, ACT_HOLD, ACT_UNHOLD, ACT_BATCH, ACT_ALERT, ACT_ONLY };

static const struct key_row KEYS[] = {
    {K_ENTER, ACT_OPEN, "show", N_("show"), N_("Show the selected order"), 0},
    {K_INSERT, ACT_MARK, "mark", N_("mark"), N_("Mark the order, also with the space bar"), 0},
    {K_NONE, ACT_ALL, "all", N_("mark all"), N_("Mark all that are listed; when all are, none"), 0},
    {K_NONE, ACT_BATCH, "batch", N_("batch"), N_("Make a batch of the marked orders"), 0},
    {K_NONE, ACT_RELEASE, "release", N_("release"), N_("Release the marked orders"), 0},
    {K_NONE, ACT_HOLD, "hold", N_("hold"), N_("Hold the marked orders; the reason may follow"), KEY_TAKES},
    {K_NONE, ACT_UNHOLD, "unhold", N_("unhold"), N_("Let the marked orders go on"), 0},
    {K_NONE, ACT_ONLY, "only", N_("only"), N_("List only: late held short unpaid presale unmapped address"), KEY_TAKES},
    {K_NONE, ACT_ALERT, "go", N_("first alert"), N_("Go to what the first alert is about"), 0},
    {0},
};

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
    struct question question = {.list = queue->question, .wants_detail = queue_is_wide(place->body),
                                .row = queue->list.row, .selected_id = queue->list.selected_id};
    return g_memdup2(&question, sizeof question);
}

static void queue_snapshot_free(void *data)
{
    struct queue_snapshot *snapshot = data;
    g_clear_pointer(&snapshot->view, queue_view_free);
    g_free(snapshot->detail);
    g_clear_pointer(&snapshot->alerts, g_array_unref);
    g_free(snapshot);
}

DEFINE_AUTOPTR(queue_snapshot, queue_snapshot_free)

/* Of the whole list; NULL when it is not in the window that was loaded. */
static const struct queue_row *row_at(const struct queue_view *view, int64_t row)
{
    int64_t n = row - view->before;
    return n >= 0 && n < view->count ? &view->rows[n] : NULL;
}

static const struct queue_row *detail_row(const struct queue_view *view, const struct question *question)
{
    for (int i = 0; i < view->count; i++)
        if (view->rows[i].shipment_id == question->selected_id)
            return &view->rows[i];
    return row_at(view, question->row);
}

static void *queue_load(struct session *session, const void *data, GError **error)
{
    const struct question *question = data;
    g_autoptr(queue_snapshot) snapshot = g_new0(struct queue_snapshot, 1);
    snapshot->view = queue_view_load(session->site, &question->list, error);
    int found = snapshot->view ? 0 : -1;
    const struct queue_row *row = found == 0 && question->wants_detail ? detail_row(snapshot->view, question) : NULL;
    if (row) {
        snapshot->detail = g_new(struct order_view, 1);
        found = order_view_load(session->site, row->shipment_id, snapshot->detail, error);
        if (found == 0)
            g_clear_pointer(&snapshot->detail, g_free);
    }
    if (found >= 0)
        snapshot->alerts = alerts_load(session->site, ALERTS_EACH, error);
    return snapshot->alerts ? g_steal_pointer(&snapshot) : NULL;
}

/* --- handling ------------------------------------------------------------------------------------------- */

/* Whether all rows that will be seen are in the window; otherwise the question is set for those that are missing. */
static gboolean is_in_window(struct queue *queue, const struct queue_view *view, int visible)
{
    int64_t first = queue->list.top, last = MIN(first + visible, view->total) - 1;
    if (first >= view->before && last < view->before + view->count)
        return TRUE;
    const struct queue_row *head = view->count > 0 ? &view->rows[0] : NULL;
    const struct queue_row *tail = row_at(view, first);
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

static struct request queue_moved(struct place *place)
{
    const struct queue_snapshot *snapshot = place->snapshot;
    gboolean here = is_in_window(place->state, snapshot->view, list_visible(queue_list_rect(place->body)));
    return request_of(here && !queue_is_wide(place->body) ? REQUEST_DRAW : REQUEST_LOAD);
}

/* What a person can ask for by ":only"; without a label it is a block's. */
static const struct word ONLY[] = {{"late", N_("late")}, {"held", NULL},     {"short", NULL},  {"unpaid", NULL},
            {"presale", NULL},    {"unmapped", NULL}, {"address", NULL}};

/* From the top. */
static struct request narrow(struct queue *queue, struct queue_question question, const char *label)
{
    queue->question = question;
    queue->shown[0] = '\0';
    if (label[0])
        g_snprintf(queue->shown, sizeof queue->shown, _("only: %s   (Esc: all)"), label);
    list_rewind(&queue->list);
    return request_of(REQUEST_LOAD);
}

static struct request find(struct queue *queue, const char *text)
{
    struct queue_question question = {.only = QUEUE_ANY};
    g_strlcpy(question.search, text, sizeof question.search);
    return narrow(queue, question, text);
}

static struct request search(struct queue *queue, const char *field)
{
    return find(queue, g_str_has_prefix(field, "//") ? "" : field[0] == '/' ? field + 1 : field);
}

static struct request only(struct queue *queue, const char *word)
{
    int n = word ? WORDS_FIND(ONLY, word) : -1;
    if (n < 0)
        return request_refused(_("Only what? late held short unpaid presale unmapped address"));
    enum block block = flow_block_parse(word);
    return narrow(queue, (struct queue_question){.only = block ? QUEUE_BLOCKED : QUEUE_LATE, .block = block},
                  ONLY[n].label ? _(ONLY[n].label) : flow_block_label(block));
}

static const struct event EVENTS[] = {
    [ACT_RELEASE] = {.kind = EV_RELEASE},
    [ACT_HOLD] = DEED_HOLD,
    [ACT_UNHOLD] = DEED_UNHOLD,
};

/* With the marked orders, or with the selected one when none is marked. */
static struct request act_on_orders(const struct list_view *list, int action, const char *reason)
{
    g_autoptr(GArray) ids = list_take_chosen(list);
    if (action == ACT_BATCH)
        return batching_of(ids);
    return deed_each(ids, EVENTS[action], offsetof(struct event, shipment_id), reason ? reason : "", NULL);
}

static struct request act(struct place *place, int action, const char *argument)
{
    const struct queue_snapshot *snapshot = place->snapshot;
    struct lists lists = {.count = 0};
    queue_lists(place, &lists);
    const struct queue_row *row = list_selected(&lists.views[0]);
    if (action == ACT_ALERT)
        return work_go_alert(snapshot ? snapshot->alerts : NULL, 0);
    if (action == ACT_ONLY)
        return only(place->state, argument);
    if (!row)
        return request_of(REQUEST_NONE);
    if (action == ACT_OPEN)
        return request_push("order", g_strdup_printf("%" G_GINT64_FORMAT, row->shipment_id));
    return act_on_orders(&lists.views[0], action, argument);
}

static struct request queue_handle(struct place *place, const struct happening *happening)
{
    if (happening->field_changed)
        return search(place->state, place->field);
    if (happening->action)
        return act(place, happening->action, happening->argument);
    if (input_is_key(happening->input, K_ESC))
        return find(place->state, "");
    return request_of(REQUEST_NONE);
}

static void queue_enter(void *state, const char *argument)
{
    if (!argument || argument[0] == '/' || WORDS_FIND(ONLY, argument) < 0)
        find(state, argument && argument[0] == '/' ? argument + 1 : "");
    else
        only(state, argument);
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
    .state_size = sizeof(struct queue),
    .enter = queue_enter,
    .ask = queue_ask,
    .load = queue_load,
    .snapshot_free = queue_snapshot_free,
    .lists = queue_lists,
    .moved = queue_moved,
    .draw = queue_draw,
    .handle = queue_handle,
    .prompt = queue_prompt,
};
