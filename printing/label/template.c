/* SPDX-License-Identifier: MIT */
#include "printing/label/template.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "printing/label/fields.h"
#include "printing/label/wrap.h"

/* --- reading one file ----------------------------------------------------------------------------------- */

struct reading {
    GKeyFile *file;
    const char *name;
    const char *group; /* for messages */
    GError **error;
};

static gboolean fail(const struct reading *reading, const char *what)
{
    g_autofree char *text = g_strdup_printf("[%s] %s", reading->group, what);
    return err_set(reading->error, ERR_TEMPLATE, reading->name, text);
}

static char *value(const struct reading *reading, const char *key)
{
    return g_key_file_get_string(reading->file, reading->group, key, NULL);
}

/* Exactly n non-negative numbers below a metre; a key that is absent leaves out[] as it is. */
static gboolean numbers(const struct reading *reading, const char *key, int *out, int n)
{
    g_autofree char *text = value(reading, key);
    if (!text)
        return TRUE;
    g_auto(GStrv) part = g_strsplit_set(g_strstrip(text), " ", -1);
    gboolean good = (int)g_strv_length(part) == n;
    for (int i = 0; good && i < n; i++) {
        guint64 number = 0;
        good = g_ascii_string_to_unsigned(part[i], 10, 0, 1000000, &number, NULL);
        out[i] = (int)number;
    }
    return good || fail(reading, key);
}

#define CHOICE(reading, key, words, out) choice(reading, key, words, G_N_ELEMENTS(words), out)

static gboolean choice(const struct reading *reading, const char *key, const char *const *words, size_t count, int *out)
{
    g_autofree char *text = value(reading, key);
    if (!text)
        return TRUE;
    int n = words_find(words, count, sizeof *words, text);
    if (n >= 0)
        *out = n;
    return n >= 0 || fail(reading, key);
}

static gboolean pattern(const struct reading *reading, const char *key, char **out)
{
    *out = value(reading, key);
    g_autofree char *name = NULL;
    if (!*out || fields_known(*out, &name))
        return TRUE;
    g_autofree char *what = g_strdup_printf("%s: {%s}", key, name);
    return fail(reading, what);
}

static const char *const KINDS[] = {
    [BOX_TEXT] = "text",   [BOX_BARCODE] = "barcode", [BOX_RULE] = "rule",           [BOX_FRAME] = "frame",
    [BOX_TABLE] = "table", [BOX_COLUMN] = "column",   [BOX_COLUMN_BARCODE] = "bars",
};
static const char *const ALIGNS[] = {"left", "centre", "right"};
static const char *const VALIGNS[] = {"top", "middle"};
static const char *const WEIGHTS[] = {"regular", "bold"};
static const char *const STYLES[] = {"plain", "inverse"};
static const char *const OVERFLOWS[] = {"more", "page"};
static const char *const SYMBOLS[] = {"label", "code128", "gs1-128", "qr"};

static gboolean read_place(const struct reading *reading, struct box *box, const struct box *table)
{
    if (box->kind != BOX_COLUMN && box->kind != BOX_COLUMN_BARCODE) {
        int at[4] = {0};
        if (!numbers(reading, "at", at, 4))
            return FALSE;
        box->x_um = at[0], box->y_um = at[1], box->width_um = at[2], box->height_um = at[3];
        return TRUE;
    }
    int at[2] = {0};
    if (!table)
        return fail(reading, "a column needs a table before it");
    if (!numbers(reading, "at", at, 2))
        return FALSE;
    box->x_um = at[0], box->width_um = at[1];
    box->y_um = table->y_um, box->height_um = table->row_um;
    return TRUE;
}

static gboolean read_style(const struct reading *reading, struct box *box)
{
    int font[2] = {3500, 2100}, dots[2] = {2, 4}, align = 0, middle = 0, bold = 0, inverse = 0, symbol = 0, pages = 0;
    box->line_um = 300;
    gboolean good = numbers(reading, "font", font, 2) && numbers(reading, "dots", dots, 2) &&
                    numbers(reading, "line", &box->line_um, 1) && CHOICE(reading, "align", ALIGNS, &align) &&
                    CHOICE(reading, "valign", VALIGNS, &middle) && CHOICE(reading, "weight", WEIGHTS, &bold) &&
                    CHOICE(reading, "style", STYLES, &inverse) && CHOICE(reading, "symbol", SYMBOLS, &symbol) &&
                    CHOICE(reading, "overflow", OVERFLOWS, &pages);
    box->max_size_um = font[0], box->min_size_um = font[1];
    box->min_dots = dots[0], box->max_dots = dots[1];
    box->align = (enum box_align)align;
    box->symbol = (enum box_symbol)symbol;
    box->middle = middle, box->bold = bold, box->inverse = inverse, box->pages = pages;
    return good;
}

/* A box that could not hold one character of its smallest size could only overflow. */
static gboolean check_box(const struct reading *reading, const struct box *box, const struct template *template)
{
    if (box->width_um <= 0 || box->height_um <= 0 || box->x_um + box->width_um > template->width_um ||
        box->y_um + box->height_um > template->height_um)
        return fail(reading, "at: outside the paper");
    gboolean is_text = box->kind == BOX_TEXT || box->kind == BOX_COLUMN;
    gboolean is_bars = box->kind == BOX_BARCODE || box->kind == BOX_COLUMN_BARCODE;
    if ((is_text || is_bars) && !box->text)
        return fail(reading, "text is missing");
    if ((is_text || box->kind == BOX_COLUMN_BARCODE) &&
        (box->min_size_um < 1000 || box->min_size_um > box->max_size_um ||
         box->min_size_um * WRAP_PITCH_MEM / 1000 >= box->height_um || box->min_size_um > box->width_um))
        return fail(reading, "font: the smallest size does not fit the box");
    if (is_bars && (box->min_dots < 1 || box->min_dots > box->max_dots))
        return fail(reading, "dots");
    if (box->kind == BOX_TABLE && (box->row_um < 1000 || box->row_um > box->height_um || (!box->pages && !box->more)))
        return fail(reading, "row, overflow, more");
    return TRUE;
}

static gboolean read_box(struct reading *reading, struct template *template, struct box *box, const struct box *table)
{
    g_auto(GStrv) word = g_strsplit(reading->group, " ", 2);
    int kind = WORDS_FIND(KINDS, word[0]);
    box->name = g_strdup(word[0] && word[1] ? word[1] : "");
    if (kind < 0)
        return fail(reading, "unknown kind of box");
    box->kind = (enum box_kind)kind;
    return read_place(reading, box, table) && read_style(reading, box) &&
           numbers(reading, "row", &box->row_um, 1) && pattern(reading, "text", &box->text) &&
           pattern(reading, "when", &box->when) && pattern(reading, "unless", &box->unless) &&
           pattern(reading, "more", &box->more) && check_box(reading, box, template);
}

static gboolean read_head(struct reading *reading, struct template *template)
{
    reading->group = "template";
    int size[2] = {0};
    g_autofree char *kind = value(reading, "kind");
    template->kind = kind ? label_kind_of(kind) : LABEL_KINDS;
    if (template->kind == LABEL_KINDS)
        return fail(reading, "kind");
    if (!numbers(reading, "size", size, 2))
        return FALSE;
    template->width_um = size[0], template->height_um = size[1];
    return (size[0] >= 20000 && size[1] >= 20000) || fail(reading, "size");
}

static gboolean read_boxes(struct reading *reading, struct template *template)
{
    gsize count = 0;
    g_auto(GStrv) groups = g_key_file_get_groups(reading->file, &count);
    struct box *table = NULL;
    template->box = g_new0(struct box, count);
    for (gsize i = 0; i < count; i++) {
        if (strcmp(groups[i], "template") == 0)
            continue;
        reading->group = groups[i];
        struct box *box = &template->box[template->boxes++];
        if (!read_box(reading, template, box, table))
            return FALSE;
        if (box->kind == BOX_TABLE)
            table = box;
        else if (box->kind == BOX_COLUMN || box->kind == BOX_COLUMN_BARCODE)
            table->columns++;
        else
            table = NULL; /* columns follow their table without a gap */
    }
    return TRUE;
}

struct template *template_parse(const char *name, const char *text, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, &cause)) {
        err_set(error, ERR_TEMPLATE, name, cause->message);
        return NULL;
    }
    g_autoptr(template) template = g_new0(struct template, 1);
    template->name = g_strdup(name);
    struct reading reading = {file, name, "", error};
    gboolean good = read_head(&reading, template) && read_boxes(&reading, template);
    return good ? g_steal_pointer(&template) : NULL;
}

void template_free(void *data)
{
    struct template *template = data;
    if (!template)
        return;
    for (int i = 0; i < template->boxes; i++) {
        struct box *box = &template->box[i];
        g_free(box->name);
        g_free(box->text);
        g_free(box->when);
        g_free(box->unless);
        g_free(box->more);
    }
    g_free(template->box);
    g_free(template->name);
    g_free(template);
}

/* --- the store ------------------------------------------------------------------------------------------ */

struct template_store {
    GHashTable *by_name;
};

struct template_store *template_store_new(void)
{
    struct template_store *store = g_new0(struct template_store, 1);
    store->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, template_free);
    return store;
}

void template_store_free(struct template_store *store)
{
    if (!store)
        return;
    g_hash_table_unref(store->by_name);
    g_free(store);
}

/* The file of a template's name. */
static char *path_of(const char *name)
{
    g_autofree char *relative = g_strdup_printf("labels/%s.ini", name);
    return paths_asset(relative);
}

static const struct template *store_get(struct template_store *store, const char *name, GError **error)
{
    struct template *template = g_hash_table_lookup(store->by_name, name);
    if (template)
        return template;
    g_autofree char *path = path_of(name), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        err_set(error, ERR_TEMPLATE, name, "there is no such file");
        return NULL;
    }
    template = template_parse(name, text, error);
    if (template)
        g_hash_table_insert(store->by_name, template->name, template);
    return template;
}

/* Names come from courier files and printers' settings: they must not lead out of assets/labels. */
static gboolean is_plain(const char *name)
{
    return name[0] && !name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-")];
}

static char *courier_template(const struct label *label, const char *paper)
{
    if (!label->template_name || !is_plain(label->template_name))
        return NULL;
    g_autofree char *name = g_strdup_printf("%s-%s", label->template_name, paper), *path = path_of(name);
    return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&name) : NULL;
}

const struct template *template_for(struct template_store *store, const struct label *label,
                                    const char *paper, GError **error)
{
    const char *kind = label_kind_name(label->kind);
    if (!is_plain(paper)) {
        err_set(error, ERR_TEMPLATE, kind, "bad paper size");
        return NULL;
    }
    g_autofree char *name = label->kind == LABEL_WAYBILL ? courier_template(label, paper) : NULL;
    if (!name)
        name = g_strdup_printf("%s-%s", kind, paper);
    return store_get(store, name, error);
}
