/* SPDX-License-Identifier: MIT */
#include "printing/queue/printer.h"

#include <string.h>

#include "core/base/error.h"

static const struct printer_ops *const KINDS[] = {&printer_cups, &printer_file};

enum { DEFAULT_DPI = 203, MIN_DPI = 100, MAX_DPI = 2400 };

static gboolean set_option(struct printer *printer, const char *name, const char *value)
{
    guint64 number = 0;
    if (strcmp(name, "paper") == 0 && *value) {
        g_free(printer->paper);
        printer->paper = g_strdup(value);
        return TRUE;
    }
    if (strcmp(name, "dpi") != 0 || !g_ascii_string_to_unsigned(value, 10, MIN_DPI, MAX_DPI, &number, NULL))
        return FALSE;
    printer->dots_per_inch = (int)number;
    return TRUE;
}

static gboolean set_options(struct printer *printer, const char *options)
{
    char **list = g_strsplit(options, "&", -1);
    gboolean good = TRUE;
    for (char **option = list; good && *option; option++) {
        char **pair = g_strsplit(*option, "=", 2);
        good = pair[0] && pair[1] && set_option(printer, pair[0], pair[1]);
        g_strfreev(pair);
    }
    g_strfreev(list);
    return good;
}

struct printer *printer_open(const char *uri, GError **error)
{
    const char *colon = strchr(uri, ':'), *question = strchr(uri, '?');
    const struct printer_ops *ops = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS) && colon; i++)
        if (strlen(KINDS[i]->scheme) == (size_t)(colon - uri) && g_str_has_prefix(uri, KINDS[i]->scheme))
            ops = KINDS[i];
    if (!ops) {
        err_set(error, ERR_PRINTER_URI, uri);
        return NULL;
    }
    char *target = question ? g_strndup(colon + 1, (gsize)(question - colon - 1)) : g_strdup(colon + 1);
    struct printer *printer = ops->open(target, error);
    g_free(target);
    if (!printer)
        return NULL;
    printer->ops = ops;
    printer->paper = g_strdup("100x150");
    printer->dots_per_inch = DEFAULT_DPI;
    if (!question || set_options(printer, question + 1))
        return printer;
    err_set(error, ERR_PRINTER_URI, uri);
    printer_close(printer);
    return NULL;
}

void printer_close(struct printer *printer)
{
    if (!printer)
        return;
    g_free(printer->paper);
    printer->ops->close(printer);
}
