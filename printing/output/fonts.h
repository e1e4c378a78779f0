/* SPDX-License-Identifier: MIT
 *
 * The label font, Noto Sans CJK TC in two weights, opened once and kept with every glyph that was ever asked
 * for: most characters of a label are drawn without shaping. Characters that need shaping, that another font
 * has, or that reach beyond their line are marked complex and go through pango. One thread at a time.
 */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <pango/pango.h>

#include "core/base/autoptr.h"
#include "printing/label/wrap.h"

struct glyph {
    unsigned long index;
    int advance_mem;
    gboolean known; /* it was measured */
    gboolean complex;
};

struct fonts;

/* NULL with ERR_FONT when Noto Sans CJK TC is not installed. Takes 0.2 s: a warm worker does it once. */
struct fonts *fonts_new(GError **error);
void fonts_free(struct fonts *fonts);
DEFINE_AUTOPTR(fonts, fonts_free)

/* For layout_label(). Borrowed. */
const struct metrics *fonts_metrics(struct fonts *fonts);

const struct glyph *fonts_glyph(struct fonts *fonts, gunichar c, gboolean bold);
cairo_font_face_t *fonts_face(struct fonts *fonts, gboolean bold);
PangoContext *fonts_context(struct fonts *fonts);
const PangoFontDescription *fonts_description(struct fonts *fonts, gboolean bold);
