/* SPDX-License-Identifier: MIT */
#include "core/backup/backup.h"

#include <string.h>
#include <sys/stat.h>

#include "core/backup/dump.h"
#include "core/backup/place.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"
#include "core/check/check.h"
#include "core/db/backup.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { FLOOR, NOTE };

static const struct sql SQL[] = {
    [FLOOR] = {"backup_floor", "SELECT id, code, " COPY_OF("warehouse.id") ", time_zone FROM warehouse WHERE active = 1 "
                               "ORDER BY id LIMIT 1"},
    [NOTE] = {"backup_note", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, 'backup', $2) ON CONFLICT "
                             "(warehouse_id, name) DO UPDATE SET value = excluded.value"},
};

struct making {
    const struct backup_call *call;
    struct backup_made *made;
    struct db *db;
    struct backup_place *place;
    char *code; /* the warehouse's */
    int64_t warehouse_id, copy_of_at;
    guint damages; /* violations of the first invariant: the database itself is not whole */
    char *damage;  /* the first of them */
};

static void show(const struct making *making, uint64_t done, uint64_t of)
{
    if (making->call->on_progress)
        making->call->on_progress(done, of, making->call->data);
}

static void show_copied(uint64_t bytes, uint64_t of, void *data)
{
    show(data, bytes, of);
}

/* --- is it whole ----------------------------------------------------------------------------------------- */

static void note_violation(const struct check_info *info, const char *what, void *data)
{
    struct making *making = data;
    if (info->invariant != 1)
        return;
    making->damages++;
    if (!making->damage)
        making->damage = g_strdup_printf("%s %s", info->name, what);
}

static void note_done(const struct check_info *info, guint violations, const char *told, void *data)
{
    (void)info, (void)violations, (void)told;
    show(data, 1, 1);
}

static gboolean is_whole(const struct making *making, const char *path, GError **error)
{
    return making->damages == 0 || err_set(error, ERR_BACKUP_BAD, path, making->damage);
}

/* --- the two ways ---------------------------------------------------------------------------------------- */

static gboolean copy_file(struct making *making, GError **error)
{
    return db_copy(making->db, backup_place_part(making->place), show_copied, making, error);
}

static gboolean check_file(struct making *making, GError **error)
{
    g_autofree char *url = g_strconcat("sqlite:", backup_place_part(making->place), NULL);
    g_autoptr(db) copy = db_open(url, DB_STILL, error);
    return copy && check_run(copy, &(struct check_way){.depth = CHECK_NORMAL, .now_utc_ms = clock_now(making->call->clock),
                                                       .report = note_violation, .done = note_done, .data = making},
                             &making->made->violations, error);
}

static gboolean check_moment(struct db *db, void *data, GError **error)
{
    struct making *making = data;
    return check_run_inside(db, &(struct check_way){.depth = CHECK_NORMAL, .now_utc_ms = clock_now(making->call->clock),
                                                    .report = note_violation, .done = note_done, .data = making},
                            &making->made->violations, error);
}

static gboolean dump_server(struct making *making, GError **error)
{
    const struct dump dump = {.url = making->call->url, .path = backup_place_part(making->place), .meanwhile = check_moment,
                              .on_progress = show_copied, .data = making};
    return dump_write(making->db, &dump, error);
}

static gboolean read_dump(struct making *making, GError **error)
{
    return dump_read(backup_place_part(making->place), error);
}

static const struct way {
    const char *suffix;
    gboolean (*write)(struct making *making, GError **error);
    gboolean (*verify)(struct making *making, GError **error);
} WAYS[] = {[DB_SQLITE] = {".db", copy_file, check_file}, [DB_POSTGRES] = {".dump", dump_server, read_dump}};

/* --- what is noted --------------------------------------------------------------------------------------- */

static gboolean note_work(struct site *site, void *data, GError **error)
{
    const struct backup_made *made = data;
    return !made->path || made->violations > 0 ||
           db_exec(site->db, &SQL[NOTE], DB_ARGS(site->warehouse_id, made->at_utc_ms), NULL, error);
}

/* What is told of it names no directory: that may be a person's. */
static char *told(const struct backup_made *made, const GError *failure)
{
    char number[8];
    if (!made->path)
        return g_strdup_printf("failed %s", err_number(err_code(failure), number));
    g_autofree char *name = g_path_get_basename(made->path);
    return g_strdup_printf("%s bytes=%" G_GINT64_FORMAT " violations=%u", name, made->bytes, made->violations);
}

/* A backup that could not be noted is a good one all the same. */
static gboolean note(const struct backup_call *call, struct backup_made *made, const GError *failure)
{
    struct site *site = site_open_as(SITE_RESCUE, call->url, "backup", call->clock, NULL);
    g_autofree char *detail = told(made, failure);
    const struct record record = {.event = "backup", .detail = detail, .is_heard = TRUE};
    gboolean noted = site && site_record(site, &(struct actor){.person_id = site->system_person_id}, &record, note_work, made, NULL);
    site_close(site);
    return noted;
}

/* --- all of it ------------------------------------------------------------------------------------------- */

static void read_floor(struct rows *rows, void *data)
{
    struct making *making = data;
    making->warehouse_id = rows_int(rows, 0);
    making->code = g_strdup(rows_text(rows, 1));
    making->copy_of_at = rows_int(rows, 2);
}

/* A copy of how the floor was would come back as the floor. */
static gboolean find_floor(struct making *making, GError **error)
{
    int found = rows_first(db_query(making->db, &SQL[FLOOR], DB_NO_ARGS, error), read_floor, making, error);
    if (found == 0)
        return err_set(error, ERR_DB_NOT_A_FLOOR, making->call->url);
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    const struct site site = {.copy_of_at = making->copy_of_at, .zone = zone};
    return found > 0 && site_is_floor(&site, error);
}

static gboolean find_place(struct making *making, const char *suffix, GError **error)
{
    const struct backup_call *call = making->call;
    g_autofree char *dir = call->dir ? g_strdup(call->dir) : backup_dir(call->url, error);
    making->place = dir ? backup_place_open(dir, making->code, making->warehouse_id, suffix, error) : NULL;
    return making->place != NULL;
}

static gboolean keep(struct making *making, GError **error)
{
    struct stat file;
    struct backup_made *made = making->made;
    made->path = backup_place_keep(making->place, made->at_utc_ms, error);
    if (made->path && stat(made->path, &file) == 0)
        made->bytes = file.st_size;
    if (made->path && made->violations == 0 && making->call->keep > 0)
        made->removed = backup_place_thin(making->place, making->call->keep, made->path);
    return made->path != NULL;
}

static gboolean make(struct making *making, GError **error)
{
    const struct way *way = &WAYS[db_engine_of(making->db)];
    db_set_patience(making->db, 0);
    if (!find_floor(making, error) || !find_place(making, way->suffix, error))
        return FALSE;
    making->made->at_utc_ms = clock_now(making->call->clock); /* a little before the moment that it shows */
    if (way->write(making, error) && way->verify(making, error) &&
        is_whole(making, backup_place_part(making->place), error) && keep(making, error))
        return TRUE;
    backup_place_drop(making->place);
    return FALSE;
}

gboolean backup_make(const struct backup_call *call, struct backup_made *made, GError **error)
{
    struct making making = {.call = call, .made = made};
    GError *failure = NULL;
    *made = (struct backup_made){.path = NULL};
    making.db = db_open(call->url, DB_USE, &failure);
    gboolean done = making.db && make(&making, &failure);
    g_clear_pointer(&making.place, backup_place_free);
    if (making.db) {
        db_close(making.db);
        made->is_noted = note(call, made, failure);
    }
    g_free(making.code);
    g_free(making.damage);
    if (failure)
        g_propagate_error(error, failure);
    return done;
}

static void add_matching(GPtrArray *paths, const char *path, const char *pattern)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_pattern_match_simple(pattern, name))
            g_ptr_array_add(paths, g_build_filename(path, name, NULL));
}

static gint by_path(gconstpointer one, gconstpointer other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

GPtrArray *backups_there(const char *url, int64_t warehouse_id)
{
    static const char *const BESIDE[] = {".v*-*", ".before-restore-*"};
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *dir = backup_dir(url, NULL), *of_floor = backup_place_pattern(warehouse_id);
    if (dir)
        add_matching(paths, dir, of_floor);
    g_autofree char *file = g_str_has_prefix(url, "sqlite:") ? db_file_of(url) : NULL;
    for (size_t i = 0; file && i < G_N_ELEMENTS(BESIDE); i++) {
        g_autofree char *beside = g_path_get_dirname(file), *base = g_path_get_basename(file);
        g_autofree char *pattern = g_strconcat(base, BESIDE[i], NULL);
        add_matching(paths, beside, pattern);
    }
    g_ptr_array_sort(paths, by_path);
    return paths;
}

char *backup_dir(const char *url, GError **error)
{
    char *set = setting_host("backup_dir", NULL, error);
    if (!set || set[0])
        return set;
    g_free(set);
    if (!g_str_has_prefix(url, "sqlite:"))
        return paths_data("backups");
    g_autofree char *file = g_canonicalize_filename(url + strlen("sqlite:"), NULL), *dir = g_path_get_dirname(file);
    return g_build_filename(dir, "backups", NULL);
}
