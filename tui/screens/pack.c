/* SPDX-License-Identifier: MIT
 *
 * Packing and labelling: the screen people live in. What is scanned is counted in big digits; when the last unit is in,
 * the waybill comes out by itself, and the screen waits until that very waybill is scanned on the box.
 */
#include <string.h>

#include "core/base/translate.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"

static const struct key_row KEYS[] = {
    {K_F4, ACT_COMMAND + CMD_UNDO, "undo", N_("undo"), N_("Take the last scan back"), KEY_FOOTER},
    {K_F6, ACT_COMMAND + CMD_CLOSE, "close", N_("close box"), N_("Close the box; its waybill is printed"), KEY_FOOTER},
    {K_F7, ACT_COMMAND + CMD_SPLIT, "split", N_("split"), N_("A lead closes the box with what is counted"), KEY_FOOTER},
    {K_F8, ACT_COMMAND + CMD_REPRINT, "reprint", N_("reprint"), N_("Print the waybill once more"), KEY_FOOTER},
    {K_F9, ACT_COMMAND + CMD_REOPEN, "reopen", N_("reopen"), N_("Open a closed box before its label is on"),
     KEY_FOOTER},
    {K_ESC, ACT_COMMAND + CMD_BACK, "back", N_("back"), N_("Leave the order where it is"), KEY_FOOTER},
    {0},
};

enum { DIGITS_COLS = 26, ROOMY_COLS = 50, HEAD_ROWS = 3 };

static void draw_big_count(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    const struct station_line *line = work_current(view);
    int64_t done = line ? line->done : view->scanned, wanted = line ? line->wanted : view->to_scan;
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, done);
    int row = rect.row + work_draw_digits(canvas, rect, done >= wanted ? INK_BIG_GOOD : INK_BIG, digits) + 1;
    char of[40];
    g_snprintf(of, sizeof of, _("of %lld"), (long long)wanted);
    canvas_field(canvas, row, rect.col, rect.cols, TEXT_CENTRE, INK_STRONG, of);
    if (!work_is_roomy(canvas))
        return;
    if (line)
        canvas_field(canvas, row + 2, rect.col, rect.cols - 2, TEXT_CENTRE, INK_NORMAL, line->name);
    chart_bar(canvas, row + 5, rect.col + 2, rect.cols - 6, INK_BAR, view->scanned, view->to_scan);
}

/* A parcel for a store: its number as large as the slip has it, where the lines leave room. Returns the rows. */
static int draw_store(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    char code[24];
    g_strlcpy(code, view->ship.store, MIN(sizeof code, strcspn(view->ship.store, " ") + 1));
    gboolean fits = code[0] && canvas_digits_can(code) && canvas_digits_width(code, 1) < rect.cols - 3 &&
                    rect.rows - (int)view->line_count > DIGIT_ROWS + 2;
    if (!fits)
        return 0;
    int row = rect.row + rect.rows - DIGIT_ROWS - 2;
    canvas_digits(canvas, row, rect.col + 3, INK_BIG, code, 1);
    canvas_field(canvas, row + DIGIT_ROWS, rect.col + 3, rect.cols - 4, TEXT_LEFT, INK_NOTE, view->ship.store);
    return DIGIT_ROWS + 2;
}

static void draw_lines_part(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    int stopped = work_draw_stopped(view, canvas, rect.row), notes = 0;
    rect.row += stopped;
    rect.rows -= stopped;
    int digits = work_is_roomy(canvas) ? ROOMY_COLS : DIGITS_COLS;
    struct rect lines = {rect.row, 0, rect.rows, rect.cols - digits};
    if (view->ship.buyer_note[0] || view->ship.seller_remark[0]) {
        struct rect note = {rect.row + rect.rows - 3, 1, 2, lines.cols - 2};
        notes = work_draw_note(canvas, note, INK_NOTE, _("Buyer:"), view->ship.buyer_note);
        note.row += notes;
        note.rows = 3 - notes;
        work_draw_note(canvas, note, INK_NOTE, _("Remark:"), view->ship.seller_remark);
        lines.rows -= 4;
    }
    lines.rows -= draw_store(view, canvas, lines);
    work_draw_lines(view, canvas, lines);
    struct rect count = {rect.row + 1, lines.cols, rect.rows - 1, digits};
    draw_big_count(view, canvas, count);
}

/* One thing is left to do, and it fills the screen. */
static void draw_label_part(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    work_draw_stopped(view, canvas, rect.row);
    int digits = canvas_digits_can(view->ship.waybill) ? canvas_digits_width(view->ship.waybill, 1) : 0;
    gboolean big = work_is_roomy(canvas) && digits > 0 && digits + 16 <= canvas->cols;
    int cols = big ? digits + 12 : MIN(canvas->cols - 8, 64), rows = big ? DIGIT_ROWS + 11 : 8;
    int row = rect.row + MAX((rect.rows - rows - 1) / 2, 0);
    struct rect box = {row, (canvas->cols - cols) / 2, rows, cols};
    canvas_box(canvas, box, INK_INFO, _("Label"));
    canvas_field(canvas, row + 2, box.col + 2, cols - 4, TEXT_CENTRE, INK_STRONG,
                 _("Stick the waybill on and scan it"));
    g_autofree char *number = g_strdup_printf("%s  %s", view->courier_name, view->ship.waybill);
    canvas_field(canvas, row + 4, box.col + 2, cols - 4, TEXT_CENTRE, INK_STRONG, number);
    if (big)
        canvas_digits(canvas, row + 6, box.col + (cols - digits) / 2, INK_BIG, view->ship.waybill, 1);
    canvas_field(canvas, row + rows - 3, box.col + 2, cols - 4, TEXT_CENTRE, INK_DIM,
                 view->ship.store[0]        ? view->ship.store
                 : view->ship.paper_owed ? _("There is no printer: choose one, then reprint (F8).")
                                         : _("It is coming out of this bench's printer."));
}

static void pack_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct station_view *view = place->view;
    if (!view->ship.id) {
        work_draw_idle(canvas, body, _("PACK"), _("Scan an order, a tote, or a waybill printed ahead"));
        return;
    }
    work_draw_head(place, canvas, body);
    struct rect middle = {body.row + HEAD_ROWS, 0, body.rows - HEAD_ROWS - 2, canvas->cols};
    if (view->step == STEP_LABEL)
        draw_label_part(view, canvas, middle);
    else
        draw_lines_part(view, canvas, middle);
    canvas_hline(canvas, body.row + body.rows - 2, 0, canvas->cols, INK_LINE);
    work_draw_counters(view, canvas, body.row + body.rows - 1);
}

/* Where the site wants the weight, it is asked for when all is counted, and typed in grams. */
static struct request pack_line(struct place *place, const char *text, gboolean typed)
{
    enum { GRAM_DIGITS = 6 };
    const struct station_view *view = place->view;
    gboolean weighs = view->step == STEP_PACK && view->last.kind == ANSWER_ASK && view->to_scan > 0 &&
                      view->scanned == view->to_scan;
    return weighs ? work_number(text, typed, GRAM_DIGITS, CMD_WEIGHT) : request_of(REQUEST_NONE);
}

const struct screen SCREEN_PACK = {
    .id = "pack",
    .title = N_("Pack"),
    .flags = SCREEN_SCAN,
    .keys = KEYS,
    .draw = pack_draw,
    .handle = work_handle,
    .prompt = work_prompt,
    .line = pack_line,
};
