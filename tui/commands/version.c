/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"
#include "core/db/schema.h"
#include "tui/commands/commands.h"

#define PACKLINE_VERSION "0.1.0"

static gboolean do_version(struct call *call, GError **error)
{
    int schema = schema_file_count ? schema_files[schema_file_count - 1].version : 0;
    (void)error;
    if (call->json)
        call->answer = json_pack("{s:s, s:i}", "version", PACKLINE_VERSION, "schema", schema);
    else
        g_print("packline %s (schema %d)\n", PACKLINE_VERSION, schema);
    return TRUE;
}

static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_version, NO_SITE, BY_ANYBODY}};

const struct subcommand command_version = {"version", N_("print the version"), VERBS_OF(VERBS), .lenient = TRUE};
