/* SPDX-License-Identifier: MIT */
#include "printing/output/fonts.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "core/base/error.h"
#include "printing/output/subset.h"

static const char FAMILY[] = "Noto Sans CJK TC";

/* Measured at 1000 units an em, unhinted, so that a width holds for every size. */
enum { EM = 1000, LAST_CHARACTER = 0x10FFFF };

struct weight {
    PangoFontDescription *description;
    struct subset *subset;
    cairo_scaled_font_t *scaled;
    struct glyph *page[(LAST_CHARACTER >> 8) + 1]; /* 256 glyphs each, made when first used */
};

struct fonts {
    struct metrics metrics; /* first: fonts_advance() casts back */
    PangoFontMap *map;
    PangoContext *context;
    PangoLayout *probe;
    struct weight weight[2];
};

/* --- measuring one character ---------------------------------------------------------------------------- */

static gboolean needs_shaping(gunichar c)
{
    static const GUnicodeScript PLAIN[] = {
        G_UNICODE_SCRIPT_COMMON,   G_UNICODE_SCRIPT_LATIN,    G_UNICODE_SCRIPT_HAN,   G_UNICODE_SCRIPT_HIRAGANA,
        G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_BOPOMOFO, G_UNICODE_SCRIPT_GREEK, G_UNICODE_SCRIPT_CYRILLIC};
    GUnicodeScript script = g_unichar_get_script(c);
    for (size_t i = 0; i < G_N_ELEMENTS(PLAIN); i++)
        if (PLAIN[i] == script)
            return g_unichar_ismark(c) || g_unichar_iszerowidth(c);
    return TRUE;
}

/* Whether the glyph's ink stays within its line as wrap.h sets lines. */
static gboolean is_tame(const cairo_text_extents_t *extents)
{
    return -extents->y_bearing <= WRAP_BASELINE_MEM &&
           extents->height + extents->y_bearing <= WRAP_PITCH_MEM - WRAP_BASELINE_MEM &&
           extents->x_bearing >= -20 && extents->x_bearing + extents->width <= extents->x_advance + 20;
}

static gboolean look_up(const struct weight *weight, gunichar c, struct glyph *glyph)
{
    cairo_glyph_t drawn = {.index = subset_glyph(weight->subset, c)};
    if (drawn.index == 0)
        return FALSE;
    cairo_text_extents_t extents;
    cairo_scaled_font_glyph_extents(weight->scaled, &drawn, 1, &extents);
    glyph->index = drawn.index;
    glyph->advance_mem = (int)ceil(extents.x_advance);
    return is_tame(&extents);
}

static int probe_advance(struct fonts *fonts, gunichar c, gboolean bold)
{
    char utf8[8] = {0};
    int length = g_unichar_to_utf8(c, utf8);
    PangoRectangle logical;
    pango_layout_set_font_description(fonts->probe, fonts->weight[bold].description);
    pango_layout_set_text(fonts->probe, utf8, length);
    pango_layout_get_extents(fonts->probe, NULL, &logical);
    return (logical.width + PANGO_SCALE - 1) / PANGO_SCALE;
}

static void measure(struct fonts *fonts, gunichar c, gboolean bold, struct glyph *glyph)
{
    *glyph = (struct glyph){.known = TRUE};
    if (needs_shaping(c) || !look_up(&fonts->weight[bold], c, glyph)) {
        glyph->complex = TRUE;
        glyph->advance_mem = g_unichar_iszerowidth(c) ? 0 : probe_advance(fonts, c, bold);
    }
}

const struct glyph *fonts_glyph(struct fonts *fonts, gunichar c, gboolean bold)
{
    c = MIN(c, LAST_CHARACTER);
    bold = bold != 0;
    struct glyph **page = &fonts->weight[bold].page[c >> 8];
    if (!*page)
        *page = g_new0(struct glyph, 256);
    struct glyph *glyph = &(*page)[c & 0xFF];
    if (!glyph->known)
        measure(fonts, c, bold, glyph);
    return glyph;
}

static int fonts_advance(const struct metrics *metrics, gunichar c, gboolean bold)
{
    /* The cache behind the constant face of the interface is the fonts' own. */
    union {
        const struct metrics *metrics;
        struct fonts *fonts;
    } self = {metrics};
    return fonts_glyph(self.fonts, c, bold)->advance_mem;
}

/* --- opening -------------------------------------------------------------------------------------------- */

static cairo_font_options_t *plain_options(void)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    return options;
}

static cairo_scaled_font_t *scaled_to_em(cairo_font_face_t *face)
{
    cairo_matrix_t size, identity;
    cairo_matrix_init_scale(&size, EM, EM);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t *options = plain_options();
    cairo_scaled_font_t *scaled = cairo_scaled_font_create(face, &size, &identity, options);
    cairo_font_options_destroy(options);
    return scaled;
}

static gboolean weight_init(struct weight *weight, gboolean bold, GError **error)
{
    weight->description = pango_font_description_new();
    pango_font_description_set_family(weight->description, FAMILY);
    pango_font_description_set_weight(weight->description, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(weight->description, EM * PANGO_SCALE);
    weight->subset = subset_new(FAMILY, bold);
    weight->scaled = weight->subset ? scaled_to_em(subset_face(weight->subset)) : NULL;
    struct glyph glyph;
    if (weight->scaled && look_up(weight, 0x9EBB /* 麻 */, &glyph))
        return TRUE;
    return err_set(error, ERR_FONT, FAMILY);
}

struct fonts *fonts_new(GError **error)
{
    struct fonts *fonts = g_new0(struct fonts, 1);
    fonts->metrics.advance = fonts_advance;
    fonts->map = pango_cairo_font_map_new();
    fonts->context = pango_font_map_create_context(fonts->map);
    cairo_font_options_t *options = plain_options();
    pango_cairo_context_set_font_options(fonts->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(fonts->context, FALSE);
    fonts->probe = pango_layout_new(fonts->context);
    if (weight_init(&fonts->weight[0], FALSE, error) && weight_init(&fonts->weight[1], TRUE, error))
        return fonts;
    fonts_free(fonts);
    return NULL;
}

static void weight_clear(struct weight *weight)
{
    g_clear_pointer(&weight->description, pango_font_description_free);
    g_clear_pointer(&weight->scaled, cairo_scaled_font_destroy);
    g_clear_pointer(&weight->subset, subset_free);
    for (size_t i = 0; i < G_N_ELEMENTS(weight->page); i++)
        g_free(weight->page[i]);
}

void fonts_free(struct fonts *fonts)
{
    if (!fonts)
        return;
    weight_clear(&fonts->weight[0]);
    weight_clear(&fonts->weight[1]);
    g_clear_object(&fonts->probe);
    g_clear_object(&fonts->context);
    g_clear_object(&fonts->map);
    g_free(fonts);
}

const struct metrics *fonts_metrics(struct fonts *fonts)
{
    return &fonts->metrics;
}

cairo_font_face_t *fonts_face(struct fonts *fonts, gboolean bold)
{
    return subset_face(fonts->weight[bold != 0].subset);
}

PangoContext *fonts_context(struct fonts *fonts)
{
    return fonts->context;
}

const PangoFontDescription *fonts_description(struct fonts *fonts, gboolean bold)
{
    return fonts->weight[bold != 0].description;
}
