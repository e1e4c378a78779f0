/* SPDX-License-Identifier: MIT */
#include "tui/app/field.h"

#include <string.h>

void field_clear(struct field *field)
{
    g_string_truncate(field->text, 0);
}

static gboolean add(struct field *field, gunichar c)
{
    if (field->text->len >= FIELD_MAX || (c < 0x20 && c != 0x1D))
        return FALSE;
    g_string_append_unichar(field->text, c);
    return TRUE;
}

static gboolean remove_last(struct field *field)
{
    if (field->text->len == 0)
        return FALSE;
    const char *last = g_utf8_find_prev_char(field->text->str, field->text->str + field->text->len);
    g_string_truncate(field->text, last ? (gsize)(last - field->text->str) : 0);
    return TRUE;
}

/* What was copied with its line's end counts as one line; several lines are nobody's code. */
static gboolean paste(struct field *field, const char *text)
{
    size_t length = strcspn(text, "\r\n");
    if (text[length + strspn(text + length, "\r\n")] != '\0')
        return FALSE;
    gboolean changed = FALSE;
    for (const char *p = text; p < text + length; p += g_utf8_skip[(guchar)*p])
        changed |= add(field, g_utf8_get_char(p));
    return changed;
}

gboolean field_take(struct field *field, const struct input_event *event)
{
    if (event->type == INPUT_CHAR && event->mods == 0)
        return add(field, event->c);
    if (event->type == INPUT_PASTE)
        return paste(field, event->text);
    if (event->type != INPUT_KEY)
        return FALSE;
    if (event->key == K_BACKSPACE)
        return remove_last(field);
    gboolean had = field->text->len > 0;
    if (event->key == K_CTRL_U)
        field_clear(field);
    return event->key == K_CTRL_U && had;
}
