/* SPDX-License-Identifier: MIT
 *
 * The site's settings, in the database, the same for every station. settings.h lists what there is.
 */
#pragma once

#include <glib.h>

struct actor;
struct site;

/* The value in force: what was set, else the default. Borrowed. NULL when there is no such site setting. */
const char *site_setting_text(const struct site *site, const char *name);

/* Sets it, journalled, for this and every other program that opens the site from now on. A transaction of its own. */
gboolean site_setting_set(struct site *site, const struct actor *by, const char *name, const char *value,
                          GError **error);
