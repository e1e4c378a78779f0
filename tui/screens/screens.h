/* SPDX-License-Identifier: MIT
 *
 * tui/screens: a file a screen.
 *
 * The screens, one file each, and the table of them all for the app.
 */
#pragma once

#include "tui/app/screen.h"

extern const struct screen *const SCREENS[]; /* NULL after the last */

extern const struct screen SCREEN_LOGIN;
extern const struct screen SCREEN_LOCKED;
extern const struct screen SCREEN_PICK;
extern const struct screen SCREEN_PACK;
extern const struct screen SCREEN_DOCK;
extern const struct screen SCREEN_QUEUE;
extern const struct screen SCREEN_ORDER;
extern const struct screen SCREEN_BATCHES;
extern const struct screen SCREEN_PRINTERS;
extern const struct screen SCREEN_STOCK;
extern const struct screen SCREEN_UNMAPPED;
extern const struct screen SCREEN_HELP;
