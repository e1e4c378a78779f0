/* SPDX-License-Identifier: MIT
 *
 * The names a template may use, each with the text it stands for on a label: {recipient_name}, {cod}, {row.sku}. One
 * table; what it does not list is an error when the template is read, not when the label is printed.
 */
#pragma once

#include <glib.h>

#include "core/print/label_data.h"

struct field_context {
    const struct label *label;
    const struct label_row *row; /* NULL outside a table */
    int page, pages;             /* from 1 */
    int more;                    /* rows that found no room */
};

/* Whether pattern's placeholders all exist; if not, *name is the first that doesn't (caller frees). */
gboolean fields_known(const char *pattern, char **name);

/* pattern with its placeholders filled. NULL when it has placeholders and all of them are empty: the box is
 * left out. Caller frees. */
char *fields_fill(const char *pattern, const struct field_context *context);
