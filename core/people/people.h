/* SPDX-License-Identifier: MIT
 *
 * core/people: who may.
 *
 * The people of a warehouse: badges, names, roles, PINs. Every change is journalled. Nobody is deleted, only
 * made inactive: their acts keep their name.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/people/role.h"
#include "core/site/actor.h"

struct site;

struct person {
    int64_t id;
    char badge[64], name[96];
    enum role role;
    gboolean active, has_pin;
    int64_t failed_count; /* wrong PINs since the last right one */
    int64_t locked_until_at;
};

/* Finds an active person by badge: the badge's text, or the internal code ("//U...") of a printed one. 1
 * found, 0 none, -1 failed. */
int person_find(struct site *site, const char *badge, struct person *person, GError **error);

/* The same, and there must be one: the id. 0 with *error (ERR_PERSON_UNKNOWN). */
int64_t person_known(struct site *site, const char *badge, GError **error);

/* Each is a transaction of its own. pin NULL: none, the person can't log in yet. */
gboolean person_add(struct site *site, const struct actor *by, const char *badge, const char *name, enum role role,
                    const char *pin, int64_t *id, GError **error);
gboolean person_set_pin(struct site *site, const struct actor *by, const char *badge, const char *pin, GError **error);
gboolean person_set_active(struct site *site, const struct actor *by, const char *badge, gboolean active,
                           GError **error);

/* Lifts a lock-out, journalled with who did and where (NULL: at a command). */
gboolean person_unlock(struct site *site, const struct actor *by, const char *badge, const char *where, GError **error);
/* The same without anybody's badge, of an administrator where no other one could do it (ERR_UNLOCK_OTHER); who may, and where
 * that is, the caller has looked at. */
gboolean person_unlock_at_console(struct site *site, const char *badge, const char *where, GError **error);

/* All but the program itself, inactive ones too, by badge: an array of struct person. NULL with *error. */
GArray *people_list(struct site *site, GError **error);
