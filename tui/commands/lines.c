/* SPDX-License-Identifier: MIT */
#include "tui/commands/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void lines_init(struct lines *lines, int fd)
{
    lines->fd = fd;
    lines->from = lines->to = 0;
    lines->passes_over = lines->ended = FALSE;
}

/* Up to here it is a line; what follows begins at next. */
static enum line_kind take(struct lines *lines, size_t end, size_t next, char **line, size_t *length)
{
    *line = lines->bytes + lines->from;
    while (end > lines->from && lines->bytes[end - 1] == '\r')
        end--;
    lines->bytes[end] = '\0';
    *length = end - lines->from;
    lines->from = next;
    return LINE_WHOLE;
}

static enum line_kind without_end(struct lines *lines, char **line, size_t *length)
{
    if (lines->passes_over || lines->from == lines->to) {
        lines->from = lines->to = 0;
        return lines->ended ? LINE_END : LINE_NONE;
    }
    if (lines->to - lines->from >= LINE_BYTES_MAX) {
        lines->from = lines->to = 0;
        lines->passes_over = TRUE;
        return LINE_LONG;
    }
    return lines->ended ? take(lines, lines->to, lines->to, line, length) : LINE_NONE;
}

enum line_kind lines_next(struct lines *lines, char **line, size_t *length)
{
    for (;;) {
        const char *begin = lines->bytes + lines->from, *end = memchr(begin, '\n', lines->to - lines->from);
        size_t at = end ? (size_t)(end - lines->bytes) : 0;
        if (!end)
            return without_end(lines, line, length);
        if (!lines->passes_over)
            return take(lines, at, at + 1, line, length);
        lines->passes_over = FALSE;
        lines->from = at + 1;
    }
}

void lines_read(struct lines *lines)
{
    if (lines->from > 0)
        memmove(lines->bytes, lines->bytes + lines->from, lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    ssize_t n = read(lines->fd, lines->bytes + lines->to, LINE_BYTES_MAX - lines->to);
    if (n > 0)
        lines->to += (size_t)n;
    else if (n == 0 || errno != EINTR)
        lines->ended = TRUE;
}
