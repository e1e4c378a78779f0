/* SPDX-License-Identifier: MIT
 *
 * tui/terminal: bytes to keys and scans, cells to the screen.
 *
 * The real terminal: raw mode, drawing a canvas, its size, its bell. term_curses.c is the only file that
 * knows curses. Bytes are read here as they are and decoded by input.h. There is one terminal in a process;
 * it is restored on every way out, a crash too.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#include "tui/terminal/canvas.h"

struct terminal;

struct term_options {
    enum theme_id theme;
    const char *glyphs; /* "ascii", "unicode", or NULL: ask the terminal */
};

/* Takes the terminal over and paints the background. NULL when standard input or output is none, or its type
 * is unknown. Signals should be blocked before. */
struct terminal *term_open(const struct term_options *options);
void term_close(struct terminal *term);

enum { TERM_FD = 0 }; /* standard input */

/* What can be read now; 0 when the terminal is gone. Blocks when nothing is there: poll TERM_FD first. */
ssize_t term_read(char *bytes, size_t size);

/* The terminal's size now. */
void term_size(int *rows, int *cols);

/* Draws a whole frame; only what differs from the last one is sent, nothing when nothing does. */
void term_draw(struct terminal *term, const struct canvas *canvas);

/* The next frame is drawn from nothing (Ctrl-L). */
void term_redraw(struct terminal *term);

void term_bell(void);

/* The glyph set: the one asked for; else ascii until the terminal has answered where its cursor stood after
 * one ambiguous glyph (INPUT_REPORT). term_report() takes the answer: TRUE when it was awaited. */
enum glyph_set term_glyphs(const struct terminal *term);
gboolean term_asking(const struct terminal *term);
gboolean term_report(struct terminal *term, int col);
void term_stop_asking(struct terminal *term);

/* Whether the line is a remote one (ssh): keys' bytes may come apart. */
gboolean term_is_remote(void);

/* Whether TERM names a type whose cursor can be put somewhere. */
gboolean term_type_will_do(void);
