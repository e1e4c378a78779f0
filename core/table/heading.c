/* SPDX-License-Identifier: MIT */
#include "core/table/heading.h"

#include <string.h>

#include "core/table/table_reader.h"

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
char *heading_normal(const char *name, size_t length, const char *const *suffixes)
{
    g_autofree char *valid = g_utf8_make_valid(name, (gssize)length);
    char *head = g_strstrip(valid);
    head[strcspn(head, "\r\n")] = '\0';
    g_autofree char *nfkc = g_utf8_normalize(head, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = g_utf8_casefold(nfkc, -1);
    char *plain = without_blanks(folded);
    strip_suffixes(plain, suffixes);
    return plain;
}

char *word_normal(const char *word)
{
    if (g_str_is_ascii(word))
        return g_strstrip(g_ascii_strdown(word, -1));
    g_autofree char *nfkc = g_utf8_normalize(word, -1, G_NORMALIZE_NFKC);
    return g_strstrip(g_utf8_casefold(nfkc ? nfkc : "", -1));
}

gboolean word_fits(char *const *patterns, const char *normal)
{
    for (size_t i = 0; patterns && patterns[i]; i++)
        if (g_pattern_match_simple(patterns[i], normal))
            return TRUE;
    return FALSE;
}

GHashTable *heading_columns(const struct table_reader *header, const char *const *suffixes)
{
    GHashTable *columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = table_cells(header); i-- > 0;) { /* backwards: of two columns with one name the first counts */
        size_t length;
        const char *name = table_cell(header, i, &length);
        g_hash_table_replace(columns, heading_normal(name, length, suffixes), GUINT_TO_POINTER(i + 1));
    }
    return columns;
}
