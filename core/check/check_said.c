/* SPDX-License-Identifier: MIT
 *
 * What people, shops and managers said against its seals: a row is what the newest seal of it says, each seal has its row, and
 * each row a seal. Read a table at a time; of a row only its key and its digests stay.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/site/said.h"
#include "core/site/site.h"

enum { BEGUN, FIRST_SEALS, SEALS };

static const struct sql SQL[] = {
    [BEGUN] = {"check_said_begun", "SELECT " COPY_OF("counter.warehouse_id") " FROM counter WHERE name = 'history' AND value >= 2"},
    [FIRST_SEALS] = {"check_said_first", "SELECT 1 FROM journal WHERE event = 'history-begin' AND seals IS NOT NULL "
                                         "AND NOT EXISTS (SELECT 1 FROM counter WHERE name = 'sealing') LIMIT 1"},
    [SEALS] = {"check_said_seals", "SELECT seals FROM journal WHERE seals IS NOT NULL ORDER BY version, at, writer, sequence"},
};

/* A row's digests, as they are or as they were sealed. */
struct one {
    int64_t key;
    guint order; /* of the seals: the last counts */
    gboolean erased;
    char *name; /* where the key is made of one */
    unsigned char digests[SAID_GROUPS][SAID_DIGEST];
};

static void one_clear(gpointer data)
{
    g_free(((struct one *)data)->name);
}

static GArray *list_new(void)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct one));
    g_array_set_clear_func(list, one_clear);
    return list;
}

static gint by_key(gconstpointer a, gconstpointer b)
{
    const struct one *one = a, *other = b;
    return one->key != other->key ? (one->key < other->key ? -1 : 1) : (one->order > other->order) - (one->order < other->order);
}

static gboolean add(enum said said, const struct said_row *row, void *data, GError **error)
{
    GArray *list = data;
    struct one one = {.key = row->key, .order = list->len, .erased = row->erased, .name = g_strdup(row->name)};
    (void)said, (void)error;
    memcpy(one.digests, row->digests, sizeof one.digests);
    g_array_append_val(list, one);
    return TRUE;
}

/* --- comparing ---------------------------------------------------------------------------------------------- */

static void report(struct checker *checker, enum said said, const struct one *one, const char *what)
{
    if (one->name)
        checker_report(checker, "table=%s name=%s %s", said_table(said), one->name, what);
    else
        checker_report(checker, "table=%s id=%" G_GINT64_FORMAT " %s", said_table(said), one->key, what);
}

static gboolean is_none(const struct one *seal)
{
    static const unsigned char ZEROS[SAID_GROUPS][SAID_DIGEST];
    return memcmp(seal->digests, ZEROS, sizeof ZEROS) == 0;
}

static void compare(struct checker *checker, enum said said, const struct one *is, const struct one *seal)
{
    for (guint i = 0; said_group(said, i); i++) {
        g_autofree char *what = g_strdup_printf("%s differs", said_group(said, i));
        if (memcmp(is->digests[i], seal->digests[i], SAID_DIGEST) != 0)
            report(checker, said, is, what);
    }
}

static const struct one *at(const GArray *list, guint n)
{
    return n < list->len ? &g_array_index(list, struct one, n) : NULL;
}

/* The newest seal of the key that stands there. */
static guint newest(const GArray *seals, guint n)
{
    while (n + 1 < seals->len && at(seals, n + 1)->key == at(seals, n)->key)
        n++;
    return n;
}

static guint merge(struct checker *checker, enum said said, const GArray *rows, const GArray *seals)
{
    guint r = 0, s = 0, erased = 0;
    while (r < rows->len || s < seals->len) {
        s = s < seals->len ? newest(seals, s) : s;
        const struct one *row = at(rows, r), *seal = at(seals, s);
        if (row && (!seal || row->key < seal->key)) {
            report(checker, said, row, row->erased ? "is erased, and nobody did it" : "nobody said it");
            r++;
        } else if (!row || seal->key < row->key) {
            if (!is_none(seal))
                report(checker, said, seal, "is missing");
            s++;
        } else {
            compare(checker, said, row, seal);
            erased += row->erased ? 1 : 0;
            r++, s++;
        }
    }
    return erased;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

struct sealed {
    GArray *lists[SAID_COUNT];
};

static gboolean add_seal(enum said said, const struct said_row *row, void *data, GError **error)
{
    struct sealed *sealed = data;
    return add(said, row, sealed->lists[said], error);
}

static gboolean read_seals(struct checker *checker, struct sealed *sealed, GError **error)
{
    struct rows *rows = db_query(checker->db, &SQL[SEALS], DB_NO_ARGS, error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        size_t length = 0;
        const void *bytes = rows_blob(rows, 0, &length);
        if (!seals_each(bytes, length, add_seal, sealed, NULL))
            checker_report(checker, "seals of the journal can't be read");
    }
    return more == 0;
}

static gboolean look_at(struct checker *checker, enum said said, GArray *seals, guint *erased, GError **error)
{
    g_autoptr(GArray) rows = list_new();
    if (!said_each(checker->db, said, add, rows, error))
        return FALSE;
    g_array_sort(rows, by_key);
    g_array_sort(seals, by_key);
    *erased += merge(checker, said, rows, seals);
    return TRUE;
}

/* A floor of before it was sealed has nothing to be compared with until somebody works on it, and all of it is sealed for that.
 * 0: so it is; -1 with *error. */
static int has_begun(struct checker *checker, int64_t *copy_of_at, GError **error)
{
    int64_t sealed = 0;
    int begun = db_get_ints(checker->db, &SQL[BEGUN], DB_NO_ARGS, copy_of_at, 1, error);
    int found = begun == 0 ? db_get_ints(checker->db, &SQL[FIRST_SEALS], DB_NO_ARGS, &sealed, 1, error) : begun;
    if (begun == 0 && found > 0)
        checker_report(checker, "the mark is missing that it is sealed");
    return found;
}

gboolean check_said(struct checker *checker, GError **error)
{
    struct sealed sealed;
    int64_t copy_of_at = 0;
    guint erased = 0;
    int found = has_begun(checker, &copy_of_at, error);
    if (found <= 0)
        return found == 0;
    if (copy_of_at) {
        checker_tell(checker, _("a copy: what was said is as it was said later"));
        return TRUE;
    }
    for (int said = 0; said < SAID_COUNT; said++)
        sealed.lists[said] = list_new();
    gboolean done = read_seals(checker, &sealed, error);
    for (int said = SAID_WAREHOUSE; done && said < SAID_COUNT; said++)
        done = look_at(checker, (enum said)said, sealed.lists[said], &erased, error);
    for (int said = 0; said < SAID_COUNT; said++)
        g_array_unref(sealed.lists[said]);
    if (erased > 0)
        checker_tell(checker, _("%u were forgotten"), erased);
    return done;
}
