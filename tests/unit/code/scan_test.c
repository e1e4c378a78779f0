/* SPDX-License-Identifier: MIT
 *
 * What scanners send, and what the field makes of it: prefixes, separators, wide digits, input methods, Caps
 * Lock.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/code/courier.h"
#include "core/code/scan.h"
#include "tests/support/naughty.h"

static struct courier_list *couriers;

static void decode(struct scan *scan, const char *bytes)
{
    scan_decode(scan, bytes, strlen(bytes), couriers);
}

static gboolean may_be(const struct scan *scan, const char *courier)
{
    const struct courier *found[SCAN_COURIERS_MAX];
    guint count = scan_couriers(scan, couriers, found);
    for (guint i = 0; i < count; i++)
        if (strcmp(found[i]->code, courier) == 0)
            return TRUE;
    return FALSE;
}

struct sample {
    const char *bytes, *text;
    unsigned flags;
};

static void samples(void)
{
    static const struct sample SAMPLES[] = {
        {"TEA-OOL-150\r", "TEA-OOL-150", SCAN_PLAIN},
        {"\x02"
         "TEA-OOL-150\x03\r\n",
         "TEA-OOL-150", SCAN_PLAIN},
        {"\t]C0TEA 1\t", "TEA 1", SCAN_PLAIN},
        {"]E04710088412345", "4710088412345", SCAN_PLAIN},
        {"２２５０４４６７５２\r", "2250446752", SCAN_PLAIN},
        {"//X12", "//X12", SCAN_CODE_BAD},
        {"\r\n", "", SCAN_EMPTY},
        {"", "", SCAN_EMPTY},
        {"\xff\xfe"
         "12",
         "\xEF\xBF\xBD\xEF\xBF\xBD"
         "12",
         SCAN_DAMAGED},
        {"ㄅㄉˇˋ", "ㄅㄉˇˋ", SCAN_IME},
        {"馬克杯", "馬克杯", SCAN_IME},
        {"ｱｲｳ", "ｱｲｳ", SCAN_IME},
        {"ティー", "ティー", SCAN_IME},
        {"1z999aa10123456784\r", "1z999aa10123456784", SCAN_CAPS},
        {"mug-red-350", "mug-red-350", SCAN_PLAIN},
        {"AB\x1d"
         "CD",
         "ABCD", SCAN_PLAIN},
        {"12\x01"
         "34",
         "1234", SCAN_PLAIN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        struct scan scan;
        decode(&scan, SAMPLES[i].bytes);
        g_assert_cmpstr(scan.text, ==, SAMPLES[i].text);
        g_assert_cmphex(scan.flags, ==, SAMPLES[i].flags);
        scan_clear(&scan);
    }
}

static void internal(void)
{
    char text[CODE_SIZE];
    struct scan scan;
    char *line = g_strconcat("]C0", code_make(CODE_TOTE, 77, text), "\r", NULL);
    decode(&scan, line);
    g_assert_cmphex(scan.flags, ==, SCAN_CODE);
    g_assert_cmpint(scan.code.kind, ==, CODE_TOTE);
    g_assert_cmpint(scan.code.id, ==, 77);
    g_assert_cmpstr(scan.aim, ==, "]C0");
    scan_clear(&scan);
    char *lower = g_ascii_strdown(text, -1);
    decode(&scan, lower);
    g_assert_cmphex(scan.flags, ==, SCAN_CAPS);
    scan_clear(&scan);
    g_free(lower);
    g_free(line);
}

static void gs1_full(void)
{
    struct scan scan;
    decode(&scan, "]C1010950600013435210AB12\x1d"
                  "17261231"
                  "3712\x1d"
                  "21S-9\r");
    g_assert_cmphex(scan.flags, ==, SCAN_GS1 | SCAN_PLAIN);
    g_assert_cmpstr(scan.gs1.gtin, ==, "09506000134352");
    g_assert_cmpstr(scan.gs1.lot, ==, "AB12");
    g_assert_cmpint(scan.gs1.count, ==, 12);
    scan_clear(&scan);
    decode(&scan, "(01)09506000134352(17)270200(10)L7");
    g_assert_cmphex(scan.flags, ==, SCAN_GS1 | SCAN_PLAIN);
    g_assert_cmpstr(scan.gs1.lot, ==, "L7");
    scan_clear(&scan);
}

static void gs1_sscc(void)
{
    struct scan scan;
    decode(&scan, "]C100095287654321012346\r");
    g_assert_cmpstr(scan.gs1.sscc, ==, "095287654321012346");
    g_assert_true(may_be(&scan, "sscc"));
    scan_clear(&scan);
    decode(&scan, "]C142010282\x1d"
                  "9261290113185417468510");
    g_assert_true(may_be(&scan, "usps"));
    scan_clear(&scan);
}

static void gs1_wrong(void)
{
    static const char *const WRONG[] = {
        "]C10109506000134353",        /* check digit */
        "]C117261331",                /* month 13 */
        "]C117260230",                /* 30 February */
        "]C110",                      /* empty lot */
        "]C110123456789012345678901", /* 21 characters */
        "]C13712A",                   /* a letter in a count */
        "]C15512345",                 /* no such identifier */
        "]C110A\x1d\x31\x30\x42",     /* one element, two values */
        "10ABC",                      /* nothing says it is GS1 */
    };
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        struct scan scan;
        decode(&scan, WRONG[i]);
        g_assert_cmphex(scan.flags, ==, SCAN_PLAIN);
        scan_clear(&scan);
    }
}

static void two_meanings(void)
{
    struct scan scan;
    decode(&scan, "2250446752");
    g_assert_true(may_be(&scan, "hct") && may_be(&scan, "dhl"));
    scan_clear(&scan);
    char *huge = g_strnfill(5000, '7');
    decode(&scan, huge);
    g_assert_cmphex(scan.flags, ==, SCAN_DAMAGED);
    scan_clear(&scan);
    g_free(huge);
}

/* --- against the dictionary of GS1 itself --------------------------------------------------------------- */

static gboolean takes(const char *ai, const char *value)
{
    struct gs1 gs1;
    char *text = g_strconcat(ai, value, NULL);
    gboolean good = gs1_parse(text, &gs1);
    g_free(text);
    return good;
}

/* n digits; the last is the right check digit, or a wrong one. */
static char *digits(int n, gboolean right)
{
    char *text = g_strnfill((gsize)n, '7');
    for (char c = '0'; c <= '9'; c++) {
        text[n - 1] = c;
        if (check_gs1(text, (gsize)n) == right)
            break;
    }
    return text;
}

static void fixed(const char *ai, const char *spec)
{
    int n = (int)g_ascii_strtoll(spec + 1, NULL, 10);
    if (strstr(spec, "yymmd0")) {
        g_assert_true(takes(ai, "261231"));
        g_assert_true(takes(ai, "260200"));
        g_assert_false(takes(ai, "261301"));
        g_assert_false(takes(ai, "26123"));
        return;
    }
    char *right = digits(n, TRUE), *wrong = digits(n, FALSE);
    g_assert_true(takes(ai, right));
    if (strstr(spec, "csum"))
        g_assert_false(takes(ai, wrong));
    right[n - 1] = '\0';
    g_assert_false(takes(ai, right));
    g_free(right);
    g_free(wrong);
}

static void variable(const char *ai, const char *spec)
{
    int n = (int)g_ascii_strtoll(spec + strlen("X.."), NULL, 10);
    char *full = g_strnfill((gsize)n, '7'), *over = g_strnfill((gsize)n + 1, '7');
    g_assert_true(takes(ai, full));
    g_assert_true(takes(ai, "1"));
    g_assert_false(takes(ai, over));
    g_assert_false(takes(ai, ""));
    g_assert_cmpint(takes(ai, "A"), ==, spec[0] == 'X');
    g_free(full);
    g_free(over);
}

static void dictionary_row(const char *row, guint *seen)
{
    static const char *const OURS[] = {"00",  "01",  "02",  "10",  "11",  "12",  "13",  "15",  "16",  "17",
                                       "20",  "21",  "22",  "240", "241", "30",  "37",  "400", "401", "410",
                                       "411", "412", "413", "414", "415", "416", "417", "420", NULL};
    char ai[8], second[64], third[64];
    if (row[0] == '#' || sscanf(row, "%7s %63s %63s", ai, second, third) != 3 || !g_strv_contains(OURS, ai))
        return;
    const char *spec = strchr("NXYZ", second[0]) ? second : third;
    if (strstr(spec, ".."))
        variable(ai, spec);
    else
        fixed(ai, spec);
    (*seen)++;
}

static void gs1_dictionary(void)
{
    char *text = NULL;
    guint seen = 0;
    if (!g_file_get_contents("../shared/data/gs1_syntax/gs1-syntax-dictionary.txt", &text, NULL, NULL)) {
        g_test_skip("../shared/data/gs1_syntax is not here");
        return;
    }
    char **rows = g_strsplit(text, "\n", -1);
    for (guint i = 0; rows[i]; i++)
        dictionary_row(rows[i], &seen);
    g_assert_cmpuint(seen, ==, 28);
    g_strfreev(rows);
    g_free(text);
}

static void naughty_strings(void)
{
    char **rows = naughty_lines();
    for (guint i = 0; rows && rows[i]; i++) {
        struct scan scan;
        decode(&scan, rows[i]);
        g_assert_cmphex(scan.flags, !=, 0);
        g_assert_true(clean_is(scan.text));
        scan_clear(&scan);
    }
    g_strfreev(rows);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    GError *error = NULL;
    couriers = couriers_load(NULL, &error);
    g_assert_no_error(error);
    g_test_add_func("/scan/samples", samples);
    g_test_add_func("/scan/internal", internal);
    g_test_add_func("/scan/gs1", gs1_full);
    g_test_add_func("/scan/sscc", gs1_sscc);
    g_test_add_func("/scan/gs1-wrong", gs1_wrong);
    g_test_add_func("/scan/two-meanings", two_meanings);
    g_test_add_func("/scan/gs1-dictionary", gs1_dictionary);
    g_test_add_func("/scan/naughty-strings", naughty_strings);
    int result = g_test_run();
    couriers_free(couriers);
    return result;
}
