/* SPDX-License-Identifier: MIT
 *
 * What holds for every screen: nothing is drawn before there is something to show, no size breaks it, keys are told apart.
 */
#include <string.h>

#include "core/station/station.h"
#include "tests/support/dump.h"
#include "tui/app/chrome.h"
#include "tui/app/lists.h"
#include "tui/screens/screens.h"

/* Before the first load. */
static void draw(const struct screen *screen, int rows, int cols)
{
    struct canvas *canvas = canvas_new(rows, cols, GLYPHS_ASCII);
    struct chrome chrome = {.screen = screen};
    chrome.place.state = screen_enter(screen, NULL);
    chrome.place.field = "";
    chrome.place.body = chrome_body(rows, cols);
    if (chrome_too_small(canvas))
        chrome_draw_too_small(canvas);
    else
        chrome_draw(&chrome, canvas);
    for (int cell = 0; cell < rows * cols; cell++)
        g_assert_false(text_char_ambiguous(canvas->cells[cell].c));
    lists_leave(screen, chrome.place.state);
    canvas_free(canvas);
}

/* Every screen at every size: drawn, or one message where it is too small. */
static void test_all_sizes(void)
{
    for (size_t i = 0; SCREENS[i]; i++)
        for (int rows = 1; rows < 60; rows += 7)
            for (int cols = 1; cols < 200; cols += 23)
                draw(SCREENS[i], rows, cols);
}

/* A copy says that it is one, on every screen and however narrow it is. */
static void test_copies_say_so(void)
{
    const struct station_view view = {.copy_of_at = INT64_C(1795356180000), .zone = g_time_zone_new_utc(),
                                      .warehouse = "a warehouse with a name that is long", .station = "bench-1"};
    for (size_t i = 0; SCREENS[i]; i++) {
        struct canvas *canvas = canvas_new(24, 80, GLYPHS_ASCII);
        struct chrome chrome = {.screen = SCREENS[i], .place = {.view = &view, .field = "", .body = chrome_body(24, 80)}};
        chrome.place.state = screen_enter(SCREENS[i], NULL);
        chrome_draw(&chrome, canvas);
        g_autofree char *frame = canvas_dump(canvas);
        g_assert_nonnull(strstr(frame, "COPY of 2026-11-22 14:03"));
        lists_leave(SCREENS[i], chrome.place.state);
        canvas_free(canvas);
    }
    g_time_zone_unref(view.zone);
}

/* Every key table: an F-key twice would hide the second, a word twice too; every row says what it does. */
static void check_keys(const struct key_row *rows)
{
    for (const struct key_row *a = rows; a && a->action; a++) {
        g_assert_nonnull(a->word);
        g_assert_nonnull(a->label);
        g_assert_nonnull(a->about);
        for (const struct key_row *b = a + 1; b->action; b++) {
            g_assert_true(a->key == K_NONE || a->key != b->key);
            g_assert_cmpstr(a->word, !=, b->word);
        }
    }
}

/* The shortest way to a row that the footer names leads there. */
static void check_names(const struct screen *screen)
{
    struct keymap map = screen_keymap(screen);
    for (const struct key_row *row = screen->keys; row && row->action; row++) {
        char buffer[KEYMAP_NAME_SIZE];
        const char *name = keymap_name(&map, row, buffer);
        g_assert_true(row->key == K_NONE ? keymap_word(&map, name + 1, strlen(name + 1)) == row : name != NULL);
    }
}

static void test_keys(void)
{
    check_keys(SCREEN_KEYS);
    check_keys(LIST_KEYS);
    for (size_t i = 0; SCREENS[i]; i++) {
        check_keys(SCREENS[i]->keys);
        check_names(SCREENS[i]);
    }
}

/* F2 to F9 are the same screens on every list. */
static void test_keys_of_lists(void)
{
    for (size_t i = 0; SCREENS[i]; i++)
        for (const struct key_row *row = SCREENS[i]->keys; SCREENS[i]->flags & SCREEN_LIST && row->action; row++)
            if (row->key >= K_F1 && row->key <= K_F9)
                g_error("%s: %s is a screen on lists", SCREENS[i]->id, row->word);
    for (const struct key_row *row = LIST_KEYS; row->action; row++)
        g_assert_true(row->key >= K_F2 && row->key <= K_F9);
}

/* What can't be undone is done by its whole word only; what means two things does none of them. */
static void test_words(void)
{
    struct keymap map = screen_keymap(screen_find(SCREENS, "batches"));
    g_assert_cmpstr(keymap_word(&map, "a", 1)->word, ==, "assign");
    g_assert_cmpstr(keymap_word(&map, "next 30 hct", 4)->word, ==, "next");
    g_assert_cmpstr(keymap_word(&map, "cancel", 6)->word, ==, "cancel");
    g_assert_null(keymap_word(&map, "cance", 5));
    g_assert_null(keymap_word(&map, "", 0));
    map = screen_keymap(screen_find(SCREENS, "order"));
    g_assert_null(keymap_word(&map, "re", 2)); /* release, reprint */
    g_assert_cmpstr(keymap_word(&map, "bat", 3)->word, ==, "batches");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/all-sizes", test_all_sizes);
    g_test_add_func("/rules/copies", test_copies_say_so);
    g_test_add_func("/rules/keys", test_keys);
    g_test_add_func("/rules/keys-of-lists", test_keys_of_lists);
    g_test_add_func("/rules/words", test_words);
    return g_test_run();
}
