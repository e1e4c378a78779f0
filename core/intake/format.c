/* SPDX-License-Identifier: MIT */
#include "core/intake/format.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/table/decode.h"
#include "core/table/heading.h"

static const struct {
    const char *name;
    char flag;
} FIELDS[] = {
#define R(id, name, flag) {name, flag},
    FIELD_LIST(R)
#undef R
};

static const char *const STATES[SHOP_STATE_COUNT] = {[SHOP_STATE_NONE] = "", [SHOP_PAID] = "paid",
                                                     [SHOP_UNPAID] = "unpaid", [SHOP_CANCELLED] = "cancelled",
                                                     [SHOP_SHIPPED] = "shipped"};

const char *shop_state_name(enum shop_state state)
{
    return STATES[state];
}

const char *field_name(enum field field)
{
    return FIELDS[field].name;
}

enum field field_parse(const char *name)
{
    return (enum field)WORDS_PARSE(FIELDS, name, FIELD_COUNT);
}

gboolean field_is_personal(enum field field)
{
    return FIELDS[field].flag == 'P';
}

gboolean field_is_of_line(enum field field)
{
    return FIELDS[field].flag == 'L';
}

/* --- reading a shop file -------------------------------------------------------------------------------- */

struct parse {
    const char *code;
    GKeyFile *file;
    struct shop_format *format;
};

static gboolean bad_key(const struct parse *parse, const char *group, const char *key, const char *what, GError **error)
{
    char *text = g_strdup_printf("[%s] %s: %s", group, key, what);
    err_set(error, ERR_SHOP_FORMAT, parse->code, text);
    g_free(text);
    return FALSE;
}

static char **get_list(const struct parse *parse, const char *group, const char *key)
{
    char **list = g_key_file_get_string_list(parse->file, group, key, NULL, NULL);
    for (size_t i = 0; list && list[i]; i++)
        g_strstrip(list[i]);
    return list ? list : g_new0(char *, 1);
}

static char *get_text(const struct parse *parse, const char *group, const char *key, const char *fallback)
{
    char *text = g_key_file_get_string(parse->file, group, key, NULL);
    return text ? g_strstrip(text) : g_strdup(fallback);
}

static char **get_words(const struct parse *parse, const char *group, const char *key)
{
    char **list = get_list(parse, group, key);
    for (size_t i = 0; list[i]; i++) {
        char *word = list[i];
        list[i] = word_normal(word);
        g_free(word);
    }
    return list;
}

static char **get_headers(const struct parse *parse, const char *group, const char *key)
{
    char **list = get_list(parse, group, key);
    for (size_t i = 0; list[i]; i++) {
        char *name = list[i];
        list[i] = heading_normal(name, strlen(name), (const char *const *)parse->format->suffixes);
        g_free(name);
    }
    return list;
}

static gboolean parse_encodings(struct parse *parse, GError **error)
{
    char **list = get_list(parse, "shop", "encodings");
    for (size_t i = 0; list[i]; i++) {
        const char *name = decode_canonical(list[i]);
        if (!name) {
            bad_key(parse, "shop", "encodings", list[i], error);
            g_strfreev(list);
            return FALSE;
        }
        g_free(list[i]);
        list[i] = g_strdup(name);
    }
    if (!list[0]) {
        g_strfreev(list);
        list = g_strdupv((char *[]){(char[]){"UTF-8"}, NULL});
    }
    parse->format->encodings = list;
    return TRUE;
}

static gboolean parse_character(struct parse *parse, const char *key, const char *fallback, char *character,
                                GError **error)
{
    static const struct {
        const char *word;
        char character;
    } WORDS[] = {{"auto", 0},        {"none", 0},   {"tab", '\t'},   {"comma", ','},
                 {"semicolon", ';'}, {"pipe", '|'}, {"double", '"'}};
    g_autofree char *text = get_text(parse, "shop", key, fallback);
    int n = WORDS_FIND(WORDS, text);
    if (n < 0)
        return bad_key(parse, "shop", key, text, error);
    *character = WORDS[n].character;
    return TRUE;
}

static gboolean parse_dates(struct parse *parse, GError **error)
{
    static const char *const ORDERS[] = {[DATE_YMD] = "ymd", [DATE_DMY] = "dmy", [DATE_MDY] = "mdy"};
    g_autofree char *dates = get_text(parse, "shop", "dates", "ymd");
    g_autofree char *zone = get_text(parse, "shop", "time_zone", "Asia/Taipei");
    int n = WORDS_FIND(ORDERS, dates);
    parse->format->dates = (enum date_order)MAX(n, 0);
    parse->format->zone = g_time_zone_new_identifier(zone);
    if (n < 0)
        return bad_key(parse, "shop", "dates", dates, error);
    return parse->format->zone || bad_key(parse, "shop", "time_zone", zone, error);
}

static gboolean parse_shop(struct parse *parse, GError **error)
{
    struct shop_format *format = parse->format;
    format->name = get_text(parse, "shop", "name", parse->code);
    format->currency = get_text(parse, "shop", "currency", "TWD");
    format->country = get_text(parse, "shop", "country", "TW");
    format->courier = get_text(parse, "shop", "courier", "");
    format->exponent = g_key_file_has_key(parse->file, "shop", "exponent", NULL)
                           ? g_key_file_get_integer(parse->file, "shop", "exponent", NULL)
                           : 2;
    if (format->exponent < 0 || format->exponent > 4)
        return bad_key(parse, "shop", "exponent", "0..4", error);
    format->blank_continues = g_key_file_get_boolean(parse->file, "shop", "blank_order_no_continues", NULL);
    format->phone_tw = g_key_file_get_boolean(parse->file, "shop", "taiwan_phones", NULL);
    return parse_encodings(parse, error) && parse_character(parse, "delimiter", "auto", &format->delimiter, error) &&
           parse_character(parse, "quote", "double", &format->quote, error) && parse_dates(parse, error);
}

static gboolean parse_columns(struct parse *parse, GError **error)
{
    struct shop_format *format = parse->format;
    char **suffixes = get_list(parse, "match", "suffixes");
    format->suffixes = g_new0(char *, g_strv_length(suffixes) + 1);
    for (size_t i = 0; suffixes[i]; i++)
        format->suffixes[i] = heading_normal(suffixes[i], strlen(suffixes[i]), NULL);
    g_strfreev(suffixes);
    char **keys = g_key_file_get_keys(parse->file, "columns", NULL, NULL);
    gboolean ok = keys != NULL || bad_key(parse, "columns", "*", _("missing"), error);
    for (size_t i = 0; ok && keys[i]; i++)
        ok = field_parse(keys[i]) < FIELD_COUNT || bad_key(parse, "columns", keys[i], _("unknown"), error);
    g_strfreev(keys);
    for (int i = 0; i < FIELD_COUNT; i++)
        format->columns[i] = get_headers(parse, "columns", FIELDS[i].name);
    format->signature = get_headers(parse, "match", "signature");
    return ok;
}

static gboolean parse_required(struct parse *parse, GError **error)
{
    char **sets = get_list(parse, "match", "required");
    gboolean ok = TRUE;
    for (size_t i = 0; ok && sets[i]; i++) {
        char **names = g_strsplit(sets[i], "|", -1);
        for (size_t n = 0; ok && names[n]; n++)
            ok = field_parse(g_strstrip(names[n])) < FIELD_COUNT || bad_key(parse, "match", "required", names[n], error);
        g_ptr_array_add(parse->format->required, names);
    }
    g_strfreev(sets);
    return ok;
}

static gboolean parse_words(struct parse *parse, GError **error)
{
    struct shop_format *format = parse->format;
    for (int i = SHOP_PAID; i < SHOP_STATE_COUNT; i++)
        format->states[i] = get_words(parse, "states", shop_state_name((enum shop_state)i));
    format->cod = get_words(parse, "payment", "cod");
    char **keys = g_key_file_get_keys(parse->file, "couriers", NULL, NULL);
    for (size_t i = 0; keys && keys[i]; i++) {
        struct courier_word *word = g_new0(struct courier_word, 1);
        char **parts = g_strsplit(keys[i], ".", 2);
        word->courier = g_strdup(parts[0]);
        word->service = g_strdup(parts[0] && parts[1] ? parts[1] : "");
        word->patterns = get_words(parse, "couriers", keys[i]);
        g_strfreev(parts);
        g_ptr_array_add(format->couriers, word);
    }
    g_strfreev(keys);
    char **codes = get_list(parse, "services", "sku");
    for (size_t i = 0; codes[i]; i++)
        g_hash_table_add(format->services, g_strdup(codes[i]));
    g_strfreev(codes);
    keys = g_key_file_get_keys(parse->file, "documents", NULL, NULL);
    for (size_t i = 0; keys && keys[i]; i++) {
        struct document_word *word = g_new0(struct document_word, 1);
        word->kind = g_strdup(keys[i]);
        word->patterns = get_list(parse, "documents", keys[i]);
        g_ptr_array_add(format->documents, word);
    }
    g_strfreev(keys);
    char *item = get_text(parse, "items", "pattern", "");
    gboolean ok = TRUE;
    if (item[0]) {
        format->item = g_regex_new(item, G_REGEX_OPTIMIZE | G_REGEX_DOTALL, 0, NULL);
        ok = format->item || bad_key(parse, "items", "pattern", item, error);
    }
    g_free(item);
    return ok;
}

static void courier_word_free(void *data)
{
    struct courier_word *word = data;
    g_free(word->courier);
    g_free(word->service);
    g_strfreev(word->patterns);
    g_free(word);
}

static void document_word_free(void *data)
{
    struct document_word *word = data;
    g_free(word->kind);
    g_strfreev(word->patterns);
    g_free(word);
}

static void strv_free(void *data)
{
    g_strfreev(data);
}

struct shop_format *shop_format_parse(const char *code, const char *text, size_t length, GError **error)
{
    struct parse parse = {code, g_key_file_new(), g_new0(struct shop_format, 1)};
    parse.format->code = g_strdup(code);
    parse.format->couriers = g_ptr_array_new_with_free_func(courier_word_free);
    parse.format->documents = g_ptr_array_new_with_free_func(document_word_free);
    parse.format->required = g_ptr_array_new_with_free_func(strv_free);
    parse.format->services = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GError *why = NULL;
    gboolean ok = g_key_file_load_from_data(parse.file, text, length, G_KEY_FILE_NONE, &why);
    if (!ok)
        err_set(error, ERR_SHOP_FORMAT, code, why->message);
    g_clear_error(&why);
    ok = ok && parse_columns(&parse, error) && parse_shop(&parse, error) && parse_required(&parse, error) &&
         parse_words(&parse, error);
    g_key_file_free(parse.file);
    if (ok)
        return parse.format;
    shop_format_free(parse.format);
    return NULL;
}

void shop_format_free(struct shop_format *format)
{
    if (!format)
        return;
    g_free(format->code);
    g_free(format->name);
    g_strfreev(format->encodings);
    g_free(format->currency);
    g_free(format->country);
    g_free(format->courier);
    if (format->zone)
        g_time_zone_unref(format->zone);
    for (int i = 0; i < FIELD_COUNT; i++)
        g_strfreev(format->columns[i]);
    g_strfreev(format->suffixes);
    g_strfreev(format->signature);
    for (int i = 0; i < SHOP_STATE_COUNT; i++)
        g_strfreev(format->states[i]);
    g_strfreev(format->cod);
    g_ptr_array_unref(format->required);
    g_ptr_array_unref(format->couriers);
    g_ptr_array_unref(format->documents);
    g_hash_table_unref(format->services);
    if (format->item)
        g_regex_unref(format->item);
    g_free(format);
}

static void format_free(void *format)
{
    shop_format_free(format);
}

static int by_code(const void *a, const void *b)
{
    const struct shop_format *const *left = a, *const *right = b;
    return strcmp((*left)->code, (*right)->code);
}

static gboolean load_one(GPtrArray *formats, const char *dir, const char *name, GError **error)
{
    char *path = g_build_filename(dir, name, NULL);
    char *code = g_strndup(name, strlen(name) - strlen(".ini"));
    char *text = NULL;
    gsize length = 0;
    struct shop_format *format = NULL;
    GError *why = NULL;
    if (g_file_get_contents(path, &text, &length, &why))
        format = shop_format_parse(code, text, length, error);
    else
        err_set(error, ERR_FILE_READ, path, why->message);
    if (format)
        g_ptr_array_add(formats, format);
    g_clear_error(&why);
    g_free(text);
    g_free(code);
    g_free(path);
    return format != NULL;
}

GPtrArray *shop_formats_load(const char *dir, GError **error)
{
    char *path = dir ? g_strdup(dir) : paths_asset("shops");
    GError *why = NULL;
    GDir *handle = g_dir_open(path, 0, &why);
    GPtrArray *formats = g_ptr_array_new_with_free_func(format_free);
    gboolean ok = handle != NULL;
    if (!ok)
        err_set(error, ERR_FILE_READ, path, why->message);
    g_clear_error(&why);
    for (const char *name; ok && (name = g_dir_read_name(handle));)
        if (g_str_has_suffix(name, ".ini"))
            ok = load_one(formats, path, name, error);
    if (handle)
        g_dir_close(handle);
    g_free(path);
    if (!ok) {
        g_ptr_array_unref(formats);
        return NULL;
    }
    g_ptr_array_sort(formats, by_code);
    return formats;
}

const struct shop_format *shop_formats_get(const GPtrArray *formats, const char *code, GError **error)
{
    GString *known = g_string_new(NULL);
    for (guint i = 0; i < formats->len; i++) {
        const struct shop_format *format = formats->pdata[i];
        if (strcmp(format->code, code) == 0) {
            g_string_free(known, TRUE);
            return format;
        }
        g_string_append_printf(known, "%s%s", i ? ", " : "", format->code);
    }
    char *clean = g_utf8_make_valid(code, -1);
    err_set(error, ERR_SHOP_FORMAT_UNKNOWN, clean, known->str);
    g_free(clean);
    g_string_free(known, TRUE);
    return NULL;
}
