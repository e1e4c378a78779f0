/* SPDX-License-Identifier: MIT */
#include "core/table/table_writer.h"

#include <glib.h>
#include <string.h>

static void write_cell(FILE *file, const char *value, gboolean last)
{
    gboolean formula = value[0] && strchr("=+-@\t\r", value[0]);
    gboolean quote = formula || strpbrk(value, ",\"\r\n") || value[0] == ' ';
    if (quote)
        fputc('"', file);
    if (formula)
        fputc('\'', file);
    for (const char *p = value; *p; p++) {
        if (*p == '"')
            fputc('"', file);
        fputc(*p, file);
    }
    if (quote)
        fputc('"', file);
    fputs(last ? "\r\n" : ",", file);
}

void table_write_row(FILE *file, const char *const *cells)
{
    for (size_t i = 0; cells[i]; i++)
        write_cell(file, cells[i], cells[i + 1] == NULL);
}
