/* SPDX-License-Identifier: MIT
 *
 * core/base: what everything else stands on.
 *
 * Errors: one table (error_list.h), carried in GError with domain ERR and the enum as code.
 * An error is filled where its cause is known and is never logged and returned both.
 */
#pragma once

#include <glib.h>

/* Exit codes of every command. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_REFUSED = 1,  /* the floor's rules said no, or a check found a violation */
    EXIT_USAGE = 2,    /* the command line or a setting is wrong, or it could not be checked */
    EXIT_DATA = 3,     /* a file or its content is wrong */
    EXIT_DATABASE = 4, /* the database can't be used */
    EXIT_PRINTER = 5   /* printing can't go on */
};

enum err {
    ERR_NONE = 0,
#define E(id, number, exit, text, hint) id = number,
#include "core/base/error_list.h"
#undef E
};

#define ERR err_domain()
GQuark err_domain(void);

/* Sets *error (which may be NULL) to code; the arguments replace {1}, {2} ... and must be text, of which as much as people read is echoed, clean. Always FALSE, so that who
 * says no can return it. */
#define err_set(error, ...) err_set_list((error), __VA_ARGS__, NULL)
gboolean err_set_list(GError **error, enum err code, ...) G_GNUC_NULL_TERMINATED;
void err_set_args(GError **error, enum err code, const char *const args[]);

/* A word of a table (N_() or NC_()) as an argument, which is put into the reader's language with the text. */
const char *err_word(const char *marked);

/* The arguments of an error of this domain, parted by 0x1F: err_text_joined() makes its text of them again, in the language of
 * then. "" for none. Both: caller frees. */
char *err_joined(const GError *error);
char *err_text_joined(enum err code, const char *joined);

/* The translated text of a code with its arguments (NULL-terminated, or NULL) filled in. Caller frees. */
char *err_text_args(enum err code, const char *const args[]);

/* What to do about it, translated; arguments as in err_text_args(), NULL for none. Caller frees. */
char *err_hint(enum err code, const char *const args[]);

/* "PL-0340" into buffer, which must hold 8 bytes. Returns buffer. */
const char *err_number(enum err code, char buffer[static 8]);

/* The code of an error of this domain, ERR_INTERNAL for any other, ERR_NONE for NULL. */
static inline enum err err_code(const GError *error)
{
    return !error ? ERR_NONE : error->domain == ERR ? (enum err)error->code : ERR_INTERNAL;
}

/* Whether an error is the floor's no, not the world's failure. */
gboolean err_is_refusal(const GError *error);

/* The exit code a command ends with because of this error; EXIT_OK for NULL. */
int err_exit(const GError *error);

/* "PL-0340 text" for one line of a terminal or a log. Caller frees. */
char *err_line(const GError *error);

/* The number of rows and the n-th code, for tests and the manual. */
size_t err_count(void);
enum err err_at(size_t n);
