/* SPDX-License-Identifier: MIT
 *
 * core/act: several events, by names people say.
 *
 * Events done for somebody who is not at a bench: commands, rules and imports. The floor's no is an error here, with the
 * code and the words of the refusal (err_is_refusal()).
 */
#pragma once

#include "core/apply/apply.h"

/* One event; it gets a key unless it has one. outcome may be NULL; on a refusal it is filled as well. */
gboolean flow_do(struct site *site, struct event event, struct outcome *outcome, GError **error);

/* An outcome's refusal as an error: FALSE; TRUE when there is none. */
gboolean outcome_check(const struct outcome *outcome, GError **error);

/* What became of many. Zeroed by who has it; more calls add up. */
struct flow_tally {
    size_t done, refused;
    struct outcome first; /* the first that was refused */
};

/* Sees each event with what became of it, in order. FALSE with *error ends it: the events stay done. */
typedef gboolean (*flow_each)(const struct event *event, const struct outcome *outcome, void *data, GError **error);

/* Applies events (of struct event) in order by flow_apply(), each with a key unless it has one, and by the actor unless it
 * has one. Takes the list, NULL too (one that could not be made, whose *error is set already). A refusal is no error here.
 * each and tally may be NULL. */
gboolean flow_do_all(struct site *site, struct actor actor, GArray *events, flow_each each, void *data,
                     struct flow_tally *tally, GError **error);

/* How a list is done. Zeroed: as flow_do_all() does it, seen by nobody. */
struct flow_way {
    flow_each each;
    void *data; /* of each, and of progress */
    gboolean led;
    void (*progress)(size_t done, size_t of, void *data); /* as in struct flow_list */
};
gboolean flow_do_list(struct site *site, struct actor actor, GArray *events, const struct flow_way *way,
                      struct flow_tally *tally, GError **error);

/* Finishes what acts that died half-way have left. */
gboolean flow_finish_all(struct site *site, GError **error);

/* One event a shipment, all alike. */
GArray *flow_events(struct event like, const int64_t *shipment_ids, size_t n);
