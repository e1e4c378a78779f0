/* SPDX-License-Identifier: MIT
 *
 * One courier's ini file. Only courier.c needs this. Keys are one table; an unknown key or group is an error,
 * so that a misspelt one is found at start and not on a label.
 */
#pragma once

#include <glib.h>

#include "core/base/autoptr.h"

struct courier;

/* An empty courier; every text NULL. Release with courier_free(). */
struct courier *courier_new(const char *code);
void courier_free(gpointer courier);
DEFINE_AUTOPTR(courier, courier_free)

/* NULL with *error naming file and key. */
struct courier *courier_read(const char *path, GError **error);
