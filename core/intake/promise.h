/* SPDX-License-Identifier: MIT
 *
 * When an order is promised for, why it could not be brought, and the end of its presale.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/site/actor.h"

struct allocation;
struct order_draft;
struct site;

/* The courier's cut-off an order is promised for, UTC ms: that of the civil date it was promised for, else the next one
 * after it was ordered or paid (now when that is not known). */
int64_t intake_cut_off(const struct site *site, const struct order_draft *draft);

/* Why the courier could not bring it: "courier", "unreadable", "name", "phone", "address", "postcode" (in Taiwan); NULL
 * when it could. Words of the program, never of the address. Without address columns in the file only the courier is
 * asked for. */
const char *intake_address_fault(gboolean has_addresses, const struct order_draft *draft);

/* Ends presales whose day, the reason of their block, has come, then allocates. */
gboolean intake_release_waiting(struct site *site, struct actor actor, struct allocation *result, GError **error);
