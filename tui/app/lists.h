/* SPDX-License-Identifier: MIT
 *
 * What every screen with lists has in common: drawing them, their keys, words and the mouse.
 */
#pragma once

#include "tui/app/screen.h"

/* Words of every screen that has lists. */
extern const struct key_row SORT_KEYS[];

/* The lists of a screen as they stand; FALSE when it has none. */
gboolean lists_of(const struct screen *screen, const struct place *place, struct lists *lists);

/* The one that has the keys. */
const struct list_view *lists_focus(const struct lists *lists);

/* A snapshot has arrived: the screen's arrived(), then each list stays on its row. */
void lists_arrived(const struct screen *screen, struct place *place);

/* Frees what the lists of a state have, then the state. */
void lists_leave(const struct screen *screen, void *state);

void lists_draw(const struct screen *screen, const struct place *place, struct canvas *canvas);

/* TRUE when the key or the mouse was for a list: *request says what comes of it. */
gboolean lists_take(const struct screen *screen, struct place *place, const struct input_event *event,
                    struct request *request);

/* The same of a row of the key table: ACT_MARK ... ACT_TURN. */
gboolean lists_press(const struct screen *screen, struct place *place, int action, const char *argument,
                     struct request *request);
