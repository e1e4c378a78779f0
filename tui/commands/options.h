/* SPDX-License-Identifier: MIT
 *
 * Options every command knows: --db URL, --station NAME, --lang LANGUAGE, --json. What the command line does not say
 * comes from the environment (PACKLINE_DB, PACKLINE_STATION), then from the configuration file
 * ($XDG_CONFIG_HOME/packline/packline.conf, group [packline], keys db and station), then from a default.
 *
 *     struct options options = {0};
 *     GOptionEntry own[] = {{"shop", 0, 0, G_OPTION_ARG_STRING, &shop, N_("the shop's name"), N_("NAME")}, {0}};
 *     if (!options_parse(&options, own, N_("import KIND FILE"), &argc, &argv, &error))
 *         return options_failed(error);
 *     ... argv[1] .. argv[argc - 1] are the arguments left ...
 *     options_clear(&options);
 */
#ifndef TUI_COMMANDS_OPTIONS_H
#define TUI_COMMANDS_OPTIONS_H

#include <glib.h>

struct options {
    char *db_url;  /* never NULL after options_parse() */
    char *station; /* never NULL after options_parse(); the default is the host's name */
    char *language;
    gboolean json;
};

/* Parses and removes the options; own may be NULL. --help prints and exits the program with 0. The program gives
 * up on an unknown option with ERR_USAGE. */
gboolean options_parse(struct options *options, const GOptionEntry *own, const char *usage, int *argc, char ***argv,
                       GError **error);
void options_clear(struct options *options);

/* Prints "packline: PL-0100 text" and the hint to standard error, frees error, returns its exit code. With json,
 * prints {"error": "PL-0100", "text": ..., "hint": ...} to standard output instead. */
int options_failed(GError *error);
int options_failed_json(GError *error, gboolean json);

/* The value of --lang in argv, NULL when there is none: main sets the language before anything is translated. */
const char *options_language(int argc, char **argv);

#endif
