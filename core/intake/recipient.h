/* SPDX-License-Identifier: MIT
 *
 * Recipient rows: the only place of names, phones and addresses.
 */
#ifndef CORE_INTAKE_RECIPIENT_H
#define CORE_INTAKE_RECIPIENT_H

#include <glib.h>
#include <stdint.h>

struct db;
struct draft_recipient;

enum { PHONE_TAIL = 4 };

/* The last four digits of a phone number, by which people search. */
void recipient_phone_tail(const char *phone, char tail[static PHONE_TAIL + 1]);

/* Inserts a version. Inside a transaction. */
gboolean recipient_insert(struct db *db, int64_t id, int64_t version, const struct draft_recipient *recipient,
                          GError **error);

#endif
