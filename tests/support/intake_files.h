/* SPDX-License-Identifier: MIT
 *
 * Order drafts from text, for tests.
 */
#pragma once

#include <glib.h>

#include "core/intake/draft.h"

struct source;

/* A source of these bytes, in a file that has no name any more. */
struct source *source_memory(const char *bytes, size_t length, const char *const *encodings, GError **error);

/* The drafts of a file's bytes read with a format of the assets ("shopify"), or recognised when format is NULL.
 * struct order_draft, freed with the array. */
GPtrArray *intake_drafts(const char *format, const char *bytes, size_t length);

/* The text of a file of ../shared/data, or NULL when it is absent: then the running test is skipped by name. */
char *intake_shared(const char *relative, gsize *length);

/* The header line made of a list of ../shared/data/order_headers, joined by the delimiter. NULL as above. */
char *intake_header(const char *list, char delimiter);
