/* SPDX-License-Identifier: MIT
 *
 * Picking: one line at a time, big: where to go, what to take, how many, into which tote; the next stops in small.
 */
#include "core/base/translate.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"

static const struct key_row KEYS[] = {
    {K_F4, ACT_COMMAND + CMD_UNDO, "undo", N_("undo"), N_("Take the last scan back"), KEY_FOOTER},
    {K_F6, ACT_COMMAND + CMD_SKIP, "skip", N_("skip"), N_("Come back to this line last"), KEY_FOOTER},
    {K_F7, ACT_COMMAND + CMD_SHORT, "short", N_("short"), N_("The bin has less than wanted"), KEY_FOOTER},
    {K_F8, ACT_COMMAND + CMD_PAPER, "paper", N_("paper"),
     N_("Confirm a paper list: no bins are scanned, lines in any order"), KEY_FOOTER},
    {K_F9, ACT_COMMAND + CMD_WHOLE, "whole", N_("whole list"), N_("Confirm the whole paper list at once"), KEY_FOOTER},
    {K_ESC, ACT_COMMAND + CMD_BACK, "back", N_("back"), N_("Leave the batch where it is"), KEY_FOOTER},
    {0},
};

enum { DIGITS_COLS = 26, ROOMY_COLS = 50, LABEL_COLS = 10, NOW_ROWS = 8, ROOMY_ROWS = 14 };

static void draw_pair(struct canvas *canvas, int row, const char *label, unsigned ink, const char *text, int cols)
{
    canvas_field(canvas, row, 2, LABEL_COLS, TEXT_LEFT, INK_DIM, label);
    canvas_field(canvas, row, 2 + LABEL_COLS, cols - LABEL_COLS - 2, TEXT_LEFT, ink, text);
}

static void draw_count(const struct station_line *line, struct canvas *canvas, struct rect rect)
{
    char digits[24], of[64];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, MAX(line->wanted - line->done, 0));
    int row = rect.row + work_draw_digits(canvas, rect, INK_BIG, digits) + 1;
    g_snprintf(of, sizeof of, _("take, %lld of %lld done"), (long long)line->done, (long long)line->wanted);
    canvas_field(canvas, row, rect.col, rect.cols - 1, TEXT_CENTRE, INK_DIM, of);
}

/* Where to go, what to take, where to put it. */
static void draw_now(const struct station_view *view, const struct station_line *line, struct canvas *canvas, int row)
{
    gboolean roomy = work_is_roomy(canvas);
    int step = roomy ? 2 : 1, room = roomy ? ROOMY_COLS : DIGITS_COLS, cols = canvas->cols - room;
    char slot[32] = "";
    if (view->ship.slot > 0)
        g_snprintf(slot, sizeof slot, _("slot %d"), view->ship.slot);
    draw_pair(canvas, row, _("bin"), INK_STRONG, line->bin, cols);
    draw_pair(canvas, row + 2 * step, _("product"), INK_STRONG, line->name, cols);
    draw_pair(canvas, row + 2 * step + 1, "", INK_NORMAL, line->sku, cols);
    if (line->lot[0])
        draw_pair(canvas, row + 4 * step, _("lot"), INK_WARN, line->lot, cols);
    if (line->tote[0] || slot[0])
        draw_pair(canvas, row + 5 * step, _("tote"), INK_INFO, line->tote[0] ? line->tote : slot, cols);
    draw_count(line, canvas, (struct rect){row, cols, 0, room});
}

/* The goods are taken: one thing is left to do before the walk goes on. */
static void draw_owed(const struct station_view *view, struct canvas *canvas, int row)
{
    g_autofree char *text = g_strdup_printf(_("Put it into tote %s and scan the tote"), view->tote_owed);
    canvas_box(canvas, (struct rect){row, 4, 5, canvas->cols - 8}, INK_INFO, _("Tote"));
    canvas_field(canvas, row + 2, 6, canvas->cols - 12, TEXT_CENTRE, INK_STRONG, text);
}

/* The walk still to do, nearest first; skipped lines stand last and say so. */
static void draw_next(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    int shown = 0;
    for (size_t i = 0; i < view->line_count && shown < rect.rows; i++) {
        const struct station_line *line = &view->lines[i];
        if ((line->current && !view->tote_owed[0]) || line->done >= line->wanted)
            continue;
        int row = rect.row + shown++;
        if (row == rect.row)
            canvas_text(canvas, row, 2, INK_DIM, _("then"));
        unsigned ink = line->skipped ? INK_WARN : INK_NORMAL;
        canvas_field(canvas, row, 2 + LABEL_COLS, 12, TEXT_LEFT, ink, line->bin);
        canvas_field(canvas, row, 26, canvas->cols - 46, TEXT_LEFT, ink, line->name);
        canvas_textf(canvas, row, canvas->cols - 18, ink, "%6" G_GINT64_FORMAT "  %s",
                     line->wanted - line->done, line->skipped ? _("skipped") : line->tote);
    }
}

static void draw_head(const struct place *place, struct canvas *canvas, int row)
{
    const struct station_view *view = place->view;
    char left[24];
    enum ink ink = work_until(view->ship.cut_off_at, place->now_utc_ms, left);
    canvas_textf(canvas, row, 1, INK_STRONG, "%s%s%s", view->ship.batch, view->ship.batch[0] ? "  " : "",
                 view->ship.order);
    char place_text[64];
    g_snprintf(place_text, sizeof place_text, "%lld / %lld", (long long)view->task_index, (long long)view->task_count);
    int width = text_width(place_text), bar = 20, right = canvas->cols - 1;
    canvas_text(canvas, row, right - width, INK_STRONG, place_text);
    chart_bar(canvas, row, right - width - bar - 2, bar, INK_BAR, view->task_index, view->task_count);
    canvas_text(canvas, row, right - width - bar - 4 - text_width(left), ink, left);
}

static void pick_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct station_view *view = place->view;
    const struct station_line *line = work_current(view);
    if (!line && view->line_count == 0) {
        work_draw_idle(canvas, body, _("PICK"), _("Scan a pick list, a batch or an order"));
        return;
    }
    draw_head(place, canvas, body.row);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    if (view->tote_owed[0])
        draw_owed(view, canvas, body.row + 4);
    else if (line)
        draw_now(view, line, canvas, body.row + 3);
    int next = body.row + 4 + (work_is_roomy(canvas) ? ROOMY_ROWS : NOW_ROWS);
    canvas_hline(canvas, next - 1, 0, canvas->cols, INK_LINE);
    draw_next(view, canvas, (struct rect){next, 0, body.row + body.rows - next, canvas->cols});
}

/* A count that is typed, not scanned, is the count of the line: "3 put away" of 5. Codes of goods are longer. */
static struct request pick_line(struct place *place, const char *text, gboolean typed)
{
    enum { COUNT_DIGITS = 4 };
    (void)place;
    return work_number(text, typed, COUNT_DIGITS, CMD_QUANTITY);
}

const struct screen SCREEN_PICK = {
    .id = "pick",
    .title = N_("Pick"),
    .flags = SCREEN_SCAN,
    .keys = KEYS,
    .draw = pick_draw,
    .handle = work_handle,
    .prompt = work_prompt,
    .line = pick_line,
};
