/* SPDX-License-Identifier: MIT
 *
 * The manual page: its prose is assets/man/packline.1.in, its lists are made from the tables of the program.
 */
#pragma once

#include <glib.h>

/* The page as roff. NULL with *error when its prose can't be read. Caller frees. */
char *manual_page(GError **error);
