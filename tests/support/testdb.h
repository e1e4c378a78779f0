/* SPDX-License-Identifier: MIT
 *
 * Fresh, migrated databases for tests, and every test case on both engines:
 *
 *     static void packs(struct testdb *test) { struct db *db = testdb_open(test); ... db_close(db); }
 *     int main(int argc, char **argv)
 *     {
 *         g_test_init(&argc, &argv, NULL);
 *         testdb_add("/pack/packs", packs);      // runs as /sqlite/pack/packs and /postgres/pack/packs
 *         return g_test_run();
 *     }
 *
 * PostgreSQL is the server named by PACKLINE_TEST_PG. When that is unset the program runs itself again under
 * tests/support/run-postgres, which starts one; when it is empty the cases on PostgreSQL are skipped by name.
 */
#pragma once

#include "core/db/db.h"

struct testdb {
    enum db_engine engine;
    char *url; /* for db_open(), several times as well, also from other processes */
    char *dir; /* a directory of its own, removed with everything in it */
};

typedef void (*testdb_case)(struct testdb *test);

/* Registers fn for both engines; path begins with '/'. */
void testdb_add(const char *path, testdb_case fn);

/* The same with databases that have no tables yet. */
void testdb_add_empty(const char *path, testdb_case fn);

/* By hand: a migrated database, to be freed (and dropped) with testdb_free(). */
struct testdb *testdb_new(enum db_engine engine);
struct testdb *testdb_new_empty(enum db_engine engine);
void testdb_free(struct testdb *test);
void testdb_remove(const char *path); /* a directory and everything in it */

/* Whether what takes minutes is to be done as a whole, as `make soak` asks with PACKLINE_TEST_WHOLE; else a slice of it. */
gboolean testdb_whole(void);

/* Waits until nobody but db is connected: a server may still be at the last words of a client that was killed. */
void testdb_wait_alone(struct db *db);

/* How often the server had to end a transaction because two waited for each other. Waits until nobody else is connected:
 * a connection tells what it counted when it ends. 0 on SQLite. */
int64_t testdb_deadlocks(const struct testdb *test);

/* Opens it with DB_USE; a failure ends the test. */
struct db *testdb_open(const struct testdb *test);

/* Runs statements without parameters that stand in one text, in a transaction of their own; a failure ends
 * the test. */
void testdb_script(struct db *db, const char *text);

/* The first column of the first row as an integer; a failure or no row ends the test. */
int64_t testdb_int(struct db *db, const char *text);
