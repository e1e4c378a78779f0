/* SPDX-License-Identifier: MIT
 *
 * What an event looked at besides its subject's own rows, lent to a dossier while it is judged again. Pure.
 *
 * Of others it is there as far as the event itself tells of it, by its difference and by what it was asked: there was as much
 * as it took, where it took it; the number it has was the next; the printer it chose was in use; its tote was free, its batch
 * in work, its manifest open, its submission being put together. What becomes of the subject by that is the rules' to say.
 * Of what never changes the house's own rows stand there (`known`): ranges, recipients, whose a manifest or a batch is.
 */
#pragma once

#include "core/flow/decision.h"

struct lending {
    const struct house *house;
    struct dossier *dossier;     /* of the subject; gets the rows, and owns the texts of what is told */
    const struct dossier *known; /* outlives the judging */
    const struct event *ev;
    int64_t subject_id;
    const GPtrArray *told; /* the event's difference: struct told */
    GArray *lent;          /* lent.c's; NULL at first */
};

/* Returns those of the parts that are there now. What it has done to rows of the dossier is undone by dossier_undo() and then
 * lend_back(). */
unsigned lend(struct lending *lending, unsigned parts);
void lend_back(struct lending *lending);

/* What a shipment holds in totes and at benches is the sum of what its differences have moved there: to be told of each of
 * them, once it is folded. One that began with the floor's history in the middle of its way holds nobody knows what. */
void lent_hold(struct dossier *dossier, int64_t shipment_id, int64_t key, const GPtrArray *told);
