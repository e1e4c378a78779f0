/* SPDX-License-Identifier: MIT
 *
 * Translations. _() translates now, N_() marks a text in a table that is translated where it is shown. NC_() is the same
 * for a word that means one thing in one place and another elsewhere: "dock" is a place to go, and as a "role" somebody who
 * works there. The context is never shown.
 */
#pragma once

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text
#define NC_(context, text) context "\004" text

/* A text of a table, marked by NC_() or N_(), translated; without a translation what follows its context. "" when there
 * is none. */
const char *translate_in(const char *marked);

/* text with {1} {2} ... replaced by the arguments, a NULL-terminated list or NULL. Caller frees. */
char *translate_fill(const char *text, const char *const args[]);

/* Sets a UTF-8 locale and the message language (NULL: from the environment; "zh_TW", "en", ...). When the
 * environment's locale has no UTF-8, C.UTF-8 is used and *fallback (may be NULL) is set to 1. Call once, in main,
 * before any thread starts. */
void translate_init(const char *language, int *fallback);
