/* SPDX-License-Identifier: MIT
 *
 * A display list onto a cairo surface, in points or in pixels.
 */
#pragma once

#include <cairo.h>

#include "printing/label/layout.h"
#include "printing/output/fonts.h"

/* units_per_inch: 72 for PDF, the resolution for a bitmap. */
void paint_page(cairo_t *cr, struct fonts *fonts, const struct page *page, double units_per_inch);
