/* SPDX-License-Identifier: MIT
 *
 * SQLite takes no notice when the kernel refuses to unlock (ENOLCK): the lock stays with this program for as long as it
 * has the file open, and shuts out everybody. So its fcntl() is watched.
 */
#pragma once

/* From the next opening on. */
void unlock_watch(void);

/* How many unlocks have failed in this program so far. */
int unlock_failures(void);
