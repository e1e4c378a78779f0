/* SPDX-License-Identifier: MIT
 *
 * What can be done on the screen below: its actions, filtered while one types; Enter does the chosen one.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "tui/screens/screens.h"

enum { ACT_DO = 1, ROWS_MAX = 48 };

static const struct key_row KEYS[] = {
    {K_ENTER, ACT_DO, "do", N_("do it"), N_("Do the chosen action"), KEY_FOOTER},
    {K_ESC, ACT_BACK, "back", N_("back"), N_("Back to the work"), KEY_FOOTER},
    {0},
};

struct help_row {
    const struct key_row *key;
    char name[KEYMAP_NAME_SIZE]; /* how it is reached */
};

struct help {
    const struct screen *screen;
    struct keymap map;
    struct help_row rows[ROWS_MAX];
    int count;
    struct list list;
};

static void key(const void *row, struct list_cell *cell)
{
    const struct help_row *help = row;
    const char *second = keymap_second_way(help->key->key);
    list_say(cell, "%s%s%s", help->name, second[0] ? ", " : "", second);
    cell->ink = INK_INFO;
}

static void word(const void *row, struct list_cell *cell)
{
    list_say(cell, ":%s", ((const struct help_row *)row)->key->word);
    cell->ink = INK_DIM;
}

static void label(const void *row, struct list_cell *cell)
{
    clean_copy(cell->text, sizeof cell->text, _(((const struct help_row *)row)->key->label));
    cell->ink = INK_STRONG;
}

static void about(const void *row, struct list_cell *cell)
{
    clean_copy(cell->text, sizeof cell->text, _(((const struct help_row *)row)->key->about));
}

static const struct list_column COLUMNS[] = {
    {N_("key"), 10, 0, TEXT_LEFT, 0, .cell = key, .find = TRUE},
    {N_("command"), 10, 0, TEXT_LEFT, 0, .cell = word, .find = TRUE},
    {N_("action"), 16, 0, TEXT_LEFT, 100, .cell = label, .find = TRUE},
    {N_("what it does"), 20, 1, TEXT_LEFT, 0, .cell = about, .find = TRUE},
};

static const struct list_ops LIST = {COLUMNS, G_N_ELEMENTS(COLUMNS), sizeof(struct help_row), LIST_NO_ID, 0};

static gboolean is_listed(const struct help *help, int action)
{
    for (int i = 0; i < help->count; i++)
        if (help->rows[i].key->action == action)
            return TRUE;
    return FALSE;
}

static void add_rows(struct help *help, const struct key_row *rows, const char *wanted)
{
    for (; rows && rows->action && help->count < ROWS_MAX; rows++) {
        struct help_row *row = &help->rows[help->count];
        row->key = rows;
        char buffer[KEYMAP_NAME_SIZE];
        g_strlcpy(row->name, keymap_name(&help->map, rows, buffer), sizeof row->name);
        if (rows->action != ACT_HELP && !is_listed(help, rows->action) && list_row_has(&LIST, row, wanted))
            help->count++;
    }
}

static void fill(struct help *help, const char *wanted)
{
    help->count = 0;
    for (int i = 0; help->map.tables[i]; i++)
        add_rows(help, help->map.tables[i], wanted);
    list_rewind(&help->list);
}

static void help_enter(void *state, const char *argument)
{
    struct help *help = state;
    help->screen = screen_find(SCREENS, argument ? argument : "queue");
    help->map = screen_keymap(help->screen);
    fill(help, "");
}

static void help_lists(const struct place *place, struct lists *lists)
{
    struct help *help = place->state;
    struct rect body = place->body;
    struct rect rect = {body.row + 2, 0, body.rows - 2, body.cols};
    lists->views[lists->count++] = list_whole(&LIST, &help->list, rect, help->rows, help->count);
}

static void help_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    canvas_text(canvas, body.row, 1, INK_STRONG, _(((const struct help *)place->state)->screen->title));
}

static struct request help_handle(struct place *place, const struct happening *happening)
{
    struct help *help = place->state;
    if (happening->field_changed)
        fill(help, place->field);
    if (happening->action == ACT_DO && help->count > 0)
        return (struct request){.kind = REQUEST_KEY, .action = help->rows[help->list.row].key->action};
    return request_of(REQUEST_DRAW);
}

const struct screen SCREEN_HELP = {
    .id = "help",
    .title = N_("Help"),
    .flags = SCREEN_SEARCH | SCREEN_PUBLIC,
    .keys = KEYS,
    .state_size = sizeof(struct help),
    .enter = help_enter,
    .lists = help_lists,
    .draw = help_draw,
    .handle = help_handle,
    .hint = N_("type to find an action"),
};
