/* SPDX-License-Identifier: MIT
 *
 * Inside of check: a row of the table, and what a check that is more than a statement works with.
 */
#pragma once

#include "core/check/check.h"
#include "core/db/db.h"
#include "core/site/journal.h"

enum { ON_BOTH, ON_SQLITE, ON_POSTGRES };

struct checker {
    struct db *db;
    const struct check *check;
    const struct check_way *way;
    guint found;
    char *told; /* owned; NULL: nothing */
};

struct check {
    struct check_info info;
    unsigned engines;
    enum check_depth instead_from; /* a deeper check replaces this one from that depth on; CHECK_FAST: never */
    struct sql sql;      /* returns the rows that break it */
    const char *columns; /* their names, parted by blanks */
    gboolean takes_now;  /* $1 is the instant of the check, UTC ms */
    gboolean (*holds)(struct rows *rows); /* this row of the answer breaks nothing; NULL: all do */
    gboolean (*run)(struct checker *checker, GError **error); /* instead of sql */
};

const struct check *check_table_at(guint n); /* NULL past the end */

/* Counts a violation and reports it: printf, "table=shipment id=12". */
void checker_report(struct checker *checker, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What it found that breaks nothing, translated; the last one counts. */
void checker_tell(struct checker *checker, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* check_history.c */
gboolean change_is_allowed(struct rows *rows);
gboolean act_is_rightful(struct rows *rows);
gboolean check_chains(struct checker *checker, GError **error);
gboolean same_hash(struct rows *rows, int column, const unsigned char hash[static SITE_HASH_BYTES]);
/* check_seals.c */
gboolean check_seals(struct checker *checker, GError **error);
/* check_keys.c */
gboolean check_keys(struct checker *checker, GError **error);
/* check_outside.c */
gboolean check_outside(struct checker *checker, GError **error);
/* check_replay.c */
gboolean check_replay(struct checker *checker, GError **error);
/* check_schema.c */
gboolean check_schema(struct checker *checker, GError **error);
/* check_said.c */
gboolean check_said(struct checker *checker, GError **error);
/* check_numbers.c */
gboolean check_range_numbers(struct checker *checker, GError **error);
