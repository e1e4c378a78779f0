/* SPDX-License-Identifier: MIT
 *
 * A floor in memory: people, places, goods and orders as rows of one dossier that has every part, beside a house whose
 * clock stands where it is put. Events are judged by the rules themselves; there is no database, and nothing is stored. What a
 * load would know besides the stored columns (names, whose a waybill is) is kept up to date here.
 */
#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/flow/decision.h"
#include "core/sim/sums.h"
#include "core/sim/tape.h"

struct memory {
    struct dossier *dossier;
    struct house house;
    struct memory_clock {
        struct clock clock;
        int64_t now_utc_ms;
    } clock;
    struct id_source ids;
    struct courier_list *couriers;
    struct actor as[ROLE_COUNT]; /* one of each role, at no station */
    struct sums *places;         /* {product, lot, location}: what the moves of goods add up to inside the house */
    struct sums *held;           /* {shipment, product, lot, location}: of that, what lies in totes and at benches */
    GHashTable *gone;            /* "courier number" of waybills that were dropped -> int64_t, the shipment's */
    GArray *fired, *follows;
    gboolean is_marked, is_following;
    struct tape *tape; /* borrowed; NULL: nobody writes along */
    GArray *said;      /* what it has to be told */

    /* Looks at what an event has done while the dossier still knows how it was. Both may be NULL. */
    void (*look)(struct memory *memory, const struct decision *d, void *data);
    void *look_data;
    /* For tests that prove that a look finds something: changes what was decided. */
    void (*spoil)(struct memory *memory, const struct decision *d);
};

/* With its people, benches and the couriers of the assets; no goods, bins, printers or numbers yet. */
struct memory *memory_new(GError **error);
struct memory *memory_new_taped(struct tape *tape, GError **error); /* NULL: nobody writes along */
void memory_free(struct memory *memory);
DEFINE_AUTOPTR(memory, memory_free)

int64_t memory_person(struct memory *memory, enum role role, const char *name);
int64_t memory_place(struct memory *memory, const char *kind, const char *code, int64_t walk_order); /* "bin", "tote" */
int64_t memory_printer(struct memory *memory, int64_t backup_id);
void memory_power(struct memory *memory, int64_t printer_id, gboolean active); /* on or off */
int64_t memory_station(struct memory *memory, int64_t printer_id, int64_t backup_printer_id);
int64_t memory_product(struct memory *memory, const char *sku, gboolean has_lots);
int64_t memory_lot(struct memory *memory, int64_t product_id, const char *code, int64_t expires_on);
int64_t memory_recipient(struct memory *memory, const char *name, const char *postcode, const char *store_code);
void memory_set(struct memory *memory, const char *setting, const char *value);

/* A range of serials, all in its prefix and width, or a list: then its numbers follow. */
int64_t memory_range(struct memory *memory, const char *courier, const char *prefix, int64_t width, int64_t first,
                     int64_t last);
int64_t memory_list(struct memory *memory, const char *courier, const char *kind);
void memory_number(struct memory *memory, int64_t list_id, const char *number);

/* An order and its one shipment, in state new. */
struct memory_item {
    int64_t product_id, quantity;
    gboolean unmapped; /* nobody knows yet which product it is: no line */
};
struct memory_order {
    const char *order, *number; /* the shop's; a waybill number that came with it, or "" */
    const char *courier, *service;
    int64_t recipient_id, cod_minor, cut_off_at;
    const struct memory_item *items;
    size_t count;
    unsigned blocks;
};
int64_t memory_order(struct memory *memory, const struct memory_order *order);
/* The same in two steps: the order, and the event that makes its shipment; what it is called, once it is made. */
struct event memory_birth(struct memory *memory, const struct memory_order *order);
void memory_call(struct memory *memory, int64_t shipment_id, const struct memory_order *order);
/* The waybill number that came with it, later than it. */
void memory_bring(struct memory *memory, int64_t shipment_id, const char *number);
/* All that was not mapped turns out to be a product: EV_FILL will make its lines. */
void memory_map(struct memory *memory, int64_t shipment_id, int64_t product_id);

/* A finished shipment with all that is its own leaves the memory. */
void memory_drop(struct memory *memory, int64_t shipment_id);

/* Judges an event and, when it is done, leaves it so. A key of 0 gets a new one. */
struct outcome memory_apply(struct memory *memory, struct event event);

/* A place in its history, to go back to. From the first on nothing counts as stored. */
struct memory_mark {
    struct dossier_mark dossier;
    struct id_source ids;
    int64_t now_utc_ms;
};
struct memory_mark memory_mark(struct memory *memory);
void memory_back(struct memory *memory, const struct memory_mark *mark);

/* --- what rows of the dossier are to each other -------------------------------------------------------------- */

gboolean memory_is_outside(const struct memory *memory, int64_t location_id);
const struct stock *memory_stock(const struct memory *memory, int64_t product_id, int64_t location_id, int64_t lot_id);
