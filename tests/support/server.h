/* SPDX-License-Identifier: MIT
 *
 * A PostgreSQL of the test's own, that keeps its data and can be crashed. What it had committed without waiting for the disk
 * is lost then.
 */
#pragma once

#include "tests/support/testdb.h"

/* NULL when tests are to run without PostgreSQL. To be freed with server_free(), not testdb_free(). */
struct testdb *server_start(void);
void server_free(struct testdb *test);

void server_crash(struct testdb *test);
void server_wake(struct testdb *test);
