/* SPDX-License-Identifier: MIT
 *
 * A font reduced to the characters of Taiwanese labels, in memory. Every PDF embeds its own subset, and to make it
 * cairo reads the whole font each time: 30 ms and 700 KB a file with the full Noto Sans CJK (65,535 glyphs, shared
 * subroutines), 1 ms with this one (its 14,000 glyphs of Big5 and GB 2312, no subroutines), which takes 0.1 s once.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

/* The family's face in a weight. Caller releases it with cairo_font_face_destroy(), which frees all that is
 * behind it. NULL when no such font is installed or it can't be reduced. */
cairo_font_face_t *subset_face(const char *family, gboolean bold);
