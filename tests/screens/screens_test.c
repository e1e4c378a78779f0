/* SPDX-License-Identifier: MIT
 *
 * What every screen shows of one small floor at one moment: the whole frame, in both sizes, both glyph sets and both
 * languages, against goldens. UPDATE_GOLDENS=1 writes them anew; read the difference.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/golden.h"
#include "tests/support/stage.h"
#include "tui/app/chrome.h"
#include "tui/screens/screens.h"

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

/* --- the pictures --------------------------------------------------------------------------------------- */

static void draw_one(struct stage *stage, const struct look *look, const char *id, const char *argument, const char *field,
                     const char *name)
{
    const struct screen *screen = screen_find(SCREENS, id);
    struct canvas *canvas = canvas_new(look->rows, look->cols, look->glyphs);
    struct place place = {.state = screen_enter(screen, argument), .view = stage->view, .field = field,
                          .now_utc_ms = STAGE_NOW_MS, .body = chrome_body(look->rows, look->cols)};
    for (int i = 0; screen->load && stage->view && i < 2; i++) /* the second brings what the first selects */
        stage_load(stage, screen, &place);
    canvas_clear(canvas);
    chrome_draw(&(struct chrome){.screen = screen, .place = place, .masked = screen->masked && screen->masked(&place)},
                canvas);
    char *path = g_strdup_printf("screens/goldens/%s-%s", name, look->name);
    golden_check(canvas, path);
    g_free(path);
    stage_leave(screen, &place);
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
    stage_look(stage);
    draw(stage, id, argument, "", name);
}

static void test_login(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    draw(&stage, "login", NULL, "", "login-opening");
    picture(&stage, "login", NULL, "login");
    stage_scan(&stage, "4001");
    picture(&stage, "login", NULL, "login-pin");
    draw(&stage, "login", NULL, "4829", "login-typing");
    stage_close(&stage);
}

static void test_queue(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    stage_log_in(&stage);
    picture(&stage, "queue", "/nothing", "queue-empty");
    stage_batch(&stage);
    picture(&stage, "queue", NULL, "queue");
    char *id = g_strdup_printf("%" G_GINT64_FORMAT, stage.orders[2]);
    picture(&stage, "order", id, "order");
    picture(&stage, "batches", NULL, "batches");
    picture(&stage, "help", "queue", "help");
    stage_unmapped(&stage);
    picture(&stage, "unmapped", NULL, "unmapped");
    picture(&stage, "stock", NULL, "stock");
    stage_print_room(&stage);
    picture(&stage, "printers", NULL, "printers");
    g_free(id);
    stage_close(&stage);
}

static void test_pick(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    stage_log_in(&stage);
    stage_scan(&stage, "SP2411-00917");
    picture(&stage, "pick", NULL, "pick");
    stage_scan(&stage, "A-01-1");
    stage_scan(&stage, "4710000000024");
    picture(&stage, "pick", NULL, "pick-counted");
    stage_scan(&stage, "4710000000017");
    picture(&stage, "pick", NULL, "pick-wrong");
    stage_command(&stage, CMD_DISMISS, NULL);
    stage_command(&stage, CMD_SHORT, NULL);
    picture(&stage, "pick", NULL, "pick-short");
    stage_batch(&stage);
    floor_tote(stage.floor, "T-07");
    stage_command(&stage, CMD_PICK, "B0001");
    stage_command(&stage, CMD_CONFIRM, NULL); /* it is another's */
    stage_scan(&stage, "T-07");
    stage_scan(&stage, "A-01-1");
    stage_scan(&stage, "4710000000024");
    picture(&stage, "pick", NULL, "pick-owed");
    stage_close(&stage);
}

/* To somebody whose name no line has room for. */
static void to_a_store(struct stage *stage)
{
    stage_exec(stage, "UPDATE recipient SET name = $2, store_code = '123456', store_name = '示範門市' WHERE id = "
                "(SELECT recipient_id FROM shipment WHERE id = $1)",
         DB_ARGS(stage->orders[0],
                 "財團法人臺灣示範練習樣品測試文教基金會附設虛構假想圖書資訊中心採購管理組第二辦公室代收人"));
}

static void test_pack(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    stage_log_in(&stage);
    floor_pick_all(stage.floor, stage.orders[0]);
    stage_command(&stage, CMD_PACK, NULL);
    picture(&stage, "pack", NULL, "pack-idle");
    stage_scan(&stage, "SP2411-00917");
    stage_scan(&stage, "4710000000017");
    stage_scan(&stage, "4710000000017");
    stage_scan(&stage, "4710000000024");
    picture(&stage, "pack", NULL, "pack");
    stage_scan(&stage, "4710000000048");
    stage_scan(&stage, "4710000000048");
    picture(&stage, "pack", NULL, "pack-wrong");
    stage_scan(&stage, "4001");
    picture(&stage, "pack", NULL, "pack-lead");
    stage_command(&stage, CMD_DISMISS, NULL);
    stage_command(&stage, CMD_SPLIT, NULL);
    picture(&stage, "pack", NULL, "pack-split");
    to_a_store(&stage);
    stage_hold(&stage, stage.orders[0], BLOCK_HELD, "call the buyer");
    picture(&stage, "pack", NULL, "pack-stopped");
    floor_do(stage.floor, (struct event){.kind = EV_UNBLOCK, .actor = stage.floor->lead, .shipment_id = stage.orders[0],
                                         .block = BLOCK_HELD});
    stage_command(&stage, CMD_CANCEL, NULL);
    stage_scan(&stage, "4710000000024");
    stage_scan(&stage, "4710000000031");
    picture(&stage, "pack", NULL, "label");
    stage_close(&stage);
}

static void test_dock(gconstpointer data)
{
    struct stage stage;
    stage_open(&stage, data);
    stage_log_in(&stage);
    stage_labelled(&stage);
    stage_command(&stage, CMD_DOCK, NULL);
    picture(&stage, "dock", NULL, "dock-idle");
    char *waybill = floor_text(stage.floor, "SELECT MIN(number) FROM waybill WHERE state = 'applied' AND id > $1", 0);
    stage_scan(&stage, waybill);
    picture(&stage, "dock", NULL, "dock");
    stage_command(&stage, CMD_MANIFEST_CLOSE, NULL);
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
