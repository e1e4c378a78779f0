/* SPDX-License-Identifier: MIT
 *
 * Bytes of a terminal -> keys, characters, scans, pastes, the mouse. A state machine without input or output of its
 * own: the caller feeds bytes with the time they were read, and asks when the machine wants to be called again.
 *
 * A scan is told from typing by its prefix (AIM identifier, STX) or by its speed: INPUT_SCAN_MIN characters or more,
 * gaps under INPUT_GAP_MS, ended by CR, LF or Tab. So characters are held back for INPUT_GAP_MS. What is typed comes as
 * INPUT_CHAR and the line's end as K_ENTER or K_TAB. A scan whose beginning has come as characters less than
 * INPUT_JOIN_MS ago (a slow line) is given as the rest of those characters and K_ENTER: half a code is never a scan.
 *
 * GS, FS, RS, US and EOT pass through inside scans. A byte that is no UTF-8 becomes U+FFFD: whoever reads the scan
 * refuses it. Nothing is lost silently; unknown escape sequences are swallowed whole. What the mouse sends may stand in
 * the middle of a scan: it is taken out, and the scan is whole.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum {
    INPUT_SCAN_MIN = 4, /* the shortest order numbers and totes; nobody types four and Enter in a tenth of a second */
    INPUT_GAP_MS = 30,
    INPUT_PREFIX_GAP_MS = 300,
    INPUT_JOIN_MS = 2000,
    INPUT_SEQUENCE_MS = 100,
    INPUT_PASTE_MS = 500,
    INPUT_LINE_MAX = 4096,
    INPUT_PASTE_MAX = 65536
};

enum key {
    K_NONE, K_ENTER, K_TAB, K_BACKTAB, K_BACKSPACE, K_ESC,
    K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PAGE_UP, K_PAGE_DOWN, K_INSERT, K_DELETE,
    K_F1, K_F2, K_F3, K_F4, K_F5, K_F6, K_F7, K_F8, K_F9, K_F10, K_F11, K_F12,
    K_CTRL_A = 64, /* K_CTRL_A + 1 is Ctrl-B ... to Ctrl-Z */
    K_CTRL_C = K_CTRL_A + 2,
    K_CTRL_L = K_CTRL_A + 11,
    K_CTRL_U = K_CTRL_A + 20,
    K_CTRL_Z = K_CTRL_A + 25
};

enum { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CTRL = 4 };

enum input_type {
    INPUT_KEY,
    INPUT_CHAR,
    INPUT_SCAN,
    INPUT_PASTE,
    INPUT_MOUSE,  /* the left button went down, or the wheel turned */
    INPUT_REPORT, /* the terminal's answer to "where is the cursor" */
    INPUT_RESIZE  /* made by the loop, not here */
};

struct input_event {
    enum input_type type;
    enum key key;   /* INPUT_KEY */
    unsigned mods;  /* INPUT_KEY: MOD_...; a character with Alt is INPUT_CHAR with MOD_ALT */
    gunichar c;     /* INPUT_CHAR */
    int row, col;   /* INPUT_MOUSE, INPUT_REPORT from 0; INPUT_RESIZE the size */
    int wheel;      /* INPUT_MOUSE: -1 up, 1 down, 0 the button */
    char *text;     /* INPUT_SCAN, INPUT_PASTE; owned by the event */
};

struct input;

/* escape_ms: how long an ESC waits for the rest of a key, 25 at a local terminal, 50 to 100 over ssh. */
struct input *input_new(int escape_ms);
void input_free(struct input *input);

/* Times are of any steady clock and never go back. */
void input_feed(struct input *input, const char *bytes, size_t length, int64_t now_ms);
void input_tick(struct input *input, int64_t now_ms);

/* When input_tick() has something to do, -1 when nothing waits. */
int64_t input_deadline(const struct input *input);

/* The next event in order: TRUE and *event, which the caller clears. */
gboolean input_next(struct input *input, struct input_event *event);
void input_event_clear(struct input_event *event);

/* event may be NULL: it is none. */
static inline gboolean input_is_key(const struct input_event *event, enum key key)
{
    return event && event->type == INPUT_KEY && event->key == key;
}

/* "F1", "Enter", "PgDn"; NULL for K_NONE and keys with Ctrl. */
const char *input_key_name(enum key key);
