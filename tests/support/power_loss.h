/* SPDX-License-Identifier: MIT
 *
 * The power goes at any moment: a floor is worked over the recorder, and then what a disk may hold at each moment of the
 * recording is made, as files, and opened by the program's own code. Of each file all is there that was written before its
 * last sync; of what came after, each write is there or not, in any order, torn between sectors of 512 bytes, or garbage.
 */
#pragma once

#include "tests/support/recorder.h"

#define POWER_LOSS_STATION "bench-1"
#define POWER_LOSS_BADGE "L01"
#define POWER_LOSS_LAST "SP-LAST" /* the order that is ready and that nobody touches */

/* A floor on SQLite where two stations pick, pack and label so many orders, a lead holds many at once, and stations are
 * closed and opened: recorded, with the key of every event that was acknowledged. normal: it is written with
 * synchronous=NORMAL, the first control. */
struct recording *power_loss_record(int orders, gboolean normal);
int64_t power_loss_acknowledged(const struct recording *recording);

struct power_loss_tries {
    int64_t images;     /* spread evenly over the recording */
    guint32 seed;
    gboolean syncs_lie; /* the second control: the disk says that it has synced and has not */
    int64_t whole_each; /* of so many images one is looked at as a whole, and worked on */
    int workers;        /* processes */
};

struct power_loss {
    int64_t images, lost_images, lost; /* acknowledged events that were not there */
    int64_t damaged; /* could not be opened, was not whole, or the work did not go on; each is told on standard error */
};

struct power_loss power_loss_replay(const struct recording *recording, const struct power_loss_tries *tries);
