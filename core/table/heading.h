/* SPDX-License-Identifier: MIT
 *
 * The words of a table, as they are compared: the names that head its columns, and what stands in cells.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

struct table_reader;

/* A column's name: NFKC, without blanks, what follows a line break, case, and the suffixes (may be NULL). Caller
 * frees. */
char *heading_normal(const char *name, size_t length, const char *const *suffixes);

/* The reader's current row as the header: normal name -> number of the column from 1, as GUINT_TO_POINTER. Of two
 * columns with one name the first counts. */
GHashTable *heading_columns(const struct table_reader *header, const char *const *suffixes);

/* A word as it is compared with patterns: NFKC, trimmed, case folded. Caller frees. */
char *word_normal(const char *word);
/* Whether a normal word fits one of the patterns ("*" stands for anything). */
gboolean word_fits(char *const *patterns, const char *normal);
