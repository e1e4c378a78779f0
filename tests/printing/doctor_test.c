/* SPDX-License-Identifier: MIT
 *
 * The printing part of doctor, as the program: fonts, templates, a folder printer, CUPS settings that lose
 * jobs.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/paths.h"
#include "core/check/finding.h"
#include "tests/support/floor.h"

static char *doctor(const char *url, enum finding_level *worst)
{
    char *program = paths_program("../../packline-print");
    char *argv[] = {program, g_strdup("doctor"), g_strdup("--json"), g_strdup("--db"), g_strdup(url), NULL};
    char *output = NULL;
    GError *error = NULL;
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL, &error);
    g_assert_no_error(error);
    struct findings *findings = findings_new();
    g_assert_true(findings_merge(findings, output));
    char *text = findings_text(findings);
    *worst = findings_worst(findings);
    findings_free(findings);
    for (int i = 0; argv[i]; i++)
        g_free(argv[i]);
    g_free(output);
    return text;
}

static void says(const char *text, const char *what)
{
    if (!strstr(text, what))
        g_error("no %s in\n%s", what, text);
}

static void printer_at(struct floor *floor, const char *uri)
{
    char *sql = g_strdup_printf("UPDATE printer SET uri = '%s', host = ''", uri);
    testdb_script(floor->site->db, sql);
    g_free(sql);
}

static void folder(struct testdb *test)
{
    enum finding_level worst;
    struct floor *floor = floor_open(test, "setup");
    char *uri = g_strdup_printf("file:%s/paper", test->dir);
    printer_at(floor, uri);
    char *text = doctor(test->url, &worst);
    says(text, "Noto Sans CJK TC");
    says(text, "label-1 (file:");
    says(text, "can be drawn on 100x150 mm");
    g_assert_cmpint(worst, !=, FINDING_BAD);
    g_free(text);
    g_free(uri);
    floor_close(floor);
}

static void cups(struct testdb *test)
{
    enum finding_level worst;
    struct floor *floor = floor_open(test, "setup");
    char *cupsd = g_build_filename(test->dir, "cupsd.conf", NULL),
         *files = g_build_filename(test->dir, "cups-files.conf", NULL);
    char *server = g_build_filename(test->dir, "no-cups.sock", NULL);
    g_assert_true(g_file_set_contents(
        cupsd, "# PreserveJobHistory Yes\n  PreserveJobHistory\tno\nDirtyCleanInterval 0\n", -1, NULL));
    g_assert_true(g_file_set_contents(files, "User lp\n", -1, NULL));
    g_setenv("CUPS_SERVERROOT", test->dir, TRUE);
    g_setenv("CUPS_SERVER", server, TRUE);
    printer_at(floor, "cups:label");
    char *text = doctor(test->url, &worst);
    says(text, "Set PreserveJobHistory Yes");
    says(text, "DirtyCleanInterval 0\n");
    says(text, "Set SyncOnClose Yes");
    says(text, "label-1 (cups:label)");
    g_assert_cmpint(worst, ==, FINDING_BAD);
    g_remove(cupsd);
    g_remove(files);
    g_unsetenv("CUPS_SERVERROOT");
    g_unsetenv("CUPS_SERVER");
    g_free(cupsd);
    g_free(files);
    g_free(server);
    g_free(text);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing-doctor/folder", folder);
    testdb_add("/printing-doctor/cups", cups);
    return g_test_run();
}
