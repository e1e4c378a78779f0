/* SPDX-License-Identifier: MIT
 *
 * A change that is no event of the floor's (a place, a person, a printer, a setting) and its journal row, in one
 * transaction: both are there, or neither.
 */
#pragma once

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/actor.h"
#include "core/site/said.h"

struct journal;
struct site;

/* The row. What the texts point to may be filled by the change itself; NULL is "". */
struct record {
    const char *event;
    int64_t subject_id; /* 0: none */
    const char *from_state, *to_state;
    const char *detail; /* names the change: no personal data, no secret */
    gboolean is_heard;  /* of a thing, not decided: no event was judged by it */
    gboolean is_of_said; /* only of what the change noted (said.h): no row when that is nothing, and facts stay */
    /* The row it writes, of the subject's id or of a name; what the change notes itself is sealed as well. */
    enum said said;
    const char *said_named;
};

/* The change. FALSE undoes it, with *error or without. It may run again and starts from its inputs each time. */
typedef gboolean (*record_write)(struct site *site, void *data, GError **error);

/* A lost writer slot (ERR_WRITER_LOST) is claimed anew, so that the next try goes well. */
gboolean site_record(struct site *site, const struct actor *by, const struct record *record, record_write write,
                     void *data, GError **error);

/* Inside a transaction that has a journal: the row that seals rows of new ids, and what was noted since, if there are any. */
gboolean record_said(struct journal *journal, const struct actor *by, const char *event, GByteArray *seals, GError **error);

/* Inside a transaction that changes what events are judged by, without a record: FACTS_OF (site.h) moves. */
gboolean record_facts_move(struct site *site, GError **error);

/* A change of plain statements, run in their order. */
struct record_statement {
    const struct sql *sql;
    const struct db_value *args; /* with count: DB_ARGS() */
    size_t count;
    enum err none;    /* the refusal when it changes no row; ERR_NONE: it may */
    const char *name; /* {1} of the refusal */
    int64_t *changed; /* gets the number of rows; NULL: nobody asks */
};
gboolean site_record_statements(struct site *site, const struct actor *by, const struct record *record,
                                const struct record_statement *statements, size_t n, GError **error);
