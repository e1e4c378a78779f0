/* SPDX-License-Identifier: MIT
 *
 * A program whose rules are otherwise: what it decides it stores as every program does, with rows, digests and chains that
 * all agree. And a look at what a check says of that.
 */
#pragma once

#include "core/flow/decision.h"
#include "tests/support/floor.h"

struct otherwise {
    struct event judged, asked; /* what came of the one is stored as that of the other; they get one key */
    enum state to;              /* where its shipment is then; ST_NONE: as it was judged */
    gboolean blind;             /* to blocks */
    void (*before)(struct dossier *dossier, const struct event *ev); /* what it takes for there; NULL: what is there */
    void (*after)(struct decision *d);                              /* what it makes of it besides; NULL: nothing */
};

/* Returns the event's key. */
int64_t otherwise_do(struct floor *floor, const struct otherwise *otherwise);

/* What a check of core/check says, all of it, a line each, and tells besides. */
struct seen {
    GString *said;
    char *told;
};
struct seen seen_look(struct floor *floor, const char *check);
void seen_clear(struct seen *seen);

/* How much check --full has judged again. */
struct seen_judged {
    guint wholly, by_state, folded;
};
struct seen_judged seen_judged(const struct seen *seen);
