/* SPDX-License-Identifier: MIT
 *
 * A floor whose printer label-1 is a queue of a CUPS of its own, for tests: see tests/support/cups-lab. Nothing of it
 * outlives the test, however that ends.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/print/printer.h"
#include "tests/support/testdb.h"

struct cups_room {
    struct testdb *test;
    struct floor *floor;
    char *lab, *paper; /* the lab's directory; what came out of its printer */
    GPid worker;       /* to be ended with the room; 0: none */
};

/* Whether this machine and user can have one: root, cupsd and ippeveprinter. */
gboolean cups_lab_can_run(void);
/* "start", "cupsd" or "stop" in a directory; after "start" everything of CUPS in this process talks to it. */
void cups_lab(const char *action, const char *dir);

/* Adds a case on both engines, or says why CUPS can't be tested here. */
void cups_room_add(const char *path, testdb_case fn);
/* Skips the case on PostgreSQL: what only CUPS does is asked once. */
gboolean cups_room_once(const struct testdb *test);

void cups_room_open(struct cups_room *room, struct testdb *test);
void cups_room_close(struct cups_room *room);

/* Starts a worker that lives as long as the room. */
void cups_room_worker(struct cups_room *room);

/* The lab's printer behaves as its files say: "no-paper", "seconds"; text NULL removes one. */
void cups_room_set(const struct cups_room *room, const char *name, const char *text);
void cups_room_program(const char *const *argv);

void cups_room_kill_cupsd(const struct cups_room *room);
void cups_room_start_cupsd(const struct cups_room *room);

/* Released orders and a run over them. */
void cups_room_run(struct cups_room *room, int labels, int64_t per_submission);

/* Waits until the printer's row says so, and says how many milliseconds that took. text may be NULL: any. */
int cups_room_expect(struct cups_room *room, enum printer_health health, const char *text);
/* Waits until no label is on its way. */
void cups_room_finish(struct cups_room *room);

/* Every number is on paper under one name at most: what CUPS repeats by itself carries the same name, and what the worker
 * would send again another one. Returns how many numbers are on paper. */
int64_t cups_room_sent_once(struct cups_room *room);
