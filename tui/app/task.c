/* SPDX-License-Identifier: MIT */
#include "tui/app/screen.h"

static gboolean run_task(struct store_request *request, void *context, GError **error)
{
    struct task *task = (struct task *)request;
    return task->ops->work(task, context, error);
}

static void free_task(struct store_request *request)
{
    struct task *task = (struct task *)request;
    if (task->ops->clear)
        task->ops->clear(task);
    g_clear_error(&request->error);
    g_free(task);
}

void *task_new(gsize size, const struct task_ops *ops)
{
    struct task *task = g_malloc0(size);
    task->request.run = run_task;
    task->request.free = free_task;
    task->ops = ops;
    return task;
}

struct request request_run(struct task *task)
{
    return (struct request){.kind = REQUEST_RUN, .task = task};
}

struct request request_refused(const char *message)
{
    return (struct request){
        .kind = REQUEST_DRAW, .message = g_strdup(message), .message_ink = INK_WARN, .bell = BELL_REFUSED};
}

struct request request_told(char *message, gboolean good)
{
    return (struct request){.kind = REQUEST_LOAD, .message = message, .message_ink = good ? INK_GOOD : INK_BAD,
                            .bell = good ? BELL_NONE : BELL_REFUSED};
}
