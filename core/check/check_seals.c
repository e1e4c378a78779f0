/* SPDX-License-Identifier: MIT
 *
 * The daily seals against the journal: each follows from the one before, and each head it names is a journal
 * row still.
 */
#include <sodium.h>
#include <string.h>

#include "core/check/check_table.h"
#include "core/site/journal.h"
#include "core/site/seal.h"

enum { SEALS, ROW_HASH };

static const struct sql SQL[] = {
    [SEALS] = {"check_seals", "SELECT sealed_on, heads, hash FROM seal ORDER BY sealed_on"},
    [ROW_HASH] = {"check_seal_row", "SELECT hash FROM journal WHERE writer = $1 AND sequence = $2"},
};

struct seal {
    char *day, *heads;
    gboolean follows;
};

static void seal_clear(gpointer data)
{
    struct seal *seal = data;
    g_free(seal->day);
    g_free(seal->heads);
}

/* All seals, each judged against the one before. NULL with *error. */
static GArray *seals_load(struct db *db, GError **error)
{
    unsigned char before[SITE_HASH_BYTES] = {0}, hash[SITE_HASH_BYTES];
    g_autoptr(GArray) seals = g_array_new(FALSE, FALSE, sizeof(struct seal));
    g_array_set_clear_func(seals, seal_clear);
    struct rows *rows = db_query(db, &SQL[SEALS], DB_NO_ARGS, error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        seal_hash(before, rows_text(rows, 1), hash);
        struct seal seal = {g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)), same_hash(rows, 2, hash)};
        g_array_append_val(seals, seal);
        memcpy(before, hash, sizeof before);
    }
    return more == 0 ? g_steal_pointer(&seals) : NULL;
}

/* Whether the journal has the row with that hash. -1 failed. */
static int has_row(struct db *db, const char *head, GError **error)
{
    g_auto(GStrv) part = g_strsplit(head, ":", 3);
    if (g_strv_length(part) != 3)
        return 0;
    g_autoptr(rows) rows = db_query(
        db, &SQL[ROW_HASH], DB_ARGS(g_ascii_strtoll(part[0], NULL, 10), g_ascii_strtoll(part[1], NULL, 10)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found;
    unsigned char hash[SITE_HASH_BYTES];
    char hex[2 * SITE_HASH_BYTES + 1];
    journal_read_hash(rows, 0, hash);
    return strcmp(sodium_bin2hex(hex, sizeof hex, hash, sizeof hash), part[2]) == 0;
}

static void report(struct checker *checker, const struct seal *seal, const char *writer)
{
    checker_report(checker, "day=%s %s%.*s", seal->day, writer ? "writer=" : "hash",
                                 writer ? (int)strcspn(writer, ":") : 0, writer ? writer : "");
}

static gboolean check_heads(struct checker *checker, const struct seal *seal, GError **error)
{
    g_auto(GStrv) heads = g_strsplit(seal->heads, ";", -1);
    int found = 1;
    for (guint i = 0; heads[i] && found >= 0; i++) {
        if (!heads[i][0])
            continue;
        found = has_row(checker->db, heads[i], error);
        if (found == 0)
            report(checker, seal, heads[i]);
    }
    return found >= 0;
}

gboolean check_seals(struct checker *checker, GError **error)
{
    g_autoptr(GArray) seals = seals_load(checker->db, error);
    gboolean good = seals != NULL;
    for (guint i = 0; good && i < seals->len; i++) {
        const struct seal *seal = &g_array_index(seals, struct seal, i);
        if (!seal->follows)
            report(checker, seal, NULL);
        good = check_heads(checker, seal, error);
    }
    return good;
}
