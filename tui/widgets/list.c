/* SPDX-License-Identifier: MIT */
#include "tui/widgets/list.h"

#include <string.h>

#include "core/base/translate.h"

struct list_view list_whole(const struct list_ops *ops, struct list *list, struct rect rect, const void *rows,
                            int count)
{
    return (struct list_view){.ops = ops, .list = list, .rect = rect, .rows = rows, .count = count, .held = count};
}

struct list_view list_array(const struct list_ops *ops, struct list *list, struct rect rect, const GArray *rows)
{
    return list_whole(ops, list, rect, rows ? rows->data : NULL, rows ? (int)rows->len : 0);
}

void list_clear(struct list *list)
{
    g_clear_pointer(&list->marks, g_array_unref);
    g_clear_pointer(&list->order, g_array_unref);
}

void list_rewind(struct list *list)
{
    list->row = list->top = list->beyond = 0;
    list->selected_id = 0;
}

int list_visible(struct rect rect)
{
    return MAX(rect.rows - 1, 1);
}

/* --- rows ----------------------------------------------------------------------------------------------- */

static gboolean is_whole(const struct list_view *view)
{
    return view->held == view->count && !view->more;
}

/* Of those that are held, as they come. */
static const void *held_row(const struct list_view *view, int i)
{
    const char *rows = view->rows;
    size_t size = view->ops->row_size;
    return size ? rows + (size_t)i * size : ((const void *const *)view->rows)[i];
}

static int64_t number_at(const void *row, size_t at)
{
    int64_t number;
    memcpy(&number, (const char *)row + at, sizeof number);
    return number;
}

static int64_t id_of(const struct list_ops *ops, const void *row)
{
    return row && ops->id_at != LIST_NO_ID ? number_at(row, (size_t)ops->id_at) : 0;
}

const void *list_row_at(const struct list_view *view, int n)
{
    const GArray *order = view->list->order;
    int i = n - view->first;
    if (i < 0 || i >= view->held)
        return NULL;
    return held_row(view, order && (int)order->len == view->held ? g_array_index(order, int, i) : i);
}

const void *list_selected(const struct list_view *view)
{
    return list_row_at(view, view->list->row);
}

/* As it is shown; -1 when it is not held. */
static int place_of(const struct list_view *view, int64_t id)
{
    for (int n = view->first; id && n < view->first + view->held; n++)
        if (id_of(view->ops, list_row_at(view, n)) == id)
            return n;
    return -1;
}

const void *list_row_of(const struct list_view *view, int64_t id)
{
    return list_row_at(view, place_of(view, id));
}

/* --- where one is --------------------------------------------------------------------------------------- */

static void keep_in_sight(const struct list_view *view)
{
    struct list *list = view->list;
    int visible = list_visible(view->rect);
    list->row = CLAMP(list->row, 0, MAX(view->count - 1, 0));
    list->top = CLAMP(list->top, list->row - visible + 1, list->row);
    list->top = CLAMP(list->top, 0, MAX(view->count - visible, 0));
    list->selected_id = id_of(view->ops, list_selected(view));
}

void list_select(const struct list_view *view, int n)
{
    view->list->row = n;
    view->list->beyond = 0;
    keep_in_sight(view);
}

gboolean list_move(const struct list_view *view, enum key key)
{
    static const struct {
        enum key key;
        int rows, pages, ends;
    } MOVES[] = {
        {K_UP, -1, 0, 0},       {K_DOWN, 1, 0, 0},  {K_PAGE_UP, 0, -1, 0},
        {K_PAGE_DOWN, 0, 1, 0}, {K_HOME, 0, 0, -1}, {K_END, 0, 0, 1},
    };
    struct list *list = view->list;
    for (size_t i = 0; i < G_N_ELEMENTS(MOVES); i++)
        if (MOVES[i].key == key) {
            int before = list->row,
                by = MOVES[i].rows + MOVES[i].pages * list_visible(view->rect) + MOVES[i].ends * view->count;
            list_select(view, before + by);
            list->beyond = list->row != before ? 0 : by < 0 ? -1 : 1;
            return TRUE;
        }
    return FALSE;
}

/* The selection goes along only where it would leave the window. */
void list_scroll(const struct list_view *view, int rows)
{
    struct list *list = view->list;
    int visible = list_visible(view->rect), before = list->top;
    list->top = CLAMP(before + rows, 0, MAX(view->count - visible, 0));
    list_select(view, CLAMP(list->row, list->top, list->top + visible - 1));
    list->beyond = list->top != before ? 0 : rows < 0 ? -1 : 1;
}

gboolean list_hit(const struct list_view *view, int row, int col)
{
    const struct rect *rect = &view->rect;
    return row >= rect->row && row < rect->row + rect->rows && col >= rect->col && col < rect->col + rect->cols;
}

/* --- cells ---------------------------------------------------------------------------------------------- */

void list_say(struct list_cell *cell, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_vsnprintf(cell->text, sizeof cell->text, format, args);
    va_end(args);
}

void list_fill_cell(const struct list_column *column, const void *row, const struct list_look *look,
                    struct list_cell *cell)
{
    const char *at = (const char *)row + column->at, *text;
    cell->look = look;
    cell->text[0] = '\0';
    cell->ink = INK_NORMAL;
    switch (column->show) {
    case SHOW_CELL:
        column->cell(at, cell);
        break;
    case SHOW_TEXT:
        list_say(cell, "%s", at);
        break;
    case SHOW_STRING:
        memcpy(&text, at, sizeof text);
        list_say(cell, "%s", text ? text : "");
        break;
    case SHOW_NUMBER:
        list_say(cell, "%" G_GINT64_FORMAT, number_at(row, column->at));
    }
    if (column->dash && (!cell->text[0] || strcmp(cell->text, "0") == 0))
        list_say(cell, "-");
}

/* --- searching ------------------------------------------------------------------------------------------ */

static const char *text_of(const struct list_column *column, const void *row, struct list_cell *cell)
{
    static const struct list_look PLAIN = {.glyphs = GLYPHS_ASCII};
    list_fill_cell(column, row, &PLAIN, cell);
    return cell->text;
}

gboolean list_row_has(const struct list_ops *ops, const void *row, const char *text)
{
    g_autofree char *wanted = g_utf8_casefold(text, -1);
    gboolean has = FALSE;
    for (int i = 0; !has && i < ops->column_count; i++) {
        struct list_cell cell;
        if (!ops->columns[i].find)
            continue;
        g_autofree char *folded = g_utf8_casefold(text_of(&ops->columns[i], row, &cell), -1);
        has = strstr(folded, wanted) != NULL;
    }
    return has;
}

void list_find(const struct list_view *view, const char *text)
{
    for (int n = view->first; text[0] && n < view->first + view->held; n++)
        if (list_row_has(view->ops, list_row_at(view, n), text)) {
            list_select(view, n);
            return;
        }
}

/* --- sorting -------------------------------------------------------------------------------------------- */

struct sort_key {
    int row;
    int64_t number;
    char *text; /* NULL: by number */
};

/* Rows that are alike stay as they come. */
static int compare(const void *left, const void *right, void *downwards)
{
    const struct sort_key *a = left, *b = right;
    int order = a->text ? strcmp(a->text, b->text) : (a->number > b->number) - (a->number < b->number);
    order = downwards ? -order : order;
    return order ? order : a->row - b->row;
}

static void free_key(void *key)
{
    g_free(((struct sort_key *)key)->text);
}

static GArray *keys_of(const struct list_view *view, const struct list_column *column)
{
    GArray *keys = g_array_sized_new(FALSE, FALSE, sizeof(struct sort_key), (guint)view->held);
    g_array_set_clear_func(keys, free_key);
    for (int i = 0; i < view->held; i++) {
        const void *row = held_row(view, i);
        struct list_cell cell;
        struct sort_key key = {.row = i};
        size_t at = column->show == SHOW_NUMBER ? column->at : column->key_at;
        if (at)
            key.number = number_at(row, at);
        else
            key.text = g_utf8_collate_key_for_filename(text_of(column, row, &cell), -1);
        g_array_append_val(keys, key);
    }
    return keys;
}

static void put_in_order(const struct list_view *view)
{
    struct list *list = view->list;
    g_clear_pointer(&list->order, g_array_unref);
    if (!is_whole(view))
        list->sort = 0;
    if (!list->sort)
        return;
    g_autoptr(GArray) keys = keys_of(view, &view->ops->columns[ABS(list->sort) - 1]);
    g_array_sort_with_data(keys, compare, list->sort < 0 ? list : NULL);
    list->order = g_array_sized_new(FALSE, FALSE, sizeof(int), keys->len);
    for (guint i = 0; i < keys->len; i++)
        g_array_append_val(list->order, g_array_index(keys, struct sort_key, i).row);
}

gboolean list_sort(const struct list_view *view, int column)
{
    struct list *list = view->list;
    if (!is_whole(view))
        return FALSE;
    int upwards = column + 1;
    list->sort = list->sort != upwards && list->sort != -upwards ? upwards : list->sort > 0 ? -upwards : 0;
    list_settle(view);
    return TRUE;
}

int list_column_named(const struct list_ops *ops, const char *word)
{
    g_autofree char *wanted = g_utf8_casefold(word, -1);
    for (int i = 0; wanted[0] && i < ops->column_count; i++) {
        const char *title = ops->columns[i].title;
        g_autofree char *english = g_utf8_casefold(title, -1);
        if (title[0] && (g_str_has_prefix(english, wanted) || g_str_has_prefix(_(title), word)))
            return i;
    }
    return -1;
}

/* --- marks ---------------------------------------------------------------------------------------------- */

static int mark_of(const struct list *list, int64_t id)
{
    for (guint i = 0; list->marks && i < list->marks->len; i++)
        if (g_array_index(list->marks, int64_t, i) == id)
            return (int)i;
    return -1;
}

gboolean list_is_marked(const struct list_view *view, const void *row)
{
    return mark_of(view->list, id_of(view->ops, row)) >= 0;
}

static void set_mark(struct list *list, int64_t id, gboolean marked)
{
    int at = mark_of(list, id);
    if (!list->marks)
        list->marks = g_array_new(FALSE, FALSE, sizeof id);
    if (marked && at < 0)
        g_array_append_val(list->marks, id);
    if (!marked && at >= 0)
        g_array_remove_index(list->marks, (guint)at);
}

void list_mark(const struct list_view *view)
{
    struct list *list = view->list;
    int64_t id = id_of(view->ops, list_selected(view));
    if (!id)
        return;
    set_mark(list, id, mark_of(list, id) < 0);
    list_select(view, list->row + 1);
}

gboolean list_mark_all(const struct list_view *view)
{
    gboolean all = TRUE;
    if (!is_whole(view))
        return FALSE;
    for (int n = 0; n < view->held; n++)
        all = all && list_is_marked(view, list_row_at(view, n));
    for (int n = 0; n < view->held; n++)
        set_mark(view->list, id_of(view->ops, list_row_at(view, n)), !all);
    return TRUE;
}

GArray *list_take_chosen(const struct list_view *view)
{
    GArray *ids = view->list->marks ? g_steal_pointer(&view->list->marks) : g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t selected = id_of(view->ops, list_selected(view));
    if (ids->len == 0 && selected)
        g_array_append_val(ids, selected);
    return ids;
}

/* What is gone is nobody's to mark any more. */
static void drop_marks(const struct list_view *view)
{
    GArray *marks = view->list->marks;
    if (!marks || (view->ops->flags & LIST_KEEPS_MARKS))
        return;
    for (guint i = marks->len; i > 0; i--)
        if (!list_row_of(view, g_array_index(marks, int64_t, i - 1)))
            g_array_remove_index(marks, i - 1);
}

void list_settle(const struct list_view *view)
{
    struct list *list = view->list;
    put_in_order(view);
    drop_marks(view);
    int row = place_of(view, list->selected_id);
    if (row >= 0) {
        list->top += list->top > 0 ? row - list->row : 0;
        list->row = row;
    }
    keep_in_sight(view);
}
