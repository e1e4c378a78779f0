/* SPDX-License-Identifier: MIT */
#include "tui/app/keymap.h"

#include <string.h>

#include "core/base/translate.h"

static const char *const SECOND[] = {"Esc 1", "Esc 2", "Esc 3", "Esc 4", "Esc 5",
                                     "Esc 6", "Esc 7", "Esc 8", "Esc 9", "Esc 0"};

static enum key key_of(const struct input_event *event)
{
    if (event->type == INPUT_KEY && event->mods == 0)
        return event->key;
    if (event->type != INPUT_CHAR || event->mods != MOD_ALT || event->c < '0' || event->c > '9')
        return K_NONE;
    return event->c == '0' ? K_F10 : (enum key)(K_F1 + (event->c - '1'));
}

const struct key_row *keymap_find(const struct keymap *map, const struct input_event *event)
{
    enum key key = key_of(event);
    KEYMAP_EACH(row, map)
        if (key != K_NONE && row->key == key)
            return row;
    return NULL;
}

/* --- words ---------------------------------------------------------------------------------------------- */

static gboolean begins(const struct key_row *row, const char *word, size_t length)
{
    return row->word && strncmp(row->word, word, length) == 0;
}

static gboolean is_word(const struct key_row *row, const char *word, size_t length)
{
    return begins(row, word, length) && row->word[length] == '\0';
}

/* The only row of a table that begins so. *several: there are more of them. */
static const struct key_row *only_one(const struct key_row *rows, const char *word, size_t length, gboolean *several)
{
    const struct key_row *found = NULL;
    for (const struct key_row *row = rows; row->action; row++)
        if (!(row->flags & KEY_WHOLE) && begins(row, word, length)) {
            *several = found != NULL;
            if (found)
                return NULL;
            found = row;
        }
    return found;
}

const struct key_row *keymap_word(const struct keymap *map, const char *word, size_t length)
{
    KEYMAP_EACH(row, map)
        if (is_word(row, word, length))
            return row;
    const struct key_row *found = NULL;
    gboolean several = FALSE;
    for (int i = 0; length > 0 && !found && !several && map->tables[i]; i++)
        found = only_one(map->tables[i], word, length, &several);
    return found;
}

const char *keymap_name(const struct keymap *map, const struct key_row *row, char buffer[static KEYMAP_NAME_SIZE])
{
    if (row->key != K_NONE)
        return input_key_name(row->key);
    size_t length = 1, whole = strlen(row->word);
    while (length < whole && keymap_word(map, row->word, length) != row)
        length++;
    g_snprintf(buffer, KEYMAP_NAME_SIZE, ":%.*s", (int)length, row->word);
    return buffer;
}

const char *keymap_second_way(enum key key)
{
    return key >= K_F1 && key <= K_F10 ? SECOND[key - K_F1] : "";
}

/* --- the footer ----------------------------------------------------------------------------------------- */

enum { ROWS_MAX = 64, GAP = 2 };

struct footer {
    const struct key_row *rows[ROWS_MAX];
    int count;
};

static void add(struct footer *footer, const struct key_row *row)
{
    for (int i = 0; i < footer->count; i++)
        if (footer->rows[i]->action == row->action)
            return;
    if (footer->count < ROWS_MAX)
        footer->rows[footer->count++] = row;
}

static void collect(struct footer *footer, const struct keymap *map)
{
    KEYMAP_EACH(row, map)
        if (row->key == K_F1 && (row->flags & KEY_FOOTER))
            add(footer, row);
    KEYMAP_EACH(row, map)
        if (row->flags & KEY_FOOTER)
            add(footer, row);
    for (const struct key_row *row = map->tables[0]; row->action; row++)
        if (row->key == K_NONE)
            add(footer, row);
}

static int item(struct canvas *canvas, int row, int col, int gap, const char *name, const char *label)
{
    int width = text_width(name) + (label[0] ? 1 + text_width(label) : 0);
    if (col + width > canvas->cols - 1)
        return 0;
    canvas_text(canvas, row, col, INK_KEY, name);
    canvas_text(canvas, row, col + text_width(name) + 1, INK_FOOTER, label);
    return width + gap;
}

static int width_of(const struct footer *footer, const struct keymap *map, int count)
{
    char buffer[KEYMAP_NAME_SIZE];
    int width = 1;
    for (int i = 0; i < count; i++) {
        const struct key_row *row = footer->rows[i];
        width += text_width(keymap_name(map, row, buffer)) + 1 + text_width(_(row->label)) + GAP;
    }
    return width - GAP;
}

/* Those that are marked stand closer together when they don't fit otherwise. */
static void draw_keys(const struct footer *footer, const struct keymap *map, struct canvas *canvas, int row)
{
    char buffer[KEYMAP_NAME_SIZE];
    int marked = 0, col = 1;
    while (marked < footer->count && (footer->rows[marked]->flags & KEY_FOOTER))
        marked++;
    int gap = width_of(footer, map, marked) > canvas->cols - 1 ? GAP - 1 : GAP;
    for (int i = 0; i < footer->count; i++) {
        int width = item(canvas, row, col, gap, keymap_name(map, footer->rows[i], buffer), _(footer->rows[i]->label));
        if (width == 0)
            return;
        col += width;
    }
}

/* What the word that is being typed may become; what it does once it is clear. */
static void draw_words(const struct keymap *map, const char *word, struct canvas *canvas, int at)
{
    size_t length = strcspn(word, " ");
    const struct key_row *clear = keymap_word(map, word, length);
    int col = 1, drawn = 0;
    if (clear) {
        g_autofree char *name = g_strconcat(":", clear->word, NULL);
        item(canvas, at, col, GAP, name, _(clear->about));
        return;
    }
    KEYMAP_EACH(row, map) {
        if (!begins(row, word, length))
            continue;
        g_autofree char *name = g_strconcat(":", row->word, NULL);
        int width = item(canvas, at, col, GAP, name, strcmp(_(row->label), row->word) == 0 ? "" : _(row->label));
        if (width == 0) {
            canvas_text(canvas, at, col, INK_FOOTER, glyph(canvas->glyphs, GLYPH_ELLIPSIS));
            return;
        }
        col += width;
        drawn++;
    }
    if (drawn == 0)
        canvas_field(canvas, at, 1, canvas->cols - 2, TEXT_LEFT, INK_FOOTER,
                     _("No such command here. Esc empties the field."));
}

void keymap_footer(const struct keymap *map, const char *field, struct canvas *canvas, int row)
{
    struct footer footer = {.count = 0};
    canvas_fill(canvas, (struct rect){row, 0, 1, canvas->cols}, INK_FOOTER);
    if (field && field[0] == ':' && map->tables[0]) {
        draw_words(map, field + 1, canvas, row);
        return;
    }
    if (map->tables[0])
        collect(&footer, map);
    draw_keys(&footer, map, canvas, row);
}
