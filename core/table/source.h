/* SPDX-License-Identifier: MIT
 *
 * A file to import, as UTF-8 text. Only regular files below a size cap are opened (no link, pipe, device or directory,
 * and nothing that would block). The encoding is the byte order mark's, else the first of the wanted ones the whole
 * file fits without a bad byte, else the one with the fewest bad bytes.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"

struct source;

/* encodings: canonical names, NULL-terminated, most likely first. */
struct source *source_open(const char *path, const char *const *encodings, uint64_t max_bytes, GError **error);
void source_free(struct source *source);
DEFINE_AUTOPTR(source, source_free)

/* A table_fill (table_reader.h) with the source as data. */
int source_fill(void *source, GString *chunk, GError **error);

/* Back to the beginning. The encoding stays unless another is named (canonical, or NULL). */
gboolean source_rewind(struct source *source, const char *encoding, GError **error);

const char *source_encoding(const struct source *source);
uint64_t source_bad_bytes(const struct source *source); /* since the beginning */

/* The BLAKE2b-256 of the whole file, hex: the same file again is known before it is read. Caller frees. */
char *source_digest(struct source *source, GError **error);
