/* SPDX-License-Identifier: MIT */
#include "core/table/value.h"

#include <string.h>

#include "core/base/clean.h"

enum { DIGITS_MAX = 18 };

/* ASCII text as it is, other text with full-width digits and signs made narrow. Free *owned. */
static const char *narrow(const char *text, char **owned)
{
    *owned = NULL;
    for (const char *p = text; *p; p++)
        if ((guchar)*p >= 0x80)
            return *owned = clean_text(text, strlen(text), CLEAN_CODE);
    return text;
}

/* Digits with thousands commas; FALSE when there is none or too many. */
static gboolean take_digits(const char **text, int64_t *number)
{
    int64_t value = 0;
    int digits = 0;
    const char *p = *text;
    for (; g_ascii_isdigit(*p) || (*p == ',' && digits > 0 && g_ascii_isdigit(p[1])); p++) {
        if (*p == ',')
            continue;
        if (++digits > DIGITS_MAX)
            return FALSE;
        value = value * 10 + (*p - '0');
    }
    *number = value;
    *text = p;
    return digits > 0;
}

static gboolean take_sign(const char **text)
{
    gboolean negative = FALSE;
    if (**text == '-' || **text == '+')
        negative = *(*text)++ == '-';
    else if (g_str_has_prefix(*text, "\xE2\x88\x92")) { /* MINUS SIGN */
        negative = TRUE;
        *text += 3;
    }
    return negative;
}

gboolean value_integer(const char *text, int64_t *number)
{
    g_autofree char *owned = NULL;
    const char *p = narrow(text, &owned);
    gboolean negative = take_sign(&p);
    gboolean ok = take_digits(&p, number);
    if (ok && *p == '.')
        p += 1 + strspn(p + 1, "0");
    ok = ok && *p == '\0';
    if (ok && negative)
        *number = -*number;
    return ok;
}

static const char *skip_currency(const char *p)
{
    static const char *const SIGNS[] = {"NT$", "TWD", "US$", "USD", "$", "￥", "¥", "£", "€", "元"};
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        if (g_str_has_prefix(p, SIGNS[i])) {
            p += strlen(SIGNS[i]);
            break;
        }
    return p + strspn(p, " ");
}

/* The decimals after the point as minor units; half of the last one goes up. */
static int64_t take_decimals(const char **text, int exponent, gboolean *rounded)
{
    const char *p = *text;
    int64_t minor = 0;
    for (int i = 0; i < exponent; i++)
        minor = minor * 10 + (g_ascii_isdigit(*p) ? *p++ - '0' : 0);
    if (g_ascii_isdigit(*p) && *p >= '5')
        minor++;
    for (; g_ascii_isdigit(*p); p++)
        *rounded = *rounded || *p != '0';
    *text = p;
    return minor;
}

gboolean value_money(const char *text, int exponent, int64_t *minor, gboolean *rounded)
{
    g_autofree char *owned = NULL;
    const char *p = narrow(text, &owned);
    gboolean negative = take_sign(&p);
    p = skip_currency(p);
    negative = take_sign(&p) || negative;
    int64_t whole = 0, scale = 1;
    gboolean lost = FALSE;
    gboolean ok = take_digits(&p, &whole) || (*p == '.' && g_ascii_isdigit(p[1]));
    for (int i = 0; i < exponent; i++)
        scale *= 10;
    ok = ok && whole <= G_MAXINT64 / scale - 1;
    int64_t part = 0;
    if (ok && *p == '.') {
        p++;
        part = take_decimals(&p, exponent, &lost);
    }
    p = skip_currency(p + strspn(p, " "));
    ok = ok && *p == '\0';
    if (ok)
        *minor = (whole * scale + part) * (negative ? -1 : 1);
    if (ok && rounded)
        *rounded = lost;
    return ok;
}

/* --- instants ------------------------------------------------------------------------------------------- */

struct moment {
    int year, month, day, hour, minute, second;
    gboolean has_offset;
    int offset_minutes;
};

static gboolean take_number(const char **text, int digits_max, int *number)
{
    int digits = 0;
    *number = 0;
    while (digits < digits_max && g_ascii_isdigit(**text)) {
        *number = *number * 10 + *(*text)++ - '0';
        digits++;
    }
    return digits > 0;
}

static gboolean take_any(const char **text, const char *accepted)
{
    if (!**text || !strchr(accepted, **text))
        return FALSE;
    (*text)++;
    return TRUE;
}

static gboolean take_date(const char **text, enum date_order order, struct moment *moment)
{
    int n[3];
    const char *first = *text;
    if (!take_number(text, 4, &n[0]))
        return FALSE;
    gboolean year_first = *text - first == 4;
    if (!take_any(text, "-/.") || !take_number(text, 2, &n[1]) || !take_any(text, "-/.") || !take_number(text, 4, &n[2]))
        return FALSE;
    if (year_first || order == DATE_YMD) {
        moment->year = n[0], moment->month = n[1], moment->day = n[2];
    } else {
        moment->year = n[2], moment->month = n[order == DATE_DMY ? 1 : 0], moment->day = n[order == DATE_DMY ? 0 : 1];
    }
    if (moment->year < 100)
        moment->year += 2000;
    return TRUE;
}

enum half { HALF_NONE, HALF_AM, HALF_PM };

static enum half take_half(const char **text)
{
    static const struct {
        const char *word;
        enum half half;
    } WORDS[] = {{"上午", HALF_AM}, {"下午", HALF_PM}, {"AM", HALF_AM}, {"PM", HALF_PM}, {"am", HALF_AM}, {"pm", HALF_PM}};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_str_has_prefix(*text, WORDS[i].word)) {
            *text += strlen(WORDS[i].word);
            *text += strspn(*text, " ");
            return WORDS[i].half;
        }
    return HALF_NONE;
}

static gboolean take_clock(const char **text, struct moment *moment)
{
    enum half half = take_half(text);
    if (!take_number(text, 2, &moment->hour) || !take_any(text, ":") || !take_number(text, 2, &moment->minute))
        return FALSE;
    if (take_any(text, ":") && !take_number(text, 2, &moment->second))
        return FALSE;
    if (take_any(text, "."))
        *text += strspn(*text, "0123456789");
    *text += strspn(*text, " ");
    if (half == HALF_NONE)
        half = take_half(text);
    if (half == HALF_PM && moment->hour < 12)
        moment->hour += 12;
    if (half == HALF_AM && moment->hour == 12)
        moment->hour = 0;
    return TRUE;
}

static gboolean take_offset(const char **text, struct moment *moment)
{
    *text += strspn(*text, " ");
    if (g_str_has_prefix(*text, "UTC") || g_str_has_prefix(*text, "GMT"))
        *text += 3;
    else if (**text == 'Z')
        (*text)++;
    else if (**text != '+' && **text != '-')
        return **text == '\0';
    moment->has_offset = TRUE;
    if (**text == '\0')
        return TRUE;
    int hours, minutes = 0;
    gboolean west = *(*text)++ == '-';
    if (!take_number(text, 2, &hours))
        return FALSE;
    take_any(text, ":");
    take_number(text, 2, &minutes);
    moment->offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return **text == '\0' && hours <= 15 && minutes < 60;
}

static gboolean moment_instant(const struct moment *moment, GTimeZone *zone, int64_t *at_utc_ms)
{
    if (moment->year < 1970 || moment->year > 9999)
        return FALSE;
    g_autoptr(GTimeZone) utc = moment->has_offset ? g_time_zone_new_utc() : NULL;
    g_autoptr(GDateTime) time = g_date_time_new(utc ? utc : zone, moment->year, moment->month, moment->day, moment->hour,
                                      moment->minute, MIN(moment->second, 59));
    if (!time)
        return FALSE;
    *at_utc_ms = (g_date_time_to_unix(time) - moment->offset_minutes * 60) * 1000;
    return TRUE;
}

/* Days since 1899-12-30, as a spreadsheet shows a date it was told to show as a number. 20000 is 1954, 80000 is
 * 2119. */
static gboolean excel_serial(const char *text, GTimeZone *zone, int64_t *at_utc_ms)
{
    char *end;
    if (strspn(text, "0123456789.") != strlen(text))
        return FALSE;
    double days = g_ascii_strtod(text, &end);
    if (*end || days < 25569 || days > 80000)
        return FALSE;
    g_autoptr(GDateTime) epoch = g_date_time_new(zone, 1899, 12, 30, 0, 0, 0);
    g_autoptr(GDateTime) date = g_date_time_add_days(epoch, (int)days);
    g_autoptr(GDateTime) time = g_date_time_add_minutes(date, (int)((days - (int)days) * 1440 + 0.5));
    *at_utc_ms = g_date_time_to_unix(time) * 1000;
    return TRUE;
}

gboolean value_instant(const char *text, enum date_order order, GTimeZone *zone, int64_t *at_utc_ms)
{
    g_autofree char *owned = NULL;
    const char *p = narrow(text, &owned);
    struct moment moment = {0};
    if (excel_serial(p, zone, at_utc_ms))
        return TRUE;
    if (!take_date(&p, order, &moment))
        return FALSE;
    if (take_any(&p, "T") || *p == ' ') {
        p += strspn(p, " ");
        if (!take_clock(&p, &moment))
            return FALSE;
    }
    return take_offset(&p, &moment) && moment_instant(&moment, zone, at_utc_ms);
}

/* --- what spreadsheets do to text ----------------------------------------------------------------------- */

gboolean value_is_damaged(const char *text)
{
    const char *p = text + strspn(text, "0123456789");
    if (p == text)
        return FALSE;
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    if ((*p != 'E' && *p != 'e') || p[1] != '+')
        return FALSE;
    size_t digits = strspn(p + 2, "0123456789");
    return digits > 0 && p[2 + digits] == '\0';
}

char *value_unquote(const char *text)
{
    size_t length = strlen(text);
    if (text[0] == '\'')
        return g_strdup(text + 1);
    if (length >= 3 && text[0] == '=' && text[1] == '"' && text[length - 1] == '"')
        return g_strndup(text + 2, length - 3);
    return g_strdup(text);
}

char *value_phone_tw(const char *text)
{
    if (strlen(text) == 9 && text[0] == '9' && strspn(text, "0123456789") == 9)
        return g_strconcat("0", text, NULL);
    return g_strdup(text);
}
