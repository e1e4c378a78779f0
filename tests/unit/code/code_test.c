/* SPDX-License-Identifier: MIT
 *
 * Internal codes: what is made is read back, and no single wrong character is taken for a code.
 */
#include <glib.h>
#include <string.h>

#include "core/code/code.h"

static void round_trip(void)
{
    static const enum code_kind KINDS[] = {CODE_ORDER, CODE_SHIPMENT, CODE_BATCH,
                                           CODE_TOTE,  CODE_BIN,      CODE_PERSON};
    static const int64_t IDS[] = {1, 35, 36, 1295, 4503599627370496, INT64_MAX};
    for (guint k = 0; k < G_N_ELEMENTS(KINDS); k++)
        for (guint i = 0; i < G_N_ELEMENTS(IDS); i++) {
            char text[CODE_SIZE];
            struct code code;
            g_assert_true(code_parse(code_make(KINDS[k], IDS[i], text), &code));
            g_assert_cmpint(code.kind, ==, KINDS[k]);
            g_assert_cmpint(code.id, ==, IDS[i]);
            g_assert_cmpint(code.card, ==, CARD_NONE);
        }
}

static void commands(void)
{
    for (enum card c = CARD_NONE + 1; c < CARD_COUNT; c++) {
        char text[CODE_SIZE];
        struct code code;
        g_assert_true(code_parse(code_make_card(c, text), &code));
        g_assert_cmpint(code.kind, ==, CODE_COMMAND);
        g_assert_cmpint(code.card, ==, c);
        g_assert_cmpstr(card_text(c), !=, "");
    }
}

static void single_errors(void)
{
    char right[CODE_SIZE], wrong[CODE_SIZE];
    struct code code;
    code_make(CODE_SHIPMENT, 123456789012345, right);
    for (size_t at = 2; at < strlen(right); at++)
        for (const char *c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *c; c++) {
            strcpy(wrong, right);
            wrong[at] = *c;
            g_assert_cmpint(code_parse(wrong, &code), ==, *c == right[at]);
        }
}

static void refused(void)
{
    static const char *const WRONG[] = {"",
                                        "/",
                                        "//",
                                        "//S",
                                        "//S1",
                                        "S1",
                                        "//S01B",
                                        "//X11",
                                        "//C",
                                        "//CNONE",
                                        "//SZZZZZZZZZZZZZZZZZZZZZZZZZZ",
                                        "//s1a",
                                        "//S1 A"};
    struct code code;
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++)
        g_assert_false(code_parse(WRONG[i], &code));
    g_assert_true(code_is_reserved("//anything"));
    g_assert_false(code_is_reserved("/TEA"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/code/round-trip", round_trip);
    g_test_add_func("/code/commands", commands);
    g_test_add_func("/code/single-errors", single_errors);
    g_test_add_func("/code/refused", refused);
    return g_test_run();
}
