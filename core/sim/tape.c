/* SPDX-License-Identifier: MIT */
#include "core/sim/tape.h"

static void entry_clear(gpointer data)
{
    g_free(((struct tape_entry *)data)->row);
}

struct tape *tape_new(void)
{
    struct tape *tape = g_new0(struct tape, 1);
    tape->entries = g_array_new(FALSE, FALSE, sizeof(struct tape_entry));
    g_array_set_clear_func(tape->entries, entry_clear);
    tape->moves = g_array_new(FALSE, FALSE, sizeof(struct goods_move));
    return tape;
}

void tape_free(struct tape *tape)
{
    if (!tape)
        return;
    g_array_unref(tape->entries);
    g_array_unref(tape->moves);
    g_free(tape);
}

void tape_said(struct tape *tape, int64_t at, const struct row *row, int64_t of)
{
    const struct tape_entry entry = {.kind = TAPE_SAID, .at = at, .of = of, .row = g_memdup2(row, table_of(row->table)->size)};
    g_array_append_val(tape->entries, entry);
}

void tape_setting(struct tape *tape, int64_t at, const char *name, const char *value)
{
    const struct tape_entry entry = {.kind = TAPE_SETTING, .at = at, .name = name, .value = value};
    g_array_append_val(tape->entries, entry);
}

void tape_event(struct tape *tape, int64_t at, const struct event *event, const struct outcome *outcome)
{
    const struct tape_entry entry = {.kind = TAPE_EVENT, .at = at, .event = *event, .outcome = *outcome};
    g_array_append_val(tape->entries, entry);
}
