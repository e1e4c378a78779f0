/* SPDX-License-Identifier: MIT
 *
 * Where things stand on a label: a file of assets/labels, read once and kept. Lengths are micrometres from
 * the top left corner of the paper.
 *
 *     [template]
 *     kind=waybill
 *     size=100000 150000
 *
 *     [text recipient]                      a box of text
 *     at=4000 30000 60000 12000             x y width height
 *     text={recipient_name}                 placeholders are listed in fields.c; a box whose are all empty is left out
 *     font=7000 3500                        largest and smallest em
 *     align=left|centre|right   valign=top|middle   weight=regular|bold   style=plain|inverse
 *     when={cod}                            only where this is not empty
 *     unless={store_name}                   only where this is empty
 *
 *     [barcode number]                      a barcode, centred in its box together with its quiet zone
 *     text={number}   symbol=code128|gs1-128|qr|label
 *     dots=2 4                              module width in printer dots, least and most
 *
 *     [rule middle]                         a filled rectangle
 *     [frame cod]                           an outline, line=300
 *
 *     [table items]                         a row for every row of the label
 *     row=5000                              height of a row
 *     overflow=more|page                    rows without room: the last row says so, or another page follows
 *     more=…另有 {more} 項
 *     [column name]                         belongs to the table before it; at=x width, and as [text]
 *     [bars code]                           the same with a barcode; at=x width, and as [barcode]
 */
#pragma once

#include <glib.h>

#include "core/base/autoptr.h"
#include "core/base/autoptr.h"
#include "core/print/label_data.h"

enum box_kind { BOX_TEXT, BOX_BARCODE, BOX_RULE, BOX_FRAME, BOX_TABLE, BOX_COLUMN, BOX_COLUMN_BARCODE };
enum box_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

enum box_symbol { SYMBOL_LABEL /* the courier's */, SYMBOL_CODE128, SYMBOL_GS1_128, SYMBOL_QR };

struct box {
    enum box_kind kind;
    char *name;
    int x_um, y_um, width_um, height_um; /* of a column y and height are the row's */
    char *text, *when, *unless;          /* NULL: none */
    int max_size_um, min_size_um;
    enum box_align align;
    gboolean middle, bold, inverse;
    enum box_symbol symbol;
    int min_dots, max_dots;
    int line_um;    /* BOX_FRAME */
    int row_um;     /* BOX_TABLE */
    gboolean pages; /* BOX_TABLE */
    char *more;
    int columns; /* BOX_TABLE: how many boxes that follow are its columns */
};

struct template
{
    char *name; /* "waybill-100x150" */
    enum label_kind kind;
    int width_um, height_um;
    int boxes;
    struct box *box;
};

/* Reads a file's content; name is for messages. NULL with ERR_TEMPLATE. */
struct template *template_parse(const char *name, const char *text, GError **error);
void template_free(void *template);
DEFINE_AUTOPTR(template, template_free)

/* Templates by name, read when first asked for and kept. */
struct template_store;
struct template_store *template_store_new(void);
void template_store_free(struct template_store *store);
DEFINE_AUTOPTR(template_store, template_store_free)

/* The template for a label on a paper ("100x150"): "NAME-PAPER", where NAME is the label's template_name or
 * its kind's; then the kind's on that paper. Borrowed. NULL with ERR_TEMPLATE. */
const struct template *template_for(struct template_store *store, const struct label *label,
                                    const char *paper, GError **error);
