/* SPDX-License-Identifier: MIT */
#include "core/intake/zip.h"

#include <limits.h>
#include <string.h>

#include "core/base/paths.h"
#include "core/intake/draft.h"
#include "core/table/source.h"
#include "core/table/table_reader.h"

struct district {
    char *county, *district;
    char *match; /* both, in the form addresses are compared in */
    size_t length; /* of match */
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
    g_autofree char *joined = g_strconcat(county, district, NULL);
    g_auto(GStrv) parts = g_strsplit(joined, TAI, -1);
    return g_strjoinv(TAI_SHORT, parts);
}

static void add_district(struct zip_table *table, const char *const cells[3])
{
    struct district *district = g_new0(struct district, 1);
    district->county = g_strdup(cells[1]);
    district->district = g_strdup(cells[2]);
    district->match = match_form(cells[1], cells[2]);
    district->length = strlen(district->match);
    g_strlcpy(district->zip, cells[0], sizeof district->zip);
    g_ptr_array_add(table->districts, district);
}

/* Row of two_codes.csv. */
static void forget_code(struct zip_table *table, const char *const cells[3])
{
    g_autofree char *match = match_form(cells[0], cells[1]);
    for (guint i = 0; i < table->districts->len; i++) {
        struct district *district = table->districts->pdata[i];
        if (strcmp(district->match, match) == 0)
            district->zip[0] = '\0';
    }
}

typedef void (*take_cells)(struct zip_table *table, const char *const cells[3]);

static gboolean read_file(struct zip_table *table, const char *dir, const char *name, take_cells take, GError **error)
{
    static const char *const ENCODINGS[] = {"UTF-8", NULL};
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(source) source = source_open(path, ENCODINGS, 1 << 20, error);
    if (!source)
        return FALSE;
    g_autoptr(table_reader) reader = table_reader_new(&(struct table_options){',', '"'}, source_fill, source);
    int more = table_next(reader, error);
    while (more > 0 && (more = table_next(reader, error)) > 0) {
        size_t length;
        const char *cells[3];
        for (unsigned i = 0; i < 3; i++)
            cells[i] = table_cell(reader, i, &length);
        take(table, cells);
    }
    return more == 0;
}

struct zip_table *zip_load(const char *dir, GError **error)
{
    g_autofree char *asset = dir ? g_strdup(dir) : paths_asset("zip");
    g_autoptr(zip_table) table = g_new0(struct zip_table, 1);
    table->districts = g_ptr_array_new_with_free_func(district_free);
    gboolean good = read_file(table, asset, "taiwan.csv", add_district, error) &&
                    read_file(table, asset, "two_codes.csv", forget_code, error);
    return good ? g_steal_pointer(&table) : NULL;
}

void zip_free(struct zip_table *table)
{
    g_ptr_array_unref(table->districts);
    g_free(table);
}

/* The beginning of an address in the form districts are compared in: without blanks, 臺 as 台; and where in the address
 * each byte of it ends. */
enum { NORMAL_MAX = 96 };

struct normal {
    char text[NORMAL_MAX];
    unsigned char behind[NORMAL_MAX];
    size_t length;
};

static void make_normal(struct normal *normal, const char *address)
{
    normal->length = 0;
    for (size_t i = 0; address[i] && i < UCHAR_MAX - 3 && normal->length < NORMAL_MAX - 4;) {
        gboolean tai = strncmp(address + i, TAI, 3) == 0;
        for (int n = 0; n < (tai ? 3 : 1); n++, i++) {
            if (address[i] == ' ')
                continue;
            normal->text[normal->length] = tai ? TAI_SHORT[n] : address[i];
            normal->behind[normal->length++] = (unsigned char)(i + 1);
        }
    }
}

gboolean zip_find(const struct zip_table *table, const char *address, struct zip_place *place)
{
    size_t digits = strspn(address, "0123456789");
    const char *text = digits >= 3 && digits <= 6 ? address + digits : address;
    struct normal normal;
    make_normal(&normal, text);
    *place = (struct zip_place){.rest = address};
    for (guint i = 0; i < table->districts->len; i++) {
        const struct district *district = table->districts->pdata[i];
        if (district->length <= normal.length && memcmp(normal.text, district->match, district->length) == 0) {
            const char *rest = text + normal.behind[district->length - 1];
            rest += strspn(rest, " ,");
            *place = (struct zip_place){district->county, district->district, district->zip, rest};
            return TRUE;
        }
    }
    return FALSE;
}

gboolean zip_in_taiwan(const char *country)
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
    if (!zip_in_taiwan(recipient->country))
        return;
    g_autofree char *whole = g_strconcat(recipient->county, recipient->district, recipient->address, NULL);
    if (zip_find(table, recipient->address, &place))
        recipient->address = g_string_chunk_insert(draft->text, place.rest);
    else if (!zip_find(table, whole, &place))
        return;
    recipient->county = g_string_chunk_insert(draft->text, place.county);
    recipient->district = g_string_chunk_insert(draft->text, place.district);
    if (!recipient->postcode[0])
        recipient->postcode = g_string_chunk_insert(draft->text, place.zip);
}
