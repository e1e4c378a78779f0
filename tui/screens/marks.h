/* SPDX-License-Identifier: MIT
 *
 * Marked shipments, and what is done with them: with the marked ones, or with the selected one when none is
 * marked.
 */
#ifndef TUI_SCREENS_MARKS_H
#define TUI_SCREENS_MARKS_H

#include "tui/app/screen.h"

struct marks {
    GArray *ids; /* of int64_t, in the order they were marked */
};

void marks_init(struct marks *marks);
void marks_release(struct marks *marks);
void marks_toggle(struct marks *marks, int64_t id);
gboolean marks_has(const struct marks *marks, int64_t id);

/* All of these become marked; when all of them were, none of them is. */
void marks_toggle_all(struct marks *marks, const int64_t *ids, int count);

enum marks_act { MARKS_RELEASE, MARKS_HOLD, MARKS_UNHOLD, MARKS_BATCH };

/* reason: of a hold, may be empty. Nothing is marked any more. */
struct request marks_request(struct marks *marks, int64_t selected_id, enum marks_act act, const char *reason);

#endif
