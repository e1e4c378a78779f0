/* SPDX-License-Identifier: MIT */
#include "tui/app/lists.h"

#include "core/base/translate.h"

enum { WHEEL_ROWS = 3, POSITION_ROW = 2 /* from below: beside the field */ };

const struct key_row SORT_KEYS[] = {
    {K_NONE, ACT_SORT, "sort", N_("sort"),
     N_("Sort by the column whose heading follows, or click on it; again: the other way"), KEY_TAKES},
    {0},
};

gboolean lists_of(const struct screen *screen, const struct place *place, struct lists *lists)
{
    *lists = (struct lists){.count = 0};
    if (screen->lists)
        screen->lists(place, lists);
    return lists->count > 0;
}

static gboolean are_there(const struct screen *screen, const struct place *place)
{
    return place->snapshot || !screen->load;
}

const struct list_view *lists_focus(const struct lists *lists)
{
    return &lists->views[lists->focus ? *lists->focus : 0];
}

void lists_arrived(const struct screen *screen, struct place *place)
{
    struct lists lists;
    if (screen->arrived)
        screen->arrived(place);
    lists_of(screen, place, &lists);
    for (int i = 0; i < lists.count; i++)
        list_settle(&lists.views[i]);
}

void lists_leave(const struct screen *screen, void *state)
{
    struct lists lists;
    lists_of(screen, &(struct place){.state = state}, &lists);
    for (int i = 0; i < lists.count; i++)
        list_clear(lists.views[i].list);
    g_free(state);
}

void lists_draw(const struct screen *screen, const struct place *place, struct canvas *canvas)
{
    struct lists lists;
    if (!place->view || !are_there(screen, place) || !lists_of(screen, place, &lists))
        return;
    const struct list_view *focus = lists_focus(&lists);
    struct list_look look = {.glyphs = canvas->glyphs, .now_utc_ms = place->now_utc_ms, .zone = place->view->zone};
    for (int i = 0; i < lists.count; i++)
        list_draw(&lists.views[i], &look, &lists.views[i] == focus, canvas);
    list_draw_position(focus, canvas, canvas->rows - POSITION_ROW);
}

/* --- keys, mouse and words ------------------------------------------------------------------------------ */

static struct request moved(const struct screen *screen, struct place *place)
{
    return screen->moved ? screen->moved(place) : request_of(REQUEST_DRAW);
}

static struct request too_many(const struct list_view *view)
{
    g_autofree char *text = g_strdup_printf(_("More than %d: narrow the list first"), view->held);
    return request_refused(text);
}

static struct request sort_by(const struct screen *screen, struct place *place, const struct list_view *view,
                              int column)
{
    return list_sort(view, column) ? moved(screen, place) : too_many(view);
}

/* A click chooses the row, or the column to sort by; the wheel scrolls the list it is over. */
static struct request mouse(const struct screen *screen, struct place *place, struct lists *lists,
                            const struct input_event *event)
{
    int n = 0;
    while (n < lists->count && !list_hit(&lists->views[n], event->row, event->col))
        n++;
    const struct list_view *view = &lists->views[n];
    if (n == lists->count)
        return request_of(REQUEST_NONE);
    int row = event->row - view->rect.row, column = list_column_at(view, event->col);
    if (event->wheel) {
        list_scroll(view, event->wheel * WHEEL_ROWS);
        return moved(screen, place);
    }
    if (lists->focus)
        *lists->focus = n;
    if (row == 0 && column >= 0)
        return sort_by(screen, place, view, column);
    if (row > 0 && view->list->top + row - 1 < view->count)
        list_select(view, view->list->top + row - 1);
    return moved(screen, place);
}

gboolean lists_take(const struct screen *screen, struct place *place, const struct input_event *event,
                    struct request *request)
{
    struct lists lists;
    if (!are_there(screen, place) || !lists_of(screen, place, &lists))
        return FALSE;
    const struct list_view *focus = lists_focus(&lists);
    if (event->type == INPUT_MOUSE)
        *request = mouse(screen, place, &lists, event);
    else if (event->type == INPUT_KEY && list_move(focus, event->key))
        *request = moved(screen, place);
    else
        return FALSE;
    return TRUE;
}

/* By the heading's name; by nothing: as the rows come. */
static struct request sort(const struct screen *screen, struct place *place, const struct list_view *view,
                           const char *heading)
{
    int column = heading ? list_column_named(view->ops, heading) : -1;
    if (heading && heading[0] && column < 0)
        return request_refused(_("By which column? Its heading, for example :sort courier"));
    return sort_by(screen, place, view, column);
}

gboolean lists_press(const struct screen *screen, struct place *place, int action, const char *argument,
                     struct request *request)
{
    struct lists lists;
    if (action < ACT_MARK || action > ACT_TURN || !lists_of(screen, place, &lists))
        return FALSE;
    const struct list_view *focus = lists_focus(&lists);
    *request = request_of(REQUEST_DRAW);
    if (action == ACT_TURN && lists.focus)
        *lists.focus = (*lists.focus + 1) % lists.count;
    else if (!are_there(screen, place))
        return TRUE;
    else if (action == ACT_SORT)
        *request = sort(screen, place, focus, argument);
    else if (action == ACT_ALL)
        *request = list_mark_all(focus) ? request_of(REQUEST_DRAW) : too_many(focus);
    else if (action == ACT_MARK) {
        list_mark(focus);
        *request = moved(screen, place);
    }
    return TRUE;
}
