/* SPDX-License-Identifier: MIT */
#include "core/intake/header.h"

#include <string.h>

#include "core/base/error.h"
#include "core/table/table_reader.h"

/* --- normal forms --------------------------------------------------------------------------------------- */

static char *without_blanks(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p += g_utf8_skip[*(const guchar *)p]) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && !g_unichar_iscntrl(c) && c != 0xFEFF)
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static void strip_suffixes(char *name, const char *const *suffixes)
{
    size_t length = strlen(name);
    for (size_t i = 0; suffixes && suffixes[i]; i++) {
        size_t cut = strlen(suffixes[i]);
        if (cut < length && g_str_has_suffix(name, suffixes[i])) {
            name[length - cut] = '\0';
            return;
        }
    }
}

/* Exports explain a column behind a line break within its name: that is not part of the name. */
char *header_normal(const char *name, size_t length, const char *const *suffixes)
{
    char *valid = g_utf8_make_valid(name, (gssize)length);
    char *head = g_strstrip(valid);
    head[strcspn(head, "\r\n")] = '\0';
    char *nfkc = g_utf8_normalize(head, -1, G_NORMALIZE_NFKC);
    char *folded = g_utf8_casefold(nfkc, -1);
    char *plain = without_blanks(folded);
    strip_suffixes(plain, suffixes);
    g_free(valid);
    g_free(nfkc);
    g_free(folded);
    return plain;
}

char *word_normal(const char *word)
{
    if (g_str_is_ascii(word))
        return g_strstrip(g_ascii_strdown(word, -1));
    char *nfkc = g_utf8_normalize(word, -1, G_NORMALIZE_NFKC);
    char *folded = g_utf8_casefold(nfkc ? nfkc : "", -1);
    g_free(nfkc);
    return g_strstrip(folded);
}

gboolean word_fits(char *const *patterns, const char *normal)
{
    for (size_t i = 0; patterns && patterns[i]; i++)
        if (g_pattern_match_simple(patterns[i], normal))
            return TRUE;
    return FALSE;
}

/* --- matching a header ---------------------------------------------------------------------------------- */

static GHashTable *header_columns(const struct shop_format *format, const struct table_reader *header)
{
    GHashTable *columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = table_cells(header); i-- > 0;) { /* backwards: of two columns with one name the first counts */
        size_t length;
        const char *name = table_cell(header, i, &length);
        g_hash_table_replace(columns, header_normal(name, length, (const char *const *)format->suffixes),
                             GUINT_TO_POINTER(i + 1));
    }
    return columns;
}

static void fill_map(const struct shop_format *format, GHashTable *columns, struct column_map *map)
{
    map->matched = 0;
    for (int field = 0; field < FIELD_COUNT; field++) {
        int n = 0;
        for (size_t i = 0; format->columns[field][i] && n < FIELD_COLUMNS; i++) {
            guint column = GPOINTER_TO_UINT(g_hash_table_lookup(columns, format->columns[field][i]));
            if (column)
                map->columns[field][n++] = (int)column - 1;
        }
        map->matched += (unsigned)n;
        if (n < FIELD_COLUMNS)
            map->columns[field][n] = -1;
    }
}

static gboolean set_is_there(const struct column_map *map, char *const *set)
{
    for (size_t i = 0; set[i]; i++) {
        enum field field = field_parse(set[i]);
        if (field < FIELD_COUNT && map->columns[field][0] >= 0)
            return TRUE;
    }
    return FALSE;
}

static char *missing_columns(const struct shop_format *format, const struct column_map *map)
{
    GString *missing = g_string_new(NULL);
    for (guint i = 0; i < format->required->len; i++) {
        char **set = format->required->pdata[i];
        if (set_is_there(map, set))
            continue;
        char *names = g_strjoinv("|", set);
        g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", names);
        g_free(names);
    }
    return g_string_free(missing, FALSE);
}

gboolean shop_format_match(const struct shop_format *format, const struct table_reader *header, const char *path,
                           struct column_map *map, GError **error)
{
    GHashTable *columns = header_columns(format, header);
    fill_map(format, columns, map);
    g_hash_table_unref(columns);
    char *missing = missing_columns(format, map);
    gboolean ok = missing[0] == '\0';
    if (!ok)
        err_set(error, ERR_IMPORT_FORMAT, path, format->name, missing);
    g_free(missing);
    return ok;
}

unsigned shop_format_score(const struct shop_format *format, const struct table_reader *header)
{
    enum { SIGNED = 1000 }; /* a signature says more than any number of common names */
    struct column_map map;
    GHashTable *columns = header_columns(format, header);
    gboolean ok = TRUE;
    for (size_t i = 0; ok && format->signature[i]; i++)
        ok = g_hash_table_contains(columns, format->signature[i]);
    g_hash_table_unref(columns);
    if (!ok || !shop_format_match(format, header, "", &map, NULL))
        return 0;
    return map.matched + (format->signature[0] ? SIGNED : 0);
}
