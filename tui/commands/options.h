/* SPDX-License-Identifier: MIT
 *
 * Options every command knows: --db URL, --station NAME, --lang LANGUAGE, --json. What the command line does not say
 * comes from the environment (PACKLINE_DB, PACKLINE_STATION), then from the configuration file
 * ($XDG_CONFIG_HOME/packline/packline.conf, group [packline], keys db and station), then from a default. A file with
 * an error in it ends the command: with a key misspelt it would work on another database than was meant.
 *
 * What else a command takes stands in its table: verbs.h.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

struct options {
    int most;         /* set by the caller: how many arguments the command takes; more are ERR_USAGE */
    gboolean lenient; /* set by the caller: it goes on with a configuration file that has errors */
    char *db_url;  /* never NULL after options_parse() */
    char *station; /* never NULL after options_parse(); the default is the host's name */
    char *language;
    gboolean json; /* right after a failure, too */
};

/* Parses and removes the options, of every command and own (may be NULL); the arguments are left. usage, translated, is
 * what follows "packline" in --help, which prints and exits the program with 0. An unknown option is ERR_USAGE. After a
 * failure nothing is to be cleared. */
gboolean options_parse(struct options *options, const GOptionEntry *own, const char *usage, int *argc, char ***argv,
                       GError **error);

void options_clear(struct options *options);

/* ERR_USAGE: a word that has no place here. FALSE. */
gboolean options_refuse(const char *word, GError **error);

/* Prints "packline: PL-0100 text" and the hint to standard error, frees error, returns its exit code. With json,
 * prints {"error": "PL-0100", "text": ..., "hint": ...} to standard output instead. */
int options_failed(GError *error, gboolean json);

/* The same for people, and that object without the printing. */
void options_say(const GError *error);
json_t *options_error(const GError *error);

/* Prints an object or list and gives it up; in one line where a line is an answer. */
void options_print(json_t *root);
void options_print_line(json_t *root);

/* Whether a word such as "--json" stands among the options: for what goes wrong before they are parsed. */
gboolean options_has(int argc, char **argv, const char *word);

/* The value of --lang in argv, NULL when there is none: main sets the language before anything is translated. */
const char *options_language(int argc, char **argv);
