/* SPDX-License-Identifier: MIT */
#include "tui/screens/detail.h"

#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/base/translate.h"
#include "tui/screens/work.h"

enum { EVENT_COLS = 12 };

/* Where the next row goes; rows past the end are not drawn. */
struct pane {
    const struct place *place;
    struct canvas *canvas;
    struct rect rect;
    int row;
};

static gboolean has_room(const struct pane *pane)
{
    return pane->row < pane->rect.row + pane->rect.rows;
}

static G_GNUC_PRINTF(3, 4) void put(struct pane *pane, unsigned ink, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (text[0] && has_room(pane))
        canvas_field(pane->canvas, pane->row++, pane->rect.col + 1, pane->rect.cols - 2, TEXT_LEFT, ink, text);
}

static void put_rule(struct pane *pane)
{
    if (has_room(pane))
        canvas_hline(pane->canvas, pane->row++, pane->rect.col + 1, pane->rect.cols - 2, INK_LINE);
}

static void draw_head(struct pane *pane, const struct order_view *view)
{
    char until[24];
    enum ink ink = work_until(view->ship.cut_off_at, pane->place->now_utc_ms, until);
    put(pane, INK_STRONG, "%s", view->ship.order);
    if (until[0] && pane->row > pane->rect.row)
        canvas_text(pane->canvas, pane->row - 1, pane->rect.col + pane->rect.cols - 1 - text_width(until), ink, until);
    put(pane, INK_NORMAL, "%s  %s  %s %s  %s", flow_state_label(view->ship.state), view->ship.shop, view->ship.courier,
        view->ship.service, view->ship.batch);
    put(pane, INK_NORMAL, "%s  %s%s", view->ship.recipient, view->phone_tail[0] ? "*" : "", view->phone_tail);
    put(pane, INK_DIM, "%s", view->ship.address);
    put(pane, INK_NOTE, "%s", view->ship.store);
    g_autofree char *money = money_text(view->ship.currency, view->ship.cod_minor);
    if (view->ship.cod_minor)
        put(pane, INK_STRONG, _("COD %s"), money);
    if (view->waybill[0])
        put(pane, INK_INFO, "%s  %s", view->waybill, flow_state_label(flow_state_parse(view->waybill_state)));
}

static void draw_blocks(struct pane *pane, const struct order_view *view)
{
    for (int i = 0; i < view->block_count; i++) {
        const struct order_block *block = &view->blocks[i];
        g_autofree char *at = clock_format(pane->place->view->zone, block->at, "%m-%d %H:%M");
        put(pane, INK_BAD, "%s  %s  %s %s", flow_block_label(block->kind), block->reason, block->person, at);
    }
}

static void draw_lines(struct pane *pane, const struct order_view *view)
{
    for (int i = 0; i < view->line_count && has_room(pane); i++) {
        const struct order_line *line = &view->lines[i];
        char count[32];
        g_snprintf(count, sizeof count, "%d/%d", (int)(line->packed ? line->packed : line->picked),
                   (int)line->quantity);
        int right = pane->rect.col + pane->rect.cols - 1, col = pane->rect.col + 1;
        unsigned ink = line->state == ST_CANCELLED ? INK_DIM : line->state == ST_OPEN ? INK_WARN : INK_NORMAL;
        canvas_field(pane->canvas, pane->row, col, 14, TEXT_LEFT, ink, line->sku);
        canvas_field(pane->canvas, pane->row, col + 16, right - col - 33, TEXT_LEFT, ink, line->name);
        canvas_field(pane->canvas, pane->row, right - 16, 8, TEXT_LEFT, INK_DIM, line->bin);
        canvas_field(pane->canvas, pane->row++, right - 7, 7, TEXT_RIGHT, ink, count);
    }
    if (view->lines_more > 0)
        put(pane, INK_DIM, _("and %d more"), view->lines_more);
}

static void draw_events(struct pane *pane, const struct order_view *view)
{
    for (int i = 0; i < view->event_count && has_room(pane); i++) {
        const struct order_event *event = &view->events[i];
        char number[8] = "";
        if (event->code != ERR_NONE)
            err_number(event->code, number);
        g_autofree char *at = clock_format(pane->place->view->zone, event->at, "%m-%d %H:%M");
        g_autofree char *what = text_pad(flow_event_label(event->kind), EVENT_COLS, TEXT_LEFT, "");
        put(pane, event->code == ERR_NONE ? INK_DIM : INK_WARN, "%s  %s  %s  %s  %s", at, what, event->person,
            event->station, number);
    }
}

static void draw_note(struct pane *pane, const char *label, const char *text)
{
    struct rect rect = {pane->row, pane->rect.col + 1, MIN(3, pane->rect.row + pane->rect.rows - pane->row),
                        pane->rect.cols - 2};
    if (text[0] && rect.rows > 0)
        pane->row += work_draw_note(pane->canvas, rect, INK_NOTE, label, text);
}

void detail_draw(const struct order_view *view, const struct place *place, struct canvas *canvas, struct rect rect)
{
    gboolean beside = rect.cols >= DETAIL_BESIDE_COLS;
    struct rect left = {rect.row, rect.col, rect.rows, beside ? rect.cols * 3 / 5 : rect.cols};
    struct pane pane = {place, canvas, left, rect.row};
    draw_head(&pane, view);
    draw_blocks(&pane, view);
    draw_note(&pane, _("Buyer:"), view->ship.buyer_note);
    draw_note(&pane, _("Remark:"), view->ship.seller_remark);
    put_rule(&pane);
    draw_lines(&pane, view);
    if (!beside)
        put_rule(&pane);
    if (beside) {
        canvas_vline(canvas, rect.row, left.cols, rect.rows, INK_LINE);
        pane.rect = (struct rect){rect.row, rect.col + left.cols + 1, rect.rows, rect.cols - left.cols - 1};
        pane.row = rect.row;
        put(&pane, INK_COLUMN, "%s", _("what happened, the newest first"));
    }
    draw_events(&pane, view);
}
