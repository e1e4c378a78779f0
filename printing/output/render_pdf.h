/* SPDX-License-Identifier: MIT
 *
 * Pages to a PDF, and one page to a PNG for a look at it. A PDF names no one: its metadata are empty.
 */
#ifndef PRINTING_OUTPUT_RENDER_PDF_H
#define PRINTING_OUTPUT_RENDER_PDF_H

#include <glib.h>

#include "printing/label/layout.h"
#include "printing/output/fonts.h"

/* A PDF being written into memory. Labels of any size, one after the other. */
struct pdf;
struct pdf *pdf_new(struct fonts *fonts);
void pdf_add(struct pdf *pdf, const GPtrArray *pages);
int pdf_pages(const struct pdf *pdf);

/* The finished file's bytes; frees pdf in any case. NULL with ERR_RENDER. */
GByteArray *pdf_finish(struct pdf *pdf, GError **error);
void pdf_free(struct pdf *pdf);

/* A page at dots_per_inch, black on white. FALSE with ERR_RENDER or ERR_FILE_WRITE. */
gboolean render_png(struct fonts *fonts, const struct page *page, int dots_per_inch, const char *path,
                    GError **error);

#endif
