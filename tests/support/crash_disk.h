/* SPDX-License-Identifier: MIT
 *
 * What a disk holds of a recording, and what it may hold when the power goes.
 */
#pragma once

#include "tests/support/recorder.h"

struct disk;

/* recording is borrowed. honest: a sync makes durable what was written. */
struct disk *disk_new(const struct recording *recording, gboolean honest);
void disk_free(struct disk *disk);

/* Up to that many records have happened; never back. */
void disk_advance(struct disk *disk, size_t records);
const GArray *disk_acknowledged(const struct disk *disk); /* the keys so far */

/* The power goes now: writes the files of path. Chance is the seed's. What lay there is removed. */
void disk_write_image(const struct disk *disk, const char *path, guint32 seed);
