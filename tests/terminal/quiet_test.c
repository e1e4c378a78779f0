/* SPDX-License-Identifier: MIT
 *
 * What the program writes: little when little changes, one message in a window that is too small, and no glyph that the
 * terminal may draw in two columns when it was asked not to.
 */
#include <string.h>

#include "tests/support/seat.h"

enum { ORDERS = 40 };

/* --- little --------------------------------------------------------------------------------------------- */

static void moves_with_little(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    for (int i = 0; i < ORDERS; i++) {
        char *number = g_strdup_printf("SP-3%03d", i);
        floor_release(floor, floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 1})));
        g_free(number);
    }
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, "SP-3000");
    pty_settle(pty, 600);
    pty_type(pty, "\033[B");
    size_t bytes = seat_writes(pty);
    g_test_message("moving the selection writes %d bytes", (int)bytes);
    g_assert_cmpuint(bytes, <, 400);
    seat_close(pty);
    floor_close(floor);
}

/* --- too small ------------------------------------------------------------------------------------------ */

static void too_small_a_window(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 1");
    pty_resize(pty, 5, 20);
    seat_sees(pty, "80x24");
    g_assert_false(seat_shows(pty, "scanned"));
    seat_hears_no_more(pty);
    seat_scan(pty, SEAT_CODE);
    seat_hears(pty, 1);
    pty_type(pty, "\033OS"); /* F4, undo */
    seat_hears(pty, 1);
    pty_resize(pty, 24, 80);
    seat_sees(pty, "scanned 1");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 2");
    seat_close(pty);
    floor_close(floor);
}

/* Started in one: the same, and nothing is lost either. */
static void starts_too_small(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *pty = seat_start(test, &(struct seat_how){.rows = 5, .cols = 20});
    seat_sees(pty, "80x24");
    seat_scan(pty, SEAT_BADGE);
    seat_hears(pty, 1);
    pty_resize(pty, 24, 80);
    seat_log_in(pty);
    seat_close(pty);
    floor_close(floor);
}

/* --- glyphs and languages ------------------------------------------------------------------------------- */

/* Every character beyond ASCII that was written is a wide one: of somebody's name, or of a translation. */
static void nothing_ambiguous(struct pty *pty)
{
    size_t length;
    const char *output = pty_output(pty, &length), *end = output + length;
    g_assert_true(g_utf8_validate(output, (gssize)length, NULL));
    for (const char *p = output; p < end; p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char(p);
        if (c >= 0x80 && !g_unichar_iswide(c))
            g_error("U+%04X was written:\n%s", c, pty_screen(pty));
    }
}

static void ascii_glyphs(struct testdb *test, const char *language, const char *badge, const char *open)
{
    static const char *const ENVIRONMENT[] = {"PACKLINE_GLYPHS=ascii", NULL};
    static const char *const KEYS[] = {"\033OP", "\033", "\033OQ", "\033OR", "\033", "\033[18~", "\033", "\033[19~", "\033", "\033[20~"};
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty =
        seat_start(test, &(struct seat_how){.environment = ENVIRONMENT, .language = language, .rows = 50, .cols = 160});
    seat_sees(pty, badge);
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "PIN");
    seat_scan(pty, SEAT_PIN);
    seat_sees(pty, SEAT_ORDER);
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, open);
    seat_scan(pty, SEAT_OTHER_CODE);
    seat_sees(pty, "PL-");
    seat_lets_settle(pty);
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        pty_type(pty, KEYS[i]);
        pty_settle(pty, 100);
    }
    nothing_ambiguous(pty);
    seat_close(pty);
    floor_close(floor);
}

static void ascii_glyphs_english(struct testdb *test)
{
    ascii_glyphs(test, "en", "Scan your badge", "scanned");
}

static void ascii_glyphs_chinese(struct testdb *test)
{
    ascii_glyphs(test, "zh_TW", "登入", "MUG-RED");
}

/* A locale that can't write it falls back and says so; the name is whole all the same. */
static void without_utf8(struct testdb *test)
{
    static const char *const ENVIRONMENT[] = {"LC_ALL=C", "LANG=C", NULL};
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *pty = seat_start(test, &(struct seat_how){.environment = ENVIRONMENT});
    seat_sees(pty, "C.UTF-8");
    seat_log_in(pty);
    seat_sees(pty, "林小美");
    seat_close(pty);
    floor_close(floor);
}

static void on_sqlite(gconstpointer data)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    (*(const testdb_case *)data)(test);
    testdb_free(test);
}

static const struct {
    const char *path;
    testdb_case run;
} CASES[] = {
    {"/quiet/moves_with_little", moves_with_little},
    {"/quiet/too_small_a_window", too_small_a_window},
    {"/quiet/starts_too_small", starts_too_small},
    {"/quiet/ascii_glyphs_english", ascii_glyphs_english},
    {"/quiet/ascii_glyphs_chinese", ascii_glyphs_chinese},
    {"/quiet/without_utf8", without_utf8},
};

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_test_add_data_func(CASES[i].path, &CASES[i].run, on_sqlite);
    return g_test_run();
}
