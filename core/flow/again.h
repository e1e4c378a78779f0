/* SPDX-License-Identifier: MIT
 *
 * An event of the past judged again, by what its subject's history has made of the subject until then. Pure.
 *
 * Wholly, where rules look at nothing but the subject's own rows: block, unblock, assign, skip, split, pack and unpack
 * of products without lots, reopen, changes by the shop; what becomes of a print job, but its claim, a retry and an answer
 * that brings a copy; the start of a batch, the end of a manifest, all of a print run but its making. They must leave the subject as the history has
 * it.
 *
 * By its state, where they look further, at stock, totes, numbers, printers, other members of a batch, settings: the
 * table must have a row for the event, no block may have stopped it, and the row must lead to the state that the subject
 * has then. And what had a reason that is forgotten.
 *
 * Not at all: goods, documents, notes, and what an event has changed besides its own subject.
 */
#pragma once

#include "core/flow/decision.h"

struct transition;

enum again_how { AGAIN_NOT, AGAIN_BY_STATE, AGAIN_WHOLLY };

struct again {
    const struct house *house; /* its settings and its zone are those of then, or nobody may ask for them */
    struct dossier *dossier;   /* the subject as it was, and everybody who acts */
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
