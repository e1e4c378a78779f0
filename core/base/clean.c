/* SPDX-License-Identifier: MIT */
#include "core/base/clean.h"

#include <string.h>

struct char_range {
    gunichar first, last;
};

/* Format controls that change how neighbouring text is shown or that show nothing. Zero-width joiner and
 * non-joiner are among them: names look the same without, and a code must not hide one. */
static const struct char_range DROPPED[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xE0000, 0xE0FFF},
};

gboolean clean_char(gunichar c)
{
    if ((c & 0xFFFE) == 0xFFFE || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(DROPPED); i++)
        if (c >= DROPPED[i].first && c <= DROPPED[i].last)
            return FALSE;
    return TRUE;
}

static gunichar narrow(gunichar c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFF01 + 0x21;
    return c == 0x3000 ? ' ' : c;
}

static gboolean is_break(gunichar c)
{
    return c == '\n' || c == '\r' || c == '\t' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static void append_blank(GString *out)
{
    if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
}

static void append_char(GString *out, gunichar c, enum clean_mode mode)
{
    if (mode == CLEAN_BLOCK && c == '\n')
        g_string_append_c(out, '\n');
    else if (mode != CLEAN_BLOCK && is_break(c))
        append_blank(out);
    else if (clean_char(c))
        g_string_append_unichar(out, mode == CLEAN_CODE ? narrow(c) : c);
    else if (mode == CLEAN_BLOCK && c == '\t')
        append_blank(out);
}

char *clean_text(const char *bytes, size_t length, enum clean_mode mode)
{
    GString *out = g_string_sized_new(length);
    const char *p = bytes, *end = bytes + length;
    while (p < end) {
        gunichar c = g_utf8_get_char_validated(p, end - p);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append(out, CLEAN_BAD);
            p++;
            continue;
        }
        append_char(out, c, mode);
        p += c == 0 ? 1 : g_utf8_skip[*(const guchar *)p];
    }
    char *text = g_string_free(out, FALSE);
    return mode == CLEAN_BLOCK ? text : g_strstrip(text);
}

gboolean clean_is(const char *text)
{
    g_autofree char *cleaned = clean_text(text, strlen(text), CLEAN_LINE);
    return strcmp(cleaned, text) == 0;
}

void clean_cut(char *text)
{
    const char *end = NULL;
    if (!g_utf8_validate(text, -1, &end))
        text[end - text] = '\0';
}

void clean_copy(char *to, size_t size, const char *from)
{
    g_strlcpy(to, from, size);
    clean_cut(to);
}
