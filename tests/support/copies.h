/* SPDX-License-Identifier: MIT
 *
 * A floor whose clock is the test's, and copies of it as it was.
 */
#pragma once

#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"

struct replay_made;

struct play {
    struct testdb *test; /* borrowed */
    struct floor *floor;
    struct clock_manual clock;
    GArray *moments; /* struct moment */
};

/* What stood in the derived tables at an instant: sorted lines. */
struct moment {
    int64_t at;
    char *rows;
};

/* Its clock is an hour ahead of the machine's, so that nothing a floor begins with is later. */
void play_begin(struct play *play, struct testdb *test, const char *station);
void play_end(struct play *play);

/* Keeps what stands there now; a second goes by. */
void play_note(struct play *play);
void play_do(struct play *play, struct event event); /* does it, and notes */

/* The rows of all derived tables. Caller frees. */
char *derived_rows(struct db *db);

/* A path where nothing is yet. Caller frees. */
char *copy_path(struct play *play);

/* As replay_floor(), of the play's floor at an instant. */
gboolean copy_try(struct play *play, int64_t at, const char *path, gboolean with_recipients, struct replay_made *made,
                  GError **error);

/* There is none, for the reason. */
void copy_refused(struct play *play, int64_t at, const char *path, enum err code);

/* A copy, whose invariants must hold and whose history must fold to it. Opened; *path is the caller's to free. */
struct db *copy_made(struct play *play, int64_t at, gboolean with_recipients, char **path);

/* The order brings the number that the courier's range would give next. */
void play_brings_next_number(struct play *play, const char *order);
