/* SPDX-License-Identifier: MIT
 *
 * The floors the benches work on: so many orders of the past, made once a run and copied for each use, and as
 * many open ones as a bench asks for.
 */
#pragma once

#include "tests/support/floor.h"

struct bench_floor {
    struct testdb test;
    struct floor *floor;
    int64_t orders;
    GArray *products; /* int64_t, each in a bin of its own */
};

/* Calls fn with every engine that can be had and every size asked for by PACKLINE_BENCH_ORDERS (10000 alone when it is
 * unset). bench_has() says on standard output what can't be had. */
void bench_each(void (*fn)(enum db_engine engine, int64_t orders));
gboolean bench_has(enum db_engine engine);

/* A copy of the floor with so many orders of the past, opened. That past is copied, and its history does not lead to it: 0
 * is a floor whose history can be folded again. */
struct bench_floor *bench_floor_open(enum db_engine engine, int64_t orders);
void bench_floor_free(struct bench_floor *bench);

/* Closes its connection for a while: nobody takes one through fork(). */
void bench_pause(struct bench_floor *bench);
void bench_resume(struct bench_floor *bench);

/* A copy of its database as it stands (nobody may be writing). Returns the URL; give it to bench_drop() in
 * the end. */
char *bench_copy(struct bench_floor *bench);
void bench_drop(char *url);

/* Adds count paid orders of so many lines, one piece each, and the stock for them. ids gets the shipments, in
 * state new. */
void bench_orders(struct bench_floor *bench, const char *prefix, int count, int lines, int64_t *ids);
/* Releases them, in one call. */
void bench_release(struct bench_floor *bench, const int64_t *ids, int count);
