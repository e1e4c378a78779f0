/* SPDX-License-Identifier: MIT
 *
 * Private to the PostgreSQL engine: rows as COPY ... FROM STDIN reads them.
 */
#pragma once

#include "core/db/db.h"

struct link;

/* After COPY was answered. FALSE: the link failed. */
gboolean copy_put_rows(struct link *link, const struct db_value *values, size_t rows, size_t columns);
