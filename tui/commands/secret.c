/* SPDX-License-Identifier: MIT */
#include "tui/commands/secret.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/translate.h"

enum { LONGEST = 128 };

static char *read_line(void)
{
    char line[LONGEST];
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return g_strdup(line);
}

static char *read_hidden(const char *prompt)
{
    struct termios shown, hidden;
    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return read_line();
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    g_printerr("%s: ", prompt);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    char *line = read_line();
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    g_printerr("\n");
    return line;
}

char *secret_read(const char *prompt, gboolean confirm, GError **error)
{
    gboolean terminal = isatty(STDIN_FILENO) != 0;
    g_autofree char *first = terminal ? read_hidden(prompt) : read_line();
    if (!first) {
        err_set(error, ERR_USAGE, _("A PIN is needed on standard input."));
        return NULL;
    }
    g_autofree char *second = terminal && confirm ? read_hidden(_("The same again")) : g_strdup(first);
    if (second && strcmp(first, second) == 0)
        return g_steal_pointer(&first);
    err_set(error, ERR_USAGE, _("The two PINs differ."));
    return NULL;
}
