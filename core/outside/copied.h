/* SPDX-License-Identifier: MIT
 *
 * What a copy takes over from the floor: what others said, as it is said today, as far as it was born by then; and what was
 * done, event by event. What rules computed is folded of that (replay.c), and what is only now is left behind.
 */
#pragma once

#include "core/outside/cut.h"

struct copied {
    const struct cut *cut;
    int64_t until_utc_ms;
    gboolean with_recipients; /* else no name, phone and address of theirs, and nothing that people have typed */
    void (*on_rows)(guint64 rows, void *data); /* so many more were looked at */
    void *data;
};

/* From a snapshot, into a transaction on a database without rows that takes them in any order (core/db/part.h). */
gboolean copied_bring(struct db *from, struct db *to, const struct copied *copied, GError **error);
