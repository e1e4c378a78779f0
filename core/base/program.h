/* SPDX-License-Identifier: MIT
 *
 * What both programs do alike: take options, settle what the command line leaves open, and say what went wrong.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Parses and removes the options; own may be NULL. usage, the program's name first, stands in --help, which prints and
 * exits the program with 0. FALSE with ERR_USAGE. */
gboolean program_options(const char *usage, const GOptionEntry *own, const GOptionEntry *common, int *argc,
                         char ***argv, GError **error);

/* Fills *value, unless something stands there, from the environment, then from the configuration file; NULL when neither
 * says anything. FALSE with *error when the file has an error, which is passed over where error is NULL. Caller frees. */
gboolean program_setting(char **value, const char *variable, const char *key, GError **error);

/* Fills *url, unless something stands there, with the database in the user's data directory. */
void program_default_db(char **url);

/* "packline: PL-0100 text" and the hint to standard error. */
void program_say(const char *program, const GError *error);

/* The first thing a program does: it leaves no image of its memory, in which are names, PINs and keys, to a disk or another program,
 * and from here on all that g_print() and g_printerr() say goes out clean (clean.h): whatever stands in a row, no terminal and no log
 * is told to do something by it. */
void program_begin(void);

/* Prints an object or list, as jansson's flags say, and gives it up. What is not clean in a text is escaped. */
void program_print(json_t *root, size_t flags);
