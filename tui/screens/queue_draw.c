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
    return (struct rect){body.row + 2, 0, body.rows - 4,
                         queue_is_wide(body) ? body.cols - DETAIL_COLS - 1 : body.cols};
}

const struct queue_row *queue_row_at(const struct queue_snapshot *snapshot, int row)
{
    if (!snapshot)
        return NULL;
    int64_t n = row - snapshot->view->before;
    return n >= 0 && n < snapshot->view->count ? &snapshot->view->rows[n] : NULL;
}

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
    const struct queue_row *row = queue_row_at(drawing->snapshot, n);
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

void queue_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct queue *queue = place->state;
    const struct queue_snapshot *snapshot = place->snapshot;
    struct rect list = queue_list_rect(body);
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
    if (!queue_is_wide(body))
        return;
    struct rect pane = {list.row, list.cols + 1, list.rows, canvas->cols - list.cols - 1};
    canvas_vline(canvas, list.row, list.cols, list.rows, INK_LINE);
    const struct queue_row *row = queue_row_at(snapshot, queue->cursor.row);
    if (snapshot->detail && row && row->shipment_id == snapshot->detail->shipment_id)
        detail_draw(snapshot->detail, place, canvas, pane);
}
