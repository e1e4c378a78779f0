/* SPDX-License-Identifier: MIT
 *
 * The verb of the words, and the usage made from the table.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "tui/commands/verbs.h"

static gboolean nothing(struct call *call, GError **error)
{
    (void)call;
    (void)error;
    return TRUE;
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, nothing, MAY_SCAN, BY_BADGE},
    {"add", 1, 2, "NAME [CODE]", nothing, MAY_SCAN, BY_BADGE},
    {"drop", 1, VERB_ARGS_MAX, "CODE...", nothing, MAY_SCAN, BY_BADGE},
};
static const struct verb NAMELESS[] = {
    {"list", 0, 0, NULL, nothing, MAY_SCAN, BY_BADGE},
    {NULL, 1, 2, "NAME [VALUE]", nothing, MAY_SCAN, BY_BADGE},
};
static const struct subcommand WITH_BARE = {"thing", "", .bare = "list", VERBS_OF(VERBS)};
static const struct subcommand WITHOUT = {"thing", "", .bare = NULL, VERBS_OF(VERBS)};
static const struct subcommand OPEN = {"thing", "", .bare = "list", VERBS_OF(NAMELESS)};

/* The verb that words, "thing" before them, name; "" for a usage error that shows the whole table. */
static const char *found(const struct subcommand *command, const char *words)
{
    char *line = g_strconcat("thing", words[0] ? " " : "", words, NULL);
    char **argv = g_strsplit(line, " ", -1);
    GError *error = NULL;
    const struct verb *verb = verbs_find(command, (int)g_strv_length(argv), argv, &error);
    if (!verb) {
        g_assert_error(error, ERR, ERR_USAGE);
        g_assert_nonnull(strstr(error->message, "list | add NAME [CODE] | drop CODE..."));
        g_error_free(error);
    }
    g_strfreev(argv);
    g_free(line);
    return !verb ? "" : verb->name ? verb->name : "(none)";
}

static void finds(void)
{
    g_assert_cmpstr(found(&WITH_BARE, ""), ==, "list");
    g_assert_cmpstr(found(&WITH_BARE, "list"), ==, "list");
    g_assert_cmpstr(found(&WITH_BARE, "add a"), ==, "add");
    g_assert_cmpstr(found(&WITH_BARE, "add a b"), ==, "add");
    g_assert_cmpstr(found(&WITH_BARE, "drop a b c d"), ==, "drop");
}

/* A verb without a name takes what no other does. */
static void finds_nameless(void)
{
    g_assert_cmpstr(found(&OPEN, ""), ==, "list");
    g_assert_cmpstr(found(&OPEN, "list"), ==, "list");
    g_assert_cmpstr(found(&OPEN, "tea"), ==, "(none)");
    g_assert_cmpstr(found(&OPEN, "tea 3"), ==, "(none)");
}

static void refuses(void)
{
    g_assert_cmpstr(found(&WITHOUT, ""), ==, "");
    g_assert_cmpstr(found(&WITH_BARE, "list a"), ==, "");
    g_assert_cmpstr(found(&WITH_BARE, "add"), ==, "");
    g_assert_cmpstr(found(&WITH_BARE, "add a b c"), ==, "");
    g_assert_cmpstr(found(&WITH_BARE, "nothing"), ==, "");
}

static void usage(void)
{
    g_autofree char *with_bare = verbs_usage(&WITH_BARE), *without = verbs_usage(&WITHOUT), *open = verbs_usage(&OPEN);
    g_assert_cmpstr(open, ==, "thing [list | NAME [VALUE]]");
    g_assert_cmpstr(with_bare, ==, "thing [list | add NAME [CODE] | drop CODE...]");
    g_assert_cmpstr(without, ==, "thing list | add NAME [CODE] | drop CODE...");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verbs/finds", finds);
    g_test_add_func("/verbs/finds_nameless", finds_nameless);
    g_test_add_func("/verbs/refuses", refuses);
    g_test_add_func("/verbs/usage", usage);
    return g_test_run();
}
