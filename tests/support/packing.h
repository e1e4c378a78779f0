/* SPDX-License-Identifier: MIT
 *
 * A packer who remembers: at a headless station of his own he counts the units of one very large order, each scan under a
 * key of its own, and notes which were given and which were acknowledged. Whatever ended the station, what was acknowledged
 * is in the database, or it is lost.
 */
#pragma once

#include "tests/support/floor.h"
#include "tests/support/headless.h"

struct packing {
    char station[24], order[24];
    int64_t next_key;
    GArray *given, *acked; /* keys, in their order */
    GQueue waiting;        /* those given at this start of the station that are not answered yet */
    struct headless *headless; /* NULL: it is not running */
};

/* Whoever packs can log in, and each has a station and an order that is ready to be packed. */
void packing_prepare(struct floor *floor, struct packing *all, int n);
void packing_free(struct packing *packing);

/* Starts the station, under another program where one is named (headless_start_under()), logs in and opens the order
 * without waiting for the answers. */
void packing_start(struct packing *packing, const char *url, const char *const *wrapper);

/* Gives a scan, without waiting. FALSE when the station is gone. */
gboolean packing_give(struct packing *packing);

/* What became of the line that was given first. */
enum packing_said {
    PACKING_OK,     /* and it is noted as acknowledged */
    PACKING_ERROR,  /* "error": its outcome is unknown */
    PACKING_NO,     /* another answer, told on standard error */
    PACKING_GONE,   /* the station has ended */
    PACKING_SILENT  /* nothing came in the time it has for it */
};
enum packing_said packing_hear(struct packing *packing);

/* The login and the order are acknowledged. */
gboolean packing_is_open(struct packing *packing);

/* The same step by step, as a gateway does it that waits for each answer: the login and the order; one more unit; and a key that
 * was given before. A line that is answered "error" is given again under its key, so many times at most. */
void packing_launch(struct packing *packing, const char *url, const char *const *wrapper); /* gives nothing yet */
enum packing_said packing_insist_open(struct packing *packing, int times);
enum packing_said packing_insist(struct packing *packing, int times);
enum packing_said packing_insist_on(struct packing *packing, int64_t key, int times);

/* Ends its input and waits for it to end. */
void packing_end(struct packing *packing);

gboolean packing_has_acked(const struct packing *packing, int64_t key);

/* kill -9. What it had still acknowledged is noted; FALSE when something else than "ok" was among it. */
gboolean packing_kill(struct packing *packing);

/* How many of these keys no event has. */
int64_t packing_missing(struct floor *floor, const GArray *keys);
