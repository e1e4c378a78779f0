/* SPDX-License-Identifier: MIT
 *
 * A subcommand: packline batch show B. Its verbs and options are tables; the usage line of --help and of the error is
 * made from them, and command_main() is all there is to parsing, opening, acting, running, answering, closing and
 * failing. A verb prints for people, or leaves its answer in the call for --json.
 *
 *     struct given {
 *         char *shop;
 *     };
 *     static const struct option OPTIONS[] = {
 *         OPTION_TEXT("shop", shop, N_("which shop's order is meant"), N_("CODE")),
 *     };
 *     static const struct verb VERBS[] = {
 *         {"list", 0, 0, NULL, do_list, MAY_SCAN, BY_ANYBODY},
 *         {"cancel", 1, 1, N_("B"), do_cancel, MAY_SCAN, BY_BADGE},
 *     };
 *     const struct subcommand command_batch = {
 *         "batch", N_("make batches and hand them out"), .bare = "list", VERBS_OF(VERBS),
 *         OPTIONS_OF(OPTIONS, struct given),
 *     };
 */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stddef.h>

#include "core/people/role.h"
#include "core/site/actor.h"
#include "tui/commands/options.h"

struct site;
struct verb;

/* What a verb gets; all of it is borrowed. */
struct call {
    const struct verb *verb;
    const struct options *options; /* of every command */
    const void *given;             /* the values of the command's own */
    const char *badge;             /* of --as, NULL: none */
    struct site *site;             /* open as the verb's needs say, else NULL */
    struct actor actor;            /* who acts: acting.h */
    gboolean json;
    char **args; /* behind the verb, count of them */
    int count;
    json_t *answer; /* what the verb says with --json, printed and freed when it has run; {"done": true} when NULL */
    int status;     /* the exit code when it went well; when not, too, unless EXIT_OK: then it is the error's */
};

/* What a verb needs: a right (enum permission, acting.h) of whom --as names, or */
enum {
    NO_SITE = PERMISSION_COUNT, /* nothing */
    SITE_ALONE,                 /* the site, where the program itself acts */
    OWN_SITE,                   /* a site that it opens itself as call->site, where the program itself acts */
    OWN_ACTOR                   /* the same, and it sees who acts where it must */
};

/* What is written to the floor names who does it: by --as BADGE, or without one where the configuration file of this machine
 * names the command (setting timer), since a timer has no badge. Verbs that open no site, or their own, say for themselves: init
 * and demo make the floor whose badges there are, doctor and check write nothing, a backup is a file beside it. */
enum verb_by {
    BY_BADGE,
    BY_TIMER,  /* the same; the work is the program's own, so that who asked for it has a row in the journal besides */
    BY_ANYBODY /* it writes nothing, or looks for itself who may */
};

struct verb {
    const char *name;  /* NULL: none is typed, the arguments stand right behind the command */
    int least, most;   /* arguments */
    const char *takes; /* N_(): the arguments as the usage names them, with an option that must be; NULL: none */
    gboolean (*run)(struct call *call, GError **error);
    int needs;
    enum verb_by by; /* who, where no badge is given */
};

/* The function of a verb that is nothing but what core does with its one argument. */
#define VERB_OF_NAME(name, does)                                                                                       \
    static gboolean name(struct call *call, GError **error)                                                            \
    {                                                                                                                  \
        return does(call->site, &call->actor, call->args[0], error);                                                   \
    }

enum { VERB_ARGS_MAX = 100000 }; /* most, of a verb that takes any number */

struct option {
    const char *name;
    GOptionArg kind; /* the value is a char *, a gint or a gboolean */
    size_t at;       /* where it is kept in what the call is given */
    const char *text, *value; /* N_(): what it is for, how the usage names the value or NULL */
};

/* A row of the table, kept in a member of the file's struct given. */
#define OPTION_AS(kind, name, member, text, value)                                                                     \
    {(name), G_OPTION_ARG_##kind, offsetof(struct given, member), (text), (value)}
#define OPTION_TEXT(name, member, text, value) OPTION_AS(STRING, name, member, text, value)
#define OPTION_FILE(name, member, text, value) OPTION_AS(FILENAME, name, member, text, value)
#define OPTION_NUMBER(name, member, text, value) OPTION_AS(INT, name, member, text, value)
#define OPTION_FLAG(name, member, text) OPTION_AS(NONE, name, member, text, NULL)

/* A row of the table of subcommands. */
struct subcommand {
    const char *name;    /* and of its writer in the journal */
    const char *summary; /* N_(), one line */
    const char *bare;    /* the verb when no word is given; NULL: one must be */
    const struct verb *verbs;
    size_t verb_count;
    const struct option *options; /* besides those of every command and --as */
    size_t option_count, given_size;
    gboolean lenient;    /* it goes on with a configuration file that has errors */
    gboolean quantities; /* "-3" is no option but an argument, and comes as VERB_MINUS "3" */
    const char *lines;   /* with this option all it says is JSON, a line each */
};

#define VERB_MINUS "\u2212"

#define VERBS_OF(table) .verbs = (table), .verb_count = G_N_ELEMENTS(table)
#define OPTIONS_OF(table, type) .options = (table), .option_count = G_N_ELEMENTS(table), .given_size = sizeof(type)

/* The verb of the words behind the command's name; NULL with *error (ERR_USAGE). */
const struct verb *verbs_find(const struct subcommand *command, int argc, char **argv, GError **error);

/* "batch [list | show B]", translated. Caller frees. */
char *verbs_usage(const struct subcommand *command);

/* ERR_USAGE with its text; FALSE. */
gboolean usage_error(GError **error, const char *text);

/* Runs the verb that argv names, argv[0] the command's name, and returns the exit code of the program. */
int command_main(const struct subcommand *command, int argc, char **argv);
