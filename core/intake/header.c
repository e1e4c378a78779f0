/* SPDX-License-Identifier: MIT */
#include "core/intake/header.h"

#include <string.h>

#include "core/base/error.h"
#include "core/table/heading.h"
#include "core/table/table_reader.h"

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

static GString *missing_columns(const struct shop_format *format, const struct column_map *map)
{
    GString *missing = g_string_new(NULL);
    for (guint i = 0; i < format->required->len; i++) {
        char **set = format->required->pdata[i];
        if (set_is_there(map, set))
            continue;
        g_autofree char *names = g_strjoinv("|", set);
        g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", names);
    }
    return missing;
}

gboolean shop_format_match(const struct shop_format *format, const struct table_reader *header, const char *path,
                           struct column_map *map, GError **error)
{
    g_autoptr(GHashTable) columns = heading_columns(header, (const char *const *)format->suffixes);
    fill_map(format, columns, map);
    g_autoptr(GString) missing = missing_columns(format, map);
    if (missing->len > 0)
        err_set(error, ERR_IMPORT_FORMAT, path, format->name, missing->str);
    return missing->len == 0;
}

unsigned shop_format_score(const struct shop_format *format, const struct table_reader *header)
{
    enum { SIGNED = 1000 }; /* a signature says more than any number of common names */
    struct column_map map;
    g_autoptr(GHashTable) columns = heading_columns(header, (const char *const *)format->suffixes);
    for (size_t i = 0; format->signature[i]; i++)
        if (!g_hash_table_contains(columns, format->signature[i]))
            return 0;
    if (!shop_format_match(format, header, "", &map, NULL))
        return 0;
    return map.matched + (format->signature[0] ? SIGNED : 0);
}
