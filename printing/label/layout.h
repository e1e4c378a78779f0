/* SPDX-License-Identifier: MIT
 *
 * printing/label: label data and a template to what stands where; pure.
 *
 * Label data + template -> display list. Pure: the same label gives the same list, whatever draws it. Lengths
 * are micrometres from the top left corner. Text stands inside its box, always (wrap.h). Barcodes are snapped
 * to whole printer dots, position and module width, and keep their quiet zones; one that does not fit is an
 * error, never a smaller one than the template allows (in a table's row it gives way to its text).
 */
#pragma once

#include <glib.h>

#include "core/print/label_data.h"
#include "printing/label/barcode.h"
#include "printing/label/template.h"
#include "printing/label/wrap.h"

enum { UM_PER_INCH = 25400 };
enum draw_kind { DRAW_TEXT, DRAW_BARCODE, DRAW_RECT };

struct draw {
    enum draw_kind kind;
    const char *box; /* its name; borrowed from the template */
    int x_um, y_um, width_um, height_um;
    gboolean white; /* instead of black */
    /* DRAW_TEXT: one line; the rectangle is the room it has. Its width never exceeds width_um. */
    char *text;
    int size_um;
    int baseline_um; /* from the top of the paper */
    gboolean bold;
    /* DRAW_BARCODE: quiet zones not included; module is in dots */
    struct barcode *barcode;
    int x_dots, y_dots, module_dots, height_dots;
};

struct page {
    int width_um, height_um;
    int dots_per_inch;
    GArray *draws; /* struct draw */
};

/* The pages of a label, at least one. Free with g_ptr_array_unref(). NULL with ERR_BARCODE, ERR_BARCODE_ROOM
 * or ERR_LABEL_COD. */
GPtrArray *layout_label(const struct label *label, const struct template *template,
                        const struct metrics *metrics, int dots_per_inch, GError **error);

/* A display list as text, one line a draw, for goldens and for people. Caller frees. */
char *layout_dump(const GPtrArray *pages);
