/* SPDX-License-Identifier: MIT
 *
 * Files made anew, in places where others may write as well: no link that was planted there is followed, by the last name of
 * a path or below a directory that is held open, and a file is there whole or not at all. All fail with errno.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

/* A directory, held open; *of another one where at is its handle (AT_FDCWD: name is a path). -1: there is none, or it is a link.
 * With make it is made where there is none, for its owner only. The caller closes it. */
int new_dir_open(int at, const char *name, gboolean make);

/* A file of that name in a directory: written beside, synced, put into its place, the directory synced. What was there is
 * replaced; a link by the file. *placed (may be NULL): it stands there, though perhaps not on the disk yet. */
gboolean new_file_put(int dir, const char *name, const void *bytes, gsize length, gboolean *placed);
/* The same by a path. */
gboolean new_file_put_at(const char *path, const void *bytes, gsize length);

/* A new file to be written bit by bit; NULL where something is there already. With over, what is there is overwritten, unless it
 * is a link or no file. */
FILE *new_file_open(const char *path, gboolean over);

/* A file, or a directory with all that is below it, out of a directory. A link is taken away, and what it leads to is not. */
void new_file_remove(int dir, const char *name);
