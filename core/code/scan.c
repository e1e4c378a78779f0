/* SPDX-License-Identifier: MIT */
#include "core/code/scan.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/clean.h"
#include "core/code/courier.h"

enum { GS = 0x1D, LONGEST = 512 };

struct char_range {
    gunichar first, last;
};

/* What an input method makes of a scanner's keys: kana, Bopomofo with its tone marks, ideographs and their punctuation.
 * Full-width letters and digits are not here: they are the same characters, only wide, and are narrowed. */
static const struct char_range IME[] = {
    {0x02C7, 0x02C7},   {0x02CA, 0x02CB},   {0x02D9, 0x02D9}, {0x3001, 0x303F}, {0x3040, 0x30FF},
    {0x3100, 0x312F},   {0x31A0, 0x31BF},   {0x31F0, 0x31FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},   {0xFF61, 0xFF9F},   {0xAC00, 0xD7A3}, {0x1100, 0x11FF}, {0x3130, 0x318F},
    {0x1B000, 0x1B16F}, {0x20000, 0x323AF},
};

static gboolean is_ime(const char *text)
{
    for (const char *p = text; *p; p += g_utf8_skip[*(const guchar *)p]) {
        gunichar c = g_utf8_get_char(p);
        for (guint i = 0; i < G_N_ELEMENTS(IME); i++)
            if (c >= IME[i].first && c <= IME[i].last)
                return TRUE;
    }
    return FALSE;
}

/* The bytes between the controls that scanners put around a code; GS and CR/LF/Tab at the ends go as well. */
static void trim(const char **bytes, size_t *length)
{
    while (*length > 0 && ((guchar) * *bytes <= ' ' || **bytes == 0x7F)) {
        (*bytes)++;
        (*length)--;
    }
    while (*length > 0 && ((guchar)(*bytes)[*length - 1] <= ' ' || (*bytes)[*length - 1] == 0x7F))
        (*length)--;
}

/* "]C1" and so on: a letter and a modifier behind a bracket that no code of ours begins with. */
static void take_aim(struct scan *scan, const char **bytes, size_t *length)
{
    const char *p = *bytes;
    if (*length < 4 || p[0] != ']' || !g_ascii_isalpha(p[1]) || !g_ascii_isalnum(p[2]))
        return;
    memcpy(scan->aim, p, 3);
    *bytes += 3;
    *length -= 3;
}

static gboolean aim_is_gs1(const char *aim)
{
    static const char *const GS1_AIMS[] = {"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"};
    return WORDS_FIND(GS1_AIMS, aim) >= 0;
}

/* Clean text with its separators: clean_text() drops every control, so it is given the pieces between them. */
static char *clean_elements(const char *bytes, size_t length)
{
    GString *out = g_string_new(NULL);
    const char *end = bytes + length;
    while (bytes <= end) {
        const char *gs = memchr(bytes, GS, (size_t)(end - bytes));
        const char *stop = gs ? gs : end;
        g_autofree char *piece = clean_text(bytes, (size_t)(stop - bytes), CLEAN_CODE);
        g_string_append(out, piece);
        if (gs)
            g_string_append_c(out, GS);
        bytes = stop + 1;
    }
    return g_string_free(out, FALSE);
}

/* "(01)09506000134352(10)AB" as people print it under the bars: the same with separators. */
static char *unbracket(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        size_t digits = *p == '(' ? strspn(p + 1, "0123456789") : 0;
        if (digits >= 2 && digits <= 4 && p[1 + digits] == ')') {
            g_string_append_c(out, GS);
            g_string_append_len(out, p + 1, (gssize)digits);
            p += digits + 1;
        } else {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(out, FALSE);
}

/* Without a sign that it is GS1 a string must begin with a number that proves itself by its check digit. */
static void find_gs1(struct scan *scan, const char *elements)
{
    gboolean said = aim_is_gs1(scan->aim) || strchr(elements, GS);
    gboolean proves = elements[0] == '0' && elements[1] >= '0' && elements[1] <= '2';
    g_autofree char *bracketed = elements[0] == '(' ? unbracket(elements) : NULL;
    if (!said && !proves && !bracketed)
        return;
    if (gs1_parse(bracketed ? bracketed : elements, &scan->gs1))
        scan->flags |= SCAN_GS1;
    else
        scan->gs1 = (struct gs1){0};
}

static char *swap_case(const char *text)
{
    char *swapped = g_strdup(text);
    for (char *p = swapped; *p; p++)
        *p = g_ascii_islower(*p) ? g_ascii_toupper(*p) : g_ascii_tolower(*p);
    return swapped;
}

static gboolean has_lower(const char *text)
{
    for (; *text; text++)
        if (g_ascii_islower(*text))
            return TRUE;
    return FALSE;
}

/* A courier that proves the number by a check digit; a bare pattern proves nothing. */
static gboolean proven_number(const struct courier_list *couriers, const char *text)
{
    const struct courier *found[SCAN_COURIERS_MAX];
    guint count = couriers ? couriers_match(couriers, text, found, SCAN_COURIERS_MAX) : 0;
    for (guint i = 0; i < count; i++) {
        const struct number_form *form = courier_fits(found[i], text);
        if (form && form->rule)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_caps(const char *text, const struct courier_list *couriers)
{
    struct code code;
    if (!has_lower(text))
        return FALSE;
    g_autofree char *swapped = swap_case(text);
    return code_parse(swapped, &code) || proven_number(couriers, swapped);
}

static void find_candidates(struct scan *scan, const char *elements, const struct courier_list *couriers)
{
    gboolean reserved = code_is_reserved(scan->text);
    if (reserved && code_parse(scan->text, &scan->code)) {
        scan->flags |= SCAN_CODE;
    } else if (is_caps(scan->text, couriers)) {
        scan->flags |= SCAN_CAPS;
    } else if (reserved) {
        scan->flags |= SCAN_CODE_BAD;
    } else {
        find_gs1(scan, elements);
        scan->flags |= SCAN_PLAIN;
    }
}

void scan_decode(struct scan *scan, const char *bytes, size_t length, const struct courier_list *couriers)
{
    *scan = (struct scan){0};
    gboolean too_long = length > LONGEST;
    if (too_long)
        length = LONGEST;
    trim(&bytes, &length);
    take_aim(scan, &bytes, &length);
    trim(&bytes, &length);
    g_autofree char *elements = clean_elements(bytes, length);
    g_auto(GStrv) pieces = g_strsplit(elements, "\x1D", -1);
    scan->text = g_strjoinv("", pieces);
    if (too_long || strstr(scan->text, CLEAN_BAD))
        scan->flags |= SCAN_DAMAGED;
    else if (!scan->text[0])
        scan->flags |= SCAN_EMPTY;
    else if (is_ime(scan->text))
        scan->flags |= SCAN_IME;
    else
        find_candidates(scan, elements, couriers);
}

void scan_clear(struct scan *scan)
{
    g_free(scan->text);
    *scan = (struct scan){0};
}

guint scan_couriers(const struct scan *scan, const struct courier_list *couriers, const struct courier *out[])
{
    g_autofree char *number = number_normal(scan->text);
    guint count = scan->flags & SCAN_PLAIN ? couriers_match(couriers, number, out, SCAN_COURIERS_MAX) : 0;
    return scan->gs1.sscc[0] ? count + couriers_match(couriers, scan->gs1.sscc, out + count, SCAN_COURIERS_MAX - count)
                             : count;
}
