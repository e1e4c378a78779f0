/* SPDX-License-Identifier: MIT
 *
 * Events are judged again: a program whose rules are otherwise stores what it decides with rows, digests and chains that all
 * agree, and check --full must name what today's rules say of it; unless its chain says that it has other rules.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/begin.h"
#include "core/site/journal.h"
#include "tests/support/otherwise.h"

/* How much is judged again; every line of what is said must have the word, and there must be one. NULL: nothing is. */
static struct seen_judged judged(struct floor *floor, const char *word)
{
    struct seen seen = seen_look(floor, "replay");
    g_auto(GStrv) lines = g_strsplit(seen.said->str, "\n", -1);
    if (!word)
        g_assert_cmpstr(seen.said->str, ==, "");
    for (guint i = 0; word && (i == 0 || lines[i][0]); i++)
        if (!strstr(lines[i], word))
            g_error("\"%s\" has no \"%s\"", lines[i], word);
    g_test_message("%s -- %s", seen.said->str, seen.told);
    struct seen_judged counts = seen_judged(&seen);
    seen_clear(&seen);
    return counts;
}

/* --- a floor ------------------------------------------------------------------------------------------------ */

static struct floor *floor_with_goods(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), tea = floor_product_with_lots(floor, "TEA", NULL);
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 90);
    floor_receive(floor, tea, floor_lot(floor, tea, "L1", 0), floor_bin(floor, "A-01-2", 2), 90);
    return floor;
}

static int64_t line_of(struct floor *floor, int64_t shipment_id)
{
    return floor_int(floor, "SELECT MIN(id) FROM shipment_line WHERE shipment_id = $1", shipment_id);
}

/* Its goods are picked, none is packed. */
static struct event pack_of_picked(struct floor *floor, const char *number)
{
    int64_t id = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, id), floor_pick_all(floor, id);
    return (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = id, .line_id = line_of(floor, id),
                          .quantity = 1};
}

static void work(struct floor *floor)
{
    floor_send(floor, floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2}, {"TEA", 1})));
    struct event pack = pack_of_picked(floor, "2");
    floor_do(floor, pack);
    pack.kind = EV_UNPACK;
    floor_do(floor, pack);
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = pack.shipment_id,
                                   .block = BLOCK_HELD, .reason = "wait for the buyer"});
    floor_do(floor, (struct event){.kind = EV_UNBLOCK, .actor = floor->lead, .shipment_id = pack.shipment_id,
                                   .block = BLOCK_HELD});
    floor_pack_all(floor, pack.shipment_id);
    floor_do(floor, (struct event){.kind = EV_REOPEN, .actor = floor->packer, .shipment_id = pack.shipment_id});
}

/* --- the tests ---------------------------------------------------------------------------------------------- */

/* What is lawful is silent, and each change counts once. */
static void lawful(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    work(floor);
    struct seen_judged counts = judged(floor, NULL);
    g_assert_cmpint(counts.wholly + counts.by_state + counts.folded, ==,
                    floor_int(floor, "SELECT COUNT(*) FROM difference", 0));
    g_assert_cmpint(counts.by_state, ==, 0);
    g_assert_cmpint(counts.folded, ==, 2); /* goods came */
    floor_close(floor);
}

/* Whether a job's run was cancelled is not stored with it: sent to another printer it leaves the run, and that is no fault. */
static void a_retry_of_a_run(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    int64_t id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, id), floor_pick_all(floor, id);
    int64_t run = floor_do(floor, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct",
                                                 .quantity = 50, .printer_id = floor->printer_id}).subject_id;
    floor_do(floor, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = id, .run_id = run});
    floor_do(floor, (struct event){.kind = EV_RUN_CANCEL, .actor = floor->lead, .run_id = run});
    floor_do(floor, (struct event){.kind = EV_JOB_RETRY, .actor = floor->lead, .run_id = run, .printer_id = floor->printer_id,
                                   .job_id = floor_int(floor, "SELECT MIN(id) FROM job", 0)});
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE run_id IS NULL", 0), ==, 1);
    judged(floor, NULL);
    floor_close(floor);
}

/* No service is none to be changed, an empty one is none any more: what the shop said tells which. */
static void none_and_empty(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event none = {.kind = EV_CHANGE, .actor = floor->lead, .service = "express",
                         .shipment_id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}))};
    floor_do(floor, none);
    none.service = NULL;
    struct event empty = none;
    empty.service = "";
    floor_do(floor, none);
    judged(floor, NULL);
    otherwise_do(floor, &(struct otherwise){.judged = none, .asked = empty});
    judged(floor, "kind=change");
    judged(floor, "by the rules table=shipment");
    judged(floor, "service differs");
    floor_do(floor, empty);
    floor_close(floor);
}

/* What a shipment holds is not known whose history began when it held it: what looks at that is judged by its state. */
static void begins_in_the_middle(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    GError *error = NULL;
    int64_t id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, id), floor_pick_all(floor, id);
    floor_forget(floor, "DELETE FROM difference; DELETE FROM counter WHERE name = 'history'");
    floor->site->history_begun = FALSE;
    history_begin(floor->site, &error);
    g_assert_no_error(error);
    floor_pack_all(floor, id);
    struct seen_judged counts = judged(floor, NULL);
    g_assert_cmpint(counts.wholly, ==, 1); /* the last piece was packed; */
    g_assert_cmpint(counts.by_state, ==, 1); /* the box was closed */
    floor_close(floor);
}

static void two_for_one(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event one = pack_of_picked(floor, "1"), two = one;
    two.quantity = 2;
    judged(floor, NULL);
    otherwise_do(floor, &(struct otherwise){.judged = two, .asked = one});
    judged(floor, "kind=pack");
    judged(floor, "by the rules table=");
    struct seen replay = seen_look(floor, "replay"), chain = seen_look(floor, "journal-chain");
    g_assert_nonnull(strstr(replay.said->str, "packed=2 should=1"));
    g_assert_cmpstr(chain.said->str, ==, "");
    seen_clear(&replay), seen_clear(&chain);
    floor_close(floor);
}

static void more_than_there_is(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event one = pack_of_picked(floor, "1"), many = one;
    many.quantity = 9;
    otherwise_do(floor, &(struct otherwise){.judged = one, .asked = many});
    judged(floor, "kind=pack");
    judged(floor, "is refused by the rules: PL-");
    floor_close(floor);
}

static void state_skipped(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    int64_t id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    const struct event release = {.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = id};
    otherwise_do(floor, &(struct otherwise){.judged = release, .asked = release, .to = ST_OUTBOUND});
    judged(floor, "kind=release");
    g_assert_cmpint(judged(floor, "state=outbound should=ready").by_state, ==, 0);
    floor_forget(floor, "UPDATE recipient SET name = '', address = '', erased_at = 1"); /* whether the courier takes it, is not known */
    g_assert_cmpint(judged(floor, "leads from state=new to state=outbound").by_state, ==, 1);
    floor_close(floor);
}

static void block_passed(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    const struct event pack = pack_of_picked(floor, "1");
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = pack.shipment_id,
                                   .block = BLOCK_HELD, .reason = "wait for the buyer"});
    otherwise_do(floor, &(struct otherwise){.judged = pack, .asked = pack, .blind = TRUE});
    judged(floor, "kind=pack");
    judged(floor, "was stopped by block=held");
    floor_close(floor);
}

static void not_in_the_table(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event pack = pack_of_picked(floor, "1"), reopen = pack;
    reopen.kind = EV_REOPEN;
    otherwise_do(floor, &(struct otherwise){.judged = pack, .asked = reopen});
    judged(floor, "kind=reopen");
    judged(floor, "is not allowed at state=picked");
    floor_close(floor);
}

/* --- other rules ------------------------------------------------------------------------------------------ */

static gboolean say_others(struct db *db, void *data, GError **error)
{
    struct journal *journal = data;
    struct site *site = journal->site;
    (void)db;
    journal_begin(journal, site);
    const struct journal_row row = {.at = site_now(site), .event_key = site_id(site), .event = "judges", .machine = "",
                                    .from_state = "", .to_state = "", .actor = {.person_id = site->system_person_id},
                                    .detail = "rules=0 couriers=none"};
    return journal_append(journal, &row, error) && journal_commit(journal, error);
}

/* A chain says once by what its events are judged; those after a word of others are folded and counted, not judged. */
static void other_rules(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event one = pack_of_picked(floor, "1"), two = one;
    struct journal journal = {.site = floor->site};
    char judges[JOURNAL_JUDGES];
    GError *error = NULL;
    two.quantity = 2;
    journal_judges(floor->site->couriers, judges);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'judges'", 0), ==, 1);
    g_autofree char *said = floor_text(floor, "SELECT detail FROM journal WHERE event = 'judges' AND writer >= $1", 0);
    g_assert_cmpstr(said, ==, judges);
    struct seen before = seen_look(floor, "journal-chain");
    g_assert_null(before.told);
    const struct seen_judged first = judged(floor, NULL);
    db_transaction(floor->site->db, say_others, &journal, &error);
    g_assert_no_error(error);
    journal_done(&journal);
    otherwise_do(floor, &(struct otherwise){.judged = two, .asked = one});
    const struct seen_judged then = judged(floor, NULL);
    g_assert_cmpint(then.folded, ==, first.folded + 1);
    g_assert_cmpint(then.wholly, ==, first.wholly);
    struct seen after = seen_look(floor, "journal-chain");
    g_assert_cmpstr(after.said->str, ==, "");
    g_assert_cmpstr(after.told, ==, "1 events were judged by other rules or other couriers' files than this program's");
    seen_clear(&before), seen_clear(&after);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/judged/lawful", lawful);
    testdb_add("/judged/a-retry-of-a-run", a_retry_of_a_run);
    testdb_add("/judged/none-and-empty", none_and_empty);
    testdb_add("/judged/begins-in-the-middle", begins_in_the_middle);
    testdb_add("/judged/two-for-one", two_for_one);
    testdb_add("/judged/more-than-there-is", more_than_there_is);
    testdb_add("/judged/state-skipped", state_skipped);
    testdb_add("/judged/block-passed", block_passed);
    testdb_add("/judged/not-in-the-table", not_in_the_table);
    testdb_add("/judged/other-rules", other_rules);
    return g_test_run();
}
