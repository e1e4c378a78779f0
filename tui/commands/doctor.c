/* SPDX-License-Identifier: MIT
 *
 * packline doctor: what is wrong with this machine, and how to mend it. The printing part is packline-print's. Exit 0 fine, 1 something is bad.
 */
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/check/doctor.h"
#include "tui/commands/commands.h"
#include "tui/terminal/term.h"

enum { ANSWER_MS = 500, ROWS_MIN = 24, COLUMNS_MIN = 80 };

/* --- locale and terminal -------------------------------------------------------------------------------- */

static void look_at_locale(struct findings *findings)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    const char *charset = locale ? nl_langinfo_l(CODESET, locale) : "?";
    findings_add(findings, strcmp(charset, "UTF-8") == 0 ? FINDING_OK : FINDING_WARN, "locale",
                 _("packline falls back to C.UTF-8; set LANG=C.UTF-8 or zh_TW.UTF-8."),
                 _("the environment's character set is %s"), charset);
    if (locale)
        freelocale(locale);
}

/* Reads a cursor report "ESC [ row ; column R". 0: none came. */
static int read_column(void)
{
    char answer[32];
    size_t length = 0;
    int row = 0, column = 0;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (length + 1 < sizeof answer && poll(&input, 1, ANSWER_MS) > 0 && read(STDIN_FILENO, answer + length, 1) == 1)
        if (answer[length++] == 'R')
            break;
    answer[length] = '\0';
    const char *start = strchr(answer, '[');
    return start && sscanf(start, "[%d;%dR", &row, &column) == 2 ? column : 0;
}

/* How wide the terminal draws one East-Asian ambiguous character: 1, 2, or 0 when it does not say. */
static int ambiguous_width(void)
{
    struct termios before, raw;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return 0;
    raw = before;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    fputs("\r\xE2\x94\x80\x1b[6n", stdout);
    fflush(stdout);
    int column = read_column();
    fputs("\r\x1b[K", stdout);
    fflush(stdout);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return column > 1 ? column - 1 : 0;
}

static void look_at_size(struct findings *findings)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return;
    gboolean fine = size.ws_row >= ROWS_MIN && size.ws_col >= COLUMNS_MIN;
    findings_add(findings, fine ? FINDING_OK : FINDING_BAD, "terminal", _("Make the window at least 80 by 24."),
                 _("%d columns, %d rows"), size.ws_col, size.ws_row);
}

static void look_at_glyphs(struct findings *findings)
{
    int width = MIN(ambiguous_width(), 2);
    findings_add(findings, width == 1 ? FINDING_OK : FINDING_WARN, "terminal",
                 width == 0 ? _("It does not say how wide it draws: the ascii glyph set is used.")
                            : _("It draws ambiguous characters two columns wide: the ascii glyph set is used. In PuTTY: "
                                "Window, Translation, untick \"Treat CJK ambiguous characters as wide\"."),
                 _("width of an ambiguous glyph: %d"), width);
}

static void look_at_terminal(struct findings *findings)
{
    const char *type = g_getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        findings_add(findings, FINDING_OK, "terminal", NULL, "%s", _("not looked at: this is no terminal"));
        return;
    }
    gboolean console = type && strcmp(type, "linux") == 0;
    findings_add(findings, console || !term_type_will_do() ? FINDING_BAD : FINDING_OK, "terminal",
                 console ? _("The Linux console has no Chinese: use kmscon, fbterm, or cage with foot.")
                         : _("It can't show the screens: set TERM to what the terminal is, xterm-256color mostly."),
                 _("type %s"), type ? type : "-");
    look_at_size(findings);
    look_at_glyphs(findings);
}

/* --- the printing part ---------------------------------------------------------------------------------- */

static void look_at_printing(struct findings *findings, const char *url)
{
    g_autofree char *program = paths_program("packline-print"), *output = NULL;
    g_autoptr(GError) error = NULL;
    const char *argv[] = {program, "doctor", "--json", "--db", url, NULL};
    g_auto(GStrv) copy = g_strdupv((char **)(gpointer)argv);
    gboolean ran = g_spawn_sync(NULL, copy, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, NULL, &error);
    if (!ran || !findings_merge(findings, output))
        findings_add(findings, FINDING_BAD, "printing", _("Install packline-print beside packline."), "%s",
                     ran ? _("packline-print doctor gave no answer") : error->message);
}

static gboolean do_look(struct call *call, GError **error)
{
    const char *url = call->options->db_url;
    g_autoptr(findings) findings = findings_new();
    (void)error;
    doctor_settings(findings);
    doctor_database(findings, url);
    doctor_disk(findings, url);
    doctor_couriers(findings);
    doctor_shops(findings);
    look_at_locale(findings);
    look_at_terminal(findings);
    look_at_printing(findings, url);
    call->status = findings_worst(findings) == FINDING_BAD ? EXIT_REFUSED : EXIT_OK;
    if (call->json) {
        call->answer = findings_json(findings);
    } else {
        g_autofree char *text = findings_text(findings);
        g_print("%s", text);
    }
    return TRUE;
}

static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_look, NO_SITE, BY_ANYBODY}};

const struct subcommand command_doctor = {
    "doctor", N_("what is wrong here, and how to mend it"), VERBS_OF(VERBS), .lenient = TRUE,
};
