/* SPDX-License-Identifier: MIT
 *
 * The journal: what happened, by whom, where, when; refused scans too. One hash chain and one dense sequence a writer,
 * so that no row is written by every event of every station. The head stands in the writer's own row and moves in the
 * same transaction. Rows carry ids, never personal data.
 *
 * hash = BLAKE2b-256(hash of the writer's row before || the row's fields, decimal or text, each ended by 0x1F || content): the
 * content is what the event changed and was asked, which stands in other rows and is sealed here, and the seals of what was said
 * (said.h), which stand in the row itself.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/db/db.h"
#include "core/site/actor.h"
#include "core/site/site.h"

struct journal_row {
    int64_t at, event_key;
    const char *event, *machine;
    int64_t subject_id; /* 0: none */
    const char *from_state, *to_state;
    int64_t shipment_id, version;
    struct actor actor;
    int code;
    const char *detail;
    const void *content; /* NULL: none */
    size_t content_length;
    const void *seals; /* NULL: none */
    size_t seals_length;
};

/* A transaction's part of the chain. Begin one at the start of the transaction's function (it may run again), append, and
 * commit it as the transaction's last write. */
struct journal {
    struct site *site;
    int64_t sequence;
    unsigned char head[SITE_HASH_BYTES], mac[SITE_HASH_BYTES];
};

void journal_begin(struct journal *journal, struct site *site);
gboolean journal_append(struct journal *journal, const struct journal_row *row, GError **error);

/* By which rules, and which couriers' files, events are judged now. A row "judges" of each chain says so before the first event
 * that is judged by others than the one before it. RULES is higher with every change of what an event of old would do now. */
enum { JOURNAL_RULES = 4 };
struct courier_list;
void journal_judges(const struct courier_list *couriers, char judges[static JOURNAL_JUDGES]);

/* Moves the head in the writer's row. The transaction fails with ERR_WRITER_LOST, at its commit at the latest, when the slot
 * is another's by now, a seal has replaced the key or the database has gone back: writer_recover() tells. */
gboolean journal_commit(struct journal *journal, GError **error);

/* Whether the row that the site's writer has last committed, and acknowledged, is in the journal still. It is gone when an
 * older copy of the database was put in place (or a standby that lags was promoted): ERR_DB_WENT_BACK, and the connection
 * is retired, for no fresh slot makes that good. */
gboolean journal_head_is_there(struct site *site, GError **error);

/* After the transaction is committed: the site's writer goes on from here. */
void journal_done(const struct journal *journal);

/* A stored hash: zeros when there is none. */
void journal_read_hash(struct rows *rows, int column, unsigned char hash[static SITE_HASH_BYTES]);

/* The hash of a row after the given one, for check. */
void journal_hash(const unsigned char before[static SITE_HASH_BYTES], int writer, int64_t sequence,
                  const struct journal_row *row, unsigned char hash[static SITE_HASH_BYTES]);
