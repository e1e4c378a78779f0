/* SPDX-License-Identifier: MIT
 *
 * The report of an import's rejected rows: CSV, a row each, no personal data.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/intake/draft.h"

struct report;

/* The file is made with the first row. path is copied; a file of that name is replaced. */
struct report *report_new(const char *path);
/* The same, but no file is replaced: where the name is taken it becomes NAME-2.csv, NAME-3.csv, ... */
struct report *report_new_beside(const char *path);
/* Ends the file; no row comes after it. FALSE with *error (ERR_IMPORT_REPORT) when something could not be written. */
gboolean report_end(struct report *report, GError **error);
/* Ends it and frees it. */
gboolean report_close(struct report *report, GError **error);

/* One row for every row of a rejected draft. */
void report_draft(struct report *report, const struct order_draft *draft);
/* One row of another file. column may be "". */
void report_row(struct report *report, uint64_t row, const char *column, const char *reason, const char *text,
                const char *value);

uint64_t report_rows(const struct report *report);
const char *report_path(const struct report *report);
