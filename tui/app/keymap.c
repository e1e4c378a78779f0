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

const struct key_row *keymap_find(const struct key_row *rows, const struct input_event *event)
{
    enum key key = key_of(event);
    for (; key != K_NONE && rows && rows->action; rows++)
        if (rows->key == key)
            return rows;
    return NULL;
}

const struct key_row *keymap_word(const struct key_row *rows, const char *word)
{
    for (; rows && rows->action; rows++)
        if (rows->word && strcmp(rows->word, word) == 0)
            return rows;
    return NULL;
}

const char *keymap_second_way(enum key key)
{
    return key >= K_F1 && key <= K_F10 ? SECOND[key - K_F1] : "";
}

void keymap_footer(const struct key_row *rows, struct canvas *canvas, int row)
{
    canvas_fill(canvas, (struct rect){row, 0, 1, canvas->cols}, INK_FOOTER);
    int col = 1;
    for (; rows && rows->action; rows++) {
        if (!(rows->flags & KEY_FOOTER))
            continue;
        const char *name = input_key_name(rows->key), *label = _(rows->label);
        int width = text_width(name) + 1 + text_width(label);
        if (col + width > canvas->cols - 1)
            break;
        canvas_text(canvas, row, col, INK_KEY, name);
        canvas_text(canvas, row, col + text_width(name) + 1, INK_FOOTER, label);
        col += width + 2;
    }
}
