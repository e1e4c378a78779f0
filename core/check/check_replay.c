/* SPDX-License-Identifier: MIT
 *
 * The derived tables against what happened: the differences that events left are folded again, some hundred subjects at a
 * time, and every row that is another, is missing or is there though nothing made it is named. On the way each event is
 * judged again (check_judge.h).
 */
#include <string.h>

#include "core/apply/history.h"
#include "core/apply/subject.h"
#include "core/check/check_judge.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"

enum { BEGUN, KEPT };

static const struct sql SQL[] = {
    [BEGUN] = {"check_history_begun", "SELECT COUNT(*) FROM counter WHERE name = 'history'"},
    [KEPT] = {"check_history_kept", "SELECT 1 FROM difference d JOIN event e ON e.key = d.event_key LIMIT 1"},
};

/* --- comparing ---------------------------------------------------------------------------------------------- */

struct comparing {
    struct checker *checker;
    const char *about;
    const struct dossier *other;
    gboolean other_is_there; /* it holds what the database has */
};

static char *value_text(const struct column *column, const struct row *row)
{
    if (column->kind == COLUMN_TEXT)
        return g_strdup(column_text(column, row));
    if (column->kind == COLUMN_STATE)
        return g_strdup(flow_state_name((enum state)column_int(column, row)));
    return g_strdup_printf("%" G_GINT64_FORMAT, column_int(column, row));
}

/* "table=shipment_line id=12"; texts are named, not shown: a reason may be among them. */
static void report(const struct comparing *comparing, const struct row *row, const char *what)
{
    const struct table *table = table_of(row->table);
    g_autoptr(GString) key = g_string_new(NULL);
    for (size_t i = 0; i < table->keys; i++) {
        g_autofree char *value = value_text(&table->columns[i], row);
        g_string_append_printf(key, " %s=%s", table->columns[i].name, value);
    }
    checker_report(comparing->checker, "%stable=%s%s %s", comparing->about, table->name, key->str, what);
}

static gboolean same_key(const struct row *one, const struct row *other)
{
    const struct table *table = table_of(one->table);
    for (size_t i = 0; i < table->keys; i++) {
        const struct column *column = &table->columns[i];
        if (column->kind == COLUMN_TEXT ? strcmp(column_text(column, one), column_text(column, other)) != 0
                                        : column_int(column, one) != column_int(column, other))
            return FALSE;
    }
    return TRUE;
}

/* The row of the same key in the other dossier; NULL: there is none. A tote may have been somebody else's, who was folded after
 * who has it: it is looked for where it belongs. */
static const struct row *counterpart(const struct dossier *other, const struct row *row)
{
    const struct table *table = table_of(row->table);
    gboolean by_id = table->keys == 1 && table->columns[0].kind == COLUMN_INT;
    int64_t first = table->columns[0].kind == COLUMN_INT ? column_int(&table->columns[0], row) : 0;
    int64_t parent = table->parent >= 0 ? column_int(&table->columns[table->parent], row) : 0;
    const struct row *found = by_id ? row_find(other, row->table, first) : NULL;
    if (found)
        return found;
    const struct row *each = row_first(other, row->table, by_id ? parent : first);
    while (each && !same_key(each, row))
        each = row_next(each);
    return each;
}

/* A range that comes to a number which an order had brought makes it its own: whose it is does not change, and no event of
 * that shipment says so. check_numbers.c looks that each serial has one number. */
static gboolean is_adopted(const struct row *should, const struct column *column)
{
    gboolean of_range = strcmp(column->name, "range_id") == 0 || strcmp(column->name, "serial") == 0;
    return should->table == TABLE_WAYBILL && of_range && column_int(column, should) == 0 &&
           g_strcmp0(((const struct waybill *)(const void *)should)->source, "order") == 0;
}

static void report_differences(const struct comparing *comparing, const struct row *is, const struct row *should)
{
    const struct table *table = table_of(is->table);
    uint64_t differ = row_differences(is, should);
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (!(differ >> i & 1) || is_adopted(should, column))
            continue;
        g_autofree char *value = value_text(column, is), *wanted = value_text(column, should);
        g_autofree char *what = column->kind == COLUMN_TEXT
                                    ? g_strdup_printf("%s differs", column->name)
                                    : g_strdup_printf("%s=%s should=%s", column->name, value, wanted);
        report(comparing, is, what);
    }
}

static gboolean is_nothing(const struct row *row)
{
    const struct table *table = table_of(row->table);
    gboolean sums = FALSE, nothing = TRUE;
    for (size_t i = table->keys; i < table->count; i++)
        if (table->columns[i].kind == COLUMN_SUM) {
            sums = TRUE;
            nothing = nothing && column_int(&table->columns[i], row) == 0;
        }
    return sums && nothing;
}

static void compare_row(const struct row *row, void *data)
{
    const struct comparing *comparing = data;
    const struct row *other = counterpart(comparing->other, row);
    if (!other && !is_nothing(row))
        report(comparing, row, comparing->other_is_there ? "is missing" : "nothing made it");
    else if (other && comparing->other_is_there)
        report_differences(comparing, other, row);
}

void compare_rows(struct checker *checker, const char *about, const struct dossier *is, const struct dossier *should)
{
    struct comparing one = {checker, about, is, TRUE}, other = {checker, about, should, FALSE};
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_of((enum table_id)table)->number) {
            row_each(should, (enum table_id)table, compare_row, &one);
            row_each(is, (enum table_id)table, compare_row, &other);
        }
}

/* --- reading ------------------------------------------------------------------------------------------------ */

static gboolean compare_subjects(const struct dossier *should, const GArray *ids, void *data, GError **error)
{
    const struct judging *judging = data;
    g_autoptr(dossier) is = dossier_new();
    if (!subjects_read(is, judging->checker->db, (const int64_t *)(const void *)ids->data, ids->len, error))
        return FALSE;
    compare_rows(judging->checker, "", is, should);
    return TRUE;
}

/* Those that have no history since it began are as they were then: all that is kept of that is a digest. */
static gboolean compare_standing(const GArray *standing, void *data, GError **error)
{
    struct checker *checker = ((const struct judging *)data)->checker;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(dossier) is = dossier_new();
    for (guint i = 0; i < standing->len; i++)
        g_array_append_val(ids, g_array_index(standing, struct standing, i).subject_id);
    if (!subjects_read(is, checker->db, (const int64_t *)(const void *)ids->data, ids->len, error))
        return FALSE;
    g_autoptr(GHashTable) digests = subjects_digests(is);
    for (guint i = 0; i < standing->len; i++) {
        const struct standing *one = &g_array_index(standing, struct standing, i);
        const guint8 *digest = g_hash_table_lookup(digests, &one->subject_id);
        if (!digest || memcmp(digest, one->digest, DIFFERENCE_DIGEST) != 0)
            checker_report(checker, "table=shipment id=%" G_GINT64_FORMAT " %s", one->subject_id,
                           digest ? "or a row of its own is not as it was when its history began" : "is missing");
    }
    return TRUE;
}

static void report_fault(int64_t subject_id, int64_t version, const char *what, void *data)
{
    const struct judging *judging = data;
    checker_report(judging->checker, "subject=%" G_GINT64_FORMAT " version=%" G_GINT64_FORMAT " %s", subject_id, version,
                   what);
}

static gboolean compare_shared(struct checker *checker, const struct dossier *should, GError **error)
{
    g_autoptr(dossier) is = dossier_new();
    if (!shared_read(is, checker->db, error))
        return FALSE;
    compare_rows(checker, "", is, should);
    return TRUE;
}

static gboolean find_strays(struct checker *checker, GError **error)
{
    for (size_t i = 0; i < SUBJECT_KINDS; i++) {
        struct rows *rows = db_query(checker->db, &SUBJECTS_WITHOUT[i], DB_ARGS(0, 21), error);
        int more;
        while ((more = rows_next(rows, error)) > 0)
            checker_report(checker, "subject=%" G_GINT64_FORMAT " nothing made it", rows_int(rows, 0));
        if (more < 0)
            return FALSE;
    }
    return TRUE;
}

/* A floor of before differences were kept has no history until the first event after; on the way to that it has parts of it. */
static int has_begun(struct checker *checker, GError **error)
{
    int64_t begun = 0, kept = 0;
    if (db_get_ints(checker->db, &SQL[BEGUN], DB_NO_ARGS, &begun, 1, error) < 0 ||
        (!begun && db_get_ints(checker->db, &SQL[KEPT], DB_NO_ARGS, &kept, 1, error) < 0))
        return -1;
    if (!begun && kept)
        checker_report(checker, "the mark is missing that history has begun");
    return begun || kept;
}

gboolean check_replay(struct checker *checker, GError **error)
{
    int begun = has_begun(checker, error);
    if (begun <= 0)
        return begun == 0;
    struct judging judging;
    g_autoptr(dossier) shared = dossier_new();
    const struct history history = {compare_subjects, report_fault, &judging, judging_coming, judging_version, compare_standing};
    gboolean done = judging_open(&judging, checker, error) && history_fold(checker->db, &history, shared, error) &&
                    compare_shared(checker, shared, error) && find_strays(checker, error);
    judging_close(&judging);
    return done;
}
