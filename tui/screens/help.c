/* SPDX-License-Identifier: MIT
 *
 * What can be done on the screen below: its actions, filtered while one types; Enter does the chosen one.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "tui/screens/screens.h"
#include "tui/widgets/table.h"

static const struct key_row KEYS[] = {
    {K_ENTER, 1, "do", N_("do it"), N_("Do the chosen action"), KEY_FOOTER},
    {K_ESC, 2, "back", N_("back"), N_("Back to the work"), KEY_FOOTER},
    {0},
};

enum { ROWS_MAX = 48 };

struct help {
    const struct screen *screen;
    struct keymap map;
    const struct key_row *rows[ROWS_MAX];
    int count;
    struct cursor cursor;
};

static gboolean matches(const struct key_row *row, const char *wanted)
{
    if (!wanted[0])
        return TRUE;
    char *text = g_strjoin(" ", row->word, _(row->label), _(row->about), input_key_name(row->key), NULL);
    char *folded = g_utf8_casefold(text, -1), *key = g_utf8_casefold(wanted, -1);
    gboolean found = strstr(folded, key) != NULL;
    g_free(key);
    g_free(folded);
    g_free(text);
    return found;
}

static gboolean is_listed(const struct help *help, int action)
{
    for (int i = 0; i < help->count; i++)
        if (help->rows[i]->action == action)
            return TRUE;
    return FALSE;
}

static void add_rows(struct help *help, const struct key_row *rows, const char *wanted)
{
    for (; rows && rows->action && help->count < ROWS_MAX; rows++)
        if (rows->action != ACT_HELP && !is_listed(help, rows->action) && matches(rows, wanted))
            help->rows[help->count++] = rows;
}

static void fill(struct help *help, const char *wanted)
{
    help->count = 0;
    for (int i = 0; help->map.tables[i]; i++)
        add_rows(help, help->map.tables[i], wanted);
    help->cursor = (struct cursor){0};
}

static void *help_enter(const char *argument)
{
    struct help *help = g_new0(struct help, 1);
    help->screen = screen_find(SCREENS, argument ? argument : "queue");
    help->map = screen_keymap(help->screen);
    fill(help, "");
    return help;
}

static void help_cell(const void *rows, int row, int column, struct table_cell *cell)
{
    const struct help *help = rows;
    const struct key_row *key = help->rows[row];
    char buffer[KEYMAP_NAME_SIZE];
    const char *name = keymap_name(&help->map, key, buffer), *second = keymap_second_way(key->key);
    switch (column) {
    case 0:
        g_snprintf(cell->text, sizeof cell->text, "%s%s%s", name, second[0] ? ", " : "", second);
        cell->ink = INK_INFO;
        break;
    case 1:
        g_snprintf(cell->text, sizeof cell->text, ":%s", key->word);
        cell->ink = INK_DIM;
        break;
    case 2:
        clean_copy(cell->text, sizeof cell->text, _(key->label));
        cell->ink = INK_STRONG;
        break;
    default:
        clean_copy(cell->text, sizeof cell->text, _(key->about));
    }
}

static const struct table_column COLUMNS[] = {
    {N_("key"), 10, 0, TEXT_LEFT, 0},
    {N_("command"), 10, 0, TEXT_LEFT, 0},
    {N_("action"), 16, 0, TEXT_LEFT, 100},
    {N_("what it does"), 20, 1, TEXT_LEFT, 0},
};

static void help_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct help *help = place->state;
    canvas_text(canvas, body.row, 1, INK_STRONG, _(help->screen->title));
    struct table table = {COLUMNS, G_N_ELEMENTS(COLUMNS), help_cell, help, help->count};
    struct rect list = {body.row + 2, 0, body.rows - 2, canvas->cols};
    table_draw(&table, &help->cursor, canvas, list);
}

static struct request help_handle(struct place *place, const struct happening *happening)
{
    struct help *help = place->state;
    if (happening->field_changed)
        fill(help, place->field);
    if (happening->action == 2)
        return request_of(REQUEST_BACK);
    if (happening->action == 1 && help->count > 0)
        return (struct request){.kind = REQUEST_KEY, .action = help->rows[help->cursor.row]->action};
    cursor_move(&help->cursor, happening->input, help->count, ROWS_MAX);
    return request_of(REQUEST_DRAW);
}

static const char *help_prompt(const struct place *place)
{
    (void)place;
    return _("type to find an action");
}

const struct screen SCREEN_HELP = {
    .id = "help",
    .title = N_("Help"),
    .flags = SCREEN_SEARCH | SCREEN_PUBLIC,
    .keys = KEYS,
    .enter = help_enter,
    .leave = g_free,
    .draw = help_draw,
    .handle = help_handle,
    .prompt = help_prompt,
};
