/* SPDX-License-Identifier: MIT */
#include "core/code/courier.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/code/courier_file.h"

struct courier_list {
    GPtrArray *list; /* struct courier, by code */
    char digest[17];
};

static void digest_file(GChecksum *sum, const char *name, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_checksum_update(sum, (const guchar *)name, (gssize)strlen(name) + 1);
    if (g_file_get_contents(path, &bytes, &length, NULL))
        g_checksum_update(sum, (const guchar *)bytes, (gssize)length);
}

const char *couriers_digest(const struct courier_list *couriers)
{
    return couriers->digest;
}

static void form_free(gpointer data)
{
    struct number_form *form = data;
    g_free(form->name);
    if (form->pattern)
        g_regex_unref(form->pattern);
    g_free(form);
}

struct courier *courier_new(const char *code)
{
    struct courier *courier = g_new0(struct courier, 1);
    courier->code = g_strdup(code);
    courier->forms = g_ptr_array_new_with_free_func(form_free);
    return courier;
}

void courier_free(gpointer data)
{
    struct courier *courier = data;
    char *const texts[] = {courier->code, courier->name, courier->name_zh, courier->make, courier->grouping,
                           courier->symbology, courier->barcode, courier->forbidden, courier->label_template};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(courier->kinds);
    g_strfreev(courier->services);
    g_ptr_array_unref(courier->forms);
    g_free(courier);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The directory's *.ini names, sorted, or NULL with *error. */
static GPtrArray *ini_files(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
    if (!dir) {
        err_set(error, ERR_FILE_READ, path, cause->message);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".ini"))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

struct courier_list *couriers_load(const char *dir, GError **error)
{
    g_autofree char *path = dir ? g_strdup(dir) : paths_asset("couriers");
    g_autoptr(GPtrArray) names = ini_files(path, error);
    if (!names)
        return NULL;
    g_autoptr(courier_list) couriers = g_new0(struct courier_list, 1);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    couriers->list = g_ptr_array_new_with_free_func(courier_free);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *file = g_build_filename(path, names->pdata[i], NULL);
        struct courier *courier = courier_read(file, error);
        if (!courier)
            return NULL;
        g_ptr_array_add(couriers->list, courier);
        digest_file(sum, names->pdata[i], file);
    }
    g_strlcpy(couriers->digest, g_checksum_get_string(sum), sizeof couriers->digest);
    return g_steal_pointer(&couriers);
}

void couriers_free(struct courier_list *couriers)
{
    if (!couriers)
        return;
    g_ptr_array_unref(couriers->list);
    g_free(couriers);
}

guint couriers_count(const struct courier_list *couriers)
{
    return couriers->list->len;
}

const struct courier *couriers_at(const struct courier_list *couriers, guint n)
{
    return n < couriers->list->len ? couriers->list->pdata[n] : NULL;
}

const struct courier *couriers_get(const struct courier_list *couriers, const char *code)
{
    for (guint i = 0; i < couriers->list->len; i++) {
        const struct courier *courier = couriers->list->pdata[i];
        if (strcmp(courier->code, code) == 0)
            return courier;
    }
    return NULL;
}

const char *courier_label(const struct courier *courier)
{
    /* TRANSLATORS: "zh" in Chinese catalogues, so that names which people gave themselves are shown; else as it is */
    gboolean chinese = strcmp(_("en"), "zh") == 0;
    return chinese ? courier->name_zh : courier->name;
}

const char *number_kind_label(const char *kind)
{
    static const struct word KINDS[] = {{"ordinary", N_("ordinary")}, {"cod", N_("COD")}, {"any", N_("any kind")}};
    int n = WORDS_FIND(KINDS, kind);
    return n < 0 ? kind : _(KINDS[n].label);
}

char *number_normal(const char *number)
{
    GString *out = g_string_new(NULL);
    for (const char *p = number; *p; p++)
        if (*p != ' ' && *p != '-')
            g_string_append_c(out, g_ascii_toupper(*p));
    return g_string_free(out, FALSE);
}

gboolean number_form_fits(const struct number_form *form, const char *number)
{
    g_autoptr(GMatchInfo) match = NULL;
    gboolean fits = g_regex_match(form->pattern, number, 0, &match);
    if (fits && form->rule) {
        g_autofree char *serial = g_match_info_fetch_named(match, "serial");
        g_autofree char *check = g_match_info_fetch_named(match, "check");
        fits = serial && check && check_verify(form->rule, &form->params, serial, check[0]);
    }
    return fits;
}

const struct number_form *courier_fits(const struct courier *courier, const char *number)
{
    for (guint i = 0; i < courier->forms->len; i++)
        if (number_form_fits(courier->forms->pdata[i], number))
            return courier->forms->pdata[i];
    return NULL;
}

char *courier_bare_number(const struct courier *courier, const char *text)
{
    g_autofree char *normal = number_normal(text);
    const struct number_form *form = courier_fits(courier, normal);
    g_autoptr(GMatchInfo) match = NULL;
    if (form && g_regex_get_string_number(form->pattern, "number") >= 0 &&
        g_regex_match(form->pattern, normal, 0, &match))
        return g_match_info_fetch_named(match, "number");
    return g_steal_pointer(&normal);
}

gboolean courier_check(const struct courier *courier, const char *number, GError **error)
{
    if (courier_fits(courier, number))
        return TRUE;
    gboolean shaped = FALSE;
    for (guint i = 0; i < courier->forms->len && !shaped; i++) {
        const struct number_form *form = courier->forms->pdata[i];
        shaped = g_regex_match(form->pattern, number, 0, NULL);
    }
    return err_set(error, shaped ? ERR_NUMBER_CHECK : ERR_NUMBER_FORM, number, courier_label(courier));
}

guint couriers_match(const struct courier_list *couriers, const char *number, const struct courier *out[], guint max)
{
    guint count = 0;
    for (guint i = 0; i < couriers->list->len && count < max; i++)
        if (courier_fits(couriers->list->pdata[i], number))
            out[count++] = couriers->list->pdata[i];
    return count;
}

char *courier_group_number(const struct courier *courier, const char *number)
{
    g_auto(GStrv) groups = g_strsplit(courier->grouping, "-", -1);
    GString *out = g_string_new(NULL);
    const char *rest = number;
    for (guint i = 0; groups[i] && *rest; i++) {
        size_t want = (size_t)g_ascii_strtoull(groups[i], NULL, 10);
        size_t take = groups[i + 1] && want < strlen(rest) ? want : strlen(rest);
        g_string_append_printf(out, "%s%.*s", out->len ? " " : "", (int)take, rest);
        rest += take;
    }
    g_string_append(out, rest);
    return g_string_free(out, FALSE);
}

static void replace(GString *text, const char *what, const char *with)
{
    g_string_replace(text, what, with, 0);
}

/* {head:2} is the number's application identifier where the number carries its own, {tail:2} the rest. */
char *courier_barcode(const struct courier *courier, const char *number, const char *postcode)
{
    GString *out = g_string_new(courier->barcode);
    g_autofree char *head = g_strndup(number, 2);
    if (!postcode || !postcode[0])
        replace(out, "[420]{postcode}", "");
    replace(out, "{postcode}", postcode ? postcode : "");
    replace(out, "{number}", number);
    replace(out, "{head:2}", head);
    replace(out, "{tail:2}", number + strlen(head));
    return g_string_free(out, FALSE);
}

/* Puts prefix and serial, padded with zeros to the width, in the place of {serial:N}. */
static gboolean place_serial(GString *out, const char *prefix, int width, int64_t serial)
{
    char *at = strstr(out->str, "{serial:");
    if (!at || serial < 0)
        return FALSE;
    char *end = NULL;
    int places = (int)g_ascii_strtoll(at + strlen("{serial:"), &end, 10);
    if (width == 0)
        width = MAX(places - (int)strlen(prefix), 1);
    g_autofree char *digits = g_strdup_printf("%s%0*" G_GINT64_FORMAT, prefix, width, serial);
    gboolean fits = (int)strlen(digits) == places && *end == '}';
    if (fits) {
        gssize start = at - out->str;
        g_string_erase(out, start, end + 1 - at);
        g_string_insert(out, start, digits);
    }
    return fits;
}

/* The check character stands anywhere in the number: with a stand-in in its place the pattern says what it covers. */
static gboolean place_check(const struct courier *courier, GString *out)
{
    gssize place = -1;
    char *at = strstr(out->str, "{check}");
    if (at) {
        place = at - out->str;
        replace(out, "{check}", "0");
    }
    for (guint i = 0; i < courier->forms->len; i++) {
        const struct number_form *form = courier->forms->pdata[i];
        g_autoptr(GMatchInfo) match = NULL;
        gboolean computed = g_regex_match(form->pattern, out->str, 0, &match) && form->rule;
        g_autofree char *serial = computed ? g_match_info_fetch_named(match, "serial") : NULL;
        char check = serial ? check_compute(form->rule, &form->params, serial) : '\0';
        if (check && place >= 0)
            out->str[place] = check;
        if (number_form_fits(form, out->str))
            return TRUE;
    }
    return FALSE;
}

char *courier_make_number(const struct courier *courier, const char *prefix, int width, int64_t serial, GError **error)
{
    g_autoptr(GString) out = g_string_new(courier->make);
    if (!prefix)
        prefix = "";
    if (place_serial(out, prefix, width, serial) && place_check(courier, out))
        return g_string_free(g_steal_pointer(&out), FALSE);
    g_autofree char *text = g_strdup_printf("%s%" G_GINT64_FORMAT, prefix, serial);
    err_set(error, ERR_NUMBER_MAKE, courier_label(courier), text);
    return NULL;
}
