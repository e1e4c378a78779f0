/* SPDX-License-Identifier: MIT */
#include "core/base/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"

gboolean program_options(const char *usage, const GOptionEntry *own, const GOptionEntry *common, int *argc,
                         char ***argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_translation_domain(context, "packline");
    g_option_context_add_main_entries(context, common, "packline");
    if (own)
        g_option_context_add_main_entries(context, own, "packline");
    g_set_prgname(usage);
    g_autoptr(GError) cause = NULL;
    if (!g_option_context_parse(context, argc, argv, &cause))
        err_set(error, ERR_USAGE, cause->message);
    return cause == NULL;
}

gboolean program_setting(char **value, const char *variable, const char *key, GError **error)
{
    if (!*value)
        *value = g_strdup(g_getenv(variable));
    if (*value)
        return TRUE;
    g_autofree char *said = setting_host(key, NULL, error);
    if (said && said[0])
        *value = g_steal_pointer(&said);
    return !error || !*error;
}

void program_default_db(char **url)
{
    if (*url)
        return;
    g_autofree char *path = paths_data("packline.db");
    *url = g_strconcat("sqlite:", path, NULL);
}

void program_say(const char *program, const GError *error)
{
    g_autofree char *line = err_line(error), *hint = err_hint(err_code(error), NULL);
    g_printerr("%s: %s\n%s%s", program, line, hint, hint[0] ? "\n" : "");
}

/* JSON wants only C0 controls escaped; a terminal obeys others too. */
static void append_escaped(GString *out, gunichar c)
{
    if (c > 0xFFFF)
        g_string_append_printf(out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
    else
        g_string_append_printf(out, "\\u%04x", c);
}

void program_print(json_t *root, size_t flags)
{
    char *text = json_dumps(root, flags);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = text ? text : "null"; *p; p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\n' || clean_char(c))
            g_string_append_unichar(out, c);
        else
            append_escaped(out, c);
    }
    g_print("%s\n", out->str);
    free(text);
    json_decref(root);
}

/* --- what leaves for a terminal or a log ------------------------------------------------------------------ */

static void write_clean(FILE *stream, const char *text)
{
    const char *charset = NULL;
    g_autofree char *clean = clean_text(text, strlen(text), CLEAN_BLOCK);
    gboolean as_it_is = g_get_console_charset(&charset);
    g_autofree char *other = as_it_is ? NULL : g_convert_with_fallback(clean, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
    fputs(other ? other : clean, stream);
    fflush(stream);
}

static void write_out(const char *text)
{
    write_clean(stdout, text);
}

static void write_err(const char *text)
{
    write_clean(stderr, text);
}

/* The limit is for a file, the flag for a program that takes dumps from the kernel. The checkers of leaks look into their own
 * process as a debugger does, which the flag forbids. */
static void keep_memory(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if !defined(__SANITIZE_ADDRESS__)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

void program_begin(void)
{
    keep_memory();
    g_set_print_handler(write_out);
    g_set_printerr_handler(write_err);
}
