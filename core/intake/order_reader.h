/* SPDX-License-Identifier: MIT
 *
 * Order drafts out of a shop's file, one at a time. The file is read twice: the first pass finds the encoding whose
 * header fits, counts the rows, and finds the few orders whose rows stand apart from each other; those are held until
 * the end of the second pass, all others are handed out as soon as their last row is passed. So memory does not grow
 * with the file: an 8 MB filter, and what is held (refused beyond HELD_ROWS_MAX rows: such a file is sorted by
 * something else).
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/intake/draft.h"
#include "core/intake/format.h"

struct source;

enum { HELD_ROWS_MAX = 200000 };

struct order_reader;

/* source and format are borrowed; path is for messages. */
struct order_reader *order_reader_new(struct source *source, const struct shop_format *format, const char *path,
                                      GError **error);
void order_reader_free(struct order_reader *reader);
DEFINE_AUTOPTR(order_reader, order_reader_free)

/* 1: *draft is the next order, finished, accepted or rejected, owned by the caller. 0: the end. -1: *error is set. */
int order_reader_next(struct order_reader *reader, struct order_draft **draft, GError **error);

uint64_t order_reader_total_rows(const struct order_reader *reader); /* of the file, header not counted */
uint64_t order_reader_rows(const struct order_reader *reader);       /* read so far in the second pass */

/* The format the file's header is recognised as: the one that understands most columns. NULL with
 * ERR_IMPORT_NO_MATCH. */
const struct shop_format *shop_format_recognise(const GPtrArray *formats, struct source *source, const char *path,
                                                GError **error);
