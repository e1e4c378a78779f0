/* SPDX-License-Identifier: MIT */
#include "core/print/printer_uri.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"

enum { DEFAULT_DPI = 203, MIN_DPI = 100, MAX_DPI = 2400, QUEUE_NAME_MAX = 127 };

/* What lpadmin lets a queue be called; and nothing that leads elsewhere on cupsd. */
static gboolean is_queue(const char *name)
{
    return *name && strlen(name) <= QUEUE_NAME_MAX && *name != '-' && !strpbrk(name, "/#?'\"\\ ");
}

/* "100x150" or "A4". */
static gboolean is_paper(const char *text)
{
    return g_regex_match_simple("^([1-9][0-9]{1,2}x[1-9][0-9]{1,2}|A[3-6])$", text, 0, 0);
}

static gboolean set_option(struct printer_uri *uri, const char *option)
{
    guint64 dpi = 0;
    if (g_str_has_prefix(option, "paper="))
        return is_paper(option + strlen("paper=")) &&
               g_strlcpy(uri->paper, option + strlen("paper="), sizeof uri->paper) < sizeof uri->paper;
    if (!g_str_has_prefix(option, "dpi=") ||
        !g_ascii_string_to_unsigned(option + strlen("dpi="), 10, MIN_DPI, MAX_DPI, &dpi, NULL))
        return FALSE;
    uri->dots_per_inch = (int)dpi;
    return TRUE;
}

static gboolean set_options(struct printer_uri *uri, const char *text)
{
    g_auto(GStrv) options = g_strsplit(text, "&", -1);
    for (char **option = options; *option; option++)
        if (!set_option(uri, *option))
            return FALSE;
    return TRUE;
}

static gboolean parse(const char *text, struct printer_uri *uri)
{
    const char *colon = strchr(text, ':'), *question = strchr(text, '?');
    if (!colon || !clean_is(text) || strlen(text) >= sizeof uri->target)
        return FALSE;
    *uri = (struct printer_uri){.paper = "100x150", .dots_per_inch = DEFAULT_DPI};
    g_strlcpy(uri->scheme, text, MIN(sizeof uri->scheme, (gsize)(colon - text) + 1));
    g_strlcpy(uri->target, colon + 1, question ? (gsize)(question - colon) : sizeof uri->target);
    gboolean queue = strcmp(uri->scheme, "cups") == 0 && is_queue(uri->target);
    gboolean folder = strcmp(uri->scheme, "file") == 0 && g_path_is_absolute(uri->target);
    return (queue || folder) && (!question || set_options(uri, question + 1));
}

gboolean printer_uri_parse(const char *text, struct printer_uri *uri, GError **error)
{
    if (parse(text, uri))
        return TRUE;
    return err_set(error, ERR_PRINTER_URI, text);
}
