/* SPDX-License-Identifier: MIT
 *
 * Rows against the csv-spectrum files, and the numbers a person sees beside them.
 */
#include "core/table/table_reader.h"

#include <jansson.h>
#include <string.h>

#include "core/base/error.h"

struct pieces {
    const char *text;
    size_t length, at, piece;
};

static int fill(void *data, GString *chunk, GError **error)
{
    struct pieces *pieces = data;
    (void)error;
    size_t n = MIN(pieces->piece, pieces->length - pieces->at);
    g_string_append_len(chunk, pieces->text + pieces->at, (gssize)n);
    pieces->at += n;
    return pieces->at < pieces->length;
}

static const char *cell(struct table_reader *reader, unsigned n)
{
    size_t length;
    return table_cell(reader, n, &length);
}

static void check_against_json(json_t *rows, const char *text, size_t length, size_t piece)
{
    struct pieces pieces = {text, length, 0, piece};
    struct table_reader *reader = table_reader_new(&(struct table_options){',', '"'}, fill, &pieces);
    GError *error = NULL;
    g_assert_cmpint(table_next(reader, &error), ==, 1);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < table_cells(reader); i++)
        g_ptr_array_add(names, g_strdup(cell(reader, i)));
    for (size_t r = 0; r < json_array_size(rows); r++) {
        g_assert_cmpint(table_next(reader, &error), ==, 1);
        g_assert_cmpuint(table_cells(reader), ==, names->len);
        for (unsigned i = 0; i < names->len; i++)
            g_assert_cmpstr(cell(reader, i), ==,
                            json_string_value(json_object_get(json_array_get(rows, r), names->pdata[i])));
    }
    g_assert_cmpint(table_next(reader, &error), ==, 0);
    g_assert_no_error(error);
    g_ptr_array_free(names, TRUE);
    table_reader_free(reader);
}

/* The copies at hand lost the CR of the _crlf files on their way through git: put it back. */
static char *with_crlf(char *text, gsize *length)
{
    if (strchr(text, '\r'))
        return text;
    char **lines = g_strsplit(text, "\n", -1);
    char *joined = g_strjoinv("\r\n", lines);
    g_strfreev(lines);
    g_free(text);
    *length = strlen(joined);
    return joined;
}

static void test_spectrum(void)
{
    static const char *const NAMES[] = {"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
                                        "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"};
    if (!g_file_test("../shared/data/csv_spectrum", G_FILE_TEST_IS_DIR)) {
        g_test_skip("../shared/data/csv_spectrum is absent");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        char *path = g_strdup_printf("../shared/data/csv_spectrum/csvs/%s.csv", NAMES[i]);
        char *json = g_strdup_printf("../shared/data/csv_spectrum/json/%s.json", NAMES[i]);
        char *text;
        gsize length;
        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        if (g_str_has_suffix(NAMES[i], "_crlf"))
            text = with_crlf(text, &length);
        json_t *rows = json_load_file(json, 0, NULL);
        g_assert_nonnull(rows);
        for (size_t piece = 1; piece <= 7; piece += 3)
            check_against_json(rows, text, length, piece);
        check_against_json(rows, text, length, length);
        json_decref(rows);
        g_free(text);
        g_free(path);
        g_free(json);
    }
}

static void check_places(const char *text, const char *expected)
{
    for (size_t piece = 1; piece < 40; piece++) {
        struct pieces pieces = {text, strlen(text), 0, piece};
        struct table_reader *reader = table_reader_new(&(struct table_options){',', '"'}, fill, &pieces);
        GString *seen = g_string_new(NULL);
        while (table_next(reader, NULL) == 1)
            g_string_append_printf(seen, "%s@%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ", cell(reader, 0),
                                   table_row(reader), table_line(reader));
        g_assert_cmpstr(seen->str, ==, expected);
        g_string_free(seen, TRUE);
        table_reader_free(reader);
    }
}

static void test_places(void)
{
    check_places("a,1\nb,2\n", "a@1/1 b@2/2 ");
    check_places("a,1\r\nb,2\r\nc,3", "a@1/1 b@2/2 c@3/3 ");
    check_places("a,1\rb,2\rc,3", "a@1/1 b@2/2 c@3/3 ");
    check_places("a,\"x\r\ny\nz\"\nb,2\n", "a@1/1 b@2/4 ");
    check_places("\na,1\n\n  \nb,2\n", "a@2/2 b@5/5 ");
    check_places("\r\na,1\r\n\r\n,,\r\nb,2\r\n", "a@2/2 b@5/5 ");
    check_places("a,1\n,,\n\"\"\nb,2", "a@1/1 b@4/4 ");
}

static void test_delimiters(void)
{
    static const struct {
        const char *text, *second; /* of the last row */
    } CASES[] = {
        {"a;b;c\n1;2;3\n", "2"},
        {"a\tb\tc\n1\t2\t3\n", "2"},
        {"\"a;;;;\",b,c\n", "b"},
        {"sep=|\r\na|b,b,b|c\r\n", "b,b,b"},
        {"only\n1,2;3|4\n", "2;3|4"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct pieces pieces = {CASES[i].text, strlen(CASES[i].text), 0, 100};
        struct table_reader *reader = table_reader_new(&(struct table_options){0, '"'}, fill, &pieces);
        char second[16] = "none";
        while (table_next(reader, NULL) == 1)
            g_strlcpy(second, cell(reader, 1), sizeof second);
        g_assert_cmpstr(second, ==, CASES[i].second);
        table_reader_free(reader);
    }
}

static void test_no_quotes(void)
{
    struct pieces pieces = {"a\t\"b\n1\t5\" pipe\n", 15, 0, 100};
    struct table_reader *reader = table_reader_new(&(struct table_options){'\t', 0}, fill, &pieces);
    g_assert_cmpint(table_next(reader, NULL), ==, 1);
    g_assert_cmpstr(cell(reader, 1), ==, "\"b");
    g_assert_cmpint(table_next(reader, NULL), ==, 1);
    g_assert_cmpstr(cell(reader, 1), ==, "5\" pipe");
    table_reader_free(reader);
}

/* A row without end that no quotation mark explains. */
static void test_huge_row(void)
{
    GString *big = g_string_new("a,b\n1,2\n3,");
    for (size_t i = 0; i < 2 * TABLE_ROW_MAX; i += 10)
        g_string_append(big, "0123456789");
    struct pieces pieces = {big->str, big->len, 0, 65536};
    struct table_reader *reader = table_reader_new(&(struct table_options){0, '"'}, fill, &pieces);
    GError *error = NULL;
    g_assert_cmpint(table_next(reader, &error), ==, 1);
    g_assert_cmpint(table_next(reader, &error), ==, 1);
    g_assert_cmpint(table_next(reader, &error), ==, -1);
    g_assert_error(error, ERR, ERR_IMPORT_ROW_HUGE);
    g_assert_nonnull(strstr(error->message, "line 3"));
    g_clear_error(&error);
    table_reader_free(reader);
    g_string_free(big, TRUE);
}

static void test_open_quote(void)
{
    GString *big = g_string_new("a,b\n1,\"");
    for (size_t i = 0; i < 2 * TABLE_ROW_MAX; i += 10)
        g_string_append(big, "012345678\n");
    const char *const TEXTS[] = {"a,b\n1,\"never ends\n2,3\n", big->str};
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        struct pieces pieces = {TEXTS[i], strlen(TEXTS[i]), 0, 65536};
        struct table_reader *reader = table_reader_new(&(struct table_options){0, '"'}, fill, &pieces);
        GError *error = NULL;
        g_assert_cmpint(table_next(reader, &error), ==, 1);
        g_assert_cmpint(table_next(reader, &error), ==, -1);
        g_assert_error(error, ERR, ERR_IMPORT_ROW_LONG);
        g_assert_nonnull(strstr(error->message, "line 2"));
        g_clear_error(&error);
        table_reader_free(reader);
    }
    g_string_free(big, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/table/csv_spectrum", test_spectrum);
    g_test_add_func("/intake/table/places", test_places);
    g_test_add_func("/intake/table/delimiters", test_delimiters);
    g_test_add_func("/intake/table/no_quotes", test_no_quotes);
    g_test_add_func("/intake/table/open_quote", test_open_quote);
    g_test_add_func("/intake/table/huge_row", test_huge_row);
    return g_test_run();
}
