/* SPDX-License-Identifier: MIT */
#include "tui/widgets/table.h"

#include "core/base/translate.h"

enum { GAP = 2, COLUMNS_MAX = 16 };

void cursor_settle(struct cursor *cursor, int count, int visible)
{
    cursor->row = CLAMP(cursor->row, 0, MAX(count - 1, 0));
    if (cursor->row < cursor->top)
        cursor->top = cursor->row;
    if (cursor->row >= cursor->top + visible)
        cursor->top = cursor->row - visible + 1;
    cursor->top = CLAMP(cursor->top, 0, MAX(count - visible, 0));
}

gboolean cursor_move(struct cursor *cursor, const struct input_event *event, int count, int visible)
{
    static const struct {
        enum key key;
        int rows, pages, ends;
    } MOVES[] = {
        {K_UP, -1, 0, 0},       {K_DOWN, 1, 0, 0},  {K_PAGE_UP, 0, -1, 0},
        {K_PAGE_DOWN, 0, 1, 0}, {K_HOME, 0, 0, -1}, {K_END, 0, 0, 1},
    };
    for (size_t i = 0; event && event->type == INPUT_KEY && i < G_N_ELEMENTS(MOVES); i++)
        if (MOVES[i].key == event->key) {
            cursor->row += MOVES[i].rows + MOVES[i].pages * visible + MOVES[i].ends * count;
            cursor_settle(cursor, count, visible);
            return TRUE;
        }
    return FALSE;
}

int table_visible(struct rect rect)
{
    return MAX(rect.rows - 1, 1);
}

static gboolean is_shown(const struct table_column *column, int room)
{
    return room >= column->from;
}

static void lay_out(const struct table *table, int room, int widths[static COLUMNS_MAX])
{
    int used = 1, grow = 0;
    for (int i = 0; i < table->column_count; i++) {
        gboolean shown = is_shown(&table->columns[i], room);
        widths[i] = shown ? table->columns[i].width : 0;
        used += shown ? widths[i] + GAP : 0;
        grow += shown ? table->columns[i].grow : 0;
    }
    int left = MAX(room - used, 0);
    for (int i = 0; i < table->column_count && grow > 0; i++)
        if (widths[i] > 0 && table->columns[i].grow > 0) {
            int share = left * table->columns[i].grow / grow;
            widths[i] += share;
            left -= share;
            grow -= table->columns[i].grow;
        }
}

static void draw_titles(const struct table *table, const int *widths, struct canvas *canvas, struct rect rect)
{
    int col = rect.col + 1;
    for (int i = 0; i < table->column_count; i++) {
        if (widths[i] == 0)
            continue;
        const char *title = table->columns[i].title;
        canvas_field(canvas, rect.row, col, widths[i], table->columns[i].align, INK_COLUMN,
                     title[0] ? _(title) : "");
        col += widths[i] + GAP;
    }
}

static void draw_row(const struct table *table, const int *widths, struct canvas *canvas, int row, int n,
                     int first_col)
{
    int col = first_col + 1;
    for (int i = 0; i < table->column_count; i++) {
        if (widths[i] == 0)
            continue;
        struct table_cell cell = {.ink = INK_NORMAL};
        table->cell(table->rows, n, i, &cell);
        canvas_field(canvas, row, col, widths[i], table->columns[i].align, cell.ink, cell.text);
        col += widths[i] + GAP;
    }
}

void table_draw(const struct table *table, const struct cursor *cursor, struct canvas *canvas,
                struct rect rect)
{
    int widths[COLUMNS_MAX] = {0};
    lay_out(table, rect.cols, widths);
    draw_titles(table, widths, canvas, rect);
    int visible = table_visible(rect);
    for (int i = 0; i < visible && cursor->top + i < table->count; i++) {
        int row = rect.row + 1 + i;
        draw_row(table, widths, canvas, row, cursor->top + i, rect.col);
        if (cursor->top + i == cursor->row)
            canvas_restyle(canvas, (struct rect){row, rect.col, 1, rect.cols}, STYLE_SELECTED);
    }
}

void table_position(const struct cursor *cursor, int visible, int total, int marked, struct canvas *canvas, int row)
{
    if (total == 0)
        return;
    char *text = g_strdup_printf(_("%d-%d of %d"), cursor->top + 1, MIN(cursor->top + visible, total), total);
    char *marks = marked > 0 ? g_strdup_printf(_("%d marked"), marked) : g_strdup("");
    int col = canvas->cols - 1 - text_width(text);
    canvas_text(canvas, row, col, INK_DIM, text);
    canvas_text(canvas, row, col - 2 - text_width(marks), INK_STRONG, marks);
    g_free(marks);
    g_free(text);
}
