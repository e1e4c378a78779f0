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

struct new_number {
    const char *courier, *service, *kind, *number;
    enum number_source source;
    int64_t range_id, serial;
};

/* *id gets the new row's, 0 when the number exists already. Inside a transaction. */
gboolean number_insert(struct site *site, const struct new_number *row, int64_t *id, GError **error);
