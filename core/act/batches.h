/* SPDX-License-Identifier: MIT
 *
 * What a shift lead does with batches: makes them of chosen orders or of the next ones of a courier, gives them to
 * people, takes them back, and sees how far they are. Everything that changes goes through flow_apply(). Times are UTC
 * ms. An act that the floor's rules refuse gives FALSE with the refusal's own error (err_exit() is EXIT_REFUSED).
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/apply/apply.h"
#include "core/site/actor.h"

struct site;

/* --- making --------------------------------------------------------------------------------------------- */

struct batch_wish {
    struct actor actor;
    const char *kind;    /* "single", "cluster", "bulk", "lane"; NULL: cluster, one tote a shipment */
    const char *courier; /* NULL or "": any, mixed */
    int64_t person_id;   /* whose it is from the start; 0: nobody's */
};

/* A shipment that did not get in, and why. */
struct batch_skip {
    int64_t shipment_id;
    char order[72];
    enum err code;
    char text[240];
};

struct batch_made {
    int64_t batch_id;
    char number[32];
    size_t joined;
    GArray *skipped; /* of struct batch_skip */
};

/* Makes a batch of shipments, in their order. Those that may not join are told in made->skipped; when none may, there is
 * no batch: FALSE with ERR_BATCH_EMPTY, and made->skipped says why. Release made with batch_made_clear() either way. */
gboolean batch_make(struct site *site, const struct batch_wish *wish, const int64_t *shipment_ids, size_t n,
                    struct batch_made *made, GError **error);
void batch_made_clear(struct batch_made *made);

/* The next n shipments that can be batched: ready, in no batch, with nobody, not stopped; by priority, then cut-off.
 * courier NULL or "": of all. Array of int64_t; caller frees. NULL with *error. */
GArray *batch_next(struct site *site, const char *courier, int64_t n, GError **error);

/* --- changing ------------------------------------------------------------------------------------------- */

/* Gives a batch to a person, 0: to nobody; its open shipments follow. Somebody else's batch is a lead's to move. */
gboolean batch_assign(struct site *site, struct actor actor, int64_t batch_id, int64_t person_id, GError **error);

/* What was not picked yet is ready again; what was goes on without a batch. */
gboolean batch_cancel(struct site *site, struct actor actor, int64_t batch_id, GError **error);

/* Takes one shipment out of a batch; ERR_BATCH_NOT_IN when it is not in it. */
gboolean batch_remove(struct site *site, struct actor actor, int64_t batch_id, int64_t shipment_id, GError **error);

/* Queues the batch's pick list, on the acting station's printer, or any when there is none. */
gboolean batch_print(struct site *site, struct actor actor, int64_t batch_id, int64_t printer_id, GError **error);

/* --- looking -------------------------------------------------------------------------------------------- */

struct batch_row {
    int64_t id;
    char number[32], kind[16], courier[32], owner[96];
    enum state state;
    int64_t owner_id, cut_off_at, made_at, started_at; /* 0: none, not yet */
    int64_t shipments, lines, lines_done;
    int64_t lines_per_hour;                            /* since it was started; 0: not known yet */
    int64_t expected_end_at;                           /* 0: not known yet */
};

/* Sets the last two for this moment; rows come with those of when they were read. */
void batch_estimate(struct batch_row *row, int64_t now_utc_ms);

/* Open batches (draft, ready, running), by cut-off, at most limit: array of struct batch_row. Reads nothing of batches that
 * are done. NULL with *error. */
GArray *batch_list(struct site *site, int64_t limit, GError **error);

/* One batch, in whatever state. 1 found, 0 none, -1 failed. */
int batch_load(struct site *site, int64_t batch_id, struct batch_row *row, GError **error);

/* By number as people say it, upper or lower case: ERR_BATCH_UNKNOWN when there is none. 0 with *error. */
int64_t batch_find(struct site *site, const char *number, GError **error);

/* Who is on what: everybody who may pick. */
struct batch_person {
    int64_t person_id;
    char badge[64], name[96], role[16];
    int64_t batches;          /* open ones of this person */
    char batch[32];           /* the first of them that is running, else the first */
    int64_t picking, packing; /* shipments in work, in a batch or not */
};
GArray *batch_people(struct site *site, GError **error); /* of struct batch_person, by name */
