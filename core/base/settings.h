/* SPDX-License-Identifier: MIT
 *
 * Every setting there is, in one table: key, type, default, range, what it does. Host settings stand in the
 * configuration file ($XDG_CONFIG_HOME/packline/packline.conf, group [packline]) of each machine; site
 * settings in the database, the same for all. Precedence for the database: --db, PACKLINE_DB, the file, the
 * default.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum setting_type { SETTING_BOOL, SETTING_INT, SETTING_TEXT, SETTING_CHOICE };
enum setting_scope { SETTING_SITE, SETTING_HOST };

struct setting {
    const char *name;
    enum setting_scope scope;
    enum setting_type type;
    const char *fallback;
    int64_t min, max;    /* SETTING_INT */
    const char *choices; /* SETTING_CHOICE: "a|b|c" */
    const char *text;    /* N_() */
};

const struct setting *setting_find(const char *name); /* NULL when there is none */
const struct setting *setting_at(guint n);            /* NULL after the last */

/* Whether the setting may have the value. */
gboolean setting_accepts(const struct setting *setting, const char *value, GError **error);

/* What it takes, in words: "0 or 1", "1 to 500", "ascii, unicode or auto". Caller frees. */
char *setting_takes(const struct setting *setting);

/* The default as a number. The setting must exist. */
int64_t setting_default_int(const char *name);

/* A host setting: the configuration file's value, else the default. path NULL: the usual file; a file that is
 * not there is no error. NULL with *error when the file is broken or the value is not accepted. Caller frees. */
char *setting_host(const char *name, const char *path, GError **error);

/* Writes a host setting into the file, keeping its other lines and comments. */
gboolean setting_host_set(const char *name, const char *value, const char *path, GError **error);

/* Looks through the whole file: an unknown group or key or a bad value is an error. */
gboolean settings_check_file(const char *path, GError **error);
