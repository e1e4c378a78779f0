/* SPDX-License-Identifier: MIT
 *
 * Couriers as data: their files, their check rules against numbers nobody here made up, numbers made and read
 * back.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/code/courier.h"

static struct courier_list *couriers;

struct sample {
    const char *courier, *number;
    gboolean good;
};

static void published(void)
{
    static const struct sample SAMPLES[] = {
        {"hct", "2250446752", TRUE},
        {"hct", "2000001054", TRUE},
        {"hct", "8812213345", FALSE},
        {"sscc", "095287654321012346", TRUE},
        {"sscc", "080020080000012346", TRUE},
        {"sscc", "080020080000012347", FALSE},
        {"ups", "1Z5R89390357567127", TRUE},
        {"ups", "1Z999AA10123456784", TRUE},
        {"ups", "1Z999AA10123456783", FALSE},
        {"usps", "9400111206206406260787", TRUE},
        {"usps", "9261290113185417468510", TRUE},
        {"fedex", "986578788855", TRUE},
        {"fedex", "041441760228964", TRUE},
        {"dhl", "3318810025", TRUE},
        {"dhl", "8487135506", TRUE},
        {"711", "F00203257137", TRUE},
        {"family", "08936190269", TRUE},
        {"sf", "444003077898", TRUE},
        {"sf", "SF1011603494291", TRUE},
        {"tcat", "904400123456", TRUE},
        {"post", "RB123456785GB", FALSE},
        {"post", "RB123456785TW", TRUE},
        {"post", "RB123456786TW", FALSE},
        {"kerry", "12345678901", TRUE},
        {"hct", "", FALSE},
        {"hct", "22504467520", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        const struct courier *courier = couriers_get(couriers, SAMPLES[i].courier);
        GError *error = NULL;
        g_assert_nonnull(courier);
        g_assert_cmpint(courier_check(courier, SAMPLES[i].number, &error), ==, SAMPLES[i].good);
        g_assert_cmpint(error == NULL, ==, SAMPLES[i].good);
        g_clear_error(&error);
    }
}

static void s10_anywhere(void)
{
    static const char *const NUMBERS[] = {"EE471108151FR", "RR473124829GB", "RB123456785GB", "RB123456785CV"};
    const struct number_form *form = couriers_get(couriers, "post")->forms->pdata[0];
    for (guint i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        char *serial = g_strndup(NUMBERS[i] + 2, 8);
        g_assert_true(check_verify(form->rule, &form->params, serial, NUMBERS[i][10]));
        g_assert_false(check_verify(form->rule, &form->params, serial, '!'));
        g_free(serial);
    }
}

/* Whether one of the courier's forms that belong to the id takes the number. */
static gboolean form_takes(const struct courier *courier, const char *id, const char *number, guint *forms)
{
    gboolean takes = FALSE;
    char *normal = number_normal(number);
    *forms = 0;
    for (guint i = 0; i < courier->forms->len; i++) {
        const struct number_form *form = courier->forms->pdata[i];
        size_t length = strlen(id);
        if (strncmp(form->name, id, length) != 0 || (form->name[length] && strcmp(id, "usps_legacy") != 0))
            continue;
        (*forms)++;
        takes = takes || number_form_fits(form, normal);
    }
    g_free(normal);
    return takes;
}

static void numbers_of(const struct courier *courier, const char *id, const json_t *numbers, gboolean good)
{
    size_t i;
    json_t *number;
    json_array_foreach(numbers, i, number)
    {
        guint forms = 0;
        gboolean takes = form_takes(courier, id, json_string_value(number), &forms);
        if (forms == 0 || takes != good)
            g_error("%s %s: %s", courier->code, id, json_string_value(number));
    }
}

static void tracking_number_data(void)
{
    static const char *const FILES[] = {"dhl", "fedex", "ups", "usps"};
    for (guint f = 0; f < G_N_ELEMENTS(FILES); f++) {
        char *path = g_strdup_printf("../shared/data/tracking_number_data/couriers/%s.json", FILES[f]);
        json_t *root = json_load_file(path, 0, NULL);
        if (!root) {
            g_test_skip("../shared/data/tracking_number_data is not here");
            g_free(path);
            return;
        }
        size_t i;
        json_t *type;
        json_array_foreach(json_object_get(root, "tracking_numbers"), i, type)
        {
            const char *id = json_string_value(json_object_get(type, "id"));
            json_t *tests = json_object_get(type, "test_numbers");
            const struct courier *courier = couriers_get(couriers, FILES[f]);
            numbers_of(courier, id ? id : "ups_waybill", json_object_get(tests, "valid"), TRUE);
            numbers_of(courier, id ? id : "ups_waybill", json_object_get(tests, "invalid"), FALSE);
        }
        json_decref(root);
        g_free(path);
    }
}

static void made_numbers(void)
{
    static const struct {
        const char *courier, *prefix;
        int64_t serial;
        const char *number;
    } MADE[] = {
        {"hct", "", 225044675, "2250446752"},
        {"post", "RB", 12345678, "RB123456785TW"},
        {"ups", "999AA101", 2345678, "1Z999AA10123456784"},
        {"sscc", "0952876543", 2101234, NULL},
        {"kerry", NULL, 17, "00000000017"},
        {"hct", "2250", 44675, "2250446752"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(MADE); i++) {
        const struct courier *courier = couriers_get(couriers, MADE[i].courier);
        GError *error = NULL;
        char *number = courier_make_number(courier, MADE[i].prefix, 0, MADE[i].serial, &error);
        g_assert_no_error(error);
        if (MADE[i].number)
            g_assert_cmpstr(number, ==, MADE[i].number);
        g_assert_true(courier_check(courier, number, NULL));
        g_free(number);
    }
}

static void not_made(void)
{
    static const struct {
        const char *courier, *prefix;
        int64_t serial;
    } WRONG[] = {{"hct", "", 1000000000},        {"tcat", "", 1}, {"post", "", 1}, {"ups", "abc", 1},
                 {"ups", "TOOLONGAPREFIX99", 1}, {"hct", "", -1}};
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        GError *error = NULL;
        char *number = courier_make_number(couriers_get(couriers, WRONG[i].courier), WRONG[i].prefix, 0,
                                           WRONG[i].serial, &error);
        g_assert_null(number);
        g_assert_error(error, ERR, (int)ERR_NUMBER_MAKE);
        g_clear_error(&error);
    }
}

static void printed(void)
{
    char *grouped = courier_group_number(couriers_get(couriers, "tcat"), "904400123456");
    char *barcode = courier_barcode(couriers_get(couriers, "sscc"), "095287654321012346", NULL);
    char *usps = courier_barcode(couriers_get(couriers, "usps"), "9261290113185417468510", "10282");
    char *bare = courier_barcode(couriers_get(couriers, "usps"), "9261290113185417468510", NULL);
    g_assert_cmpstr(grouped, ==, "9044 0012 3456");
    g_assert_cmpstr(barcode, ==, "[00]095287654321012346");
    g_assert_cmpstr(usps, ==, "[420]10282[92]61290113185417468510");
    g_assert_cmpstr(bare, ==, "[92]61290113185417468510");
    g_free(grouped);
    g_free(barcode);
    g_free(usps);
    g_free(bare);
}

static void bare(void)
{
    static const struct {
        const char *courier, *text, *number;
    } TEXTS[] = {
        {"usps", "4201028200009261290113185417468510", "9261290113185417468510"},
        {"usps", "420102829261290113185417468510", "9261290113185417468510"},
        {"usps", "9400 1112 0620 6406 2607 87", "9400111206206406260787"},
        {"tcat", "9044-0012-3456", "904400123456"},
        {"hct", "no number", "NONUMBER"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        char *number = courier_bare_number(couriers_get(couriers, TEXTS[i].courier), TEXTS[i].text);
        g_assert_cmpstr(number, ==, TEXTS[i].number);
        g_free(number);
    }
}

static void faults(void)
{
    static const struct {
        const char *courier;
        struct delivery delivery;
        const char *fault;
    } DELIVERIES[] = {
        {"hct", {"A", "street 1", "407", "", 128000, "TWD"}, NULL},
        {"hct", {"A", "street 1", "407", "", 128050, "TWD"}, "whole dollars"},
        {"hct", {"A", "street 1", "407", "", 128000, "USD"}, "TWD"},
        {"hct", {"A", "street 1", "407", "", 900000000, "TWD"}, "limit"},
        {"dhl", {"A", "street 1", "407", "", 100, "TWD"}, "no COD"},
        {"dhl", {"A", "street 1", "", "", 0, "TWD"}, "postcode"},
        {"711", {"A", "", "", "", 0, "TWD"}, "store"},
        {"711", {"A", "", "", "123456", 0, "TWD"}, NULL},
        {"hct", {"A", "", "", NULL, 0, "TWD"}, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(DELIVERIES); i++) {
        const char *fault =
            courier_fault(couriers_get(couriers, DELIVERIES[i].courier), &DELIVERIES[i].delivery);
        g_assert_cmpint(fault != NULL, ==, DELIVERIES[i].fault != NULL);
        if (fault)
            g_assert_nonnull(strstr(fault, DELIVERIES[i].fault));
    }
    char no_names[] = "<>", *forbidden = no_names;
    const struct courier strict = {.name_max = 3, .address_max = 5, .forbidden = forbidden, .cod_max = 1};
    g_assert_nonnull(courier_fault(&strict, &(struct delivery){.name = "王大衛二", .address = "a"}));
    g_assert_nonnull(courier_fault(&strict, &(struct delivery){.name = "王大衛", .address = "臺中市西屯區"}));
    g_assert_nonnull(courier_fault(&strict, &(struct delivery){.name = "<b>", .address = "a"}));
    g_assert_null(courier_fault(&strict, &(struct delivery){.name = "王大衛", .address = "臺中市"}));
}

static void files_right(void)
{
    for (guint i = 0; i < couriers_count(couriers); i++) {
        const struct courier *courier = couriers_at(couriers, i);
        g_assert_nonnull(courier->kinds[0]);
        g_assert_nonnull(courier->services[0]);
        g_assert_cmpint(courier->make[0] != '\0', ==, courier->source == NUMBER_RANGE);
    }
    g_assert_cmpint(couriers_get(couriers, "hct")->cut_off_minute, ==, 18 * 60);
    g_assert_null(couriers_get(couriers, "nobody"));
}

static void files_wrong(void)
{
    static const struct {
        const char *text, *names;
    } WRONG[] = {
        {"[courier]\nname=X\n", "name_zh"},
        {"[courier]\nname=X\nname_zh=Y\n[number]\nsource=moon\n", "source"},
        {"[courier]\nname=X\nname_zh=Y\n[number]\nsource=list\n", "pattern"},
        {"[courier]\nname=X\nname_zh=Y\ncutoff=9:00\n[number]\nsource=list\n[form "
         "a]\npattern=A\ncheck=none\n",
         "cutoff"},
        {"[courier]\nname=X\nname_zh=Y\n[number]\nsource=list\n[form a]\npattern=(\ncheck=none\n", "pattern"},
        {"[courier]\nname=X\nname_zh=Y\n[number]\nsource=list\n[form a]\npattern=A\ncheck=mod99\n", "check"},
        {"[courier]\nname=X\nname_zh=Y\n[number]\nsource=list\n[form a]\npattern=A\ncheck=mod7\n", "pattern"},
        {"[courier]\nname=X\nname_zh=Y\ncut_off=25:00\n[number]\nsource=list\n", "cut_off"},
        {"no ini", "wrong.ini"},
    };
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    char *path = g_build_filename(dir, "wrong.ini", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        GError *error = NULL;
        g_assert_true(g_file_set_contents(path, WRONG[i].text, -1, NULL));
        g_assert_null(couriers_load(dir, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, "wrong.ini"));
        g_assert_nonnull(strstr(error->message, WRONG[i].names));
        g_clear_error(&error);
    }
    g_remove(path);
    g_rmdir(dir);
    GError *error = NULL;
    g_assert_null(couriers_load(dir, &error));
    g_assert_error(error, ERR, (int)ERR_FILE_READ);
    g_clear_error(&error);
    g_free(path);
    g_free(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    GError *error = NULL;
    couriers = couriers_load(NULL, &error);
    g_assert_no_error(error);
    g_test_add_func("/courier/published", published);
    g_test_add_func("/courier/s10", s10_anywhere);
    g_test_add_func("/courier/tracking-number-data", tracking_number_data);
    g_test_add_func("/courier/made", made_numbers);
    g_test_add_func("/courier/not-made", not_made);
    g_test_add_func("/courier/printed", printed);
    g_test_add_func("/courier/bare", bare);
    g_test_add_func("/courier/faults", faults);
    g_test_add_func("/courier/files", files_right);
    g_test_add_func("/courier/files-wrong", files_wrong);
    int result = g_test_run();
    couriers_free(couriers);
    return result;
}
