/* SPDX-License-Identifier: MIT
 *
 * Where backups lie, and which of them are one floor's: packline-CODE-FLOOR-20261122T033000Z.db, where CODE is the
 * warehouse's for people and FLOOR its id. A directory that somebody else may write is refused, so that what is at a name is
 * ours; links are never followed. A backup is written under another name first, and gets its own when it was looked at.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"

struct backup_place;

/* Makes the directory (0700) when it is missing. suffix is ".db" or ".dump". What a backup that died has left is taken away.
 * NULL with *error: ERR_BACKUP_DIR, ERR_BACKUP_RUNS when another is at it. */
struct backup_place *backup_place_open(const char *dir, const char *warehouse_code, int64_t warehouse_id, const char *suffix,
                                       GError **error);
void backup_place_free(struct backup_place *place);
DEFINE_AUTOPTR(backup_place, backup_place_free)

/* What the names of a floor's backups match, for g_pattern_match_simple(). Caller frees. */
char *backup_place_pattern(int64_t warehouse_id);

/* Where it is to be written, a name that nothing has yet. Borrowed. */
const char *backup_place_part(const struct backup_place *place);

/* The part is whole: its mode becomes 0600, it is synced and gets its name, which is returned with its directory; caller frees.
 * NULL with *error. */
char *backup_place_keep(const struct backup_place *place, int64_t at_utc_ms, GError **error);

/* Takes the part away, if there is one. */
void backup_place_drop(const struct backup_place *place);

/* Takes away the oldest of this floor but for `keep`, and never the one that is named. Returns how many went. */
guint backup_place_thin(const struct backup_place *place, guint keep, const char *but);
