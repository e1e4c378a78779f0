/* SPDX-License-Identifier: MIT
 *
 * How wide text is on a terminal, and clipping, padding and wrapping by columns. The only place that knows widths. A
 * character is 0 (combining), 1 or 2 columns. East-Asian ambiguous characters count 1, and the canvas keeps them off
 * terminals that draw them 2 wide (see glyphs.h). Bytes that are no UTF-8 count as U+FFFD, 1 column each.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

enum text_align { TEXT_LEFT, TEXT_RIGHT, TEXT_CENTRE };

/* Columns of one character: 0, 1 or 2. Controls are 1: they are drawn as a mark. */
int text_char_width(gunichar c);

/* Whether terminals disagree on its width. */
gboolean text_char_ambiguous(gunichar c);

/* The next character of text and how many bytes it takes; *c is U+FFFD for a bad byte. 0 at the end. */
size_t text_next(const char *text, gunichar *c);

int text_width(const char *text);

/* text when it fits, else its start and the ellipsis. At most columns wide. Caller frees. */
char *text_clip(const char *text, int columns, const char *ellipsis);

/* Clipped and filled with blanks: exactly columns wide. Caller frees. */
char *text_pad(const char *text, int columns, enum text_align align, const char *ellipsis);

/* Lines of at most columns, broken at blanks, at line feeds and between wide characters; a line does not
 * begin with closing punctuation. NULL-terminated; g_strfreev(). */
char **text_wrap(const char *text, int columns);
