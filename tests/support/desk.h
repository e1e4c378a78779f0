/* SPDX-License-Identifier: MIT
 *
 * A station with a person at it, as a test moves it: scans and commands, each with the answer it must have. A desk is a
 * floor of its own on the test's database: a writer and a connection, so two desks are two stations.
 */
#pragma once

#include "core/code/code.h"
#include "core/people/role.h"
#include "core/station/station.h"
#include "tests/support/floor.h"

#define DESK_PIN "135790"

struct desk {
    struct floor *floor;
    struct station *station;
    struct answer last;
    char refusal[240]; /* what the last bar said */
    int64_t person_id;
    void (*heard)(const struct desk *desk, void *data); /* of each answer, when it is there; NULL: nobody */
    void *data;
};

/* Opens a station of that name and logs the badge in; the person is made when missing. */
struct desk *desk_open(struct testdb *test, const char *name, const char *badge, enum role role);
void desk_close(struct desk *desk);

/* What was answered; never fails but with the database, which ends the test. */
struct answer *desk_say(struct desk *desk, enum command command, const char *argument);
struct answer *desk_scan(struct desk *desk, const char *text);
/* The card of a command. */
struct answer *desk_card(struct desk *desk, enum card card);
/* With the event's key, as a gateway gives it. */
struct answer *desk_scan_keyed(struct desk *desk, const char *text, int64_t key);

/* Must be done, must be asked back, must be refused with the code (the bar is closed then). */
void desk_does(struct desk *desk, enum command command, const char *argument);
void desk_scans(struct desk *desk, const char *text);
void desk_asks(const struct desk *desk);
void desk_refuses(struct desk *desk, enum err code);
/* The same, and the bar is left standing. */
void desk_is_barred(struct desk *desk, enum err code);

/* The last answer says the word; it tells what is to come next. */
void desk_says(const struct desk *desk, const char *word);
void desk_expects(const struct desk *desk, const char *what);

/* Gets work and finishes it all as it is told to: bins, products, totes as they come ("X-" and the slot). */
void desk_picks_all(struct desk *desk);
