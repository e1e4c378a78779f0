/* SPDX-License-Identifier: MIT */
#include "tui/screens/screens.h"

const struct screen *const SCREENS[] = {
    &SCREEN_LOGIN, &SCREEN_LOCKED,  &SCREEN_PICK,     &SCREEN_PACK,  &SCREEN_DOCK,     &SCREEN_QUEUE,
    &SCREEN_ORDER, &SCREEN_BATCHES, &SCREEN_PRINTERS, &SCREEN_STOCK, &SCREEN_UNMAPPED, &SCREEN_HELP,  NULL,
};
