/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* A site could not be opened, as told. Where that is for a clock that is ahead it is asked for at the terminal; TRUE: it is
 * right, which is journalled, and the site can be opened. Else FALSE with what was told, or what failed, in *error. */
gboolean clock_ask(const char *url, const GError *told, GError **error);
