/* SPDX-License-Identifier: MIT
 *
 * An event of the past judged again, by what its subject's history has made of the subject until then. Pure.
 *
 * Wholly, where all that rules look at is the subject's own rows, or can be lent for it (lent.h): they must leave the subject,
 * and what is nobody's, as the history has it. What others had is taken for what the event says it found: that there was so
 * much, and where; the next number; the printer; a free tote; who has the batch. Settings likewise: that a slip comes with a
 * label, and that a box need not be weighed.
 *
 * By its state, where more is looked at: whether other members of a batch have something left to pick; the address, where it
 * was erased; goods of a shipment whose history began in the middle of its way; lots of a product that lie so that it can't
 * be seen which came first. The table must have a row for the event, no block may have stopped it, and the row must lead to
 * the state that the subject has then. And what had a reason that is forgotten.
 *
 * Not at all: goods, documents, notes, and what an event has changed besides its own subject.
 */
#pragma once

#include "core/flow/decision.h"

struct transition;

enum again_how { AGAIN_NOT, AGAIN_BY_STATE, AGAIN_WHOLLY };

struct again {
    const struct house *house; /* its settings are not looked at */
    struct dossier *dossier;   /* the subject as it was, and everybody who acts */
    const struct dossier *known; /* of others, what never changes (lent.h) */
    const GPtrArray *told;     /* the event's difference of the subject: struct told */
    const struct event *ev;    /* without its reason, if that was forgotten: then by its state alone */
    int64_t subject_id, now;
    gboolean forgotten;
    /* What comes of it. */
    enum again_how how;
    enum state from;
    const struct transition *way; /* NULL: none of the table's, if it was judged */
    unsigned stopped;             /* by blocks */
    GByteArray *decided;          /* wholly: the difference; NULL: they change nothing */
    GError *refusal;              /* wholly: they say no */
};

/* Before the subject's difference is folded; the dossier is as it was afterwards. */
void again_judge(struct again *again);

/* Once it is folded: whether the way of the table leads to where the subject is; *to gets that. */
gboolean again_leads(const struct again *again, enum state *to);

void again_clear(struct again *again);
