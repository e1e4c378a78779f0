/* SPDX-License-Identifier: MIT
 *
 * Private to the PostgreSQL engine: what waits for the server, and never for ever. A server that hangs keeps its
 * link alive, so keepalives say nothing; what says it is that it has sent nothing for the patience given.
 * Then the socket is shut, the connection is bad from there on, as after any lost link, and nothing is
 * waited for. libpq is used in its non-blocking mode throughout.
 *
 * Statements are sent in a pipeline. The first one that is waited for brings the answers to all of them along, each
 * to whoever reads it, so that a transaction costs a few round trips and not one a statement.
 */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

#include "core/db/value.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGresult, PQclear)

enum { LINK_AHEAD_MAX = 256, LINK_NAME_MAX = 48 };

/* The answer to a statement, for whoever sent it. One of result and failure is there when it is due no more. */
struct link_answer {
    gboolean due;
    PGresult *result;
    GError *failure; /* its own, or that of the statement before it that failed */
};

struct link_sent {
    char name[LINK_NAME_MAX]; /* for messages */
    struct link_answer *answer;
    char *prepared;
    gboolean is_end; /* of a part: link_part() */
};

struct link {
    PGconn *conn;
    unsigned ahead; /* statements of the pipeline whose results were not read yet */
    struct link_sent sent[LINK_AHEAD_MAX];
    uint64_t round_trips; /* how often the server was waited for, whatever it had to answer; kept by link_open() */
    unsigned patience_ms; /* 0: as long as it takes */
    gboolean silent;      /* the server did not answer in time; the connection is of no use any more */
};

/* Both arrays end with NULL. FALSE: see the connection's message; there is a connection all the same. */
gboolean link_open(struct link *link, const char *const *keywords, const char *const *values);
void link_close(struct link *link);

/* db_postgres_open.c: to the database that a URL names, with all that a session of ours is told first. FALSE with *error; there
 * is a connection all the same. */
gboolean link_connect(struct link *link, const char *url, GError **error);

/* Whether the server has not hung up, as far as that is known without asking it. */
gboolean link_alive(struct link *link);

/* Sends what stands in the buffer. */
gboolean link_flush(struct link *link);

/* The next result as from PQgetResult(); what is still to be sent is sent meanwhile. link_next() also takes the
 * NULL that stands behind it. */
PGresult *link_result(struct link *link);
PGresult *link_next(struct link *link);
gboolean link_good(const PGresult *result);

/* Pipeline mode, when it is not on. Then statements are sent with PQsend...(), each told by link_sent(), which is
 * always TRUE, and link_settle() has the server answer them all and leaves the mode: FALSE with the error of the first
 * that failed. answer gets what is answered to this one; NULL when nobody reads that. A preparation tells where the
 * name of the prepared statement stands: it is emptied when the server does not have it. Both stay in place until the
 * link is settled, or are forgotten. link_part() has the server answer them too, but does not wait: what is sent after it
 * does not fail with them, and whoever settles the link next takes their answers along. */
void link_pipeline(struct link *link);
gboolean link_sent(struct link *link, const char *name, struct link_answer *answer, char *prepared);
gboolean link_settle(struct link *link, GError **error);
void link_part(struct link *link);
gboolean link_part_is_open(const struct link *link); /* something was sent since */
void link_forget(struct link *link, const void *gone);
void link_answer_clear(struct link_answer *answer);

/* One statement without parameters, sent ahead. */
gboolean link_send(struct link *link, const char *text, struct link_answer *answer);

/* What the server says about a result that is not good, or what the link does, for the caller to free; and the error
 * that it is, what naming the statement: always FALSE. */
char *link_message(const struct link *link, const PGresult *result);
gboolean link_fail(const struct link *link, const PGresult *result, const char *what, GError **error);

/* Runs statements without parameters and waits for them; the last result, or the first that failed. */
PGresult *link_exec(struct link *link, const char *text);

/* After COPY ... FROM STDIN was answered: sends the rows and their end. FALSE: the link failed. */
gboolean link_put_rows(struct link *link, const struct db_value *values, size_t rows, size_t columns);
