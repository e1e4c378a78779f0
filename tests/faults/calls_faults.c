/* SPDX-License-Identifier: MIT
 *
 * One system call of a station fails, or is its last: whichever, of the calls by which SQLite works on its files. The packer
 * gives the line again that was answered "error", at the same station while it lives, else at one that is started anew. In the
 * end every scan counts once. The control counts scans as acknowledged when they were given.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/faults.h"
#include "tests/support/packing.h"

enum { TRIES = 300, SCANS = 5, AGAIN = 8, PER_FLOOR = 60, SEED = 5 };

struct fault {
    const char *call, *what; /* as strace has them */
    gboolean lasts;          /* from then on, as a full disk does */
    gboolean stops;          /* the station may take it for the end of its work, in words, until it is started anew */
};

enum { ONCE = FALSE, ON = TRUE, GOES_ON = FALSE, STOPS = TRUE };
static const struct fault FAULTS[] = {
    {"pwrite64", "error=EIO", ONCE, GOES_ON},
    {"pwrite64", "error=ENOSPC", ONCE, GOES_ON},
    {"pwrite64", "error=ENOSPC", ON, STOPS},
    {"pwrite64", "error=EROFS", ON, STOPS},
    {"pwrite64", "signal=KILL", ONCE, GOES_ON},
    {"pread64", "error=EIO", ONCE, GOES_ON},
    {"fdatasync", "error=EIO", ONCE, GOES_ON},
    {"fdatasync", "error=EIO", ON, STOPS},
    {"fdatasync", "signal=KILL", ONCE, GOES_ON},
    {"fcntl", "error=ENOLCK", ONCE, GOES_ON},
    {"openat", "error=EMFILE", ONCE, GOES_ON},
    {"ftruncate", "error=EIO", ONCE, GOES_ON},
    {"statx", "error=EIO", ONCE, STOPS},
    {"unlink", "error=EIO", ONCE, GOES_ON},
    {"mmap", "error=ENOMEM", ONCE, GOES_ON},
};

struct calls {
    GRand *random;
    struct testdb *test;
    struct packing packing;
    GHashTable *counts; /* call -> how often a station does it */
    int64_t tries, lost, stuck, given_lost, acked;
};

/* --- strace ------------------------------------------------------------------------------------------------ */

static gboolean have_strace(void)
{
    g_autofree char *path = g_find_program_in_path("strace");
    int status = 1;
    const char *const argv[] = {"strace", "-o", "/dev/null", "true", NULL};
    return path && g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL) &&
           status == 0;
}

/* Opens, scans, ends; FALSE as soon as the station is gone or has given another answer than ok. */
static enum packing_said work(struct packing *packing, int times)
{
    enum packing_said heard = packing_insist_open(packing, times);
    for (int i = 0; i < SCANS && heard == PACKING_OK; i++)
        heard = packing_insist(packing, times);
    return heard;
}

/* How often a station that nothing happens to does each call. */
static void count_calls(struct calls *calls)
{
    g_autofree char *log = g_build_filename(calls->test->dir, "strace.log", NULL), *text = NULL;
    const char *const strace[] = {"strace", "-f", "-qq", "-o", log, NULL};
    packing_launch(&calls->packing, calls->test->url, strace);
    calls->stuck += work(&calls->packing, 0) != PACKING_OK;
    packing_end(&calls->packing);
    g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
        g_autofree char *call = g_strconcat(" ", FAULTS[i].call, "(", NULL);
        int count = 0;
        for (const char *at = text; (at = strstr(at, call)); at++)
            count++;
        g_hash_table_insert(calls->counts, (gpointer)(uintptr_t)FAULTS[i].call, GINT_TO_POINTER(count));
    }
}

/* --- one --------------------------------------------------------------------------------------------------- */

/* As whoever comes back to the bench: what was not acknowledged is given again, and one more. */
static gboolean goes_on(struct packing *packing, const char *url)
{
    packing_launch(packing, url, NULL);
    gboolean good = packing_insist_open(packing, 0) == PACKING_OK;
    for (guint i = packing->given->len > SCANS ? packing->given->len - SCANS : 0; good && i < packing->given->len; i++) {
        int64_t key = g_array_index(packing->given, int64_t, i);
        good = packing_has_acked(packing, key) || packing_insist_on(packing, key, 0) == PACKING_OK;
    }
    good = good && packing_insist(packing, 0) == PACKING_OK;
    packing_end(packing);
    return good;
}

static void try_one(struct calls *calls, const struct fault *fault, int when)
{
    struct packing *packing = &calls->packing;
    g_autofree char *inject = g_strdup_printf("inject=%s:%s:when=%d%s", fault->call, fault->what, when, fault->lasts ? "+" : "");
    const char *const strace[] = {"strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, NULL};
    packing_launch(packing, calls->test->url, strace);
    enum packing_said heard = work(packing, fault->stops ? 0 : AGAIN);
    gboolean went_on = heard == PACKING_OK || heard == PACKING_GONE || (fault->stops && heard == PACKING_ERROR);
    packing_end(packing);
    struct floor *floor = floor_open(calls->test, "between");
    calls->given_lost += packing_missing(floor, packing->given);
    floor->tampered = TRUE;
    floor_close(floor);
    if (!went_on || !goes_on(packing, calls->test->url)) {
        fprintf(stderr, "stuck after %s\n", inject);
        calls->stuck++;
    }
    calls->tries++;
}

/* Each scan once: neither lost nor counted twice. */
static void look(struct calls *calls)
{
    struct floor *floor = floor_open(calls->test, "after");
    int64_t packed = floor_packed(floor, floor_int(floor, "SELECT id FROM shipment", 0));
    calls->lost += packing_missing(floor, calls->packing.acked);
    calls->acked += calls->packing.acked->len;
    if (packed != calls->packing.given->len) {
        fprintf(stderr, "%" G_GINT64_FORMAT " units for %u scans\n", packed, calls->packing.given->len);
        calls->stuck++;
    }
    floor_say(floor);
    floor_close(floor);
    packing_free(&calls->packing);
    testdb_free(calls->test);
}

static void some(struct calls *calls, int64_t tries)
{
    calls->test = testdb_new(DB_SQLITE);
    struct floor *floor = floor_open(calls->test, "setup");
    packing_prepare(floor, &calls->packing, 1);
    floor_close(floor);
    if (g_hash_table_size(calls->counts) == 0)
        count_calls(calls);
    for (int64_t i = 0; i < tries; i++) {
        const struct fault *fault = &FAULTS[calls->tries % (int64_t)G_N_ELEMENTS(FAULTS)];
        int count = GPOINTER_TO_INT(g_hash_table_lookup(calls->counts, fault->call));
        try_one(calls, fault, g_rand_int_range(calls->random, 1, MAX(count, 1) + 1));
    }
    look(calls);
}

int main(void)
{
    static const char NAME[] = "a system call of a station fails or kills it, SQLite";
    if (!have_strace()) {
        faults_skip(NAME, "strace is not there, or may not trace");
        return faults_end();
    }
    struct calls calls = {.random = g_rand_new_with_seed(SEED), .counts = g_hash_table_new(g_str_hash, g_str_equal)};
    int64_t tries = faults_tries(TRIES);
    while (calls.tries < tries)
        some(&calls, MIN(PER_FLOOR, tries - calls.tries));
    g_autofree char *fault = g_strdup_printf("%s (%" G_GINT64_FORMAT " scans acknowledged)", NAME, calls.acked);
    g_autofree char *control = g_strdup_printf("counted when given, not when answered: %" G_GINT64_FORMAT " lost", calls.given_lost);
    faults_report(fault, calls.tries, calls.lost, calls.stuck, calls.given_lost > 0 ? control : NULL);
    g_hash_table_destroy(calls.counts);
    g_rand_free(calls.random);
    return faults_end();
}
