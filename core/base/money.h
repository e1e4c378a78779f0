/* SPDX-License-Identifier: MIT
 *
 * Amounts as people read them, on the screen and on paper alike. An amount is a count of hundredths of its currency
 * (minor) and the currency's ISO 4217 code.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* "NT$ 1,280", "NT$ 12.50", "¥ 12.50", "12.50 EUR". Caller frees. */
char *money_text(const char *currency, int64_t minor);

/* Whether it can be paid at a door: TWD has cents in accounts, none in a purse. */
gboolean money_is_payable(const char *currency, int64_t minor);
