/* SPDX-License-Identifier: MIT
 *
 * Files made anew where somebody has planted links: what they lead to stays as it is.
 */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/new_file.h"

struct place {
    char *dir, *outside; /* outside: a file of somebody else's */
    int handle;
};

static char *at(const struct place *place, const char *name)
{
    return g_build_filename(place->dir, name, NULL);
}

static void place_open(struct place *place)
{
    place->dir = g_dir_make_tmp("packline-new-XXXXXX", NULL);
    place->outside = at(place, "outside");
    g_assert_true(g_file_set_contents(place->outside, "theirs", -1, NULL));
    g_autofree char *dir = at(place, "dir");
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    place->handle = new_dir_open(AT_FDCWD, dir, FALSE);
    g_assert_cmpint(place->handle, >=, 0);
}

static void place_close(struct place *place)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(place->outside, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "theirs");
    close(place->handle);
    int above = new_dir_open(AT_FDCWD, g_get_tmp_dir(), FALSE);
    g_autofree char *name = g_path_get_basename(place->dir);
    new_file_remove(above, name);
    g_assert_false(g_file_test(place->dir, G_FILE_TEST_EXISTS));
    close(above);
    g_free(place->dir);
    g_free(place->outside);
}

static void link_at(const struct place *place, const char *to, const char *name)
{
    g_assert_cmpint(symlinkat(to, place->handle, name), ==, 0);
}

static void is_file(const struct place *place, const char *name, const char *text)
{
    struct stat file;
    g_autofree char *relative = g_build_filename("dir", name, NULL), *path = at(place, relative), *found = NULL;
    g_assert_cmpint(fstatat(place->handle, name, &file, AT_SYMLINK_NOFOLLOW), ==, 0);
    g_assert_true(S_ISREG(file.st_mode));
    g_assert_cmpint(file.st_mode & 077, ==, 0);
    g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, text);
}

static void a_link_is_replaced(void)
{
    struct place place;
    gboolean placed = FALSE;
    place_open(&place);
    link_at(&place, "../outside", "label.pdf");
    link_at(&place, "../outside", "label.pdf.part");
    link_at(&place, "../made", "other.pdf.part"); /* leads to nothing yet */
    g_assert_true(new_file_put(place.handle, "label.pdf", "ours", 4, &placed));
    g_assert_true(placed);
    g_assert_true(new_file_put(place.handle, "other.pdf", "ours", 4, NULL));
    is_file(&place, "label.pdf", "ours");
    is_file(&place, "other.pdf", "ours");
    g_autofree char *made = at(&place, "made"), *path = at(&place, "dir/label.pdf");
    g_assert_false(g_file_test(made, G_FILE_TEST_EXISTS));
    g_assert_true(new_file_put_at(path, "again", 5));
    is_file(&place, "label.pdf", "again");
    place_close(&place);
}

static void a_new_one_is_new(void)
{
    struct place place;
    place_open(&place);
    link_at(&place, "../outside", "list.csv");
    link_at(&place, "../made", "none.csv");
    g_assert_cmpint(mkfifoat(place.handle, "pipe.csv", 0600), ==, 0);
    static const char *const NAMES[] = {"dir/list.csv", "dir/none.csv", "dir/pipe.csv"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = at(&place, NAMES[i]);
        g_assert_null(new_file_open(path, FALSE));
        g_assert_null(new_file_open(path, TRUE));
    }
    g_autofree char *path = at(&place, "dir/own.csv");
    for (int over = 0; over < 2; over++) {
        FILE *file = new_file_open(path, over);
        g_assert_nonnull(file);
        fputs(over ? "b" : "longer", file);
        fclose(file);
    }
    is_file(&place, "own.csv", "b");
    g_assert_null(new_file_open(path, FALSE));
    place_close(&place);
}

static void directories(void)
{
    struct place place;
    place_open(&place);
    g_autofree char *elsewhere = at(&place, "elsewhere"), *kept = at(&place, "elsewhere/kept");
    g_assert_cmpint(g_mkdir(elsewhere, 0700), ==, 0);
    g_assert_true(g_file_set_contents(kept, "kept", -1, NULL));
    link_at(&place, "../elsewhere", "labels");
    g_assert_cmpint(new_dir_open(place.handle, "labels", TRUE), ==, -1);
    int made = new_dir_open(place.handle, "files", TRUE);
    g_assert_cmpint(made, >=, 0);
    g_assert_cmpint(symlinkat("../../elsewhere", made, "deeper"), ==, 0);
    close(made);
    new_file_remove(place.handle, "files");
    new_file_remove(place.handle, "labels");
    g_assert_cmpint(faccessat(place.handle, "files", F_OK, AT_SYMLINK_NOFOLLOW), ==, -1);
    g_assert_cmpint(faccessat(place.handle, "labels", F_OK, AT_SYMLINK_NOFOLLOW), ==, -1);
    g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
    place_close(&place);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/new_file/a_link_is_replaced", a_link_is_replaced);
    g_test_add_func("/new_file/a_new_one_is_new", a_new_one_is_new);
    g_test_add_func("/new_file/directories", directories);
    return g_test_run();
}
