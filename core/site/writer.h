/* SPDX-License-Identifier: MIT
 *
 * The writer slot: who writes. Its number stands in the ids a site makes, its row carries the head of the site's journal
 * chain.
 */
#ifndef CORE_SITE_WRITER_H
#define CORE_SITE_WRITER_H

#include <glib.h>
#include <stdint.h>

struct site;

enum { SITE_HASH_BYTES = 32 };

/* The head of this writer's journal chain as last committed. */
struct writer {
    int slot;
    int64_t sequence;
    unsigned char head[SITE_HASH_BYTES];
    char *holder; /* unique to this open site */
};

/* Takes a slot for the site, under its name. */
gboolean writer_claim(struct site *site, GError **error);

/* Gives it back. */
void writer_release(struct site *site);

/* Shuts out the writers that held this one's name before: what they were committing when they were killed is committed
 * when this returns, or never will be. A server may still be at the last COMMIT of a client that is gone. */
gboolean writer_fence(struct site *site, GError **error);

#endif
