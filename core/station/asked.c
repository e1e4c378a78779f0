/* SPDX-License-Identifier: MIT
 *
 * What a station has asked the database: each inquiry once until it forgets, whoever wants the answer.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/station/inner.h"

enum { ARGS_MAX = 3 };

struct asked {
    const struct inquiry *inquiry;
    struct db_value args[ARGS_MAX];
    size_t count;
    struct rows *rows; /* not read yet; NULL: */
    GArray *answers;
};

static void asked_clear(gpointer data)
{
    struct asked *asked = data;
    rows_close(asked->rows);
    for (size_t i = 0; i < asked->count; i++)
        if (asked->args[i].type == DB_TEXT)
            g_free((gpointer)(uintptr_t)asked->args[i].bytes);
    g_clear_pointer(&asked->answers, g_array_unref);
}

GArray *asked_new(void)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct asked));
    g_array_set_clear_func(all, asked_clear);
    return all;
}

void station_forget(struct station *station)
{
    g_array_set_size(station->asked, 0);
}

static gboolean is_same(const struct db_value *one, const struct db_value *other)
{
    return one->type == other->type && (one->type == DB_TEXT ? strcmp(one->bytes, other->bytes) == 0 : one->number == other->number);
}

static struct asked *find(const struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count)
{
    for (guint i = 0; i < station->asked->len; i++) {
        struct asked *asked = &g_array_index(station->asked, struct asked, i);
        gboolean same = asked->inquiry == inquiry && asked->count == count;
        for (size_t k = 0; same && k < count; k++)
            same = is_same(&asked->args[k], &args[k]);
        if (same)
            return asked;
    }
    return NULL;
}

gboolean station_has_asked(const struct station *station, const struct inquiry *inquiry)
{
    gboolean has = FALSE;
    for (guint i = 0; !has && i < station->asked->len; i++)
        has = g_array_index(station->asked, struct asked, i).inquiry == inquiry;
    return has;
}

/* A statement is one cursor. */
static gboolean is_being_asked(const struct station *station, const struct inquiry *inquiry)
{
    gboolean is = FALSE;
    for (guint i = 0; !is && i < station->asked->len; i++) {
        const struct asked *asked = &g_array_index(station->asked, struct asked, i);
        is = asked->inquiry == inquiry && asked->rows;
    }
    return is;
}

static void note(struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count,
                 struct rows *rows, GArray *answers)
{
    struct asked asked = {.inquiry = inquiry, .count = count, .rows = rows, .answers = answers};
    g_assert(count <= ARGS_MAX);
    for (size_t i = 0; i < count; i++)
        asked.args[i] = args[i].type == DB_TEXT ? db_text(g_strdup(args[i].bytes)) : args[i];
    g_array_append_val(station->asked, asked);
}

void station_ask(struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count)
{
    struct db *db = station->site->db;
    if (db_engine_of(db) == DB_SQLITE || find(station, inquiry, args, count) || is_being_asked(station, inquiry))
        return;
    struct rows *rows = db_ask(db, &inquiry->sql, args, count, NULL);
    if (rows)
        note(station, inquiry, args, count, rows, NULL);
}

/* What failed is as if it had not been asked: who needs it asks again, and is told. */
void station_read_asked(struct station *station)
{
    for (guint i = station->asked->len; i > 0; i--) {
        struct asked *asked = &g_array_index(station->asked, struct asked, i - 1);
        if (!asked->rows)
            continue;
        asked->answers = rows_list(asked->rows, asked->inquiry->size, asked->inquiry->read, NULL);
        asked->rows = NULL;
        if (!asked->answers)
            g_array_remove_index(station->asked, i - 1);
    }
}

const GArray *station_answers(struct station *station, const struct inquiry *inquiry, const struct db_value *args,
                              size_t count, GError **error)
{
    station_read_asked(station);
    const struct asked *asked = find(station, inquiry, args, count);
    if (asked)
        return asked->answers;
    GArray *answers = rows_list(db_query(station->site->db, &inquiry->sql, args, count, error), inquiry->size,
                                inquiry->read, error);
    if (answers)
        note(station, inquiry, args, count, NULL, answers);
    return answers;
}

int station_answer(struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count,
                   void *answer, GError **error)
{
    const GArray *answers = station_answers(station, inquiry, args, count, error);
    if (!answers)
        return -1;
    memset(answer, 0, inquiry->size);
    if (answers->len > 0)
        memcpy(answer, answers->data, inquiry->size);
    return answers->len > 0;
}

/* --- an event --------------------------------------------------------------------------------------------- */

struct applying {
    struct station *station;
    const struct event *event;
};

/* What is looked at when the event was done. */
static void ask_after(struct db *db, void *data)
{
    struct applying *applying = data;
    struct station *station = applying->station;
    (void)db;
    station_forget(station); /* of a try that failed */
    enum event_kind kind = applying->event->kind;
    if (station->work.step == STEP_PICK || kind == EV_ASSIGN || kind == EV_BATCH_ASSIGN)
        pick_ask_after(station, applying->event);
    else if (station->work.step == STEP_PACK || station->work.step == STEP_LABEL)
        pack_ask_after(station, applying->event);
    else if (station->work.step == STEP_DOCK)
        dock_ask_after(station, applying->event);
}

static gboolean apply(struct station *station, struct event *events, size_t n, struct outcome *outcomes, gboolean *both,
                      GError **error)
{
    struct site *site = station->site;
    for (size_t i = 0; i < n; i++)
        if (events[i].key == 0)
            events[i].key = flow_key(site);
    station_forget(station);
    db_ask_after(site->db, ask_after, &(struct applying){station, events});
    gboolean done = n > 1 ? flow_apply_act(site, events, outcomes, both, error)
                          : flow_apply(site, events, 1, outcomes, error);
    db_ask_after(site->db, NULL, NULL);
    station_read_asked(station);
    if (done)
        bench_follow(station, &events[n > 1 && *both ? 1 : 0]);
    else
        bench_forget(station);
    return done;
}

gboolean station_apply(struct station *station, struct event *event, struct outcome *outcome, GError **error)
{
    return apply(station, event, 1, outcome, NULL, error);
}

gboolean station_apply_act(struct station *station, struct event events[2], struct outcome outcomes[2], gboolean *both,
                           GError **error)
{
    return apply(station, events, 2, outcomes, both, error);
}
