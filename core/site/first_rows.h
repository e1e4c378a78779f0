/* SPDX-License-Identifier: MIT
 *
 * What a new floor gets before anybody works on it.
 */
#pragma once

#include <glib.h>

struct clock;

/* Makes the database where it is missing, brings its schema up to date, and makes the first rows of an empty one:
 * warehouse, owner, the person "system", the outer locations and the packing bench. For packline init and tests. */
struct site_names {
    const char *warehouse_code, *warehouse_name, *time_zone;
    const char *owner_code, *owner_name;
    gboolean is_demo;
};
gboolean site_create(const char *url, const struct site_names *names, const struct clock *clock, GError **error);
