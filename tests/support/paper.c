/* SPDX-License-Identifier: MIT */
#include "tests/support/paper.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/print/printer.h"
#include "core/print/submission.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

/* Longer than the slowest machine takes for what is waited for: only something that never comes reaches it. */
enum { PATIENCE_SECONDS = 240, POLL_MS = 10 };

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *paper_files(const char *dir)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GDir *open = g_dir_open(dir, 0, NULL);
    for (const char *name; open && (name = g_dir_read_name(open));)
        if (g_str_has_suffix(name, ".pdf"))
            g_ptr_array_add(files, g_build_filename(dir, name, NULL));
    if (open)
        g_dir_close(open);
    g_ptr_array_sort(files, by_name);
    return files;
}

char *paper_program(const char *const *argv, gboolean must)
{
    char *out = NULL;
    int status = 0;
    GError *error = NULL;
    g_spawn_sync(NULL, (char **)(gintptr)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                 NULL, &status, must ? &error : NULL);
    g_assert_no_error(error);
    if (must)
        g_assert_cmpint(status, ==, 0);
    return out ? out : g_strdup("");
}

void paper_stock(struct floor *floor)
{
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017");
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 5000);
}

int64_t paper_released(struct floor *floor, int n)
{
    char *number = g_strdup_printf("10%04d", n);
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, shipment);
    g_free(number);
    return shipment;
}

int64_t paper_packed(struct floor *floor, int n)
{
    int64_t shipment = paper_released(floor, n);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    return shipment;
}

int64_t paper_jobs(struct floor *floor, const char *states)
{
    char **names = g_strsplit(states, " ", -1), *list = g_strjoinv("', '", names);
    char *sql = g_strdup_printf("SELECT COUNT(*) FROM job WHERE state IN ('%s')", list);
    int64_t count = floor_int(floor, sql, 0);
    g_free(sql);
    g_free(list);
    g_strfreev(names);
    return count;
}

void paper_printer(struct floor *floor, const char *name, const char *uri, const char *backup)
{
    GError *error = NULL;
    printer_put(floor->site, &floor->lead, name, uri, "", backup, &error);
    g_assert_no_error(error);
}

static void read_picture(const char *path, GHashTable *read)
{
    char *out = paper_program((const char *[]){"zbarimg", "-q", "--nodbus", "--raw", path, NULL}, FALSE);
    char **lines = g_strsplit(out, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line) {
            guint count = GPOINTER_TO_UINT(g_hash_table_lookup(read, *line));
            g_hash_table_insert(read, g_strdup(*line), GUINT_TO_POINTER(count + 1));
        }
    g_strfreev(lines);
    g_free(out);
}

static void read_pdf(const char *path, GHashTable *read)
{
    char *scratch = g_dir_make_tmp("pages.XXXXXX", NULL), *root = g_build_filename(scratch, "p", NULL);
    g_free(paper_program((const char *[]){"pdftoppm", "-r", "203", "-gray", path, root, NULL}, FALSE));
    GDir *dir = g_dir_open(scratch, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        char *picture = g_build_filename(scratch, name, NULL);
        read_picture(picture, read);
        g_unlink(picture);
        g_free(picture);
    }
    g_dir_close(dir);
    g_rmdir(scratch);
    g_free(root);
    g_free(scratch);
}

GHashTable *paper_read(const char *dir)
{
    GHashTable *read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *files = paper_files(dir);
    for (guint i = 0; i < files->len; i++)
        read_pdf(g_ptr_array_index(files, i), read);
    g_ptr_array_unref(files);
    return read;
}

guint paper_count(GHashTable *read, const char *text)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(read, text));
}

int64_t paper_claimed(struct floor *floor, struct submission *submission)
{
    GError *error = NULL;
    struct printer_row printer;
    gboolean made = FALSE, all = FALSE;
    GArray *jobs = jobs_next(floor->site, floor->printer_id, &error);
    g_assert_no_error(error);
    int64_t pages = jobs->len;
    for (guint i = 0; i < jobs->len; i++)
        g_array_index(jobs, struct job, i).page = i + 1;
    g_assert_cmpint(printer_find(floor->site, "label-1", &printer, &error), ==, 1);
    g_assert_true(submission_make(floor->site, &printer, jobs, submission, &made, &all, &error) && all);
    g_array_unref(jobs);
    return pages;
}

char *paper_sealed(struct floor *floor)
{
    GError *error = NULL;
    struct submission submission;
    int64_t pages = paper_claimed(floor, &submission);
    gboolean sealed = FALSE;
    g_assert_true(submission_seal(floor->site, &submission, pages, &sealed, &error) && sealed);
    return g_strdup(submission.uuid);
}

/* A test that fails leaves no worker behind. */
static void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

GPid paper_worker(const char *url, const char *const *more)
{
    GPtrArray *argv = g_ptr_array_new();
    char *path = headless_program("packline-print");
    g_ptr_array_add(argv, path);
    g_ptr_array_add(argv, (char[]){"work"});
    g_ptr_array_add(argv, (char[]){"--db"});
    char *db = g_strdup(url);
    g_ptr_array_add(argv, db);
    GStrv copies = g_strdupv((char **)(gintptr)(more ? more : (const char *const[]){NULL}));
    for (char **one = copies; *one; one++)
        g_ptr_array_add(argv, *one);
    g_ptr_array_add(argv, NULL);
    GPid pid = 0;
    GError *error = NULL;
    g_spawn_async(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent, NULL, &pid, &error);
    g_assert_no_error(error);
    g_ptr_array_unref(argv);
    g_strfreev(copies);
    g_free(db);
    g_free(path);
    return pid;
}

struct ending {
    GPid pid;
    int status;
};

static gboolean has_ended(void *data)
{
    struct ending *ending = data;
    return waitpid(ending->pid, &ending->status, WNOHANG) == ending->pid;
}

int paper_worker_wait(GPid pid)
{
    struct ending ending = {.pid = pid};
    if (!paper_wait(has_ended, &ending)) {
        kill(pid, SIGKILL);
        waitpid(pid, &ending.status, 0);
        g_error("the worker did not end");
    }
    return WIFEXITED(ending.status) ? WEXITSTATUS(ending.status) : -1;
}

gboolean paper_wait(gboolean (*fn)(void *data), void *data)
{
    gint64 deadline = g_get_monotonic_time() + PATIENCE_SECONDS * G_USEC_PER_SEC;
    while (!fn(data)) {
        if (g_get_monotonic_time() > deadline)
            return FALSE;
        poll(NULL, 0, POLL_MS);
    }
    return TRUE;
}
