/* SPDX-License-Identifier: MIT
 *
 * What a connection to PostgreSQL is opened with.
 */
#include <libpq-fe.h>
#include <string.h>

#include "core/base/error.h"
#include "core/db/db_postgres_link.h"
#include "core/db/engine.h"

gboolean postgres_url_check(const char *url, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(url, -1);
    gboolean secret = strstr(lower, "password=") != NULL;
    PQconninfoOption *options = secret ? NULL : PQconninfoParse(url, NULL);
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        secret = secret || (strstr(option->keyword, "password") && option->val && option->val[0]);
    if (secret)
        err_set(error, ERR_DB_URL_PASSWORD);
    else if (!options)
        err_set(error, ERR_DB_URL, url);
    PQconninfoFree(options);
    return options && !secret;
}

/* libpq would print notices to standard error, in the middle of the screen. */
static void ignore_notice(void *data, const char *message)
{
    (void)data, (void)message;
}

/* Rows locked by a station that hangs are free again after a minute; a lock is not waited for longer than a
 * person would; what is asked is short, and would be compiled for longer than it runs; it is found by the index, no slower
 * while a table has few rows, because its plan may be of a time when there were none; and an acknowledged event is on disk
 * whatever the server's default is. */
static const char SESSION[] = "SET standard_conforming_strings = on; SET lock_timeout = 8000; SET "
                              "idle_in_transaction_session_timeout = 60000; SET jit = off; SET enable_seqscan = off;"
                              "SELECT set_config('synchronous_commit', 'on', false) WHERE "
                              "current_setting('synchronous_commit') = 'off'";

/* What runs for a station that gave up is ended: where the server can tell, which not every one can. */
static const char ALONE[] = "SET client_connection_check_interval = 5000";

/* A host that has gone silent is dead after two minutes, and with it the session that proves its life. */
static const char DEAD_HOST[] = "SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 15; "
                                "SET tcp_keepalives_count = 4; SET tcp_user_timeout = 120000";

/* What stands before dbname the URL may override, what stands after it not. */
static gboolean open_url(struct link *link, const char *url)
{
    const char *const options[][2] = {
        {"connect_timeout", "5"},         {"tcp_user_timeout", "10000"}, {"keepalives_idle", "4"},
        {"keepalives_interval", "2"},     {"keepalives_count", "3"},     {"target_session_attrs", "read-write"},
        {"application_name", "packline"}, {"dbname", url},               {"client_encoding", "UTF8"},
    };
    const char *keywords[G_N_ELEMENTS(options) + 1] = {NULL}, *values[G_N_ELEMENTS(options) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        keywords[i] = options[i][0];
        values[i] = options[i][1];
    }
    return link_open(link, keywords, values);
}

gboolean link_connect(struct link *link, const char *url, GError **error)
{
    gboolean open = open_url(link, url);
    PQsetNoticeProcessor(link->conn, ignore_notice, NULL);
    if (!open) {
        g_autofree char *text = link_message(link, NULL);
        return err_set(error, ERR_DB_OPEN, text);
    }
    g_autoptr(PGresult) result = link_exec(link, SESSION);
    if (!link_good(result))
        return link_fail(link, result, SESSION, error);
    PQclear(link_exec(link, ALONE));
    PQclear(link_exec(link, DEAD_HOST));
    return TRUE;
}
