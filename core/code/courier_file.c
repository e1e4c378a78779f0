/* SPDX-License-Identifier: MIT */
#include "core/code/courier_file.h"

#include <stddef.h>
#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/code/courier.h"

enum field_type { FIELD_TEXT, FIELD_LIST, FIELD_INT, FIELD_INT64, FIELD_BOOL, FIELD_SOURCE, FIELD_MINUTE };

struct field {
    const char *group, *key;
    enum field_type type;
    size_t offset;
    const char *fallback; /* NULL: the key must be there */
};

#define AT(member) offsetof(struct courier, member)

static const struct field FIELDS[] = {
    {"courier", "name", FIELD_TEXT, AT(name), NULL},
    {"courier", "name_zh", FIELD_TEXT, AT(name_zh), NULL},
    {"courier", "services", FIELD_LIST, AT(services), "standard"},
    {"courier", "cut_off", FIELD_MINUTE, AT(cut_off_minute), ""},
    {"courier", "address_max", FIELD_INT, AT(address_max), "0"},
    {"courier", "name_max", FIELD_INT, AT(name_max), "0"},
    {"courier", "forbidden", FIELD_TEXT, AT(forbidden), ""},
    {"courier", "cod_max", FIELD_INT64, AT(cod_max), "0"},
    {"courier", "store_pickup", FIELD_BOOL, AT(store_pickup), "no"},
    {"courier", "needs_postcode", FIELD_BOOL, AT(needs_postcode), "no"},
    {"number", "source", FIELD_SOURCE, AT(source), NULL},
    {"number", "kinds", FIELD_LIST, AT(kinds), "ordinary"},
    {"number", "make", FIELD_TEXT, AT(make), ""},
    {"number", "grouping", FIELD_TEXT, AT(grouping), ""},
    {"number", "low_mark", FIELD_INT64, AT(low_mark), "200"},
    {"label", "template", FIELD_TEXT, AT(label_template), "waybill"},
    {"label", "symbology", FIELD_TEXT, AT(symbology), "code128"},
    {"label", "barcode", FIELD_TEXT, AT(barcode), "{number}"},
};

static const char *const SOURCES[] = {
    [NUMBER_RANGE] = "range",       [NUMBER_LIST] = "list",       [NUMBER_ORDER] = "order",
    [NUMBER_EXTERNAL] = "external", [NUMBER_PENDING] = "pending",
};

const char *number_source_name(enum number_source source)
{
    return SOURCES[source];
}

static gboolean parse_number(const char *text, int64_t *number)
{
    char *end = NULL;
    *number = g_ascii_strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

static gboolean set_source(enum number_source *source, const char *value)
{
    int n = WORDS_FIND(SOURCES, value);
    *source = (enum number_source)MAX(n, 0);
    return n >= 0;
}

static gboolean set_minute(int *minute, const char *value)
{
    int64_t h, m;
    const char *colon = strchr(value, ':');
    *minute = -1;
    if (!value[0])
        return TRUE;
    g_autofree char *hour = colon ? g_strndup(value, (gsize)(colon - value)) : NULL;
    if (!hour || !parse_number(hour, &h) || !parse_number(colon + 1, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return FALSE;
    *minute = (int)(h * 60 + m);
    return TRUE;
}

static gboolean set_bool(gboolean *flag, const char *value)
{
    *flag = strcmp(value, "yes") == 0;
    return *flag || strcmp(value, "no") == 0;
}

static gboolean field_set(const struct field *field, void *at, const char *value)
{
    int64_t number = 0;
    switch (field->type) {
    case FIELD_TEXT:
        *(char **)at = g_strdup(value);
        return field->fallback != NULL || value[0] != '\0';
    case FIELD_LIST:
        *(char ***)at = g_strsplit(value, ";", -1);
        return value[0] != '\0';
    case FIELD_INT:
        if (!parse_number(value, &number) || number < 0 || number > G_MAXINT)
            return FALSE;
        *(int *)at = (int)number;
        return TRUE;
    case FIELD_INT64:
        return parse_number(value, (int64_t *)at) && *(int64_t *)at >= 0;
    case FIELD_BOOL:
        return set_bool(at, value);
    case FIELD_SOURCE:
        return set_source(at, value);
    case FIELD_MINUTE:
        return set_minute(at, value);
    }
    return FALSE;
}

static gboolean file_error(GError **error, const char *path, const char *group, const char *key, const char *what)
{
    g_autofree char *place = g_strdup_printf("[%s] %s", group, key);
    return err_set(error, ERR_COURIER_FILE, path, place, what);
}

static gboolean read_fields(GKeyFile *file, const char *path, struct courier *courier, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        const struct field *field = &FIELDS[i];
        g_autofree char *value = g_key_file_get_string(file, field->group, field->key, NULL);
        const char *used = value ? value : field->fallback;
        if (!used || !field_set(field, (char *)courier + field->offset, used))
            return file_error(error, path, field->group, field->key, value ? value : "?");
    }
    return TRUE;
}

static gboolean read_weights(struct check_params *params, const char *value)
{
    g_auto(GStrv) items = g_strsplit(value, " ", -1);
    for (guint i = 0; items[i]; i++) {
        int64_t weight = 0;
        if (params->weight_count == CHECK_WEIGHTS_MAX || !parse_number(items[i], &weight) || weight < 0 || weight > 99)
            return FALSE;
        params->weights[params->weight_count++] = (int)weight;
    }
    return TRUE;
}

/* The number in a part of a match; 0 where there is none. */
static int part_number(char **part, guint parts, guint n)
{
    return n < parts ? (int)g_ascii_strtoll(part[n], NULL, 10) : 0;
}

/* check = RULE [right] [W W W ...] [plus N] [mod A [B]]: "mod10 right 3 1", "weighted 3 1 7 mod 11 10". */
static gboolean read_check(struct number_form *form, const char *value)
{
    static const char SYNTAX[] = "^(\\w+)( right)?((?: \\d+)*)(?: plus (\\d+))?(?: mod (\\d+)(?: (\\d+))?)?$";
    g_autoptr(GRegex) syntax = g_regex_new(SYNTAX, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(syntax, value, 0, &match))
        return FALSE;
    g_auto(GStrv) part = g_match_info_fetch_all(match);
    guint parts = g_strv_length(part);
    form->rule = check_rule_find(part[1]);
    form->params.from_right = parts > 2 && part[2][0] != '\0';
    form->params.plus = part_number(part, parts, 4);
    form->params.modulo = part_number(part, parts, 5);
    form->params.modulo2 = part_number(part, parts, 6);
    return form->rule && (parts <= 3 || !part[3][0] || read_weights(&form->params, part[3] + 1));
}

static gboolean form_read_keys(GKeyFile *file, const char *path, const char *group, struct number_form *form,
                               GError **error)
{
    g_autofree char *pattern = g_key_file_get_string(file, group, "pattern", NULL);
    g_autofree char *check = g_key_file_get_string(file, group, "check", NULL);
    if (!pattern || !(form->pattern = g_regex_new(
                          pattern, G_REGEX_ANCHORED | G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, NULL)))
        return file_error(error, path, group, "pattern", pattern ? pattern : "?");
    if (!check || (strcmp(check, "none") != 0 && !read_check(form, check)))
        return file_error(error, path, group, "check", check ? check : "?");
    if (form->rule && (g_regex_get_string_number(form->pattern, "serial") < 0 ||
                       g_regex_get_string_number(form->pattern, "check") < 0))
        return file_error(error, path, group, "pattern", pattern);
    return TRUE;
}

static gboolean key_known(const char *group, const char *key)
{
    if (g_str_has_prefix(group, "form "))
        return strcmp(key, "pattern") == 0 || strcmp(key, "check") == 0;
    for (guint i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (strcmp(FIELDS[i].group, group) == 0 && strcmp(FIELDS[i].key, key) == 0)
            return TRUE;
    return FALSE;
}

static gboolean keys_known(GKeyFile *file, const char *path, const char *group, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (guint i = 0; keys && keys[i]; i++)
        if (!key_known(group, keys[i]))
            return file_error(error, path, group, keys[i], "?");
    return TRUE;
}

static gboolean read_forms(GKeyFile *file, const char *path, struct courier *courier, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (guint i = 0; groups[i]; i++) {
        if (!keys_known(file, path, groups[i], error))
            return FALSE;
        if (!g_str_has_prefix(groups[i], "form "))
            continue;
        struct number_form *form = g_new0(struct number_form, 1);
        form->name = g_strdup(groups[i] + strlen("form "));
        g_ptr_array_add(courier->forms, form);
        if (!form_read_keys(file, path, groups[i], form, error))
            return FALSE;
    }
    return courier->forms->len > 0 || file_error(error, path, "form ...", "pattern", "?");
}

struct courier *courier_read(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *base = g_path_get_basename(path);
    *strrchr(base, '.') = '\0';
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &cause)) {
        err_set(error, ERR_FILE_READ, path, cause->message);
        return NULL;
    }
    g_autoptr(courier) courier = courier_new(base);
    gboolean good = read_fields(file, path, courier, error) && read_forms(file, path, courier, error);
    return good ? g_steal_pointer(&courier) : NULL;
}
