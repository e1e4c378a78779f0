/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "tui/screens/detail.h"
#include "tui/screens/queue_inner.h"
#include "tui/screens/work.h"

enum { DETAIL_FROM_COLS = 120, DETAIL_COLS = 58, ALERTS_MAX = 6 };

gboolean queue_is_wide(struct rect body)
{
    return body.cols >= DETAIL_FROM_COLS;
}

struct rect queue_list_rect(struct rect body)
{
    return (struct rect){body.row + 2, 0, body.rows - 4, queue_is_wide(body) ? body.cols - DETAIL_COLS - 1 : body.cols};
}

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

static void sign(const void *data, struct list_cell *cell)
{
    char letter = readiness(data, cell->look->now_utc_ms, &cell->ink);
    list_say(cell, "%s%c", cell->look->marked ? glyph(cell->look->glyphs, GLYPH_MARK) : " ", letter);
}

static void state(const void *data, struct list_cell *cell)
{
    const struct queue_row *row = data;
    if (row->blocks & BLOCK_SHORT) {
        list_say(cell, "%s %d/%d", flow_block_label(BLOCK_SHORT), (int)row->lines_short, (int)row->lines);
        cell->ink = INK_WARN;
    } else if (row->blocks) {
        enum block first = (enum block)(row->blocks & (~row->blocks + 1));
        list_say(cell, "%s", flow_block_label(first));
        cell->ink = INK_BAD;
    } else if (row->state == ST_PICKING || row->state == ST_PACKING) {
        list_say(cell, "%s %d/%d", flow_state_label(row->state), (int)row->lines_done, (int)row->lines);
        cell->ink = INK_INFO;
    } else {
        list_say(cell, "%s", flow_state_label(row->state));
    }
}

/* Beside the pane of the selected order there is little room: what it shows as well gives way. */
static const struct list_column COLUMNS[] = {
    {"", 2, 0, TEXT_RIGHT, 0, .cell = sign},
    {N_("order"), 15, 2, TEXT_LEFT, 0, LIST_TEXT(struct queue_row, order)},
    {N_("shop"), 7, 0, TEXT_LEFT, 70, LIST_TEXT(struct queue_row, shop)},
    {N_("courier"), 7, 0, TEXT_LEFT, 0, LIST_TEXT(struct queue_row, courier)},
    {N_("ln"), 2, 0, TEXT_RIGHT, 74, LIST_NUMBER(struct queue_row, lines)},
    {N_("qty"), 4, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct queue_row, units)},
    {N_("cut-off"), 10, 0, TEXT_RIGHT, 0, LIST_CELL(work_until_cell, struct queue_row, cut_off_at),
     LIST_KEY(struct queue_row, cut_off_at)},
    {N_("batch"), 5, 0, TEXT_LEFT, 80, LIST_TEXT(struct queue_row, batch)},
    {N_("who"), 6, 1, TEXT_LEFT, 100, LIST_TEXT(struct queue_row, person)},
    {N_("state"), 14, 2, TEXT_LEFT, 0, .cell = state},
};

static const struct list_ops LIST = LIST_OPS(COLUMNS, struct queue_row, shipment_id, LIST_MARKS | LIST_KEEPS_MARKS);

void queue_lists(const struct place *place, struct lists *lists)
{
    struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    struct list_view *list = &lists->views[lists->count++];
    *list = (struct list_view){.ops = &LIST, .list = &queue->list, .rect = queue_list_rect(place->body)};
    if (!snapshot)
        return;
    list->rows = snapshot->view->rows;
    list->count = (int)snapshot->view->total;
    list->first = (int)snapshot->view->before;
    list->held = snapshot->view->count;
    list->empty = queue->shown[0] ? _("Nothing is like that") : _("Nothing waits");
}

/* Nothing where it would not fit before `end`. */
static int count_text(struct canvas *canvas, int row, int col, int end, const char *label, int64_t n)
{
    g_autofree char *text = g_strdup_printf("%d", (int)n);
    int width = text_width(label) + 1 + text_width(text);
    if (col + width <= end) {
        canvas_text(canvas, row, col, INK_DIM, label);
        canvas_text(canvas, row, col + text_width(label) + 1, n > 0 ? INK_STRONG : INK_DIM, text);
        col += width + 2;
    }
    return col;
}

void queue_draw_counts(const struct queue_counts *counts, struct canvas *canvas, int row)
{
    static const enum state STATES[] = {ST_READY,    ST_PICKING, ST_PACKING, ST_PACKED,
                                        ST_LABELLED, ST_NEW,     ST_BATCHED, ST_PICKED};
    g_autofree char *late = g_strdup_printf(_("late %d   held %d   short %d"), (int)counts->late, (int)counts->held,
                                 (int)counts->shorts);
    int col = 1, right = canvas->cols - 1 - text_width(late);
    canvas_text(canvas, row, right, counts->late ? INK_BAD : INK_DIM, late);
    for (size_t i = 0; i < G_N_ELEMENTS(STATES); i++)
        if (counts->by_state[STATES[i]] > 0 || STATES[i] == ST_READY)
            col = count_text(canvas, row, col, right - 2, flow_state_label(STATES[i]), counts->by_state[STATES[i]]);
}

static void draw_alerts(const GArray *alerts, struct canvas *canvas, int row)
{
    if (!alerts || alerts->len == 0)
        return;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < MIN(alerts->len, (guint)ALERTS_MAX); i++)
        g_string_append_printf(text, "%s%s", i ? "  |  " : "", g_array_index(alerts, struct alert, i).text);
    int col = 1 + canvas_textf(canvas, row, 1, INK_BAD, _("ALERTS %u"), alerts->len) + 2;
    canvas_field(canvas, row, col, canvas->cols - col - 1, TEXT_LEFT, INK_WARN, text->str);
}

void queue_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct queue_snapshot *snapshot = place->snapshot;
    struct rect list = queue_list_rect(body);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    canvas_hline(canvas, body.row + body.rows - 2, 0, canvas->cols, INK_LINE);
    if (!snapshot)
        return;
    queue_draw_counts(&snapshot->view->counts, canvas, body.row);
    draw_alerts(snapshot->alerts, canvas, body.row + body.rows - 1);
    if (!queue_is_wide(body))
        return;
    struct rect pane = {list.row, list.cols + 1, list.rows, canvas->cols - list.cols - 1};
    canvas_vline(canvas, list.row, list.cols, list.rows, INK_LINE);
    if (snapshot->detail && snapshot->detail->ship.id == ((const struct queue *)place->state)->list.selected_id)
        detail_draw(snapshot->detail, place, canvas, pane);
}
