/* SPDX-License-Identifier: MIT */
#include "tui/screens/batching.h"

#include <string.h>

#include "core/act/batches.h"
#include "core/base/error.h"
#include "core/base/translate.h"

enum { COUNT_MAX = 1000 };

struct batching {
    struct task task; /* first */
    GArray *ids;      /* of int64_t; NULL: the next ones */
    int64_t count;
    char courier[32];
    struct batch_made made;
};

static void clear(struct task *task)
{
    struct batching *batching = (struct batching *)task;
    g_clear_pointer(&batching->ids, g_array_unref);
    batch_made_clear(&batching->made);
}

/* When none may join, why the first one may not says more than that there is no batch. */
static gboolean work(struct task *task, struct session *session, GError **error)
{
    struct batching *batching = (struct batching *)task;
    struct batch_wish wish = {.actor = station_actor(session->station), .courier = batching->courier};
    if (!batching->ids)
        batching->ids = batch_next(session->site, batching->courier, batching->count, error);
    g_autoptr(GError) cause = NULL;
    if (!batching->ids)
        return FALSE;
    if (batch_make(session->site, &wish, (const int64_t *)(void *)batching->ids->data, batching->ids->len,
                   &batching->made, &cause))
        return TRUE;
    if (err_code(cause) == ERR_BATCH_EMPTY && batching->made.skipped->len > 0)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

static struct request done(struct task *task)
{
    const struct batch_made *made = &((struct batching *)task)->made;
    char why[280] = "", number[8];
    if (made->skipped->len > 0) {
        const struct batch_skip *skip = &g_array_index(made->skipped, struct batch_skip, 0);
        g_snprintf(why, sizeof why, "%s %s", err_number(skip->code, number), skip->text);
    }
    char *message = made->joined == 0 ? g_strdup_printf(_("No batch: %s"), why)
                    : why[0]          ? g_strdup_printf(_("Batch %s: %d orders, %d left out: %s"), made->number,
                                                        (int)made->joined, (int)made->skipped->len, why)
                                      : g_strdup_printf(_("Batch %s: %d orders"), made->number, (int)made->joined);
    return request_told(message, !why[0]);
}

static const struct task_ops OPS = {work, done, clear};

struct request batching_of(GArray *ids)
{
    struct batching *batching = task_new(sizeof *batching, &OPS);
    batching->ids = g_array_copy(ids);
    return request_run(&batching->task);
}

struct request batching_next(const char *text)
{
    char *courier = NULL;
    int64_t count = g_ascii_strtoll(text ? text : "", &courier, 10);
    if (count < 1 || count > COUNT_MAX || (*courier && *courier != ' '))
        return request_refused(_("How many, and of which courier? For example :next 30 hct"));
    struct batching *batching = task_new(sizeof *batching, &OPS);
    batching->count = count;
    g_autofree char *folded = g_strstrip(g_ascii_strdown(courier, -1));
    g_strlcpy(batching->courier, folded, sizeof batching->courier);
    return request_run(&batching->task);
}
