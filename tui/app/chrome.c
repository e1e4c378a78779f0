/* SPDX-License-Identifier: MIT */
#include "tui/app/chrome.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/people/role.h"
#include "tui/app/lists.h"

enum { MESSAGE_ROWS = 3 };

gboolean chrome_too_small(const struct canvas *canvas)
{
    return canvas->rows < CHROME_ROWS_MIN || canvas->cols < CHROME_COLS_MIN;
}

void chrome_draw_too_small(struct canvas *canvas)
{
    g_autofree char *text =
        g_strdup_printf(_("This window is %dx%d. packline needs %dx%d: make it larger. Scans are refused."),
                        canvas->cols, canvas->rows, CHROME_COLS_MIN, CHROME_ROWS_MIN);
    g_auto(GStrv) lines = text_wrap(text, canvas->cols);
    for (int i = 0; lines[i]; i++)
        canvas_text(canvas, i, 0, INK_BAD, lines[i]);
}

/* --- header --------------------------------------------------------------------------------------------- */

static int header_part(struct canvas *canvas, int col, int end, unsigned style, const char *text)
{
    if (!text[0] || col >= end)
        return col;
    g_autofree char *clipped = text_clip(text, end - col, glyph(canvas->glyphs, GLYPH_ELLIPSIS));
    return col + canvas_text(canvas, 0, col, style, clipped) + 2;
}

/* A copy says of when it is where the floor itself says the program's name. */
static int header_name(const struct station_view *view, struct canvas *canvas, int end)
{
    if (!view || !view->copy_of_at)
        return header_part(canvas, 1, end, INK_HEADER, "packline");
    g_autofree char *at = clock_format(view->zone, view->copy_of_at, "%Y-%m-%d %H:%M");
    g_autofree char *copy = g_strdup_printf(_("COPY of %s"), at);
    return header_part(canvas, 1, end, INK_KEY, copy);
}

static void draw_header(const struct chrome *chrome, struct canvas *canvas)
{
    canvas_fill(canvas, (struct rect){0, 0, 1, canvas->cols}, INK_HEADER);
    const struct station_view *view = chrome->place.view;
    if (!view) {
        header_name(view, canvas, canvas->cols);
        return;
    }
    g_autofree char *clock = clock_format(view->zone, chrome->place.now_utc_ms, "%H:%M");
    const char *title = _(chrome->screen->title);
    int title_col = canvas->cols - 3 - text_width(clock) - text_width(title), end = title_col - 1;
    int col = header_name(view, canvas, end);
    col = header_part(canvas, col, end, INK_HEADER, view->warehouse);
    col = header_part(canvas, col, end, INK_HEADER, view->station);
    if (view->person_id) {
        col = header_part(canvas, col, end, INK_HEADER, view->person);
        col = header_part(canvas, col, end, INK_FOOTER, role_label(role_parse(view->role)));
    }
    if (view->is_demo)
        header_part(canvas, col, end, INK_KEY, _("DEMO"));
    canvas_text(canvas, 0, canvas->cols - 1 - text_width(clock), INK_HEADER, clock);
    canvas_text(canvas, 0, title_col, INK_KEY, title);
}

/* --- the message area ----------------------------------------------------------------------------------- */

/* How the answers are told. */
static const struct {
    const char *word; /* N_() */
    enum ink ink;
} ANSWERS[] = {
    [ANSWER_OK] = {N_("OK"), INK_GOOD},
    [ANSWER_ASK] = {N_("?"), INK_WARN},
    [ANSWER_REFUSED] = {N_("NO"), INK_BAD},
    [ANSWER_IGNORED] = {N_("NO"), INK_BAD},
};

static void draw_message(const struct chrome *chrome, struct canvas *canvas, int row)
{
    const struct station_view *view = chrome->place.view;
    if (chrome->saving) {
        canvas_text(canvas, row, 1, INK_WARN, _("saving..."));
    } else if (chrome->message) {
        canvas_field(canvas, row, 1, canvas->cols - 2, TEXT_LEFT, chrome->message_ink, chrome->message);
    } else if (view && view->last.text[0] && !chrome->over) {
        const struct answer *last = &view->last;
        gboolean but = last->kind == ANSWER_OK && last->code != ERR_NONE; /* done, and what should follow was not */
        enum ink ink = but ? INK_WARN : last->kind == ANSWER_OK && chrome->flash ? INK_FLASH : ANSWERS[last->kind].ink;
        g_autofree char *line = g_strdup_printf(" %s  %s %s", _(ANSWERS[last->kind].word), last->text,
                                                view->asked ? _("(F10 yes)") : "");
        g_autofree char *clipped = text_clip(line, canvas->cols - 2, glyph(canvas->glyphs, GLYPH_ELLIPSIS));
        canvas_text(canvas, row, 0, ink, clipped);
    }
}

/* The end of the text where it is longer than its place: one sees what one types. */
static const char *tail_of(const char *text, int columns)
{
    gunichar c = 0;
    while (text_width(text) > columns && *text)
        text += text_next(text, &c);
    return text;
}

/* The field, or in its place what to give: a prompt. Secret text is shown as stars. */
static void draw_field(const struct chrome *chrome, struct canvas *canvas, int row, unsigned style, int room,
                       const char *prompt)
{
    canvas_textf(canvas, row, 1, style, "%s ", glyph(canvas->glyphs, GLYPH_PROMPT));
    const char *field = chrome->place.field;
    g_autofree char *stars = chrome->masked ? g_strnfill((gsize)g_utf8_strlen(field, -1), '*') : NULL;
    const char *shown = tail_of(stars ? stars : field, room);
    if (field[0])
        canvas_text(canvas, row, 3, style == INK_NORMAL ? (unsigned)INK_STRONG : style, shown);
    else
        canvas_field(canvas, row, 5, room - 2, TEXT_LEFT, style == INK_NORMAL ? (unsigned)INK_DIM : style, prompt);
    canvas->cursor_row = row;
    canvas->cursor_col = 3 + text_width(field[0] ? shown : "");
}

static const char *prompt_of(const struct chrome *chrome)
{
    const struct screen *screen = chrome->screen;
    return screen->prompt ? screen->prompt(&chrome->place) : screen->hint ? _(screen->hint) : "";
}

/* What to do: about the error, or of the lead whose PIN is awaited. */
static char *bar_hint(const struct station_view *view)
{
    return view->approver[0] ? g_strdup_printf(_("%s: type the PIN, or scan its digits and 'yes'"), view->approver)
                             : g_strdup(view->last.hint);
}

/* What is expected and how the bar is closed: in full where both fit. */
static void draw_bar_end(const struct chrome *chrome, struct canvas *canvas, int row)
{
    const struct station_view *view = chrome->place.view;
    g_autofree char *digits = g_strnfill((gsize)view->pin_digits, '*');
    const char *prompt = !view->approver[0] ? prompt_of(chrome) : view->pin_digits ? digits : _("the lead's PIN");
    const char *how = _("F2 or Esc close, or scan the right thing, or a lead's badge");
    if (view->approver[0])
        how = _("F2 or Esc close");
    else if (text_width(prompt) + text_width(how) + 9 > canvas->cols)
        how = _("F2 or Esc close, or scan the right thing");
    draw_field(chrome, canvas, row, INK_ERROR_DEEP, canvas->cols - text_width(how) - 7, prompt);
    canvas_text(canvas, row, canvas->cols - 1 - text_width(how), INK_ERROR_DEEP, how);
}

/* Full width, with words, number, what to do and how to close it. It stands where message and field were, so
 * nothing else moves. */
static void draw_bar(const struct chrome *chrome, struct canvas *canvas, int row)
{
    const struct station_view *view = chrome->place.view;
    const struct answer *last = &view->last;
    canvas_fill(canvas, (struct rect){row, 0, 2, canvas->cols}, INK_ERROR);
    canvas_fill(canvas, (struct rect){row + 2, 0, 1, canvas->cols}, INK_ERROR_DEEP);
    char number[8];
    err_number(last->code, number);
    int width = canvas->cols - 2 - (int)strlen(number) - 2;
    canvas_field(canvas, row, 1, width, TEXT_LEFT, INK_ERROR, last->text);
    canvas_text(canvas, row, canvas->cols - 1 - (int)strlen(number), INK_ERROR, number);
    int n = last->not_counted;
    g_autofree char *later = g_strdup_printf(
        ngettext("%d later scan NOT counted", "%d later scans NOT counted", (unsigned long)n), n);
    if (n == 0)
        later[0] = '\0';
    g_autofree char *hint = bar_hint(view);
    canvas_field(canvas, row + 1, 1, canvas->cols - 4 - text_width(later), TEXT_LEFT, INK_ERROR, hint);
    canvas_text(canvas, row + 1, canvas->cols - 1 - text_width(later), INK_ERROR, later);
    draw_bar_end(chrome, canvas, row + 2);
}

static void draw_area(const struct chrome *chrome, struct canvas *canvas, int row)
{
    const struct station_view *view = chrome->place.view;
    if (view && view->barred) {
        draw_bar(chrome, canvas, row);
        return;
    }
    canvas_hline(canvas, row, 0, canvas->cols, INK_LINE);
    draw_message(chrome, canvas, row + 1);
    draw_field(chrome, canvas, row + 2, INK_NORMAL, canvas->cols - 30, prompt_of(chrome));
}

struct rect chrome_body(int rows, int cols)
{
    return (struct rect){1, 0, rows - 2 - MESSAGE_ROWS, cols};
}

void chrome_draw(const struct chrome *chrome, struct canvas *canvas)
{
    int area = canvas->rows - 1 - MESSAGE_ROWS;
    draw_header(chrome, canvas);
    if (chrome->place.view || (chrome->screen->flags & SCREEN_PUBLIC))
        chrome->screen->draw(&chrome->place, canvas, chrome_body(canvas->rows, canvas->cols));
    lists_draw(chrome->screen, &chrome->place, canvas);
    draw_area(chrome, canvas, area); /* last: the position in the list gives way to the bar */
    gboolean barred = chrome->place.view && chrome->place.view->barred;
    struct keymap map = {{NULL}};
    if (!barred) /* the bar says what works */
        map = screen_keymap(chrome->screen);
    keymap_footer(&map, chrome->place.field, canvas, canvas->rows - 1);
}
