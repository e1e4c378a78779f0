/* SPDX-License-Identifier: MIT
 *
 * A folder printer where somebody has planted links: labels, with people's names on them, go where they were told to.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/print/submission.h"
#include "printing/queue/printer.h"
#include "tests/support/testdb.h"

#define UUID "0f0e0d0c-0000-4000-8000-000000000001"

static void is_empty(const char *dir)
{
    g_autoptr(GDir) list = g_dir_open(dir, 0, NULL);
    g_assert_null(g_dir_read_name(list));
}

static enum sent send_to(const char *dir, GError **error)
{
    g_autofree char *uri = g_strdup_printf("file:%s", dir);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)"%PDF", 4);
    char hint[] = "1042-7";
    struct document document = {.bytes = bytes, .pages = 1, .hint = hint};
    struct submission submission = {.uuid = UUID};
    struct printer *printer = printer_open(uri, error);
    g_assert_no_error(*error);
    enum sent sent = printer->ops->send(printer, &document, &submission, error);
    printer_close(printer);
    return sent;
}

static void links(struct testdb *test)
{
    GError *error = NULL;
    g_autofree char *dir = g_build_filename(test->dir, "labels", NULL), *outside = g_build_filename(test->dir, "outside", NULL);
    g_autofree char *name = g_build_filename(dir, "1042-7-" UUID ".pdf", NULL), *part = g_strconcat(name, ".part", NULL);
    g_autofree char *target = g_build_filename(outside, "x", NULL);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    g_assert_cmpint(g_mkdir(outside, 0700), ==, 0);
    g_assert_cmpint(symlink(target, part), ==, 0);
    g_assert_cmpint(symlink(target, name), ==, 0);
    g_assert_cmpint(send_to(dir, &error), ==, SENT_TAKEN);
    g_assert_no_error(error);
    g_assert_false(g_file_test(name, G_FILE_TEST_IS_SYMLINK));
    is_empty(outside);
    /* the folder itself is one */
    g_autofree char *link = g_build_filename(test->dir, "link", NULL);
    g_assert_cmpint(symlink(outside, link), ==, 0);
    g_assert_cmpint(send_to(link, &error), ==, SENT_REFUSED);
    g_assert_error(error, ERR, ERR_PRINTER_SENT);
    g_clear_error(&error);
    is_empty(outside);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/folder/links", links);
    return g_test_run();
}
