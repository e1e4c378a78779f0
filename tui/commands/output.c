/* SPDX-License-Identifier: MIT */
#include "tui/commands/output.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/base/words.h"
#include "tui/commands/acting.h"
#include "tui/commands/verbs.h"
#include "tui/terminal/text.h"

/* --- one member ------------------------------------------------------------------------------------------ */

static int64_t number_of(const struct member *member, const void *at)
{
    return member->kind == MEMBER_INT ? *(const int *)at : *(const int64_t *)at;
}

static char *code_of(const enum err *code)
{
    char number[8] = "";
    return g_strdup(*code == ERR_NONE ? number : err_number(*code, number));
}

/* As JSON has it; NULL: it is no text. Caller frees. */
static char *stored(const struct call *call, const struct member *member, const void *row)
{
    const void *at = (const char *)row + member->at;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_SAID:
        return g_strdup(at);
    case MEMBER_POINTER:
        return g_strdup(*(const char *const *)at);
    case MEMBER_CODE:
        return code_of(at);
    case MEMBER_WORD:
        return g_strdup(member->word(*(const unsigned *)at));
    case MEMBER_MADE:
        return member->make(call, row);
    case MEMBER_INT:
    case MEMBER_INT64:
    case MEMBER_FLAG:
    case MEMBER_TIME:
        break;
    }
    return NULL;
}

/* As people see it. Caller frees. */
static char *shown(const struct call *call, const struct member *member, const void *row)
{
    const void *at = (const char *)row + member->at;
    if (member->kind == MEMBER_SAID)
        return g_strdup(translate_in(at));
    if (member->kind == MEMBER_WORD && member->label)
        return g_strdup(member->label(*(const unsigned *)at));
    if (member->kind == MEMBER_TIME)
        return acting_time(call->site, number_of(member, at));
    if (member->kind == MEMBER_INT || member->kind == MEMBER_INT64)
        return g_strdup_printf("%" PRId64, number_of(member, at));
    char *text = stored(call, member, row);
    return text ? text : g_strdup("");
}

static json_t *value(const struct call *call, const struct member *member, const void *row)
{
    const void *at = (const char *)row + member->at;
    if (member->kind == MEMBER_FLAG)
        return json_boolean(*(const gboolean *)at);
    g_autofree char *text = stored(call, member, row);
    return text ? json_string(text) : json_integer(number_of(member, at));
}

/* --- the line ------------------------------------------------------------------------------------------- */

/* A member where it stands in a line: its name, maybe "|" and what stands for nothing, maybe ":<" or ":>" and columns. */
struct place {
    char name[32], nothing[8];
    int columns;
    gboolean right;
};

/* Behind the member that begins at a brace. */
static const char *read_place(const char *brace, struct place *place)
{
    const char *end = strchr(brace, '}');
    *place = (struct place){.columns = 0};
    g_autofree char *inside = g_strndup(brace + 1, (gsize)(end - brace - 1));
    char *colon = strchr(inside, ':'), *bar = strchr(inside, '|');
    if (colon) {
        place->right = colon[1] == '>';
        place->columns = (int)g_ascii_strtoll(colon + 2, NULL, 10);
        *colon = '\0';
    }
    if (bar) {
        g_strlcpy(place->nothing, bar + 1, sizeof place->nothing);
        *bar = '\0';
    }
    g_strlcpy(place->name, inside, sizeof place->name);
    return end + 1;
}

static void put(GString *out, const struct place *place, const char *text)
{
    const char *seen = text[0] ? text : place->nothing;
    int blanks = MAX(place->columns - text_width(seen), 0);
    g_string_append_printf(out, "%*s%s%*s", place->right ? blanks : 0, "", seen, place->right ? 0 : blanks, "");
}

char *output_text(const struct call *call, const struct output *output, const void *row)
{
    GString *out = g_string_new(NULL);
    for (const char *p = _(output->line); *p;) {
        struct place place;
        size_t plain = strcspn(p, "{");
        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        if (!*p)
            break;
        p = read_place(p, &place);
        int n = words_find(output->members, output->count, sizeof *output->members, place.name);
        g_autofree char *text = n < 0 ? NULL : shown(call, &output->members[n], row);
        put(out, &place, text ? text : "?");
    }
    return g_string_free(out, FALSE);
}

/* --- lists ---------------------------------------------------------------------------------------------- */

json_t *output_object(const struct call *call, const struct output *output, const void *row)
{
    json_t *object = json_object();
    for (size_t i = 0; i < output->count; i++)
        if (!output->members[i].shown)
            json_object_set_new(object, output->members[i].name, value(call, &output->members[i], row));
    return object;
}

json_t *output_array(const struct call *call, const struct output *output, const void *rows, size_t count, size_t size)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, output_object(call, output, (const char *)rows + i * size));
    return list;
}

void output_begin(struct call *call)
{
    if (call->json && !call->answer)
        call->answer = json_array();
}

void output_row(struct call *call, const struct output *output, const void *row)
{
    if (call->json) {
        output_begin(call);
        json_array_append_new(call->answer, output_object(call, output, row));
        return;
    }
    g_autofree char *line = output_text(call, output, row);
    g_print("%s\n", line);
}

gboolean output_all(struct call *call, const struct output *output, GArray *rows)
{
    if (!rows)
        return FALSE;
    output_begin(call);
    for (guint i = 0; i < rows->len; i++)
        output_row(call, output, rows->data + i * g_array_get_element_size(rows));
    g_array_unref(rows);
    return TRUE;
}
