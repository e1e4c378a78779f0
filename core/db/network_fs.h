/* SPDX-License-Identifier: MIT
 *
 * Whether a file lies on another machine, where SQLite's locks can't be relied on.
 */
#pragma once

#include <stdint.h>

/* The name of a network file system by its statfs() magic and its type in /proc/self/mountinfo (may be NULL;
 * it tells sshfs from a local FUSE file system). NULL for a local one. Pure. */
const char *db_network_fs(uint64_t magic, const char *type);

/* The same for the file system a path lies on. The name is static. */
const char *db_network_fs_of(const char *path);
