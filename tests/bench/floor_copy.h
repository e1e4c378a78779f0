/* SPDX-License-Identifier: MIT
 *
 * A floor with a million orders in a minute: every order the real flow has brought to its end is copied with
 * all its rows, under ids, order numbers, waybill numbers and a journal chain of its own, so that packline
 * check finds nothing amiss. Orders still in work are not copied.
 */
#pragma once

#include <glib.h>

struct site;

/* Copies all orders there are so many times. Every one must be outbound or cancelled, its goods received for
 * it alone. The site's connection is of no use for anything else afterwards: it no longer waits for the disk and
 * checks no foreign keys. FALSE with *error on failure. */
gboolean floor_copy(struct site *site, int copies, GError **error);
