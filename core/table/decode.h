/* SPDX-License-Identifier: MIT
 *
 * The bytes of a shop's file to UTF-8, a chunk at a time, in constant memory. What comes out is always valid UTF-8
 * without NUL; a byte that means nothing in the encoding (and NUL) becomes U+FFFD and is counted. A character may be
 * cut anywhere between two chunks.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct decode;

/* encoding is "UTF-8", "UTF-16LE", "UTF-16BE", "CP950" or "GB18030". NULL with ERR_IMPORT_ENCODING for any other. */
struct decode *decode_new(const char *encoding, GError **error);
void decode_free(struct decode *decode);

/* Appends the characters that are complete. decode_end() takes a character cut off by the end as bad bytes. */
void decode_feed(struct decode *decode, const char *bytes, size_t length, GString *out);
void decode_end(struct decode *decode, GString *out);

/* Bad bytes so far. */
uint64_t decode_bad(const struct decode *decode);

/* The encoding a byte order mark stands for and its length; NULL when there is none. */
const char *decode_bom(const char *bytes, size_t length, size_t *mark_length);

/* UTF-16LE or UTF-16BE when zero bytes on every second place show it without a mark; else NULL. */
const char *decode_utf16_guess(const char *bytes, size_t length);

/* One of these names for how people write it ("utf8", "Big5", "cp950", "GBK", "UTF-16"), or NULL. */
const char *decode_canonical(const char *name);
