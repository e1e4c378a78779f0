/* SPDX-License-Identifier: MIT
 *
 * Layout is pure: goldens of the display lists, and no text ever leaves its box. UPDATE_GOLDENS=1 writes the
 * goldens anew; read them as a diff.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "printing/label/fields.h"
#include "printing/label/layout.h"
#include "printing/label/sample.h"
#include "tests/support/metrics_plain.h"
#include "tests/support/naughty.h"

/* --- goldens -------------------------------------------------------------------------------------------- */

struct golden {
    enum label_kind kind;
    const char *paper;
};
static const struct golden GOLDENS[] = {
    {LABEL_WAYBILL, "100x150"}, {LABEL_WAYBILL, "100x130"},  {LABEL_WAYBILL, "100x180"},
    {LABEL_WAYBILL, "76x130"},  {LABEL_SLIP, "100x150"},     {LABEL_PICK_LIST, "100x150"},
    {LABEL_PICK_LIST, "A4"},    {LABEL_MANIFEST, "100x150"}, {LABEL_BENCH_CARD, "100x150"},
    {LABEL_BADGE, "100x150"},   {LABEL_TEST, "100x150"},
};

static struct template_store *store;

static GPtrArray *lay_out(const struct label *label, const char *paper, GError **error)
{
    const struct template *template = template_for(store, label, paper, error);
    return template ? layout_label(label, template, metrics_plain(), 203, error) : NULL;
}

static void check_golden(const struct golden *golden)
{
    GError *error = NULL;
    struct label *label = sample_label(golden->kind, 2);
    GPtrArray *pages = lay_out(label, golden->paper, &error);
    g_assert_no_error(error);
    char *dump = layout_dump(pages), *expected = NULL;
    char *path =
        g_strdup_printf("tests/printing/goldens/%s-%s.txt", label_kind_name(golden->kind), golden->paper);
    if (g_getenv("UPDATE_GOLDENS"))
        g_file_set_contents(path, dump, -1, NULL);
    g_assert_true(g_file_get_contents(path, &expected, NULL, NULL));
    g_assert_cmpstr(dump, ==, expected);
    g_free(expected);
    g_free(path);
    g_free(dump);
    g_ptr_array_unref(pages);
    label_free(label);
}

static void goldens(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(GOLDENS); i++)
        check_golden(&GOLDENS[i]);
}

/* --- nothing overflows ---------------------------------------------------------------------------------- */

static int width_um(const struct draw *draw)
{
    gint64 mem = 0;
    for (const char *p = draw->text; *p; p = wrap_next(p))
        mem += metrics_plain()->advance(metrics_plain(), g_utf8_get_char(p), draw->bold);
    return (int)(mem * draw->size_um / 1000);
}

static const struct box *box_named(const struct template *template, const char *name)
{
    for (int i = 0; i < template->boxes; i++)
        if (template->box[i].name == name)
            return &template->box[i];
    g_assert_not_reached();
}

/* Every line stands inside its box; a column's box is its row, so there only the sides and the table count. */
static void check_inside(const struct template *template, const GPtrArray *pages)
{
    for (guint p = 0; p < pages->len; p++) {
        const struct page *page = g_ptr_array_index(pages, p);
        for (guint i = 0; i < page->draws->len; i++) {
            const struct draw *draw = &g_array_index(page->draws, struct draw, i);
            const struct box *box = box_named(template, draw->box);
            g_assert_cmpint(draw->x_um, >=, box->x_um);
            g_assert_cmpint(draw->y_um, >=, box->y_um);
            g_assert_cmpint(draw->x_um + draw->width_um, <=, box->x_um + box->width_um);
            g_assert_cmpint(draw->y_um + draw->height_um, <=, template->height_um);
            if (box->kind != BOX_COLUMN && box->kind != BOX_COLUMN_BARCODE)
                g_assert_cmpint(draw->y_um + draw->height_um, <=, box->y_um + box->height_um);
            if (draw->kind == DRAW_TEXT) {
                g_assert_cmpint(width_um(draw), <=, draw->width_um);
                g_assert_true(g_utf8_validate(draw->text, -1, NULL));
                g_assert_cmpint(draw->size_um, >=, box->kind == BOX_TABLE ? 1000 : box->min_size_um);
            }
        }
    }
}

static void fill_everything(struct label *label, const char *text)
{
    char **members[] = {
        &label->title,
        &label->courier,
        &label->service,
        &label->route,
        &label->number_read,
        &label->recipient_name,
        &label->recipient_phone,
        &label->recipient_postcode,
        &label->recipient_address,
        &label->store_code,
        &label->store_name,
        &label->sender_name,
        &label->sender_phone,
        &label->sender_address,
        &label->orders,
        &label->batch,
        &label->note,
        &label->printed_at,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        label_set(members[i], text);
    for (guint i = 0; i < label->rows->len; i++) {
        struct label_row *row = g_ptr_array_index(label->rows, i);
        label_set(&row->name, text);
        label_set(&row->sku, text);
        label_set(&row->bin, text);
        label_set(&row->target, text);
        label_set(&row->code, text);
    }
}

static void check_text(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(GOLDENS); i++) {
        GError *error = NULL;
        struct label *label = sample_label(GOLDENS[i].kind, 3);
        fill_everything(label, text);
        if (GOLDENS[i].kind == LABEL_TEST) /* its title is in a QR, which has an end */
            label_set(&label->title, "label-1");
        GPtrArray *pages = lay_out(label, GOLDENS[i].paper, &error);
        g_assert_no_error(error);
        check_inside(template_for(store, label, GOLDENS[i].paper, NULL), pages);
        g_ptr_array_unref(pages);
        label_free(label);
    }
}

static void long_texts(void)
{
    static const char *const TEXTS[] = {
        "一",
        "王",
        "W",
        " ",
        "…",
        "。",
        "((((((((((((((((((((((((((((((((((((((((",
        "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn",
        "司馬歐陽諸葛上官夏侯司徒東方公孫慕容司馬歐陽諸葛上官夏侯司徒東方公孫慕容司馬歐陽諸葛上官夏侯司徒東方"
        "公孫慕容司馬歐陽諸葛",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafers",
        "臺北市信義區信義路五段 7 號 101 大樓 89 樓 A1 室(請於上班時間 09:00-18:00 "
        "送達,謝謝!)管理室可代收,勿放門口。",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        check_text(TEXTS[i]);
    char *endless = g_strnfill(20000, 'M');
    check_text(endless);
    g_free(endless);
}

/* How many characters of a box are on paper; "…" stands for what found no room. */
static glong written(const GPtrArray *pages, const char *box)
{
    const struct page *page = g_ptr_array_index(pages, 0);
    glong length = 0;
    for (guint i = 0; i < page->draws->len; i++) {
        const struct draw *draw = &g_array_index(page->draws, struct draw, i);
        if (draw->kind != DRAW_TEXT || strcmp(draw->box, box) != 0)
            continue;
        g_assert_null(strstr(draw->text, "…"));
        length += g_utf8_strlen(draw->text, -1);
    }
    return length;
}

/* A name and an address as long as they come are whole on every waybill: the courier reads them. */
static void long_recipient(void)
{
    enum { NAME = 60, ADDRESS = 120 };
    static const char *const PAPERS[] = {"76x130", "100x130", "100x150", "100x180"};
    for (size_t i = 0; i < G_N_ELEMENTS(PAPERS); i++) {
        GError *error = NULL;
        struct label *label = sample_label(LABEL_WAYBILL, 3);
        GString *name = g_string_new(NULL), *address = g_string_new(NULL);
        for (int n = 0; n < ADDRESS; n++)
            g_string_append(n < NAME ? name : address, "王");
        for (int n = 0; n < NAME; n++)
            g_string_append(address, "路");
        label_set(&label->recipient_name, name->str);
        label_set(&label->recipient_address, address->str);
        label_set(&label->recipient_postcode, "407");
        GPtrArray *pages = lay_out(label, PAPERS[i], &error);
        g_assert_no_error(error);
        g_assert_cmpint(written(pages, "recipient_name"), ==, NAME);
        g_assert_cmpint(written(pages, "address"), >=, ADDRESS);
        g_ptr_array_unref(pages);
        g_string_free(address, TRUE);
        g_string_free(name, TRUE);
        label_free(label);
    }
}

static void naughty_strings(void)
{
    naughty_each(check_text);
}

/* --- how lines break ------------------------------------------------------------------------------------ */

struct breaking {
    const char *text;
    int ems, lines;
    const char *expected; /* "|" between lines */
};
static const struct breaking BREAKS[] = {
    {"永和豆漿", 4, 1, "永和豆漿"},
    {"永和豆漿大王", 4, 2, "永和豆漿|大王"},
    {"永和豆漿,大王", 4, 2, "永和豆|漿,大王"},
    {"永和豆「漿大王」", 4, 3, "永和豆|「漿大|王」"},
    {"烏龍茶 150g", 4, 2, "烏龍茶|150g"},
    {"one two three", 4, 3, "one two|three"},
    {"MUG-RED-350", 5, 2, "MUG-|RED-350"},
    {"MUG-RED", 3, 2, "MUG-|RED"},
    {"aaaaaaaaaaaa", 2, 3, "aaa|aaa|a…"},
    {"第一行\n第二行", 9, 2, "第一行|第二行"},
    {"太長的一句話放不下", 4, 2, "太長的一|句話放…"},
    {"e\xCC\x81"
     "e\xCC\x81"
     "e\xCC\x81"
     "e\xCC\x81"
     "e\xCC\x81",
     1, 2, "e\xCC\x81|…"},
};

static void breaks(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(BREAKS); i++) {
        const struct breaking *row = &BREAKS[i];
        struct wrap wrap;
        struct wrap_box box = {row->ems * 1000, row->lines * 1200, 1000, 1000, FALSE};
        GString *out = g_string_new(NULL);
        wrap_text(metrics_plain(), row->text, &box, &wrap);
        for (int n = 0; n < wrap.lines; n++) {
            g_string_append(out, n ? "|" : "");
            g_string_append_len(out, row->text + wrap.line[n].start, wrap.line[n].length);
            g_string_append(out, wrap.line[n].ellipsis ? "…" : "");
            g_assert_cmpint(wrap.line[n].width_um, <=, box.width_um);
        }
        g_assert_cmpstr(out->str, ==, row->expected);
        g_string_free(out, TRUE);
    }
}

static void shrinks_before_it_wraps(void)
{
    struct wrap wrap;
    struct wrap_box box = {10000, 6000, 5000, 1000, FALSE};
    wrap_text(metrics_plain(), "四個大字", &box, &wrap);
    g_assert_cmpint(wrap.lines, ==, 1);
    g_assert_cmpint(wrap.size_um, <=, 2500);
    g_assert_cmpint(wrap.size_um, >, 2200);
}

/* --- what is refused ------------------------------------------------------------------------------------ */

static void templates_refused(void)
{
    static const char *const BAD[] = {
        "",
        "[template]\nkind=poem\nsize=100000 150000\n",
        "[template]\nkind=waybill\nsize=100000\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[text a]\nat=0 0 10000 5000\ntext={nothing}\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[text a]\nat=0 0 10000 5000\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[text a]\nat=95000 0 10000 5000\ntext=x\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[text a]\nat=0 0 10000 2000\ntext=x\nfont=5000 3000\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[text a]\nat=0 0 10000 5000\ntext=x\nalign=middle\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[column a]\nat=0 10000\ntext=x\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[cloud a]\nat=0 0 1 1\n",
        "[template]\nkind=waybill\nsize=100000 150000\n[table a]\nat=0 0 10000 5000\nrow=2000\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
        GError *error = NULL;
        g_assert_null(template_parse("bad", BAD[i], &error));
        g_assert_error(error, ERR, ERR_TEMPLATE);
        g_clear_error(&error);
    }
}

static void expect_refusal(const struct label *label, enum err code)
{
    GError *error = NULL;
    g_assert_null(lay_out(label, "100x150", &error));
    g_assert_error(error, ERR, (int)code);
    g_clear_error(&error);
}

static void labels_refused(void)
{
    struct label *label = sample_label(LABEL_WAYBILL, 1);
    label->cod_minor = 128050;
    expect_refusal(label, ERR_LABEL_COD);
    label->cod_minor = 128000;
    label_set(&label->barcode, "託運單");
    expect_refusal(label, ERR_BARCODE);
    label->symbology = LABEL_GS1_128;
    label_set(&label->barcode, "[00]095287654321012347"); /* the check digit is 6 */
    expect_refusal(label, ERR_BARCODE);
    label_set(&label->barcode, "[00]095287654321012346");
    GPtrArray *pages = lay_out(label, "100x150", NULL);
    g_assert_nonnull(pages);
    g_ptr_array_unref(pages);
    label->symbology = LABEL_CODE128;
    label_set(&label->barcode, "MORE-LETTERS-THAN-A-HUNDRED-MILLIMETRES-HOLD");
    expect_refusal(label, ERR_BARCODE_ROOM);
    label_set(&label->barcode, "1");
    GError *error = NULL;
    g_assert_null(template_for(store, label, "../../etc/passwd", &error));
    g_assert_error(error, ERR, ERR_TEMPLATE);
    g_clear_error(&error);
    g_assert_null(template_for(store, label, "1x1", &error));
    g_assert_error(error, ERR, ERR_TEMPLATE);
    g_clear_error(&error);
    label_free(label);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    store = template_store_new();
    g_test_add_func("/printing/layout/goldens", goldens);
    g_test_add_func("/printing/layout/breaks", breaks);
    g_test_add_func("/printing/layout/shrinks", shrinks_before_it_wraps);
    g_test_add_func("/printing/layout/long texts", long_texts);
    g_test_add_func("/printing/layout/long recipient", long_recipient);
    g_test_add_func("/printing/layout/naughty strings", naughty_strings);
    g_test_add_func("/printing/layout/templates refused", templates_refused);
    g_test_add_func("/printing/layout/labels refused", labels_refused);
    int failed = g_test_run();
    template_store_free(store);
    return failed;
}
