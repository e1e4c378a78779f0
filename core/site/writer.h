/* SPDX-License-Identifier: MIT
 *
 * The writer slot: who writes. Its number stands in the ids a site makes, its row carries the head of the site's
 * journal chain; who takes a slot goes on with both where its last holder stopped. It is held for as long as its holder
 * lives (writer_slot.h). Who lost it all the same, because another took it, finds another holder in the row at its next
 * event (ERR_WRITER_LOST), of which nothing is kept.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/db/db.h"

struct actor;
struct site;

enum { SITE_HASH_BYTES = 32, JOURNAL_JUDGES = 64 };

/* The head of this writer's journal chain as last committed, and as it was last known to be on the disk; and the key of its
 * rows since the last seal, with the code of them (journal_key.h). */
struct writer {
    int slot;
    int64_t sequence, synced;
    unsigned char head[SITE_HASH_BYTES], synced_head[SITE_HASH_BYTES];
    int64_t epoch; /* of the key; 0: there is none, and no code is made */
    unsigned char key[SITE_HASH_BYTES], mac[SITE_HASH_BYTES];
    char judges[JOURNAL_JUDGES]; /* by which rules and couriers its chain last said that events are judged */
    char *holder; /* unique to this claim; NULL before the first */
};

/* Takes a slot for the site, under its name, in place of the one it had. The newest station of a name shuts out those
 * before it; one that was shut out and claims anew while the newer lives gets ERR_WRITER_FENCED. */
gboolean writer_claim(struct site *site, GError **error);

/* After a transaction that failed. Above 0: another try may go well. WRITER_NEW: the slot is another's by now, or this site has
 * committed more than it was told (a link that was lost with the answer), and a new one is claimed. WRITER_NEW_KEY: a seal has
 * replaced the key, and nothing of it was committed. WRITER_SAME: slot, chain and key are as the site knows them.
 * WRITER_NONE: no other slot was to be had, *error says why. */
enum { WRITER_NONE = -1, WRITER_SAME, WRITER_NEW, WRITER_NEW_KEY };
int writer_recover(struct site *site, const GError *failure, GError **error);

/* A transaction in which the site writes. It is tried again with the new key when a seal has replaced the one it began with, and
 * nothing else was in its way; of any other failure the site recovers as above, and it is told: a lost slot as ERR_WRITER_LOST. */
gboolean writer_transaction(struct site *site, db_work work, void *data, GError **error);

/* After a seal of the site's own: the key of the epoch that begins with it. */
struct journal_key;
void writer_take_key(struct site *site, const struct journal_key *key);

/* Gives it back. */
void writer_release(struct site *site);

/* Shuts out the writers that held this one's name before: what they were committing when they were killed is committed
 * when this returns, or never will be. A server may still be at the last COMMIT of a client that is gone. */
gboolean writer_fence(struct site *site, GError **error);

/* Takes the slots from a holder, whether it lives or not: by the slot's number, or by a name ("bench-1", "import"). A
 * program that lives claims another one at its next event. Journalled. ERR_WRITER_UNKNOWN when nobody holds it. */
gboolean writer_free(struct site *site, const struct actor *by, const char *which, GError **error);
