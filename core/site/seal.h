/* SPDX-License-Identifier: MIT
 *
 * The daily seal: once a civil day the heads of all writers' journal chains are hashed together with the seal
 * before, and the journal's key is replaced by the next one (journal_key.h). Who rewrites history with all its hashes
 * would have to rewrite every seal since, for which the keys are gone; and whoever noted one elsewhere sees it
 * (seal_outside.h).
 *
 * heads = "SLOT:SEQUENCE:HEX;" of every writer with rows, by slot; hash = BLAKE2b-256(hash of the seal before
 * || heads). The first seal of a floor with a key closes what was written without one.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

#include "core/site/site.h"

/* Seals today unless that is done; that it is done is known without a query. A transaction of its own, after which the other
 * writers take the new key with their next event. Where the key's file can't be written the seal has none, and doctor says so. */
gboolean seal_today(struct site *site, GError **error);

/* hash of a seal after the one with hash before (zeros for the first). */
void seal_hash(const unsigned char before[static SITE_HASH_BYTES], const char *heads,
               unsigned char hash[static SITE_HASH_BYTES]);
