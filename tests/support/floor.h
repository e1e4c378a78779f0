/* SPDX-License-Identifier: MIT
 *
 * A small floor to test on: one warehouse, a shop, people, a printer, a range, and as many products, bins and orders as a
 * test asks for. Everything that can be done by an event is done by one; only what an import writes is inserted.
 */
#pragma once

#include "core/flow/flow.h"
#include "core/site/site.h"
#include "tests/support/testdb.h"

struct floor {
    gboolean by_hand; /* the test has written into derived rows itself: its history does not lead to them */
    struct testdb *test; /* borrowed */
    struct site *site;
    int64_t shop_id, printer_id;
    struct actor picker, packer, dock, lead, system;
    gboolean tampered;
};

/* Creates the first rows when the database is empty; a second floor on the same test is a second station. */
struct floor *floor_open(struct testdb *test, const char *writer);
/* A submission for the job's printer is begun; and the job claimed for it. Returns its id. */
int64_t floor_submission(struct floor *floor, int64_t job_id);
int64_t floor_claim(struct floor *floor, int64_t job_id);
/* The word of the submission that has the job. */
void floor_of_job(struct floor *floor, enum event_kind kind, int64_t job_id, int64_t submission_id);
/* Every queued job is printed, as a worker does. */
void floor_print_all(struct floor *floor);
void floor_print(struct floor *floor, int64_t shipment_id); /* those of one shipment */

/* The late worker prints what waits, and the invariants of check.h must hold then, unless the test wrote behind the flow's
 * back (tampered). */
void floor_close(struct floor *floor);

/* A statement deletes some of its history, with the guards away: it is tampered with. */
void floor_forget(struct floor *floor, const char *sql);

/* What a test wrote of what is said, behind the program's back, counts as said from here on; floor_close() does it. */
void floor_say(struct floor *floor);

int64_t floor_product(struct floor *floor, const char *sku, const char *code);
int64_t floor_product_with_lots(struct floor *floor, const char *sku, const char *code);
int64_t floor_lot(struct floor *floor, int64_t product_id, const char *code, int expires_on);
int64_t floor_bin(struct floor *floor, const char *code, int walk_order);
int64_t floor_tote(struct floor *floor, const char *code);
void floor_receive(struct floor *floor, int64_t product_id, int64_t lot_id, int64_t bin_id, int64_t quantity);

/* A paid order of one shipment in state new; items is sku, quantity, sku, quantity, ..., NULL. Returns the shipment. */
struct floor_item {
    const char *sku;
    int quantity;
};
int64_t floor_order(struct floor *floor, const char *number, const char *courier, const struct floor_item *items, size_t n);
#define FLOOR_ITEMS(...)                                                                                               \
    (const struct floor_item[]){__VA_ARGS__}, (sizeof((const struct floor_item[]){__VA_ARGS__}) / sizeof(struct floor_item))

/* Applies one event; fills the key. The outcome of a refused one is returned, a failure ends the test. */
struct outcome floor_apply(struct floor *floor, struct event event);
/* The same, and it must be done (or refused with the code). */
struct outcome floor_do(struct floor *floor, struct event event);
void floor_refused(struct floor *floor, struct event event, enum err code);

/* Drives a shipment by events, as a person would: released, picked, packed and closed, labelled. */
void floor_release(struct floor *floor, int64_t shipment_id);
void floor_pick_all(struct floor *floor, int64_t shipment_id);
void floor_pack_all(struct floor *floor, int64_t shipment_id);
void floor_apply_label(struct floor *floor, int64_t shipment_id);
/* The event that scans its (one) parcel out, on the courier's open manifest. */
struct event floor_out(struct floor *floor, int64_t shipment_id);
/* A new one goes all that way, until it is outbound. */
void floor_send(struct floor *floor, int64_t shipment_id);

/* A statement made by a test, kept to its end. */
const struct sql *floor_sql(const char *text);

/* One number, one text, by a statement with at most one parameter $1; 0 where there is no row. */
int64_t floor_int(struct floor *floor, const char *sql, int64_t arg);
char *floor_text(struct floor *floor, const char *sql, int64_t arg);
/* The units of the shipment that were counted into its boxes. */
int64_t floor_packed(struct floor *floor, int64_t shipment_id);
/* The shipments that are held. */
int64_t floor_held(struct floor *floor);
/* Asserts the shipment's state. */
void floor_is(struct floor *floor, int64_t shipment_id, enum state state);
