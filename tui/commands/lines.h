/* SPDX-License-Identifier: MIT
 *
 * Lines out of a pipe, read in blocks and never longer than they may be: what is in hand is served before more is read, and
 * nothing of it lies where poll() can't see it but here.
 */
#pragma once

#include <glib.h>

enum { LINE_BYTES_MAX = 65536 };

enum line_kind {
    LINE_NONE,  /* none is whole yet: wait for more, then lines_read() */
    LINE_WHOLE,
    LINE_LONG,  /* one has begun that is too long: the rest of it is passed over, whenever it comes */
    LINE_END
};

struct lines {
    int fd;                            /* borrowed */
    size_t from, to;                   /* what is in hand */
    gboolean passes_over, ended;
    char bytes[LINE_BYTES_MAX + 1];
};

void lines_init(struct lines *lines, int fd);

/* The next line, without its end and NUL-terminated; it may hold NULs itself. Borrowed until the next call. */
enum line_kind lines_next(struct lines *lines, char **line, size_t *length);

/* Takes what is there, waiting for it. */
void lines_read(struct lines *lines);
