/* SPDX-License-Identifier: MIT
 *
 * printing/output: what stands where to a printer's language.
 *
 * What turns laid-out pages into the bytes a printer takes. One output language is one file and one struct renderer; a
 * printer names the one its queue takes (printing/queue/printer.h).
 */
#pragma once

#include <glib.h>

#include "printing/label/layout.h"
#include "printing/output/fonts.h"

/* A document being written into memory; its language's own. */
struct rendering;

struct renderer {
    const char *name; /* "pdf": the ending of its files */
    struct rendering *(*begin)(struct fonts *fonts);
    /* Pages of any size, one after the other. */
    void (*page)(struct rendering *rendering, const struct page *page);
    /* The finished bytes; frees the rendering in any case. NULL with ERR_RENDER. */
    GByteArray *(*finish)(struct rendering *rendering, GError **error);
};

extern const struct renderer render_pdf; /* names no one: its metadata are empty */

/* All pages of a label. */
static inline void renderer_pages(const struct renderer *renderer, struct rendering *rendering, const GPtrArray *pages)
{
    for (guint i = 0; i < pages->len; i++)
        renderer->page(rendering, g_ptr_array_index(pages, i));
}
