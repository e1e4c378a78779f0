/* SPDX-License-Identifier: MIT
 *
 * Private to the PostgreSQL engine: a column of many rows in the server's own form of an array, which is its dimensions,
 * whether it has NULLs, the type of its elements, how many from 1, and each with its length.
 */
#pragma once

#include "core/db/put.h"

/* *type gets the number of the array's type. Caller frees. */
GByteArray *postgres_array(const struct db_put *put, size_t column, unsigned *type);
