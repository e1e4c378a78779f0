/* SPDX-License-Identifier: MIT */
#include "core/table/table_writer.h"

#include <glib.h>
#include <string.h>

#include "core/base/clean.h"

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

/* What others wrote goes out without what a terminal or a program would obey. */
static void write_clean(FILE *file, const char *value, gboolean last)
{
    g_autofree char *clean = clean_text(value, strlen(value), CLEAN_BLOCK);
    write_cell(file, clean, last);
}

void table_write_row(FILE *file, const char *const *cells)
{
    for (size_t i = 0; cells[i]; i++)
        write_clean(file, cells[i], cells[i + 1] == NULL);
}
