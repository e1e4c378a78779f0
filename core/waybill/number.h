/* SPDX-License-Identifier: MIT
 *
 * A waybill number's row, wherever the number comes from. It is made in state free; the flow moves it on from there.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/code/courier.h"

struct site;

/* The courier of a code. NULL with ERR_COURIER_UNKNOWN. */
const struct courier *number_courier(struct site *site, const char *code, GError **error);

/* One of a list. *added: it was nobody's yet. Inside a transaction. */
struct new_number {
    const char *courier, *kind, *number;
    int64_t list_id;
};
gboolean number_insert(struct site *site, const struct new_number *row, gboolean *added, GError **error);
