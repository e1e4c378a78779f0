/* SPDX-License-Identifier: MIT */
#include "core/db/db_postgres_link.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { COPY_CHUNK = 64 * 1024 };

gboolean link_open(struct link *link, const char *const *keywords, const char *const *values)
{
    link->silent = FALSE;
    link->ahead = 0;
    link->conn = PQconnectdbParams(keywords, values, 1); /* it has its own deadline, connect_timeout */
    return PQstatus(link->conn) == CONNECTION_OK && PQsetnonblocking(link->conn, 1) == 0;
}

void link_close(struct link *link)
{
    g_clear_pointer(&link->conn, PQfinish);
}

/* Until the server has something for us, or room for what we have. FALSE: it was silent too long. */
static gboolean wait_for(struct link *link, short events)
{
    struct pollfd fd = {.fd = PQsocket(link->conn), .events = events};
    int64_t deadline_us = g_get_monotonic_time() + (int64_t)link->patience_ms * 1000;
    int left_ms = link->patience_ms ? (int)link->patience_ms : -1, ready;
    while ((ready = poll(&fd, 1, left_ms)) < 0 && errno == EINTR)
        if (link->patience_ms)
            left_ms = (int)MAX(0, (deadline_us - g_get_monotonic_time()) / 1000);
    if (ready != 0)
        return TRUE;
    link->silent = TRUE;
    shutdown(fd.fd, SHUT_RDWR);
    PQconsumeInput(link->conn); /* libpq meets the end and gives the connection up */
    return FALSE;
}

gboolean link_flush(struct link *link)
{
    int left;
    while ((left = PQflush(link->conn)) > 0) {
        if (!wait_for(link, POLLIN | POLLOUT) || !PQconsumeInput(link->conn))
            return FALSE;
    }
    return left == 0;
}

PGresult *link_result(struct link *link)
{
    if (link_flush(link))
        while (PQisBusy(link->conn))
            if (!wait_for(link, POLLIN) || !PQconsumeInput(link->conn))
                break;
    return PQgetResult(link->conn); /* does not wait: there is a result, or no connection */
}

PGresult *link_next(struct link *link)
{
    PGresult *result = link_result(link);
    if (result)
        PQclear(link_result(link)); /* the NULL behind it */
    return result;
}

gboolean link_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

void link_pipeline(struct link *link)
{
    if (PQpipelineStatus(link->conn) == PQ_PIPELINE_OFF)
        PQenterPipelineMode(link->conn);
}

void link_sent(struct link *link, const char *name)
{
    g_assert(link->ahead < LINK_AHEAD_MAX);
    g_strlcpy(link->names[link->ahead++], name, LINK_NAME_MAX);
}

PGresult *link_settle(struct link *link, const char **what)
{
    PGresult *kept = NULL;
    PQpipelineSync(link->conn);
    link->round_trips++;
    for (unsigned i = 0; i < link->ahead; i++) {
        PGresult *result = link_next(link);
        if (kept && !link_good(kept)) {
            PQclear(result);
            continue;
        }
        PQclear(kept);
        kept = result;
        if (!link_good(result))
            *what = link->names[i];
    }
    link->ahead = 0;
    PQclear(link_result(link)); /* PGRES_PIPELINE_SYNC */
    PQexitPipelineMode(link->conn);
    return kept;
}

gboolean link_send(struct link *link, const char *text)
{
    link_pipeline(link);
    if (!PQsendQueryParams(link->conn, text, 0, NULL, NULL, NULL, NULL, 0))
        return FALSE;
    link_sent(link, text);
    return TRUE;
}

PGresult *link_exec(struct link *link, const char *text)
{
    PGresult *kept = NULL, *result;
    if (!PQsendQuery(link->conn, text))
        return NULL;
    link->round_trips++;
    while ((result = link_result(link))) {
        ExecStatusType status = PQresultStatus(result);
        if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
            PQclear(result);
            continue;
        }
        PQclear(kept);
        kept = result;
        if (status == PGRES_COPY_IN || PQstatus(link->conn) == CONNECTION_BAD)
            break;
    }
    return kept;
}

/* --- COPY ----------------------------------------------------------------------------------------------- */

static void append_text(GString *out, const char *text)
{
    static const char SPECIAL[] = "\\\b\f\n\r\t\v", LETTER[] = "\\bfnrtv";
    for (const char *p = text; *p; p++) {
        const char *special = strchr(SPECIAL, *p);
        if (special)
            g_string_append_c(out, '\\');
        g_string_append_c(out, special ? LETTER[special - SPECIAL] : *p);
    }
}

/* A loop of its own: printf() took a fifth of an import's time. */
static void append_number(GString *out, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

static void append_value(GString *out, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        g_string_append(out, "\\N");
        break;
    case DB_INT:
        append_number(out, value->number);
        break;
    case DB_TEXT:
        append_text(out, value->bytes);
        break;
    case DB_BLOB:
        g_string_append(out, "\\\\x");
        for (int64_t i = 0; i < value->number; i++)
            g_string_append_printf(out, "%02x", (unsigned)(unsigned char)value->bytes[i]);
        break;
    }
}

gboolean link_put_rows(struct link *link, const struct db_value *values, size_t rows, size_t columns)
{
    g_autoptr(GString) chunk = g_string_sized_new(COPY_CHUNK + 4096);
    gboolean sent = TRUE;
    for (size_t i = 0; i < rows && sent; i++) {
        for (size_t j = 0; j < columns; j++) {
            append_value(chunk, &values[i * columns + j]);
            g_string_append_c(chunk, j + 1 < columns ? '\t' : '\n');
        }
        if (chunk->len >= COPY_CHUNK || i + 1 == rows) {
            sent = PQputCopyData(link->conn, chunk->str, (int)chunk->len) == 1 && link_flush(link);
            g_string_truncate(chunk, 0);
        }
    }
    link->round_trips++; /* for what is answered to the end of them */
    return PQputCopyEnd(link->conn, NULL) == 1 && sent;
}
