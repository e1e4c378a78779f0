/* SPDX-License-Identifier: MIT */
#include "core/intake/zip.h"

#include "core/intake/draft.h"

static void test_find(void)
{
    static const struct {
        const char *address, *county, *district, *zip, *rest;
    } CASES[] = {
        {"臺中市西屯區市政路1號", "臺中市", "西屯區", "407", "市政路1號"},
        {"台中市西屯區市政路1號", "臺中市", "西屯區", "407", "市政路1號"},
        {"407 台中市 西屯區 市政路1號", "臺中市", "西屯區", "407", "市政路1號"},
        {"新北市新莊區中正路1號", "新北市", "新莊區", "", "中正路1號"},
        {"40743臺中市西屯區", "臺中市", "西屯區", "407", ""},
        {"臺東縣臺東市中山路1號", "臺東縣", "臺東市", "950", "中山路1號"},
        {"somewhere", NULL, NULL, NULL, "somewhere"},
        {"臺中市", NULL, NULL, NULL, "臺中市"},
        {"", NULL, NULL, NULL, ""},
    };
    struct zip_table *table = zip_load("assets/zip", NULL);
    g_assert_nonnull(table);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct zip_place place;
        g_assert_cmpint(zip_find(table, CASES[i].address, &place), ==, CASES[i].county != NULL);
        g_assert_cmpstr(place.county, ==, CASES[i].county);
        g_assert_cmpstr(place.district, ==, CASES[i].district);
        g_assert_cmpstr(place.zip, ==, CASES[i].zip);
        g_assert_cmpstr(place.rest, ==, CASES[i].rest);
    }
    zip_free(table);
}

static void check_complete(struct draft_recipient given, struct draft_recipient expected)
{
    struct zip_table *table = zip_load("assets/zip", NULL);
    struct order_draft *draft = draft_new();
    draft->recipient = given;
    zip_complete(table, draft);
    g_assert_cmpstr(draft->recipient.county, ==, expected.county);
    g_assert_cmpstr(draft->recipient.district, ==, expected.district);
    g_assert_cmpstr(draft->recipient.address, ==, expected.address);
    g_assert_cmpstr(draft->recipient.postcode, ==, expected.postcode);
    draft_free(draft);
    zip_free(table);
}

static void test_complete(void)
{
    struct draft_recipient apart = {.county = "台北市", .district = "信義區", .address = "市府路1號", .postcode = "", .country = "TW"};
    struct draft_recipient done = {.county = "臺北市", .district = "信義區", .address = "市府路1號", .postcode = "110"};
    check_complete(apart, done);
    struct draft_recipient whole = {.county = "", .district = "", .address = "台北市信義區市府路1號", .postcode = "", .country = ""};
    check_complete(whole, done);
    struct draft_recipient twice = {.county = "台北市", .district = "信義區", .address = "110台北市信義區市府路1號", .postcode = "11008", .country = "TW"};
    done.postcode = "11008";
    check_complete(twice, done);
    struct draft_recipient two_codes = {.county = "新北市", .district = "新莊區", .address = "中正路1號", .postcode = "", .country = "TW"};
    check_complete(two_codes, two_codes);
    struct draft_recipient abroad = {.county = "臺北市", .district = "信義區", .address = "1", .postcode = "", .country = "US"};
    check_complete(abroad, abroad);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/zip/find", test_find);
    g_test_add_func("/intake/zip/complete", test_complete);
    return g_test_run();
}
