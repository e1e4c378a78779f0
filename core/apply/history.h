/* SPDX-License-Identifier: MIT
 *
 * The history of all subjects folded again, in bounded memory: the differences that events left are read page by page, each
 * subject's from its first version on, and given away some hundred subjects at a time.
 */
#pragma once

#include "core/flow/difference.h"

struct db;

/* What an event left of a subject. */
struct version {
    int64_t subject_id, version, key;
    GBytes *content;    /* what changed */
    char *reason;       /* the event's; "": none */
    gboolean forgotten; /* it had one */
};

/* A subject of which a digest is all that is kept. */
struct standing {
    int64_t subject_id, version;
    guint8 digest[DIFFERENCE_DIGEST];
};

struct history {
    /* Subjects as their last differences left them, by their ids; own is freed afterwards. */
    gboolean (*subjects)(const struct dossier *own, const GArray *ids, void *data, GError **error);
    /* A version that is not there, or whose difference can't be read. */
    void (*fault)(int64_t subject_id, int64_t version, const char *what, void *data);
    void *data;
    /* Who looks at each version while it is folded; both or none. First the subjects of which some versions come next; then
     * one after the other, and it is folded there (difference_fold()), whose FALSE is returned. */
    gboolean (*coming)(const GArray *ids, void *data, GError **error);
    gboolean (*version)(const struct fold *fold, const struct version *version, void *data);
    /* Subjects that were over when their history began, and have none since: some hundred struct standing. NULL: nobody asks. */
    gboolean (*standing)(const GArray *standing, void *data, GError **error);
};

/* shared gets what is nobody's: sums over all differences. */
gboolean history_fold(struct db *db, const struct history *history, struct dossier *shared, GError **error);
