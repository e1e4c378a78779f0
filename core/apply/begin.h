/* SPDX-License-Identifier: MIT
 *
 * Where a floor's history begins: with the first event. Of a floor that was worked before differences were kept, all that
 * stands then is written as the first difference of each subject, at the version it has; what came before is not known, and
 * is not asked. What was said by then (core/site/said.h) is sealed as it stands, and so are those differences.
 */
#pragma once

#include <glib.h>

struct site;

/* Begins it, unless it has begun. Outside of a transaction, before any event of the site. */
gboolean history_begin(struct site *site, GError **error);
