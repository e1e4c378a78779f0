/* SPDX-License-Identifier: MIT */
#include "tui/commands/verbs.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/options.h"

/* "list | show B" */
static char *rows(const struct verb_table *table)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < table->count; i++) {
        const struct verb *verb = &table->verbs[i];
        g_string_append_printf(text, "%s%s", i > 0 ? " | " : "", verb->name);
        if (verb->takes)
            g_string_append_printf(text, " %s", _(verb->takes));
    }
    return g_string_free(text, FALSE);
}

char *verbs_usage(const struct verb_table *table)
{
    char *list = rows(table);
    char *usage = g_strdup_printf(table->bare ? "%s [%s]" : "%s %s", table->name, list);
    g_free(list);
    return usage;
}

const struct verb *verbs_find(const struct verb_table *table, int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : table->bare;
    int count = MAX(argc - 2, 0);
    for (size_t i = 0; name && i < table->count; i++) {
        const struct verb *verb = &table->verbs[i];
        if (strcmp(verb->name, name) == 0 && count >= verb->least && count <= verb->most)
            return verb;
    }
    char *list = rows(table);
    char *text = g_strdup_printf(_("%s takes %s."), table->name, list);
    err_set(error, ERR_USAGE, text);
    g_free(text);
    g_free(list);
    return NULL;
}

static gboolean parse(const struct verb_table *table, struct options *options, const GOptionEntry *own, char **badge,
                      int *argc, char ***argv, GError **error)
{
    const GOptionEntry as = ACTING_OPTION(*badge);
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    g_array_append_val(entries, as);
    for (int i = 0; own && own[i].long_name; i++)
        g_array_append_val(entries, own[i]);
    char *usage = verbs_usage(table);
    gboolean parsed = options_parse(options, (const GOptionEntry *)(void *)entries->data, usage, argc, argv, error);
    g_free(usage);
    g_array_unref(entries);
    return parsed;
}

static gboolean run(const struct verb_table *table, const struct options *options, const char *badge, struct call *call,
                    const struct verb *verb, GError **error)
{
    /* What an administrator mends can be mended when no writer slot is left. */
    enum site_as as = verb->needs == MAY_ADMIN ? SITE_RESCUE : SITE_PROGRAM;
    call->site = site_open_as(as, options->db_url, table->name, NULL, error);
    gboolean good =
        call->site && acting_as(call->site, badge, verb->needs, &call->actor, error) && verb->run(call, error);
    site_close(call->site);
    return good;
}

/* One object or list, whatever happened: a verb that failed half way says what it has done beside the error. */
static void print_answer(json_t *answer, const GError *error)
{
    if (!error) {
        options_print(answer ? answer : json_pack("{s:b}", "done", TRUE));
        return;
    }
    json_t *root = options_error(error);
    if (answer)
        json_object_set_new(root, "answer", answer);
    options_print(root);
}

int verbs_main(const struct verb_table *table, const GOptionEntry *own, void *values, int argc, char **argv)
{
    struct options options = {.most = VERB_ARGS_MAX};
    char *badge = NULL;
    GError *error = NULL;
    const struct verb *verb = NULL;
    if (parse(table, &options, own, &badge, &argc, &argv, &error))
        verb = verbs_find(table, argc, argv, &error);
    struct call call = {.json = options.json, .args = argv + 2, .count = MAX(argc - 2, 0), .own = values};
    gboolean good = verb && run(table, &options, badge, &call, verb, &error);
    gboolean json = options.json;
    options_clear(&options);
    options_clear_own(own);
    g_free(badge);
    if (json)
        print_answer(call.answer, error);
    else if (error)
        return options_failed(error, FALSE);
    int status = err_exit(error);
    g_clear_error(&error);
    return good ? EXIT_OK : status;
}
