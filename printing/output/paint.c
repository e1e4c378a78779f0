/* SPDX-License-Identifier: MIT */
#include "printing/output/paint.h"

#include <pango/pangocairo.h>
#include <string.h>

struct paint {
    cairo_t *cr;
    struct fonts *fonts;
    double per_um;  /* units a micrometre */
    double per_dot; /* units a printer dot */
};

/* --- text ----------------------------------------------------------------------------------------------- */

enum { MAX_GLYPHS = WRAP_MAX_TEXT + 2 };

/* Blanks have no glyph. What each glyph stands for goes along, so that a PDF can be searched. */
struct line {
    int count, bytes;
    cairo_glyph_t glyphs[MAX_GLYPHS];
    cairo_text_cluster_t clusters[MAX_GLYPHS];
    char text[MAX_GLYPHS * 4];
};

static void line_add(struct line *line, const char *p, cairo_glyph_t glyph)
{
    int length = (int)(wrap_next(p) - p);
    memcpy(line->text + line->bytes, p, (size_t)length);
    line->bytes += length;
    line->clusters[line->count] = (cairo_text_cluster_t){length, 1};
    line->glyphs[line->count++] = glyph;
}

/* Fills in a line as it is drawn; FALSE when it needs shaping. */
static gboolean line_fill(struct line *line, const struct paint *paint, const struct draw *draw)
{
    double x = draw->x_um * paint->per_um, y = draw->baseline_um * paint->per_um;
    double per_mem = draw->size_um * paint->per_um / 1000;
    line->count = line->bytes = 0;
    for (const char *p = draw->text; *p && line->count < MAX_GLYPHS; p = wrap_next(p)) {
        const struct glyph *glyph = fonts_glyph(paint->fonts, g_utf8_get_char(p), draw->bold);
        if (glyph->complex)
            return FALSE;
        if (*p != ' ')
            line_add(line, p, (cairo_glyph_t){glyph->index, x, y});
        x += glyph->advance_mem * per_mem;
    }
    return TRUE;
}

/* Shaped text may be wider than the sum of its characters, and marks may pile up: it is scaled into its width
 * and clipped to its line. */
static void paint_shaped(const struct paint *paint, const struct draw *draw)
{
    PangoLayout *layout = pango_layout_new(fonts_context(paint->fonts));
    PangoFontDescription *description = pango_font_description_copy(fonts_description(paint->fonts, draw->bold));
    double size = draw->size_um * paint->per_um, room = draw->width_um * paint->per_um;
    PangoRectangle logical;
    pango_layout_set_text(layout, draw->text, -1);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, description);
    pango_layout_get_extents(layout, NULL, &logical);
    double width = (double)logical.width / PANGO_SCALE;
    cairo_save(paint->cr);
    cairo_rectangle(paint->cr, draw->x_um * paint->per_um, draw->y_um * paint->per_um, room,
                    draw->height_um * paint->per_um);
    cairo_clip(paint->cr);
    cairo_translate(paint->cr, draw->x_um * paint->per_um, draw->baseline_um * paint->per_um);
    if (width > room)
        cairo_scale(paint->cr, room / width, 1);
    pango_cairo_show_layout_line(paint->cr, pango_layout_get_line_readonly(layout, 0));
    cairo_restore(paint->cr);
    pango_font_description_free(description);
    g_object_unref(layout);
}

static void paint_text(const struct paint *paint, const struct draw *draw)
{
    struct line line;
    if (draw->white)
        cairo_set_source_rgb(paint->cr, 1, 1, 1);
    if (!line_fill(&line, paint, draw))
        paint_shaped(paint, draw);
    else {
        cairo_set_font_face(paint->cr, fonts_face(paint->fonts, draw->bold));
        cairo_set_font_size(paint->cr, draw->size_um * paint->per_um);
        cairo_show_text_glyphs(paint->cr, line.text, line.bytes, line.glyphs, line.count, line.clusters,
                               line.count, 0);
    }
    if (draw->white)
        cairo_set_source_rgb(paint->cr, 0, 0, 0);
}

/* --- barcodes ------------------------------------------------------------------------------------------- */

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

/* One bit a module, used as a stencil: an image of some hundred bytes, where a rectangle a bar is kilobytes
 * of numbers. An A1 image has its first pixel in the lowest bit here. */

static cairo_surface_t *stencil(const struct barcode *barcode)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A1, barcode->columns, barcode->rows);
    int stride = cairo_image_surface_get_stride(surface);
    unsigned char *data = cairo_image_surface_get_data(surface);
    cairo_surface_flush(surface);
    for (int y = 0; y < barcode->rows; y++)
        memcpy(data + y * stride, barcode->modules + y * barcode->stride, (size_t)barcode->stride);
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void paint_barcode(const struct paint *paint, const struct draw *draw)
{
    cairo_surface_t *surface = stencil(draw->barcode);
    double module = draw->module_dots * paint->per_dot;
    double row = draw->height_dots * paint->per_dot / draw->barcode->rows;
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(surface);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(paint->cr);
    cairo_translate(paint->cr, draw->x_dots * paint->per_dot, draw->y_dots * paint->per_dot);
    cairo_scale(paint->cr, module, row);
    cairo_mask(paint->cr, pattern);
    cairo_restore(paint->cr);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(surface);
}

static void paint_rect(const struct paint *paint, const struct draw *draw)
{
    cairo_rectangle(paint->cr, draw->x_um * paint->per_um, draw->y_um * paint->per_um,
                    draw->width_um * paint->per_um, draw->height_um * paint->per_um);
}

/* --- the page ------------------------------------------------------------------------------------------- */

/* All rectangles are one path: they lie under the text and a fill costs more than what it fills. */
static void paint_rects(const struct paint *paint, const struct draw *draws, guint count)
{
    for (guint i = 0; i < count; i++)
        if (draws[i].kind == DRAW_RECT)
            paint_rect(paint, &draws[i]);
    cairo_fill(paint->cr);
}

void paint_page(cairo_t *cr, struct fonts *fonts, const struct page *page, double units_per_inch)
{
    struct paint paint = {cr, fonts, units_per_inch / UM_PER_INCH, units_per_inch / page->dots_per_inch};
    const struct draw *draws = (const struct draw *)(const void *)page->draws->data;
    cairo_set_source_rgb(cr, 0, 0, 0);
    paint_rects(&paint, draws, page->draws->len);
    for (guint i = 0; i < page->draws->len; i++)
        if (draws[i].kind == DRAW_BARCODE)
            paint_barcode(&paint, &draws[i]);
    /* One text behind the other: what stands between two begins a text object, with its matrix, anew. */
    for (guint i = 0; i < page->draws->len; i++)
        if (draws[i].kind == DRAW_TEXT)
            paint_text(&paint, &draws[i]);
}
