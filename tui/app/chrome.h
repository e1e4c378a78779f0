/* SPDX-License-Identifier: MIT
 *
 * What stands around every screen: the header, the message area of three lines (which the error bar covers),
 * the footer.
 */
#pragma once

#include "tui/app/screen.h"

enum { CHROME_ROWS_MIN = 24, CHROME_COLS_MIN = 80 };

struct chrome {
    const struct screen *screen;
    struct place place;
    const char *message; /* over the station's last word; NULL none */
    enum ink message_ink;
    gboolean saving; /* an event has been on its way for a while */
    gboolean flash;  /* the last scan was good, just now */
    gboolean masked; /* the field is secret */
    gboolean over;   /* the station's last word was about something else, by now */
};

/* Where the screen draws on a canvas of this size. */
struct rect chrome_body(int rows, int cols);

/* Draws the whole frame: chrome and the screen in it. */
void chrome_draw(const struct chrome *chrome, struct canvas *canvas);

/* Whether a window is too small for it, and the one message of such a window. */
gboolean chrome_too_small(const struct canvas *canvas);
void chrome_draw_too_small(struct canvas *canvas);
