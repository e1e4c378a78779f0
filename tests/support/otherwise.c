/* SPDX-License-Identifier: MIT */
#include "tests/support/otherwise.h"

#include <stdio.h>
#include <string.h>

#include "core/apply/act.h"
#include "core/apply/apply.h"
#include "core/apply/hold.h"
#include "core/apply/load.h"
#include "core/check/check_table.h"

/* --- doing ------------------------------------------------------------------------------------------------ */

struct doing {
    const struct otherwise *otherwise;
    struct event judged, asked;
    struct site *site;
    struct act act;
};

static gboolean judge(struct doing *doing, struct decision *d, GError **error)
{
    *d = act_decision(&doing->act, &doing->judged);
    while (!act_judge(&doing->act, d, error)) {
        unsigned missing = d->missing;
        if (!missing)
            return FALSE;
        g_clear_error(error);
        *d = act_decision(&doing->act, &doing->judged);
        if (!dossier_load(doing->act.dossier, doing->site, &doing->judged, 1, missing, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean do_work(struct db *db, void *data, GError **error)
{
    struct doing *doing = data;
    const struct otherwise *otherwise = doing->otherwise;
    const struct event *ev = &doing->judged;
    struct outcome outcome;
    struct decision d;
    act_begin(&doing->act, dossier_new());
    if (!flow_hold(db, ev, 1, error) ||
        !dossier_load(doing->act.dossier, doing->site, ev, 1, flow_needs(ev->kind), error))
        return FALSE;
    if (otherwise->blind)
        rows_drop(doing->act.dossier, TABLE_BLOCK, ev->shipment_id);
    if (otherwise->before)
        otherwise->before(doing->act.dossier, ev);
    if (!judge(doing, &d, error))
        return FALSE;
    d.ev = &doing->asked;
    if (otherwise->to) {
        shipment_edit(d.dossier, d.ship)->state = otherwise->to;
        d.to = otherwise->to;
    }
    if (otherwise->after)
        otherwise->after(&d);
    return act_settle(&doing->act, &d, NULL, &outcome, error) && act_store(&doing->act, error);
}

int64_t otherwise_do(struct floor *floor, const struct otherwise *otherwise)
{
    struct doing doing = {.otherwise = otherwise, .judged = otherwise->judged, .asked = otherwise->asked, .site = floor->site,
                          .act = {.site = floor->site, .house = house_of(floor->site)}};
    GError *error = NULL;
    doing.judged.key = doing.asked.key = flow_key(floor->site);
    db_transaction(floor->site->db, do_work, &doing, &error);
    g_assert_no_error(error);
    act_done(&doing.act);
    act_clear(&doing.act);
    floor->tampered = TRUE;
    return doing.judged.key;
}

/* --- looking ---------------------------------------------------------------------------------------------- */

struct looking {
    const char *name;
    struct checker checker;
    struct seen seen;
    struct check_way way;
};

/* However much there is. */
static void note(const struct check_info *info, const char *what, void *data)
{
    struct looking *looking = data;
    (void)info;
    looking->checker.found = 0;
    g_string_append_printf(looking->seen.said, "%s\n", what);
}

static gboolean look_work(struct db *db, void *data, GError **error)
{
    struct looking *looking = data;
    guint i = 0;
    while (strcmp(check_table_at(i)->info.name, looking->name) != 0)
        i++;
    looking->checker = (struct checker){.db = db, .check = check_table_at(i), .way = &looking->way};
    gboolean looked = looking->checker.check->run(&looking->checker, error);
    looking->seen.told = looking->checker.told;
    return looked;
}

struct seen seen_look(struct floor *floor, const char *check)
{
    struct looking looking = {.name = check, .seen = {.said = g_string_new(NULL)}};
    looking.way = (struct check_way){.report = note, .data = &looking};
    GError *error = NULL;
    gboolean looked = db_snapshot(floor->site->db, look_work, &looking, &error);
    g_assert_no_error(error);
    g_assert_true(looked);
    return looking.seen;
}

void seen_clear(struct seen *seen)
{
    g_string_free(seen->said, TRUE);
    g_free(seen->told);
}

struct seen_judged seen_judged(const struct seen *seen)
{
    struct seen_judged judged = {0};
    int read = sscanf(seen->told, "judged again: %u changes wholly, %u by their states; %u were folded only", &judged.wholly,
                      &judged.by_state, &judged.folded);
    g_assert_cmpint(read, ==, 3);
    return judged;
}
