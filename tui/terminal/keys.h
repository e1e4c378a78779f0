/* SPDX-License-Identifier: MIT
 *
 * The escape sequences of keys, as terminals send them: what stands between ESC [ (or ESC O, ESC [ [) and the end.
 */
#pragma once

#include "tui/terminal/input.h"

enum key_lead { LEAD_CSI, LEAD_SS3, LEAD_LINUX };

/* The key of a sequence: number is its first parameter (0 when none), final its last byte. K_NONE when unknown. */
enum key keys_find(enum key_lead lead, int number, char final);
