/* SPDX-License-Identifier: MIT
 *
 * The triggers and indexes of the database against those that the migrations make: what guards rows from being rewritten, or
 * told twice, is only there as long as nobody has dropped it.
 */
#include <string.h>

#include "core/check/check_table.h"
#include "core/db/migrate.h"
#include "core/db/rows.h"
#include "core/db/schema.h"

enum { OBJECTS_SQLITE, OBJECTS_POSTGRES };

/* What it is, its name, and what it does, as far as the engine keeps it in the words of the migration. */
static const struct sql SQL[] = {
    [OBJECTS_SQLITE] = {"check_schema_sqlite", "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
                                               "AND sql IS NOT NULL"},
    [OBJECTS_POSTGRES] = {"check_schema_postgres",
                          "SELECT 'index', CAST(i.relname AS text), CASE WHEN x.indisunique THEN 'unique ' ELSE '' END || "
                          "CASE WHEN x.indpred IS NULL THEN '' ELSE 'where' END FROM pg_index x "
                          "JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace "
                          "WHERE n.nspname = current_schema() UNION ALL SELECT 'trigger', CAST(t.tgname AS text), '' "
                          "FROM pg_trigger t JOIN pg_class k ON k.oid = t.tgrelid JOIN pg_namespace n ON "
                          "n.oid = k.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal UNION ALL "
                          "SELECT 'function', CAST(p.proname AS text), p.prosrc FROM pg_proc p JOIN pg_namespace n ON "
                          "n.oid = p.pronamespace WHERE n.nspname = current_schema()"},
};

/* --- what the migrations make ------------------------------------------------------------------------------- */

struct making {
    GHashTable *objects; /* "index NAME" -> what it does; owned */
    enum db_engine engine;
};

static char *word_at(const char *text)
{
    return g_strndup(text, strcspn(text, " (;\n"));
}

/* SQLite keeps the statement; PostgreSQL what is asked for above. */
static char *index_does(enum db_engine engine, const char *line, gboolean unique)
{
    if (engine == DB_SQLITE)
        return g_strndup(line, strcspn(line, ";"));
    return g_strconcat(unique ? "unique " : "", strstr(line, " WHERE ") ? "where" : "", NULL);
}

static void put(struct making *making, const char *kind, const char *name_at, char *does)
{
    g_autofree char *name = word_at(name_at);
    g_hash_table_replace(making->objects, g_strconcat(kind, " ", name, NULL), does);
}

/* A statement stands on a line of its own, but a function's, which ends with its body. */
static void read_line(struct making *making, const char *line, const char *rest)
{
    static const char INDEX[] = "CREATE INDEX ", UNIQUE[] = "CREATE UNIQUE INDEX ", TRIGGER[] = "CREATE TRIGGER ",
                      FUNCTION[] = "CREATE FUNCTION ", DROP_INDEX[] = "DROP INDEX ";
    if (g_str_has_prefix(line, INDEX) || g_str_has_prefix(line, UNIQUE)) {
        gboolean unique = g_str_has_prefix(line, UNIQUE);
        put(making, "index", line + strlen(unique ? UNIQUE : INDEX), index_does(making->engine, line, unique));
    } else if (g_str_has_prefix(line, TRIGGER)) {
        size_t length = strlen(line);
        put(making, "trigger", line + strlen(TRIGGER),
            making->engine == DB_SQLITE ? g_strndup(line, line[length - 1] == ';' ? length - 1 : length) : g_strdup(""));
    } else if (g_str_has_prefix(line, FUNCTION)) {
        const char *body = strstr(rest, "$$"), *end = body ? strstr(body + 2, "$$") : NULL;
        put(making, "function", line + strlen(FUNCTION), end ? g_strndup(body + 2, (gsize)(end - body - 2)) : g_strdup(""));
    } else if (g_str_has_prefix(line, DROP_INDEX)) {
        g_autofree char *name = word_at(line + strlen(DROP_INDEX)), *key = g_strconcat("index ", name, NULL);
        g_hash_table_remove(making->objects, key);
    }
}

static gboolean read_migrations(struct making *making, GError **error)
{
    for (unsigned i = 0; i < schema_file_count; i++) {
        g_autofree char *text = schema_expand(schema_files[i].text, making->engine, error);
        for (const char *at = text; at && *at;) {
            size_t length = strcspn(at, "\n");
            g_autofree char *line = g_strndup(at, length);
            read_line(making, line, at);
            at += length + (at[length] == '\n');
        }
        if (!text)
            return FALSE;
    }
    return TRUE;
}

/* --- what is there ------------------------------------------------------------------------------------------ */

struct comparing {
    struct checker *checker;
    GHashTable *objects; /* of the migrations, less those that were found */
};

/* Others' indexes do no harm, nor do functions that no trigger calls: an extension's may stand beside ours. */
static void compare(struct rows *rows, void *data)
{
    const struct comparing *comparing = data;
    const char *kind = rows_text(rows, 0), *name = rows_text(rows, 1);
    g_autofree char *key = g_strconcat(kind, " ", name, NULL);
    const char *does = g_hash_table_lookup(comparing->objects, key);
    gboolean is_append_only = strstr(name, "schema_version") != NULL; /* of migrate.c itself */
    if (!does && strcmp(kind, "trigger") == 0 && !is_append_only)
        checker_report(comparing->checker, "%s is not of this program", key);
    else if (does && strcmp(does, rows_text(rows, 2)) != 0)
        checker_report(comparing->checker, "%s is another", key);
    g_hash_table_remove(comparing->objects, key);
}

gboolean check_schema(struct checker *checker, GError **error)
{
    enum db_engine engine = db_engine_of(checker->db);
    g_autoptr(GHashTable) objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct making making = {objects, engine};
    struct comparing comparing = {checker, objects};
    if (!read_migrations(&making, error) ||
        !rows_each(db_query(checker->db, &SQL[engine == DB_SQLITE ? OBJECTS_SQLITE : OBJECTS_POSTGRES], DB_NO_ARGS, error),
                   compare, &comparing, error))
        return FALSE;
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, objects);
    while (g_hash_table_iter_next(&each, &key, NULL))
        checker_report(checker, "%s is missing", (const char *)key);
    return TRUE;
}
