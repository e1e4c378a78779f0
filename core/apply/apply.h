/* SPDX-License-Identifier: MIT
 *
 * core/apply: events, done.
 *
 * The rules of core/flow decide in memory; here what they need is locked and loaded, and what they decided is stored with the
 * events, the journal and the ledger, in one transaction.
 *
 * An event's key is its id, made when the scan is read (flow_key()) and kept through every retry: the same key again gives
 * the first outcome and changes nothing.
 */
#pragma once

#include "core/flow/flow.h"

struct dossier;
struct site;

/* A new event key. */
int64_t flow_key(struct site *site);

/* Applies n events in their order, each whole or not at all; one transaction for n = 1, chunks that hold the lock a few
 * milliseconds for more. Outcomes are written to outcomes[n]. One of many that the database does not take is answered with its
 * error, and stops no other. FALSE with *error when the database could not be used: then no outcome is to be believed, and the
 * same events may be sent again with the same keys. */
gboolean flow_apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes, GError **error);

/* The same of a list. When it takes more than one transaction it is written down first: if this program dies half-way, the rest
 * is found and done (agenda.h). led: when the first event is not done, the others get its outcome, and are not asked. progress
 * (NULL: nobody) hears of each transaction. */
struct flow_list {
    const struct event *events;
    size_t n;
    struct outcome *outcomes;
    gboolean led;
    void (*progress)(size_t done, size_t of, void *data);
    void *data;
};
gboolean flow_apply_list(struct site *site, const struct flow_list *list, GError **error);

/* One more transaction of an act that nobody is at any more. 1: done; 0: there is none; -1 failed. */
int flow_finish(struct site *site, GError **error);

/* An act: an event, and the one that comes of it where the rules say so (decision_leads_to()), in one transaction. *both:
 * it did, and outcomes[1] is what became of it, which may be a refusal: the first event is done all the same. */
gboolean flow_apply_act(struct site *site, const struct event events[2], struct outcome outcomes[2], gboolean *both,
                        GError **error);

/* --- the dossier of open work, kept between events (kept.h) ------------------------------------------------ */

/* Loads what the next event of that kind is judged by, and keeps it: of its shipment, or of all that are to be picked of its
 * batch. Inside of a snapshot. */
gboolean flow_open(struct site *site, const struct event *next, GError **error);

/* Whether an event of that kind leaves a dossier behind with all that packing is judged by. */
gboolean flow_keeps(enum event_kind kind);

/* What is kept of a shipment, as it was stored or loaded last; NULL: nothing. Borrowed until the next event. */
const struct dossier *flow_opened(const struct site *site, int64_t shipment_id);

/* Whether what is kept has all of a batch that is to be picked. */
gboolean flow_opened_batch(const struct site *site, int64_t batch_id);

/* The outcome committed under a key. 1 found, 0 none (it was never applied), -1 failed. */
int flow_outcome(struct site *site, int64_t key, struct outcome *outcome, GError **error);
