/* SPDX-License-Identifier: MIT
 *
 * The settings table accepts its own defaults and refuses what it must; the file keeps what people wrote.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/settings.h"

static void defaults(void)
{
    for (guint i = 0; setting_at(i); i++) {
        const struct setting *setting = setting_at(i);
        GError *error = NULL;
        g_assert_true(setting_accepts(setting, setting->fallback, &error));
        g_assert_no_error(error);
        g_assert_true(setting_find(setting->name) == setting);
        char *takes = setting_takes(setting);
        g_assert_cmpstr(takes, !=, "");
        g_free(takes);
    }
    g_assert_cmpint(setting_default_int("labels_per_cups_job"), ==, 50);
}

static void refused(void)
{
    static const struct {
        const char *name, *value;
    } WRONG[] = {
        {"labels_per_cups_job", "0"},
        {"labels_per_cups_job", "x"},
        {"labels_per_cups_job", ""},
        {"slip_with_waybill", "2"},
        {"glyphs", "fancy"},
        {"glyphs", "auto|ascii"},
        {"escape_ms", "99999999999999999999"},
        {"station", "\xff"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        GError *error = NULL;
        g_assert_false(setting_accepts(setting_find(WRONG[i].name), WRONG[i].value, &error));
        g_assert_error(error, ERR, (int)ERR_SETTING_VALUE);
        g_clear_error(&error);
    }
    g_assert_null(setting_find("nothing"));
}

/* What is wrong is named together with the file. */
static void broken_files(const char *path)
{
    static const char *const BROKEN[] = {"[packline]\ncolour=red\n", "[packlin]\ndb=sqlite:/x\n", "db=sqlite:/x\n",
                                         "[packline]\njunk\n", "[packline]\nescape_ms=lots\n",
                                         "[packline]\nstation=\xff\xfe\n"};
    for (guint i = 0; i < G_N_ELEMENTS(BROKEN); i++) {
        GError *error = NULL;
        g_assert_true(g_file_set_contents(path, BROKEN[i], -1, NULL));
        g_assert_false(settings_check_file(path, &error));
        g_assert_error(error, ERR, (int)ERR_SETTING_FILE);
        g_assert_nonnull(strstr(error->message, path));
        g_clear_error(&error);
    }
}

static void file(void)
{
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    char *path = g_build_filename(dir, "packline.conf", NULL);
    GError *error = NULL;
    char *value = setting_host("glyphs", path, &error);
    g_assert_cmpstr(value, ==, "auto");
    g_free(value);
    g_assert_true(g_file_set_contents(path, "# ours\n[packline]\nstation=bench 3\n", -1, NULL));
    g_assert_true(setting_host_set("glyphs", "ascii", path, &error));
    value = setting_host("glyphs", path, &error);
    g_assert_cmpstr(value, ==, "ascii");
    g_free(value);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "# ours"));
    g_assert_nonnull(strstr(text, "station=bench 3"));
    g_free(text);
    g_assert_true(settings_check_file(path, &error));
    g_assert_no_error(error);
    broken_files(path);
    g_assert_true(g_file_set_contents(path, "[packline]\n", -1, NULL));
    g_assert_cmpint(g_chmod(path, 0646), ==, 0);
    g_assert_null(setting_host("glyphs", path, &error));
    g_assert_error(error, ERR, (int)ERR_OPEN_TO_ALL);
    g_clear_error(&error);
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    g_assert_false(setting_host_set("labels_per_cups_job", "5", path, &error));
    g_assert_error(error, ERR, (int)ERR_SETTING_UNKNOWN);
    g_clear_error(&error);
    g_remove(path);
    g_rmdir(dir);
    g_free(path);
    g_free(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/defaults", defaults);
    g_test_add_func("/settings/refused", refused);
    g_test_add_func("/settings/file", file);
    return g_test_run();
}
