/* SPDX-License-Identifier: MIT
 *
 * What comes out is read by others: pdftoppm rasterises the PDF at the printer's resolution, zbarimg reads
 * the barcodes. And the ink of every line, whatever the text, stays inside its box.
 */
#include <cairo.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "printing/label/layout.h"
#include "printing/label/sample.h"
#include "printing/output/paint.h"
#include "printing/output/renderer.h"
#include "tests/support/naughty.h"
#include "tests/support/paper.h"

struct bench {
    struct fonts *fonts;
    struct template_store *store;
    char *dir;
};
static struct bench at;

static GPtrArray *lay_out(const struct label *label, const char *paper)
{
    GError *error = NULL;
    const struct template *template = template_for(at.store, label, paper, &error);
    GPtrArray *pages = template ? layout_label(label, template, fonts_metrics(at.fonts), 203, &error) : NULL;
    g_assert_no_error(error);
    return pages;
}

/* Writes the PDF and returns what zbarimg finds on one page of it, a code a line. */
static char *read_back(struct rendering *pdf, int page)
{
    GError *error = NULL;
    GByteArray *bytes = render_pdf.finish(pdf, &error);
    g_assert_no_error(error);
    char *path = g_build_filename(at.dir, "label.pdf", NULL), *root = g_build_filename(at.dir, "page", NULL);
    char *picture = g_strconcat(root, ".pgm", NULL), number[12];
    g_assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    g_snprintf(number, sizeof number, "%d", page);
    g_free(paper_program((const char *[]){"pdftoppm", "-r", "203", "-gray", "-singlefile", "-f", number,
                                      path, root, NULL}, TRUE));
    char *codes = paper_program((const char *[]){"zbarimg", "-q", "--nodbus", picture, NULL}, TRUE);
    g_unlink(picture);
    g_unlink(path);
    g_free(picture);
    g_free(root);
    g_free(path);
    g_byte_array_unref(bytes);
    return codes;
}

static void expect(const char *codes, const char *kind, const char *text)
{
    char *line = g_strdup_printf("%s:%s\n", kind, text);
    if (!strstr(codes, line))
        g_error("not on the paper: %s", line);
    g_free(line);
}

static void waybills(void)
{
    static const char *const PAPERS[] = {"100x150", "100x130", "100x180", "76x130"};
    for (int n = 0; n < 8; n++) {
        struct label *label = sample_label(LABEL_WAYBILL, n * 37);
        GPtrArray *pages = lay_out(label, PAPERS[n % 4]);
        struct rendering *pdf = render_pdf.begin(at.fonts);
        renderer_pages(&render_pdf, pdf, pages);
        char *codes = read_back(pdf, 1);
        expect(codes, "CODE-128", label->number);
        expect(codes, "CODE-128", label->code);
        expect(codes, "QR-Code", label->qr);
        g_free(codes);
        g_ptr_array_unref(pages);
        label_free(label);
    }
}

/* Many labels in one file: the last page is the last label. */
static void many_pages(void)
{
    struct rendering *pdf = render_pdf.begin(at.fonts);
    char *number = NULL;
    for (int n = 0; n < 50; n++) {
        struct label *label = sample_label(LABEL_WAYBILL, n);
        GPtrArray *pages = lay_out(label, "100x150");
        renderer_pages(&render_pdf, pdf, pages);
        g_ptr_array_unref(pages);
        label_set(&number, label->number);
        label_free(label);
    }
    char *codes = read_back(pdf, 50);
    expect(codes, "CODE-128", number);
    g_free(codes);
    g_free(number);
}

static void sscc(void)
{
    struct label *label = sample_label(LABEL_WAYBILL, 5);
    label->symbology = LABEL_GS1_128;
    label_set(&label->barcode, "[00]095287654321012346");
    GPtrArray *pages = lay_out(label, "100x150");
    struct rendering *pdf = render_pdf.begin(at.fonts);
    renderer_pages(&render_pdf, pdf, pages);
    char *codes = read_back(pdf, 1);
    expect(codes, "CODE-128", "00095287654321012346");
    g_free(codes);
    g_ptr_array_unref(pages);
    label_free(label);
}

/* A file of waybills is searched for a name or a number. */
static void text_is_found(void)
{
    struct label *label = sample_label(LABEL_WAYBILL, 3);
    GPtrArray *pages = lay_out(label, "100x150");
    struct rendering *pdf = render_pdf.begin(at.fonts);
    renderer_pages(&render_pdf, pdf, pages);
    GByteArray *bytes = render_pdf.finish(pdf, NULL);
    char *path = g_build_filename(at.dir, "text.pdf", NULL);
    g_assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    char *text = paper_program((const char *[]){"pdftotext", path, "-", NULL}, TRUE);
    g_assert_nonnull(strstr(text, label->number_read));
    g_assert_nonnull(strstr(text, label->recipient_name));
    g_unlink(path);
    g_free(text);
    g_free(path);
    g_byte_array_unref(bytes);
    g_ptr_array_unref(pages);
    label_free(label);
}

static void rows_are_read(enum label_kind kind, const char *paper)
{
    struct label *label = sample_label(kind, 0);
    GPtrArray *pages = lay_out(label, paper);
    struct rendering *pdf = render_pdf.begin(at.fonts);
    renderer_pages(&render_pdf, pdf, pages);
    char *codes = read_back(pdf, 1);
    const char *first = ((const struct label_row *)g_ptr_array_index(label->rows, 0))->code;
    if (!strstr(codes, first)) /* a product code may be read as the EAN-13 it also is */
        g_error("%s is not on the paper", first);
    if (label->code)
        expect(codes, "CODE-128", label->code);
    g_free(codes);
    g_ptr_array_unref(pages);
    label_free(label);
}

static void sheets(void)
{
    rows_are_read(LABEL_PICK_LIST, "100x150");
    rows_are_read(LABEL_PICK_LIST, "A4");
    rows_are_read(LABEL_BENCH_CARD, "100x150");
}

/* --- ink ------------------------------------------------------------------------------------------------ */

/* One draw alone on a surface that records: where its ink is, in hundredths of a millimetre. */
static void check_ink(const struct page *page, const struct draw *draw)
{
    struct page alone = *page;
    alone.draws = g_array_new(FALSE, FALSE, sizeof(struct draw));
    g_array_append_val(alone.draws, *draw);
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(surface);
    paint_page(cr, at.fonts, &alone, 2540);
    cairo_destroy(cr);
    double x = 0, y = 0, width = 0, height = 0, slack = 10;
    cairo_recording_surface_ink_extents(surface, &x, &y, &width, &height);
    cairo_surface_destroy(surface);
    g_array_unref(alone.draws);
    if (width <= 0)
        return;
    g_assert_cmpfloat(x, >=, draw->x_um / 10.0 - slack);
    g_assert_cmpfloat(y, >=, draw->y_um / 10.0 - slack);
    g_assert_cmpfloat(x + width, <=, (draw->x_um + draw->width_um) / 10.0 + slack);
    g_assert_cmpfloat(y + height, <=, (draw->y_um + draw->height_um) / 10.0 + slack);
}

static void check_text(const char *text)
{
    struct label *label = sample_label(LABEL_WAYBILL, 1);
    label_set(&label->recipient_name, text);
    label_set(&label->recipient_address, text);
    label_set(&label->sender_name, text);
    label_set(&label->note, text);
    GPtrArray *pages = lay_out(label, "100x150");
    const struct page *page = g_ptr_array_index(pages, 0);
    for (guint i = 0; i < page->draws->len; i++)
        check_ink(page, &g_array_index(page->draws, struct draw, i));
    g_ptr_array_unref(pages);
    label_free(label);
}

static void ink_stays_inside(void)
{
    static const char *const TEXTS[] = {
        "王大衛",
        "jgpqy ÅÉẤỆ ſÇ",
        "Ｗｉｄｅ ﾊﾝｶｸ カタカナ ㄅㄆㄇ",
        "Z\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\xCC\x87\xCC\x88zalgo",
        "العربية في المنتصف",
        "ไทยแลนด์ที่นี่",
        "हिन्दी क्षत्रिय",
        "👨‍👩‍👧‍👦🇹🇼",
        "𠮷野家 㗎 龘 喆堃",
        "﷽",
        ("司馬歐陽諸葛上官夏侯司徒東方公孫慕容司馬歐陽諸葛上官夏侯司徒東方公孫慕容司馬歐陽諸葛上官夏侯司徒東"
         "方"
         "公孫慕容司馬歐陽諸葛"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        check_text(TEXTS[i]);
}

static void naughty_ink(void)
{
    naughty_each(check_text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    GError *error = NULL;
    at.fonts = fonts_new(&error);
    g_assert_no_error(error);
    at.store = template_store_new();
    at.dir = g_dir_make_tmp("paper.XXXXXX", NULL);
    g_test_add_func("/printing/paper/waybills", waybills);
    g_test_add_func("/printing/paper/many pages", many_pages);
    g_test_add_func("/printing/paper/sscc", sscc);
    g_test_add_func("/printing/paper/text", text_is_found);
    g_test_add_func("/printing/paper/sheets", sheets);
    g_test_add_func("/printing/paper/ink", ink_stays_inside);
    g_test_add_func("/printing/paper/naughty ink", naughty_ink);
    int failed = g_test_run();
    g_rmdir(at.dir);
    g_free(at.dir);
    template_store_free(at.store);
    fonts_free(at.fonts);
    return failed;
}
