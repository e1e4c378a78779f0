/* SPDX-License-Identifier: MIT
 *
 * Doctor says what is wrong and how to mend it, and finds nothing wrong where nothing is.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/check/doctor.h"
#include "core/people/pin.h"
#include "core/site/journal_key.h"
#include "core/site/site_setting.h"
#include "tests/support/floor.h"

static char *examine(void (*look)(struct findings *findings, const char *url), const char *url,
                     enum finding_level *worst)
{
    struct findings *findings = findings_new();
    look(findings, url);
    char *text = findings_text(findings);
    *worst = findings_worst(findings);
    findings_free(findings);
    return text;
}

static void says(const char *text, const char *what)
{
    if (!strstr(text, what))
        g_error("no %s in\n%s", what, text);
}

/* A finding that is not ok says how to mend it. */
static void says_how(const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        if (g_str_has_prefix(lines[i], "BAD") || g_str_has_prefix(lines[i], "look"))
            if (!lines[i + 1] || !strstr(lines[i + 1], "-> "))
                g_error("no way to mend it: %s", lines[i]);
    g_strfreev(lines);
}

/* As one does: the journal's first key is elsewhere, and its seals stand in a second place. */
static void keep_well(struct floor *floor)
{
    g_autofree char *seals = g_build_filename(floor->test->dir, "seals", NULL);
    struct journal_key key;
    g_assert_true(site_setting_set(floor->site, &floor->system, "seal_to", seals, NULL));
    struct floor *second = floor_open(floor->test, "b"); /* there is something to seal by now */
    g_assert_true(journal_key_load(floor->site->db, &key, NULL));
    g_autofree char *path = journal_key_path(key.mark);
    g_assert_cmpint(unlink(path), ==, 0);
    floor_close(second);
}

static void healthy(struct testdb *test)
{
    enum finding_level worst;
    struct floor *floor = floor_open(test, "a");
    keep_well(floor);
    char *text = examine(doctor_database, test->url, &worst);
    says(text, "is not on this machine");
    says(text, test->engine == DB_SQLITE ? "journal_mode wal" : "fsync o");
    says(text, "hct (ordinary): 10000 waybill numbers left");
    says(text, "0 violations");
    if (test->engine == DB_SQLITE)
        g_assert_cmpint(worst, ==, FINDING_OK);
    else
        says(text, "ms from the server");
    g_free(text);
    floor_close(floor);
}

static void unwell(struct testdb *test)
{
    enum finding_level worst;
    struct floor *floor = floor_open(test, "a");
    floor->tampered = TRUE;
    testdb_script(floor->site->db, "UPDATE waybill_range SET next = last + 1");
    char *text = examine(doctor_database, test->url, &worst);
    says(text, "hct (ordinary): 0 waybill numbers left");
    says(text, "-> Ask the courier");
    g_assert_cmpint(worst, ==, FINDING_BAD);
    g_free(text);
    floor_close(floor);
}

static void no_database(void)
{
    static const char *const URLS[] = {"sqlite:/nonexistent/x.db", "mysql:x", "postgresql://a:b@c/d", ""};
    for (guint i = 0; i < G_N_ELEMENTS(URLS); i++) {
        enum finding_level worst;
        char *text = examine(doctor_database, URLS[i], &worst);
        g_assert_cmpint(worst, ==, FINDING_BAD);
        says(text, "PL-02");
        says_how(text);
        g_free(text);
    }
}

static void settings(void)
{
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    char *pepper = g_build_filename(dir, "pepper", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    struct findings *findings = findings_new();
    doctor_settings(findings);
    g_assert_cmpint(findings_worst(findings), ==, FINDING_BAD);
    findings_free(findings);
    g_assert_true(pepper_create(NULL, NULL));
    findings = findings_new();
    doctor_settings(findings);
    char *text = findings_text(findings);
    says(text, "key file of the PINs is there");
    g_free(text);
    findings_free(findings);
    g_remove(pepper);
    g_rmdir(dir);
    g_free(pepper);
    g_free(dir);
}

static void write_asset(const char *dir, const char *folder, const char *name, const char *text)
{
    char *where = g_build_filename(dir, folder, NULL), *path = g_build_filename(where, name, NULL);
    g_mkdir_with_parents(where, 0700);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
    g_free(where);
}

static void remove_asset(const char *dir, const char *folder, const char *name)
{
    char *where = g_build_filename(dir, folder, NULL), *path = g_build_filename(where, name, NULL);
    g_remove(path);
    g_rmdir(where);
    g_free(path);
    g_free(where);
}

static void broken_assets(void)
{
    void (*const LOOKS[])(struct findings *) = {doctor_couriers, doctor_shops};
    static const char *const FOLDERS[] = {"couriers", "shops"};
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    g_setenv("PACKLINE_ASSETS", dir, TRUE);
    for (guint i = 0; i < 2 * G_N_ELEMENTS(LOOKS); i++) {
        guint n = i / 2;
        if (i % 2 == 1)
            write_asset(dir, FOLDERS[n], "broken.ini", "[junk\n");
        struct findings *findings = findings_new();
        LOOKS[n](findings);
        char *text = findings_text(findings);
        g_assert_cmpint(findings_worst(findings), ==, FINDING_BAD);
        says_how(text);
        says(text, FOLDERS[n]);
        if (i % 2 == 1)
            says(text, "broken");
        g_free(text);
        findings_free(findings);
        remove_asset(dir, FOLDERS[n], "broken.ini");
    }
    g_unsetenv("PACKLINE_ASSETS");
    g_rmdir(dir);
    g_free(dir);
}

static void merged(void)
{
    struct findings *one = findings_new(), *two = findings_new();
    findings_add(one, FINDING_WARN, "printer", "look", "label-1 \"%s\"", "slow");
    findings_add(one, FINDING_OK, "fonts", NULL, "Noto Sans CJK");
    json_t *list = findings_json(one);
    char *json = json_dumps(list, 0), *first = findings_text(one);
    g_assert_true(findings_merge(two, json));
    char *second = findings_text(two);
    g_assert_cmpstr(first, ==, second);
    g_assert_cmpint(findings_worst(two), ==, FINDING_WARN);
    g_assert_false(findings_merge(two, "no json"));
    g_assert_false(findings_merge(two, "[{\"level\": 3}]"));
    json_decref(list);
    free(json);
    g_free(first);
    g_free(second);
    findings_free(one);
    findings_free(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doctor/no-database", no_database);
    g_test_add_func("/doctor/settings", settings);
    g_test_add_func("/doctor/merged", merged);
    g_test_add_func("/doctor/broken-assets", broken_assets);
    testdb_add("/doctor/healthy", healthy);
    testdb_add("/doctor/unwell", unwell);
    return g_test_run();
}
