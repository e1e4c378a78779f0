/* SPDX-License-Identifier: MIT */
#include "core/intake/report.h"

#include <errno.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/table/table_writer.h"

struct report {
    char *path;
    FILE *file; /* NULL until the first row */
    int failed; /* errno */
    gboolean beside;
    uint64_t rows;
};

struct report *report_new(const char *path)
{
    struct report *report = g_new0(struct report, 1);
    report->path = g_strdup(path);
    return report;
}

struct report *report_new_beside(const char *path)
{
    struct report *report = report_new(path);
    report->beside = TRUE;
    return report;
}

/* Two imports may begin within a second: neither list may be lost to the other. */
static FILE *open_beside(struct report *report)
{
    enum { NAMES = 1000 };
    size_t stem = strlen(report->path) - (g_str_has_suffix(report->path, ".csv") ? strlen(".csv") : 0);
    FILE *file = new_file_open(report->path, FALSE);
    for (int n = 2; !file && errno == EEXIST && n < NAMES; n++) {
        g_autofree char *path = g_strdup_printf("%.*s-%d.csv", (int)stem, report->path, n);
        file = new_file_open(path, FALSE);
        if (file) {
            g_free(report->path);
            report->path = g_steal_pointer(&path);
        }
    }
    return file;
}

static FILE *open_file(struct report *report)
{
    if (report->file || report->failed)
        return report->file;
    g_autofree char *dir = g_path_get_dirname(report->path);
    g_mkdir_with_parents(dir, 0700);
    report->file = report->beside ? open_beside(report) : new_file_open(report->path, TRUE);
    if (!report->file)
        report->failed = errno;
    else
        fputs("\xEF\xBB\xBFrow,line,order,column,reason,text,value\r\n", report->file);
    return report->file;
}

static void write_row(struct report *report, uint64_t row, uint64_t line, const char *order, const char *column,
                      const char *reason, const char *text, const char *value)
{
    FILE *file = open_file(report);
    char numbers[2][24] = {"", ""};
    report->rows++;
    if (!file)
        return;
    g_snprintf(numbers[0], sizeof numbers[0], "%" G_GUINT64_FORMAT, row);
    if (line)
        g_snprintf(numbers[1], sizeof numbers[1], "%" G_GUINT64_FORMAT, line);
    table_write_row(file, (const char *const[]){numbers[0], numbers[1], order, column, reason, text, value, NULL});
}

static const struct draft_reject *reject_of_row(const struct order_draft *draft, uint64_t row)
{
    for (guint i = 0; i < draft->rejects->len; i++) {
        const struct draft_reject *reject = &g_array_index(draft->rejects, struct draft_reject, i);
        if (reject->row == row || reject->row == 0)
            return reject;
    }
    return NULL;
}

void report_draft(struct report *report, const struct order_draft *draft)
{
    static const struct draft_reject OTHER = {0, 0, FIELD_COUNT, REJECT_OTHER_ROW, ""};
    for (guint i = 0; i < draft->rows->len; i++) {
        uint64_t row = g_array_index(draft->rows, uint64_t, i);
        const struct draft_reject *reject = reject_of_row(draft, row);
        if (!reject)
            reject = &OTHER;
        write_row(report, row, reject->line, draft->external_id,
                  reject->column < FIELD_COUNT ? SHOP_FIELDS[reject->column].name : "", reject_name(reject->reason),
                  reject_text(reject->reason), reject->detail);
    }
}

void report_row(struct report *report, uint64_t row, const char *column, const char *reason, const char *text,
                const char *value)
{
    write_row(report, row, 0, "", column, reason, text, value);
}

gboolean report_end(struct report *report, GError **error)
{
    errno = 0;
    if (report->file && (ferror(report->file) | fclose(report->file)) != 0)
        report->failed = errno ? errno : EIO;
    report->file = NULL;
    if (report->failed)
        err_set(error, ERR_IMPORT_REPORT, report->path, g_strerror(report->failed));
    return report->failed == 0;
}

gboolean report_close(struct report *report, GError **error)
{
    gboolean ok = report_end(report, error);
    g_free(report->path);
    g_free(report);
    return ok;
}

uint64_t report_rows(const struct report *report)
{
    return report->rows;
}

const char *report_path(const struct report *report)
{
    return report->path;
}
