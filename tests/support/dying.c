/* SPDX-License-Identifier: MIT */
#include "tests/support/dying.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/act/act.h"
#include "core/db/rows.h"

static void be_killed(size_t done, size_t of, void *data)
{
    (void)of;
    if (done >= *(const size_t *)data)
        raise(SIGKILL);
}

static void hold_all(const char *url, size_t dies_after)
{
    static const struct sql ALL = {"test_all", "SELECT id FROM shipment ORDER BY id"};
    static const struct sql LEAD = {"test_lead", "SELECT id FROM person WHERE badge = 'lead'"};
    struct site *site = site_open(url, "import", NULL, NULL);
    struct event like = {.kind = EV_BLOCK, .block = BLOCK_HELD, .reason = "recall"};
    g_autoptr(GArray) ids = rows_ints(db_query(site->db, &ALL, DB_NO_ARGS, NULL), NULL);
    db_get_ints(site->db, &LEAD, DB_NO_ARGS, &like.actor.person_id, 1, NULL);
    GArray *events = flow_events(like, (const int64_t *)(const void *)ids->data, ids->len);
    const struct flow_way way = {.progress = be_killed, .data = &dies_after};
    if (flow_do_list(site, like.actor, events, &way, NULL, NULL))
        raise(SIGKILL);
}

void dying_main(int argc, char **argv)
{
    if (argc != 4 || strcmp(argv[1], "--die") != 0)
        return;
    hold_all(argv[2], (size_t)g_ascii_strtoull(argv[3], NULL, 10));
    exit(1);
}

void dying_holds(struct floor *floor, size_t dies_after)
{
    GError *error = NULL;
    int status = 0;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *after = g_strdup_printf("%zu", dies_after);
    const char *const argv[] = {self, "--die", floor->test->url, after, NULL};
    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    testdb_wait_alone(floor->site->db);
}
