/* SPDX-License-Identifier: MIT
 *
 * A subcommand with verbs: packline batch show B. The verbs are a table; the usage line of --help and of the error is
 * made from it, and verbs_main() is all there is to parsing, opening, acting, running, closing and failing.
 *
 *     static const struct verb VERBS[] = {
 *         {"list", 0, 0, NULL, do_list, MAY_SCAN},
 *         {"show", 1, 1, N_("B"), do_show, MAY_SCAN},
 *     };
 *     static const struct verb_table TABLE = {"batch", "list", VERBS, G_N_ELEMENTS(VERBS)};
 *     struct given given = {0};
 *     const GOptionEntry own[] = {{"shop", 0, 0, G_OPTION_ARG_STRING, &given.shop, N_("..."), N_("CODE")}, {0}};
 *     return verbs_main(&TABLE, own, &given, argc, argv);
 */
#ifndef TUI_COMMANDS_VERBS_H
#define TUI_COMMANDS_VERBS_H

#include <glib.h>
#include <jansson.h>

#include "core/people/role.h"
#include "core/site/actor.h"

struct site;

/* What a verb gets; all of it is borrowed. */
struct call {
    struct site *site;
    struct actor actor; /* who acts: acting.h */
    gboolean json;
    char **args; /* behind the verb, count of them */
    int count;
    void *own; /* the values of the command's own options */
    json_t *answer; /* what the verb says with --json, printed and freed when it has run; {"done": true} when NULL */
};

struct verb {
    const char *name;
    int least, most;   /* arguments */
    const char *takes; /* N_(): the arguments as the usage names them, with an option that must be; NULL: none */
    gboolean (*run)(struct call *call, GError **error);
    enum permission needs; /* of --as, acting.h */
};

enum { VERB_ARGS_MAX = 100000 }; /* most, of a verb that takes any number */

struct verb_table {
    const char *name; /* of the command, and of its writer in the journal */
    const char *bare; /* the verb when none is given; NULL: one must be */
    const struct verb *verbs;
    size_t count;
};

/* The verb of the words behind the command's name; NULL with *error (ERR_USAGE). */
const struct verb *verbs_find(const struct verb_table *table, int argc, char **argv, GError **error);

/* "batch [list | show B]", translated. Caller frees. */
char *verbs_usage(const struct verb_table *table);

/* Runs the verb that argv names and returns the exit code of the program. own: the command's options besides --as,
 * ending in {0}; their strings are freed here. values: where they stand, the verb's call->own. */
int verbs_main(const struct verb_table *table, const GOptionEntry *own, void *values, int argc, char **argv);

#endif
