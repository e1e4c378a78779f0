/* SPDX-License-Identifier: MIT
 *
 * A shipment as those who work on it see it, in one statement: a station judges a scan by it, words its answer by it,
 * and the screens draw it.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/flow/flow.h"

struct db;

struct shipment_facts {
    int64_t id, version, batch_id, person_id, cod_minor, cut_off_at;
    int slot;
    enum state state;
    int64_t blocks;         /* open ones: bits of enum block */
    int64_t to_pack, in_box; /* units still to be counted, and in the open box */
    int64_t boxes;          /* closed, without their label */
    char order[72], shop[48], batch[32], courier[32], service[48], currency[8], tote[40];
    char recipient[256], address[256], store[160]; /* for who packs; address is county and district */
    char buyer_note[512], seller_remark[512];
    char waybill[72]; /* to be stuck on next: of the closed box, else of the open one */
};

/* 1 found, 0 there is none, -1 failed. */
int shipment_facts_load(struct db *db, int64_t shipment_id, struct shipment_facts *facts, GError **error);

/* The open blocks that stop its packing, or its label where the box is closed. */
int64_t shipment_stopped_by(const struct shipment_facts *facts);
