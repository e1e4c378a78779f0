/* SPDX-License-Identifier: MIT
 *
 * Waybills a second and core as PDF, beside a straightforward cairo, pango
 * and zint program that draws the same display lists (two Code 128, a UTF-8 QR, about 12 lines of Chinese),
 * in the same run. Usage: label_bench [LABELS [LABELS A FILE]]
 */
#include <cairo-pdf.h>
#include <locale.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zint.h>

#include "core/base/error.h"
#include "core/base/money.h"
#include "printing/label/layout.h"
#include "printing/label/sample.h"
#include "printing/output/renderer.h"
#include "tests/bench/measure.h"

struct bench {
    struct fonts *fonts;
    struct template_store *store;
    int labels, per_file;
    size_t bytes;
};

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static GPtrArray *laid_out(const struct bench *bench, int n)
{
    struct label *label = sample_label(LABEL_WAYBILL, n);
    const struct template *template = template_for(bench->store, label, "100x150", NULL);
    GPtrArray *pages = layout_label(label, template, fonts_metrics(bench->fonts), 203, NULL);
    label_free(label);
    return pages;
}

static void ours(struct bench *bench)
{
    for (int n = 0; n < bench->labels;) {
        struct rendering *pdf = render_pdf.begin(bench->fonts);
        for (int i = 0; i < bench->per_file && n < bench->labels; i++, n++) {
            GPtrArray *pages = laid_out(bench, n);
            renderer_pages(&render_pdf, pdf, pages);
            g_ptr_array_unref(pages);
        }
        GByteArray *bytes = render_pdf.finish(pdf, NULL);
        bench->bytes += bytes->len;
        g_byte_array_unref(bytes);
    }
}

static void layout_only(struct bench *bench)
{
    for (int n = 0; n < bench->labels; n++)
        g_ptr_array_unref(laid_out(bench, n));
}

/* --- the straightforward program ------------------------------------------------------------------------ */

static const double PT_PER_UM = 72.0 / UM_PER_INCH;

static void naive_text(cairo_t *cr, const char *text, double x_um, double y_um, double width_um,
                       double size_um)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans CJK TC");
    pango_font_description_set_absolute_size(font, size_um * PT_PER_UM * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width_um * PT_PER_UM * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    cairo_move_to(cr, x_um * PT_PER_UM, y_um * PT_PER_UM);
    pango_cairo_show_layout(cr, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void naive_barcode(cairo_t *cr, int symbology, const char *text, double x_um, double y_um,
                          double module_um)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = symbology;
    symbol->input_mode = UNICODE_MODE;
    if (symbology == BARCODE_QRCODE)
        symbol->eci = 26;
    symbol->scale = 0.5F;
    symbol->show_hrt = 0;
    symbol->height = symbology == BARCODE_QRCODE ? 0 : 60;
    ZBarcode_Encode_and_Buffer_Vector(symbol, (const unsigned char *)text, 0, 0);
    for (const struct zint_vector_rect *rect = symbol->vector->rectangles; rect; rect = rect->next) {
        cairo_rectangle(cr, (x_um + (double)rect->x * module_um) * PT_PER_UM,
                        (y_um + (double)rect->y * module_um) * PT_PER_UM,
                        (double)rect->width * module_um * PT_PER_UM,
                        (double)rect->height * module_um * PT_PER_UM);
        cairo_fill(cr);
    }
    ZBarcode_Delete(symbol);
}

static void naive_goods(cairo_t *cr, const struct label *label)
{
    double y_um = 92200;
    for (guint i = 0; i < label->rows->len; i++, y_um += 4600) {
        const struct label_row *row = g_ptr_array_index(label->rows, i);
        char quantity[16];
        g_snprintf(quantity, sizeof quantity, "x%d", row->quantity);
        naive_text(cr, row->name, 3000, y_um, 36000, 3000);
        naive_text(cr, row->sku, 39500, y_um, 18500, 2700);
        naive_text(cr, quantity, 58500, y_um, 8000, 3200);
    }
}

static void naive_label(cairo_t *cr, const struct label *label)
{
    char *money = money_text(label->cod_currency, label->cod_minor);
    const struct line {
        const char *text;
        double x_um, y_um, width_um, size_um;
    } LINES[] = {
        {label->courier, 3000, 3000, 46000, 7000},
        {label->service, 50000, 3000, 20000, 4600},
        {label->route, 71000, 3000, 26000, 7000},
        {label->number, 3000, 30000, 94000, 5200},
        {label->recipient_name, 11500, 38000, 52000, 6300},
        {label->recipient_phone, 11500, 47000, 52000, 4400},
        {"代收貨款", 65000, 38500, 32000, 5000},
        {money, 65000, 44500, 32000, 5000},
        {label->recipient_postcode, 3000, 53000, 17000, 5200},
        {label->recipient_address, 20000, 53000, 77000, 5000},
        {label->sender_name, 3000, 77200, 94000, 3200},
        {label->sender_address, 3000, 81500, 94000, 2900},
        {label->orders, 3000, 87200, 64000, 3500},
        {label->code, 3000, 136500, 66000, 2100},
        {label->batch, 3000, 141500, 56000, 3500},
        {label->printed_at, 60000, 142500, 37000, 2600},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++)
        naive_text(cr, LINES[i].text, LINES[i].x_um, LINES[i].y_um, LINES[i].width_um, LINES[i].size_um);
    naive_goods(cr, label);
    naive_barcode(cr, BARCODE_CODE128, label->number, 20000, 13000, 375);
    naive_barcode(cr, BARCODE_CODE128, label->code, 8000, 126500, 250);
    naive_barcode(cr, BARCODE_QRCODE, label->qr, 70000, 89000, 750);
    g_free(money);
}

static cairo_status_t count(void *closure, const unsigned char *data, unsigned int length)
{
    (void)data;
    *(size_t *)closure += length;
    return CAIRO_STATUS_SUCCESS;
}

static void naive(struct bench *bench)
{
    for (int n = 0; n < bench->labels;) {
        cairo_surface_t *surface =
            cairo_pdf_surface_create_for_stream(count, &bench->bytes, 100000 * PT_PER_UM, 150000 * PT_PER_UM);
        cairo_t *cr = cairo_create(surface);
        for (int i = 0; i < bench->per_file && n < bench->labels; i++, n++) {
            struct label *label = sample_label(LABEL_WAYBILL, n);
            naive_label(cr, label);
            cairo_show_page(cr);
            label_free(label);
        }
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
}

/* --- the run -------------------------------------------------------------------------------------------- */

static double rate_of(struct bench *bench, void (*work)(struct bench *))
{
    double best = 0;
    for (int round = 0; round < 3; round++) {
        bench->bytes = 0;
        double start = cpu_s();
        work(bench);
        best = MAX(best, bench->labels / (cpu_s() - start));
    }
    return best;
}

/* A warm worker and one label: from its data to the PDF. */
static double first_label_ms(const struct bench *bench)
{
    struct samples samples;
    samples_init(&samples);
    for (int n = 0; n < 100; n++) {
        int64_t start = measure_now_ns();
        struct rendering *pdf = render_pdf.begin(bench->fonts);
        GPtrArray *pages = laid_out(bench, n);
        renderer_pages(&render_pdf, pdf, pages);
        g_ptr_array_unref(pages);
        g_byte_array_unref(render_pdf.finish(pdf, NULL));
        samples_add(&samples, measure_now_ns() - start);
    }
    double ms = samples_ms(&samples, 0.5);
    samples_clear(&samples);
    return ms;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    struct bench bench = {.labels = argc > 1 ? atoi(argv[1]) : 1000,
                          .per_file = argc > 2 ? atoi(argv[2]) : 50};
    bench.fonts = fonts_new(NULL);
    bench.store = template_store_new();
    if (!bench.fonts || bench.labels <= 0 || bench.per_file <= 0)
        return EXIT_USAGE;
    char *title =
        g_strdup_printf("%d waybills as PDF, %d a file, one core, best of 3; baseline: plain cairo, "
                        "pango and zint",
                        bench.labels, bench.per_file);
    measure_head(title);
    double base = rate_of(&bench, naive);
    size_t base_bytes = bench.bytes;
    measure_row("waybills", rate_of(&bench, ours), base, "/s", (struct mark){.least = 3000});
    measure_row("  bytes each", (double)bench.bytes / bench.labels, (double)base_bytes / bench.labels, "B",
                NO_MARK);
    measure_row("  layout and barcodes alone", rate_of(&bench, layout_only), 0, "/s", NO_MARK);
    measure_row("one label, warm, p50", first_label_ms(&bench), 0, "ms", (struct mark){.most = 3});
    int64_t before_kb = measure_resident_kb(getpid());
    for (int round = 0; round < 5; round++)
        ours(&bench);
    measure_row("memory grown over 5 times as many", (double)(measure_resident_kb(getpid()) - before_kb), 0,
                "KB", NO_MARK);
    g_free(title);
    template_store_free(bench.store);
    fonts_free(bench.fonts);
    return EXIT_OK;
}
