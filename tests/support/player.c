/* SPDX-License-Identifier: MIT */
#include "tests/support/player.h"

#include <string.h>

#include "core/apply/apply.h"
#include "core/db/db.h"
#include "core/site/site.h"
#include "tests/support/floor.h"

static const struct tape_entry *entry_at(const struct player *player, guint i)
{
    return &g_array_index(player->tape->entries, struct tape_entry, i);
}

/* --- who plays ---------------------------------------------------------------------------------------------- */

static void site_free(gpointer site)
{
    site_close(site);
}

struct site *player_site(struct player *player, int64_t station_id)
{
    GError *error = NULL;
    g_autofree char *name = g_strdup_printf("bench-%" G_GINT64_FORMAT, station_id);
    struct site *site = site_open_as(station_id ? SITE_STATION : SITE_PROGRAM, player->test->url, name, &player->clock.clock,
                                     &error);
    g_assert_no_error(error);
    return site;
}

struct player *player_new(const struct testdb *test, const struct tape *tape, uint64_t seed)
{
    struct player *player = g_new0(struct player, 1);
    player->test = test;
    player->tape = tape;
    player->chance = chance_of(seed, 1000);
    clock_manual_init(&player->clock, g_array_index(tape->entries, struct tape_entry, 0).at);
    player->sites = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, site_free);
    player_first_rows(player);
    player->house = player_site(player, 0);
    return player;
}

void player_free(struct player *player)
{
    if (!player)
        return;
    g_hash_table_unref(player->sites);
    site_close(player->house);
    g_free(player);
}

struct site *player_at(struct player *player, int64_t station_id)
{
    struct site *site = station_id ? g_hash_table_lookup(player->sites, &station_id) : player->house;
    if (!site) {
        site = player_site(player, station_id);
        g_hash_table_insert(player->sites, g_memdup2(&station_id, sizeof station_id), site);
    }
    return site;
}

void player_leave(struct player *player, int64_t station_id)
{
    g_hash_table_remove(player->sites, &station_id);
}

/* --- what came of it ---------------------------------------------------------------------------------------- */

/* Who did last what, and who has the work now, is told to people only, and memory does not know. */
static gboolean tells_last_act(const struct outcome *outcome)
{
    return outcome->code == ERR_FLOW_STATE || outcome->code == ERR_FLOW_OUTBOUND || outcome->code == ERR_FLOW_CONFLICT ||
           outcome->code == ERR_PICK_DONE || outcome->code == ERR_DOCK_OUT || outcome->code == ERR_WORK_TAKEN;
}

static gboolean is_same(const struct outcome *one, const struct outcome *other)
{
    return one->verdict == other->verdict && one->code == other->code && one->state == other->state &&
           one->shipment_id == other->shipment_id && one->subject_id == other->subject_id &&
           (tells_last_act(one) || strcmp(one->text, other->text) == 0);
}

static char *tell_outcome(const struct outcome *outcome)
{
    return g_strdup_printf("%d PL-%04d %s, shipment %" G_GINT64_FORMAT ", subject %" G_GINT64_FORMAT ": %s",
                           (int)outcome->verdict, (int)outcome->code, flow_state_name(outcome->state), outcome->shipment_id,
                           outcome->subject_id, outcome->text);
}

static void compare_outcome(const struct tape_entry *entry, const struct outcome *outcome, const char *how)
{
    if (is_same(&entry->outcome, outcome))
        return;
    g_autofree char *wanted = tell_outcome(&entry->outcome);
    g_autofree char *got = tell_outcome(outcome);
    g_error("%s (%s) of shipment %" G_GINT64_FORMAT ", key %" G_GINT64_FORMAT ":\nin memory %s\nhere      %s",
            flow_event_name(entry->event.kind), how, entry->event.shipment_id, entry->event.key, wanted, got);
}

/* --- events ------------------------------------------------------------------------------------------------- */

static void prepare(struct player *player, const struct tape_entry *entry)
{
    if (entry->event.kind == EV_SHIPMENT_MAKE)
        player_say_order(player, entry->event.order_id);
}

static void apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes)
{
    GError *error = NULL;
    if (!flow_apply(site, events, n, outcomes, &error))
        g_error("%s, the first of %zu, key %" G_GINT64_FORMAT ": %s", flow_event_name(events->kind), n, events->key,
                error->message);
}

/* The first answer again; or, asked for something else, none. */
static void send_again(struct player *player, const struct tape_entry *entry, gboolean other)
{
    struct site *site = player_at(player, entry->event.actor.station_id);
    struct event event = entry->event;
    struct outcome outcome;
    int64_t sequence = site->writer.sequence;
    event.quantity += other;
    apply(site, &event, 1, &outcome);
    if (other)
        g_assert_cmpint(outcome.code, ==, ERR_FLOW_KEY);
    else
        compare_outcome(entry, &outcome, "again");
    g_assert_true(other || outcome.repeated);
    g_assert_cmpint(site->writer.sequence, ==, sequence);
    player->again += !other;
    player->other += other;
}

static void play_one(struct player *player, guint i)
{
    const struct tape_entry *entry = entry_at(player, i);
    struct site *site = player_at(player, entry->event.actor.station_id);
    struct outcome outcome;
    prepare(player, entry);
    if (!player->apply || !player->apply(player, site, &entry->event, &outcome, player->data))
        apply(site, &entry->event, 1, &outcome);
    compare_outcome(entry, &outcome, "alone");
    if (chance_percent(&player->chance, 2))
        send_again(player, entry, chance_percent(&player->chance, 40));
}

/* Of an earlier one. */
static void send_late(struct player *player, guint i)
{
    const struct tape_entry *entry = entry_at(player, (guint)chance_below(&player->chance, i));
    if (entry->kind == TAPE_EVENT)
        send_again(player, entry, chance_percent(&player->chance, 40));
}

static void play_many(struct player *player, const GArray *which)
{
    g_autofree struct event *events = g_new0(struct event, which->len);
    g_autofree struct outcome *outcomes = g_new0(struct outcome, which->len);
    for (guint i = 0; i < which->len; i++) {
        const struct tape_entry *entry = entry_at(player, g_array_index(which, guint, i));
        prepare(player, entry);
        events[i] = entry->event;
    }
    apply(player_at(player, events->actor.station_id), events, which->len, outcomes);
    for (guint i = 0; i < which->len; i++)
        compare_outcome(entry_at(player, g_array_index(which, guint, i)), &outcomes[i], "among many");
    player->bulks++;
    player->in_bulk += which->len;
}

static gboolean is_made(const struct player *player, int64_t order_id, const GArray *which)
{
    for (guint i = 0; i < which->len; i++)
        if (entry_at(player, g_array_index(which, guint, i))->event.order_id == order_id)
            return TRUE;
    return FALSE;
}

/* Rows of new orders may be there before the first of a run of births; not what a line of one that is born turns out to be. */
static gboolean is_of_order(const struct player *player, const struct tape_entry *entry, const GArray *born)
{
    if (entry->kind != TAPE_SAID || (entry->row->table != TABLE_WANTED && entry->row->table != TABLE_SHIPMENT))
        return FALSE;
    return entry->row->table == TABLE_SHIPMENT ||
           !is_made(player, ((const struct wanted *)(const void *)entry->row)->order_id, born);
}

/* The events that the same one asks at the same hour, from the first on, and how far they go. */
static guint gather(const struct player *player, guint first, GArray *which)
{
    const struct tape_entry *entry = entry_at(player, first);
    gboolean births = TRUE;
    guint i = first, end = first;
    for (; i < player->tape->entries->len; i++) {
        const struct tape_entry *next = entry_at(player, i);
        if (births && next->at == entry->at && is_of_order(player, next, which))
            continue;
        if (next->kind != TAPE_EVENT || next->at != entry->at ||
            next->event.actor.station_id != entry->event.actor.station_id)
            break;
        births = births && next->event.kind == EV_SHIPMENT_MAKE;
        g_array_append_val(which, i);
        end = i + 1;
        if (!births && end < player->tape->entries->len && entry_at(player, end)->kind != TAPE_EVENT)
            break;
    }
    return end;
}

static guint play_event(struct player *player, guint first)
{
    g_autoptr(GArray) which = g_array_new(FALSE, FALSE, sizeof(guint));
    guint end = gather(player, first, which);
    if (which->len < 2 || chance_percent(&player->chance, 40)) {
        play_one(player, first);
        player->events++;
        return first + 1;
    }
    player_say(player, first, end - first);
    play_many(player, which);
    player->events += which->len;
    return end;
}

static guint play_said(struct player *player, guint first)
{
    guint n = 0;
    while (first + n < player->tape->entries->len && entry_at(player, first + n)->kind != TAPE_EVENT)
        n++;
    player_say(player, first, n);
    return first + n;
}

void player_play(struct player *player)
{
    guint i = 0;
    while (entry_at(player, i)->kind == TAPE_SAID) /* the first rows are there */
        i++;
    while (i < player->tape->entries->len) {
        const struct tape_entry *entry = entry_at(player, i);
        player->clock.now_utc_ms = entry->at;
        i = entry->kind == TAPE_EVENT ? play_event(player, i) : play_said(player, i);
        if (chance_below(&player->chance, 200) == 0)
            send_late(player, i);
    }
}
