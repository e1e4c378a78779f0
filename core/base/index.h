/* SPDX-License-Identifier: MIT
 *
 * Finds a thing by a number. All zero is an empty one, which costs nothing; a dossier has two for each of its tables, and most
 * stay empty.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct index {
    struct index_place {
        int64_t key;
        void *value; /* NULL: the place is free */
    } *places;
    size_t size, used; /* size is a power of two, at most two thirds are used */
};

void *index_find(const struct index *index, int64_t key); /* NULL: it is not there */
void index_put(struct index *index, int64_t key, void *value); /* in place of what was there */
void index_remove(struct index *index, int64_t key);
void index_clear(struct index *index); /* what it leads to is not touched */
