/* SPDX-License-Identifier: MIT
 *
 * Any bytes through encoding detection, row splitting, every shop format and draft building. The first byte chooses the
 * format.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/intake/header.h"
#include "core/intake/order_reader.h"
#include "core/table/source.h"
#include "tests/support/intake_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_draft(const struct order_draft *draft)
{
    g_assert(draft->rows->len > 0);
    g_assert(clean_is(draft->external_id));
    g_assert(clean_is(draft->recipient.name));
    for (guint i = 0; i < draft->lines->len; i++) {
        const struct draft_line *line = &g_array_index(draft->lines, struct draft_line, i);
        g_assert(line->quantity > 0 && (line->sku[0] || line->title[0]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static GPtrArray *formats;
    if (!formats)
        formats = shop_formats_load("assets/shops", NULL);
    if (!formats || size == 0)
        return 0;
    const struct shop_format *format = formats->pdata[data[0] % formats->len];
    struct source *source =
        source_memory((const char *)data + 1, size - 1, (const char *const *)format->encodings, NULL);
    struct order_reader *reader = source ? order_reader_new(source, format, "fuzz", NULL) : NULL;
    struct order_draft *draft;
    uint64_t rows = 0;
    int more = 0;
    while (reader && (more = order_reader_next(reader, &draft, NULL)) > 0) {
        check_draft(draft);
        rows += draft->rows->len;
        draft_free(draft);
    }
    if (reader && more == 0)
        g_assert(rows == order_reader_total_rows(reader));
    order_reader_free(reader);
    source_free(source);
    return 0;
}
