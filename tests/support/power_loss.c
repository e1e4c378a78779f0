/* SPDX-License-Identifier: MIT */
#include "tests/support/power_loss.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/check/check.h"
#include "core/db/rows.h"
#include "core/site/site.h"
#include "core/station/station.h"
#include "tests/support/crash_disk.h"
#include "tests/support/desk.h"
#include "tests/support/testdb.h"

static const char FILE_NAME[] = "floor.db";

struct replay {
    const struct power_loss_tries *tries;
    struct disk *disk;
    char *path, *url;
    struct power_loss found;
    int64_t image; /* its number, in all */
    gboolean tells; /* what is damaged; a control is expected to be */
};

/* --- what became of it ------------------------------------------------------------------------------------- */

static void damaged(struct replay *replay, const char *what, const GError *error)
{
    if (replay->tells)
        fprintf(stderr, "image %" G_GINT64_FORMAT " of seed %u: %s: %s\n", replay->image, replay->tries->seed, what,
                error ? error->message : "");
}

static void read_word(struct rows *rows, void *word)
{
    g_strlcpy(word, rows_text(rows, 0), 80);
}

static gboolean is_whole(struct db *db, GError **error)
{
    static const struct sql INTEGRITY = {"image_integrity", "SELECT integrity_check FROM pragma_integrity_check LIMIT 1"};
    char word[80] = "";
    return rows_first(db_query(db, &INTEGRITY, DB_NO_ARGS, error), read_word, word, error) > 0 && strcmp(word, "ok") == 0;
}

/* The events of acknowledged keys that are there; -1 with *error. */
static int64_t count_there(struct db *db, const GArray *acknowledged, GError **error)
{
    static const struct sql THERE = {"image_there", "SELECT COUNT(*) FROM event WHERE key {in:$1}"};
    g_autofree char *keys = db_id_list((const int64_t *)(const void *)acknowledged->data, acknowledged->len);
    int64_t count = 0;
    return db_get_ints(db, &THERE, DB_ARGS(keys), &count, 1, error) > 0 ? count : -1;
}

static gboolean look(struct replay *replay, GError **error)
{
    const GArray *acknowledged = disk_acknowledged(replay->disk);
    struct db *db = db_open(replay->url, DB_USE, error);
    int64_t there = db && is_whole(db, error) ? count_there(db, acknowledged, error) : -1;
    db_close(db);
    if (there < 0)
        return FALSE;
    replay->found.lost_images += there < acknowledged->len;
    replay->found.lost += acknowledged->len - there;
    return TRUE;
}

static void say_violation(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%s: %s; ", info->name, what);
}

/* A lead logs in at the station that was cut off, opens the order that nobody has touched, and holds it. */
static gboolean works_on(struct site *site, GError **error)
{
    struct answer answer;
    struct station *station = station_open(site, POWER_LOSS_STATION, error);
    gboolean works = station && station_command(station, CMD_LOGIN, POWER_LOSS_BADGE " " DESK_PIN, 0, &answer, error) &&
                     answer.kind == ANSWER_OK &&
                     station_scan(station, POWER_LOSS_LAST, strlen(POWER_LOSS_LAST), 0, &answer, error) &&
                     answer.kind == ANSWER_OK && station_command(station, CMD_HOLD, "wet", 0, &answer, error) &&
                     answer.kind == ANSWER_OK;
    station_close(station);
    return works;
}

static gboolean look_whole(struct replay *replay, GError **error)
{
    guint violations = 0;
    g_autoptr(GString) said = g_string_new(NULL);
    struct site *site = site_open_as(SITE_STATION, replay->url, POWER_LOSS_STATION, NULL, error);
    gboolean good = site && works_on(site, error) &&
                    check_run(site->db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = site_now(site),
                                                            .report = say_violation, .data = said},
                              &violations, error);
    site_close(site);
    if (violations)
        damaged(replay, said->str, NULL);
    return good && violations == 0;
}

static void try_image(struct replay *replay)
{
    const struct power_loss_tries *tries = replay->tries;
    g_autoptr(GError) error = NULL;
    disk_write_image(replay->disk, replay->path, tries->seed ^ (guint32)(replay->image * 2654435761u));
    gboolean good = look(replay, &error);
    if (good && tries->whole_each && replay->image % tries->whole_each == 0)
        good = look_whole(replay, &error);
    if (!good)
        damaged(replay, "damaged", error);
    replay->found.damaged += !good;
    replay->found.images++;
}

/* --- all of them ------------------------------------------------------------------------------------------- */

static struct power_loss work(const struct recording *recording, const struct power_loss_tries *tries, const char *dir, int worker)
{
    struct replay replay = {.tries = tries, .disk = disk_new(recording, !tries->syncs_lie), .tells = !tries->syncs_lie};
    replay.path = g_build_filename(dir, FILE_NAME, NULL);
    replay.url = g_strconcat("sqlite:", replay.path, NULL);
    for (replay.image = worker; replay.image < tries->images; replay.image += tries->workers) {
        disk_advance(replay.disk, (size_t)(replay.image * recording->records->len / tries->images) + 1);
        try_image(&replay);
    }
    disk_free(replay.disk);
    g_free(replay.path);
    g_free(replay.url);
    return replay.found;
}

static void begin_worker(const struct recording *recording, const struct power_loss_tries *tries, int worker, int result)
{
    g_autofree char *dir = g_dir_make_tmp("packline-power-XXXXXX", NULL);
    if (fork() != 0)
        return;
    struct power_loss found = work(recording, tries, dir, worker);
    testdb_remove(dir);
    _exit(write(result, &found, sizeof found) != sizeof found);
}

struct power_loss power_loss_replay(const struct recording *recording, const struct power_loss_tries *tries)
{
    struct power_loss all = {0}, one;
    int result[2];
    g_assert_cmpint(pipe(result), ==, 0);
    for (int i = 0; i < tries->workers; i++)
        begin_worker(recording, tries, i, result[1]);
    close(result[1]);
    for (int i = 0; i < tries->workers; i++) {
        g_assert_cmpint(read(result[0], &one, sizeof one), ==, sizeof one);
        all.images += one.images;
        all.lost_images += one.lost_images;
        all.lost += one.lost;
        all.damaged += one.damaged;
    }
    close(result[0]);
    while (wait(NULL) > 0)
        continue;
    return all;
}
