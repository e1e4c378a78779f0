/* SPDX-License-Identifier: MIT */
#include "tui/app/screen.h"

static gboolean run_task(struct store_request *request, void *context, GError **error)
{
    struct task *task = (struct task *)request;
    return task->work(task, context, error);
}

static void free_task(struct store_request *request)
{
    struct task *task = (struct task *)request;
    if (task->clear)
        task->clear(task);
    g_clear_error(&request->error);
    g_free(task);
}

void task_init(struct task *task)
{
    task->request.run = run_task;
    task->request.free = free_task;
}
