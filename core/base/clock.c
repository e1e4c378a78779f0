/* SPDX-License-Identifier: MIT */
#include "core/base/clock.h"

static GDateTime *local_time(GTimeZone *zone, int64_t at_utc_ms)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_utc_ms / 1000);
    return utc ? g_date_time_to_timezone(utc, zone) : NULL;
}

int clock_civil_date(GTimeZone *zone, int64_t at_utc_ms)
{
    g_autoptr(GDateTime) local = local_time(zone, at_utc_ms);
    return local ? g_date_time_get_year(local) * 10000 + g_date_time_get_month(local) * 100 +
                       g_date_time_get_day_of_month(local)
                 : 0;
}

int clock_parse_date(const char *text)
{
    char digits[9];
    gboolean dashed = strlen(text) == 10 && text[4] == '-' && text[7] == '-';
    if (!dashed && strlen(text) != 8)
        return 0;
    g_snprintf(digits, sizeof digits, "%.4s%.2s%.2s", text, text + (dashed ? 5 : 4), text + (dashed ? 8 : 6));
    if (strspn(digits, "0123456789") != 8)
        return 0;
    int date = (int)g_ascii_strtoll(digits, NULL, 10), month = date / 100 % 100;
    gboolean valid = date >= 20000101 && month >= 1 && month <= 12 &&
                     g_date_valid_dmy((GDateDay)(date % 100), (GDateMonth)month, (GDateYear)(date / 10000));
    return valid ? date : 0;
}

char *clock_date_text(int civil_date)
{
    return g_strdup_printf("%04d-%02d-%02d", civil_date / 10000, civil_date / 100 % 100, civil_date % 100);
}

/* GLib wants a T, and seconds. */
int64_t clock_parse(GTimeZone *zone, const char *text)
{
    enum { TO_MINUTE = 16 };
    static const char FORM[] = "dddd-dd-dd dd:dd";
    if (strlen(text) < TO_MINUTE)
        return 0;
    for (size_t i = 0; i < TO_MINUTE; i++)
        if (FORM[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != FORM[i] && !(FORM[i] == ' ' && text[i] == 'T'))
            return 0;
    const char *rest = text + TO_MINUTE;
    g_autofree char *full = g_strdup_printf("%.10sT%.5s%s%s", text, text + 11, rest[0] == ':' ? "" : ":00", rest);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(full, zone);
    return time ? g_date_time_to_unix(time) * 1000 + (g_date_time_get_microsecond(time) + 500) / 1000 : 0;
}

int64_t clock_instant(GTimeZone *zone, int civil_date, int minute)
{
    g_autoptr(GDateTime) local = g_date_time_new(zone, civil_date / 10000, civil_date / 100 % 100, civil_date % 100,
                                                 minute / 60, minute % 60, 0);
    return local ? g_date_time_to_unix(local) * 1000 : 0;
}

char *clock_format(GTimeZone *zone, int64_t at_utc_ms, const char *format)
{
    g_autoptr(GDateTime) local = local_time(zone, at_utc_ms);
    return local ? g_date_time_format(local, format) : g_strdup("");
}
