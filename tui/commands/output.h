/* SPDX-License-Identifier: MIT
 *
 * Lists on the command line. A table of members says what a row of a list has, and JSON has it in this order; one line
 * says how people see it. In the line stand the members' names: {name}, {name:<8} or {name:>8} for at least 8 columns of
 * the terminal, set to the left or the right, {name|-} for what stands there when there is nothing. A translation takes
 * the same members in any order.
 *
 *     static const struct member MEMBERS[] = {
 *         MEMBER("badge", struct person, badge),
 *         MEMBER_WORD("role", struct person, role, role_name, role_label),
 *         MEMBER_SHOWN("note", note_of),
 *     };
 *     static const struct output PEOPLE = OUTPUT(N_("{badge:<16} {role:<8} {note}"), MEMBERS);
 *     return output_all(call, &PEOPLE, people_list(call->site, error));
 */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct call;

enum member_kind {
    MEMBER_TEXT,    /* char[] */
    MEMBER_POINTER, /* const char *, char * */
    MEMBER_INT,     /* int */
    MEMBER_INT64,   /* int64_t */
    MEMBER_FLAG,    /* gboolean: true or false; people see nothing */
    MEMBER_TIME,    /* int64_t, UTC ms; people see acting_time() */
    MEMBER_SAID,    /* char[], English: people see its translation */
    MEMBER_CODE,    /* enum err: its number, "" for ERR_NONE */
    MEMBER_WORD,    /* an enum: word, people see its label */
    MEMBER_MADE     /* what make() says */
};

struct member {
    const char *name;
    enum member_kind kind;
    size_t at; /* in the row */
    const char *(*word)(unsigned value), *(*label)(unsigned value); /* the compilers we use take every enum for this */
    char *(*make)(const struct call *call, const void *row);        /* the caller frees */
    gboolean shown;                                                 /* to people alone */
};

/* One whose type says what kind it is. */
#define MEMBER(key, row, member) {.name = (key), .kind = MEMBER_KIND_OF(row, member), .at = offsetof(row, member)}
#define MEMBER_KIND_OF(row, member)                                                                                    \
    _Generic(&((row *)0)->member, int64_t *: MEMBER_INT64, int *: MEMBER_INT, char **: MEMBER_POINTER,                 \
             const char **: MEMBER_POINTER, default: MEMBER_TEXT)
/* One whose type does not. */
#define MEMBER_AS(of_kind, key, row, member) {.name = (key), .kind = MEMBER_##of_kind, .at = offsetof(row, member)}
#define MEMBER_WORD(key, row, member, name_of, label_of)                                                               \
    {.name = (key), .kind = MEMBER_WORD, .at = offsetof(row, member), .word = (name_of), .label = (label_of)}
#define MEMBER_MADE(key, by) {.name = (key), .kind = MEMBER_MADE, .make = (by)}
#define MEMBER_SHOWN(key, by) {.name = (key), .kind = MEMBER_MADE, .make = (by), .shown = TRUE}

struct output {
    const char *line; /* NULL: people don't see it */
    const struct member *members;
    size_t count;
};

#define OUTPUT(text, table) {(text), (table), G_N_ELEMENTS(table)}

/* From here on the verb's answer is a list: without a row, too. */
void output_begin(struct call *call);

/* A row of it: printed at once, or kept for the answer. */
void output_row(struct call *call, const struct output *output, const void *row);

/* A whole list, which is given up; FALSE when it is NULL. */
gboolean output_all(struct call *call, const struct output *output, GArray *rows);

/* The function of a verb that lists what `load`, an expression with call and error in it, has found. */
#define VERB_OF_LIST(name, output, load)                                                                               \
    static gboolean name(struct call *call, GError **error)                                                            \
    {                                                                                                                  \
        return output_all(call, (output), (load));                                                                     \
    }

/* The line of a row, without its end. Caller frees. */
char *output_text(const struct call *call, const struct output *output, const void *row);

/* A row as an object; rows of size bytes as a list. */
json_t *output_object(const struct call *call, const struct output *output, const void *row);
json_t *output_array(const struct call *call, const struct output *output, const void *rows, size_t count, size_t size);
