/* SPDX-License-Identifier: MIT */
#include "printing/output/render_pdf.h"

#include <cairo-pdf.h>

#include "core/base/error.h"
#include "printing/output/paint.h"

enum { POINTS_PER_INCH = 72, UM_PER_INCH = 25400 };

struct pdf {
    struct fonts *fonts;
    GByteArray *bytes;
    cairo_surface_t *surface;
    cairo_t *cr;
    int pages;
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

struct pdf *pdf_new(struct fonts *fonts)
{
    struct pdf *pdf = g_new0(struct pdf, 1);
    pdf->fonts = fonts;
    pdf->bytes = g_byte_array_new();
    pdf->surface = cairo_pdf_surface_create_for_stream(append, pdf->bytes, 1, 1);
    pdf->cr = cairo_create(pdf->surface);
    return pdf;
}

void pdf_add(struct pdf *pdf, const GPtrArray *pages)
{
    for (guint i = 0; i < pages->len; i++) {
        const struct page *page = g_ptr_array_index(pages, i);
        cairo_pdf_surface_set_size(pdf->surface, points(page->width_um), points(page->height_um));
        paint_page(pdf->cr, pdf->fonts, page, POINTS_PER_INCH);
        cairo_show_page(pdf->cr);
        pdf->pages++;
    }
}

int pdf_pages(const struct pdf *pdf)
{
    return pdf->pages;
}

void pdf_free(struct pdf *pdf)
{
    if (!pdf)
        return;
    cairo_destroy(pdf->cr);
    cairo_surface_destroy(pdf->surface);
    g_byte_array_unref(pdf->bytes);
    g_free(pdf);
}

GByteArray *pdf_finish(struct pdf *pdf, GError **error)
{
    cairo_status_t drawn = cairo_status(pdf->cr);
    cairo_surface_finish(pdf->surface);
    cairo_status_t written = cairo_surface_status(pdf->surface);
    GByteArray *bytes = NULL;
    if (drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS)
        bytes = g_byte_array_ref(pdf->bytes);
    else
        err_set(error, ERR_RENDER, cairo_status_to_string(drawn ? drawn : written));
    pdf_free(pdf);
    return bytes;
}

gboolean render_png(struct fonts *fonts, const struct page *page, int dots_per_inch, const char *path,
                    GError **error)
{
    int width = page->width_um * dots_per_inch / UM_PER_INCH,
        height = page->height_um * dots_per_inch / UM_PER_INCH;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    paint_page(cr, fonts, page, dots_per_inch);
    cairo_status_t status = cairo_status(cr);
    if (status != CAIRO_STATUS_SUCCESS)
        err_set(error, ERR_RENDER, cairo_status_to_string(status));
    else if ((status = cairo_surface_write_to_png(surface, path)) != CAIRO_STATUS_SUCCESS)
        err_set(error, ERR_FILE_WRITE, path, cairo_status_to_string(status));
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS;
}
