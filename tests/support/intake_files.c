/* SPDX-License-Identifier: MIT */
#include "tests/support/intake_files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/intake/order_reader.h"
#include "core/table/source.h"

struct source *source_memory(const char *bytes, size_t length, const char *const *encodings, GError **error)
{
    char *path = NULL;
    int fd = g_file_open_tmp("source-XXXXXX", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    close(fd);
    struct source *source = source_open(path, encodings, G_MAXUINT64, error);
    g_unlink(path);
    g_free(path);
    return source;
}

static void free_draft(void *draft)
{
    draft_free(draft);
}

GPtrArray *intake_drafts(const char *name, const char *bytes, size_t length)
{
    static const char *const ANY[] = {"UTF-8", "CP950", "GB18030", NULL};
    GError *error = NULL;
    GPtrArray *formats = shop_formats_load("assets/shops", &error);
    g_assert_no_error(error);
    const struct shop_format *format = name ? shop_formats_get(formats, name, &error) : NULL;
    struct source *source = source_memory(bytes, length, format ? (const char *const *)format->encodings : ANY, &error);
    g_assert_no_error(error);
    if (!format)
        format = shop_format_recognise(formats, source, "FILE", &error);
    g_assert_no_error(error);
    struct order_reader *reader = order_reader_new(source, format, "FILE", &error);
    g_assert_no_error(error);
    GPtrArray *drafts = g_ptr_array_new_with_free_func(free_draft);
    struct order_draft *draft;
    while (order_reader_next(reader, &draft, &error) > 0)
        g_ptr_array_add(drafts, draft);
    g_assert_no_error(error);
    g_assert_cmpuint(order_reader_rows(reader), ==, order_reader_total_rows(reader));
    order_reader_free(reader);
    source_free(source);
    g_ptr_array_unref(formats);
    return drafts;
}

char *intake_shared(const char *relative, gsize *length)
{
    char *path = g_build_filename("../shared/data", relative, NULL);
    char *text = NULL;
    gsize size;
    if (!g_file_get_contents(path, &text, length ? length : &size, NULL)) {
        char *why = g_strdup_printf("%s is absent", path);
        g_test_skip(why);
        g_free(why);
    }
    g_free(path);
    return text;
}

char *intake_header(const char *list, char delimiter)
{
    char *path = g_strconcat("order_headers/", list, NULL);
    char *text = intake_shared(path, NULL);
    g_free(path);
    if (text) {
        for (size_t end = strlen(text); end > 0 && text[end - 1] == '\n';)
            text[--end] = '\0'; /* a blank at the end belongs to the last name */
        g_strdelimit(text, "\n", delimiter);
    }
    return text;
}
