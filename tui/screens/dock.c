/* SPDX-License-Identifier: MIT
 *
 * The dock: a courier's manifest, scanned and expected as big digits.
 */
#include "core/base/translate.h"
#include "tui/screens/list.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"

static const struct key_row KEYS[] = {
    {K_F1, ACT_HELP, "help", N_("help"), N_("What can be done here"), KEY_FOOTER},
    {K_F2, ACT_QUEUE, "queue", N_("queue"), N_("The orders that wait"), 0},
    {K_F6, ACT_COMMAND + CMD_MANIFEST_CLOSE, "close", N_("close manifest"), N_("Count up, then close and print"), KEY_FOOTER},
    {K_F9, ACT_COMMAND + CMD_CONFIRM, "confirm", N_("confirm"), N_("Yes to the question that was asked"), KEY_FOOTER},
    {K_ESC, ACT_COMMAND + CMD_BACK, "back", N_("back"), N_("Leave the manifest open"), KEY_FOOTER},
    {0},
};

static void draw_idle(struct canvas *canvas, struct rect body)
{
    int row = body.row + body.rows / 2 - 1;
    canvas_field(canvas, row, 0, canvas->cols, TEXT_CENTRE, INK_STRONG, _("DOCK"));
    canvas_field(canvas, row + 2, 0, canvas->cols, TEXT_CENTRE, INK_NORMAL,
                 _("Scan a parcel: its courier's manifest opens"));
}

static void dock_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    if (!place->desk)
        return;
    const struct station_view *view = &place->desk->view;
    if (!view->manifest_id) {
        draw_idle(canvas, body);
        return;
    }
    char digits[48];
    g_snprintf(digits, sizeof digits, "%lld/%lld", (long long)view->manifest_scanned, (long long)view->manifest_expected);
    gboolean all = view->manifest_scanned >= view->manifest_expected;
    canvas_textf(canvas, body.row, 1, INK_STRONG, "%s  %s", view->courier_name, view->manifest);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    int col = MAX((canvas->cols - canvas_digits_width(digits)) / 2, 0), row = body.row + 4;
    canvas_digits(canvas, row, col, all ? INK_BIG_GOOD : INK_BIG, digits);
    canvas_field(canvas, row + 6, 0, canvas->cols, TEXT_CENTRE, INK_DIM, _("scanned / expected"));
    int bar = MIN(canvas->cols - 8, 60);
    chart_bar(canvas, row + 8, (canvas->cols - bar) / 2, bar, INK_BAR, view->manifest_scanned, view->manifest_expected);
}

const struct screen SCREEN_DOCK = {
    .id = "dock",
    .title = N_("Dock"),
    .flags = SCREEN_SCAN,
    .keys = KEYS,
    .draw = dock_draw,
    .handle = work_handle,
    .prompt = work_prompt,
};
