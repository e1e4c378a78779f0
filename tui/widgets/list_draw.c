/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"
#include "tui/widgets/list.h"

enum { MARGIN = 1, GAP = 2, EMPTY_ROW = 3 };

/* Where a column stands, from the left edge of the list; no cols: it is not shown. */
struct slot {
    int col, cols;
};

/* What is left over goes to those that grow; what does not fit ends at the edge. */
static void lay_out(const struct list_ops *ops, int room, struct slot slots[static LIST_COLUMNS_MAX])
{
    int left = room - MARGIN, grow = 0, col = MARGIN;
    for (int i = 0; i < ops->column_count; i++) {
        gboolean shown = room >= ops->columns[i].from;
        slots[i].cols = shown ? ops->columns[i].width : 0;
        left -= shown ? slots[i].cols + GAP : 0;
        grow += shown ? ops->columns[i].grow : 0;
    }
    for (int i = 0; i < ops->column_count; i++) {
        if (slots[i].cols == 0)
            continue;
        int share = left > 0 && grow > 0 ? left * ops->columns[i].grow / grow : 0;
        left -= share;
        grow -= ops->columns[i].grow;
        slots[i].col = col;
        col += slots[i].cols + share + GAP;
        slots[i].cols = CLAMP(room - slots[i].col, 0, slots[i].cols + share);
    }
}

int list_column_at(const struct list_view *view, int col)
{
    struct slot slots[LIST_COLUMNS_MAX] = {{0}};
    int at = col - view->rect.col;
    lay_out(view->ops, view->rect.cols, slots);
    for (int i = 0; i < view->ops->column_count; i++)
        if (at >= slots[i].col && at < slots[i].col + slots[i].cols && view->ops->columns[i].title[0])
            return i;
    return -1;
}

/* The arrow of the column that the list is sorted by stands behind its heading, in the gap where there is no other
 * room. */
static void draw_heading(const struct list_view *view, int column, struct slot slot, struct canvas *canvas)
{
    const struct list_column *what = &view->ops->columns[column];
    gboolean sorted = ABS(view->list->sort) == column + 1;
    if (!what->title[0])
        return;
    int col = view->rect.col + slot.col, width = MIN(text_width(_(what->title)), slot.cols);
    canvas_field(canvas, view->rect.row, col, slot.cols, what->align, sorted ? INK_STRONG : INK_COLUMN, _(what->title));
    int arrow = slot.col + (what->align == TEXT_RIGHT ? slot.cols : width);
    if (sorted && arrow < view->rect.cols)
        canvas_glyph(canvas, view->rect.row, view->rect.col + arrow, INK_STRONG,
                     view->list->sort > 0 ? GLYPH_UP : GLYPH_DOWN);
}

static void draw_row(const struct list_view *view, const struct slot *slots, const struct list_look *look, int n,
                     int at, struct canvas *canvas)
{
    const void *row = list_row_at(view, n);
    for (int i = 0; row && i < view->ops->column_count; i++) {
        if (slots[i].cols == 0)
            continue;
        const struct list_column *column = &view->ops->columns[i];
        struct list_look here = *look;
        struct list_cell cell;
        here.cols = slots[i].cols;
        here.marked = list_is_marked(view, row);
        list_fill_cell(column, row, &here, &cell);
        canvas_field(canvas, at, view->rect.col + slots[i].col, slots[i].cols, column->align, cell.ink, cell.text);
    }
}

void list_draw(const struct list_view *view, const struct list_look *look, gboolean has_keys, struct canvas *canvas)
{
    struct slot slots[LIST_COLUMNS_MAX] = {{0}};
    const struct rect *rect = &view->rect;
    const struct list *list = view->list;
    lay_out(view->ops, rect->cols, slots);
    for (int i = 0; i < view->ops->column_count; i++)
        draw_heading(view, i, slots[i], canvas);
    for (int i = 1; i < rect->rows && list->top + i - 1 < view->count; i++) {
        int n = list->top + i - 1;
        draw_row(view, slots, look, n, rect->row + i, canvas);
        if (has_keys && n == list->row)
            canvas_restyle(canvas, (struct rect){rect->row + i, rect->col, 1, rect->cols}, STYLE_SELECTED);
    }
    if (view->count == 0 && view->empty && rect->rows > 1)
        canvas_field(canvas, rect->row + MIN(EMPTY_ROW, rect->rows - 1), rect->col, rect->cols, TEXT_CENTRE, INK_DIM,
                     view->empty);
}

void list_draw_position(const struct list_view *view, struct canvas *canvas, int row)
{
    const struct list *list = view->list;
    if (view->count == 0)
        return;
    int marked = list->marks ? (int)list->marks->len : 0, last = MIN(list->top + list_visible(view->rect), view->count);
    g_autofree char *where = g_strdup_printf(_("%d-%d of %d"), list->top + 1, last, view->count);
    g_autofree char *text = g_strconcat(where, view->more ? "+" : "", NULL);
    g_autofree char *marks = marked > 0 ? g_strdup_printf(_("%d marked"), marked) : g_strdup("");
    int col = canvas->cols - 1 - text_width(text);
    canvas_text(canvas, row, col, INK_DIM, text);
    canvas_text(canvas, row, col - 2 - text_width(marks), INK_STRONG, marks);
}
