/* SPDX-License-Identifier: MIT
 *
 * The seals that were sent to the second place against those of the database: what a writer of the database can't reach.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/db/rows.h"
#include "core/site/seal_outside.h"

enum { LINE_BYTES = 1024 };

static const struct sql HASH_OF = {"check_seal_outside", "SELECT hash FROM seal WHERE sealed_on = $1"};

struct outside {
    struct checker *checker;
    struct journal_key key;
    guint ours, others; /* lines of this floor, and of other ones */
    int64_t last;       /* the latest day of ours */
};

/* -1 failed. */
static int is_here(const struct outside *outside, const struct seal_line *line, GError **error)
{
    g_autoptr(rows) rows = db_query(outside->checker->db, &HASH_OF, DB_ARGS(line->day), error);
    int found = rows_next(rows, error);
    return found > 0 ? same_hash(rows, 0, line->hash) : found;
}

static gboolean compare(struct outside *outside, const struct seal_line *line, GError **error)
{
    if (strcmp(line->mark, outside->key.mark) != 0) {
        outside->others++;
        return TRUE;
    }
    outside->ours++;
    outside->last = MAX(outside->last, line->day);
    int here = is_here(outside, line, error);
    if (here == 0)
        checker_report(outside->checker, "day=%" PRId64 " was sealed and is not here, or is another", line->day);
    return here >= 0;
}

static gboolean compare_all(struct outside *outside, FILE *file, GError **error)
{
    char text[LINE_BYTES];
    struct seal_line line;
    gboolean good = TRUE;
    while (good && fgets(text, sizeof text, file))
        if (seal_line_parse(text, &line))
            good = compare(outside, &line, error);
    return good;
}

static void conclude(const struct outside *outside)
{
    if (outside->ours == 0)
        checker_report(outside->checker, "floor=%s no seal of it is in the file, %u of others", outside->key.mark, outside->others);
    else
        checker_tell(outside->checker, _("compared with %u seals from outside, the last of %lld; what came after it can't be proven by them"),
                     outside->ours, (long long)outside->last);
}

gboolean check_outside(struct checker *checker, GError **error)
{
    const char *path = checker->way->seals;
    struct outside outside = {.checker = checker};
    if (!path)
        return TRUE;
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(error, ERR_FILE_READ, path, g_strerror(errno));
    gboolean good = journal_key_load(checker->db, &outside.key, error) && compare_all(&outside, file, error);
    fclose(file);
    if (good)
        conclude(&outside);
    return good;
}
