/* SPDX-License-Identifier: MIT */
#include "core/backup/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backup/program.h"
#include "core/base/error.h"
#include "core/db/rows.h"

enum { LOOK_US = 20000, STILL_HERE_LOOKS = 250 };

enum { MOMENT, STILL_HERE };

static const struct sql SQL[] = {
    [MOMENT] = {"dump_moment", "SELECT pg_export_snapshot(), CAST(current_schema() AS text), CAST(COALESCE(SUM(pg_relation_size("
                               "c.oid)), 0) AS BIGINT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                               "n.nspname = current_schema() AND c.relkind = 'r'"},
    [STILL_HERE] = {"dump_still_here", "SELECT 1"},
};

struct dumping {
    const struct dump *dump;
    int fd;
    char *snapshot, *schema;
    uint64_t bytes;
    struct program program;
};

static void read_moment(struct rows *rows, void *data)
{
    struct dumping *dumping = data;
    dumping->snapshot = g_strdup_printf("--snapshot=%s", rows_text(rows, 0));
    dumping->schema = g_strdup_printf("--schema=\"%s\"", rows_text(rows, 1));
    dumping->bytes = (uint64_t)rows_int(rows, 2);
}

static gboolean start(struct dumping *dumping, GError **error)
{
    g_autofree char *url = g_strconcat("--dbname=", dumping->dump->url, NULL);
    const char *const arguments[] = {"--format=custom", "--no-password", dumping->snapshot, dumping->schema, url, NULL};
    return program_start(&dumping->program, "pg_dump", arguments, -1, dumping->fd, error);
}

/* Its tables are larger than the file that comes of them: the bar never stands at its end too early. */
static void show(const struct dumping *dumping)
{
    struct stat file;
    if (dumping->dump->on_progress && fstat(dumping->fd, &file) == 0)
        dumping->dump->on_progress(MIN((uint64_t)file.st_size, dumping->bytes), dumping->bytes, dumping->dump->data);
}

/* The moment is there for as long as our transaction is; a server ends one that says nothing. */
static gboolean wait_for(struct db *db, struct dumping *dumping, GError **error)
{
    int64_t one = 0;
    for (unsigned looks = 1; !program_has_ended(&dumping->program); looks++) {
        show(dumping);
        g_usleep(LOOK_US);
        if (looks % STILL_HERE_LOOKS == 0 && db_get_ints(db, &SQL[STILL_HERE], DB_NO_ARGS, &one, 1, error) < 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean dump_moment(struct db *db, void *data, GError **error)
{
    struct dumping *dumping = data;
    g_clear_pointer(&dumping->snapshot, g_free);
    g_clear_pointer(&dumping->schema, g_free);
    if (ftruncate(dumping->fd, 0) != 0 || lseek(dumping->fd, 0, SEEK_SET) != 0)
        return err_set(error, ERR_FILE_WRITE, dumping->dump->path, g_strerror(errno));
    if (rows_first(db_query(db, &SQL[MOMENT], DB_NO_ARGS, error), read_moment, dumping, error) <= 0 || !start(dumping, error))
        return FALSE;
    if (dumping->dump->meanwhile(db, dumping->dump->data, error) && wait_for(db, dumping, error))
        return program_end(&dumping->program, error);
    program_kill(&dumping->program);
    return FALSE;
}

gboolean dump_write(struct db *db, const struct dump *dump, GError **error)
{
    struct dumping dumping = {.dump = dump};
    dumping.fd = open(dump->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (dumping.fd < 0)
        return err_set(error, ERR_FILE_WRITE, dump->path, g_strerror(errno));
    gboolean done = db_snapshot(db, dump_moment, &dumping, error);
    close(dumping.fd);
    if (!done)
        unlink(dump->path);
    g_free(dumping.snapshot);
    g_free(dumping.schema);
    return done;
}

gboolean dump_read(const char *path, GError **error)
{
    struct program program;
    GError *failure = NULL;
    const char *const arguments[] = {"--file=/dev/null", path, NULL};
    if (!program_start(&program, "pg_restore", arguments, -1, -1, error))
        return FALSE;
    if (program_end(&program, &failure))
        return TRUE;
    err_set(error, ERR_BACKUP_BAD, path, failure->message);
    g_error_free(failure);
    return FALSE;
}
