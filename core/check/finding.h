/* SPDX-License-Identifier: MIT
 *
 * What doctor found: one line each, fine or how to mend it. packline and packline-print write the same lines,
 * so that the one can run the other and show both.
 */
#pragma once

#include <glib.h>

enum finding_level {
    FINDING_OK,
    FINDING_WARN, /* works, but not well, or not for long */
    FINDING_BAD   /* does not work, or loses work */
};

struct findings; /* a growing list */

struct findings *findings_new(void);
void findings_free(struct findings *findings);

/* area is a constant word ("database", "printer"); text what was found; mend what to do about it, NULL or ""
 * when fine. Texts are translated already and are copied. */
void findings_add(struct findings *findings, enum finding_level level, const char *area, const char *text,
                  const char *mend);

/* The same with a printf format for the text. */
void findings_note(struct findings *findings, enum finding_level level, const char *area, const char *mend,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

/* An error as a finding: its text, and its hint as what to do. Frees error. */
void findings_error(struct findings *findings, enum finding_level level, const char *area, GError *error);

enum finding_level findings_worst(const struct findings *findings);

/* "ok    database  text" lines, with "-> what to do" below those that are not fine; or a JSON array of
 * {level, area, text, mend}. Caller frees. */
char *findings_text(const struct findings *findings);
char *findings_json(const struct findings *findings);

/* Takes over what findings_json() of another program wrote. FALSE when it is not that. */
gboolean findings_merge(struct findings *findings, const char *json);
