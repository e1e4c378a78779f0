/* SPDX-License-Identifier: MIT */
#include "core/intake/zip.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/intake/draft.h"
#include "core/intake/source.h"
#include "core/intake/table_reader.h"

struct district {
    char *county, *district;
    char *match; /* both, in the form addresses are compared in */
    char zip[8]; /* "" when there are several */
};

struct zip_table {
    GPtrArray *districts;
};

#define TAI "臺"
#define TAI_SHORT "台"

static void district_free(void *data)
{
    struct district *district = data;
    g_free(district->county);
    g_free(district->district);
    g_free(district->match);
    g_free(district);
}

static char *match_form(const char *county, const char *district)
{
    char *joined = g_strconcat(county, district, NULL);
    char **parts = g_strsplit(joined, TAI, -1);
    char *form = g_strjoinv(TAI_SHORT, parts);
    g_strfreev(parts);
    g_free(joined);
    return form;
}

static void add_district(struct zip_table *table, const char *zip, const char *county, const char *name)
{
    char *match = match_form(county, name);
    for (guint i = 0; i < table->districts->len; i++) {
        struct district *known = table->districts->pdata[i];
        if (strcmp(known->match, match) == 0) {
            if (strcmp(known->zip, zip) != 0)
                known->zip[0] = '\0';
            g_free(match);
            return;
        }
    }
    struct district *district = g_new0(struct district, 1);
    district->county = g_strdup(county);
    district->district = g_strdup(name);
    district->match = match;
    g_strlcpy(district->zip, zip, sizeof district->zip);
    g_ptr_array_add(table->districts, district);
}

static gboolean read_table(struct zip_table *table, struct source *source, GError **error)
{
    struct table_reader *reader = table_reader_new(&(struct table_options){',', '"'}, source_fill, source);
    int more = table_next(reader, error);
    while (more > 0 && (more = table_next(reader, error)) > 0) {
        size_t length;
        add_district(table, table_cell(reader, 0, &length), table_cell(reader, 1, &length),
                     table_cell(reader, 2, &length));
    }
    table_reader_free(reader);
    return more == 0;
}

struct zip_table *zip_load(const char *path, GError **error)
{
    static const char *const ENCODINGS[] = {"UTF-8", NULL};
    char *asset = path ? g_strdup(path) : paths_asset("zip/taiwan.csv");
    struct source *source = source_open(asset, ENCODINGS, 1 << 20, error);
    struct zip_table *table = g_new0(struct zip_table, 1);
    table->districts = g_ptr_array_new_with_free_func(district_free);
    gboolean ok = source && read_table(table, source, error);
    source_free(source);
    g_free(asset);
    if (ok)
        return table;
    zip_free(table);
    return NULL;
}

void zip_free(struct zip_table *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->districts);
    g_free(table);
}

/* Where text stands behind a form it begins with, blanks left out and 臺 read as 台; NULL when it does not. */
static const char *behind(const char *text, const char *form)
{
    while (*form) {
        while (*text == ' ')
            text++;
        size_t step = g_str_has_prefix(text, TAI) ? strlen(TAI) : 1;
        char taken = step > 1 ? TAI_SHORT[0] : *text;
        if (step > 1) {
            if (!g_str_has_prefix(form, TAI_SHORT))
                return NULL;
            form += strlen(TAI_SHORT);
        } else if (taken == '\0' || taken != *form++) {
            return NULL;
        }
        text += step;
    }
    return text + strspn(text, " ,");
}

gboolean zip_find(const struct zip_table *table, const char *address, struct zip_place *place)
{
    size_t digits = strspn(address, "0123456789");
    const char *text = digits >= 3 && digits <= 6 ? address + digits : address;
    *place = (struct zip_place){.rest = address};
    for (guint i = 0; i < table->districts->len; i++) {
        const struct district *district = table->districts->pdata[i];
        const char *rest = behind(text, district->match);
        if (rest) {
            *place = (struct zip_place){district->county, district->district, district->zip, rest};
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean in_taiwan(const char *country)
{
    static const char *const NAMES[] = {"TW", "TWN", "Taiwan", "台灣", "臺灣"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (g_ascii_strcasecmp(NAMES[i], country) == 0)
            return TRUE;
    return country[0] == '\0';
}

void zip_complete(const struct zip_table *table, struct order_draft *draft)
{
    struct draft_recipient *recipient = &draft->recipient;
    struct zip_place place;
    if (!in_taiwan(recipient->country))
        return;
    char *whole = g_strconcat(recipient->county, recipient->district, recipient->address, NULL);
    gboolean in_address = zip_find(table, recipient->address, &place);
    if (in_address)
        recipient->address = g_string_chunk_insert(draft->text, place.rest);
    else if (!zip_find(table, whole, &place))
        place.county = NULL;
    g_free(whole);
    if (!place.county)
        return;
    recipient->county = g_string_chunk_insert(draft->text, place.county);
    recipient->district = g_string_chunk_insert(draft->text, place.district);
    if (!recipient->postcode[0])
        recipient->postcode = g_string_chunk_insert(draft->text, place.zip);
}
