/* SPDX-License-Identifier: MIT */
#include "printing/queue/printer.h"

#include <string.h>

#include "core/print/printer_uri.h"

static const struct printer_ops *const KINDS[] = {&printer_cups, &printer_file};

void health_set(struct health *health, enum printer_health what, const char *text)
{
    health->health = what;
    g_strlcpy(health->text, text, sizeof health->text);
}

struct printer *printer_open(const char *text, GError **error)
{
    struct printer_uri uri;
    const struct printer_ops *ops = NULL;
    if (!printer_uri_parse(text, &uri, error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
        if (strcmp(KINDS[i]->scheme, uri.scheme) == 0)
            ops = KINDS[i];
    g_assert(ops);
    struct printer *printer = ops->open(uri.target, error);
    if (!printer)
        return NULL;
    printer->ops = ops;
    printer->paper = g_strdup(uri.paper);
    printer->dots_per_inch = uri.dots_per_inch;
    return printer;
}

void printer_close(struct printer *printer)
{
    if (!printer)
        return;
    g_free(printer->paper);
    printer->ops->close(printer);
}
