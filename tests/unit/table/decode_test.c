/* SPDX-License-Identifier: MIT */
#include "core/table/decode.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/table/source.h"
#include "tests/support/intake_files.h"

static const char *const ALL[] = {"UTF-8", "CP950", "GB18030", NULL};

static char *decode_in_pieces(const char *encoding, const char *bytes, size_t length, size_t piece, uint64_t *bad)
{
    struct decode *decode = decode_new(encoding, NULL);
    GString *out = g_string_new(NULL);
    for (size_t at = 0; at < length; at += piece)
        decode_feed(decode, bytes + at, MIN(piece, length - at), out);
    decode_end(decode, out);
    *bad = decode_bad(decode);
    decode_free(decode);
    return g_string_free(out, FALSE);
}

/* 功 and 許 end in 0x5C and 0x7C in Big5: read byte by byte they would be a backslash and a delimiter. */
static void test_every_cut(void)
{
    static const char TEXT[] = "成功,許蓋,臺北市|\xF0\x9F\x98\x80,ｱ";
    static const char NO_EMOJI[] = "成功,許蓋,臺北市|,end";
    static const struct {
        const char *encoding, *text;
    } CASES[] = {
        {"UTF-8", TEXT}, {"UTF-16LE", TEXT}, {"UTF-16BE", TEXT}, {"CP950", NO_EMOJI}, {"GB18030", TEXT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        gsize length;
        char *bytes = g_convert(CASES[i].text, -1, CASES[i].encoding, "UTF-8", NULL, &length, NULL);
        g_assert_nonnull(bytes);
        for (size_t piece = 1; piece <= length; piece++) {
            uint64_t bad;
            char *text = decode_in_pieces(CASES[i].encoding, bytes, length, piece, &bad);
            g_assert_cmpstr(text, ==, CASES[i].text);
            g_assert_cmpuint(bad, ==, 0);
            g_free(text);
        }
        g_free(bytes);
    }
}

static void test_bad_bytes(void)
{
    static const struct {
        const char *encoding, *bytes;
        size_t length;
        const char *text;
        uint64_t bad;
    } CASES[] = {
        {"UTF-8", "a\xFF" "b", 3, "a\xEF\xBF\xBD" "b", 1},
        {"UTF-8", "a\0b", 3, "a\xEF\xBF\xBD" "b", 1},
        {"UTF-8", "\xED\xA0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {"UTF-8", "a\xE5\x8A", 3, "a\xEF\xBF\xBD", 2},
        {"CP950", "a\xFF" "b", 3, "a\xEF\xBF\xBD" "b", 1},
        {"CP950", "a\xA4", 2, "a\xEF\xBF\xBD", 1},
        {"UTF-16LE", "a\0\x00\xDC" "b\0", 6, "a\xEF\xBF\xBD" "b", 2},
        {"UTF-16LE", "a\0b", 3, "a\xEF\xBF\xBD", 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
        for (size_t piece = 1; piece <= 3; piece++) {
            uint64_t bad;
            char *text = decode_in_pieces(CASES[i].encoding, CASES[i].bytes, CASES[i].length, piece, &bad);
            g_assert_cmpstr(text, ==, CASES[i].text);
            g_assert_cmpuint(bad, ==, CASES[i].bad);
            g_free(text);
        }
}

static void check_detect_of(const char *const *encodings, const char *bytes, size_t length, const char *expected,
                            uint64_t bad)
{
    GError *error = NULL;
    struct source *source = source_memory(bytes, length, encodings, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(source_encoding(source), ==, expected);
    GString *text = g_string_new(NULL);
    while (source_fill(source, text, &error) > 0)
        continue;
    g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
    g_assert_cmpuint(source_bad_bytes(source), ==, bad);
    g_string_free(text, TRUE);
    source_free(source);
}

static void check_detect(const char *bytes, size_t length, const char *expected, uint64_t bad)
{
    check_detect_of(ALL, bytes, length, expected, bad);
}

static void test_detection(void)
{
    static const char *const CHINA[] = {"UTF-8", "GB18030", "CP950", NULL};
    static const char TEXT[] = "訂單編號,收件者姓名\n1,王小明\n";
    check_detect(TEXT, strlen(TEXT), "UTF-8", 0);
    check_detect("\xEF\xBB\xBF" "a,b\n", 7, "UTF-8", 0);
    check_detect("\xFF\xFE" "a\0,\0b\0", 8, "UTF-16LE", 0);
    check_detect("a\0,\0b\0\n\0", 8, "UTF-16LE", 0);
    check_detect("\0a\0,\0b\0\n", 8, "UTF-16BE", 0);
    check_detect("", 0, "UTF-8", 0);
    gsize length;
    char *bytes = g_convert(TEXT, -1, "CP950", "UTF-8", NULL, &length, NULL);
    check_detect(bytes, length, "CP950", 0);
    g_free(bytes);
    bytes = g_convert("订单编号,收货人姓名\n1,王€小镕\n", -1, "GB18030", "UTF-8", NULL, &length, NULL);
    check_detect_of(CHINA, bytes, length, "GB18030", 0);
    g_free(bytes);
    check_detect("order,name\n1,\xC3(\n", 16, "UTF-8", 1);
}

static void test_names(void)
{
    g_assert_cmpstr(decode_canonical("big-5"), ==, "CP950");
    g_assert_cmpstr(decode_canonical("utf8"), ==, "UTF-8");
    g_assert_null(decode_canonical("EBCDIC"));
    GError *error = NULL;
    g_assert_null(decode_new("EBCDIC", &error));
    g_assert_error(error, ERR, ERR_IMPORT_ENCODING);
    g_clear_error(&error);
}

static void test_files(void)
{
    GError *error = NULL;
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    char *file = g_build_filename(dir, "a.csv", NULL);
    char *other = g_build_filename(dir, "b.csv", NULL);
    g_assert_true(g_file_set_contents(file, "a,b\n", 4, NULL));
    g_assert_cmpint(symlink(file, other), ==, 0);
    const struct {
        const char *path;
        uint64_t max;
        enum err code;
    } CASES[] = {
        {file, 4, ERR_NONE},       {file, 3, ERR_IMPORT_TOO_BIG},         {other, 99, ERR_IMPORT_FILE_KIND},
        {dir, 99, ERR_IMPORT_FILE_KIND}, {"/dev/null", 99, ERR_IMPORT_FILE_KIND}, {"/nowhere", 99, ERR_FILE_READ},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct source *source = source_open(CASES[i].path, ALL, CASES[i].max, &error);
        g_assert_cmpint(err_code(error), ==, CASES[i].code);
        source_free(source);
        g_clear_error(&error);
    }
    g_remove(other);
    g_assert_cmpint(mkfifo(other, 0600), ==, 0);
    g_assert_null(source_open(other, ALL, 99, &error));
    g_assert_error(error, ERR, ERR_IMPORT_FILE_KIND);
    g_clear_error(&error);
    g_remove(other);
    g_remove(file);
    g_rmdir(dir);
    g_free(dir);
    g_free(file);
    g_free(other);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/decode/every_cut", test_every_cut);
    g_test_add_func("/intake/decode/bad_bytes", test_bad_bytes);
    g_test_add_func("/intake/decode/detection", test_detection);
    g_test_add_func("/intake/decode/names", test_names);
    g_test_add_func("/intake/source/files", test_files);
    return g_test_run();
}
