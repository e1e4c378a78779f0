/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"

struct err_row {
    enum err code;
    int exit;
    const char *text;
    const char *hint;
};

static const struct err_row ROWS[] = {
#define E(id, number, exit, text, hint) {id, exit, text, hint},
#include "core/base/error_list.h"
#undef E
};

static const struct err_row *row_of(enum err code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
        if (ROWS[i].code == code)
            return &ROWS[i];
    return NULL;
}

/* --- arguments: they go with the error (GLib's extended errors) ------------------------------------------- */

struct told {
    char **args; /* NULL: none */
};

/* Where GLib keeps it: before the error itself, aligned. */
static struct told *told_of(const GError *error)
{
    const size_t align = 2 * sizeof(size_t), size = (sizeof(struct told) + align - 1) / align * align;
    return (struct told *)(uintptr_t)((const char *)error - size);
}

static void told_init(GError *error)
{
    told_of(error)->args = NULL;
}

static void told_copy(const GError *from, GError *to)
{
    told_of(to)->args = g_strdupv(told_of(from)->args);
}

static void told_clear(GError *error)
{
    g_strfreev(told_of(error)->args);
}

GQuark err_domain(void)
{
    static size_t domain;
    if (g_once_init_enter(&domain))
        g_once_init_leave(&domain, g_error_domain_register_static("packline", sizeof(struct told), told_init, told_copy,
                                                                  told_clear));
    return (GQuark)domain;
}

#define WORD_MARK "\x02" /* no text from outside has one */
#define ARGS_BETWEEN "\x1f"

const char *err_word(const char *marked)
{
    g_autofree char *word = g_strconcat(WORD_MARK, marked, NULL);
    return g_intern_string(word);
}

static char *fill(const char *text, const char *const args[])
{
    const char *said[10] = {NULL};
    for (size_t i = 0; args && args[i] && i + 1 < G_N_ELEMENTS(said); i++)
        said[i] = g_str_has_prefix(args[i], WORD_MARK) ? translate_in(args[i] + strlen(WORD_MARK)) : args[i];
    return translate_fill(text, said);
}

char *err_text_args(enum err code, const char *const args[])
{
    const struct err_row *row = row_of(code);
    return fill(row ? _(row->text) : "", args);
}

char *err_hint(enum err code, const char *const args[])
{
    const struct err_row *row = row_of(code);
    return fill(row && row->hint[0] ? _(row->hint) : "", args);
}

/* What is echoed may be anything that somebody has typed or a file holds: no more of it than people read, and nothing that a
 * terminal or a log obeys. */
static char *echo(const char *arg)
{
    enum { SHOWN = 400 };
    gboolean marked = g_str_has_prefix(arg, WORD_MARK);
    const char *said = marked ? arg + strlen(WORD_MARK) : arg;
    size_t length = strnlen(said, SHOWN + 1), cut = MIN(length, SHOWN);
    while (length > SHOWN && cut > SHOWN - 4 && ((guchar)said[cut] & 0xC0) == 0x80) /* the rest of a character */
        cut--;
    g_autofree char *clean = clean_text(said, cut, CLEAN_LINE);
    return g_strconcat(marked ? WORD_MARK : "", clean, length > SHOWN ? "…" : "", NULL);
}

void err_set_args(GError **error, enum err code, const char *const args[])
{
    if (!error)
        return;
    size_t n = 0;
    while (args && args[n])
        n++;
    char **told = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++)
        told[i] = echo(args[i]);
    g_autofree char *text = err_text_args(code, (const char *const *)told);
    g_set_error_literal(error, ERR, (int)code, text);
    told_of(*error)->args = told;
}

char *err_joined(const GError *error)
{
    char **args = error && error->domain == ERR ? told_of(error)->args : NULL;
    return args ? g_strjoinv(ARGS_BETWEEN, args) : g_strdup("");
}

char *err_text_joined(enum err code, const char *joined)
{
    g_auto(GStrv) args = g_strsplit(joined, ARGS_BETWEEN, -1);
    return err_text_args(code, (const char *const *)args);
}

gboolean err_set_list(GError **error, enum err code, ...)
{
    const char *args[10] = {NULL};
    va_list list;
    va_start(list, code);
    for (size_t i = 0; i + 1 < G_N_ELEMENTS(args); i++) {
        args[i] = va_arg(list, const char *);
        if (!args[i])
            break;
    }
    va_end(list);
    err_set_args(error, code, args);
    return FALSE;
}

const char *err_number(enum err code, char buffer[static 8])
{
    g_snprintf(buffer, 8, "PL-%04d", (int)code % 10000);
    return buffer;
}

gboolean err_is_refusal(const GError *error)
{
    enum err code = err_code(error);
    return code >= ERR_SCAN_UNKNOWN && code < ERR_TERMINAL;
}

int err_exit(const GError *error)
{
    const struct err_row *row = row_of(err_code(error));
    return row ? row->exit : EXIT_OK;
}

char *err_line(const GError *error)
{
    char number[8];
    return g_strdup_printf("%s %s", err_number(err_code(error), number), error->message);
}

size_t err_count(void)
{
    return G_N_ELEMENTS(ROWS);
}

enum err err_at(size_t n)
{
    return ROWS[n].code;
}
