/* SPDX-License-Identifier: MIT
 *
 * The list without a screen: where one is when rows come and go, sorting, marks, the mouse's places.
 */
#include "tui/widgets/list.h"

#include <string.h>

struct row {
    int64_t id, number;
    char name[16];
};

static const struct list_column COLUMNS[] = {
    {"name", 8, 0, TEXT_LEFT, 0, LIST_TEXT(struct row, name), .find = TRUE},
    {"number", 6, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct row, number)},
};

static const struct list_ops OPS = {COLUMNS, G_N_ELEMENTS(COLUMNS), sizeof(struct row), offsetof(struct row, id),
                                    LIST_MARKS};

enum { ROWS = 5 };

static const struct row FRUIT[ROWS] = {
    {1, 30, "box 10"}, {2, 10, "box 9"}, {3, 20, "apple"}, {4, 10, "cherry"}, {5, 5, "box 9"}};

static struct list_view view_of(struct list *list, const struct row *rows, int count)
{
    return (struct list_view){
        .ops = &OPS, .list = list, .rect = {2, 10, 4, 30}, .rows = rows, .count = count, .held = count};
}

static char *ids(const struct list_view *view)
{
    GString *text = g_string_new(NULL);
    for (int n = 0; n < view->count; n++)
        g_string_append_printf(text, "%d", (int)((const struct row *)list_row_at(view, n))->id);
    return g_string_free(text, FALSE);
}

static void check_order(const struct list_view *view, const char *wanted)
{
    g_autofree char *is = ids(view);
    g_assert_cmpstr(is, ==, wanted);
}

static int64_t selected(const struct list_view *view)
{
    const struct row *row = list_selected(view);
    return row ? row->id : 0;
}

static void keeps_its_row(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    list_move(&view, K_END);
    list_move(&view, K_UP);
    g_assert_cmpint(selected(&view), ==, 4);
    g_assert_cmpint(list.top, ==, 2);
    view = view_of(&list, FRUIT + 1, ROWS - 1); /* one above is gone */
    list_settle(&view);
    g_assert_cmpint(selected(&view), ==, 4);
    g_assert_cmpint(list.top, ==, 1); /* on the same line of the screen */
    view = view_of(&list, FRUIT, 2); /* it is gone itself */
    list_settle(&view);
    g_assert_cmpint(selected(&view), ==, 2);
    view = view_of(&list, FRUIT, 0);
    list_settle(&view);
    g_assert_cmpint(selected(&view), ==, 0);
}

static void says_when_it_ends(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    list_move(&view, K_UP);
    g_assert_cmpint(list.beyond, ==, -1);
    list_move(&view, K_END);
    g_assert_cmpint(list.beyond, ==, 0);
    list_move(&view, K_PAGE_DOWN);
    g_assert_cmpint(list.beyond, ==, 1);
    g_assert_false(list_move(&view, K_TAB));
}

static void sorts(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    list_select(&view, 2);
    g_assert_true(list_sort(&view, 1));
    check_order(&view, "52431");
    g_assert_cmpint(selected(&view), ==, 3);
    g_assert_true(list_sort(&view, 1)); /* what is alike stays as it comes */
    check_order(&view, "13245");
    g_assert_true(list_sort(&view, 1));
    check_order(&view, "12345");
    g_assert_true(list_sort(&view, 0)); /* numbers in a text count as numbers */
    check_order(&view, "32514");
    g_assert_cmpint(selected(&view), ==, 3);
    list_clear(&list);
}

static void sorts_only_what_is_there(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    g_assert_true(list_sort(&view, 1));
    view.count = 100; /* of more rows it holds a window */
    list_settle(&view);
    g_assert_cmpint(list.sort, ==, 0);
    g_assert_false(list_sort(&view, 1));
    g_assert_false(list_mark_all(&view));
    view.count = ROWS;
    view.more = TRUE;
    g_assert_false(list_sort(&view, 1));
    list_clear(&list);
}

static void knows_its_headings(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    g_assert_cmpint(list_column_named(&OPS, "NUM"), ==, 1);
    g_assert_cmpint(list_column_named(&OPS, "x"), ==, -1);
    g_assert_cmpint(list_column_named(&OPS, ""), ==, -1);
    g_assert_cmpint(list_column_at(&view, 11), ==, 0);
    g_assert_cmpint(list_column_at(&view, 18), ==, 0);
    g_assert_cmpint(list_column_at(&view, 19), ==, -1); /* between two */
    g_assert_cmpint(list_column_at(&view, 21), ==, 1);
    g_assert_true(list_hit(&view, 5, 39));
    g_assert_false(list_hit(&view, 6, 39));
    g_assert_false(list_hit(&view, 5, 40));
}

static void marks(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    list_mark(&view);
    list_mark(&view);
    g_assert_cmpint(selected(&view), ==, 3);
    g_assert_true(list_is_marked(&view, &FRUIT[1]));
    view = view_of(&list, FRUIT + 1, ROWS - 1); /* what is gone is marked no more */
    list_settle(&view);
    g_autoptr(GArray) chosen = list_take_chosen(&view);
    g_assert_cmpuint(chosen->len, ==, 1);
    g_assert_cmpint(g_array_index(chosen, int64_t, 0), ==, 2);
    g_autoptr(GArray) one = list_take_chosen(&view); /* none is marked: the selected one */
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_cmpint(g_array_index(one, int64_t, 0), ==, 3);
    g_assert_true(list_mark_all(&view));
    g_assert_cmpuint(list.marks->len, ==, ROWS - 1);
    g_assert_true(list_mark_all(&view));
    g_assert_cmpuint(list.marks->len, ==, 0);
    list_clear(&list);
}

static void finds_and_scrolls(void)
{
    struct list list = {0};
    struct list_view view = view_of(&list, FRUIT, ROWS);
    list_settle(&view);
    list_find(&view, "CHER");
    g_assert_cmpint(selected(&view), ==, 4);
    list_find(&view, "nothing");
    g_assert_cmpint(selected(&view), ==, 4);
    list_scroll(&view, -3);
    g_assert_cmpint(list.top, ==, 0);
    g_assert_cmpint(selected(&view), ==, 3); /* kept in sight */
    list_scroll(&view, 1);
    g_assert_cmpint(list.top, ==, 1);
    g_assert_cmpint(selected(&view), ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/list/keeps-its-row", keeps_its_row);
    g_test_add_func("/list/says-when-it-ends", says_when_it_ends);
    g_test_add_func("/list/sorts", sorts);
    g_test_add_func("/list/sorts-only-what-is-there", sorts_only_what_is_there);
    g_test_add_func("/list/knows-its-headings", knows_its_headings);
    g_test_add_func("/list/marks", marks);
    g_test_add_func("/list/finds-and-scrolls", finds_and_scrolls);
    return g_test_run();
}
