/* SPDX-License-Identifier: MIT
 *
 * Lets g_autoptr(order) hold a struct order * that is released at the end of its block: what
 * G_DEFINE_AUTOPTR_CLEANUP_FUNC() does for types that have a typedef. Stands in the header of the struct, beside its
 * _free() or _close(), which is not called with NULL.
 */
#pragma once

#define DEFINE_AUTOPTR(name, release)                                                                                  \
    typedef struct name *name##_autoptr;                                                                               \
    static inline void glib_autoptr_cleanup_##name(struct name **held)                                                 \
    {                                                                                                                  \
        if (*held)                                                                                                     \
            release(*held);                                                                                            \
    }
