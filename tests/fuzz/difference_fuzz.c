/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an event's difference: no crash, and what was folded is folded the same out of what is written of it.
 */
#include <glib.h>
#include <stdint.h>

#include "core/flow/difference.h"
#include "core/flow/subject_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t KEY = 385774536827600896; /* an id of that day */

static void is_there(const struct row *row, void *data)
{
    const struct dossier *again = data;
    const struct row *same = row_find(again, row->table, row_id(row));
    g_assert(same && row_differences(row, same) == 0);
}

/* Print jobs that are nobody's else: each its own subject. */
static void write_again(const struct row *row, void *data)
{
    const struct dossier *dossier = data;
    g_autoptr(dossier) own = dossier_new();
    g_autoptr(dossier) shared = dossier_new();
    if (row_subject(dossier, row) != row || row_id(row) == 0)
        return;
    g_autoptr(GPtrArray) rows = rows_of(dossier, row);
    g_autoptr(GByteArray) all = difference_whole(rows, KEY);
    g_assert(difference_fold(&(struct fold){own, shared}, all->data, all->len, KEY, ""));
    row_each(own, row->table, is_there, (gpointer)(uintptr_t)dossier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(dossier) own = dossier_new();
    g_autoptr(dossier) shared = dossier_new();
    struct difference_parts parts;
    if (!difference_parts(data, size, &parts))
        return 0;
    if (parts.before)
        difference_fold(&(struct fold){own, shared}, parts.before, parts.before_length, KEY, "");
    difference_fold(&(struct fold){own, shared}, parts.changes, parts.changes_length, KEY, "reason");
    row_each(own, TABLE_BATCH, write_again, own);
    row_each(own, TABLE_MANIFEST, write_again, own);
    return 0;
}
