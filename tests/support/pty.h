/* SPDX-License-Identifier: MIT
 *
 * A real program on a pseudo-terminal, read back through libvterm: what a person would see. Nothing sleeps:
 * every wait is for a condition, with a deadline.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <sys/types.h>

enum { PTY_WAIT_MS = 60000 }; /* what takes longer has failed, also on a machine busy with other things */

struct pty;

/* Starts argv (NULL-terminated) on a terminal of rows x cols. environment: "NAME=value" rows over the test's
 * own, may be NULL. */
struct pty *pty_start(const char *const argv[], const char *const environment[], int rows, int cols);

/* Ends the program by SIGKILL when it still runs, and frees all. */
void pty_free(struct pty *pty);

void pty_send(struct pty *pty, const char *bytes, size_t length);
void pty_type(struct pty *pty, const char *text);
void pty_resize(struct pty *pty, int rows, int cols);
void pty_signal(struct pty *pty, int number);

/* Closes our end, as a lost line does. */
void pty_hang_up(struct pty *pty);

/* The screen with the last frame whole, a line a row, without trailing blanks. Caller frees. */
char *pty_screen(struct pty *pty);

/* Waits until text is (or is not any more) on the screen; FALSE when the deadline passed or the program
 * ended. */
gboolean pty_wait(struct pty *pty, const char *text);
gboolean pty_wait_gone(struct pty *pty, const char *text);

/* Waits for the end of the program; its wait status, -1 past the deadline. */
int pty_wait_end(struct pty *pty);

/* Reads until nothing has come for quiet_ms and no thread of the program has anything to do. Returns the bytes read. */
size_t pty_settle(struct pty *pty, int quiet_ms);

/* Reads what comes within wait_ms, once; FALSE when nothing came. */
gboolean pty_read(struct pty *pty, int wait_ms);

/* All bytes that the program has written since the last call. Borrowed until then. */
const char *pty_output(struct pty *pty, size_t *length);

gboolean pty_cursor_visible(struct pty *pty);
gboolean pty_alternate(struct pty *pty); /* on the alternate screen */
gboolean pty_line_mode(struct pty *pty); /* the line discipline edits and echoes, as for a shell */

/* A process of the program's group is still there. */
gboolean pty_group_alive(struct pty *pty);
pid_t pty_pid(const struct pty *pty);
