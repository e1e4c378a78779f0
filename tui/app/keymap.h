/* SPDX-License-Identifier: MIT
 *
 * Keys are rows of one table a screen: the footer, the help and the manual are made from them. A row has the
 * key, a word and what it does. Every F-key has a second way: Esc or Alt with its digit.
 *
 * On list screens F2 to F9 are the screens, on each of them the same, and letters belong to the search: so
 * what a screen does by itself is a word. ":word" does it, its first letters do as long as they mean no other
 * ("a" for "assign"), and what it needs may follow after a blank.
 */
#pragma once

#include "tui/terminal/canvas.h"
#include "tui/terminal/input.h"

enum {
    KEY_FOOTER = 1, /* shown in the footer */
    KEY_WHOLE = 2,  /* only by its whole word: it can't be undone */
    KEY_TAKES = 4   /* something may follow the word: `about` says what */
};

struct key_row {
    enum key key;      /* K_NONE: only by its word */
    int action;        /* the screen's; 0 ends a table */
    const char *word;  /* for ":word" and for finding it in the help */
    const char *label; /* N_(), for the footer: one or two words */
    const char *about; /* N_(), for the help: one sentence */
    unsigned flags;
};

/* A screen's tables, the one that counts first in front; NULL after the last. */
enum { KEYMAP_TABLES = 5 };
struct keymap {
    const struct key_row *tables[KEYMAP_TABLES];
};

/* All rows, in the order they count. */
#define KEYMAP_EACH(row, map)                                                                                          \
    for (const struct key_row *const *table = (map)->tables; *table; table++)                                          \
        for (const struct key_row *row = *table; row->action; row++)

/* The row an event asks for: its key, or Alt with the digit of its F-key. NULL when there is none. */
const struct key_row *keymap_find(const struct keymap *map, const struct input_event *event);

/* The row of a word or of the beginning of one, `length` bytes of it. NULL when there is none or more than one. */
const struct key_row *keymap_word(const struct keymap *map, const char *word, size_t length);

/* How a row is reached: its key's name, or ":" with as much of its word as is needed. */
enum { KEYMAP_NAME_SIZE = 24 };
const char *keymap_name(const struct keymap *map, const struct key_row *row, char buffer[static KEYMAP_NAME_SIZE]);

/* "Esc 4" for F4, "" for keys that are no F-keys. */
const char *keymap_second_way(enum key key);

/* Draws the footer: the rows marked for it, then what the screen has by word only, as many as fit. While a ":word" is
 * being typed: the words it may become, and what it does once it is clear. */
void keymap_footer(const struct keymap *map, const char *field, struct canvas *canvas, int row);
