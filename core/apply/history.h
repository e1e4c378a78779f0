/* SPDX-License-Identifier: MIT
 *
 * The history of all subjects folded again, in bounded memory: the differences that events left are read page by page, each
 * subject's from its first version on, and given away some hundred subjects at a time.
 */
#pragma once

#include "core/flow/dossier.h"

struct db;

struct history {
    /* Subjects as their last differences left them, by their ids; own is freed afterwards. */
    gboolean (*subjects)(const struct dossier *own, const GArray *ids, void *data, GError **error);
    /* A version that is not there, or whose difference can't be read. */
    void (*fault)(int64_t subject_id, int64_t version, const char *what, void *data);
    void *data;
};

/* shared gets what is nobody's: sums over all differences. */
gboolean history_fold(struct db *db, const struct history *history, struct dossier *shared, GError **error);
