/* SPDX-License-Identifier: MIT */
#include "core/intake/format.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/table/decode.h"
#include "core/table/heading.h"

const struct field_facts SHOP_FIELDS[FIELD_COUNT] = {
#define R(id, name, of, care, max) {name, of, CARE_##care, max},
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

enum field field_parse(const char *name)
{
    return (enum field)WORDS_PARSE(SHOP_FIELDS, name, FIELD_COUNT);
}

/* --- reading a shop file -------------------------------------------------------------------------------- */

struct parse {
    const char *code;
    GKeyFile *file;
    struct shop_format *format;
};

static gboolean bad_key(const struct parse *parse, const char *group, const char *key, const char *what, GError **error)
{
    g_autofree char *text = g_strdup_printf("[%s] %s: %s", group, key, what);
    return err_set(error, ERR_SHOP_FORMAT, parse->code, text);
}

/* The format owns it from here on. */
static char **keep(const struct parse *parse, char **list)
{
    g_ptr_array_add(parse->format->lists, list);
    return list;
}

/* What becomes of each word of a list. Caller frees. */
typedef char *(*word_form)(const struct parse *parse, const char *word);

static char *as_written(const struct parse *parse, const char *word)
{
    (void)parse;
    return g_strdup(word);
}

static char *as_word(const struct parse *parse, const char *word)
{
    (void)parse;
    return word_normal(word);
}

static char *as_header(const struct parse *parse, const char *word)
{
    return heading_normal(word, strlen(word), (const char *const *)parse->format->suffixes);
}

static char **get_list(const struct parse *parse, const char *group, const char *key, word_form form)
{
    char **list = g_key_file_get_string_list(parse->file, group, key, NULL, NULL);
    for (size_t i = 0; list && list[i]; i++) {
        g_autofree char *word = g_strstrip(list[i]);
        list[i] = form(parse, word);
    }
    return keep(parse, list ? list : g_new0(char *, 1));
}

static const char *get_text(const struct parse *parse, const char *group, const char *key, const char *fallback)
{
    g_autofree char *text = g_key_file_get_string(parse->file, group, key, NULL);
    return g_string_chunk_insert_const(parse->format->texts, text ? g_strstrip(text) : fallback);
}

static gboolean parse_encodings(struct parse *parse, GError **error)
{
    char **list = get_list(parse, "shop", "encodings", as_written);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (size_t i = 0; list[i]; i++) {
        const char *name = decode_canonical(list[i]);
        if (!name)
            return bad_key(parse, "shop", "encodings", list[i], error);
        g_strv_builder_add(names, name);
    }
    if (!list[0])
        g_strv_builder_add(names, "UTF-8");
    parse->format->encodings = keep(parse, g_strv_builder_end(names));
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
    const char *text = get_text(parse, "shop", key, fallback);
    int n = WORDS_FIND(WORDS, text);
    if (n < 0)
        return bad_key(parse, "shop", key, text, error);
    *character = WORDS[n].character;
    return TRUE;
}

static gboolean parse_dates(struct parse *parse, GError **error)
{
    static const char *const ORDERS[] = {[DATE_YMD] = "ymd", [DATE_DMY] = "dmy", [DATE_MDY] = "mdy"};
    const char *dates = get_text(parse, "shop", "dates", "ymd");
    const char *zone = get_text(parse, "shop", "time_zone", "Asia/Taipei");
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
                           ? g_key_file_get_integer(parse->file, "shop", "exponent", NULL) : 2;
    if (format->exponent < 0 || format->exponent > 4)
        return bad_key(parse, "shop", "exponent", "0..4", error);
    format->blank_continues = g_key_file_get_boolean(parse->file, "shop", "blank_order_no_continues", NULL);
    format->phone_tw = g_key_file_get_boolean(parse->file, "shop", "taiwan_phones", NULL);
    return parse_encodings(parse, error) && parse_character(parse, "delimiter", "auto", &format->table.delimiter, error) &&
           parse_character(parse, "quote", "double", &format->table.quote, error) && parse_dates(parse, error);
}

#define IS_FIELD(name) (WORDS_FIND(SHOP_FIELDS, name) >= 0)

static gboolean parse_columns(struct parse *parse, GError **error)
{
    struct shop_format *format = parse->format;
    format->suffixes = get_list(parse, "match", "suffixes", as_header); /* there are none yet that could be cut off */
    g_auto(GStrv) keys = g_key_file_get_keys(parse->file, "columns", NULL, NULL);
    if (!keys)
        return bad_key(parse, "columns", "*", _("missing"), error);
    for (size_t i = 0; keys[i]; i++)
        if (!IS_FIELD(keys[i]))
            return bad_key(parse, "columns", keys[i], _("unknown"), error);
    for (int i = 0; i < FIELD_COUNT; i++)
        format->columns[i] = get_list(parse, "columns", SHOP_FIELDS[i].name, as_header);
    format->signature = get_list(parse, "match", "signature", as_header);
    return TRUE;
}

static gboolean parse_required(struct parse *parse, GError **error)
{
    char **sets = get_list(parse, "match", "required", as_written);
    for (size_t i = 0; sets[i]; i++) {
        char **names = keep(parse, g_strsplit(sets[i], "|", -1));
        g_ptr_array_add(parse->format->required, names);
        for (size_t n = 0; names[n]; n++)
            if (!IS_FIELD(g_strstrip(names[n])))
                return bad_key(parse, "match", "required", names[n], error);
    }
    return TRUE;
}

/* "hct.morning = word; word" */
static void parse_group(struct parse *parse, const char *group, GPtrArray *list, word_form form)
{
    g_auto(GStrv) keys = g_key_file_get_keys(parse->file, group, NULL, NULL);
    for (size_t i = 0; keys && keys[i]; i++) {
        struct shop_word *word = g_new0(struct shop_word, 1);
        char **parts = keep(parse, g_strsplit(keys[i], ".", 2));
        word->code = parts[0];
        word->service = parts[0] && parts[1] ? parts[1] : "";
        word->patterns = get_list(parse, group, keys[i], form);
        g_ptr_array_add(list, word);
    }
}

static gboolean parse_words(struct parse *parse, GError **error)
{
    struct shop_format *format = parse->format;
    for (int i = SHOP_PAID; i < SHOP_STATE_COUNT; i++)
        format->states[i] = get_list(parse, "states", shop_state_name((enum shop_state)i), as_word);
    format->cod = get_list(parse, "payment", "cod", as_word);
    parse_group(parse, "couriers", format->couriers, as_word);
    parse_group(parse, "documents", format->documents, as_written);
    char **services = get_list(parse, "services", "sku", as_written);
    for (size_t i = 0; services[i]; i++)
        g_hash_table_add(format->services, services[i]);
    const char *item = get_text(parse, "items", "pattern", "");
    if (item[0])
        format->item = g_regex_new(item, G_REGEX_OPTIMIZE | G_REGEX_DOTALL, 0, NULL);
    return !item[0] || format->item || bad_key(parse, "items", "pattern", item, error);
}

static void list_free(void *data)
{
    g_strfreev(data);
}

struct shop_format *shop_format_parse(const char *code, const char *text, size_t length, GError **error)
{
    g_autoptr(shop_format) format = g_new0(struct shop_format, 1);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) why = NULL;
    struct parse parse = {code, file, format};
    format->texts = g_string_chunk_new(256);
    format->lists = g_ptr_array_new_with_free_func(list_free);
    format->code = g_string_chunk_insert(format->texts, code);
    format->couriers = g_ptr_array_new_with_free_func(g_free);
    format->documents = g_ptr_array_new_with_free_func(g_free);
    format->required = g_ptr_array_new();
    format->services = g_hash_table_new(g_str_hash, g_str_equal);
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &why)) {
        err_set(error, ERR_SHOP_FORMAT, code, why->message);
        return NULL;
    }
    gboolean good = parse_columns(&parse, error) && parse_shop(&parse, error) && parse_required(&parse, error) &&
                    parse_words(&parse, error);
    return good ? g_steal_pointer(&format) : NULL;
}

void shop_format_free(void *data)
{
    struct shop_format *format = data;
    g_string_chunk_free(format->texts);
    g_ptr_array_unref(format->lists);
    g_clear_pointer(&format->zone, g_time_zone_unref);
    g_ptr_array_unref(format->required);
    g_ptr_array_unref(format->couriers);
    g_ptr_array_unref(format->documents);
    g_hash_table_unref(format->services);
    g_clear_pointer(&format->item, g_regex_unref);
    g_free(format);
}

static int by_code(const void *a, const void *b)
{
    const struct shop_format *const *left = a, *const *right = b;
    return strcmp((*left)->code, (*right)->code);
}

static gboolean load_one(GPtrArray *formats, const char *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *code = g_strndup(name, strlen(name) - strlen(".ini"));
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, &why))
        return err_set(error, ERR_FILE_READ, path, why->message);
    struct shop_format *format = shop_format_parse(code, text, length, error);
    if (format)
        g_ptr_array_add(formats, format);
    return format != NULL;
}

GPtrArray *shop_formats_load(const char *dir, GError **error)
{
    g_autofree char *path = dir ? g_strdup(dir) : paths_asset("shops");
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) handle = g_dir_open(path, 0, &why);
    g_autoptr(GPtrArray) formats = g_ptr_array_new_with_free_func(shop_format_free);
    if (!handle) {
        err_set(error, ERR_FILE_READ, path, why->message);
        return NULL;
    }
    for (const char *name; (name = g_dir_read_name(handle));)
        if (g_str_has_suffix(name, ".ini") && !load_one(formats, path, name, error))
            return NULL;
    g_ptr_array_sort(formats, by_code);
    return g_steal_pointer(&formats);
}

const struct shop_format *shop_formats_get(const GPtrArray *formats, const char *code, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < formats->len; i++) {
        const struct shop_format *format = formats->pdata[i];
        if (strcmp(format->code, code) == 0)
            return format;
        g_string_append_printf(known, "%s%s", i ? ", " : "", format->code);
    }
    g_autofree char *clean = g_utf8_make_valid(code, -1);
    err_set(error, ERR_SHOP_FORMAT_UNKNOWN, clean, known->str);
    return NULL;
}
