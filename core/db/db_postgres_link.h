/* SPDX-License-Identifier: MIT
 *
 * Private to the PostgreSQL engine: what waits for the server, and never for ever. A server that hangs keeps its
 * link alive, so keepalives say nothing; what says it is that it has sent nothing for the patience given.
 * Then the socket is shut, the connection is bad from there on, as after any lost link, and nothing is
 * waited for. libpq is used in its non-blocking mode throughout.
 */
#ifndef CORE_DB_DB_POSTGRES_LINK_H
#define CORE_DB_DB_POSTGRES_LINK_H

#include <glib.h>

struct pg_conn;
struct pg_result;

struct link {
    struct pg_conn *conn;
    unsigned patience_ms; /* 0: as long as it takes */
    gboolean silent;      /* the server did not answer in time; the connection is of no use any more */
};

/* Both arrays end with NULL. FALSE: see the connection's message; there is a connection all the same. */
gboolean link_open(struct link *link, const char *const *keywords, const char *const *values);
void link_close(struct link *link);

/* Sends what stands in the buffer. */
gboolean link_flush(struct link *link);

/* The next result as from PQgetResult(); what is still to be sent is sent meanwhile. */
struct pg_result *link_result(struct link *link);

/* Runs statements without parameters and waits for them; the last result, or the first that failed. */
struct pg_result *link_exec(struct link *link, const char *text);

#endif
