/* SPDX-License-Identifier: MIT */
#include "core/act/act.h"

gboolean outcome_check(const struct outcome *outcome, GError **error)
{
    if (outcome->verdict == VERDICT_DONE)
        return TRUE;
    g_set_error_literal(error, ERR, (int)outcome->code, outcome->text);
    return FALSE;
}

gboolean flow_do(struct site *site, struct event event, struct outcome *outcome, GError **error)
{
    struct outcome own;
    if (!outcome)
        outcome = &own;
    if (event.key == 0)
        event.key = flow_key(site);
    return flow_apply(site, &event, 1, outcome, error) && outcome_check(outcome, error);
}

static void count(struct flow_tally *tally, const struct outcome *outcome)
{
    if (outcome->verdict == VERDICT_DONE)
        tally->done++;
    else if (tally->refused++ == 0)
        tally->first = *outcome;
}

gboolean flow_do_list(struct site *site, struct actor actor, GArray *events, const struct flow_way *way,
                      struct flow_tally *tally, GError **error)
{
    g_autoptr(GArray) list = events;
    if (!list || list->len == 0)
        return list != NULL;
    for (guint i = 0; i < list->len; i++) {
        struct event *event = &g_array_index(list, struct event, i);
        event->key = event->key ? event->key : flow_key(site);
        event->actor = event->actor.person_id ? event->actor : actor;
    }
    const struct event *all = (const struct event *)(void *)list->data;
    g_autofree struct outcome *outcomes = g_new0(struct outcome, list->len);
    const struct flow_list done = {.events = all, .n = list->len, .outcomes = outcomes, .led = way->led,
                                   .progress = way->progress, .data = way->data};
    if (!flow_apply_list(site, &done, error))
        return FALSE;
    for (guint i = 0; tally && i < list->len; i++)
        count(tally, &outcomes[i]);
    for (guint i = 0; way->each && i < list->len; i++)
        if (!way->each(&all[i], &outcomes[i], way->data, error))
            return FALSE;
    return TRUE;
}

gboolean flow_do_all(struct site *site, struct actor actor, GArray *events, flow_each each, void *data,
                     struct flow_tally *tally, GError **error)
{
    return flow_do_list(site, actor, events, &(struct flow_way){.each = each, .data = data}, tally, error);
}

gboolean flow_finish_all(struct site *site, GError **error)
{
    int done;
    while ((done = flow_finish(site, error)) > 0)
        continue;
    return done == 0;
}

GArray *flow_events(struct event like, const int64_t *shipment_ids, size_t n)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(struct event), (guint)n);
    for (size_t i = 0; i < n; i++) {
        like.shipment_id = shipment_ids[i];
        g_array_append_val(events, like);
    }
    return events;
}
