/* SPDX-License-Identifier: MIT */
#include "tests/support/paper.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/headless.h"

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

static char *output_of(const char *const *argv)
{
    char *out = NULL;
    g_spawn_sync(NULL, (char **)(gintptr)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                 NULL, &out, NULL, NULL, NULL);
    return out ? out : g_strdup("");
}

static void read_picture(const char *path, GHashTable *read)
{
    char *out = output_of((const char *[]){"zbarimg", "-q", "--raw", path, NULL});
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
    g_free(output_of((const char *[]){"pdftoppm", "-r", "203", "-gray", "-png", path, root, NULL}));
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
    g_spawn_async(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
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
    if (!paper_wait(has_ended, &ending, 60)) {
        kill(pid, SIGKILL);
        waitpid(pid, &ending.status, 0);
        g_error("the worker did not end");
    }
    return WIFEXITED(ending.status) ? WEXITSTATUS(ending.status) : -1;
}

gboolean paper_wait(gboolean (*fn)(void *data), void *data, int seconds)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    while (!fn(data)) {
        if (g_get_monotonic_time() > deadline)
            return FALSE;
        poll(NULL, 0, 20);
    }
    return TRUE;
}
