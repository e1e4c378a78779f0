/* SPDX-License-Identifier: MIT
 *
 * packline station list and station free: who holds the writer slots, and taking one from its holder, also when all are
 * held.
 */
#include <glib.h>
#include <jansson.h>

#include "core/base/translate.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

static void tell(const struct call *call, json_t *list, const struct writer_slot *slot)
{
    g_autofree char *place = writer_slot_place(slot);
    if (call->json)
        json_array_append_new(
            list, json_pack("{s:i, s:s, s:s}", "slot", slot->slot, "name", slot->name, "place", place));
    else
        g_print("%4d  %-24s %s\n", slot->slot, slot->name, place);
}

static gboolean do_list(struct call *call, GError **error)
{
    g_autoptr(GArray) slots = writer_slots(call->site->db, error);
    if (!slots)
        return FALSE;
    call->answer = call->json ? json_array() : NULL;
    for (guint i = 0; i < slots->len; i++) {
        const struct writer_slot *slot = &g_array_index(slots, struct writer_slot, i);
        if (slot->held && slot->slot != call->site->writer.slot)
            tell(call, call->answer, slot);
    }
    return TRUE;
}

static gboolean do_free(struct call *call, GError **error)
{
    return writer_free(call->site, &call->actor, call->args[0], error);
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_ADMIN},
    {"free", 1, 1, N_("NAME|SLOT"), do_free, MAY_ADMIN},
};
static const struct verb_table TABLE = {"station", NULL, VERBS, G_N_ELEMENTS(VERBS)};

int cmd_station_slots(int argc, char **argv)
{
    return verbs_main(&TABLE, NULL, NULL, argc, argv);
}
