/* SPDX-License-Identifier: MIT
 *
 * What every screen shows of one small floor at one moment: the whole frame, in both sizes, both glyph sets and both
 * languages, against goldens. UPDATE_GOLDENS=1 writes them anew; read the difference.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/print/run.h"
#include "tests/support/floor.h"
#include "tests/support/golden.h"
#include "tui/app/chrome.h"
#include "tui/app/lists.h"
#include "tui/screens/screens.h"

/* gettext looks again for a catalogue when this has changed; setting LANGUAGE alone is not seen. */
extern int _nl_msg_cat_cntr;

enum { MINUTE_MS = 60000 };
static const int64_t NOW_MS = 1763791380000; /* 2025-11-22 14:03 in Taipei */

static const struct look {
    int rows, cols;
    enum glyph_set glyphs;
    const char *language, *name;
} LOOKS[] = {
    {24, 80, GLYPHS_ASCII, "en", "80x24-ascii-en"},
    {24, 80, GLYPHS_UNICODE, "zh_TW", "80x24-unicode-zh_TW"},
    {50, 160, GLYPHS_UNICODE, "en", "160x50-unicode-en"},
    {50, 160, GLYPHS_ASCII, "zh_TW", "160x50-ascii-zh_TW"},
};

struct stage {
    const char *language;
    struct testdb *test;
    struct clock_manual clock;
    struct floor *floor;
    struct session session;
    struct desk *desk;
    struct actor lead;
    int64_t orders[8];
};

/* --- the floor ------------------------------------------------------------------------------------------ */

static void exec(struct stage *stage, const char *sql, const struct db_value *args, size_t count)
{
    GError *error = NULL;
    db_exec(stage->floor->site->db, floor_sql(sql), args, count, NULL, &error);
    g_assert_no_error(error);
}

static void product(struct stage *stage, const char *sku, const char *code, const char *name, const char *bin, int walk,
                    int stock)
{
    int64_t id = floor_product(stage->floor, sku, code);
    exec(stage, "UPDATE product SET name = $2 WHERE id = $1", DB_ARGS(db_int(id), db_text(name)));
    floor_receive(stage->floor, id, 0, floor_bin(stage->floor, bin, walk), stock);
}

/* An order whose recipient, notes, money and cut-off are these. */
static int64_t order(struct stage *stage, const char *number, const char *courier, const struct floor_item *items,
                     size_t count, int cut_off_minutes)
{
    int64_t id = floor_order(stage->floor, number, courier, items, count);
    exec(stage, "UPDATE shipment SET cut_off_at = $2 WHERE id = $1",
         DB_ARGS(db_int(id), db_int(NOW_MS + (int64_t)cut_off_minutes * MINUTE_MS)));
    return id;
}

static void hold(struct stage *stage, int64_t shipment, enum block block, const char *reason)
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
    exec(stage, "UPDATE product SET safety_stock = 10 WHERE sku = $1", DB_ARGS(db_text("BAG-COT-01")));
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
    exec(stage, "UPDATE recipient SET buyer_note = $2 WHERE id = (SELECT recipient_id FROM shipment WHERE id = $1)",
         DB_ARGS(db_int(ids[0]), db_text("送禮,請附提袋")));
    exec(stage, "UPDATE shipment SET cod_minor = 128000, currency = 'TWD' WHERE id = $1", DB_ARGS(db_int(ids[0])));
    for (int i = 0; i < (int)G_N_ELEMENTS(stage->orders); i++)
        if (i != 2)
            floor_release(stage->floor, ids[i]);
    hold(stage, ids[2], BLOCK_HELD, "address unclear");
    hold(stage, ids[4], BLOCK_UNPAID, "");
}

/* A batch of two with a tote each, begun by its picker. */
static void batch(struct stage *stage)
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
static void labelled(struct stage *stage)
{
    for (int i = 6; i <= 7; i++) {
        floor_pick_all(stage->floor, stage->orders[i]);
        floor_pack_all(stage->floor, stage->orders[i]);
        floor_apply_label(stage->floor, stage->orders[i]);
    }
}

static void print_room(struct stage *stage)
{
    GError *error = NULL;
    struct run_made made;
    exec(stage, "UPDATE printer SET state = 'stopped', state_text = 'media-empty', state_at = $1, checked_at = $1",
         DB_ARGS(db_int(NOW_MS - 4 * MINUTE_MS)));
    run_start(stage->floor->site, &stage->floor->lead, &(struct run_wish){.filter = "courier=hct"}, &made, NULL, NULL,
              &error);
    g_assert_no_error(error);
}

static void unmapped(struct stage *stage)
{
    exec(stage, "INSERT INTO listing (id, shop_id, ident, shop_sku, title, variant) VALUES ($1, $2, $3, $3, $4, $5)",
         DB_ARGS(db_int(site_id(stage->floor->site)), db_int(stage->floor->shop_id), db_text("SHOP-SET-9"),
                 db_text("茶具組 五件"), db_text("白 / L")));
}

/* --- the station ---------------------------------------------------------------------------------------- */

static void speak(const char *language)
{
    translate_init(language, NULL);
    _nl_msg_cat_cntr++;
}

static void scan(struct stage *stage, const char *text)
{
    GError *error = NULL;
    struct answer answer;
    station_scan(stage->session.station, text, strlen(text), 0, &answer, &error);
    g_assert_no_error(error);
}

static void command(struct stage *stage, enum command which, const char *argument)
{
    GError *error = NULL;
    struct answer answer;
    station_command(stage->session.station, which, argument, 0, &answer, &error);
    g_assert_no_error(error);
}

static void stage_open(struct stage *stage, const char *language)
{
    GError *error = NULL;
    stage->language = language;
    speak(language);
    stage->test = testdb_new(DB_SQLITE);
    stage->floor = floor_open(stage->test, "setup");
    clock_manual_init(&stage->clock, NOW_MS);
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
    stage->desk = NULL;
}

static void stage_close(struct stage *stage)
{
    desk_free(stage->desk);
    station_close(stage->session.station);
    floor_close(stage->floor);
    testdb_free(stage->test);
    speak("en");
}

/* --- the pictures --------------------------------------------------------------------------------------- */

static void load(struct stage *stage, const struct screen *screen, struct place *place)
{
    GError *error = NULL;
    void *question = screen->ask ? screen->ask(place) : NULL;
    void *snapshot = screen->load(&stage->session, question, &error);
    g_assert_no_error(error);
    if (question && screen->ask_free)
        screen->ask_free(question);
    if (place->snapshot && screen->snapshot_free)
        screen->snapshot_free((void *)(uintptr_t)place->snapshot);
    place->snapshot = snapshot;
    lists_arrived(screen, place);
}

static void draw_one(struct stage *stage, const struct look *look, const char *id, const char *argument, const char *field,
                     const char *name)
{
    const struct screen *screen = screen_find(SCREENS, id);
    struct canvas *canvas = canvas_new(look->rows, look->cols, look->glyphs);
    struct place place = {.state = screen->enter ? screen->enter(argument) : NULL, .desk = stage->desk, .field = field,
                          .now_utc_ms = NOW_MS, .body = chrome_body(look->rows, look->cols)};
    for (int i = 0; screen->load && stage->desk && i < 2; i++) /* the second brings what the first selects */
        load(stage, screen, &place);
    canvas_clear(canvas);
    chrome_draw(&(struct chrome){.screen = screen, .place = place, .masked = screen->masked && screen->masked(&place)},
                canvas);
    char *path = g_strdup_printf("screens/goldens/%s-%s", name, look->name);
    golden_check(canvas, path);
    g_free(path);
    if (place.snapshot && screen->snapshot_free)
        screen->snapshot_free((void *)(uintptr_t)place.snapshot);
    lists_leave(screen, place.state);
    canvas_free(canvas);
}

/* In every look of the stage's language. */
static void draw(struct stage *stage, const char *id, const char *argument, const char *field, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LOOKS); i++)
        if (strcmp(LOOKS[i].language, stage->language) == 0)
            draw_one(stage, &LOOKS[i], id, argument, field, name);
}

static void picture(struct stage *stage, const char *id, const char *argument, const char *name)
{
    GError *error = NULL;
    desk_free(stage->desk);
    stage->desk = session_desk(&stage->session, &error);
    g_assert_no_error(error);
    draw(stage, id, argument, "", name);
}

static void log_in(struct stage *stage)
{
    command(stage, CMD_LOGIN, "4001 482915");
}

static void test_login(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    draw(&stage, "login", NULL, "", "login-opening");
    picture(&stage, "login", NULL, "login");
    scan(&stage, "4001");
    picture(&stage, "login", NULL, "login-pin");
    draw(&stage, "login", NULL, "4829", "login-typing");
    stage_close(&stage);
}

static void test_queue(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    log_in(&stage);
    picture(&stage, "queue", "/nothing", "queue-empty");
    batch(&stage);
    picture(&stage, "queue", NULL, "queue");
    char *id = g_strdup_printf("%" G_GINT64_FORMAT, stage.orders[2]);
    picture(&stage, "order", id, "order");
    picture(&stage, "batches", NULL, "batches");
    picture(&stage, "help", "queue", "help");
    unmapped(&stage);
    picture(&stage, "unmapped", NULL, "unmapped");
    picture(&stage, "stock", NULL, "stock");
    print_room(&stage);
    picture(&stage, "printers", NULL, "printers");
    g_free(id);
    stage_close(&stage);
}

static void test_pick(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    log_in(&stage);
    scan(&stage, "SP2411-00917");
    picture(&stage, "pick", NULL, "pick");
    scan(&stage, "A-01-1");
    scan(&stage, "4710000000024");
    picture(&stage, "pick", NULL, "pick-counted");
    scan(&stage, "4710000000017");
    picture(&stage, "pick", NULL, "pick-wrong");
    command(&stage, CMD_DISMISS, NULL);
    command(&stage, CMD_SHORT, NULL);
    picture(&stage, "pick", NULL, "pick-short");
    batch(&stage);
    floor_tote(stage.floor, "T-07");
    command(&stage, CMD_PICK, "B0001");
    command(&stage, CMD_CONFIRM, NULL); /* it is another's */
    scan(&stage, "T-07");
    scan(&stage, "A-01-1");
    scan(&stage, "4710000000024");
    picture(&stage, "pick", NULL, "pick-owed");
    stage_close(&stage);
}

/* To somebody whose name no line has room for. */
static void to_a_store(struct stage *stage)
{
    exec(stage, "UPDATE recipient SET name = $2, store_code = '123456', store_name = '示範門市' WHERE id = "
                "(SELECT recipient_id FROM shipment WHERE id = $1)",
         DB_ARGS(db_int(stage->orders[0]),
                 db_text("財團法人臺灣示範練習樣品測試文教基金會附設虛構假想圖書資訊中心採購管理組第二辦公室代收人")));
}

static void test_pack(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    log_in(&stage);
    floor_pick_all(stage.floor, stage.orders[0]);
    command(&stage, CMD_PACK, NULL);
    picture(&stage, "pack", NULL, "pack-idle");
    scan(&stage, "SP2411-00917");
    scan(&stage, "4710000000017");
    scan(&stage, "4710000000017");
    scan(&stage, "4710000000024");
    picture(&stage, "pack", NULL, "pack");
    scan(&stage, "4710000000048");
    scan(&stage, "4710000000048");
    picture(&stage, "pack", NULL, "pack-wrong");
    scan(&stage, "4001");
    picture(&stage, "pack", NULL, "pack-lead");
    command(&stage, CMD_DISMISS, NULL);
    command(&stage, CMD_SPLIT, NULL);
    picture(&stage, "pack", NULL, "pack-split");
    to_a_store(&stage);
    hold(&stage, stage.orders[0], BLOCK_HELD, "call the buyer");
    picture(&stage, "pack", NULL, "pack-stopped");
    floor_do(stage.floor, (struct event){.kind = EV_UNBLOCK, .actor = stage.floor->lead, .shipment_id = stage.orders[0],
                                         .block = BLOCK_HELD});
    command(&stage, CMD_CANCEL, NULL);
    scan(&stage, "4710000000024");
    scan(&stage, "4710000000031");
    picture(&stage, "pack", NULL, "label");
    stage_close(&stage);
}

static void test_dock(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    log_in(&stage);
    labelled(&stage);
    command(&stage, CMD_DOCK, NULL);
    picture(&stage, "dock", NULL, "dock-idle");
    char *waybill = floor_text(stage.floor, "SELECT MIN(number) FROM waybill WHERE state = 'applied' AND id > $1", 0);
    scan(&stage, waybill);
    picture(&stage, "dock", NULL, "dock");
    command(&stage, CMD_MANIFEST_CLOSE, NULL);
    picture(&stage, "dock", NULL, "dock-closing");
    g_free(waybill);
    stage_close(&stage);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        GTestDataFunc run;
    } TESTS[] = {{"login", test_login}, {"queue", test_queue}, {"pick", test_pick}, {"pack", test_pack}, {"dock", test_dock}};
    static const char *const LANGUAGES[] = {"en", "zh_TW"};
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(TESTS); i++)
        for (size_t language = 0; language < G_N_ELEMENTS(LANGUAGES); language++) {
            char *path = g_strdup_printf("/screens/%s/%s", TESTS[i].name, LANGUAGES[language]);
            g_test_add_data_func(path, LANGUAGES[language], TESTS[i].run);
            g_free(path);
        }
    return g_test_run();
}
