/* SPDX-License-Identifier: MIT */
#include "tests/support/cups_room.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/print/run.h"
#include "tests/support/floor.h"
#include "tests/support/paper.h"

/* --- the private CUPS ----------------------------------------------------------------------------------- */

void cups_lab(const char *action, const char *dir)
{
    char *owner = g_strdup_printf("%d", (int)getpid());
    char *out = paper_program((const char *[]){"tests/support/cups-lab", action, dir, owner, NULL}, TRUE);
    if (strcmp(action, "start") == 0)
        g_setenv("CUPS_SERVER", g_strstrip(out), TRUE);
    g_free(out);
    g_free(owner);
}

void cups_room_set(const struct cups_room *room, const char *name, const char *text)
{
    char *path = g_build_filename(room->lab, name, NULL);
    if (text)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    else
        g_unlink(path);
    g_free(path);
}

void cups_room_program(const char *const *argv)
{
    g_free(paper_program(argv, TRUE));
}

void cups_room_kill_cupsd(const struct cups_room *room)
{
    char *path = g_build_filename(room->lab, "cupsd.pid", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(kill((pid_t)atoi(text), SIGKILL), ==, 0);
    g_free(text);
    g_free(path);
}

void cups_room_start_cupsd(const struct cups_room *room)
{
    cups_lab("cupsd", room->lab);
}

/* --- the floor ------------------------------------------------------------------------------------------ */

void cups_room_open(struct cups_room *room, struct testdb *test)
{
    *room = (struct cups_room){.test = test, .floor = floor_open(test, "station 1")};
    room->lab = g_build_filename(test->dir, "lab", NULL);
    room->paper = g_build_filename(room->lab, "paper", NULL);
    g_chmod(test->dir, 0755); /* CUPS filters run as another user */
    cups_lab("start", room->lab);
    paper_printer(room->floor, "label-1", "cups:label", NULL);
    paper_stock(room->floor);
}

void cups_room_close(struct cups_room *room)
{
    if (room->worker) {
        kill(room->worker, SIGTERM);
        paper_worker_wait(room->worker);
    }
    cups_lab("stop", room->lab);
    floor_close(room->floor);
    g_free(room->paper);
    g_free(room->lab);
}

void cups_room_worker(struct cups_room *room)
{
    room->worker = paper_worker(room->test->url, NULL);
}

void cups_room_run(struct cups_room *room, int labels, int64_t per_submission)
{
    GError *error = NULL;
    struct run_made made;
    struct run_wish wish = {.filter = "courier=hct", .per_submission = per_submission};
    for (int i = 0; i < labels; i++)
        paper_released(room->floor, i);
    g_assert_true(run_start(room->floor->site, &room->floor->lead, &wish, &made, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(made.labels, ==, labels);
}

/* --- waiting -------------------------------------------------------------------------------------------- */

static gboolean nothing_under_way(void *data)
{
    return paper_jobs(((struct cups_room *)data)->floor, "queued submitting submitted") == 0;
}

void cups_room_finish(struct cups_room *room)
{
    if (!paper_wait(nothing_under_way, room))
        g_error("labels are still on their way");
}

struct wanted {
    struct cups_room *room;
    enum printer_health health;
    const char *text;
};

static gboolean printer_is(void *data)
{
    const struct wanted *wanted = data;
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(wanted->room->floor->site, "label-1", &row, &error), ==, 1);
    return row.health == wanted->health && (!wanted->text || strcmp(row.text, wanted->text) == 0);
}

int cups_room_expect(struct cups_room *room, enum printer_health health, const char *text)
{
    struct wanted wanted = {room, health, text};
    gint64 from = g_get_monotonic_time();
    if (!paper_wait(printer_is, &wanted))
        g_error("the printer's row did not say %s, %s", printer_health_name(health), text ? text : "");
    int took_ms = (int)((g_get_monotonic_time() - from) / 1000);
    g_test_message("%s after %d ms", text ? text : printer_health_name(health), took_ms);
    return took_ms;
}

/* --- what came out -------------------------------------------------------------------------------------- */

/* One document's numbers under its name. */
static void note_numbers(GHashTable *seen, const char *path)
{
    char *base = g_path_get_basename(path), *one = g_dir_make_tmp("one.XXXXXX", NULL);
    char *link = g_build_filename(one, base, NULL);
    g_assert_cmpint(symlink(path, link), ==, 0);
    GHashTable *read = paper_read(one);
    GHashTableIter iter;
    gpointer text, count;
    g_hash_table_iter_init(&iter, read);
    while (g_hash_table_iter_next(&iter, &text, &count)) {
        const char *name = strchr(base, '-') + 1, *before = g_hash_table_lookup(seen, text);
        if (strlen(text) != 10 || !g_ascii_isdigit(*(char *)text))
            continue;
        if (before && strcmp(before, name) != 0)
            g_error("%s was sent as %s and as %s", (char *)text, before, name);
        g_hash_table_insert(seen, g_strdup(text), g_strdup(name));
    }
    g_hash_table_unref(read);
    g_unlink(link);
    g_rmdir(one);
    g_free(link);
    g_free(one);
    g_free(base);
}

int64_t cups_room_sent_once(struct cups_room *room)
{
    GPtrArray *files = paper_files(room->paper);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < files->len; i++)
        note_numbers(seen, g_ptr_array_index(files, i));
    int64_t numbers = g_hash_table_size(seen);
    g_hash_table_unref(seen);
    g_ptr_array_unref(files);
    return numbers;
}

/* --- cases ---------------------------------------------------------------------------------------------- */

gboolean cups_room_once(const struct testdb *test)
{
    if (test->engine == DB_POSTGRES)
        g_test_skip("the engine does not matter here");
    return test->engine == DB_SQLITE;
}

gboolean cups_lab_can_run(void)
{
    char *cupsd = g_find_program_in_path("/usr/sbin/cupsd"),
         *printer = g_find_program_in_path("ippeveprinter");
    gboolean can = geteuid() == 0 && cupsd && printer;
    g_free(printer);
    g_free(cupsd);
    return can;
}

static void skipped(void)
{
    g_test_skip("cups: needs root, cupsd and ippeveprinter");
}

void cups_room_add(const char *path, testdb_case fn)
{
    if (cups_lab_can_run())
        testdb_add(path, fn);
    else
        g_test_add_func(path, skipped);
}
