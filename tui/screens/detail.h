/* SPDX-License-Identifier: MIT
 *
 * An order in full, as a pane beside the queue and as a screen of its own.
 */
#pragma once

#include "core/view/order.h"
#include "tui/app/screen.h"

/* From so many columns on what happened stands beside the order, not under it. */
enum { DETAIL_BESIDE_COLS = 120 };

void detail_draw(const struct order_view *view, const struct place *place, struct canvas *canvas, struct rect rect);
