/* SPDX-License-Identifier: MIT */
#include "tests/support/stage.h"

#include <string.h>

#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/print/run.h"
#include "tui/app/lists.h"

/* gettext looks again for a catalogue when this has changed; setting LANGUAGE alone is not seen. */
extern int _nl_msg_cat_cntr;

enum { MINUTE_MS = 60000 };

/* --- the floor ------------------------------------------------------------------------------------------ */

void stage_exec(struct stage *stage, const char *sql, const struct db_value *args, size_t count)
{
    GError *error = NULL;
    db_exec(stage->floor->site->db, floor_sql(sql), args, count, NULL, &error);
    g_assert_no_error(error);
}

static void product(struct stage *stage, const char *sku, const char *code, const char *name, const char *bin, int walk,
                    int stock)
{
    int64_t id = floor_product(stage->floor, sku, code);
    stage_exec(stage, "UPDATE product SET name = $2 WHERE id = $1", DB_ARGS(id, name));
    floor_receive(stage->floor, id, 0, floor_bin(stage->floor, bin, walk), stock);
}

/* An order whose recipient, notes, money and cut-off are these. */
static int64_t order(struct stage *stage, const char *number, const char *courier, const struct floor_item *items,
                     size_t count, int cut_off_minutes)
{
    int64_t id = floor_order(stage->floor, number, courier, items, count);
    stage_exec(stage, "UPDATE shipment SET cut_off_at = $2 WHERE id = $1",
         DB_ARGS(id, STAGE_NOW_MS + (int64_t)cut_off_minutes * MINUTE_MS));
    return id;
}

void stage_hold(struct stage *stage, int64_t shipment, enum block block, const char *reason)
{
    floor_do(stage->floor, (struct event){.kind = EV_BLOCK, .actor = stage->floor->lead, .shipment_id = shipment,
                                          .block = block, .reason = reason});
}

static void goods(struct stage *stage)
{
    product(stage, "MUG-RED-350", "4710000000017", "馬克杯 紅 350ml", "A-03-2", 30, 40);
    product(stage, "TEA-OOL-150", "4710000000024", "烏龍茶 150g", "A-01-1", 10, 12);
    product(stage, "BAG-COT-01", "4710000000031", "棉布袋(大)", "B-02-1", 50, 3);
    product(stage, "LONG-NAME", "4710000000048",
            "阿里山高山烏龍茶禮盒 150g x 2 入 附手提袋 Alishan High Mountain Oolong Gift Box", "B-02-3", 60, 5);
    stage_exec(stage, "UPDATE product SET safety_stock = 10 WHERE sku = $1", DB_ARGS("BAG-COT-01"));
}

static void person(struct stage *stage, const char *badge, const char *name, enum role role, int64_t *id)
{
    GError *error = NULL;
    person_add(stage->floor->site, &stage->floor->system, badge, name, role, "482915", id, &error);
    g_assert_no_error(error);
}

static void orders(struct stage *stage)
{
    int64_t *ids = stage->orders;
    ids[0] = order(stage, "SP2411-00917", "hct",
                   FLOOR_ITEMS({"MUG-RED-350", 2}, {"TEA-OOL-150", 2}, {"BAG-COT-01", 1}), 57);
    ids[1] = order(stage, "1042", "post", FLOOR_ITEMS({"TEA-OOL-150", 1}), 58);
    ids[2] = order(stage, "1043", "hct", FLOOR_ITEMS({"MUG-RED-350", 7}, {"LONG-NAME", 1}), 200);
    ids[3] = order(stage, "SP2411-00918", "hct", FLOOR_ITEMS({"MUG-RED-350", 1}, {"LONG-NAME", 1}), -12);
    ids[4] = order(stage, "SP2411-00919", "hct", FLOOR_ITEMS({"TEA-OOL-150", 3}), 57);
    ids[5] = order(stage, "2024-ABCDEFGH-1234567890-XYZ", "hct", FLOOR_ITEMS({"TEA-OOL-150", 1}), 57);
    ids[6] = order(stage, "SP2411-00920", "hct", FLOOR_ITEMS({"MUG-RED-350", 1}), 57);
    ids[7] = order(stage, "SP2411-00921", "hct", FLOOR_ITEMS({"MUG-RED-350", 1}), 57);
    stage_exec(stage,
               "UPDATE recipient SET buyer_note = $2 WHERE id = (SELECT recipient_id FROM shipment WHERE id = $1)",
               DB_ARGS(ids[0], "送禮,請附提袋"));
    stage_exec(stage, "UPDATE shipment SET cod_minor = 128000, currency = 'TWD' WHERE id = $1",
               DB_ARGS(ids[0]));
    for (int i = 0; i < (int)G_N_ELEMENTS(stage->orders); i++)
        if (i != 2)
            floor_release(stage->floor, ids[i]);
    stage_hold(stage, ids[2], BLOCK_HELD, "address unclear");
    stage_hold(stage, ids[4], BLOCK_UNPAID, "");
}

/* A batch of two with a tote each, begun by its picker. */
void stage_batch(struct stage *stage)
{
    struct floor *floor = stage->floor;
    int64_t picker = 0;
    person(stage, "4002", "阿明", ROLE_PICKER, &picker);
    int64_t id = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    for (int i = 3; i <= 5; i += 2)
        floor_do(floor, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = stage->orders[i],
                                       .batch_id = id});
    floor_do(floor, (struct event){.kind = EV_BATCH_ASSIGN, .actor = floor->lead, .batch_id = id, .person_id = picker});
}

/* One is labelled and waits at the dock, one is out. */
void stage_labelled(struct stage *stage)
{
    for (int i = 6; i <= 7; i++) {
        floor_pick_all(stage->floor, stage->orders[i]);
        floor_pack_all(stage->floor, stage->orders[i]);
        floor_apply_label(stage->floor, stage->orders[i]);
    }
}

void stage_print_room(struct stage *stage)
{
    GError *error = NULL;
    struct run_made made;
    stage_exec(stage,
               "UPDATE printer SET state = 'stopped', state_text = 'media-empty', state_at = $1, checked_at = $1",
               DB_ARGS(STAGE_NOW_MS - 4 * MINUTE_MS));
    run_start(stage->floor->site, &stage->floor->lead, &(struct run_wish){.filter = "courier=hct"}, &made, NULL, NULL,
              &error);
    g_assert_no_error(error);
}

void stage_unmapped(struct stage *stage)
{
    stage_exec(stage,
               "INSERT INTO listing (id, shop_id, ident, shop_sku, title, variant) VALUES ($1, $2, $3, $3, $4, $5)",
               DB_ARGS(site_id(stage->floor->site), stage->floor->shop_id, "SHOP-SET-9",
                       "茶具組 五件", "白 / L"));
}

/* --- the station ---------------------------------------------------------------------------------------- */

static void speak(const char *language)
{
    translate_init(language, NULL);
    _nl_msg_cat_cntr++;
}

void stage_scan(struct stage *stage, const char *text)
{
    GError *error = NULL;
    struct answer answer;
    station_scan(stage->session.station, text, strlen(text), 0, &answer, &error);
    g_assert_no_error(error);
}

void stage_command(struct stage *stage, enum command which, const char *argument)
{
    GError *error = NULL;
    struct answer answer;
    station_command(stage->session.station, which, argument, 0, &answer, &error);
    g_assert_no_error(error);
}

void stage_open(struct stage *stage, const char *language)
{
    GError *error = NULL;
    stage->language = language;
    speak(language);
    stage->test = testdb_new(DB_SQLITE);
    stage->floor = floor_open(stage->test, "setup");
    clock_manual_init(&stage->clock, STAGE_NOW_MS);
    stage->floor->site->clock = &stage->clock.clock;
    stage->floor->tampered = TRUE; /* names and times were put in by hand */
    char *pepper = g_build_filename(stage->test->dir, "pepper", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    pepper_create(NULL, &error);
    g_assert_no_error(error);
    g_free(pepper);
    person(stage, "4001", "林小美", ROLE_LEAD, NULL);
    goods(stage);
    orders(stage);
    stage->session.site = stage->floor->site;
    stage->session.station = station_open(stage->floor->site, "bench 3", &error);
    g_assert_no_error(error);
    stage->view = NULL;
}

void stage_close(struct stage *stage)
{
    station_view_free(stage->view);
    station_close(stage->session.station);
    floor_close(stage->floor);
    testdb_free(stage->test);
    speak("en");
}

void stage_load(struct stage *stage, const struct screen *screen, struct place *place)
{
    GError *error = NULL;
    g_autofree void *question = screen_ask(screen, place);
    void *snapshot = screen->load(&stage->session, question, &error);
    g_assert_no_error(error);
    if (place->snapshot && screen->snapshot_free)
        screen->snapshot_free((void *)(uintptr_t)place->snapshot);
    place->snapshot = snapshot;
    lists_arrived(screen, place);
}

void stage_log_in(struct stage *stage)
{
    stage_command(stage, CMD_LOGIN, "4001 482915");
}

void stage_look(struct stage *stage)
{
    GError *error = NULL;
    station_view_free(stage->view);
    stage->view = session_view(&stage->session, FALSE, &error);
    g_assert_no_error(error);
}

void stage_leave(const struct screen *screen, struct place *place)
{
    if (place->snapshot && screen->snapshot_free)
        screen->snapshot_free((void *)(uintptr_t)place->snapshot);
    lists_leave(screen, place->state);
}
