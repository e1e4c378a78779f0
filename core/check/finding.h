/* SPDX-License-Identifier: MIT
 *
 * What doctor found: one line each, fine or how to mend it. packline and packline-print write the same lines, so that the
 * one can run the other and show both.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "core/base/autoptr.h"

enum finding_level {
    FINDING_OK,
    FINDING_WARN, /* works, but not well, or not for long */
    FINDING_BAD   /* does not work, or loses work */
};

struct findings; /* a growing list */

struct findings *findings_new(void);
void findings_free(struct findings *findings);
DEFINE_AUTOPTR(findings, findings_free)

/* area is a constant word ("database", "printer"); mend what to do about it, said unless the level is FINDING_OK; then a
 * printf format for what was found. Texts are translated already and are copied. */
void findings_add(struct findings *findings, enum finding_level level, const char *area, const char *mend,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);

/* An error is bad: its text, and its hint as what to do. Frees error. FALSE: there is none (NULL). */
gboolean findings_error(struct findings *findings, const char *area, GError *error);

enum finding_level findings_worst(const struct findings *findings);

/* "ok    database  text" lines, with "-> what to do" below those that are not fine (caller frees); or a list of
 * {level, area, text, mend}. */
char *findings_text(const struct findings *findings);
json_t *findings_json(const struct findings *findings);

/* Takes over the list that another program wrote. FALSE when it is not that. */
gboolean findings_merge(struct findings *findings, const char *json);
