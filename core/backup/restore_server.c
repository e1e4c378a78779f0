/* SPDX-License-Identifier: MIT
 *
 * A restore on PostgreSQL: in one transaction the schema that the floor lies in gets another name and the dump makes it anew.
 * psql runs it, whose input is ours: the first words, what pg_restore makes of the dump, and COMMIT when it had no complaint.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/backup/dump.h"
#include "core/backup/program.h"
#include "core/backup/restoring.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/db/schema.h"
#include "core/site/writer_slot.h"

enum { TABLES, SCHEMA, STILL_HERE, NAME_SHOWN = 24, LOOK_US = 20000, STILL_HERE_LOOKS = 250 };

static const struct sql SQL[] = {
    [TABLES] = {"restore_tables", "SELECT COUNT(*), COUNT(*) FILTER (WHERE tablename = 'writer') FROM pg_tables WHERE "
                                  "schemaname = current_schema()"},
    [SCHEMA] = {"restore_schema", "SELECT CAST(COALESCE(current_schema(), 'public') AS text)"},
    [STILL_HERE] = {"restore_still_here", "SELECT 1"},
};

/* --- what is in the dump --------------------------------------------------------------------------------- */

/* One row: what stands in the columns that were asked for. */
typedef void (*row_fn)(struct restore *restore, const char *const values[]);

enum { COLUMNS_MAX = 3 };

struct table {
    const char *name;
    const char *columns[COLUMNS_MAX + 1];
    row_fn row;
};

/* "COPY public.t (a, b) FROM stdin;": at which place each column of the table stands; FALSE when one is missing. */
static gboolean find_columns(const struct table *table, const char *line, int places[COLUMNS_MAX])
{
    const char *open = strchr(line, '('), *close = open ? strchr(open, ')') : NULL;
    g_autofree char *list = close ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strdup("");
    g_auto(GStrv) names = g_strsplit(list, ", ", -1);
    for (int i = 0; table->columns[i]; i++) {
        places[i] = -1;
        for (int at = 0; names[at]; at++)
            if (strcmp(names[at], table->columns[i]) == 0)
                places[i] = at;
        if (places[i] < 0)
            return FALSE;
    }
    return TRUE;
}

static void read_row(struct restore *restore, const struct table *table, const char *line, const int places[COLUMNS_MAX])
{
    g_auto(GStrv) values = g_strsplit(line, "\t", -1);
    const char *wanted[COLUMNS_MAX] = {NULL};
    int count = (int)g_strv_length(values);
    for (int i = 0; table->columns[i]; i++)
        wanted[i] = places[i] < count ? values[places[i]] : "";
    table->row(restore, wanted);
}

/* As COPY writes them: a line each, the last one is "\.". */
static void read_rows(struct restore *restore, const struct table *table, FILE *from)
{
    char *line = NULL;
    size_t size = 0;
    int places[COLUMNS_MAX];
    gboolean inside = FALSE;
    while (getline(&line, &size, from) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        if (inside && strcmp(line, "\\.") == 0)
            inside = FALSE;
        else if (inside)
            read_row(restore, table, line, places);
        else
            inside = g_str_has_prefix(line, "COPY ") && find_columns(table, line, places);
    }
    free(line);
}

static gboolean read_table(struct restore *restore, const struct table *table, GError **error)
{
    struct program program;
    int ends[2];
    g_autofree char *named = g_strconcat("--table=", table->name, NULL);
    const char *const arguments[] = {"--data-only", named, "--file=-", restore->file, NULL};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(error, ERR_INTERNAL, g_strerror(errno));
    gboolean begun = program_start(&program, "pg_restore", arguments, -1, ends[1], error);
    FILE *from = fdopen(ends[0], "r");
    close(ends[1]);
    if (begun && from)
        read_rows(restore, table, from);
    if (from)
        fclose(from);
    return begun && program_end(&program, error);
}

static void read_version(struct restore *restore, const char *const values[])
{
    restore->version = MAX(restore->version, g_ascii_strtoll(values[0], NULL, 10));
}

static void read_warehouse(struct restore *restore, const char *const values[])
{
    if (restore->warehouse_id)
        return;
    restore->warehouse_id = g_ascii_strtoll(values[0], NULL, 10);
    restore->look.warehouse = g_strdup(values[1]);
    restore->look.zone = g_strdup(values[2]);
}

static void read_at(struct restore *restore, const char *const values[])
{
    restore->look.until = MAX(restore->look.until, g_ascii_strtoll(values[0], NULL, 10));
}

static const struct table READ[] = {
    {"schema_version", {"version"}, read_version},
    {"warehouse", {"id", "name", "time_zone"}, read_warehouse},
    {"journal", {"at"}, read_at},
};

static gboolean look_at_dump(struct restore *restore, GError **error)
{
    int64_t own = schema_files[schema_file_count - 1].version;
    for (size_t i = 0; i < G_N_ELEMENTS(READ); i++)
        if (!read_table(restore, &READ[i], error))
            return FALSE;
    if (!restore->version || !restore->warehouse_id)
        return err_set(error, ERR_DB_NOT_A_FLOOR, restore->call->file);
    g_autofree char *versions = g_strdup_printf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, restore->version, own);
    return restore->version == own || err_set(error, ERR_RESTORE_SCHEMA, restore->call->file, versions);
}

/* --- what is in place ------------------------------------------------------------------------------------ */

static gboolean look_at_floor(struct restore *restore, struct db *db, GError **error)
{
    int64_t tables[2] = {0, 0};
    struct restore_floor here;
    if (db_get_ints(db, &SQL[TABLES], DB_NO_ARGS, tables, 2, error) < 0)
        return FALSE;
    if (tables[0] > 0 && !tables[1])
        return err_set(error, ERR_DB_NOT_A_FLOOR, restore->call->url);
    if (tables[0] == 0)
        return TRUE;
    gboolean read = restore_floor_read(db, &here, NULL);
    restore->here_warehouse_id = here.warehouse_id;
    restore->look.here_until = here.until;
    g_free(restore->here_heads);
    restore->here_heads = g_steal_pointer(&here.heads);
    restore_floor_clear(&here);
    g_autoptr(GArray) slots = read ? writer_slots(db, error) : NULL;
    return !read || (slots && restore_nobody_works(slots, error));
}

static void read_schema(struct rows *rows, void *data)
{
    *(char **)data = g_strdup(rows_text(rows, 0));
}

static gboolean look_at_place(struct restore *restore, GError **error)
{
    g_autoptr(db) db = db_open(restore->call->url, DB_INSPECT, error);
    return db && rows_first(db_query(db, &SQL[SCHEMA], DB_NO_ARGS, error), read_schema, &restore->place, error) > 0 &&
           look_at_floor(restore, db, error);
}

static gboolean look(struct restore *restore, GError **error)
{
    return dump_read(restore->file, error) && look_at_dump(restore, error) && look_at_place(restore, error);
}

/* --- in place -------------------------------------------------------------------------------------------- */

static gboolean say(int to, const char *text, GError **error)
{
    return write(to, text, strlen(text)) == (ssize_t)strlen(text) || err_set(error, ERR_PROGRAM_FAILED, "psql", g_strerror(errno));
}

static char *first_words(const struct restore *restore, gboolean was_there)
{
    return was_there ? g_strdup_printf("BEGIN; ALTER SCHEMA \"%s\" RENAME TO \"%s\";\n", restore->place, restore->kept_as)
                     : g_strdup_printf("BEGIN; DROP SCHEMA IF EXISTS \"%s\";\n", restore->place);
}

/* Others are kept from taking a slot by our transaction, which the server ends when it says nothing. */
static gboolean wait_for(struct db *db, struct program *program, GError **error)
{
    int64_t one = 0;
    gboolean good = TRUE;
    for (unsigned looks = 1; good && !program_has_ended(program); looks++) {
        g_usleep(LOOK_US);
        if (looks % STILL_HERE_LOOKS == 0)
            good = db_get_ints(db, &SQL[STILL_HERE], DB_NO_ARGS, &one, 1, error) >= 0;
    }
    if (good)
        return program_end(program, error);
    program_kill(program);
    return FALSE;
}

/* What psql reads. It commits nothing that is not ended by COMMIT. */
static gboolean feed(struct restore *restore, struct db *db, gboolean was_there, int to, GError **error)
{
    struct program program;
    const char *const arguments[] = {"--no-owner", "--exit-on-error", "--file=-", restore->file, NULL};
    g_autofree char *first = first_words(restore, was_there);
    return say(to, first, error) && program_start(&program, "pg_restore", arguments, -1, to, error) &&
           wait_for(db, &program, error) && say(to, "COMMIT;\n", error);
}

static gboolean run(struct restore *restore, struct db *db, gboolean was_there, GError **error)
{
    g_autofree char *url = g_strconcat("--dbname=", restore->call->url, NULL);
    const char *const arguments[] = {"--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", url, NULL};
    struct program psql;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(error, ERR_INTERNAL, g_strerror(errno));
    gboolean begun = program_start(&psql, "psql", arguments, ends[0], -1, error);
    close(ends[0]);
    GError *failure = NULL;
    gboolean fed = begun && feed(restore, db, was_there, ends[1], &failure);
    close(ends[1]);
    /* psql's own complaint is the cause, where it has one: who feeds it only finds it gone */
    gboolean done = begun && (fed ? wait_for(db, &psql, error) : program_end(&psql, error)) && fed;
    if (begun && !fed && failure && (!error || !*error))
        g_propagate_error(error, g_steal_pointer(&failure));
    g_clear_error(&failure);
    return done;
}

struct putting {
    struct restore *restore;
    struct restored *restored;
};

static gboolean put_work(struct db *db, void *data, GError **error)
{
    const struct putting *putting = data;
    struct restore *restore = putting->restore;
    int64_t tables[2] = {0, 0};
    g_autoptr(GArray) locked = NULL;
    if (db_get_ints(db, &SQL[TABLES], DB_NO_ARGS, tables, 2, error) < 0)
        return FALSE;
    if (tables[1] && (!(locked = writer_slots_lock(db, error)) || !restore_nobody_works(locked, error)))
        return FALSE;
    if (!run(restore, db, tables[1] != 0, error))
        return FALSE;
    putting->restored->kept = tables[1] ? g_strdup(restore->kept_as) : NULL;
    return TRUE;
}

static gboolean replace(struct restore *restore, struct restored *restored, GError **error)
{
    g_autoptr(db) db = db_open(restore->call->url, DB_INSPECT, error);
    if (!db)
        return FALSE;
    db_set_patience(db, 0);
    return db_transaction(db, put_work, &(struct putting){restore, restored}, error);
}

/* It is in place from here on: what can't be looked at or noted is said, and undoes nothing. */
static gboolean look_at_new(struct restore *restore, struct restored *restored, GError **error)
{
    struct restore_floor floor = {.warehouse_id = 0};
    g_autoptr(db) db = db_open(restore->call->url, DB_USE, error);
    gboolean good = db && restore_floor_read(db, &floor, error) && restore_check(restore, db, &restored->violations, error);
    restore->look.until = floor.until;
    g_free(restore->heads);
    restore->heads = g_steal_pointer(&floor.heads);
    restore_floor_clear(&floor);
    return good;
}

static gboolean put(struct restore *restore, int64_t person_id, struct restored *restored, GError **error)
{
    void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* of a psql that has ended */
    restore_name_old(restore, NAME_SHOWN); /* a name has 63 bytes there */
    gboolean done = replace(restore, restored, error);
    signal(SIGPIPE, before);
    GError *trouble = NULL;
    if (done && look_at_new(restore, restored, &trouble))
        restored->is_noted = restore_note(restore, restore->call->url, person_id, &trouble);
    if (trouble)
        restored->trouble = g_strdup(trouble->message);
    g_clear_error(&trouble);
    return done;
}

const struct restore_way RESTORE_SERVER = {look, put};
