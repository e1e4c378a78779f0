/* SPDX-License-Identifier: MIT */
#include "core/base/money.h"

#include "core/base/words.h"

struct currency {
    const char *code;
    const char *sign;
    int digits; /* people pay with, after the point */
};

static const struct currency CURRENCIES[] = {
    {"TWD", "NT$ ", 0},
    {"CNY", "¥ ", 2},
    {"USD", "US$ ", 2},
    {"HKD", "HK$ ", 2},
};

static struct currency currency_of(const char *code)
{
    int n = WORDS_FIND(CURRENCIES, code);
    return n < 0 ? (struct currency){code, "", 2} : CURRENCIES[n];
}

gboolean money_is_payable(const char *currency, int64_t minor)
{
    return minor >= 0 && (currency_of(currency).digits > 0 || minor % 100 == 0);
}

static void append_grouped(GString *out, uint64_t number)
{
    char digits[24];
    int length = g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
}

char *money_text(const char *code, int64_t minor)
{
    struct currency currency = currency_of(code);
    uint64_t amount = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    GString *out = g_string_new(currency.sign);
    if (minor < 0)
        g_string_append_c(out, '-');
    append_grouped(out, amount / 100);
    if (currency.digits > 0 || amount % 100 != 0)
        g_string_append_printf(out, ".%02d", (int)(amount % 100));
    if (!currency.sign[0])
        g_string_append_printf(out, " %s", currency.code);
    return g_string_free(out, FALSE);
}
