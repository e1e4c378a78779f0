/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"

#include <glib.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "core/base/paths.h"

static int locale_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* gettext ignores LANGUAGE in the plain C locale but not in C.UTF-8, so a machine with no installed locale
 * still speaks Chinese: the language is set beside the locale, not through it. */
void translate_init(const char *language, int *fallback)
{
    int fell_back = 0;
    if (!setlocale(LC_ALL, "") || !locale_is_utf8()) {
        setlocale(LC_ALL, "C.UTF-8");
        fell_back = 1;
    }
    setlocale(LC_NUMERIC, "C");
    if (language)
        g_setenv("LANGUAGE", language, TRUE);
    if (fallback)
        *fallback = fell_back;
    g_autofree char *dir = paths_asset("locale");
    bindtextdomain("packline", dir);
    bind_textdomain_codeset("packline", "UTF-8");
    textdomain("packline");
}

/* As gettext keeps it in a catalogue: the context, an EOT, the text. */
const char *translate_in(const char *marked)
{
    if (!marked || !marked[0])
        return ""; /* gettext("") is the head of the catalogue */
    const char *text = gettext(marked), *context = strchr(marked, '\004');
    return text == marked && context ? context + 1 : text;
}

/* Placeholders are {1}..{9} and not printf's: a translation may reorder them and no text from outside is ever
 * taken for a format. */
char *translate_fill(const char *text, const char *const args[])
{
    GString *out = g_string_new(NULL);
    size_t count = 0;
    while (args && args[count])
        count++;
    for (const char *p = text; *p; p++) {
        size_t n = (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') ? (size_t)(p[1] - '0') : 0;
        if (n == 0) {
            g_string_append_c(out, *p);
            continue;
        }
        if (n <= count)
            g_string_append(out, args[n - 1]);
        p += 2;
    }
    return g_string_free(out, FALSE);
}
