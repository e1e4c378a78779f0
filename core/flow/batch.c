/* SPDX-License-Identifier: MIT
 *
 * Batches: shipments picked together, and who picks them.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/flow/decision.h"
#include "core/people/role.h"

enum {
    BATCH_INSERT,
    BATCH_OF,
    BATCH_STAMP,
    BATCH_OWNER,
    NEXT_SLOT,
    JOIN,
    LEAVE,
    OWN,
    FOLLOW,
    LEFT_TO_PICK,
    MEMBERS,
    CUT_OFF
};

struct batch_facts {
    char number[32], courier[32], owner[256];
    enum state state;
    int64_t person_id; /* 0: nobody's */
};

#define FACTS(COLUMN, PARSED)                                                                                          \
    COLUMN("b.number, ", number)                                                                                       \
    COLUMN("b.courier, ", courier)                                                                                     \
    COLUMN("COALESCE(p.name, ''), ", owner)                                                                            \
    PARSED("b.state, ", state, flow_state_parse)                                                                       \
    COLUMN("COALESCE(b.person_id, 0)", person_id)

ROWS_READER(read_facts, struct batch_facts, FACTS)

static const struct sql SQL[] = {
    [BATCH_INSERT] = {"batch_insert",
                      "INSERT INTO batch (id, warehouse_id, owner_id, number, kind, state, courier, person_id, made_by, "
                      "made_at) VALUES ($1, $2, $3, $4, $5, 'ready', $6, $7, $8, $9)"},
    [BATCH_OF] = {"batch_of", "SELECT " COLUMNS_OF(FACTS) " FROM batch b LEFT JOIN person p ON p.id = b.person_id "
                              "WHERE b.id = $1"},
    [BATCH_STAMP] = {"batch_stamp", "UPDATE batch SET started_at = COALESCE(started_at, $2), done_at = $3 WHERE id = $1"},
    [BATCH_OWNER] = {"batch_owner", "UPDATE batch SET person_id = $2 WHERE id = $1"},
    [NEXT_SLOT] = {"batch_next_slot", "SELECT COALESCE(MAX(slot), 0) + 1 FROM shipment WHERE batch_id = $1"},
    [JOIN] = {"batch_join", "UPDATE shipment SET batch_id = $2, slot = $3, person_id = $4 WHERE id = $1"},
    [LEAVE] = {"batch_leave", "UPDATE shipment SET batch_id = NULL, slot = 0, person_id = NULL WHERE id = $1"},
    [OWN] = {"shipment_own", "UPDATE shipment SET person_id = $2 WHERE id = $1"},
    [FOLLOW] = {"batch_follow",
                "UPDATE shipment SET person_id = $2, version = version + 1, changed_at = $3 WHERE id = $1 AND version = $4"},
    [LEFT_TO_PICK] = {"batch_left_to_pick",
                      "SELECT COUNT(*) FILTER (WHERE s.id <> $2), COUNT(*) FILTER (WHERE s.id = $2) FROM shipment s "
                      "WHERE s.batch_id = $1 AND s.state IN ('batched', 'picking') AND "
                      "EXISTS (SELECT 1 FROM pick_task t WHERE t.shipment_id = s.id AND t.open = 1)"},
    [MEMBERS] = {"batch_members", "SELECT id, version, state " FROM_BATCH_MEMBERS " ORDER BY id"},
    [CUT_OFF] = {"batch_cut_off", "UPDATE batch SET cut_off_at = $2 WHERE id = $1 AND (cut_off_at = 0 OR cut_off_at > $2)"},
};

static gboolean batch_facts_load(struct decision *d, int64_t id, struct batch_facts *facts, GError **error)
{
    return named_row(db_query(d->db, &SQL[BATCH_OF], DB_ARGS(id), error), read_facts, facts, _("batch"), error);
}

gboolean batch_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    g_autofree char *name = site_next_number(d->site, "batch", 'B', error);
    if (!name)
        return FALSE;
    d->made_id = ev->key;
    decision_note(d, "%s", name);
    return db_exec(d->db, &SQL[BATCH_INSERT],
                   DB_ARGS(ev->key, d->site->warehouse_id, d->site->owner_id, name, ev->text ? ev->text : "cluster",
                           ev->courier ? ev->courier : "", db_ref(ev->person_id), ev->actor.person_id, d->now),
                   NULL, error);
}

gboolean batch_in_effect(struct decision *d, GError **error)
{
    struct batch_facts batch;
    int64_t slot = 0;
    if (!batch_facts_load(d, d->ev->batch_id, &batch, error))
        return FALSE;
    if (batch.state != ST_READY && batch.state != ST_RUNNING)
        return err_set(error, ERR_FLOW_STATE, batch.number, flow_state_label(batch.state), flow_event_label(d->ev->kind));
    if (batch.courier[0] && g_strcmp0(batch.courier, d->ship.courier) != 0)
        return err_set(error, ERR_BATCH_COURIER, d->ship.order, d->ship.courier, batch.courier);
    decision_note(d, "%s", batch.number);
    return named_ints(d, &SQL[NEXT_SLOT], DB_ARGS(d->ev->batch_id), &slot, 1, _("batch"), error) &&
           db_exec(d->db, &SQL[JOIN], DB_ARGS(d->ship.id, d->ev->batch_id, slot, db_ref(batch.person_id)), NULL,
                   error) &&
           (d->ship.cut_off_at == 0 ||
            db_exec(d->db, &SQL[CUT_OFF], DB_ARGS(d->ev->batch_id, d->ship.cut_off_at), NULL, error));
}

/* A tote that was taken but has nothing in it yet is free again. */
gboolean batch_out_effect(struct decision *d, GError **error)
{
    int64_t batch_id = d->ship.batch_id;
    if (batch_id == 0)
        return err_set(error, ERR_BATCH_NOT_IN);
    return db_exec(d->db, &SQL[LEAVE], DB_ARGS(d->ship.id), NULL, error) &&
           (d->ship.state != ST_BATCHED || totes_free(d, d->ship.id, error)) &&
           batch_settle(d, batch_id, error);
}

gboolean assign_effect(struct decision *d, GError **error)
{
    return db_exec(d->db, &SQL[OWN], DB_ARGS(d->ship.id, db_ref(d->ev->person_id)), NULL, error);
}

struct member {
    int64_t id, version;
    enum state state;
};

static void read_member(struct rows *rows, void *data)
{
    *(struct member *)data =
        (struct member){rows_int(rows, 0), rows_int(rows, 1), flow_state_parse(rows_text(rows, 2))};
}

static GArray *members_load(struct decision *d, GError **error)
{
    return rows_list(db_query(d->db, &SQL[MEMBERS], DB_ARGS(d->subject.id), error), sizeof(struct member), read_member,
                     error);
}

/* A shipment that follows its batch: its version moves, so whoever was at it is told. The journal gets its row. */
static gboolean follow(struct decision *d, const struct member *member, int64_t person_id, GError **error)
{
    int64_t changed = 0;
    if (!db_advisory_locked(d->db, member->id)) { /* it joined after the members were locked */
        return err_set(error, ERR_DB_SERIALIZE);
    }
    if (!db_exec(d->db, &SQL[FOLLOW], DB_ARGS(member->id, db_ref(person_id), d->now, member->version), &changed, error))
        return FALSE;
    if (changed != 1)
        return err_set(error, ERR_DB_SERIALIZE);
    struct journal_row row = {
        .at = d->now,
        .event_key = d->ev->key,
        .event = flow_event_name(EV_ASSIGN),
        .machine = flow_machine_name(MACHINE_SHIPMENT),
        .subject_id = member->id,
        .from_state = flow_state_name(member->state),
        .to_state = flow_state_name(member->state),
        .shipment_id = member->id,
        .version = member->version + 1,
        .actor = d->ev->actor,
        .detail = d->subject.name,
    };
    return journal_append(&d->journal, &row, error);
}

/* A picker takes a free batch or gives back an own one; what is somebody else's is a lead's to move. */
gboolean batch_assign_guard(struct decision *d, GError **error)
{
    const struct actor *actor = &d->ev->actor;
    struct batch_facts batch;
    if (!batch_facts_load(d, d->subject.id, &batch, error))
        return FALSE;
    gboolean own = batch.person_id == 0 || batch.person_id == actor->person_id;
    if (own && (d->ev->person_id == actor->person_id || d->ev->person_id == 0))
        return TRUE;
    g_autofree char *name = NULL;
    int may = decision_may(d, MAY_LEAD, &name, error);
    if (may == 0 && own)
        err_set(error, ERR_FLOW_RIGHT, name, flow_event_label(d->ev->kind));
    else if (may == 0)
        err_set(error, ERR_BATCH_OWNED, batch.number, batch.owner);
    return may > 0;
}

static gboolean follow_to(struct decision *d, const void *member, GError **error)
{
    return follow(d, member, d->ev->person_id, error);
}

gboolean batch_assign_effect(struct decision *d, GError **error)
{
    return db_exec(d->db, &SQL[BATCH_OWNER], DB_ARGS(d->subject.id, db_ref(d->ev->person_id)), NULL, error) &&
           decision_each(d, members_load(d, error), follow_to, error);
}

static gboolean leave(struct decision *d, const void *item, GError **error)
{
    const struct member *member = item;
    return follow(d, member, 0, error) && db_exec(d->db, &SQL[LEAVE], DB_ARGS(member->id), NULL, error) &&
           (member->state != ST_BATCHED ||
            (totes_free(d, member->id, error) &&
             decision_fire_member(d, member->id, member->version + 1, EV_UNBATCH, error)));
}

/* The members leave through their own table: unpicked ones are ready again, others go on without a batch. */
gboolean batch_cancel_effect(struct decision *d, GError **error)
{
    return decision_each(d, members_load(d, error), leave, error);
}

static gboolean batch_finish(struct decision *d, int64_t batch_id, GError **error)
{
    return decision_fire(d, MACHINE_BATCH, batch_id, EV_BATCH_DONE, error) &&
           db_exec(d->db, &SQL[BATCH_STAMP], DB_ARGS(batch_id, d->now, d->now), NULL, error);
}

/* A shipment that is begun and has nothing left to walk for waits for goods: it goes on by itself, nobody owns it, and it
 * is handed out when they have come. */
static gboolean leave_waiting(struct decision *d, GError **error)
{
    return d->to != ST_PICKING || db_exec(d->db, &SQL[LEAVE], DB_ARGS(d->ship.id), NULL, error);
}

/* A batch runs from its first pick on and is done when no member has anything left to walk for. Only the event that may
 * be the first or the last one holds the batch: of two that finish the last two shipments at once, one sees both. */
gboolean batch_settle(struct decision *d, int64_t batch_id, GError **error)
{
    struct batch_facts batch;
    int64_t left[2];
    gboolean works = d->ev->kind == EV_PICK || d->ev->kind == EV_SHORT;
    if (!named_ints(d, &SQL[LEFT_TO_PICK], DB_ARGS(batch_id, d->ship.id), left, 2, _("batch"), error) ||
        !batch_facts_load(d, batch_id, &batch, error))
        return FALSE;
    g_assert(left[1] > 0 || db_advisory_locked(d->db, batch_id));
    if (left[1] == 0 && !leave_waiting(d, error))
        return FALSE;
    if (left[0] + left[1] == 0)
        return (batch.state != ST_READY && batch.state != ST_RUNNING) || batch_finish(d, batch_id, error);
    return batch.state != ST_READY || !works ||
           (decision_fire(d, MACHINE_BATCH, batch_id, EV_BATCH_START, error) &&
            db_exec(d->db, &SQL[BATCH_STAMP], DB_ARGS(batch_id, d->now, db_null()), NULL, error));
}

gboolean batch_reopen(struct decision *d, int64_t batch_id, GError **error)
{
    struct batch_facts batch;
    g_assert(db_advisory_locked(d->db, batch_id));
    if (!batch_facts_load(d, batch_id, &batch, error))
        return FALSE;
    return batch.state != ST_DONE ||
           (decision_fire(d, MACHINE_BATCH, batch_id, EV_UNPICK, error) &&
            db_exec(d->db, &SQL[BATCH_STAMP], DB_ARGS(batch_id, d->now, db_null()), NULL, error));
}
