/* SPDX-License-Identifier: MIT
 *
 * packline-print: the print worker, label previews, and the printing part of doctor. A program of its own, so that a
 * crash or a hang in a printer library can't freeze a packer.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/program.h"
#include "core/base/translate.h"
#include "printing/commands.h"

static int help(FILE *out)
{
    for (size_t i = 0; print_command_at(i); i++)
        fprintf(out, "packline-print %-9s %s\n", print_command_at(i)->name, _(print_command_at(i)->summary));
    return out == stdout ? EXIT_OK : EXIT_USAGE;
}

int main(int argc, char **argv)
{
    program_begin();
    translate_init(NULL, NULL);
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout);
    for (size_t i = 0; print_command_at(i); i++)
        if (strcmp(print_command_at(i)->name, argv[1]) == 0)
            return print_command_at(i)->run(argc - 1, argv + 1);
    GError *error = NULL;
    g_autofree char *text = g_strdup_printf(_("There is no command %s."), argv[1]);
    err_set(&error, ERR_USAGE, text);
    return print_failed(error);
}
