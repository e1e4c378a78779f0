/* SPDX-License-Identifier: MIT */
#include "core/db/migrate.h"

#include <string.h>

#include "core/base/words.h"
#include "core/db/backup.h"
#include "core/db/engine.h"
#include "core/db/lock.h"
#include "core/db/schema.h"

/* --- mark-up -------------------------------------------------------------------------------------------- */

static const struct {
    const char *mark;
    const char *text[2]; /* by enum db_engine */
} MARKS[] = {
    {"id", {"INTEGER", "BIGINT"}},
    {"int", {"INTEGER", "BIGINT"}},
    {"bool", {"INTEGER", "BIGINT"}},
    {"text", {"TEXT", "TEXT"}},
    {"blob", {"BLOB", "BYTEA"}},
    {"salt", {"randomblob(16)", "uuid_send(gen_random_uuid())"}},
    {"table", {" STRICT", ""}},
    {"rowid_table", {" STRICT, WITHOUT ROWID", ""}},
};

/* '@' is the argument. 23000 is a broken integrity constraint: RAISE(ABORT) is one in SQLite. */
static const struct {
    const char *mark;
    const char *text[2];
} MARKS_WITH_ARGUMENT[] = {
    {"bool", {"INTEGER CHECK (@ IN (0, 1))", "BIGINT CHECK (@ IN (0, 1))"}},
    {"append_only",
     {"CREATE TRIGGER @_no_update BEFORE UPDATE ON @ BEGIN SELECT RAISE(ABORT, '@ is append-only'); END;\n"
      "CREATE TRIGGER @_no_delete BEFORE DELETE ON @ BEGIN SELECT RAISE(ABORT, '@ is append-only'); END",
      "CREATE FUNCTION @_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
      "    RAISE EXCEPTION '@ is append-only' USING ERRCODE = '23000'; END $$;\n"
      "CREATE TRIGGER @_append_only BEFORE UPDATE OR DELETE ON @ FOR EACH ROW EXECUTE FUNCTION "
      "@_append_only();\n"
      "CREATE TRIGGER @_no_truncate BEFORE TRUNCATE ON @ FOR EACH STATEMENT EXECUTE FUNCTION @_append_only()"}},
};

static gboolean append_with_argument(GString *out, const char *text, const char *argument)
{
    for (const char *p = text; *p; p++)
        if (*p == '@')
            g_string_append(out, argument);
        else
            g_string_append_c(out, *p);
    return TRUE;
}

static gboolean append_mark(GString *out, const char *mark, enum db_engine engine)
{
    const char *argument = strchr(mark, ':');
    int plain = WORDS_FIND(MARKS, mark);
    if (plain >= 0) {
        g_string_append(out, MARKS[plain].text[engine]);
        return TRUE;
    }
    size_t length = argument ? (size_t)(argument - mark) : 0;
    for (size_t i = 0; argument && argument[1] && i < G_N_ELEMENTS(MARKS_WITH_ARGUMENT); i++)
        if (strlen(MARKS_WITH_ARGUMENT[i].mark) == length && !memcmp(MARKS_WITH_ARGUMENT[i].mark, mark, length))
            return append_with_argument(out, MARKS_WITH_ARGUMENT[i].text[engine], argument + 1);
    return FALSE;
}

/* The length of a comment or a quoted text that begins here; 0 when none does. */
static size_t opaque(const char *p)
{
    if (p[0] == '-' && p[1] == '-')
        return strcspn(p, "\n");
    if (p[0] != '\'')
        return 0;
    size_t length = 1 + strcspn(p + 1, "'");
    return p[length] ? length + 1 : length;
}

char *schema_expand(const char *text, enum db_engine engine, GError **error)
{
    GString *out = g_string_sized_new(strlen(text) * 2);
    const char *p = text;
    gboolean good = TRUE;
    while (*p && good) {
        size_t skip = opaque(p);
        if (skip == 0 && *p != '{')
            skip = 1;
        g_string_append_len(out, p, (gssize)skip);
        p += skip;
        if (skip > 0)
            continue;
        g_autofree char *mark = g_strndup(p + 1, strcspn(p + 1, "}\n"));
        p += strlen(mark) + 1;
        good = *p == '}' && append_mark(out, mark, engine);
        p += good;
        if (!good) {
            g_autofree char *problem = g_strdup_printf("unknown mark {%s} in a migration", mark);
            err_set(error, ERR_INTERNAL, problem);
        }
    }
    return g_string_free(out, !good);
}

char *schema_checksum(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* --- versions ------------------------------------------------------------------------------------------- */

enum { VERSIONS, VERSION_ADD };

static const struct sql SQL[] = {
    [VERSIONS] = {"schema_versions", "SELECT version, checksum FROM schema_version ORDER BY version"},
    [VERSION_ADD] = {"schema_version_add",
                     "INSERT INTO schema_version (version, name, checksum, applied_utc_ms) VALUES ($1, $2, $3, $4)"},
};

static const char VERSION_TABLE[] = "CREATE TABLE schema_version (version {int} PRIMARY KEY, name {text} NOT NULL,\n"
                                    "    checksum {text} NOT NULL, applied_utc_ms {int} NOT NULL){table};\n"
                                    "{append_only:schema_version};\n";

/* The migrations a program knows, oldest first. */
struct known {
    const struct schema_file *files;
    unsigned count;
};

static int64_t newest(const struct known *known)
{
    return known->count ? known->files[known->count - 1].version : 0;
}

static gboolean versions_error(const struct known *known, enum err code, int64_t stored, GError **error)
{
    char found[24], own[24];
    g_snprintf(found, sizeof found, "%" G_GINT64_FORMAT, stored);
    g_snprintf(own, sizeof own, "%" G_GINT64_FORMAT, newest(known));
    return err_set(error, code, found, own);
}

/* The n-th row, from 0 on: none may be left out before it. */
static gboolean check_row(const struct known *known, unsigned n, int64_t version, const char *checksum, GError **error)
{
    if (version > newest(known))
        return versions_error(known, ERR_DB_SCHEMA_NEWER, version, error);
    const struct schema_file *file = n < known->count ? &known->files[n] : NULL;
    g_autofree char *own = schema_checksum(file ? file->text : "");
    gboolean same = file && file->version == version && strcmp(own, checksum) == 0;
    return same || versions_error(known, ERR_DB_SCHEMA_CHANGED, version, error);
}

/* The newest version in the database; 0 when it is empty. The rows must be ours, with their checksums, from the first on. */
static gboolean stored_version(struct db *db, const struct known *known, int64_t *version, GError **error)
{
    int64_t tables[2];
    *version = 0;
    if (db_get_ints(db, &db->engine->tables, DB_NO_ARGS, tables, 2, error) != 1)
        return FALSE;
    if (tables[1] == 0 && tables[0] > 0)
        err_set(error, ERR_DB_NOT_A_FLOOR, db->url);
    if (tables[1] == 0)
        return tables[0] == 0;
    g_autoptr(rows) rows = db_query(db, &SQL[VERSIONS], DB_NO_ARGS, error);
    int got = -1;
    for (unsigned n = 0; (got = rows_next(rows, error)) == 1; n++) {
        *version = rows_int(rows, 0);
        if (!check_row(known, n, *version, rows_text(rows, 1), error))
            return FALSE;
    }
    return got == 0;
}

static gboolean run_script(struct db *db, const char *text, GError **error)
{
    g_autofree char *expanded = schema_expand(text, db->engine->id, error);
    return expanded && db->engine->script(db, expanded, error);
}

static gboolean apply_file(struct db *db, const struct schema_file *file, GError **error)
{
    g_autofree char *checksum = schema_checksum(file->text);
    return run_script(db, file->text, error) &&
           db_exec(db, &SQL[VERSION_ADD], DB_ARGS(file->version, file->name, checksum, g_get_real_time() / 1000), NULL,
                   error);
}

/* All pending migrations are one transaction: a database is never between two versions. The version is read
 * again inside, for another program may have done it meanwhile. */
static gboolean apply_pending(struct db *db, void *data, GError **error)
{
    const struct known *known = data;
    int64_t version;
    if ((db->engine->lock_schema && !db->engine->script(db, db->engine->lock_schema, error)) ||
        !stored_version(db, known, &version, error))
        return FALSE;
    if (version == 0 && !run_script(db, VERSION_TABLE, error))
        return FALSE;
    for (unsigned i = 0; i < known->count; i++)
        if (known->files[i].version > version && !apply_file(db, &known->files[i], error))
            return FALSE;
    return TRUE;
}

/* The copy and the migration happen under one hold of the fair lock, so no station's work falls between them. */
static gboolean bring_up(struct db *db, struct known *known, int64_t version, GError **error)
{
    const unsigned patience_ms = db->patience_ms;
    if (!db_lock_take(db->lock, DB_LOCK_MS, error))
        return FALSE;
    db_set_patience(db, 0); /* it waits for whoever migrates already, and large tables take their time */
    gboolean done = (version == 0 || db_copy_before(db, version, error)) &&
                    db_transaction(db, apply_pending, known, error);
    db_set_patience(db, patience_ms);
    db_lock_release(db->lock);
    return done;
}

gboolean db_migrate(struct db *db, const struct schema_file *files, unsigned count, GError **error)
{
    struct known known = {files, count};
    int64_t version;
    if (!stored_version(db, &known, &version, error))
        return FALSE;
    if (version == newest(&known) && version > 0)
        return TRUE;
    if (db->mode == DB_CREATE)
        return bring_up(db, &known, version, error);
    if (version > 0)
        return versions_error(&known, ERR_DB_SCHEMA_OLD, version, error);
    return err_set(error, ERR_DB_NOT_A_FLOOR, db->url);
}
