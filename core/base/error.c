/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"

#include <stdarg.h>

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

GQuark err_domain(void)
{
    return g_quark_from_static_string("packline");
}

char *err_text_args(enum err code, const char *const args[])
{
    const struct err_row *row = row_of(code);
    return translate_fill(row ? _(row->text) : "", args);
}

char *err_hint(enum err code, const char *const args[])
{
    const struct err_row *row = row_of(code);
    return translate_fill(row && row->hint[0] ? _(row->hint) : "", args);
}

void err_set_args(GError **error, enum err code, const char *const args[])
{
    if (!error)
        return;
    g_autofree char *text = err_text_args(code, args);
    g_set_error_literal(error, ERR, (int)code, text);
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
