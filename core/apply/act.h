/* SPDX-License-Identifier: MIT
 *
 * An act under way: one transaction's dossier and its part of the journal. Begun, judged, settled event by event, stored.
 */
#pragma once

#include "core/flow/decision.h"
#include "core/site/journal.h"
#include "core/site/site.h"

struct act {
    struct site *site;
    struct house house;
    int64_t now;
    struct journal journal;
    struct dossier *dossier; /* owned */
    /* Of the event under way: what else moved (struct fired), what follows (struct event), what became of each subject, what it
     * was asked. */
    GArray *fired, *follows, *changes;
    GByteArray *asked, *sealed; /* sealed: of its row */
};

/* Takes the dossier; what the act had before is freed. The journal begins here: at the start of the transaction's function. */
void act_begin(struct act *act, struct dossier *dossier);
void act_clear(struct act *act);

struct decision act_decision(struct act *act, const struct event *ev);

/* As decision_judge(); what a refusal has changed is forgotten. */
gboolean act_judge(struct act *act, struct decision *d, GError **refusal);

/* Whether a journal row of a machine seals what the event changed of the row's subject: of a shipment's parts none does, of a
 * print job that of an event for jobs. */
gboolean journal_carries(enum machine machine, enum machine of_event);

/* Writes the event and its journal, done or refused, and says what came of it. */
gboolean act_settle(struct act *act, struct decision *d, const GError *refusal, struct outcome *out, GError **error);

/* Judges and settles an event on what the dossier has. Where rules refuse it, or miss a part, that is an error. */
gboolean act_event(struct act *act, const struct event *ev, struct outcome *out, GError **error);

/* Writes what became different; and after the commit: that is what the database has. */
gboolean act_store(struct act *act, GError **error);
void act_done(struct act *act);
