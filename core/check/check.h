/* SPDX-License-Identifier: MIT
 *
 * core/check: whether all of it is true.
 *
 * The invariants of the floor, looked at read-only over one snapshot. Each check is a row of one table: its
 * number, how deep one must look for it, what it says, and a statement that returns the rows that break it.
 *
 *   1 engine  2 no negative stock  3 stock = ledger  4 moves have two ends, reasons, people  5 reserved =
 * open reservations 6 waybill numbers have one fate  7 a parcel leaves once  8 outbound means packed and
 * printed  9 one unflagged copy 10 history follows the tables  11 journal unbroken  12 imports add up
 *   13 acts by people with the right  14 work has one holder  15 what happened made what is
 *   16 what was said is what stands
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct db;

enum check_depth {
    CHECK_FAST,   /* what indexes answer: at every start */
    CHECK_NORMAL, /* everything but the engine's own slow look at every page */
    CHECK_FULL
};

struct check_info {
    int invariant;
    const char *name; /* "stock-ledger" */
    const char *text; /* N_(): what must hold */
    enum check_depth depth;
};

/* The n-th check, NULL past the end. */
const struct check_info *check_at(guint n);

/* Called for each violation: what is a line such as "product=12 location=7 difference=-3"; ids, never
 * personal data. At most CHECK_ROWS a check. */
enum { CHECK_ROWS = 20 };
typedef void (*check_report)(const struct check_info *info, const char *what, void *data);

/* Called after each check that was run, with the number of its violations, and what it found that breaks nothing, translated;
 * NULL: nothing. */
typedef void (*check_done)(const struct check_info *info, guint violations, const char *told, void *data);

struct check_way {
    enum check_depth depth;
    int64_t now_utc_ms;
    const char *journal_key; /* the file of the journal's first key; NULL: where the program has put it, if it is there still */
    const char *seals;       /* a file of what was sent to the second place (seal_outside.h); NULL: not compared */
    check_report report;     /* may be NULL, as done */
    check_done done;
    void *data;
};

/* *violations gets the sum. FALSE with *error when it could not be checked. */
gboolean check_run(struct db *db, const struct check_way *way, guint *violations, GError **error);

/* The same inside of a db_snapshot() of the caller's: at that moment. */
gboolean check_run_inside(struct db *db, const struct check_way *way, guint *violations, GError **error);

/* CHECK_FAST, counted: a few milliseconds, however many orders there are. */
gboolean check_quick(struct db *db, int64_t now_utc_ms, guint *violations, GError **error);
