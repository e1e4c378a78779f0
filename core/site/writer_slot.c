/* SPDX-License-Identifier: MIT */
#include "core/site/writer_slot.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/base/translate.h"
#include "core/db/life.h"
#include "core/db/rows.h"

enum { CLAIMING = 1 }; /* what is locked by who takes or empties a slot; no id of a row is so small */

#define SLOT(COLUMN, PARSED)                                                                                           \
    COLUMN("slot, ", slot)                                                                                             \
    COLUMN("name, ", name)                                                                                             \
    COLUMN("holder, ", holder)                                                                                         \
    COLUMN("ids_until_at", ids_until_at)

ROWS_READER(read_slot, struct writer_slot, SLOT)

enum { SLOTS, EMPTY };

static const struct sql SQL[] = {
    [SLOTS] = {"writer_slots", "SELECT " COLUMNS_OF(SLOT) " FROM writer ORDER BY slot"},
    [EMPTY] = {"writer_empty", "UPDATE writer SET holder = '', ids_until_at = CASE WHEN ids_until_at < $3 THEN $3 "
                               "ELSE ids_until_at END WHERE slot = $1 AND holder = $2"},
};

char *writer_holder(int64_t life)
{
    return g_strdup_printf("%s:%d:%" PRIx64, g_get_host_name(), (int)getpid(), (uint64_t)life);
}

static int64_t life_of(const char *holder)
{
    const char *colon = strrchr(holder, ':');
    return colon ? (int64_t)g_ascii_strtoull(colon + 1, NULL, 16) : 0;
}

char *writer_slot_place(const struct writer_slot *slot)
{
    g_auto(GStrv) part = g_strsplit(slot->holder, ":", 3);
    return part[0] && part[1] ? g_strdup_printf(_("%s, process %s"), part[0], part[1]) : g_strdup(slot->holder);
}

static gboolean look_who_lives(struct db *db, const GArray *slots, GError **error)
{
    g_autofree int64_t *lives = g_new(int64_t, slots->len + 1);
    g_autofree gboolean *lived = g_new(gboolean, slots->len + 1);
    for (guint i = 0; i < slots->len; i++)
        lives[i] = life_of(g_array_index(slots, struct writer_slot, i).holder);
    if (!db_lives(db, lives, lived, slots->len, error))
        return FALSE;
    for (guint i = 0; i < slots->len; i++)
        g_array_index(slots, struct writer_slot, i).held = lived[i];
    return TRUE;
}

GArray *writer_slots(struct db *db, GError **error)
{
    struct rows *rows = db_query(db, &SQL[SLOTS], DB_NO_ARGS, error);
    g_autoptr(GArray) slots = rows_list(rows, sizeof(struct writer_slot), read_slot, error);
    return slots && look_who_lives(db, slots, error) ? g_steal_pointer(&slots) : NULL;
}

GArray *writer_slots_lock(struct db *db, GError **error)
{
    struct db_advisory claiming = {.id = CLAIMING};
    return db_advisory_lock(db, &claiming, 1, error) ? writer_slots(db, error) : NULL;
}

int writer_slots_held(struct db *db, GError **error)
{
    g_autoptr(GArray) slots = writer_slots(db, error);
    int held = 0;
    for (guint i = 0; slots && i < slots->len; i++)
        held += g_array_index(slots, struct writer_slot, i).held;
    return slots ? held : -1;
}

gboolean writer_slot_empty(struct db *db, struct writer_slot *slot, int64_t ids_until_at, GError **error)
{
    if (!db_exec(db, &SQL[EMPTY], DB_ARGS(slot->slot, slot->holder, ids_until_at), NULL, error))
        return FALSE;
    slot->held = FALSE;
    slot->holder[0] = '\0';
    slot->ids_until_at = MAX(slot->ids_until_at, ids_until_at);
    return TRUE;
}
