/* SPDX-License-Identifier: MIT
 *
 * A seat at a station: the real packline on a pseudo-terminal, on the database of a floor, and what a person does there.
 * Every wait that comes to nothing ends the test with the screen as it was.
 */
#pragma once

#include "tests/support/floor.h"
#include "tests/support/pty.h"

#define SEAT_BADGE "4001"
#define SEAT_PIN "482915"
#define SEAT_CODE "4710000000017"       /* of the product in bin SEAT_BIN */
#define SEAT_OTHER_CODE "4710000000024" /* of a product that no order wants */
#define SEAT_BIN "A-01-1"
#define SEAT_ORDER "SP-1042"

/* A floor with a lead, two products, one bin, and one released order of so many units. The order's shipment in *shipment. */
struct floor *seat_floor(struct testdb *test, int units, int64_t *shipment);

/* The lead of that floor alone, on a floor of another kind. */
void seat_lead(struct floor *floor);

struct seat_how {
    int rows, cols;                  /* 0: 24 x 80 */
    const char *station;             /* NULL: bench-1 */
    const char *const *environment;  /* NAME=value rows over the usual ones; may be NULL */
    const char *language;            /* --lang; NULL: English */
};
struct pty *seat_start(const struct testdb *test, const struct seat_how *how);

/* At the log-in screen: badge and PIN, as from a scanner; waits for the welcome. */
void seat_log_in(struct pty *pty);

/* A started and logged-in seat of 24 x 80 with that station's name. */
struct pty *seat_open(const struct testdb *test, const char *station);

/* The order is picked, and open at packing on bench-1 with nothing scanned yet. */
struct pty *seat_at_order(const struct testdb *test, struct floor *floor, int64_t shipment);

/* A code with its CR in one write, as a scanner sends it. */
void seat_scan(struct pty *pty, const char *code);
/* The card of a command, as printed on the bench card: "PACK", "UNDO", "4". */
void seat_card(struct pty *pty, const char *name);
/* A line of four characters or more, nowhere on the screen yet, as a person types it: its beginning stands in the field
 * before the rest and Enter come, so that it is no scan, however slowly the program reads. */
void seat_types(struct pty *pty, const char *line);

/* The text comes to be (or not to be any more) on the screen. */
void seat_sees(struct pty *pty, const char *text);
void seat_sees_gone(struct pty *pty, const char *text);
/* It is on the screen now. */
gboolean seat_shows(struct pty *pty, const char *text);

/* Nothing has come for so long that a person may have seen it: a red bar takes nothing for meant before. */
void seat_lets_settle(struct pty *pty);

/* The bell has rung so often since the program began, or since it was last heard. */
void seat_hears(struct pty *pty, size_t times);
/* What is in flight comes, and it rings no more. */
void seat_hears_no_more(struct pty *pty);

/* The bytes of what it does next: waits for the first, and until no more come. */
size_t seat_writes(struct pty *pty);

/* Waits until the statement of floor_int() gives the value. */
void seat_comes_true(struct floor *floor, const char *sql, int64_t arg, int64_t value);

/* Leaves by SIGTERM, which must end the program by itself and without an error, and frees. */
void seat_close(struct pty *pty);
