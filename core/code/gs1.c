/* SPDX-License-Identifier: MIT */
#include "core/code/gs1.h"

#include <stddef.h>
#include <string.h>

#include "core/code/checkdigit.h"

enum { GS = 0x1D };
enum element { ELEMENT_DIGITS, ELEMENT_TEXT, ELEMENT_CHECKED, ELEMENT_DATE, ELEMENT_COUNT };

struct ai {
    const char *code;
    enum element type;
    guint8 min, max;
    guint8 size;    /* of the text in struct gs1 that keeps it; 0: checked and dropped */
    guint16 offset;
};

#define KEPT(member) sizeof(((struct gs1 *)0)->member), offsetof(struct gs1, member)
#define DROPPED 0, 0

static const struct ai AIS[] = {
    {"00", ELEMENT_CHECKED, 18, 18, KEPT(sscc)},
    {"01", ELEMENT_CHECKED, 14, 14, KEPT(gtin)},
    {"02", ELEMENT_CHECKED, 14, 14, DROPPED},
    {"10", ELEMENT_TEXT, 1, 20, KEPT(lot)},
    {"11", ELEMENT_DATE, 6, 6, DROPPED},
    {"12", ELEMENT_DATE, 6, 6, DROPPED},
    {"13", ELEMENT_DATE, 6, 6, DROPPED},
    {"15", ELEMENT_DATE, 6, 6, DROPPED},
    {"16", ELEMENT_DATE, 6, 6, DROPPED},
    {"17", ELEMENT_DATE, 6, 6, DROPPED},
    {"20", ELEMENT_DIGITS, 2, 2, DROPPED},
    {"21", ELEMENT_TEXT, 1, 20, DROPPED},
    {"22", ELEMENT_TEXT, 1, 20, DROPPED},
    {"240", ELEMENT_TEXT, 1, 30, DROPPED},
    {"241", ELEMENT_TEXT, 1, 30, DROPPED},
    {"30", ELEMENT_COUNT, 1, 8, DROPPED},
    {"310", ELEMENT_DIGITS, 7, 7, DROPPED}, /* 310n: the decimal place is the first digit of what follows */
    {"37", ELEMENT_COUNT, 1, 8, DROPPED},
    {"400", ELEMENT_TEXT, 1, 30, DROPPED},
    {"401", ELEMENT_TEXT, 1, 30, DROPPED},
    {"410", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"411", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"412", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"413", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"414", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"415", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"416", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"417", ELEMENT_CHECKED, 13, 13, DROPPED},
    {"420", ELEMENT_TEXT, 1, 20, DROPPED},
};

static const struct ai *ai_at(const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(AIS); i++)
        if (strncmp(AIS[i].code, text, strlen(AIS[i].code)) == 0)
            return &AIS[i];
    return NULL;
}

/* Company internal information 90 to 99: anything up to 90 characters. */
static gboolean is_internal(const char *text)
{
    return text[0] == '9' && g_ascii_isdigit(text[1]);
}

/* yymmdd, day 00 is the month's last. All years are 20yy. */
static gboolean is_date(const char *text)
{
    int year = 2000 + (text[0] - '0') * 10 + (text[1] - '0');
    int month = (text[2] - '0') * 10 + (text[3] - '0');
    int day = (text[4] - '0') * 10 + (text[5] - '0');
    return month >= 1 && month <= 12 && day <= g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
}

static gboolean all_digits(const char *text, size_t length)
{
    return strspn(text, "0123456789") >= length;
}

static gboolean all_printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > 'z')
            return FALSE;
    return TRUE;
}

static gboolean keep_text(const struct ai *ai, struct gs1 *gs1, const char *value, size_t length)
{
    if (ai->size == 0)
        return TRUE;
    char *field = (char *)gs1 + ai->offset;
    if (field[0] && (strlen(field) != length || memcmp(field, value, length) != 0))
        return FALSE; /* the same element twice with two values */
    memcpy(field, value, length);
    field[length] = '\0';
    return TRUE;
}

static gboolean keep(const struct ai *ai, struct gs1 *gs1, const char *value, size_t length)
{
    if (length < ai->min || length > ai->max)
        return FALSE;
    switch (ai->type) {
    case ELEMENT_TEXT:
        return all_printable(value, length) && keep_text(ai, gs1, value, length);
    case ELEMENT_CHECKED:
        return check_gs1(value, length) && keep_text(ai, gs1, value, length);
    case ELEMENT_DIGITS:
        return all_digits(value, length);
    case ELEMENT_DATE:
        return all_digits(value, length) && is_date(value);
    case ELEMENT_COUNT:
        gs1->count = all_digits(value, length) ? g_ascii_strtoll(value, NULL, 10) : 0;
        return gs1->count > 0;
    }
    return FALSE;
}

static size_t field_end(const char *text)
{
    const char *gs = strchr(text, GS);
    return gs ? (size_t)(gs - text) : strlen(text);
}

gboolean gs1_parse(const char *text, struct gs1 *gs1)
{
    *gs1 = (struct gs1){0};
    while (*text == GS)
        text++;
    if (!*text)
        return FALSE;
    while (*text) {
        const struct ai *ai = ai_at(text);
        size_t length = field_end(text);
        if (ai) {
            text += strlen(ai->code);
            length = field_end(text);
            if (ai->min == ai->max && length > ai->max)
                length = ai->max;
            if (!keep(ai, gs1, text, length))
                return FALSE;
        } else if (!is_internal(text) || length < 3 || length > 92 || !all_printable(text, length)) {
            return FALSE;
        }
        text += length;
        while (*text == GS)
            text++;
    }
    return TRUE;
}
