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
    if (batching->ids)
        g_array_unref(batching->ids);
    batch_made_clear(&batching->made);
}

/* When none may join, why the first one may not says more than that there is no batch. */
static gboolean work(struct task *task, struct session *session, GError **error)
{
    struct batching *batching = (struct batching *)task;
    struct batch_wish wish = {.actor = station_actor(session->station), .courier = batching->courier};
    if (!batching->ids)
        batching->ids = batch_next(session->site, batching->courier, batching->count, error);
    GError *cause = NULL;
    if (!batching->ids)
        return FALSE;
    if (batch_make(session->site, &wish, (const int64_t *)(void *)batching->ids->data, batching->ids->len, &batching->made,
                   &cause))
        return TRUE;
    if (err_code(cause) == ERR_BATCH_EMPTY && batching->made.skipped->len > 0) {
        g_error_free(cause);
        return TRUE;
    }
    g_propagate_error(error, cause);
    return FALSE;
}

static struct request done(struct task *task, const struct place *place)
{
    const struct batch_made *made = &((struct batching *)task)->made;
    char why[280] = "", number[8];
    if (made->skipped->len > 0) {
        const struct batch_skip *skip = &g_array_index(made->skipped, struct batch_skip, 0);
        g_snprintf(why, sizeof why, "%s %s", err_number(skip->code, number), skip->text);
    }
    struct request next = {.kind = REQUEST_LOAD, .message_ink = why[0] ? INK_BAD : INK_GOOD};
    (void)place;
    if (made->joined == 0)
        next.message = g_strdup_printf(_("No batch: %s"), why);
    else if (why[0])
        next.message = g_strdup_printf(_("Batch %s: %d orders, %d left out: %s"), made->number, (int)made->joined,
                                       (int)made->skipped->len, why);
    else
        next.message = g_strdup_printf(_("Batch %s: %d orders"), made->number, (int)made->joined);
    next.bell = why[0] ? BELL_REFUSED : BELL_NONE;
    return next;
}

static struct batching *batching_new(void)
{
    struct batching *batching = g_new0(struct batching, 1);
    task_init(&batching->task);
    batching->task.work = work;
    batching->task.done = done;
    batching->task.clear = clear;
    return batching;
}

struct request batching_of(const GArray *ids)
{
    struct batching *batching = batching_new();
    batching->ids = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), ids->len);
    g_array_append_vals(batching->ids, ids->data, ids->len);
    return (struct request){.kind = REQUEST_RUN, .task = &batching->task};
}

struct request batching_next(const char *text)
{
    char *courier = NULL;
    int64_t count = g_ascii_strtoll(text ? text : "", &courier, 10);
    if (count < 1 || count > COUNT_MAX || (*courier && *courier != ' '))
        return (struct request){.kind = REQUEST_DRAW,
                                .message = g_strdup(_("How many, and of which courier? For example :next 30 hct")),
                                .message_ink = INK_WARN,
                                .bell = BELL_REFUSED};
    struct batching *batching = batching_new();
    batching->count = count;
    char *folded = g_strstrip(g_ascii_strdown(courier, -1));
    g_strlcpy(batching->courier, folded, sizeof batching->courier);
    g_free(folded);
    return (struct request){.kind = REQUEST_RUN, .task = &batching->task};
}
