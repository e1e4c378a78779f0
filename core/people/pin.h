/* SPDX-License-Identifier: MIT
 *
 * PINs: argon2id (libsodium, 19 MiB, 2 passes, about 18 ms) over the PIN keyed with a pepper that lies in a
 * 0400 file outside the database, so that a copy of the database alone gives no PIN away.
 */
#pragma once

#include <glib.h>

#include "core/people/role.h"

enum { PEPPER_BYTES = 32, PIN_DIGITS_MAX = 32 };

struct pepper {
    unsigned char key[PEPPER_BYTES];
};

/* Makes the key file (NULL: $PACKLINE_PEPPER, else pepper beside the configuration file) with mode 0400 where it is missing; an existing one stays.
 */
gboolean pepper_create(const char *path, GError **error);

/* Whether it is the file of the user whose program this is: of the one who runs packline here. Where it is in *path, which the
 * caller frees. */
gboolean pepper_is_ours(char **path);

/* Reads it. A file that others than its owner may read is refused. */
gboolean pepper_load(const char *path, struct pepper *pepper, GError **error);

/* Digits only, at least as many as the role needs, not all the same and not a plain run such as 123456. */
gboolean pin_check(enum role role, const char *pin, GError **error);

/* The text to store. NULL with *error when memory does not suffice. Caller frees. */
char *pin_hash(const struct pepper *pepper, const char *pin, GError **error);

/* Whether the PIN is the stored one: 1 it is, 0 it is not, -1 with *error when memory did not suffice to tell. stored "" (an
 * unknown badge, a person without PIN) is never right and takes as long. */
int pin_verify(const struct pepper *pepper, const char *stored, const char *pin, GError **error);
