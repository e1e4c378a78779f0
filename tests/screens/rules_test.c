/* SPDX-License-Identifier: MIT
 *
 * What holds for every screen: nothing is drawn before there is something to show, no size breaks it, keys are told apart.
 */
#include "tui/app/chrome.h"

/* Before the first load. */
static void draw(const struct screen *screen, int rows, int cols)
{
    struct canvas *canvas = canvas_new(rows, cols, GLYPHS_ASCII);
    struct chrome chrome = {.screen = screen};
    chrome.place.state = screen->enter ? screen->enter(NULL) : NULL;
    chrome.place.field = "";
    chrome.place.body = chrome_body(rows, cols);
    if (chrome_too_small(canvas))
        chrome_draw_too_small(canvas);
    else
        chrome_draw(&chrome, canvas);
    for (int cell = 0; cell < rows * cols; cell++)
        g_assert_false(text_char_ambiguous(canvas->cells[cell].c));
    if (screen->leave)
        screen->leave(chrome.place.state);
    canvas_free(canvas);
}

/* Every screen at every size: drawn, or one message where it is too small. */
static void test_all_sizes(void)
{
    for (size_t i = 0; screen_at(i); i++)
        for (int rows = 1; rows < 60; rows += 7)
            for (int cols = 1; cols < 200; cols += 23)
                draw(screen_at(i), rows, cols);
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

static void test_keys(void)
{
    check_keys(SCREEN_KEYS);
    for (size_t i = 0; screen_at(i); i++)
        check_keys(screen_at(i)->keys);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/all-sizes", test_all_sizes);
    g_test_add_func("/rules/keys", test_keys);
    return g_test_run();
}
