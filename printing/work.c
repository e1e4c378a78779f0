/* SPDX-License-Identifier: MIT
 *
 * packline-print work: the worker as a program. It is started by whoever queues a job, or as a service.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "printing/commands.h"
#include "printing/queue/worker.h"

enum { DEFAULT_IDLE_SECONDS = 600 };

/* Away from whoever started it: no terminal, no parent to wait for it. TRUE in the child. */
static gboolean detach(void)
{
    return fork() == 0 && setsid() >= 0;
}

static int stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_SETMASK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

int print_work(int argc, char **argv)
{
    g_autofree char *db_url = NULL, *host = NULL;
    gboolean detached = FALSE;
    struct worker_options options = {.idle_seconds = DEFAULT_IDLE_SECONDS};
    const GOptionEntry own[] = {
        {"host", 0, 0, G_OPTION_ARG_STRING, &host, N_("serve the printers of this host"), N_("NAME")},
        {"once", 0, 0, G_OPTION_ARG_NONE, &options.once, N_("end when nothing waits any more"), NULL},
        {"idle-seconds", 0, 0, G_OPTION_ARG_INT, &options.idle_seconds, N_("end after so long without work; 0: never"),
         "N"},
        {"detach", 0, 0, G_OPTION_ARG_NONE, &detached, N_("go on in the background"), NULL},
        {0},
    };
    GError *error = NULL;
    if (!print_options(own, N_("work"), &db_url, &argc, &argv, &error))
        return print_failed(error);
    if (detached && !detach())
        return EXIT_OK;
    options.db_url = db_url;
    options.host = host ? host : g_get_host_name();
    return worker_run(&options, stop_signals(), &error) ? EXIT_OK : print_failed(error);
}
