/* SPDX-License-Identifier: MIT
 *
 * A row of the transition tables, and how judge.c finds it. The tables stand in flow.c.
 */
#pragma once

#include "core/flow/decision.h"
#include "core/people/role.h"

struct transition {
    enum machine machine;
    uint64_t from;
    enum event_kind event;
    unsigned stopped_by; /* blocks */
    decision_step guard, effect;
    uint64_t to; /* SAME, one state, or several of which the effect chooses */
};

/* The row for a pair, NULL when the table does not list it. */
const struct transition *flow_find(enum machine machine, enum state from, enum event_kind event);

/* What an event is for, and its state; NULL: it is not here (yet), or the event is for nothing. */
const struct row *flow_subject(const struct dossier *dossier, const struct event *ev, enum state *state);

/* The n-th row, machine by machine; NULL past the last. */
const struct transition *flow_transition(size_t n);

/* The first state of a set. */
enum state flow_lowest(uint64_t set);

enum permission flow_permission(enum event_kind kind);
