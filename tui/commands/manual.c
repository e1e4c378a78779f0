/* SPDX-License-Identifier: MIT */
#include "tui/commands/manual.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/code/code.h"
#include "core/people/role.h"
#include "tui/app/lists.h"
#include "tui/commands/commands.h"
#include "tui/screens/screens.h"

static void roff(GString *out, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        g_string_append(out, "\\&");
    for (const char *p = text; *p; p++) {
        if (*p == '-' || *p == '\\')
            g_string_append(out, *p == '-' ? "\\-" : "\\e");
        else
            g_string_append_c(out, *p == '\n' ? ' ' : *p);
    }
}

static void item(GString *out, const char *term, const char *text)
{
    g_string_append(out, ".TP\n\\fB");
    roff(out, term);
    g_string_append(out, "\\fR\n");
    roff(out, text);
    g_string_append_c(out, '\n');
}

static void commands(GString *out)
{
    for (size_t i = 0; command_at(i); i++)
        item(out, command_at(i)->name, _(command_at(i)->summary));
}

static void key_rows(GString *out, const struct key_row *rows)
{
    for (; rows && rows->action; rows++) {
        const char *second = keymap_second_way(rows->key);
        g_autofree char *term = rows->key == K_NONE ? g_strconcat(":", rows->word, NULL)
                     : second[0]         ? g_strdup_printf("%s (%s)", input_key_name(rows->key), second)
                                         : g_strdup(input_key_name(rows->key));
        item(out, term, _(rows->about));
    }
}

static void keys(GString *out)
{
    g_string_append_printf(out, ".SS \"%s\"\n", _("Everywhere"));
    key_rows(out, SCREEN_KEYS);
    g_string_append_printf(out, ".SS \"%s\"\n", _("On every list"));
    key_rows(out, LIST_KEYS);
    key_rows(out, SORT_KEYS);
    for (size_t i = 0; SCREENS[i]; i++) {
        if (!SCREENS[i]->keys || !SCREENS[i]->keys->action)
            continue;
        g_string_append_printf(out, ".SS \"%s\"\n", _(SCREENS[i]->title));
        key_rows(out, SCREENS[i]->keys);
    }
}

static void cards(GString *out)
{
    for (enum card card = CARD_NONE + 1; card < CARD_0; card++) {
        char code[CODE_SIZE];
        item(out, code_make_card(card, code), _(card_text(card)));
    }
}

static void settings(GString *out)
{
    for (guint i = 0; setting_at(i); i++) {
        const struct setting *setting = setting_at(i);
        g_autofree char *takes = setting_takes(setting);
        g_autofree char *text = g_strdup_printf("%s (%s%s; %s)", _(setting->text),
                                     setting->scope == SETTING_HOST ? _("here, ") : "", takes,
                                     setting->fallback[0] ? setting->fallback : "-");
        item(out, setting->name, text);
    }
}

static void checks(GString *out)
{
    for (guint i = 0; check_at(i); i++) {
        g_autofree char *term = g_strdup_printf("%d %s", check_at(i)->invariant, check_at(i)->name);
        item(out, term, _(check_at(i)->text));
    }
}

static void roles(GString *out)
{
    for (enum role role = ROLE_PICKER; role < ROLE_SYSTEM; role++) {
        GString *may = g_string_new(NULL);
        for (enum permission permission = 0; permission < PERMISSION_COUNT; permission++)
            if (role_may(role, permission))
                g_string_append_printf(may, "%s%s", may->len ? ", " : "", permission_label(permission));
        item(out, role_name(role), may->str);
        g_string_free(may, TRUE);
    }
}

static void errors(GString *out)
{
    for (size_t i = 0; i < err_count(); i++) {
        static const char *const BLANKS[] = {"...", "...", "...", "...", NULL};
        char number[8];
        g_autofree char *text = err_text_args(err_at(i), BLANKS), *hint = err_hint(err_at(i), BLANKS);
        gboolean ends = g_str_has_suffix(text, ".") || g_str_has_suffix(text, "?") || g_str_has_suffix(text, "\u3002");
        g_autofree char *both = g_strdup_printf("%s%s %s", text, ends ? "" : ":", hint);
        item(out, err_number(err_at(i), number), both);
    }
}

static const struct part {
    const char *mark;
    void (*write)(GString *out);
} PARTS[] = {
    {"@COMMANDS@\n", commands}, {"@KEYS@\n", keys},   {"@CARDS@\n", cards},   {"@SETTINGS@\n", settings},
    {"@CHECKS@\n", checks},     {"@ROLES@\n", roles}, {"@ERRORS@\n", errors},
};

char *manual_page(GError **error)
{
    g_autofree char *path = paths_asset("man/packline.1.in"), *prose = NULL;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, &prose, NULL, &cause)) {
        err_set(error, ERR_FILE_READ, path, cause->message);
        return NULL;
    }
    GString *page = g_string_new(prose);
    for (guint i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        GString *part = g_string_new(NULL);
        PARTS[i].write(part);
        g_string_replace(page, PARTS[i].mark, part->str, 1);
        g_string_free(part, TRUE);
    }
    return g_string_free(page, FALSE);
}
