/* SPDX-License-Identifier: MIT
 *
 * Tables of words: what a value of an enum is called where it is stored or typed, and what people read. A table is an
 * array by value; its rows are names, or structs that begin with their name. A name is never translated, a label always
 * is: by translate_in(). Rows left out have no name and are never found.
 *
 *     static const struct word ROLES[] = {[ROLE_PICKER] = {"picker", NC_("role", "picker")}, ...};
 *     enum role role = (enum role)WORDS_PARSE(ROLES, text, ROLE_NONE);
 *     WORDS_SAID(role, enum role, ROLES, ROLE_NONE) // role_name(), role_parse(), role_label(); declared in a header
 */
#pragma once

#include <glib.h>
#include <string.h>

#include "core/base/translate.h"

struct word {
    const char *name, *label; /* label: NC_() or N_() */
};

/* Which of count rows of size bytes begins with name; -1: none, or name is NULL. */
static inline int words_find(const void *rows, size_t count, size_t size, const char *name)
{
    for (size_t i = 0; name && i < count; i++) {
        const char *const *first = (const void *)((const char *)rows + i * size);
        if (*first && strcmp(*first, name) == 0)
            return (int)i;
    }
    return -1;
}

/* The same in an array whose length the compiler knows. */
#define WORDS_FIND(table, name) words_find((table), G_N_ELEMENTS(table), sizeof *(table), (name))

/* What a name stands for; otherwise when the table does not have it. */
#define WORDS_PARSE(table, name, otherwise) words_or(WORDS_FIND(table, name), (otherwise))

static inline int words_or(int found, int otherwise)
{
    return found >= 0 ? found : otherwise;
}

/* The functions of an enum whose table has a row a value: its name, and what a name stands for, none when it stands for
 * nothing. */
#define WORDS_NAMED(of, type, table, none)                                                                             \
    const char *of##_name(type value)                                                                                  \
    {                                                                                                                  \
        return table[value].name;                                                                                      \
    }                                                                                                                  \
    type of##_parse(const char *name)                                                                                  \
    {                                                                                                                  \
        return (type)WORDS_PARSE(table, name, none);                                                                   \
    }

/* And what people read, where the rows have a label. */
#define WORDS_SAID(of, type, table, none)                                                                              \
    WORDS_NAMED(of, type, table, none)                                                                                 \
    const char *of##_label(type value)                                                                                 \
    {                                                                                                                  \
        return translate_in(table[value].label);                                                                       \
    }
