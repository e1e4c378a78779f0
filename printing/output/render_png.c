/* SPDX-License-Identifier: MIT */
#include "printing/output/render_png.h"

#include <cairo.h>
#include <errno.h>

#include "core/base/error.h"
#include "core/base/new_file.h"
#include "printing/output/paint.h"

static cairo_status_t append(void *bytes, const unsigned char *data, unsigned length)
{
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

gboolean render_png(struct fonts *fonts, const struct page *page, int dots_per_inch, const char *path, GError **error)
{
    int width = page->width_um * dots_per_inch / UM_PER_INCH, height = page->height_um * dots_per_inch / UM_PER_INCH;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    paint_page(cr, fonts, page, dots_per_inch);
    cairo_status_t status = cairo_status(cr);
    if (status != CAIRO_STATUS_SUCCESS)
        err_set(error, ERR_RENDER, cairo_status_to_string(status));
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (status == CAIRO_STATUS_SUCCESS && (status = cairo_surface_write_to_png_stream(surface, append, bytes)) != CAIRO_STATUS_SUCCESS)
        err_set(error, ERR_FILE_WRITE, path, cairo_status_to_string(status));
    gboolean good = status == CAIRO_STATUS_SUCCESS;
    if (good && !new_file_put_at(path, bytes->data, bytes->len))
        good = err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return good;
}
