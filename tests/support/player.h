/* SPDX-License-Identifier: MIT
 *
 * A tape (core/sim/tape.h) played on a database: what was said is written as rows, what was asked goes through flow_apply(), at
 * the station where it was asked, each a connection and a writer of its own; and at the end the same rows have to be there. What
 * came of every event is compared at once.
 */
#pragma once

#include "core/sim/chance.h"
#include "core/sim/world.h"
#include "tests/support/clock_manual.h"
#include "tests/support/testdb.h"

struct site;

struct player {
    const struct testdb *test;
    const struct tape *tape;
    struct clock_manual clock;
    struct chance chance;
    struct site *house; /* where rows are said, and who acts at no station */
    GHashTable *sites;  /* int64_t, the station -> struct site */
    int64_t events, bulks, in_bulk, again, other;

    /* Applies one event in some other way. FALSE: it is to be applied as ever. */
    gboolean (*apply)(struct player *player, struct site *site, const struct event *event, struct outcome *outcome,
                      void *data);
    void *data;
};

struct player *player_new(const struct testdb *test, const struct tape *tape, uint64_t seed);
void player_free(struct player *player);
DEFINE_AUTOPTR(player, player_free)

/* The whole tape. Some of the keys are sent again, at once or later, with the same or with other content. */
void player_play(struct player *player);

/* Ends the test with what is different unless the database has the rows of the dossier in all derived tables, the tape's moves
 * and its events, and its history folds to them. */
void player_compare(struct player *player, const struct dossier *dossier);

/* Whoever is at the station; a new one there, in another process; and who was there goes. */
struct site *player_at(struct player *player, int64_t station_id);
struct site *player_site(struct player *player, int64_t station_id);
void player_leave(struct player *player, int64_t station_id);

/* player_say.c: a run of entries that are no events, in one transaction; the first n of the tape's from `first` on. */
void player_say(struct player *player, guint first, guint n);
void player_first_rows(struct player *player);
void player_say_order(struct player *player, int64_t order_id);
