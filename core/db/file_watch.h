/* SPDX-License-Identifier: MIT
 *
 * Whether a SQLite database's files are still the ones that were opened, and as packline left them. SQLite goes on for
 * ever with files that were moved away or deleted, and with what somebody has copied over them; what is written there
 * is nowhere afterwards. So:
 *   - the database, its -wal and its -shm keep their device and inode, and the -wal loses nothing at its end;
 *   - the database itself is written by few things only: by checkpoints, and when the last program closes it. They
 *     stand between file_watch_begin_writing() and file_watch_end_writing(), which note in the -lock file how they left
 *     it. When its time of change or size is another, and nobody is at it, somebody has copied over it.
 * Each of the two looks costs two stat() calls.
 */
#pragma once

#include <glib.h>

#include "core/base/autoptr.h"

struct file_watch;

/* To be called when SQLite has opened the files. The only program that has them open takes them as they are; the others
 * look. NULL with *error on failure. */
struct file_watch *file_watch_open(const char *path, GError **error);
void file_watch_free(struct file_watch *watch);
DEFINE_AUTOPTR(file_watch, file_watch_free)

/* Keeps everybody out of the database at the path, which need not be there, until it is freed. NULL with ERR_DB_BUSY when
 * somebody has it open. */
struct file_watch *file_watch_shut(const char *path, GError **error);

/* FALSE with ERR_DB_REPLACED when they are not the same any more: before a transaction, lest it goes into a log that
 * nobody else reads; after it, before what it did is acknowledged. */
gboolean file_watch_before(struct file_watch *watch, GError **error);
gboolean file_watch_after(struct file_watch *watch, GError **error);

/* Before and after the database itself is written. The first is FALSE when another program is at it (ERR_DB_BUSY,
 * after wait_ms) or the files are not the same any more: then nothing may be written. */
gboolean file_watch_begin_writing(struct file_watch *watch, unsigned wait_ms, GError **error);
void file_watch_end_writing(struct file_watch *watch);
