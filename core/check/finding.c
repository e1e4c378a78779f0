/* SPDX-License-Identifier: MIT */
#include "core/check/finding.h"

#include <jansson.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/translate.h"

struct finding {
    enum finding_level level;
    char *area, *text, *mend;
};

struct findings {
    GPtrArray *list; /* struct finding */
};

static const struct word LEVELS[] = {[FINDING_OK] = {"ok", N_("ok")},
              [FINDING_WARN] = {"warn", N_("look")},
              [FINDING_BAD] = {"bad", N_("BAD")}};

static void finding_free(gpointer data)
{
    struct finding *finding = data;
    g_free(finding->area);
    g_free(finding->text);
    g_free(finding->mend);
    g_free(finding);
}

struct findings *findings_new(void)
{
    struct findings *findings = g_new0(struct findings, 1);
    findings->list = g_ptr_array_new_with_free_func(finding_free);
    return findings;
}

void findings_free(struct findings *findings)
{
    g_ptr_array_unref(findings->list);
    g_free(findings);
}

void findings_add(struct findings *findings, enum finding_level level, const char *area, const char *text,
                  const char *mend)
{
    struct finding *finding = g_new0(struct finding, 1);
    finding->level = level;
    finding->area = g_strdup(area);
    finding->text = g_strdup(text);
    finding->mend = g_strdup(mend ? mend : "");
    g_ptr_array_add(findings->list, finding);
}

void findings_note(struct findings *findings, enum finding_level level, const char *area, const char *mend,
                   const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *text = g_strdup_vprintf(format, list);
    va_end(list);
    findings_add(findings, level, area, text, mend);
}

void findings_error(struct findings *findings, enum finding_level level, const char *area, GError *error)
{
    g_autofree char *line = err_line(error), *hint = err_hint(err_code(error), NULL);
    findings_add(findings, level, area, line, hint);
    g_error_free(error);
}

enum finding_level findings_worst(const struct findings *findings)
{
    enum finding_level worst = FINDING_OK;
    for (guint i = 0; i < findings->list->len; i++) {
        const struct finding *finding = findings->list->pdata[i];
        worst = MAX(worst, finding->level);
    }
    return worst;
}

char *findings_text(const struct findings *findings)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < findings->list->len; i++) {
        const struct finding *finding = findings->list->pdata[i];
        g_string_append_printf(out, "%-5s %-10s %s\n", _(LEVELS[finding->level].label), finding->area,
                               finding->text);
        if (finding->mend[0])
            g_string_append_printf(out, "%16s -> %s\n", "", finding->mend);
    }
    return g_string_free(out, FALSE);
}

char *findings_json(const struct findings *findings)
{
    json_t *list = json_array();
    for (guint i = 0; i < findings->list->len; i++) {
        const struct finding *finding = findings->list->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s}", "level", LEVELS[finding->level].name, "area",
                                        finding->area, "text", finding->text, "mend", finding->mend));
    }
    char *made = json_dumps(list, JSON_INDENT(1));
    char *text = g_strdup(made);
    free(made);
    json_decref(list);
    return text;
}

static enum finding_level level_parse(const char *name)
{
    return (enum finding_level)WORDS_PARSE(LEVELS, name, FINDING_BAD);
}

gboolean findings_merge(struct findings *findings, const char *json)
{
    json_t *list = json_loads(json, 0, NULL);
    gboolean good = json_is_array(list);
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        const char *level, *area, *text, *mend;
        if (json_unpack(row, "{s:s, s:s, s:s, s:s}", "level", &level, "area", &area, "text", &text, "mend",
                        &mend) == 0)
            findings_add(findings, level_parse(level), area, text, mend);
        else
            good = FALSE;
    }
    json_decref(list);
    return good;
}
