/* SPDX-License-Identifier: MIT
 *
 * Amounts: what people read of them, and which of them a buyer can pay at the door.
 */
#include "core/base/money.h"

static const struct {
    const char *currency;
    gint64 minor;
    const char *text;
    gboolean payable;
} ROWS[] = {
    {"TWD", 128000, "NT$ 1,280", TRUE},
    {"TWD", 100, "NT$ 1", TRUE},
    {"TWD", 123456700, "NT$ 1,234,567", TRUE},
    {"TWD", 150, "NT$ 1.50", FALSE},
    {"TWD", -100, "NT$ -1", FALSE},
    {"CNY", 1250, "¥ 12.50", TRUE},
    {"CNY", 100000, "¥ 1,000.00", TRUE},
    {"USD", 1999, "US$ 19.99", TRUE},
    {"HKD", 0, "HK$ 0.00", TRUE},
    {"EUR", 5, "0.05 EUR", TRUE},
    {"EUR", -123456, "-1,234.56 EUR", FALSE},
    {"TWD", G_MININT64, "NT$ -92,233,720,368,547,758.08", FALSE},
};

static void reads(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        char *text = money_text(ROWS[i].currency, ROWS[i].minor);
        g_assert_cmpstr(text, ==, ROWS[i].text);
        g_free(text);
    }
}

static void pays(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
        g_assert_cmpint(money_is_payable(ROWS[i].currency, ROWS[i].minor), ==, ROWS[i].payable);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/money/reads", reads);
    g_test_add_func("/money/pays", pays);
    return g_test_run();
}
