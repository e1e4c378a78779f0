/* SPDX-License-Identifier: MIT */
#include "printing/output/renderer.h"

#include <cairo-pdf.h>

#include "core/base/error.h"
#include "printing/output/paint.h"

enum { POINTS_PER_INCH = 72 };

struct rendering {
    struct fonts *fonts;
    GByteArray *bytes;
    cairo_surface_t *surface;
    cairo_t *cr;
};

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static double points(int um)
{
    return (double)um * POINTS_PER_INCH / UM_PER_INCH;
}

/* Deflating a page's few kilobytes took a third of a label's time, and this is the only way to ask cairo to let it be. */
static void leave_uncompressed(void)
{
    g_setenv("CAIRO_DEBUG_PDF", "1", FALSE);
}

static struct rendering *begin(struct fonts *fonts)
{
    leave_uncompressed();
    struct rendering *pdf = g_new0(struct rendering, 1);
    pdf->fonts = fonts;
    pdf->bytes = g_byte_array_new();
    pdf->surface = cairo_pdf_surface_create_for_stream(append, pdf->bytes, 1, 1);
    pdf->cr = cairo_create(pdf->surface);
    return pdf;
}

static void add_page(struct rendering *pdf, const struct page *page)
{
    cairo_pdf_surface_set_size(pdf->surface, points(page->width_um), points(page->height_um));
    paint_page(pdf->cr, pdf->fonts, page, POINTS_PER_INCH);
    cairo_show_page(pdf->cr);
}

static GByteArray *finish(struct rendering *pdf, GError **error)
{
    cairo_status_t drawn = cairo_status(pdf->cr);
    cairo_surface_finish(pdf->surface);
    cairo_status_t written = cairo_surface_status(pdf->surface);
    g_autoptr(GByteArray) bytes = pdf->bytes;
    cairo_destroy(pdf->cr);
    cairo_surface_destroy(pdf->surface);
    g_free(pdf);
    if (drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS)
        return g_steal_pointer(&bytes);
    err_set(error, ERR_RENDER, cairo_status_to_string(drawn ? drawn : written));
    return NULL;
}

const struct renderer render_pdf = {"pdf", begin, add_page, finish};
