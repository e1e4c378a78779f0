/* SPDX-License-Identifier: MIT */
#include "tui/screens/work.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/base/translate.h"
#include "core/view/alerts.h"
#include "tui/widgets/chart.h"

enum { MINUTE_MS = 60000, SOON_MIN = 60, COUNT_COLS = 11, SKU_COLS = 16 };

struct request work_handle(struct place *place, const struct happening *happening)
{
    (void)place;
    if (happening->action >= ACT_COMMAND)
        return request_station((enum command)(happening->action - ACT_COMMAND), NULL);
    const struct input_event *event = happening->input;
    if (input_is_key(event, K_ESC) && !happening->field_changed)
        return request_station(CMD_BACK, NULL);
    gboolean idle = !event || happening->field_changed || input_is_key(event, K_ENTER);
    return (struct request){.kind = REQUEST_DRAW, .bell = idle ? BELL_NONE : BELL_REFUSED};
}

struct request work_number(const char *text, gboolean typed, size_t most, enum command command)
{
    size_t length = strlen(text);
    gboolean number = typed && length > 0 && length <= most && strspn(text, "0123456789") == length;
    return number ? request_station(command, g_strdup(text)) : request_of(REQUEST_NONE);
}

const char *work_prompt(const struct place *place)
{
    const char *expect = place->view ? place->view->last.expect : "";
    return expect[0] ? expect : _("scan");
}

enum ink work_until(int64_t at_utc_ms, int64_t now_utc_ms, char buffer[static 24])
{
    buffer[0] = '\0';
    if (at_utc_ms == 0)
        return INK_NORMAL;
    int64_t minutes = (at_utc_ms - now_utc_ms) / MINUTE_MS;
    long long hours = llabs((long long)minutes) / 60, rest = llabs((long long)minutes) % 60;
    const char *sign = minutes < 0 ? "-" : "";
    if (hours >= 24)
        g_snprintf(buffer, 24, _("%s%lld d"), sign, hours / 24);
    else if (hours > 0)
        g_snprintf(buffer, 24, _("%s%lld h %02lld"), sign, hours, rest);
    else
        g_snprintf(buffer, 24, _("%s%lld min"), sign, rest);
    return minutes < 0 ? INK_BAD : minutes < SOON_MIN ? INK_WARN : INK_NORMAL;
}

void work_until_cell(const void *at_utc_ms, struct list_cell *cell)
{
    char until[24];
    cell->ink = work_until(*(const int64_t *)at_utc_ms, cell->look->now_utc_ms, until);
    list_say(cell, "%s", until[0] ? until : "-");
}

void work_clock_cell(const void *at_utc_ms, struct list_cell *cell)
{
    int64_t at = *(const int64_t *)at_utc_ms;
    g_autofree char *text = at && cell->look->zone ? clock_format(cell->look->zone, at, "%H:%M") : g_strdup("-");
    list_say(cell, "%s", text);
}

void work_state_cell(const void *state, struct list_cell *cell)
{
    list_say(cell, "%s", flow_state_label(*(const enum state *)state));
}

/* The bar is text: it is cut and selected like the rest of its row. */
void work_bar_cell(int64_t done, int64_t of, int bar_cols, struct list_cell *cell)
{
    char count[48];
    g_snprintf(count, sizeof count, " %d/%d", (int)done, (int)of);
    chart_bar_text(cell->text, sizeof cell->text, cell->look->glyphs, bar_cols, done, of, TRUE);
    g_strlcat(cell->text, count, sizeof cell->text);
    cell->ink = of && done == of ? INK_GOOD : INK_INFO;
}

/* Where an alert is looked after. */
static const char *const ALERT_SCREENS[ALERT_KINDS] = {
    [ALERT_BOOKS] = "queue",    [ALERT_LATE] = "queue",      [ALERT_PRINTER] = "printers",  [ALERT_WORKER] = "printers",
    [ALERT_UNSURE] = "printers", [ALERT_FAILED] = "printers", [ALERT_RANGE] = "printers",   [ALERT_SAFETY] = "stock",
    [ALERT_SALES] = "stock",    [ALERT_EXPIRY] = "stock",    [ALERT_UNMAPPED] = "unmapped", [ALERT_COUNT_BIN] = "stock",
    [ALERT_LOGIN] = "queue",
    [ALERT_SILENCE] = "queue",  [ALERT_WRITERS] = "queue",   [ALERT_STOPPED] = "queue",     [ALERT_FINISHED] = "queue",
};

struct request work_go_alert(const GArray *alerts, int n)
{
    if (!alerts || n >= (int)alerts->len)
        return request_of(REQUEST_NONE);
    const struct alert *alert = &g_array_index(alerts, struct alert, n);
    return request_go(ALERT_SCREENS[alert->kind], g_strdup(alert->argument));
}

void work_draw_idle(struct canvas *canvas, struct rect body, const char *title, const char *hint)
{
    int row = body.row + body.rows / 2 - 1;
    canvas_field(canvas, row, 0, canvas->cols, TEXT_CENTRE, INK_STRONG, title);
    canvas_field(canvas, row + 2, 0, canvas->cols, TEXT_CENTRE, INK_NORMAL, hint);
}

gboolean work_is_roomy(const struct canvas *canvas)
{
    return canvas->cols >= 120 && canvas->rows >= 40;
}

int work_draw_digits(struct canvas *canvas, struct rect rect, unsigned ink, const char *digits)
{
    int scale = work_is_roomy(canvas) && canvas_digits_width(digits, 2) <= rect.cols ? 2 : 1;
    int col = rect.col + MAX((rect.cols - canvas_digits_width(digits, scale)) / 2, 0);
    canvas_digits(canvas, rect.row, col, ink, digits, scale);
    return DIGIT_ROWS * scale;
}

/* Texts one after the other; what does not fit is cut from the first one, which may be a name of any length. */
struct part {
    const char *text;
    enum ink ink;
};

static void draw_parts(struct canvas *canvas, int row, int room, const struct part *parts, size_t n)
{
    int others = 0, col = 1;
    for (size_t i = 1; i < n; i++)
        others += parts[i].text[0] ? text_width(parts[i].text) + 2 : 0;
    for (size_t i = 0; i < n && room > 0; i++) {
        int width = text_width(parts[i].text);
        int cols = MIN(i == 0 ? CLAMP(room - others, MIN(width, room / 3), width) : width, room);
        if (width == 0)
            continue;
        canvas_field(canvas, row, col, cols, TEXT_LEFT, parts[i].ink, parts[i].text);
        col += cols + 2;
        room -= cols + 2;
    }
}

/* Returns the columns it takes at the right. */
static int draw_due(const struct place *place, struct canvas *canvas, int row)
{
    const struct station_view *view = place->view;
    if (view->ship.cut_off_at == 0)
        return 0;
    char left[24];
    enum ink ink = work_until(view->ship.cut_off_at, place->now_utc_ms, left);
    g_autofree char *clock = clock_format(place->view->zone, view->ship.cut_off_at, "%H:%M");
    g_autofree char *text = g_strdup_printf(_("due %s (%s)"), clock, left);
    int width = text_width(text) + 2;
    canvas_text(canvas, row, canvas->cols + 1 - width, ink, text);
    return width;
}

void work_draw_head(const struct place *place, struct canvas *canvas, struct rect rect)
{
    const struct station_view *view = place->view;
    char slot[32] = "";
    if (view->ship.slot > 0)
        g_snprintf(slot, sizeof slot, _("slot %d"), view->ship.slot);
    const struct shipment_facts *ship = &view->ship;
    g_autofree char *courier = g_strjoin(ship->service[0] ? " " : "", view->courier_name, ship->service, NULL);
    const struct part work[] = {{ship->order, INK_STRONG}, {ship->shop, INK_DIM}, {ship->batch, INK_NORMAL},
                                {ship->tote, INK_INFO}, {slot, INK_INFO}};
    const struct part whom[] = {{ship->recipient, INK_NORMAL}, {ship->address, INK_DIM}, {ship->store, INK_NOTE}};
    int due = draw_due(place, canvas, rect.row), right = text_width(courier) + 2;
    draw_parts(canvas, rect.row, canvas->cols - due - 1, work, G_N_ELEMENTS(work));
    draw_parts(canvas, rect.row + 1, canvas->cols - right - 1, whom, G_N_ELEMENTS(whom));
    canvas_text(canvas, rect.row + 1, canvas->cols + 1 - right, INK_NORMAL, courier);
    canvas_hline(canvas, rect.row + 2, 0, canvas->cols, INK_LINE);
}

const struct station_line *work_current(const struct station_view *view)
{
    for (size_t i = 0; i < view->line_count; i++)
        if (view->lines[i].current)
            return &view->lines[i];
    return NULL;
}

static enum ink line_ink(const struct station_line *line)
{
    if (line->current)
        return INK_STRONG;
    return line->done >= line->wanted ? INK_GOOD : line->skipped ? INK_WARN : INK_NORMAL;
}

static void draw_line(const struct station_line *line, struct canvas *canvas, int row, struct rect rect)
{
    enum ink ink = line_ink(line);
    if (line->done >= line->wanted)
        canvas_glyph(canvas, row, rect.col + 1, INK_GOOD, GLYPH_TICK);
    else if (line->current)
        canvas_glyph(canvas, row, rect.col + 1, INK_INFO, GLYPH_ARROW);
    char count[40];
    g_snprintf(count, sizeof count, "%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, line->done, line->wanted);
    int name_col = rect.col + 3 + SKU_COLS + 2, count_col = rect.col + rect.cols - COUNT_COLS - 1;
    canvas_field(canvas, row, rect.col + 3, SKU_COLS, TEXT_LEFT, ink, line->sku);
    canvas_field(canvas, row, name_col, count_col - name_col - 1, TEXT_LEFT, ink, line->name);
    canvas_field(canvas, row, count_col, COUNT_COLS, TEXT_RIGHT, ink, count);
}

void work_draw_lines(const struct station_view *view, struct canvas *canvas, struct rect rect)
{
    const struct station_line *line = work_current(view);
    int current = line ? (int)(line - view->lines) : 0, count = (int)view->line_count;
    int pitch = work_is_roomy(canvas) && 2 * count <= rect.rows ? 2 : 1;
    int top = CLAMP(current - rect.rows / 2, 0, MAX(count - rect.rows, 0));
    for (int i = 0; i < rect.rows && top + i < count; i++)
        draw_line(&view->lines[top + i], canvas, rect.row + i * pitch, rect);
    if (top > 0)
        canvas_glyph(canvas, rect.row, rect.col, INK_DIM, GLYPH_UP);
    if (top + rect.rows < count)
        canvas_glyph(canvas, rect.row + rect.rows - 1, rect.col, INK_DIM, GLYPH_DOWN);
}

static int counter(struct canvas *canvas, int row, int col, const char *label, int64_t number, unsigned ink)
{
    col += canvas_text(canvas, row, col, INK_DIM, label) + 1;
    return col + canvas_textf(canvas, row, col, ink, "%-4" G_GINT64_FORMAT, number) + 1;
}

void work_draw_counters(const struct station_view *view, struct canvas *canvas, int row)
{
    int64_t left = view->to_scan - view->scanned;
    int col = counter(canvas, row, 1, _("to scan"), view->to_scan, INK_STRONG);
    col = counter(canvas, row, col, _("scanned"), view->scanned, INK_STRONG);
    counter(canvas, row, col, _("difference"), left, left == 0 ? INK_GOOD : INK_WARN);
    if (view->ship.cod_minor == 0)
        return;
    g_autofree char *money = money_text(view->ship.currency, view->ship.cod_minor);
    g_autofree char *text = g_strdup_printf(_("COD %s"), money);
    canvas_text(canvas, row, canvas->cols - 1 - text_width(text), INK_STRONG, text);
}

int work_draw_stopped(const struct station_view *view, struct canvas *canvas, int row)
{
    if (!view->stopped[0])
        return 0;
    g_autofree char *text = g_strdup_printf(_("STOPPED: %s. Put it aside and call the shift lead."), view->stopped);
    canvas_fill(canvas, (struct rect){row, 0, 1, canvas->cols}, INK_ERROR);
    canvas_field(canvas, row, 1, canvas->cols - 2, TEXT_LEFT, INK_ERROR, text);
    return 1;
}

int work_draw_note(struct canvas *canvas, struct rect rect, unsigned ink, const char *label, const char *text)
{
    if (!text[0])
        return 0;
    g_autofree char *whole = g_strdup_printf(" %s %s", label, text);
    g_auto(GStrv) lines = text_wrap(whole, rect.cols - 2);
    int n = 0;
    for (; lines[n] && n < rect.rows; n++)
        canvas_field(canvas, rect.row + n, rect.col, rect.cols, TEXT_LEFT, ink, lines[n]);
    return n;
}
