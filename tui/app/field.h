/* SPDX-License-Identifier: MIT
 *
 * The one line a person types in: printable characters, GS within codes, backspace, Ctrl-U.
 */
#pragma once

#include <glib.h>

#include "tui/terminal/input.h"

enum { FIELD_MAX = 200 /* bytes */ };

struct field {
    GString *text; /* the owner's */
};

void field_clear(struct field *field);

/* Takes a character, backspace, Ctrl-U or a paste of one line. TRUE when the text changed. */
gboolean field_take(struct field *field, const struct input_event *event);
