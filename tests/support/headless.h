/* SPDX-License-Identifier: MIT
 *
 * A real packline station --headless as a child process, spoken to line by line.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "core/people/role.h"
#include "tests/support/floor.h"

struct headless;

/* The path of a program of the build the test belongs to. Caller frees. */
char *headless_program(const char *name);

/* Somebody who can log in there; with it the test has a key file of its own. */
void headless_hire(struct floor *floor, const char *badge, enum role role, const char *pin);

/* Starts it on a database; a failure ends the test. */
struct headless *headless_start(const char *url, const char *station);

/* The same under another program, whose words come first: {"strace", "-o", PATH, NULL}. */
struct headless *headless_start_under(const char *const *wrapper, const char *url, const char *station);

/* Sends one line and reads the one object that answers it; no answer within a minute ends the test. Caller
 * decrefs. */
json_t *headless_ask(struct headless *headless, const char *line);
/* The same, and the answer must have this outcome; when code is not NULL, this code too. */
void headless_expect(struct headless *headless, const char *line, const char *outcome, const char *code);
/* Sends without waiting for the answer. FALSE when the program is gone. */
gboolean headless_send(struct headless *headless, const char *line);
/* The next answer; NULL when the program is gone. */
json_t *headless_read(struct headless *headless);

/* Whether an answer, or the end of the program, is there within so long. */
gboolean headless_wait(struct headless *headless, int wait_ms);

int headless_pid(const struct headless *headless);
/* Ends its input and waits; returns its exit status. In two steps: headless_close(), headless_bury(). */
void headless_close(struct headless *headless);
int headless_end(struct headless *headless);
/* kill -9. Returns how many answers it had still given. */
int headless_kill(struct headless *headless);
/* The same in two steps: what it had still given is read in between, to its end. */
void headless_shoot(struct headless *headless);
int headless_bury(struct headless *headless); /* its status as wait() has it */
