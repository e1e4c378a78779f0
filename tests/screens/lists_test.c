/* SPDX-License-Identifier: MIT
 *
 * Every list of every screen, at every width from 80 to 160, in both glyph sets: it changes no cell outside its
 * rectangle, and what stands beside it is whole.
 */
#include "tests/support/stage.h"
#include "tui/app/chrome.h"
#include "tui/app/lists.h"
#include "tui/screens/detail.h"
#include "tui/screens/queue_inner.h"
#include "tui/screens/screens.h"

enum { COLS_MIN = 80, COLS_MAX = 160, LAST_COLS_MIN = 8 };

static const struct cell UNTOUCHED = {.c = '~', .style = INK_NOTE, .width = 1};

static void fill(struct canvas *canvas)
{
    for (int i = 0; i < canvas->rows * canvas->cols; i++)
        canvas->cells[i] = UNTOUCHED;
}

static gboolean is_untouched(const struct cell *cell)
{
    return cell->c == UNTOUCHED.c && cell->style == UNTOUCHED.style && cell->width == UNTOUCHED.width;
}

/* A list that is drawn on top of marks that nobody may wipe away. */
static void check_list(const struct stage *stage, const char *id, const struct list_view *view, struct canvas *canvas)
{
    struct list_look look = {.glyphs = canvas->glyphs, .now_utc_ms = STAGE_NOW_MS, .zone = stage->view->zone};
    fill(canvas);
    list_draw(view, &look, TRUE, canvas);
    for (int row = 0; row < canvas->rows; row++)
        for (int col = 0; col < canvas->cols; col++)
            if (!list_hit(view, row, col) && !is_untouched(canvas_at(canvas, row, col)))
                g_error("%s at %d columns: a list draws at %d,%d, outside of %d+%d", id, canvas->cols, row, col,
                        view->rect.col, view->rect.cols);
}

/* The last column says in which state a row is: it is there at every width, and wide enough to be read. */
static void check_last_column(const char *id, const struct list_view *view, int cols)
{
    int last = view->ops->column_count - 1, wanted = MIN(view->ops->columns[last].width, LAST_COLS_MIN), shown = 0;
    for (int col = view->rect.col; col < view->rect.col + view->rect.cols; col++)
        shown += list_column_at(view, col) == last;
    if (view->ops->columns[last].title[0] && view->ops->columns[last].from == 0 && shown < wanted)
        g_error("%s at %d columns: the last column has %d of %d", id, cols, shown, wanted);
}

static void check_lists(struct stage *stage, const struct screen *screen, struct place *place, int cols,
                        enum glyph_set glyphs)
{
    struct canvas *canvas = canvas_new(24, cols, glyphs);
    struct lists lists;
    place->body = chrome_body(canvas->rows, cols);
    lists_of(screen, place, &lists);
    for (int n = 0; n < lists.count; n++) {
        int sorts = glyphs == GLYPHS_UNICODE ? lists.views[n].ops->column_count : 0;
        for (int sort = 0; sort <= sorts; sort++) {
            lists.views[n].list->sort = sort;
            check_list(stage, screen->id, &lists.views[n], canvas);
        }
        lists.views[n].list->sort = 0;
        check_last_column(screen->id, &lists.views[n], cols);
    }
    canvas_free(canvas);
}

static struct place open_screen(struct stage *stage, const struct screen *screen, int cols)
{
    struct place place = {.state = screen_enter(screen, NULL), .view = stage->view, .field = "",
                          .now_utc_ms = STAGE_NOW_MS, .body = chrome_body(24, cols)};
    for (int i = 0; screen->load && i < 2; i++) /* the second brings what the first selects */
        stage_load(stage, screen, &place);
    return place;
}

static void full_stage(struct stage *stage, const char *language)
{
    stage_open(stage, language);
    stage_log_in(stage);
    stage_batch(stage);
    stage_unmapped(stage);
    stage_print_room(stage);
    stage_look(stage);
}

static void test_stays_inside(gconstpointer language)
{
    struct stage stage;
    int lists_seen = 0;
    full_stage(&stage, language);
    for (size_t i = 0; SCREENS[i]; i++) {
        if (!SCREENS[i]->lists)
            continue;
        struct place place = open_screen(&stage, SCREENS[i], COLS_MAX);
        for (int cols = COLS_MIN; cols <= COLS_MAX; cols++)
            for (enum glyph_set glyphs = GLYPHS_ASCII; glyphs <= GLYPHS_UNICODE; glyphs++)
                check_lists(&stage, SCREENS[i], &place, cols, glyphs);
        stage_leave(SCREENS[i], &place);
        lists_seen++;
    }
    g_assert_cmpint(lists_seen, ==, 6);
    stage_close(&stage);
}

/* The pane of the selected order, drawn alone and as it stands on the screen. */
static void check_pane(struct stage *stage, int cols)
{
    const struct screen *queue = screen_find(SCREENS, "queue");
    struct place place = open_screen(stage, queue, cols);
    const struct queue_snapshot *snapshot = place.snapshot;
    struct canvas *frame = canvas_new(24, cols, GLYPHS_UNICODE), *alone = canvas_new(24, cols, GLYPHS_UNICODE);
    struct rect list = queue_list_rect(place.body);
    struct rect pane = {list.row, list.cols + 1, list.rows, cols - list.cols - 1};
    chrome_draw(&(struct chrome){.screen = queue, .place = place}, frame);
    g_assert_nonnull(snapshot->detail);
    canvas_vline(alone, list.row, list.cols, list.rows, INK_LINE);
    detail_draw(snapshot->detail, &place, alone, pane);
    for (int row = pane.row; row < pane.row + pane.rows; row++)
        for (int col = list.cols; col < cols; col++) {
            const struct cell *is = canvas_at(frame, row, col), *should = canvas_at(alone, row, col);
            if (is->c != should->c || is->style != should->style)
                g_error("at %d columns the pane is broken at %d,%d", cols, row, col);
        }
    canvas_free(frame);
    canvas_free(alone);
    stage_leave(queue, &place);
}

static void test_pane(void)
{
    struct stage stage;
    full_stage(&stage, "en");
    for (int cols = 120; cols <= COLS_MAX; cols++)
        check_pane(&stage, cols);
    stage_close(&stage);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/lists/stays-inside/en", "en", test_stays_inside);
    g_test_add_data_func("/lists/stays-inside/zh_TW", "zh_TW", test_stays_inside);
    g_test_add_func("/lists/pane", test_pane);
    return g_test_run();
}
