/* SPDX-License-Identifier: MIT */
#include "core/db/db_postgres_link.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/error.h"
#include "core/base/translate.h"

enum { COPY_CHUNK = 64 * 1024 };

/* --- errors --------------------------------------------------------------------------------------------- */

static const struct {
    const char *state; /* SQLSTATE, or its first characters */
    enum err err;
} STATES[] = {
    {"40001", ERR_DB_SERIALIZE}, {"40P01", ERR_DB_SERIALIZE}, {"23", ERR_DB_CONSTRAINT}, {"0800", ERR_DB_LOST},
    {"57P", ERR_DB_LOST},        {"53100", ERR_DB_FULL},      {"58030", ERR_DB_FULL},    {"25006", ERR_DB_FULL},
    {"55P03", ERR_DB_BUSY},      {"57014", ERR_DB_BUSY},      {"2201E", ERR_DB_SERIALIZE},
    {"2201F", ERR_WRITER_LOST},  {"XX001", ERR_DB_DAMAGED},   {"XX002", ERR_DB_DAMAGED},
};

/* The primary message only: the detail quotes values of the row, and a name may be among them. */
char *link_message(const struct link *link, const PGresult *result)
{
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char *text = g_strdup(primary ? primary : PQerrorMessage(link->conn));
    g_strdelimit(g_strchomp(text), "\n\t", ' ');
    return text;
}

gboolean link_fail(const struct link *link, const PGresult *result, const char *what, GError **error)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    enum err code = PQstatus(link->conn) == CONNECTION_BAD ? ERR_DB_LOST : ERR_DB_SQL;
    for (size_t i = 0; state && i < G_N_ELEMENTS(STATES); i++)
        if (g_str_has_prefix(state, STATES[i].state))
            code = STATES[i].err;
    g_autofree char *text = link->silent ? g_strdup(_("the server does not answer")) : link_message(link, result);
    if (code == ERR_DB_SQL)
        err_set(error, code, what, text);
    else
        err_set(error, code, text);
    return FALSE;
}

/* --- waiting ------------------------------------------------------------------------------------------------- */

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

gboolean link_alive(struct link *link)
{
    struct pollfd fd = {.fd = PQsocket(link->conn), .events = POLLIN};
    while (PQstatus(link->conn) == CONNECTION_OK && poll(&fd, 1, 0) > 0)
        if (!PQconsumeInput(link->conn))
            return FALSE;
    return PQstatus(link->conn) == CONNECTION_OK;
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

gboolean link_sent(struct link *link, const char *name, struct link_answer *answer, char *prepared)
{
    g_assert(link->ahead < LINK_AHEAD_MAX);
    struct link_sent *sent = &link->sent[link->ahead++];
    *sent = (struct link_sent){.answer = answer, .prepared = prepared};
    g_strlcpy(sent->name, name, sizeof sent->name);
    if (answer)
        answer->due = TRUE;
    return TRUE;
}

void link_forget(struct link *link, const void *gone)
{
    for (struct link_sent *sent = link->sent; sent < link->sent + link->ahead; sent++) {
        if (sent->answer == gone)
            sent->answer = NULL;
        if (sent->prepared == gone)
            sent->prepared = NULL;
    }
}

void link_answer_clear(struct link_answer *answer)
{
    g_clear_pointer(&answer->result, PQclear);
    g_clear_error(&answer->failure);
    answer->due = FALSE;
}

/* What follows a failed statement was not run: it failed with it. */
static void deliver(const struct link_sent *sent, PGresult *result, const GError *failure)
{
    if (failure && sent->prepared)
        sent->prepared[0] = '\0';
    if (failure || !sent->answer)
        g_clear_pointer(&result, PQclear);
    if (sent->answer)
        *sent->answer = (struct link_answer){.result = result, .failure = failure ? g_error_copy(failure) : NULL};
}

void link_part(struct link *link)
{
    g_assert(link->ahead < LINK_AHEAD_MAX);
    PQpipelineSync(link->conn);
    link->sent[link->ahead++] = (struct link_sent){.is_end = TRUE};
    link_flush(link);
}

gboolean link_part_is_open(const struct link *link)
{
    return link->ahead > 0 && !link->sent[link->ahead - 1].is_end;
}

gboolean link_settle(struct link *link, GError **error)
{
    GError *failure = NULL;
    if (link->ahead == 0)
        return TRUE;
    PQpipelineSync(link->conn);
    link->round_trips++;
    for (unsigned i = 0; i < link->ahead; i++) {
        if (link->sent[i].is_end) {
            PQclear(link_result(link)); /* PGRES_PIPELINE_SYNC */
            g_clear_error(&failure);
            continue;
        }
        PGresult *result = link_next(link);
        if (!failure && !link_good(result))
            link_fail(link, result, link->sent[i].name, &failure);
        deliver(&link->sent[i], result, failure);
    }
    link->ahead = 0;
    PQclear(link_result(link)); /* PGRES_PIPELINE_SYNC */
    PQexitPipelineMode(link->conn);
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean link_send(struct link *link, const char *text, struct link_answer *answer)
{
    link_pipeline(link);
    return PQsendQueryParams(link->conn, text, 0, NULL, NULL, NULL, NULL, 0) && link_sent(link, text, answer, NULL);
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
