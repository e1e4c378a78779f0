/* SPDX-License-Identifier: MIT
 *
 * The migrations, compiled in from core/db/schema/NNNN_name.sql by embed.awk.
 */
#pragma once

struct schema_file {
    int version;
    const char *name;
    const char *text; /* SQL with the mark-up that migrate.c expands */
};

extern const struct schema_file schema_files[];
extern const unsigned schema_file_count;
