/* SPDX-License-Identifier: MIT
 *
 * When an order is promised for, why it could not be brought, and the release of what can be worked.
 */
#ifndef CORE_INTAKE_PROMISE_H
#define CORE_INTAKE_PROMISE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct order_draft;
struct site;

/* The courier's cut-off an order of an instant (0: now) is promised for, UTC ms: that of promise_on when it is a civil
 * date, else the next one after the order. */
int64_t intake_cut_off(const struct site *site, const char *courier, int64_t at_utc_ms, int promise_on);

/* Why the courier could not bring it: "courier", "unreadable", "name", "phone", "address", "postcode"; NULL when it could.
 * Words of the program, never of the address. Without address columns in the file only the courier is asked for. */
const char *intake_address_fault(gboolean has_addresses, const struct order_draft *draft);

/* Releases shipments through the flow; those the books turn out to have too little for are blocked as short. Adds to
 * *released and *short_of. */
gboolean intake_release(struct site *site, int64_t person_id, const int64_t *ids, size_t count, uint64_t *released,
                        uint64_t *short_of, GError **error);

/* Releases what is new, unblocked and in stock, in promise order: what an import that was killed left behind; with
 * short_too also what waited for stock that is there now. *released may be NULL. */
gboolean intake_release_waiting(struct site *site, int64_t person_id, gboolean short_too, uint64_t *released,
                                GError **error);

#endif
