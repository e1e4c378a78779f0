/* SPDX-License-Identifier: MIT
 *
 * Stock and alerts: what is on hand, reserved, free and wanted, how long it lasts, what left in the last 30
 * days; the alerts above it, Enter on which goes to their cause.
 */
#include <string.h>

#include "core/base/autoptr.h"
#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "core/view/stock.h"
#include "tui/screens/screens.h"
#include "tui/screens/work.h"
#include "tui/widgets/chart.h"

enum { ACT_GO = 1, ACT_LEAVE };
enum { LIST_ALERTS, LIST_STOCK, LISTS };
enum { ALERT_ROWS = 6, ALERT_ROWS_TALL = 14, TALL_ROWS = 36, SPARK_DAYS = 30 };

static const struct key_row KEYS[] = {
    {K_TAB, ACT_TURN, "turn", N_("alerts / stock"), N_("Between the alerts and the stock list"), KEY_FOOTER},
    {K_ENTER, ACT_GO, "go", N_("go there"), N_("From an alert to what it is about"), KEY_FOOTER},
    {K_ESC, ACT_LEAVE, "back", N_("back"), N_("Back to the queue"), KEY_FOOTER},
    {0},
};

struct stock {
    struct list lists[LISTS];
    int at; /* which of them has the keys */
    char search[80];
    char from[80];
};

struct stock_snapshot {
    struct stock_view *view;
    GArray *alerts; /* of struct alert */
};

static void snapshot_free(void *data)
{
    struct stock_snapshot *snapshot = data;
    g_free(snapshot->view);
    g_clear_pointer(&snapshot->alerts, g_array_unref);
    g_free(snapshot);
}

DEFINE_AUTOPTR(stock_snapshot, snapshot_free)

static void *stock_load(struct session *session, const void *question, GError **error)
{
    const struct stock *stock = question;
    g_autoptr(stock_snapshot) snapshot = g_new0(struct stock_snapshot, 1);
    snapshot->view = stock_view_load(session->site, stock->from, stock->search, error);
    snapshot->alerts = snapshot->view ? alerts_load(session->site, ALERTS_EACH, error) : NULL;
    return snapshot->alerts ? g_steal_pointer(&snapshot) : NULL;
}

/* --- drawing -------------------------------------------------------------------------------------------- */

enum { COVER_COLS = 10, COVER_DAYS = 30, SOON_DAYS = 7 };

static void available(const void *data, struct list_cell *cell)
{
    const struct stock_row *row = data;
    int64_t available = row->on_hand - row->reserved;
    list_say(cell, "%" G_GINT64_FORMAT, available);
    cell->ink = available <= row->safety_stock ? INK_WARN : INK_NORMAL;
}

static void wanted(const void *data, struct list_cell *cell)
{
    int64_t wanted = ((const struct stock_row *)data)->wanted;
    list_say(cell, "%" G_GINT64_FORMAT, wanted);
    cell->ink = wanted > 0 ? INK_BAD : INK_DIM;
}

static void days(const void *data, struct list_cell *cell)
{
    int days = ((const struct stock_row *)data)->days_left;
    list_say(cell, days < 0 ? "-" : days > 99 ? ">99" : "%d", days);
}

static void cover(const void *data, struct list_cell *cell)
{
    int days = ((const struct stock_row *)data)->days_left;
    chart_bar_text(cell->text, sizeof cell->text, cell->look->glyphs, COVER_COLS, MIN(days, COVER_DAYS), COVER_DAYS,
                   FALSE);
    cell->ink = days >= 0 && days < SOON_DAYS ? INK_BAD : INK_GOOD;
}

static void sold(const void *data, struct list_cell *cell)
{
    chart_spark_text(cell->text, sizeof cell->text, cell->look->glyphs, ((const struct stock_row *)data)->sold,
                     STOCK_DAYS);
}

static const struct list_column COLUMNS[] = {
    {N_("sku"), 15, 0, TEXT_LEFT, 0, LIST_TEXT(struct stock_row, sku)},
    {N_("name"), 14, 1, TEXT_LEFT, 0, LIST_TEXT(struct stock_row, name)},
    {N_("on hand"), 7, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct stock_row, on_hand)},
    {N_("reserved"), 8, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct stock_row, reserved)},
    {N_("available"), 9, 0, TEXT_RIGHT, 0, .cell = available},
    {N_("wanted"), 6, 0, TEXT_RIGHT, 0, .cell = wanted, LIST_KEY(struct stock_row, wanted)},
    {N_("days"), 4, 0, TEXT_RIGHT, 100, .cell = days},
    {N_("cover"), 10, 0, TEXT_LEFT, 100, .cell = cover},
    {N_("left the house, 30 days"), SPARK_DAYS, 0, TEXT_LEFT, 140, .cell = sold},
};

/* Under its own title. */
static void alert(const void *row, struct list_cell *cell)
{
    list_say(cell, "  %s", ((const struct alert *)row)->text);
    cell->ink = INK_WARN;
}

static const struct list_column ALERT_COLUMNS[] = {{"", 20, 1, TEXT_LEFT, 0, .cell = alert}};

static const struct list_ops OPS[LISTS] = {
    [LIST_STOCK] = LIST_OPS(COLUMNS, struct stock_row, product_id, 0),
    [LIST_ALERTS] = {ALERT_COLUMNS, G_N_ELEMENTS(ALERT_COLUMNS), sizeof(struct alert), LIST_NO_ID, 0},
};

/* With their title. */
static int alert_rows(struct rect body)
{
    return body.rows >= TALL_ROWS ? ALERT_ROWS_TALL : ALERT_ROWS;
}

static void stock_lists(const struct place *place, struct lists *lists)
{
    struct stock *stock = place->state;
    const struct stock_snapshot *snapshot = place->snapshot;
    const struct stock_view *view = snapshot ? snapshot->view : NULL;
    struct rect body = place->body, upper = {body.row, 0, alert_rows(body), body.cols};
    struct rect lower = {body.row + upper.rows + 1, 0, body.rows - upper.rows - 1, body.cols};
    struct list_view *list = &lists->views[LIST_STOCK];
    *list = list_whole(&OPS[LIST_STOCK], &stock->lists[LIST_STOCK], lower, view ? view->rows : NULL,
                       view ? view->count : 0);
    list->more = (view && view->more) || stock->from[0];
    list->empty = _("Nothing is like that");
    lists->views[LIST_ALERTS] = list_array(&OPS[LIST_ALERTS], &stock->lists[LIST_ALERTS], upper,
                                           snapshot ? snapshot->alerts : NULL);
    lists->count = LISTS;
    lists->focus = &stock->at;
}

static void stock_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct stock_snapshot *snapshot = place->snapshot;
    if (!snapshot)
        return;
    guint count = snapshot->alerts->len;
    canvas_textf(canvas, body.row, 1, count ? INK_BAD : INK_GOOD, _("ALERTS %u"), count);
    canvas_hline(canvas, body.row + alert_rows(body), 0, canvas->cols, INK_LINE);
}

/* --- handling ------------------------------------------------------------------------------------------- */

static struct request go_there(const struct stock *stock, const struct stock_snapshot *snapshot)
{
    gboolean at_alerts = stock->at == LIST_ALERTS && snapshot;
    return at_alerts ? work_go_alert(snapshot->alerts, stock->lists[LIST_ALERTS].row) : request_of(REQUEST_NONE);
}

static struct request load_from(struct stock *stock, const char *sku)
{
    g_strlcpy(stock->from, sku, sizeof stock->from);
    list_rewind(&stock->lists[LIST_STOCK]);
    return request_of(REQUEST_LOAD);
}

/* Past the end of the window the next one is loaded, from the last row on; past its start the first one. */
static struct request stock_moved(struct place *place)
{
    struct stock *stock = place->state;
    const struct stock_snapshot *snapshot = place->snapshot;
    int beyond = stock->at == LIST_STOCK && snapshot ? stock->lists[LIST_STOCK].beyond : 0;
    if (beyond > 0 && snapshot->view->more)
        return load_from(stock, snapshot->view->rows[snapshot->view->count - 1].sku);
    if (beyond < 0 && stock->from[0])
        return load_from(stock, "");
    return request_of(REQUEST_DRAW);
}

static struct request find(struct stock *stock, const char *text)
{
    g_strlcpy(stock->search, text, sizeof stock->search);
    return load_from(stock, "");
}

static struct request stock_handle(struct place *place, const struct happening *happening)
{
    struct stock *stock = place->state;
    if (happening->action == ACT_LEAVE && !stock->search[0])
        return request_of(REQUEST_BACK);
    if (happening->action == ACT_LEAVE)
        return find(stock, "");
    if (happening->action == ACT_GO)
        return go_there(stock, place->snapshot);
    if (happening->field_changed) {
        stock->at = LIST_STOCK;
        return find(stock, place->field[0] == '/' ? place->field + 1 : place->field);
    }
    return request_of(REQUEST_NONE);
}

static void stock_enter(void *state, const char *argument)
{
    struct stock *stock = state;
    g_strlcpy(stock->search, argument ? argument : "", sizeof stock->search);
    stock->at = stock->search[0] ? LIST_STOCK : LIST_ALERTS;
}

static const char *stock_prompt(const struct place *place)
{
    const struct stock *stock = place->state;
    return stock->search[0] ? stock->search : _("scan, or type a SKU or a name");
}

const struct screen SCREEN_STOCK = {
    .id = "stock",
    .title = N_("Stock and alerts"),
    .flags = SCREEN_SEARCH | SCREEN_LIST,
    .keys = KEYS,
    .state_size = sizeof(struct stock),
    .enter = stock_enter,
    .load = stock_load,
    .snapshot_free = snapshot_free,
    .lists = stock_lists,
    .moved = stock_moved,
    .draw = stock_draw,
    .handle = stock_handle,
    .prompt = stock_prompt,
};
