/* SPDX-License-Identifier: MIT
 *
 * Keys are rows of one table a screen: the footer, the help and the manual are made from them. A row has the
 * key, a word
 * (":word" on list screens runs it) and what it does. Every F-key has a second way: Esc or Alt with its
 * digit.
 */
#ifndef TUI_APP_KEYMAP_H
#define TUI_APP_KEYMAP_H

#include "tui/terminal/canvas.h"
#include "tui/terminal/input.h"

enum { KEY_FOOTER = 1 /* shown in the footer */ };

struct key_row {
    enum key key;      /* K_NONE: only by its word */
    int action;        /* the screen's; 0 ends a table */
    const char *word;  /* for ":word" and for finding it in the help */
    const char *label; /* N_(), for the footer: one or two words */
    const char *about; /* N_(), for the help: one sentence */
    unsigned flags;
};

/* The row an event asks for: its key, or Alt with the digit of its F-key. NULL when there is none. */
const struct key_row *keymap_find(const struct key_row *rows, const struct input_event *event);

/* The row of a word, NULL when there is none. */
const struct key_row *keymap_word(const struct key_row *rows, const char *word);

/* "Esc 4" for F4, "" for keys that are no F-keys. */
const char *keymap_second_way(enum key key);

/* Draws the footer: the rows marked for it, as many as fit. */
void keymap_footer(const struct key_row *rows, struct canvas *canvas, int row);

#endif
