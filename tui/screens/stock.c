/* SPDX-License-Identifier: MIT
 *
 * Stock and alerts: what is on hand, reserved, free and wanted, how long it lasts, what left in the last 30
 * days; the alerts above it, Enter on which goes to their cause.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "core/view/stock.h"
#include "tui/screens/screens.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/table.h"

enum { ACT_GO = 1, ACT_TURN, ACT_LEAVE };
enum { ALERT_ROWS = 6, ALERT_ROWS_TALL = 14, TALL_ROWS = 36, SPARK_DAYS = 30 };

static const struct key_row KEYS[] = {
    {K_TAB, ACT_TURN, "turn", N_("alerts / stock"), N_("Between the alerts and the stock list"), KEY_FOOTER},
    {K_ENTER, ACT_GO, "go", N_("go there"), N_("From an alert to what it is about"), KEY_FOOTER},
    {K_ESC, ACT_LEAVE, "back", N_("back"), N_("Back to the queue"), KEY_FOOTER},
    {0},
};

struct stock {
    struct cursor stock, alerts;
    gboolean at_alerts;
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
    if (snapshot->alerts)
        g_array_unref(snapshot->alerts);
    g_free(snapshot);
}

static void *stock_ask(const struct place *place)
{
    return g_memdup2(place->state, sizeof(struct stock));
}

static void *stock_load(struct session *session, const void *question, GError **error)
{
    const struct stock *stock = question;
    struct stock_snapshot *snapshot = g_new0(struct stock_snapshot, 1);
    snapshot->view = stock_view_load(session->site, stock->from, stock->search, error);
    snapshot->alerts = snapshot->view ? alerts_load(session->site, ALERTS_EACH, error) : NULL;
    if (snapshot->alerts)
        return snapshot;
    snapshot_free(snapshot);
    return NULL;
}

/* --- drawing -------------------------------------------------------------------------------------------- */

static const struct table_column COLUMNS[] = {
    {N_("sku"), 15, 0, TEXT_LEFT, 0},
    {N_("name"), 14, 1, TEXT_LEFT, 0},
    {N_("on hand"), 7, 0, TEXT_RIGHT, 0},
    {N_("reserved"), 8, 0, TEXT_RIGHT, 0},
    {N_("available"), 9, 0, TEXT_RIGHT, 0},
    {N_("wanted"), 6, 0, TEXT_RIGHT, 0},
    {N_("days"), 4, 0, TEXT_RIGHT, 100},
    {N_("cover"), 10, 0, TEXT_LEFT, 100},
    {N_("left the house, 30 days"), SPARK_DAYS, 0, TEXT_LEFT, 140},
};

enum { COVER_COLS = 10, COVER_DAYS = 30, SOON_DAYS = 7 };

struct drawing {
    const struct stock_view *view;
    enum glyph_set glyphs;
};

static void cover(const struct stock_row *row, enum glyph_set glyphs, struct table_cell *cell)
{
    chart_bar_text(cell->text, sizeof cell->text, glyphs, COVER_COLS, MIN(row->days_left, COVER_DAYS),
                   COVER_DAYS, FALSE);
    cell->ink = row->days_left >= 0 && row->days_left < SOON_DAYS ? INK_BAD : INK_GOOD;
}

static void stock_cell(const void *data, int n, int column, struct table_cell *cell)
{
    const struct drawing *drawing = data;
    const struct stock_row *row = &drawing->view->rows[n];
    int64_t free_now = row->on_hand - row->reserved;
    const int64_t numbers[] = {row->on_hand, row->reserved, free_now, row->wanted};
    if (column == 0)
        g_strlcpy(cell->text, row->sku, sizeof cell->text);
    else if (column == 1)
        g_strlcpy(cell->text, row->name, sizeof cell->text);
    else if (column <= 5)
        g_snprintf(cell->text, sizeof cell->text, "%" G_GINT64_FORMAT, numbers[column - 2]);
    else if (column == 6)
        g_snprintf(cell->text, sizeof cell->text,
                   row->days_left < 0    ? "-"
                   : row->days_left > 99 ? ">99"
                                         : "%d",
                   row->days_left);
    else if (column == 7)
        cover(row, drawing->glyphs, cell);
    else
        chart_spark_text(cell->text, sizeof cell->text, drawing->glyphs, row->sold, STOCK_DAYS);
    if (column == 4 && free_now <= row->safety_stock)
        cell->ink = INK_WARN;
    if (column == 5)
        cell->ink = row->wanted > 0 ? INK_BAD : INK_DIM;
}

/* With their title. */
static int alert_rows(struct rect body)
{
    return body.rows >= TALL_ROWS ? ALERT_ROWS_TALL : ALERT_ROWS;
}

static struct rect list_rect(struct rect body)
{
    int rows = alert_rows(body) + 1;
    return (struct rect){body.row + rows, 0, body.rows - rows, body.cols};
}

static void draw_alerts(const struct stock *stock, const GArray *alerts, struct canvas *canvas,
                        struct rect rect)
{
    canvas_textf(canvas, rect.row, 1, alerts->len ? INK_BAD : INK_GOOD, _("ALERTS %u"), alerts->len);
    for (int i = 0; i + 1 < rect.rows && stock->alerts.top + i < (int)alerts->len; i++) {
        int n = stock->alerts.top + i, row = rect.row + 1 + i;
        canvas_field(canvas, row, 3, rect.cols - 4, TEXT_LEFT, INK_WARN,
                     g_array_index(alerts, struct alert, n).text);
        if (stock->at_alerts && n == stock->alerts.row)
            canvas_restyle(canvas, (struct rect){row, 0, 1, rect.cols}, STYLE_SELECTED);
    }
}


static void stock_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct stock *stock = place->state;
    const struct stock_snapshot *snapshot = place->snapshot;
    if (!snapshot)
        return;
    draw_alerts(stock, snapshot->alerts, canvas, (struct rect){body.row, 0, alert_rows(body), canvas->cols});
    canvas_hline(canvas, body.row + alert_rows(body), 0, canvas->cols, INK_LINE);
    struct rect list = list_rect(body);
    struct drawing drawing = {snapshot->view, canvas->glyphs};
    struct table table = {COLUMNS, G_N_ELEMENTS(COLUMNS), stock_cell, &drawing, snapshot->view->count};
    struct cursor cursor = stock->stock;
    if (stock->at_alerts)
        cursor.row = -1;
    table_draw(&table, &cursor, canvas, list);
    if (snapshot->view->count == 0)
        canvas_field(canvas, list.row + 3, 0, list.cols, TEXT_CENTRE, INK_DIM, _("Nothing is like that"));
    if (stock->at_alerts)
        table_position(&stock->alerts, alert_rows(body) - 1, (int)snapshot->alerts->len, 0, canvas, canvas->rows - 2);
}

/* --- handling ------------------------------------------------------------------------------------------- */

static struct request go_there(const struct stock *stock, const struct stock_snapshot *snapshot)
{
    if (!stock->at_alerts || !snapshot || stock->alerts.row >= (int)snapshot->alerts->len)
        return request_of(REQUEST_NONE);
    const struct alert *alert = &g_array_index(snapshot->alerts, struct alert, stock->alerts.row);
    return (struct request){
        .kind = REQUEST_GO, .target = alert->screen, .argument = g_strdup(alert->argument)};
}

/* Past the end of the window the next one is loaded, from the last row on; Home starts over. */
static struct request move(struct stock *stock, const struct stock_snapshot *snapshot,
                           const struct place *place, const struct input_event *input)
{
    struct cursor *cursor = stock->at_alerts ? &stock->alerts : &stock->stock;
    int count = stock->at_alerts ? (int)snapshot->alerts->len : snapshot->view->count;
    int before = cursor->row,
        visible = stock->at_alerts ? alert_rows(place->body) - 1 : table_visible(list_rect(place->body));
    if (!cursor_move(cursor, input, count, visible))
        return request_of(REQUEST_NONE);
    gboolean stuck = cursor->row == before && !stock->at_alerts;
    if (stuck && input->key != K_UP && input->key != K_PAGE_UP && input->key != K_HOME &&
        snapshot->view->more) {
        g_strlcpy(stock->from, snapshot->view->rows[count - 1].sku, sizeof stock->from);
        stock->stock = (struct cursor){0};
        return request_of(REQUEST_LOAD);
    }
    if (stuck && (input->key == K_UP || input->key == K_HOME) && stock->from[0]) {
        stock->from[0] = '\0';
        return request_of(REQUEST_LOAD);
    }
    return request_of(REQUEST_DRAW);
}

static struct request find(struct stock *stock, const char *text)
{
    g_strlcpy(stock->search, text, sizeof stock->search);
    stock->from[0] = '\0';
    stock->stock = (struct cursor){0};
    return request_of(REQUEST_LOAD);
}

static struct request stock_handle(struct place *place, const struct happening *happening)
{
    struct stock *stock = place->state;
    const struct stock_snapshot *snapshot = place->snapshot;
    const struct input_event *input = happening->input;
    if (happening->action == ACT_LEAVE && !stock->search[0])
        return request_of(REQUEST_BACK);
    if (happening->action == ACT_LEAVE)
        return find(stock, "");
    if (happening->action == ACT_GO)
        return go_there(stock, snapshot);
    if (happening->action == ACT_TURN) {
        stock->at_alerts = !stock->at_alerts;
        return request_of(REQUEST_DRAW);
    }
    if (happening->field_changed) {
        stock->at_alerts = FALSE;
        return find(stock, place->field[0] == '/' ? place->field + 1 : place->field);
    }
    return snapshot && input ? move(stock, snapshot, place, input) : request_of(REQUEST_NONE);
}

static void *stock_enter(const char *argument)
{
    struct stock *stock = g_new0(struct stock, 1);
    g_strlcpy(stock->search, argument ? argument : "", sizeof stock->search);
    stock->at_alerts = !stock->search[0];
    return stock;
}

static void stock_arrived(struct place *place)
{
    struct stock *stock = place->state;
    const struct stock_snapshot *snapshot = place->snapshot;
    cursor_settle(&stock->stock, snapshot->view->count, table_visible(list_rect(place->body)));
    cursor_settle(&stock->alerts, (int)snapshot->alerts->len, alert_rows(place->body) - 1);
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
    .enter = stock_enter,
    .leave = g_free,
    .ask = stock_ask,
    .ask_free = g_free,
    .load = stock_load,
    .snapshot_free = snapshot_free,
    .arrived = stock_arrived,
    .draw = stock_draw,
    .handle = stock_handle,
    .prompt = stock_prompt,
};
