/* SPDX-License-Identifier: MIT
 *
 * Inside of the replay: events are judged again (core/flow/again.h) on what their subjects were, while their differences
 * are folded, and what rules of today say otherwise is named. Only those that were judged by today's rules and couriers'
 * files, as their chains say: others are folded and counted.
 */
#pragma once

#include "core/apply/history.h"
#include "core/check/check_table.h"
#include "core/flow/again.h"

struct judging {
    struct checker *checker;
    struct house house;
    struct courier_list *couriers;
    GTimeZone *zone; /* any: no lot is looked at, which alone ask for the day */
    char judges[JOURNAL_JUDGES]; /* of this program */
    GArray *said;                /* what chains say of theirs, in their order */
    GArray *people;
    struct dossier *known;       /* of others, what never changes: as far as the subjects that come next look at it */
    GHashTable *asked;           /* by key: the events of the subjects that come next */
    GStringChunk *texts;         /* of the event that is being judged */
    guint counts[AGAIN_WHOLLY + 1]; /* versions of subjects */
};

/* To be closed in any case. */
gboolean judging_open(struct judging *judging, struct checker *checker, GError **error);
void judging_close(struct judging *judging);

/* As struct history has them; and data is the judging. When it is closed it has told how much it judged. */
gboolean judging_coming(const GArray *ids, void *data, GError **error);
gboolean judging_version(const struct fold *fold, const struct version *version, void *data);

/* check_replay.c: names the stored rows that are not as they should be, each after what it is about. */
void compare_rows(struct checker *checker, const char *about, const struct dossier *is, const struct dossier *should);
