/* SPDX-License-Identifier: MIT */
#include "core/apply/act.h"

#include <sodium.h>
#include <string.h>

#include "core/apply/event_row.h"
#include "core/apply/store.h"
#include "core/apply/subject.h"
#include "core/base/clean.h"
#include "core/flow/difference.h"

void act_begin(struct act *act, struct dossier *dossier)
{
    act_clear(act);
    journal_begin(&act->journal, act->site);
    act->now = site_now(act->site);
    act->dossier = dossier;
    act->fired = g_array_new(FALSE, FALSE, sizeof(struct fired));
    act->follows = g_array_new(FALSE, FALSE, sizeof(struct event));
}

void act_clear(struct act *act)
{
    g_clear_pointer(&act->dossier, dossier_free);
    g_clear_pointer(&act->fired, g_array_unref);
    g_clear_pointer(&act->follows, g_array_unref);
    g_clear_pointer(&act->changes, g_array_unref);
    g_clear_pointer(&act->asked, g_byte_array_unref);
    g_clear_pointer(&act->sealed, g_byte_array_unref);
}

struct decision act_decision(struct act *act, const struct event *ev)
{
    return (struct decision){.house = &act->house, .dossier = act->dossier, .ev = ev, .now = act->now, .fired = act->fired,
                             .follows = act->follows};
}

gboolean act_judge(struct act *act, struct decision *d, GError **refusal)
{
    g_array_set_size(act->fired, 0);
    g_array_set_size(act->follows, 0);
    if (decision_judge(d, refusal))
        return TRUE;
    dossier_undo(act->dossier);
    return FALSE;
}

/* --- what an event changed -------------------------------------------------------------------------------- */

/* What the event under way has changed of a subject. */
struct change {
    int64_t subject_id, version;
    GByteArray *content;
    gboolean was_over;
};

static void change_clear(gpointer data)
{
    g_byte_array_unref(((struct change *)data)->content);
}

static void append(GByteArray *to, const GByteArray *more)
{
    if (to && more)
        g_byte_array_append(to, more->data, more->len);
}

static gboolean was_over(const struct row *subject)
{
    const struct row *before = subject->before ? subject->before : subject;
    return subject->table == TABLE_SHIPMENT && state_is_over(((const struct shipment *)(const void *)before)->state);
}

/* What is nobody's stands with the first, or under the event's key. */
static GArray *changes_of(struct act *act, const struct decision *d)
{
    g_autoptr(GPtrArray) subjects = dossier_bump(act->dossier, flow_event_machine(d->ev->kind) != MACHINE_JOB);
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct change));
    g_array_set_clear_func(changes, change_clear);
    for (guint i = 0; i < subjects->len; i++) {
        const struct row *subject = subjects->pdata[i];
        const struct change change = {row_id(subject), row_version(subject),
                                      difference_of(act->dossier, subject, i == 0, d->ev), was_over(subject)};
        if (change.content) /* of what is now nothing is kept */
            g_array_append_val(changes, change);
    }
    struct change alone = {d->ev->key, 1, subjects->len == 0 ? difference_of(act->dossier, NULL, TRUE, d->ev) : NULL, FALSE};
    if (alone.content)
        g_array_append_val(changes, alone);
    return changes;
}

/* Of a shipment that was over when its history began all that stood until now goes before the first change. */
static gboolean tell_before(struct act *act, GError **error)
{
    for (guint i = 0; i < act->changes->len; i++) {
        struct change *change = &g_array_index(act->changes, struct change, i);
        GError *failure = NULL;
        g_autoptr(GByteArray) whole =
            change->was_over ? subject_before(act->site->db, change->subject_id, change->version - 1, &failure) : NULL;
        if (whole) {
            GByteArray *content = difference_after(whole, change->content);
            g_byte_array_unref(change->content);
            change->content = content;
        } else if (failure) {
            g_propagate_error(error, failure);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_changes(struct act *act, const struct decision *d, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; done && i < act->changes->len; i++) {
        const struct change *change = &g_array_index(act->changes, struct change, i);
        done = difference_insert(act->site, change->subject_id, change->version, d->ev->key, change->content, error);
    }
    return done;
}

/* --- the journal ------------------------------------------------------------------------------------------ */

/* Whose history a row belongs to: a shipment, 0 for another subject, and the version it has reached. */
struct whose {
    int64_t shipment_id, version;
};

static struct whose whose_of(const struct decision *d, enum machine machine, int64_t id)
{
    const struct shipment *ship = d->ship;
    const struct row *batch = machine == MACHINE_BATCH ? row_find(d->dossier, TABLE_BATCH, id) : NULL;
    const struct row *subject = batch ? batch : d->subject;
    if (subject && !batch && subject->table == TABLE_JOB) /* a print job's history is its shipment's */
        ship = shipment_find(d->dossier, ((const struct job *)(const void *)subject)->shipment_id);
    if (ship && !batch)
        return (struct whose){ship->id, ship->version};
    return subject ? (struct whose){0, row_version(subject)} : (struct whose){d->ev->shipment_id, 1};
}

gboolean journal_carries(enum machine machine, enum machine of_event)
{
    return machine == MACHINE_JOB ? of_event == MACHINE_JOB
                                  : machine != MACHINE_LINE && machine != MACHINE_PARCEL && machine != MACHINE_WAYBILL;
}

/* What the row seals: the change of its subject, and, on the event's own row, what the event was asked. */
static GByteArray *sealed_by(const struct act *act, const struct decision *d, const struct journal_row *row,
                             enum machine machine, gboolean own)
{
    GByteArray *sealed = g_byte_array_new();
    int64_t subject_id = row->shipment_id ? row->shipment_id : row->subject_id ? row->subject_id : d->ev->key;
    gboolean carries = act->changes && journal_carries(machine, flow_event_machine(d->ev->kind));
    for (guint i = 0; carries && i < act->changes->len; i++) {
        const struct change *change = &g_array_index(act->changes, struct change, i);
        if (change->subject_id == subject_id && change->version == row->version)
            append(sealed, change->content);
    }
    if (own) {
        append(sealed, act->asked);
        append(sealed, act->sealed);
    }
    return sealed;
}

static gboolean write_journal(struct act *act, const struct decision *d, const struct fired *moved, int code, gboolean own,
                              GError **error)
{
    const struct whose whose = whose_of(d, moved->machine, moved->id);
    struct journal_row row = {
        .at = d->now,
        .event_key = d->ev->key,
        .event = flow_event_name(moved->event),
        .machine = flow_machine_name(moved->machine),
        .subject_id = moved->id,
        .from_state = flow_state_name(moved->from),
        .to_state = flow_state_name(moved->to),
        .shipment_id = whose.shipment_id,
        .version = whose.version,
        .actor = d->ev->actor,
        .code = code,
        .detail = d->detail,
    };
    g_autoptr(GByteArray) sealed = sealed_by(act, d, &row, moved->machine, own);
    row.content = sealed->data;
    row.content_length = sealed->len;
    return journal_append(&act->journal, &row, error);
}

/* What the event moved besides its subject; but lines, of which the difference says it. */
static gboolean write_fired(struct act *act, const struct decision *d, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; done && i < d->fired->len; i++) {
        const struct fired *fired = &g_array_index(d->fired, struct fired, i);
        done = fired->machine == MACHINE_LINE || write_journal(act, d, fired, ERR_NONE, FALSE, error);
    }
    return done;
}

/* The event's own row. What was refused is where it was. */
static gboolean write_own(struct act *act, const struct decision *d, const GError *refusal, GError **error)
{
    const struct fired own = {.machine = flow_event_machine(d->ev->kind), .id = refusal ? decision_asked_id(d) : decision_subject_id(d), .event = d->ev->kind,
                              .from = d->from, .to = refusal ? d->from : d->to};
    return write_journal(act, d, &own, refusal ? (int)err_code(refusal) : (int)d->ev->code, TRUE, error);
}

/* --- the event -------------------------------------------------------------------------------------------- */

static void fill_outcome(const struct decision *d, const GError *refusal, struct outcome *out)
{
    memset(out, 0, sizeof *out);
    out->verdict = !refusal ? VERDICT_DONE : err_code(refusal) == ERR_FLOW_CONFLICT ? VERDICT_CONFLICT : VERDICT_REFUSED;
    out->code = d->ev->kind == EV_NOTE ? d->ev->code : err_code(refusal); /* a repeated wrong scan is wrong again */
    clean_copy(out->text, sizeof out->text, refusal ? refusal->message : "");
    out->shipment_id = d->ship ? d->ship->id : 0;
    out->subject_id = refusal && d->made_id == 0 ? decision_asked_id(d) : d->made_id;
    out->state = refusal ? d->from : d->to;
}

/* The reason a person gave is erasable: the event has its digest. */
static gboolean write_remark(struct act *act, const struct event *ev, GError **error)
{
    unsigned char salt[REMARK_SALT], digest[REMARK_DIGEST];
    if (!ev->reason || !ev->reason[0])
        return TRUE;
    randombytes_buf(salt, sizeof salt);
    remark_digest(ev->reason, salt, digest);
    g_byte_array_append(act->asked, digest, sizeof digest);
    return remark_insert(act->site, ev, salt, error);
}

static GByteArray *seal_of_row(const struct act *act, const struct decision *d, const struct outcome *out, const char *arguments)
{
    GByteArray *sealed = g_byte_array_new();
    unsigned char digest[MOVES_DIGEST] = {0};
    guint count = 0;
    const struct goods_move *moves = dossier_moves(act->dossier, &count);
    for (guint i = 0; i < count; i++)
        moves_digest(digest, &moves[i], d->ev->reason ? d->ev->reason : "");
    event_seal_own(sealed, d->ev, out, arguments, act->now, count > 0 ? digest : NULL);
    return sealed;
}

gboolean act_settle(struct act *act, struct decision *d, const GError *refusal, struct outcome *out, GError **error)
{
    g_clear_pointer(&act->changes, g_array_unref);
    g_clear_pointer(&act->asked, g_byte_array_unref);
    g_clear_pointer(&act->sealed, g_byte_array_unref);
    act->asked = event_asked(d->ev);
    if (!refusal)
        act->changes = changes_of(act, d);
    fill_outcome(d, refusal, out);
    g_autofree char *arguments = err_joined(refusal);
    act->sealed = seal_of_row(act, d, out, arguments);
    gboolean done = (refusal || tell_before(act, error)) && write_remark(act, d->ev, error) &&
                    event_insert(act->site, d->ev, act->asked, out, arguments, act->now, error) &&
                    (refusal || (write_changes(act, d, error) && write_fired(act, d, error))) &&
                    write_own(act, d, refusal, error);
    dossier_keep(act->dossier);
    return done;
}

gboolean act_event(struct act *act, const struct event *ev, struct outcome *out, GError **error)
{
    struct decision d = act_decision(act, ev);
    if (act_judge(act, &d, error))
        return act_settle(act, &d, NULL, out, error);
    return d.missing == 0 ? FALSE : err_set(error, ERR_INTERNAL, "a part of the dossier is missing");
}

gboolean act_store(struct act *act, GError **error)
{
    gboolean judged = (dossier_parts(act->dossier) & NEED_ACTORS) != 0; /* an import may have had nothing to judge */
    return (!judged || facts_stand(act->site, dossier_facts(act->dossier), error)) &&
           dossier_store(act->dossier, act->site, error) && journal_commit(&act->journal, error);
}

void act_done(struct act *act)
{
    journal_done(&act->journal);
    dossier_stored(act->dossier);
}
