/* SPDX-License-Identifier: MIT
 *
 * Events are judged again: a program whose rules are otherwise stores what it decides with rows, digests and chains that all
 * agree, and check --full must name what today's rules say of it; unless its chain says that it has other rules.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "core/apply/act.h"
#include "core/apply/apply.h"
#include "core/apply/hold.h"
#include "core/apply/load.h"
#include "core/check/check_table.h"
#include "tests/support/floor.h"

/* --- looking ---------------------------------------------------------------------------------------------- */

struct seen {
    const char *check;
    GString *said;
    char *told;
};

static void note(const struct check_info *info, const char *what, void *data)
{
    (void)info;
    g_string_append_printf(data, "%s\n", what);
}

static gboolean look_work(struct db *db, void *data, GError **error)
{
    struct seen *seen = data;
    for (guint i = 0; check_table_at(i); i++) {
        struct checker checker = {.db = db, .check = check_table_at(i), .report = note, .data = seen->said};
        if (strcmp(checker.check->info.name, seen->check) != 0)
            continue;
        gboolean looked = checker.check->run(&checker, error);
        seen->told = checker.told;
        return looked;
    }
    g_assert_not_reached();
}

static struct seen look(struct floor *floor, const char *check)
{
    struct seen seen = {.check = check, .said = g_string_new(NULL)};
    GError *error = NULL;
    gboolean looked = db_snapshot(floor->site->db, look_work, &seen, &error);
    g_assert_no_error(error);
    g_assert_true(looked);
    return seen;
}

static void seen_clear(struct seen *seen)
{
    g_string_free(seen->said, TRUE);
    g_free(seen->told);
}

struct counts {
    guint wholly, by_state, folded;
};

/* How much is judged again; every line of what is said must have the word, and there must be one. NULL: nothing is. */
static struct counts judged(struct floor *floor, const char *word)
{
    struct seen seen = look(floor, "replay");
    struct counts counts = {0};
    g_auto(GStrv) lines = g_strsplit(seen.said->str, "\n", -1);
    if (!word)
        g_assert_cmpstr(seen.said->str, ==, "");
    for (guint i = 0; word && (i == 0 || lines[i][0]); i++)
        if (!strstr(lines[i], word))
            g_error("\"%s\" has no \"%s\"", lines[i], word);
    g_test_message("%s -- %s", seen.said->str, seen.told);
    int read = sscanf(seen.told, "judged again: %u changes wholly, %u by their states; %u were folded only", &counts.wholly,
                      &counts.by_state, &counts.folded);
    g_assert_cmpint(read, ==, 3);
    seen_clear(&seen);
    return counts;
}

/* --- a program whose rules are otherwise ------------------------------------------------------------------ */

struct otherwise {
    struct site *site;
    struct event judged, asked; /* what came of the one is stored as that of the other */
    enum state to;              /* where its shipment is then; ST_NONE: as it was judged */
    gboolean blind;             /* to blocks */
    struct act act;
};

static gboolean store_otherwise(struct db *db, void *data, GError **error)
{
    struct otherwise *other = data;
    const struct event *ev = &other->judged;
    struct act *act = &other->act;
    struct outcome outcome;
    act_begin(act, dossier_new());
    if (!flow_hold(db, ev, 1, error) || !dossier_load(act->dossier, other->site, ev, 1, flow_needs(ev->kind), error))
        return FALSE;
    if (other->blind)
        rows_drop(act->dossier, TABLE_BLOCK, ev->shipment_id);
    struct decision d = act_decision(act, ev);
    if (!act_judge(act, &d, error))
        return FALSE;
    d.ev = &other->asked;
    if (other->to) {
        shipment_edit(d.dossier, d.ship)->state = other->to;
        d.to = other->to;
    }
    return act_settle(act, &d, NULL, &outcome, error) && act_store(act, error);
}

static void plant(struct floor *floor, struct otherwise other)
{
    GError *error = NULL;
    other.site = floor->site;
    other.act = (struct act){.site = floor->site, .house = house_of(floor->site)};
    other.judged.key = other.asked.key = flow_key(floor->site);
    db_transaction(floor->site->db, store_otherwise, &other, &error);
    g_assert_no_error(error);
    act_done(&other.act);
    act_clear(&other.act);
    floor->tampered = TRUE;
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
    struct counts counts = judged(floor, NULL);
    g_assert_cmpint(counts.wholly + counts.by_state + counts.folded, ==,
                    floor_int(floor, "SELECT COUNT(*) FROM difference", 0));
    g_assert_cmpint(counts.wholly, ==,
                    floor_int(floor, "SELECT COUNT(*) FROM event WHERE outcome = 'done' AND kind IN ('pack', 'unpack', "
                                     "'block', 'unblock', 'reopen', 'job-sent', 'job-printed')", 0) -
                        1); /* of a product with lots */
    g_assert_cmpint(counts.by_state, >, 0);
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

static void two_for_one(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event one = pack_of_picked(floor, "1"), two = one;
    two.quantity = 2;
    judged(floor, NULL);
    plant(floor, (struct otherwise){.judged = two, .asked = one});
    judged(floor, "kind=pack");
    judged(floor, "by the rules table=");
    struct seen replay = look(floor, "replay"), chain = look(floor, "journal-chain");
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
    plant(floor, (struct otherwise){.judged = one, .asked = many});
    judged(floor, "kind=pack");
    judged(floor, "is refused by the rules: PL-");
    floor_close(floor);
}

static void state_skipped(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    int64_t id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    const struct event release = {.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = id};
    plant(floor, (struct otherwise){.judged = release, .asked = release, .to = ST_OUTBOUND});
    judged(floor, "kind=release");
    judged(floor, "leads from state=new to state=outbound");
    floor_close(floor);
}

static void block_passed(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    const struct event pack = pack_of_picked(floor, "1");
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = pack.shipment_id,
                                   .block = BLOCK_HELD, .reason = "wait for the buyer"});
    plant(floor, (struct otherwise){.judged = pack, .asked = pack, .blind = TRUE});
    judged(floor, "kind=pack");
    judged(floor, "was stopped by block=held");
    floor_close(floor);
}

static void not_in_the_table(struct testdb *test)
{
    struct floor *floor = floor_with_goods(test);
    struct event pack = pack_of_picked(floor, "1"), reopen = pack;
    reopen.kind = EV_REOPEN;
    plant(floor, (struct otherwise){.judged = pack, .asked = reopen});
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
    struct seen before = look(floor, "journal-chain");
    g_assert_null(before.told);
    const struct counts first = judged(floor, NULL);
    db_transaction(floor->site->db, say_others, &journal, &error);
    g_assert_no_error(error);
    journal_done(&journal);
    plant(floor, (struct otherwise){.judged = two, .asked = one});
    const struct counts then = judged(floor, NULL);
    g_assert_cmpint(then.folded, ==, first.folded + 1);
    g_assert_cmpint(then.wholly, ==, first.wholly);
    struct seen after = look(floor, "journal-chain");
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
    testdb_add("/judged/two-for-one", two_for_one);
    testdb_add("/judged/more-than-there-is", more_than_there_is);
    testdb_add("/judged/state-skipped", state_skipped);
    testdb_add("/judged/block-passed", block_passed);
    testdb_add("/judged/not-in-the-table", not_in_the_table);
    testdb_add("/judged/other-rules", other_rules);
    return g_test_run();
}
