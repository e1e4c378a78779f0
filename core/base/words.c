/* SPDX-License-Identifier: MIT */
#include "core/base/words.h"

#include <string.h>

int words_find(const void *rows, size_t count, size_t size, const char *name)
{
    for (size_t i = 0; name && i < count; i++) {
        const char *const *first = (const void *)((const char *)rows + i * size);
        if (*first && strcmp(*first, name) == 0)
            return (int)i;
    }
    return -1;
}
