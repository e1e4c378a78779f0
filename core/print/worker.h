/* SPDX-License-Identifier: MIT
 *
 * One print worker a database and host, kept so by a lock file that dies with its holder; and starting it
 * when none is alive and a job was queued, or a station is open that shows how the printers are.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

enum worker_lock { WORKER_LOCK_TAKEN, WORKER_LOCK_HELD /* another worker is alive */, WORKER_LOCK_FAILED };

/* Takes the lock; *fd is to be closed to give it up. ERR_WORKER_LOCK when it could not even be tried. */
enum worker_lock worker_lock_take(const char *db_url, int *fd, GError **error);

/* Starts packline-print on the database when no worker is alive: detached, in a session of its own, with
 * nothing on its standard files. Returns at once, and costs a system call or two when one is alive. Does nothing
 * where the environment says PACKLINE_WORKER=off, for sites whose worker is a service, and for tests, and on a copy of a
 * floor, from which nothing is printed. FALSE
 * with *error when it could not be started: the jobs wait, and say so to people. */
gboolean worker_ensure(const struct site *site, GError **error);

/* For a station, as often as it likes: every few seconds it looks whether this host has printers and no worker,
 * and starts one then. So what a screen says of a printer is no older while a station is open. *next_ms is the
 * station's, 0 at first. */
void worker_keep(struct site *site, int64_t *next_ms);
