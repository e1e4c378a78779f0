/* SPDX-License-Identifier: MIT */
#include "tui/commands/verbs.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"

/* --- the words ------------------------------------------------------------------------------------------ */

/* "list | show B" */
static char *rows(const struct subcommand *command)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < command->verb_count; i++) {
        const struct verb *verb = &command->verbs[i];
        g_string_append_printf(text, "%s%s%s%s", i > 0 ? " | " : "", verb->name ? verb->name : "",
                               verb->name && verb->takes ? " " : "", verb->takes ? _(verb->takes) : "");
    }
    return g_string_free(text, FALSE);
}

char *verbs_usage(const struct subcommand *command)
{
    g_autofree char *list = rows(command);
    return g_strchomp(g_strdup_printf(command->bare ? "%s [%s]" : "%s %s", command->name, list));
}

gboolean usage_error(GError **error, const char *text)
{
    return err_set(error, ERR_USAGE, text);
}

/* The words of a verb without a name are all arguments. */
static gboolean fits(const struct verb *verb, const char *name, int words)
{
    int count = verb->name ? MAX(words - 1, 0) : words;
    return count >= verb->least && count <= verb->most && (!verb->name || g_strcmp0(verb->name, name) == 0);
}

const struct verb *verbs_find(const struct subcommand *command, int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : command->bare;
    for (size_t i = 0; i < command->verb_count; i++)
        if (fits(&command->verbs[i], name, argc - 1))
            return &command->verbs[i];
    g_autofree char *list = rows(command), *text = g_strdup_printf(_("%s takes %s."), command->name, list);
    usage_error(error, text);
    return NULL;
}

static int words_at_most(const struct subcommand *command)
{
    int most = 0;
    for (size_t i = 0; i < command->verb_count; i++)
        most = MAX(most, command->verbs[i].most + (command->verbs[i].name != NULL));
    return most;
}

/* --- the options ---------------------------------------------------------------------------------------- */

static gboolean takes_badge(const struct verb *verb)
{
    return verb->needs < NO_SITE || verb->needs == OWN_ACTOR;
}

static gboolean any_takes_badge(const struct subcommand *command)
{
    for (size_t i = 0; i < command->verb_count; i++)
        if (takes_badge(&command->verbs[i]))
            return TRUE;
    return FALSE;
}

/* The option parser takes no other minus for a sign. What is returned owns the words. */
static GPtrArray *keep_quantities(const struct subcommand *command, int argc, char **argv)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; command->quantities && i < argc; i++)
        if (argv[i][0] == '-' && g_ascii_isdigit(argv[i][1])) {
            argv[i] = g_strconcat(VERB_MINUS, argv[i] + 1, NULL);
            g_ptr_array_add(kept, argv[i]);
        }
    return kept;
}

static gboolean parse(const struct subcommand *command, struct options *options, void *given, char **badge, int *argc,
                      char ***argv, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    const GOptionEntry as = {"as", 0, 0, G_OPTION_ARG_STRING, badge,
                             N_("who acts; the PIN is asked for or in PACKLINE_PIN"), N_("BADGE")};
    if (any_takes_badge(command))
        g_array_append_val(entries, as);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];
        const GOptionEntry entry = {option->name, 0, 0, option->kind, (char *)given + option->at, option->text,
                                    option->value};
        g_array_append_val(entries, entry);
    }
    g_autofree char *usage = verbs_usage(command);
    return options_parse(options, (const GOptionEntry *)(void *)entries->data, usage, argc, argv, error);
}

/* What a person gives as text is cleaned here, whichever verb it is for; names of files are what they are. */
static void clean_one(char **text)
{
    char *clean = *text ? clean_text(*text, strlen(*text), CLEAN_LINE) : NULL;
    g_free(*text);
    *text = clean;
}

static void clean_given(const struct subcommand *command, void *given, char **badge)
{
    clean_one(badge);
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].kind == G_OPTION_ARG_STRING)
            clean_one((char **)(void *)((char *)given + command->options[i].at));
}

/* Those behind the verb; what is returned owns them. */
static GPtrArray *clean_words(const struct verb *verb, char **words, int count)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func(g_free);
    gboolean are_files = verb && verb->takes && strstr(verb->takes, "FILE");
    for (int i = 0; verb && !are_files && i < count; i++) {
        words[i] = clean_text(words[i], strlen(words[i]), CLEAN_LINE);
        g_ptr_array_add(kept, words[i]);
    }
    return kept;
}

static void free_given(const struct subcommand *command, void *given)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].kind == G_OPTION_ARG_STRING || command->options[i].kind == G_OPTION_ARG_FILENAME)
            g_free(*(char **)(void *)((char *)given + command->options[i].at));
    g_free(given);
}

/* --- the run -------------------------------------------------------------------------------------------- */

/* The one place that decides whether a command may go on without a badge. */
static gboolean may_begin(const struct subcommand *command, const struct verb *verb, const struct call *call, GError **error)
{
    gboolean writes = (verb->needs < NO_SITE || verb->needs == SITE_ALONE) && verb->by != BY_ANYBODY;
    return call->badge || !writes || acting_alone(command->name, error);
}

/* What the program does as its own work has the program's name in the journal: who asked for it is named before. */
static gboolean name_who(const struct verb *verb, const struct call *call, GError **error)
{
    g_autofree char *what = g_strjoin(" ", call->site ? call->site->writer_name : "", verb->name, NULL);
    const struct record record = {.event = "asked-for", .is_heard = TRUE, .detail = what};
    return verb->by != BY_TIMER || !call->badge ||
           site_record_statements(call->site, &call->actor, &record, NULL, 0, error);
}

static gboolean run(const struct subcommand *command, const struct verb *verb, struct call *call, GError **error)
{
    gboolean opens = verb->needs < NO_SITE || verb->needs == SITE_ALONE;
    /* What an administrator mends can be mended when no writer slot is left. */
    enum site_as as = verb->needs == MAY_ADMIN ? SITE_RESCUE : SITE_PROGRAM;
    if (call->badge && !takes_badge(verb))
        return options_refuse("--as", error);
    if (!may_begin(command, verb, call, error))
        return FALSE;
    if (opens && !(call->site = site_open_as(as, call->options->db_url, command->name, NULL, error)))
        return FALSE;
    /* Before anything new: an act that died half-way may be the very one that is asked for again. */
    gboolean acts = verb->needs < NO_SITE && verb->needs != MAY_ADMIN;
    gboolean good = (!opens || acting_as(call->site, call->badge, (enum permission)verb->needs, &call->actor, error)) &&
                    name_who(verb, call, error) && (!acts || flow_finish_all(call->site, error)) && verb->run(call, error);
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

static void say_end(const struct call *call, const GError *error, gboolean lines)
{
    if (lines && error)
        options_print_line(options_error(error));
    else if (call->json && !lines)
        print_answer(call->answer, error);
    else if (error)
        options_say(error);
}

int command_main(const struct subcommand *command, int argc, char **argv)
{
    struct options options = {.most = words_at_most(command), .lenient = command->lenient};
    gboolean lines = command->lines && options_has(argc, argv, command->lines);
    G_GNUC_UNUSED g_autoptr(GPtrArray) kept = keep_quantities(command, argc, argv);
    void *given = g_malloc0(command->given_size);
    g_autofree char *badge = NULL;
    g_autoptr(GError) error = NULL;
    const struct verb *verb = NULL;
    if (parse(command, &options, given, &badge, &argc, &argv, &error))
        verb = verbs_find(command, argc, argv, &error);
    int skipped = verb && !verb->name ? 1 : 2;
    struct call call = {.verb = verb, .options = &options, .given = given, .badge = badge, .json = options.json,
                        .args = argv + skipped, .count = MAX(argc - skipped, 0)};
    clean_given(command, given, &badge);
    call.badge = badge;
    G_GNUC_UNUSED g_autoptr(GPtrArray) cleaned = clean_words(verb, call.args, call.count);
    gboolean good = verb && run(command, verb, &call, &error);
    say_end(&call, error, lines);
    options_clear(&options);
    free_given(command, given);
    return good || call.status != EXIT_OK ? call.status : err_exit(error);
}
