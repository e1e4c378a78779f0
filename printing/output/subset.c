/* SPDX-License-Identifier: MIT */
#include "printing/output/subset.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb-subset.h>
#include <string.h>

/* --- which characters ----------------------------------------------------------------------------------- */

struct charset {
    const char *name;
    int first, last, low; /* lead bytes; the smallest trail byte */
};

static const struct charset CHARSETS[] = {{"BIG5", 0xA1, 0xF9, 0x40}, {"GB2312", 0xA1, 0xF7, 0xA1}};

static void add_charset(hb_set_t *set, const struct charset *charset)
{
    GIConv convert = g_iconv_open("UTF-8", charset->name);
    for (int lead = charset->first; lead <= charset->last; lead++)
        for (int trail = charset->low; trail <= 0xFE; trail++) {
            char in[2] = {(char)lead, (char)trail}, out[8] = {0};
            char *from = in, *to = out;
            gsize from_left = 2, to_left = sizeof out - 1;
            if (g_iconv(convert, &from, &from_left, &to, &to_left) != (gsize)-1 && from_left == 0)
                hb_set_add(set, g_utf8_get_char(out));
            else
                g_iconv(convert, NULL, NULL, NULL, NULL);
        }
    g_iconv_close(convert);
}

static void add_characters(hb_set_t *set)
{
    hb_set_add_range(set, 0x20, 0x7E);
    hb_set_add_range(set, 0xA0, 0x17F);
    hb_set_add_range(set, 0x2010, 0x2027); /* dashes, quotation marks, ellipsis */
    hb_set_add_range(set, 0x3000, 0x312F); /* CJK punctuation, kana, Bopomofo */
    hb_set_add_range(set, 0xFF01, 0xFF5E); /* full-width forms */
    for (size_t i = 0; i < G_N_ELEMENTS(CHARSETS); i++)
        add_charset(set, &CHARSETS[i]);
}

/* --- the reduced font ----------------------------------------------------------------------------------- */

struct subset {
    cairo_font_face_t *face;
    hb_map_t *glyphs; /* by character */
};

static hb_subset_input_t *wanted(void)
{
    static const char DROP[][5] = {"GSUB", "GPOS", "GDEF", "VORG", "vmtx", "vhea", "BASE", "cmap"};
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input)
        return NULL;
    add_characters(hb_subset_input_unicode_set(input));
    hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < G_N_ELEMENTS(DROP); i++)
        hb_set_add(drop, hb_tag_from_string(DROP[i], 4));
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    return input;
}

static hb_map_t *glyphs_of(const hb_subset_plan_t *plan, const hb_set_t *characters)
{
    const hb_map_t *old = hb_subset_plan_unicode_to_old_glyph_mapping(plan);
    const hb_map_t *new = hb_subset_plan_old_to_new_glyph_mapping(plan);
    hb_map_t *glyphs = hb_map_create();
    for (hb_codepoint_t c = HB_SET_VALUE_INVALID; hb_set_next(characters, &c);)
        if (hb_map_has(old, c))
            hb_map_set(glyphs, c, hb_map_get(new, hb_map_get(old, c)));
    return glyphs;
}

static hb_blob_t *reduce(hb_face_t *face, struct subset *subset)
{
    hb_subset_input_t *input = wanted();
    hb_subset_plan_t *plan = input ? hb_subset_plan_create_or_fail(face, input) : NULL;
    hb_face_t *reduced = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    hb_blob_t *blob = reduced ? hb_face_reference_blob(reduced) : NULL;
    if (blob)
        subset->glyphs = glyphs_of(plan, hb_subset_input_unicode_set(input));
    hb_face_destroy(reduced);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(input);
    return blob;
}

static hb_blob_t *reduce_file(const char *path, unsigned index, struct subset *subset)
{
    hb_blob_t *file = hb_blob_create_from_file_or_fail(path);
    if (!file)
        return NULL;
    hb_face_t *face = hb_face_create(file, index);
    hb_blob_t *blob = reduce(face, subset);
    hb_face_destroy(face);
    hb_blob_destroy(file);
    return blob;
}

/* The file of a family and weight, only when it is that family: fontconfig always finds some font. */
static hb_blob_t *reduce_installed(const char *family, gboolean bold, struct subset *subset)
{
    FcPattern *wanted = FcPatternCreate();
    FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddInteger(wanted, FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcResult result;
    FcPattern *found = FcFontMatch(NULL, wanted, &result);
    FcChar8 *path = NULL, *name = NULL;
    int index = 0;
    hb_blob_t *blob = NULL;
    if (found && FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch &&
        FcPatternGetString(found, FC_FAMILY, 0, &name) == FcResultMatch &&
        FcPatternGetInteger(found, FC_INDEX, 0, &index) == FcResultMatch && strcmp((char *)name, family) == 0)
        blob = reduce_file((char *)path, (unsigned)index & 0xFFFF, subset);
    if (found)
        FcPatternDestroy(found);
    FcPatternDestroy(wanted);
    return blob;
}

/* --- as a cairo face ------------------------------------------------------------------------------------ */

/* What must outlive the cairo face, in the order it is released. */
struct backing {
    FT_Face face;
    FT_Library library;
    hb_blob_t *blob;
};

static void backing_free(void *data)
{
    struct backing *backing = data;
    if (backing->face)
        FT_Done_Face(backing->face);
    if (backing->library)
        FT_Done_FreeType(backing->library);
    hb_blob_destroy(backing->blob);
    g_free(backing);
}

/* Takes the blob. */
static cairo_font_face_t *face_of(hb_blob_t *blob)
{
    static const cairo_user_data_key_t KEY;
    struct backing *backing = g_new0(struct backing, 1);
    backing->blob = blob;
    unsigned length = 0;
    const char *data = hb_blob_get_data(blob, &length);
    if (FT_Init_FreeType(&backing->library) ||
        FT_New_Memory_Face(backing->library, (const FT_Byte *)data, (FT_Long)length, 0, &backing->face)) {
        backing_free(backing);
        return NULL;
    }
    backing->face->charmap = NULL; /* FreeType makes one up, and cairo would walk it for each glyph of each file */
    cairo_font_face_t *face = cairo_ft_font_face_create_for_ft_face(backing->face, FT_LOAD_NO_HINTING);
    if (cairo_font_face_set_user_data(face, &KEY, backing, backing_free) == CAIRO_STATUS_SUCCESS)
        return face;
    cairo_font_face_destroy(face);
    backing_free(backing);
    return NULL;
}

struct subset *subset_new(const char *family, gboolean bold)
{
    struct subset *subset = g_new0(struct subset, 1);
    hb_blob_t *blob = reduce_installed(family, bold, subset);
    subset->face = blob ? face_of(blob) : NULL;
    if (subset->face)
        return subset;
    subset_free(subset);
    return NULL;
}

void subset_free(struct subset *subset)
{
    if (!subset)
        return;
    cairo_font_face_destroy(subset->face);
    hb_map_destroy(subset->glyphs);
    g_free(subset);
}

cairo_font_face_t *subset_face(const struct subset *subset)
{
    return subset->face;
}

unsigned subset_glyph(const struct subset *subset, gunichar c)
{
    return hb_map_has(subset->glyphs, c) ? hb_map_get(subset->glyphs, c) : 0;
}
