/* SPDX-License-Identifier: MIT */
#include "tui/terminal/term.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h> /* the terminfo half of it */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct pen {
    attr_t attributes;
    short pair, bg;
};

struct terminal {
    SCREEN *screen;
    enum glyph_set glyphs;
    gboolean asking;
    gboolean redraw;
    struct canvas *shown; /* the last frame */
    struct pen pens[2 * INK_COUNT]; /* inks, then the same selected */
};

/* --- giving the terminal back when the program dies ----------------------------------------------------- */

/* A terminal that knows them shows a frame at once and never half of it; the others pass over them. */
#define FRAME_BEGIN "\033[?2026h"
#define FRAME_END "\033[?2026l"

/* Pastes in brackets; buttons and wheel of the mouse, in numbers. */
#define REPORTS_ON "\033[?2004h\033[?1000h\033[?1006h"
#define REPORTS_OFF "\033[?1006l\033[?1000l\033[?2004l"

static struct termios saved_modes;
static volatile sig_atomic_t modes_are_saved;

static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

static void restore_by_hand(void)
{
    static const char RESTORE[] = FRAME_END REPORTS_OFF "\033[0m\033[?25h\033[?1049l\r";
    if (!modes_are_saved)
        return;
    ssize_t ignored = write(STDOUT_FILENO, RESTORE, sizeof RESTORE - 1);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
}

/* Only async-signal-safe calls. The handler is gone by SA_RESETHAND, so raising again ends the program as before. */
static void on_crash(int number)
{
    restore_by_hand();
    raise(number);
}

static void catch_crashes(void)
{
    struct sigaction action = {.sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    action.sa_handler = on_crash;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < G_N_ELEMENTS(CRASHES); i++)
        sigaction(CRASHES[i], &action, NULL);
}

/* --- colours -------------------------------------------------------------------------------------------- */

static attr_t effects_of(unsigned effects)
{
    return (effects & COLOUR_BOLD ? A_BOLD : 0) | (effects & COLOUR_REVERSE ? A_REVERSE : 0) |
           (effects & COLOUR_UNDERLINE ? A_UNDERLINE : 0) | (effects & COLOUR_DIM ? A_DIM : 0);
}

static void make_pen(struct terminal *term, enum theme_id theme, int index)
{
    unsigned style = index < INK_COUNT ? (unsigned)index : (unsigned)(index - INK_COUNT) | STYLE_SELECTED;
    struct colour colour = theme_colour(theme, style);
    struct pen *pen = &term->pens[index];
    pen->attributes = effects_of(colour.effects);
    if (!has_colors() || theme == THEME_MONO) {
        pen->attributes |= style & STYLE_SELECTED ? A_REVERSE : 0;
        return;
    }
    gboolean many = COLORS >= 256;
    pen->pair = (short)(index + 1);
    pen->bg = many ? colour.bg : colour.bg8;
    init_pair(pen->pair, many ? colour.fg : colour.fg8, pen->bg);
}

static void make_pens(struct terminal *term, enum theme_id theme)
{
    if (has_colors() && theme != THEME_MONO)
        start_color(); /* no default colours: with them every change of colour costs a reset more */
    for (int i = 0; i < 2 * INK_COUNT; i++)
        make_pen(term, theme, i);
}

static const struct pen *pen_of(const struct terminal *term, unsigned style)
{
    return &term->pens[(style & STYLE_INK) + (style & STYLE_SELECTED ? (unsigned)INK_COUNT : 0u)];
}

/* --- opening -------------------------------------------------------------------------------------------- */

gboolean term_is_remote(void)
{
    return g_getenv("SSH_CONNECTION") || g_getenv("SSH_TTY");
}

/* A console without a font for the glyphs answers one column all the same. */
static gboolean lacks_glyphs(void)
{
    const char *type = g_getenv("TERM");
    return type && strcmp(type, "linux") == 0;
}

static void choose_glyphs(struct terminal *term, const char *wanted)
{
    term->glyphs = wanted && strcmp(wanted, "unicode") == 0 ? GLYPHS_UNICODE : GLYPHS_ASCII;
    term->asking = !wanted && !lacks_glyphs();
}

/* Past curses, which has its own buffer. */
static void send(const char *bytes)
{
    ssize_t ignored = write(STDOUT_FILENO, bytes, strlen(bytes));
    (void)ignored;
}

/* The glyph is printed concealed, and the first frame draws its row whole: nobody sees it. */
static void start_output(struct terminal *term)
{
    const struct pen *pen = pen_of(term, INK_NORMAL);
    cchar_t blank;
    setcchar(&blank, L" ", pen->attributes, pen->pair, NULL);
    bkgrndset(&blank);
    bkgrnd(&blank);
    refresh();
    send(REPORTS_ON);
    if (term->asking)
        send("\033[H\033[8m\xE2\x97\x8F\033[28m\033[6n\033[H");
    wredrawln(stdscr, 0, 1);
}

/* newterm() is content with less. */
gboolean term_type_will_do(void)
{
    int found = 0;
    char cup[] = "cup";
    if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
        return FALSE;
    const char *moves = tigetstr(cup);
    gboolean will = moves && moves != (const char *)-1;
    del_curterm(cur_term);
    return will;
}

static gboolean start_curses(struct terminal *term)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &saved_modes) != 0 ||
        !term_type_will_do())
        return FALSE;
    use_env(FALSE);
    use_tioctl(TRUE);
    term->screen = newterm(NULL, stdout, stdin);
    if (!term->screen)
        return FALSE;
    modes_are_saved = 1;
    catch_crashes();
    raw();
    nonl();
    noecho();
    typeahead(-1);
    curs_set(0);
    return TRUE;
}

struct terminal *term_open(const struct term_options *options)
{
    g_autofree struct terminal *term = g_new0(struct terminal, 1);
    if (!start_curses(term))
        return NULL;
    choose_glyphs(term, options->glyphs);
    make_pens(term, options->theme);
    term->shown = canvas_new(1, 1, term->glyphs);
    start_output(term);
    return g_steal_pointer(&term);
}

void term_close(struct terminal *term)
{
    send(REPORTS_OFF);
    endwin();
    delscreen(term->screen);
    modes_are_saved = 0;
    canvas_free(term->shown);
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
    g_free(term);
}

/* --- input and size ------------------------------------------------------------------------------------- */

ssize_t term_read(char *bytes, size_t size)
{
    ssize_t n = read(STDIN_FILENO, bytes, size);
    return n < 0 && errno != EINTR && errno != EAGAIN ? 0 : n;
}

void term_size(int *rows, int *cols)
{
    struct winsize size = {0};
    gboolean known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    *rows = known ? size.ws_row : LINES;
    *cols = known ? size.ws_col : COLS;
}

enum glyph_set term_glyphs(const struct terminal *term)
{
    return term->glyphs;
}

gboolean term_asking(const struct terminal *term)
{
    return term->asking;
}

gboolean term_report(struct terminal *term, int col)
{
    if (!term->asking)
        return FALSE;
    term->asking = FALSE;
    if (col == 1)
        term->glyphs = GLYPHS_UNICODE;
    return TRUE;
}

void term_stop_asking(struct terminal *term)
{
    term->asking = FALSE;
}

/* --- drawing -------------------------------------------------------------------------------------------- */

/* A blank looks the same with every pen of one background: going on with the pen at hand saves a change of colour. */
static const struct pen *pen_for(const struct terminal *term, const struct cell *cell, const struct pen *last)
{
    const struct pen *pen = pen_of(term, cell->style);
    attr_t shown = A_UNDERLINE | A_REVERSE;
    gboolean same = last && cell->c == ' ' && last->bg == pen->bg && !((last->attributes | pen->attributes) & shown);
    return same ? last : pen;
}

static void set_cell(const struct cell *cell, const struct pen *pen, cchar_t *out)
{
    wchar_t text[4] = {(wchar_t)cell->c, (wchar_t)cell->marks[0], (wchar_t)cell->marks[1], 0};
    if (setcchar(out, text, pen->attributes, pen->pair, NULL) != OK)
        setcchar(out, L"?", pen->attributes, pen->pair, NULL);
}

static void draw_row(const struct terminal *term, const struct canvas *canvas, int row, int cols, cchar_t *line)
{
    int n = 0;
    const struct pen *pen = NULL;
    for (int col = 0; col < cols; col++) {
        const struct cell *cell = &canvas->cells[row * canvas->cols + col];
        if (cell->width == 0)
            continue;
        if (cell->width == 2 && col + 2 > cols)
            break;
        pen = pen_for(term, cell, pen);
        set_cell(cell, pen, &line[n++]);
    }
    if (move(row, 0) == OK)
        add_wchnstr(line, n);
}

static void place_cursor(const struct canvas *canvas)
{
    gboolean shown = canvas->cursor_row >= 0 && canvas->cursor_row < LINES && canvas->cursor_col < COLS;
    curs_set(shown ? 1 : 0);
    leaveok(stdscr, !shown);
    if (shown)
        move(canvas->cursor_row, canvas->cursor_col);
}

/* erase(), never clear(): the same content again costs nothing. */
static void fill_window(const struct terminal *term, const struct canvas *canvas)
{
    if (is_term_resized(canvas->rows, canvas->cols))
        resizeterm(canvas->rows, canvas->cols);
    g_autofree cchar_t *line = g_new(cchar_t, (gsize)canvas->cols);
    erase();
    for (int row = 0; row < MIN(canvas->rows, LINES); row++)
        draw_row(term, canvas, row, MIN(canvas->cols, COLS), line);
}

void term_draw(struct terminal *term, const struct canvas *canvas)
{
    if (!term->redraw && canvas_equal(canvas, term->shown))
        return;
    canvas_copy(term->shown, canvas);
    send(FRAME_BEGIN);
    fill_window(term, canvas);
    place_cursor(canvas);
    if (term->redraw)
        redrawwin(stdscr);
    term->redraw = FALSE;
    refresh();
    send(FRAME_END);
}

void term_redraw(struct terminal *term)
{
    term->redraw = TRUE;
}

void term_bell(void)
{
    beep();
}
