/* SPDX-License-Identifier: MIT */
#include <glib.h>

#include "core/base/error.h"
#include "core/db/schema.h"
#include "tui/commands/commands.h"

#define PACKLINE_VERSION "0.1.0"

int cmd_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    int schema = schema_file_count ? schema_files[schema_file_count - 1].version : 0;
    g_print("packline %s (schema %d)\n", PACKLINE_VERSION, schema);
    return EXIT_OK;
}
