/* SPDX-License-Identifier: MIT
 *
 * One table of members, as JSON and as a line in columns of the terminal.
 */
#include <string.h>

#include "core/base/error.h"
#include "tui/commands/output.h"
#include "tui/commands/verbs.h"

struct thing {
    char name[16];
    const char *note;
    int64_t pieces;
    int on;
    gboolean ready;
    unsigned kind;
    enum err code;
};

static const char *kind_name(unsigned kind)
{
    return kind ? "big" : "small";
}

static const char *kind_label(unsigned kind)
{
    return kind ? "大" : "小";
}

static char *twice(const struct call *call, const void *row)
{
    const struct thing *thing = row;
    (void)call;
    return g_strconcat(thing->name, thing->name, NULL);
}

static const struct member MEMBERS[] = {
    MEMBER("name", struct thing, name),
    MEMBER("note", struct thing, note),
    MEMBER("pieces", struct thing, pieces),
    MEMBER("on", struct thing, on),
    MEMBER_AS(FLAG, "ready", struct thing, ready),
    MEMBER_WORD("kind", struct thing, kind, kind_name, kind_label),
    MEMBER_AS(CODE, "code", struct thing, code),
    MEMBER_MADE("twice", twice),
    MEMBER_SHOWN("mark", twice),
};
static const struct output THINGS = OUTPUT("{name:<6}|{note|-:>4}|{pieces:>5} {on} {kind:<4}|{code} {mark}", MEMBERS);

static void line(const struct thing *thing, const char *wanted)
{
    const struct call call = {.json = FALSE};
    g_autofree char *text = output_text(&call, &THINGS, thing);
    g_assert_cmpstr(text, ==, wanted);
}

static void lines(void)
{
    line(&(struct thing){"ab", "", 12, 3, TRUE, 0, ERR_NONE}, "ab    |   -|   12 3 小  | abab");
    line(&(struct thing){"茶壺", "x", -1, 0, FALSE, 1, ERR_USAGE}, "茶壺  |   x|   -1 0 大  |PL-0100 茶壺茶壺");
    line(&(struct thing){"longer than", "12345", 1234567, 0, FALSE, 1, ERR_NONE},
         "longer than|12345|1234567 0 大  | longer thanlonger than");
}

static void objects(void)
{
    const struct call call = {.json = TRUE};
    const struct thing rows[] = {{"ab", "", 12, 3, TRUE, 0, ERR_NONE}, {"茶", "x", -1, 0, FALSE, 1, ERR_USAGE}};
    json_t *list = output_array(&call, &THINGS, rows, G_N_ELEMENTS(rows), sizeof rows[0]);
    char *text = json_dumps(list, JSON_COMPACT);
    g_assert_cmpstr(text, ==,
                    "[{\"name\":\"ab\",\"note\":\"\",\"pieces\":12,\"on\":3,\"ready\":true,\"kind\":\"small\","
                    "\"code\":\"\",\"twice\":\"abab\"},"
                    "{\"name\":\"茶\",\"note\":\"x\",\"pieces\":-1,\"on\":0,\"ready\":false,\"kind\":\"big\","
                    "\"code\":\"PL-0100\",\"twice\":\"茶茶\"}]");
    free(text);
    json_decref(list);
}

/* An empty list is a list, and NULL is none. */
static void lists(void)
{
    struct call call = {.json = TRUE};
    g_assert_false(output_all(&call, &THINGS, NULL));
    g_assert_null(call.answer);
    g_assert_true(output_all(&call, &THINGS, g_array_new(FALSE, FALSE, sizeof(struct thing))));
    g_assert_true(json_is_array(call.answer));
    output_row(&call, &THINGS, &(struct thing){.name = "ab", .note = ""});
    g_assert_cmpuint(json_array_size(call.answer), ==, 1);
    json_decref(call.answer);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/lines", lines);
    g_test_add_func("/output/objects", objects);
    g_test_add_func("/output/lists", lists);
    return g_test_run();
}
