/* SPDX-License-Identifier: MIT
 *
 * What a courier's manifest still lacks: parcels that are labelled and not out, those that are held, and
 * those that are packed and have no label on them yet.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

enum { DOCK_ROWS = 60 };

struct dock_row {
    char order[72], waybill[72], reason[64]; /* reason: the block, of those that are held */
};

enum dock_list { DOCK_MISSING, DOCK_HELD, DOCK_UNLABELLED, DOCK_LISTS };

struct dock_view {
    struct dock_row rows[DOCK_LISTS][DOCK_ROWS];
    int count[DOCK_LISTS]; /* at most DOCK_ROWS of each */
};

/* All of one moment inside of a db_snapshot(). NULL with *error on failure. Caller frees. */
struct dock_view *dock_view_load(struct site *site, const char *courier, GError **error);
