/* SPDX-License-Identifier: MIT
 *
 * Inside of the world: who works there, and what they can lay their hands on.
 */
#pragma once

#include "core/sim/world.h"

struct worker {
    const struct part *part;
    struct chance chance;
    struct actor actor;
    int64_t shipment_id; /* what they are at; 0: nothing */
};

/* What somebody does when their turn comes. */
struct part {
    const char *name;
    enum role role;
    int count, weight; /* so many of them; how often their turn comes */
    void (*act)(struct world *world, struct worker *worker);
};

struct product_of {
    int64_t id;
    int64_t lots[4]; /* the newest; 0s: it has none */
    int64_t bins[3];
    int keep; /* so many are kept in stock */
};

enum { PRODUCTS = 24, TOTES = 120, RECIPIENTS = 24, LIVE = 240, PRINTERS = 3 };

struct world {
    struct world_options options;
    struct world_counts counts;
    struct memory *memory;
    struct invariants *invariants;
    struct chance chance;
    GArray *workers;            /* struct worker */
    GArray *live, *ended;       /* int64_t shipments; struct ending, oldest first */
    GArray *jobs;               /* int64_t, not at their end */
    GArray *batches, *runs;     /* int64_t, open */
    struct product_of products[PRODUCTS];
    int64_t totes[TOTES], recipients[RECIPIENTS], printers[PRINTERS];
    int64_t hct_range, tcat_list, tcat_cod_list, kerry_range;
    int64_t next_order, next_number, next_lot;
    GString *said;
};

struct ending {
    int64_t shipment_id, at; /* counted in events */
};

/* Applies an event of the worker's and counts what came of it. */
struct outcome world_do(struct world *world, const struct worker *worker, struct event event);

/* One of a list of ids; 0: it is empty. */
int64_t world_one_of(struct chance *chance, const GArray *ids);

/* A shipment in work in one of the states (1 << state); NULL: none was found in a few tries. */
const struct shipment *world_find(struct world *world, struct chance *chance, uint64_t states);

/* world_goods.c: what comes in */
void world_open(struct world *world);
void world_shop(struct world *world, struct worker *worker);
void world_stock(struct world *world, struct worker *worker);
void world_manager(struct world *world, struct worker *worker);

/* world_people.c: those who do as they should, nearly always */
void world_picker(struct world *world, struct worker *worker);
void world_packer(struct world *world, struct worker *worker);
void world_dock(struct world *world, struct worker *worker);
void world_lead(struct world *world, struct worker *worker);
void world_worker(struct world *world, struct worker *worker);

/* world_wrong.c: any event with any arguments */
void world_stranger(struct world *world, struct worker *worker);
