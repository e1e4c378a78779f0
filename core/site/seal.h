/* SPDX-License-Identifier: MIT
 *
 * The daily seal: once a civil day the heads of all writers' journal chains are hashed together with the seal
 * before. Who rewrites history with all its hashes would have to rewrite every seal since, and whoever noted
 * one elsewhere sees it.
 *
 * heads = "SLOT:SEQUENCE:HEX;" of every writer with rows, by slot; hash = BLAKE2b-256(hash of the seal before
 * || heads).
 */
#pragma once

#include <glib.h>
#include <stddef.h>

#include "core/site/site.h"

/* Seals today unless that is done. A transaction of its own. */
gboolean seal_today(struct site *site, GError **error);

/* hash of a seal after the one with hash before (zeros for the first). */
void seal_hash(const unsigned char before[static SITE_HASH_BYTES], const char *heads,
               unsigned char hash[static SITE_HASH_BYTES]);
