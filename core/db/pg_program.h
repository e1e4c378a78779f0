/* SPDX-License-Identifier: MIT
 *
 * PostgreSQL's own programs (pg_dump, pg_restore, psql): of the package postgresql-client, which a floor on SQLite does
 * without.
 */
#pragma once

#include <glib.h>

/* The path of one: on PATH, else the newest where Debian keeps them. NULL: it is not here. Caller frees. */
char *pg_program(const char *name);
