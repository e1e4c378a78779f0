/* SPDX-License-Identifier: MIT
 *
 * How far a shipment is, by its dossier: what rules ask, and what people are shown of it, without a row in their hands.
 */
#pragma once

#include "core/flow/flow.h"

struct dossier;

/* Units that are still to be counted: what a split goes on without is not. */
int64_t progress_to_pack(const struct dossier *dossier, int64_t shipment_id);

/* Units in its open boxes. */
int64_t progress_in_box(const struct dossier *dossier, int64_t shipment_id);

/* Its open blocks, as bits of enum block. */
unsigned progress_blocks(const struct dossier *dossier, int64_t shipment_id);

/* Texts are the dossier's. */
struct progress {
    int64_t version, batch_id, person_id, recipient_id, cod_minor, cut_off_at, slot;
    enum state state;
    unsigned blocks;
    int64_t to_pack, in_box;
    int64_t boxes;       /* closed, without their label */
    gboolean paper_owed; /* of one of those no waybill was ever asked for: there was no printer */
    const char *courier, *service, *currency;
    const char *tote;    /* the one it had first; "": none */
    const char *waybill; /* to be stuck on next: of the closed box, else of the open one; "": none */
};

/* FALSE: the shipment is not here. */
gboolean progress_read(const struct dossier *dossier, int64_t shipment_id, struct progress *progress);

struct progress_line {
    int64_t product_id, quantity, picked, packed;
};

/* FALSE: the line is not here, or cancelled. */
gboolean progress_line(const struct dossier *dossier, int64_t line_id, struct progress_line *line);

/* Whether a pick line is open: 1, 0; -1: it is not here. */
int progress_task_open(const struct dossier *dossier, int64_t task_id);

/* Why a waybill is void: in a person's words, or by the rules' own word, which is put into the reader's language. */
#define VOID_CANCELLED N_("cancelled")
const char *progress_void_word(const char *reason);

/* The waybill of that number that one of the shipment's closed boxes waits for; 0: none does. */
int64_t progress_awaits(const struct dossier *dossier, int64_t shipment_id, const char *number);
