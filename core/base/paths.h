/* SPDX-License-Identifier: MIT
 *
 * Where things lie: the program's own assets, and the user's data, state and configuration (XDG).
 */
#pragma once

#include <glib.h>

/* The path of an asset ("couriers", "locale", "shops/shopify.ini"). Looked for in $PACKLINE_ASSETS, then in the
 * assets directory of the source tree the program was built in, then in ../share/packline beside it. Caller frees. */
char *paths_asset(const char *relative);

/* A program installed or built beside this one ("packline-print"). Caller frees. */
char *paths_program(const char *name);

/* $XDG_DATA_HOME/packline/name, $XDG_STATE_HOME/packline/name, $XDG_CONFIG_HOME/packline/name. Caller frees. */
char *paths_data(const char *name);
char *paths_state(const char *name);
char *paths_config(const char *name);

/* FALSE with ERR_OPEN_TO_ALL when everybody may write the file, or put another in its place: its directory is open to all and not
 * one like /tmp, where nobody moves what is another's. What is not there is nobody's. */
gboolean paths_guarded(const char *path, GError **error);

/* What was written into a file, or which names stand in a directory, is on the disk. FALSE with errno. */
gboolean paths_sync(const char *path);
