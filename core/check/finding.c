/* SPDX-License-Identifier: MIT */
#include "core/check/finding.h"

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/base/words.h"

struct finding {
    enum finding_level level;
    char *area, *text, *mend;
};

struct findings {
    GArray *list; /* struct finding */
};

static const struct word LEVELS[] = {
    [FINDING_OK] = {"ok", N_("ok")}, [FINDING_WARN] = {"warn", N_("look")}, [FINDING_BAD] = {"bad", N_("BAD")}};

static void finding_clear(gpointer data)
{
    struct finding *finding = data;
    g_free(finding->area);
    g_free(finding->text);
    g_free(finding->mend);
}

struct findings *findings_new(void)
{
    struct findings *findings = g_new0(struct findings, 1);
    findings->list = g_array_new(FALSE, FALSE, sizeof(struct finding));
    g_array_set_clear_func(findings->list, finding_clear);
    return findings;
}

void findings_free(struct findings *findings)
{
    g_array_unref(findings->list);
    g_free(findings);
}

void findings_add(struct findings *findings, enum finding_level level, const char *area, const char *mend,
                  const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const struct finding finding = {level, g_strdup(area), g_strdup_vprintf(format, list),
                                    g_strdup(level == FINDING_OK || !mend ? "" : mend)};
    va_end(list);
    g_array_append_val(findings->list, finding);
}

gboolean findings_error(struct findings *findings, const char *area, GError *error)
{
    if (!error)
        return FALSE;
    g_autofree char *line = err_line(error), *hint = err_hint(err_code(error), NULL);
    findings_add(findings, FINDING_BAD, area, hint, "%s", line);
    g_error_free(error);
    return TRUE;
}

enum finding_level findings_worst(const struct findings *findings)
{
    enum finding_level worst = FINDING_OK;
    for (guint i = 0; i < findings->list->len; i++)
        worst = MAX(worst, g_array_index(findings->list, struct finding, i).level);
    return worst;
}

char *findings_text(const struct findings *findings)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < findings->list->len; i++) {
        const struct finding *finding = &g_array_index(findings->list, struct finding, i);
        g_string_append_printf(out, "%-5s %-10s %s\n", _(LEVELS[finding->level].label), finding->area, finding->text);
        if (finding->mend[0])
            g_string_append_printf(out, "%16s -> %s\n", "", finding->mend);
    }
    return g_string_free(out, FALSE);
}

json_t *findings_json(const struct findings *findings)
{
    json_t *list = json_array();
    for (guint i = 0; i < findings->list->len; i++) {
        const struct finding *finding = &g_array_index(findings->list, struct finding, i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "level", LEVELS[finding->level].name, "area",
                                              finding->area, "text", finding->text, "mend", finding->mend));
    }
    return list;
}

gboolean findings_merge(struct findings *findings, const char *json)
{
    json_auto_t *list = json_loads(json, 0, NULL);
    gboolean good = json_is_array(list);
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        const char *level, *area, *text, *mend;
        if (json_unpack(row, "{s:s, s:s, s:s, s:s}", "level", &level, "area", &area, "text", &text, "mend", &mend) == 0)
            findings_add(findings, (enum finding_level)WORDS_PARSE(LEVELS, level, FINDING_BAD), area, mend, "%s", text);
        else
            good = FALSE;
    }
    return good;
}
