/* SPDX-License-Identifier: MIT
 *
 * The dock: a courier's manifest, scanned and expected as big digits.
 */
#include "core/base/translate.h"
#include "core/view/dock.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"

static const struct key_row KEYS[] = {
    {K_F6, ACT_COMMAND + CMD_MANIFEST_CLOSE, "close", N_("close manifest"),
     N_("Count up, then close and print"), KEY_FOOTER},
    {K_F10, ACT_CONFIRM, "confirm", N_("yes"), N_("Yes to the question that was asked"), KEY_FOOTER},
    {K_ESC, ACT_COMMAND + CMD_BACK, "back", N_("back"), N_("Leave the manifest open"), KEY_FOOTER},
    {0},
};

/* Side by side, a list a third: what is still to be scanned, what must not leave, what has no label yet. */
static void draw_lists(const struct dock_view *view, struct canvas *canvas, struct rect rect)
{
    static const struct {
        const char *title;
        enum ink ink;
    } LISTS[DOCK_LISTS] = {[DOCK_MISSING] = {N_("missing"), INK_WARN},
                           [DOCK_HELD] = {N_("held"), INK_BAD},
                           [DOCK_UNLABELLED] = {N_("no label yet"), INK_DIM}};
    int width = rect.cols / DOCK_LISTS;
    for (int list = 0; list < DOCK_LISTS; list++) {
        int col = rect.col + list * width + 1;
        canvas_textf(canvas, rect.row, col, INK_COLUMN, "%s %d%s", _(LISTS[list].title), view->count[list],
                     view->count[list] == DOCK_ROWS ? "+" : "");
        for (int i = 0; i < view->count[list] && i + 1 < rect.rows; i++) {
            const struct dock_row *row = &view->rows[list][i];
            g_autofree char *text = g_strdup_printf(
                "%s  %s", row->order, row->reason[0] ? flow_block_label(flow_block_parse(row->reason)) : row->waybill);
            canvas_field(canvas, rect.row + 1 + i, col, width - 2, TEXT_LEFT, LISTS[list].ink, text);
        }
    }
}

static void dock_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct station_view *view = place->view;
    if (!view->manifest_id) {
        work_draw_idle(canvas, body, _("DOCK"), _("Scan a parcel: its courier's manifest opens"));
        return;
    }
    char digits[48];
    g_snprintf(digits, sizeof digits, "%lld/%lld", (long long)view->manifest_scanned,
               (long long)view->manifest_expected);
    gboolean all = view->manifest_scanned >= view->manifest_expected;
    canvas_textf(canvas, body.row, 1, INK_STRONG, "%s  %s", view->courier_name, view->manifest);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    struct rect count = {body.row + 2, 0, 0, canvas->cols};
    int row = count.row + work_draw_digits(canvas, count, all ? INK_BIG_GOOD : INK_BIG, digits);
    canvas_field(canvas, row, 0, canvas->cols, TEXT_CENTRE, INK_DIM, _("scanned / expected"));
    int bar = MIN(canvas->cols - 8, 60);
    chart_bar(canvas, row + 1, (canvas->cols - bar) / 2, bar, INK_BAR, view->manifest_scanned, view->manifest_expected);
    canvas_hline(canvas, row + 2, 0, canvas->cols, INK_LINE);
    if (place->snapshot)
        draw_lists(place->snapshot, canvas, (struct rect){row + 3, 0, body.row + body.rows - row - 3, canvas->cols});
}

static void *dock_ask(const struct place *place)
{
    return g_strdup(place->view ? place->view->courier : "");
}

static void *dock_load(struct session *session, const void *question, GError **error)
{
    return dock_view_load(session->site, question, error);
}

const struct screen SCREEN_DOCK = {
    .id = "dock",
    .title = N_("Dock"),
    .flags = SCREEN_SCAN,
    .keys = KEYS,
    .ask = dock_ask,
    .load = dock_load,
    .snapshot_free = g_free,
    .draw = dock_draw,
    .handle = work_handle,
    .prompt = work_prompt,
};
