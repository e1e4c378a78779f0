/* SPDX-License-Identifier: MIT
 *
 * kill -9 of four stations at random instants, on both engines: each goes on where it was, and every scan that was
 * acknowledged is there. The control counts scans as acknowledged when they were given, as a station would that answers
 * before it commits.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/faults.h"
#include "tests/support/packing.h"

enum { STATIONS = 4, BURST = 12, KILLS = 400, KILLS_EACH = 200, SEED = 7 };

struct kills {
    GRand *random;
    int64_t kills, lost, stuck, acked, given_lost;
};

/* All work at once, and die together a moment after one of them has had some answers. */
static void cycle(struct kills *kills, const char *url, struct packing *all)
{
    for (int i = 0; i < STATIONS; i++)
        packing_start(&all[i], url, NULL);
    for (int i = 0; i < STATIONS; i++)
        kills->stuck += !packing_is_open(&all[i]);
    for (int n = 0; n < STATIONS * BURST; n++)
        packing_give(&all[n % STATIONS]);
    struct packing *heard = &all[g_rand_int_range(kills->random, 0, STATIONS)];
    for (int until = g_rand_int_range(kills->random, 0, BURST); until > 0; until--)
        kills->stuck += packing_hear(heard) != PACKING_OK;
    for (volatile int spin = g_rand_int_range(kills->random, 0, 2000000); spin > 0;)
        spin = spin - 1;
    for (int i = 0, first = g_rand_int_range(kills->random, 0, STATIONS); i < STATIONS; i++, kills->kills++)
        kills->stuck += !packing_kill(&all[(first + i) % STATIONS]);
}

/* A floor of its own now and then: what is there grows, and is looked at as a whole when it is closed. */
static void some(struct kills *kills, enum db_engine engine, int64_t tries)
{
    struct testdb *test = testdb_new(engine);
    struct floor *floor = floor_open(test, "setup");
    struct packing all[STATIONS];
    packing_prepare(floor, all, STATIONS);
    for (int64_t until = kills->kills + tries; kills->kills < until;)
        cycle(kills, test->url, all);
    testdb_wait_alone(floor->site->db);
    for (int i = 0; i < STATIONS; i++) {
        kills->lost += packing_missing(floor, all[i].acked);
        kills->given_lost += packing_missing(floor, all[i].given);
        kills->acked += all[i].acked->len;
        packing_free(&all[i]);
    }
    floor_say(floor);
    floor_close(floor);
    testdb_free(test);
}

static void campaign(enum db_engine engine, const char *name)
{
    struct kills kills = {.random = g_rand_new_with_seed(SEED)};
    int64_t tries = faults_tries(KILLS);
    while (kills.kills < tries)
        some(&kills, engine, MIN(KILLS_EACH, tries - kills.kills));
    g_autofree char *fault = g_strdup_printf("kill -9 of a station that packs, %s (%" G_GINT64_FORMAT " scans acknowledged)", name,
                                             kills.acked);
    g_autofree char *control = g_strdup_printf("counted when given, not when answered: %" G_GINT64_FORMAT " lost",
                                               kills.given_lost);
    faults_report(fault, kills.kills, kills.lost, kills.stuck, kills.given_lost > 0 ? control : NULL);
    g_rand_free(kills.random);
}

int main(void)
{
    const char *server = g_getenv("PACKLINE_TEST_PG");
    campaign(DB_SQLITE, "SQLite");
    if (server && server[0])
        campaign(DB_POSTGRES, "PostgreSQL");
    else
        faults_skip("kill -9 of a station that packs, PostgreSQL", "no PostgreSQL");
    return faults_end();
}
