/* SPDX-License-Identifier: MIT
 *
 * A font reduced to the characters of Taiwanese labels, in memory. Every PDF embeds its own subset, and to make it
 * cairo reads the whole font each time: 30 ms and 700 KB a file with the full Noto Sans CJK (65,535 glyphs, shared
 * subroutines), 1 ms with this one (its 14,000 glyphs of Big5 and GB 2312, no subroutines), which takes 0.1 s once.
 * Nor has it a table of characters, which cairo would read backwards for each glyph of each file: that one is kept here.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

struct subset;

/* The family's face in a weight. NULL when no such font is installed or it can't be reduced. */
struct subset *subset_new(const char *family, gboolean bold);
void subset_free(struct subset *subset);

/* Borrowed; cairo may go on using it when the subset is gone. */
cairo_font_face_t *subset_face(const struct subset *subset);

/* The glyph of a character; 0 when it is none of these. */
unsigned subset_glyph(const struct subset *subset, gunichar c);
