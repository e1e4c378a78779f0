/* SPDX-License-Identifier: MIT */
#include "printing/label/layout.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/money.h"
#include "printing/label/fields.h"

struct layout {
    const struct template *template;
    const struct metrics *metrics;
    struct field_context context;
    int dots_per_inch;
    struct page *page;
    GError **error;
};

/* --- pages ---------------------------------------------------------------------------------------------- */

static void draw_clear(gpointer data)
{
    struct draw *draw = data;
    g_free(draw->text);
    g_free(draw->barcode);
}

static void page_free(gpointer data)
{
    struct page *page = data;
    g_array_unref(page->draws);
    g_free(page);
}

static struct page *page_new(const struct layout *layout)
{
    struct page *page = g_new0(struct page, 1);
    page->width_um = layout->template->width_um;
    page->height_um = layout->template->height_um;
    page->dots_per_inch = layout->dots_per_inch;
    page->draws = g_array_sized_new(FALSE, FALSE, sizeof(struct draw), 40);
    g_array_set_clear_func(page->draws, draw_clear);
    return page;
}

static void add_rect(struct layout *layout, const struct box *box, int x_um, int y_um, int width_um, int height_um)
{
    struct draw draw = {
        .kind = DRAW_RECT, .box = box->name, .x_um = x_um, .y_um = y_um, .width_um = width_um, .height_um = height_um};
    g_array_append_val(layout->page->draws, draw);
}

/* --- text ----------------------------------------------------------------------------------------------- */

static void add_line(struct layout *layout, const struct box *box, const struct wrap *wrap, int n,
                     const char *text, int top_um)
{
    const struct wrap_line *line = &wrap->line[n];
    int spare_um = box->width_um - line->width_um;
    int shift_um = box->align == ALIGN_LEFT ? 0 : box->align == ALIGN_CENTRE ? spare_um / 2 : spare_um;
    struct draw draw = {
        .kind = DRAW_TEXT,
        .box = box->name,
        .x_um = box->x_um + shift_um,
        .y_um = top_um + n * wrap->pitch_um,
        .width_um = box->width_um - shift_um,
        .height_um = wrap->pitch_um,
        .white = box->inverse,
        .text = g_strdup_printf("%.*s%s", line->length, text + line->start, line->ellipsis ? "…" : ""),
        .size_um = wrap->size_um,
        .baseline_um = top_um + n * wrap->pitch_um + wrap->baseline_um,
        .bold = box->bold,
    };
    g_array_append_val(layout->page->draws, draw);
}

static void place_text(struct layout *layout, const struct box *box, const char *text)
{
    struct wrap wrap;
    struct wrap_box room = {box->width_um, box->height_um, box->max_size_um, box->min_size_um, box->bold};
    wrap_text(layout->metrics, text, &room, &wrap);
    if (box->inverse)
        add_rect(layout, box, box->x_um, box->y_um, box->width_um, box->height_um);
    int spare_um = box->height_um - wrap.lines * wrap.pitch_um;
    int top_um = box->y_um + (box->middle ? spare_um / 2 : 0);
    for (int i = 0; i < wrap.lines; i++)
        add_line(layout, box, &wrap, i, text, top_um);
}

/* --- barcodes ------------------------------------------------------------------------------------------- */

static int um_to_dots_up(const struct layout *layout, int um)
{
    return (um * layout->dots_per_inch + UM_PER_INCH - 1) / UM_PER_INCH;
}

static int um_to_dots_down(const struct layout *layout, int um)
{
    return um * layout->dots_per_inch / UM_PER_INCH;
}

static int dots_to_um(const struct layout *layout, int dots)
{
    return dots * UM_PER_INCH / layout->dots_per_inch;
}

static enum label_symbology symbology_of(const struct layout *layout, const struct box *box)
{
    static const enum label_symbology OWN[] = {
        [SYMBOL_CODE128] = LABEL_CODE128, [SYMBOL_GS1_128] = LABEL_GS1_128, [SYMBOL_QR] = LABEL_QR};
    return box->symbol == SYMBOL_LABEL ? layout->context.label->symbology : OWN[box->symbol];
}

static gboolean place_barcode(struct layout *layout, const struct box *box, const char *text, GError **error)
{
    g_autofree struct barcode *barcode = barcode_encode(symbology_of(layout, box), text, error);
    if (!barcode)
        return FALSE;
    int left = um_to_dots_up(layout, box->x_um), top = um_to_dots_up(layout, box->y_um);
    int width = um_to_dots_down(layout, box->x_um + box->width_um) - left;
    int height = um_to_dots_down(layout, box->y_um + box->height_um) - top;
    int columns = barcode->columns + 2 * barcode->quiet_x, rows = barcode->rows + 2 * barcode->quiet_y;
    int module = MIN(width / columns, box->max_dots);
    if (barcode->rows > 1)
        module = MIN(module, height / rows);
    if (module < box->min_dots)
        return err_set(error, ERR_BARCODE_ROOM, box->name);
    int high = barcode->rows > 1 ? barcode->rows * module : height;
    struct draw draw = {
        .kind = DRAW_BARCODE,
        .box = box->name,
        .barcode = barcode,
        .module_dots = module,
        .height_dots = high,
        .x_dots = left + (width - barcode->columns * module) / 2,
        .y_dots = top + (height - high) / 2,
    };
    draw.x_um = dots_to_um(layout, draw.x_dots), draw.y_um = dots_to_um(layout, draw.y_dots);
    draw.width_um = dots_to_um(layout, barcode->columns * module), draw.height_um = dots_to_um(layout, high);
    g_array_append_val(layout->page->draws, draw);
    barcode = NULL;
    return TRUE;
}

/* One odd product code must not keep a whole pick list from being printed: it stands there as text. */
static void place_row_barcode(struct layout *layout, const struct box *box, const char *text)
{
    struct box bars = *box;
    bars.y_um += box->height_um / 10;
    bars.height_um -= box->height_um / 5;
    if (!place_barcode(layout, &bars, text, NULL))
        place_text(layout, box, text);
}

/* --- boxes ---------------------------------------------------------------------------------------------- */

static gboolean is_empty(const char *pattern, const struct field_context *context)
{
    g_autofree char *text = fields_fill(pattern, context);
    return !text || !*text;
}

static gboolean is_left_out(const struct layout *layout, const struct box *box)
{
    return (box->when && is_empty(box->when, &layout->context)) ||
           (box->unless && !is_empty(box->unless, &layout->context));
}

static void place_frame(struct layout *layout, const struct box *box)
{
    int x = box->x_um, y = box->y_um, w = box->width_um, h = box->height_um, line = box->line_um;
    add_rect(layout, box, x, y, w, line);
    add_rect(layout, box, x, y + h - line, w, line);
    add_rect(layout, box, x, y, line, h);
    add_rect(layout, box, x + w - line, y, line, h);
}

static gboolean place_box(struct layout *layout, const struct box *box)
{
    if (is_left_out(layout, box))
        return TRUE;
    g_autofree char *text = box->text ? fields_fill(box->text, &layout->context) : NULL;
    if (box->kind == BOX_FRAME)
        place_frame(layout, box);
    else if (box->kind == BOX_RULE)
        add_rect(layout, box, box->x_um, box->y_um, box->width_um, box->height_um);
    else if (!text || !*text)
        return TRUE;
    else if (box->kind == BOX_BARCODE)
        return place_barcode(layout, box, text, layout->error);
    else if (box->kind == BOX_COLUMN_BARCODE)
        place_row_barcode(layout, box, text);
    else
        place_text(layout, box, text);
    return TRUE;
}

/* --- tables --------------------------------------------------------------------------------------------- */

static int rows_a_page(const struct box *table)
{
    return table->height_um / table->row_um;
}

static gboolean place_row(struct layout *layout, const struct box *table, int at)
{
    for (int i = 1; i <= table->columns; i++) {
        struct box cell = table[i];
        cell.y_um = table->y_um + at * table->row_um;
        if (!place_box(layout, &cell))
            return FALSE;
    }
    return TRUE;
}

static void place_more(struct layout *layout, const struct box *table, int at)
{
    struct box line = *table;
    line.kind = BOX_TEXT;
    line.y_um += at * table->row_um;
    line.height_um = table->row_um;
    g_autofree char *text = fields_fill(table->more, &layout->context);
    if (text)
        place_text(layout, &line, text);
}

static gboolean place_table(struct layout *layout, const struct box *table)
{
    const GPtrArray *rows = layout->context.label->rows;
    int room = rows_a_page(table), total = (int)rows->len;
    int first = table->pages ? (layout->context.page - 1) * room : 0;
    int shown = MIN(total - first, room);
    gboolean more = !table->pages && total > room;
    if (more)
        shown = room - 1;
    gboolean good = TRUE;
    for (int i = 0; good && i < shown; i++) {
        layout->context.row = g_ptr_array_index(rows, first + i);
        good = place_row(layout, table, i);
    }
    layout->context.row = NULL;
    layout->context.more = more ? total - shown : 0;
    if (good && more)
        place_more(layout, table, shown);
    layout->context.more = 0;
    return good;
}

static int pages_of(const struct template *template, const struct label *label)
{
    int pages = 1;
    for (int i = 0; i < template->boxes; i++) {
        const struct box *box = &template->box[i];
        if (box->kind == BOX_TABLE && box->pages)
            pages = MAX(pages, ((int)label->rows->len + rows_a_page(box) - 1) / rows_a_page(box));
    }
    return pages;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static gboolean place_page(struct layout *layout)
{
    const struct template *template = layout->template;
    gboolean good = TRUE;
    for (int i = 0; good && i < template->boxes; i++) {
        const struct box *box = &template->box[i];
        if (box->kind == BOX_TABLE)
            good = place_table(layout, box);
        else if (box->kind != BOX_COLUMN && box->kind != BOX_COLUMN_BARCODE)
            good = place_box(layout, box);
    }
    return good;
}

/* An amount that can't be printed exactly must not silently be missing from the paper. */
static gboolean check_cod(const struct label *label, GError **error)
{
    return !label->cod_currency || money_is_payable(label->cod_currency, label->cod_minor) ||
           err_set(error, ERR_LABEL_COD, label->cod_currency);
}

GPtrArray *layout_label(const struct label *label, const struct template *template,
                        const struct metrics *metrics, int dots_per_inch, GError **error)
{
    if (!check_cod(label, error))
        return NULL;
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(page_free);
    struct layout layout = {
        .template = template,
        .metrics = metrics,
        .context = {.label = label, .pages = pages_of(template, label)},
        .dots_per_inch = dots_per_inch,
        .error = error,
    };
    for (int page = 1; page <= layout.context.pages; page++) {
        layout.context.page = page;
        layout.page = page_new(&layout);
        g_ptr_array_add(pages, layout.page);
        if (!place_page(&layout))
            return NULL;
    }
    return g_steal_pointer(&pages);
}

static void dump_draw(GString *out, const struct draw *draw)
{
    static const char *const NAME[] = {[DRAW_TEXT] = "text", [DRAW_BARCODE] = "bars", [DRAW_RECT] = "rect"};
    g_string_append_printf(out, "%s %-12s %6d %6d %6d %6d", NAME[draw->kind], draw->box, draw->x_um,
                           draw->y_um, draw->width_um, draw->height_um);
    if (draw->kind == DRAW_TEXT)
        g_string_append_printf(out, " %s%s %d |%s|", draw->bold ? "bold" : "regular",
                               draw->white ? " white" : "", draw->size_um, draw->text);
    else if (draw->kind == DRAW_BARCODE)
        g_string_append_printf(out, " %dx%d module %d dots", draw->barcode->columns, draw->barcode->rows,
                               draw->module_dots);
    g_string_append_c(out, '\n');
}

char *layout_dump(const GPtrArray *pages)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < pages->len; i++) {
        const struct page *page = g_ptr_array_index(pages, i);
        g_string_append_printf(out, "page %u of %u, %d x %d um\n", i + 1, pages->len, page->width_um, page->height_um);
        for (guint n = 0; n < page->draws->len; n++)
            dump_draw(out, &g_array_index(page->draws, struct draw, n));
    }
    return g_string_free(out, FALSE);
}
