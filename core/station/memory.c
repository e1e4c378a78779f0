/* SPDX-License-Identifier: MIT
 *
 * A key asked again. The last answers were kept as they were given, also of what wrote no event; older ones, and those of
 * a station that died, are found by the event.
 */
#include "core/station/inner.h"
#include "core/apply/apply.h"

static const struct remembered *kept(const struct station *station, int64_t key)
{
    for (size_t i = 0; i < REMEMBERED; i++)
        if (station->memory[i].key == key)
            return &station->memory[i];
    return NULL;
}

/* No bar: nobody at the station did anything wrong. */
static void other_content(struct station *station, struct answer *answer)
{
    g_autofree char *text = err_text_args(ERR_FLOW_KEY, NULL);
    answer->kind = ANSWER_REFUSED;
    answer->step = station->work.step;
    answer->state = station->last.state;
    answer->not_counted = station->not_counted;
    g_strlcpy(answer->expect, station->last.expect, sizeof answer->expect);
    station_word(answer, ERR_FLOW_KEY, text);
}

static enum answer_kind kind_again(const struct outcome *outcome)
{
    if (outcome->code == ERR_SCAN_BARRED)
        return ANSWER_IGNORED;
    return outcome->verdict == VERDICT_DONE && outcome->code == ERR_NONE ? ANSWER_OK : ANSWER_REFUSED;
}

/* The words of a scan that was wrong here stand nowhere, they may be a name: the kind of error is said without them. */
static void text_again(const struct outcome *outcome, struct answer *answer)
{
    static const char *const NOTHING[] = {"-", "-", "-", NULL};
    gboolean worded = outcome->text[0] || outcome->code == ERR_NONE;
    g_autofree char *text = worded ? g_strdup(outcome->text) : err_text_args(outcome->code, NOTHING);
    station_word(answer, outcome->code, text);
}

/* The outcome of the key's event: the station goes on from there. What would have followed the event is made up for when
 * the answer was lost in between. */
static int found_event(struct station *station, const struct outcome *outcome, struct answer *answer, GError **error)
{
    answer->repeated = TRUE;
    answer->kind = kind_again(outcome);
    text_again(outcome, answer);
    station->work.undo.kind = EV_NONE; /* which scan was the last is not known any more */
    if (answer->kind == ANSWER_OK && station->work.step == STEP_PACK && station->work.shipment_id &&
        !pack_again(station, answer, error))
        return -1;
    return station_finish(station, answer, error) ? 1 : -1;
}

int memory_again(struct station *station, struct answer *answer, GError **error)
{
    struct outcome outcome;
    const struct remembered *slot = kept(station, answer->key);
    int found = slot ? 0 : flow_outcome(station->site, answer->key, &outcome, error);
    int64_t request = slot ? slot->request : found > 0 ? outcome.request : 0;
    if (request && request != station->request) {
        other_content(station, answer);
        return 1;
    }
    if (slot)
        *answer = slot->answer;
    return slot ? 1 : found > 0 ? found_event(station, &outcome, answer, error) : found;
}
