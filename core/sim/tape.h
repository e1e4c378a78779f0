/* SPDX-License-Identifier: MIT
 *
 * What was said and asked in a memory, in order, with what came of it: to be played again on a database, where the same rows
 * have to come of it. A memory that is taped keeps all its rows.
 */
#pragma once

#include "core/flow/dossier.h"

enum tape_kind {
    TAPE_SAID,    /* row: a fact, a range, a list's free number; an order, as wanted rows and by its shipment's words */
    TAPE_SETTING, /* name, value */
    TAPE_EVENT    /* event, outcome */
};

struct tape_entry {
    enum tape_kind kind;
    int64_t at; /* the hour */
    struct row *row;
    int64_t of; /* the row's parent; the product of a lot */
    const char *name, *value;
    struct event event;
    struct outcome outcome;
};

struct tape {
    GArray *entries; /* struct tape_entry */
    GArray *moves;   /* struct goods_move */
    int64_t followed; /* events that came of others by themselves: no entries */
};

/* Texts are borrowed from the dossier and from whoever made the events. */
struct tape *tape_new(void);
void tape_free(struct tape *tape);
DEFINE_AUTOPTR(tape, tape_free)

void tape_said(struct tape *tape, int64_t at, const struct row *row, int64_t of);
void tape_setting(struct tape *tape, int64_t at, const char *name, const char *value);
void tape_event(struct tape *tape, int64_t at, const struct event *event, const struct outcome *outcome);
