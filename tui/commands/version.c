/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/schema.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

#define PACKLINE_VERSION "0.1.0"

int cmd_version(int argc, char **argv)
{
    struct options options = {.lenient = TRUE};
    GError *error = NULL;
    if (!options_parse(&options, NULL, N_("version"), &argc, &argv, &error))
        return options_failed(error, options.json);
    int schema = schema_file_count ? schema_files[schema_file_count - 1].version : 0;
    if (options.json)
        options_print(json_pack("{s:s, s:i}", "version", PACKLINE_VERSION, "schema", schema));
    else
        g_print("packline %s (schema %d)\n", PACKLINE_VERSION, schema);
    options_clear(&options);
    return EXIT_OK;
}
