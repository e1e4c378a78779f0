/* SPDX-License-Identifier: MIT */
#include "core/check/check_judge.h"

#include <string.h>

#include "core/apply/load.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"
#include "core/flow/lent.h"
#include "core/flow/subject_rows.h"
#include "core/flow/transition.h"

enum { JUDGES, PEOPLE, BENCH, OF_SHIPMENTS, OF_OTHERS };

/* The own rows of events that were done; a row of something else that one moved is of another machine. */
#define OWN_ROWS                                                                                                       \
    "SELECT j.event_key, j.writer, j.sequence, COALESCE(j.person_id, 0), COALESCE(j.approver_id, 0), "                 \
    "COALESCE(j.station_id, 0), j.machine, e.kind, e.at, e.asked, COALESCE(j.shipment_id, j.subject_id) "               \
    "FROM journal j JOIN event e ON e.key = j.event_key AND e.kind = j.event "

static const struct sql SQL[] = {
    [JUDGES] = {"judging_judges", "SELECT writer, sequence, detail FROM journal WHERE event = 'judges' "
                                  "AND machine = '' ORDER BY writer, sequence"},
    [PEOPLE] = {"judging_people", "SELECT id, role FROM person"},
    [BENCH] = {"judging_bench", "SELECT id FROM location WHERE kind = 'bench' AND code = 'PACK'"},
    [OF_SHIPMENTS] = {"judging_of_shipments", OWN_ROWS "WHERE j.shipment_id {in:$1} "
                                                       "AND j.machine IN ('shipment', 'job') AND e.outcome = 'done'"},
    [OF_OTHERS] = {"judging_of_others",
                   OWN_ROWS "WHERE j.subject_id {in:$1} AND j.shipment_id IS NULL "
                            "AND j.machine IN ('batch', 'manifest', 'run', 'job') AND e.outcome = 'done'"},
};

/* What is known of others, by the list of the shipments that look at it. A recipient who was erased is nobody's any more. */
static const struct {
    enum table_id table;
    struct sql sql;
} KNOWN[] = {
    {TABLE_RANGE, {"judging_ranges", ROWS(RANGE_COLUMNS, "0", "waybill_range r") " WHERE $1 <> ''"}},
    {TABLE_BATCH, {"judging_batches", ROWS(BATCH_COLUMNS, "0, 0, ''", "batch r ")
                   "WHERE r.id {among:SELECT s.batch_id FROM shipment s WHERE s.id {in:$1}}"}},
    {TABLE_MANIFEST, {"judging_manifests", ROWS(MANIFEST_COLUMNS, "0", "manifest r ")
                      "WHERE r.id {among:SELECT p.manifest_id FROM parcel p WHERE p.shipment_id {in:$1}}"}},
    {TABLE_RECIPIENT, {"judging_recipients", ROWS(ADDRESSEE_COLUMNS, "0", "recipient r ")
                       "WHERE r.erased_at IS NULL AND r.id {among:SELECT s.recipient_id FROM shipment s WHERE s.id {in:$1}}"}},
};

/* --- what is known of the house ------------------------------------------------------------------------- */

/* By what a chain says from there on that its events are judged. */
struct said_judges {
    int64_t writer, sequence;
    char judges[JOURNAL_JUDGES];
};

static void read_judges(struct rows *rows, void *data)
{
    struct said_judges *said = data;
    said->writer = rows_int(rows, 0);
    said->sequence = rows_int(rows, 1);
    ROWS_COPY(said->judges, rows, 2);
}

/* A role is given once, with the person: that of now is that of then. */
struct acting {
    int64_t id;
    char *role;
};

static void read_acting(struct rows *rows, void *data)
{
    struct acting *acting = data;
    acting->id = rows_int(rows, 0);
    acting->role = g_strdup(rows_text(rows, 1));
}

static void acting_clear(gpointer data)
{
    g_free(((struct acting *)data)->role);
}

static void add_people(const struct judging *judging, struct dossier *dossier)
{
    for (guint i = 0; i < judging->people->len; i++) {
        const struct acting *acting = &g_array_index(judging->people, struct acting, i);
        struct person *person = (struct person *)(void *)row_load(dossier, TABLE_PERSON, acting->id, 0);
        person->name = "";
        person->role = acting->role;
    }
}

/* --- what events were asked ------------------------------------------------------------------------------- */

struct asked {
    int64_t key, writer, sequence, at;
    struct actor actor;
    enum event_kind kind;
    GBytes *bytes;
};

static void asked_free(gpointer data)
{
    struct asked *asked = data;
    g_bytes_unref(asked->bytes);
    g_free(asked);
}

struct reading {
    struct judging *judging;
    GHashTable *found; /* subjects that have rows */
};

static void read_asked(struct rows *rows, void *data)
{
    struct reading *reading = data;
    enum event_kind kind = flow_event_parse(rows_text(rows, 7));
    size_t length = 0;
    const void *bytes = rows_is_null(rows, 9) ? NULL : rows_blob(rows, 9, &length);
    int64_t subject_id = rows_int(rows, 10);
    if (!bytes || kind == EV_NONE || flow_machine_parse(rows_text(rows, 6)) != flow_event_machine(kind))
        return;
    struct asked *asked = g_new0(struct asked, 1);
    *asked = (struct asked){.key = rows_int(rows, 0),
                            .writer = rows_int(rows, 1),
                            .sequence = rows_int(rows, 2),
                            .at = rows_int(rows, 8),
                            .actor = {.person_id = rows_int(rows, 3), .approver_id = rows_int(rows, 4),
                                      .station_id = rows_int(rows, 5)},
                            .kind = kind,
                            .bytes = g_bytes_new(bytes, length)};
    g_hash_table_replace(reading->judging->asked, &asked->key, asked);
    if (!g_hash_table_contains(reading->found, &subject_id))
        g_hash_table_add(reading->found, g_memdup2(&subject_id, sizeof subject_id));
}

static gboolean read_events(struct reading *reading, const struct sql *sql, const GArray *ids, GError **error)
{
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    return rows_each(db_query(reading->judging->checker->db, sql, DB_ARGS(list), error), read_asked, reading, error);
}

static gboolean read_known(struct judging *judging, const GArray *ids, GError **error)
{
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    dossier_free(judging->known);
    judging->known = dossier_new();
    for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++) {
        struct rows *rows = db_query(judging->checker->db, &KNOWN[i].sql, DB_ARGS(list), error);
        int more;
        while ((more = rows_next(rows, error)) > 0)
            dossier_read(judging->known, rows, KNOWN[i].table, TRUE);
        if (more < 0)
            return FALSE;
    }
    return TRUE;
}

/* The rows of a shipment stand under its own index, and are all that it has. */
gboolean judging_coming(const GArray *ids, void *data, GError **error)
{
    struct judging *judging = data;
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(int64_t));
    struct reading reading = {judging, found};
    g_hash_table_remove_all(judging->asked);
    if (!read_events(&reading, &SQL[OF_SHIPMENTS], ids, error) || !read_known(judging, ids, error))
        return FALSE;
    for (guint i = 0; i < ids->len; i++)
        if (!g_hash_table_contains(found, &g_array_index(ids, int64_t, i)))
            g_array_append_val(others, g_array_index(ids, int64_t, i));
    return others->len == 0 || read_events(&reading, &SQL[OF_OTHERS], others, error);
}

static gboolean is_of_today(const struct judging *judging, const struct asked *asked)
{
    const char *judges = "";
    for (guint i = 0; i < judging->said->len; i++) {
        const struct said_judges *said = &g_array_index(judging->said, struct said_judges, i);
        if (said->writer == asked->writer && said->sequence < asked->sequence)
            judges = said->judges;
    }
    return strcmp(judges, judging->judges) == 0;
}

/* --- what is said otherwise ----------------------------------------------------------------------------- */

static char *about(const struct again *again, const struct version *version)
{
    return g_strdup_printf("event=%" G_GINT64_FORMAT " kind=%s subject=%" G_GINT64_FORMAT " version=%" G_GINT64_FORMAT,
                           version->key, flow_event_name(again->ev->kind), version->subject_id, version->version);
}

/* The subject as the rules leave it, beside what the history makes of it. One that has the same bytes is the same. */
static void compare_decided(const struct judging *judging, const struct again *again, const struct version *version)
{
    gsize length = 0;
    const void *stored = g_bytes_get_data(version->content, &length);
    const GByteArray *decided = again->decided;
    if (decided && decided->len == length && memcmp(decided->data, stored, length) == 0)
        return;
    enum state state;
    const struct row *row = flow_subject(again->dossier, again->ev, &state);
    g_autoptr(GPtrArray) rows = row ? rows_of(again->dossier, row_subject(again->dossier, row)) : g_ptr_array_new();
    g_autoptr(GByteArray) whole = difference_whole(rows, version->key);
    g_autoptr(dossier) is = dossier_new();
    g_autoptr(dossier) should = dossier_new();
    const struct fold fold_is = {is, is}, fold_should = {should, should};
    difference_fold(&fold_is, whole->data, whole->len, version->key, version->reason);
    difference_fold(&fold_should, whole->data, whole->len, version->key, version->reason);
    difference_fold(&fold_is, stored, length, version->key, version->reason);
    if (decided)
        difference_fold(&fold_should, decided->data, decided->len, version->key, version->reason);
    g_autofree char *which = about(again, version);
    g_autofree char *rules = g_strconcat(which, " by the rules ", NULL);
    compare_rows(judging->checker, rules, is, should);
}

static void report_refused(const struct judging *judging, const struct again *again, const struct version *version)
{
    char number[8];
    g_autofree char *which = about(again, version);
    if (!again->way)
        checker_report(judging->checker, "%s is not allowed at state=%s", which, flow_state_name(again->from));
    else if (again->stopped)
        checker_report(judging->checker, "%s was stopped by block=%s", which,
                       flow_block_name((enum block)(again->stopped & -again->stopped)));
    else
        checker_report(judging->checker, "%s is refused by the rules: %s", which,
                       err_number(err_code(again->refusal), number));
}

/* Before the fold. FALSE: there is nothing to say after it any more. */
static gboolean report_judged(const struct judging *judging, const struct again *again, const struct version *version)
{
    if (!again->way || again->stopped || again->refusal)
        report_refused(judging, again, version);
    else if (again->how == AGAIN_WHOLLY)
        compare_decided(judging, again, version);
    return again->way && again->how == AGAIN_BY_STATE;
}

/* --- a version ------------------------------------------------------------------------------------------ */

/* What of the event can be known. FALSE: nothing by which it could be judged. */
static gboolean read_event(const struct judging *judging, const struct version *version, const struct asked *asked,
                           struct event *ev)
{
    gsize length = 0;
    const void *bytes = asked ? g_bytes_get_data(asked->bytes, &length) : NULL;
    if (!asked || !is_of_today(judging, asked))
        return FALSE;
    *ev = (struct event){.key = version->key, .kind = asked->kind, .actor = asked->actor};
    g_string_chunk_clear(judging->texts);
    if (!event_read_asked(bytes, length, judging->texts, ev))
        return FALSE;
    if (version->reason[0] || version->forgotten)
        ev->reason = version->reason;
    return TRUE;
}

/* FALSE: nothing by which it could be judged. */
static gboolean judge_version(struct judging *judging, const struct fold *fold, const struct version *version,
                              const GPtrArray *told, struct event *ev, struct again *again)
{
    const struct asked *asked = g_hash_table_lookup(judging->asked, &version->key);
    if (!read_event(judging, version, asked, ev))
        return FALSE;
    *again = (struct again){.house = &judging->house, .dossier = fold->own, .known = judging->known, .told = told, .ev = ev,
                            .subject_id = version->subject_id, .now = asked->at, .forgotten = version->forgotten};
    again_judge(again);
    return again->how != AGAIN_NOT && report_judged(judging, again, version);
}

static void report_leads(const struct judging *judging, const struct again *again, const struct version *version)
{
    enum state to;
    if (again_leads(again, &to))
        return;
    g_autofree char *which = about(again, version);
    checker_report(judging->checker, "%s leads from state=%s to state=%s", which, flow_state_name(again->from),
                   flow_state_name(to));
}

gboolean judging_version(const struct fold *fold, const struct version *version, void *data)
{
    struct judging *judging = data;
    struct event ev;
    struct again again = {.how = AGAIN_NOT};
    gsize length = 0;
    const void *bytes = g_bytes_get_data(version->content, &length);
    if (!person_first(fold->own, 0))
        add_people(judging, fold->own);
    g_autoptr(GPtrArray) told = difference_rows(fold->own, bytes, length, version->key, version->reason);
    gboolean more = judge_version(judging, fold, version, told, &ev, &again);
    gboolean folded = difference_fold(fold, bytes, length, version->key, version->reason);
    judging->counts[again.how]++;
    if (more && folded)
        report_leads(judging, &again, version);
    if (shipment_find(fold->own, version->subject_id))
        lent_hold(fold->own, version->subject_id, version->key, told);
    again_clear(&again);
    return folded;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

gboolean judging_open(struct judging *judging, struct checker *checker, GError **error)
{
    *judging = (struct judging){.checker = checker};
    judging->asked = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, asked_free);
    judging->texts = g_string_chunk_new(1024);
    judging->couriers = couriers_load(NULL, error);
    if (!judging->couriers)
        return FALSE;
    judging->house.couriers = judging->couriers;
    judging->house.zone = judging->zone = g_time_zone_new_utc();
    journal_judges(judging->couriers, judging->judges);
    struct rows *judges = db_query(checker->db, &SQL[JUDGES], DB_NO_ARGS, error);
    judging->said = rows_list(judges, sizeof(struct said_judges), read_judges, error);
    struct rows *people = judging->said ? db_query(checker->db, &SQL[PEOPLE], DB_NO_ARGS, error) : NULL;
    judging->people = judging->said ? rows_list(people, sizeof(struct acting), read_acting, error) : NULL;
    if (judging->people)
        g_array_set_clear_func(judging->people, acting_clear);
    return judging->people &&
           db_get_ints(checker->db, &SQL[BENCH], DB_NO_ARGS, &judging->house.bench_id, 1, error) >= 0;
}

void judging_close(struct judging *judging)
{
    const guint *counts = judging->counts;
    if (counts[AGAIN_WHOLLY] + counts[AGAIN_BY_STATE] + counts[AGAIN_NOT] > 0)
        checker_tell(judging->checker, _("judged again: %u changes wholly, %u by their states; %u were folded only"),
                     counts[AGAIN_WHOLLY], counts[AGAIN_BY_STATE], counts[AGAIN_NOT]);
    g_clear_pointer(&judging->couriers, couriers_free);
    g_clear_pointer(&judging->said, g_array_unref);
    g_clear_pointer(&judging->people, g_array_unref);
    g_clear_pointer(&judging->known, dossier_free);
    g_clear_pointer(&judging->zone, g_time_zone_unref);
    g_clear_pointer(&judging->asked, g_hash_table_unref);
    g_clear_pointer(&judging->texts, g_string_chunk_free);
}
