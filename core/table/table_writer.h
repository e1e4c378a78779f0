/* SPDX-License-Identifier: MIT
 *
 * Rows of a CSV file, as spreadsheets and shops read them back.
 */
#pragma once

#include <stdio.h>

/* Writes a row of cells (the list ends with NULL), each quoted where needed; one that begins with = + - @ TAB or CR,
 * which would be taken for a formula, gets an apostrophe in front. What went wrong is told by ferror(). */
void table_write_row(FILE *file, const char *const *cells);
