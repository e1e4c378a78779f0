/* SPDX-License-Identifier: MIT
 *
 * Text from outside is hostile until cleaned, once, where it enters. Clean text is valid UTF-8 without C0 and C1
 * controls, DEL, bidirectional and zero-width controls, BOM, noncharacters; bad bytes have become U+FFFD.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

#define CLEAN_BAD "\xEF\xBF\xBD" /* U+FFFD */

enum clean_mode {
    CLEAN_LINE,  /* line breaks and tabs become one blank; blanks at both ends go */
    CLEAN_BLOCK, /* line breaks stay as LF, for notes */
    CLEAN_CODE   /* as CLEAN_LINE, and full-width digits, letters and blanks become ASCII; for codes and numbers */
};

/* A clean copy of length bytes. Caller frees. */
char *clean_text(const char *bytes, size_t length, enum clean_mode mode);

/* Whether clean_text() would return the same. */
gboolean clean_is(const char *text);

/* Whether the character may stand in clean text (line feed not included). */
gboolean clean_char(gunichar c);

/* Copies clean text into a buffer of size bytes, as much of it as fits in whole characters. */
void clean_copy(char *to, size_t size, const char *from);

/* Takes half a character off the end of clean text that was cut to a buffer's size. */
void clean_cut(char *text);
