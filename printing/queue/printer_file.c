/* SPDX-License-Identifier: MIT
 *
 * A folder of PDFs. A document is there whole or not at all (new_file_put()). Its name is HINT-UUID.pdf, so that it is found by the uuid after a crash.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/base/translate.h"
#include "printing/queue/printer.h"

enum { ROOM_BYTES = 8 << 20 };

struct folder {
    struct printer printer; /* first */
    char *dir;
};

static struct printer *folder_open(const char *target, GError **error)
{
    if (g_mkdir_with_parents(target, 0700) != 0) {
        err_set(error, ERR_PRINTER_OPEN, target, g_strerror(errno));
        return NULL;
    }
    struct folder *folder = g_new0(struct folder, 1);
    folder->dir = g_strdup(target);
    return &folder->printer;
}

static void folder_close(struct printer *printer)
{
    struct folder *folder = (struct folder *)printer;
    g_free(folder->dir);
    g_free(folder);
}

/* The directory is opened anew each time: it may have been made anew since. A link in its place is not followed. */
static int folder_dir(const struct folder *folder)
{
    return new_dir_open(AT_FDCWD, folder->dir, FALSE);
}

static enum sent folder_send(struct printer *printer, const struct document *document, struct submission *submission,
                             GError **error)
{
    struct folder *folder = (struct folder *)printer;
    g_autofree char *name = g_strdup_printf("%s-%s.pdf", document->hint, submission->uuid);
    gboolean placed = FALSE;
    int dir = folder_dir(folder);
    gboolean good = dir >= 0 && new_file_put(dir, name, document->bytes->data, document->bytes->len, &placed);
    if (!good)
        err_set(error, ERR_PRINTER_SENT, folder->dir, g_strerror(errno));
    if (dir >= 0)
        close(dir);
    return good ? SENT_TAKEN : placed ? SENT_UNKNOWN : SENT_REFUSED;
}

/* What a worker had begun to write when it was killed goes: it is half a label, with somebody's name on it. */
static enum found folder_find(struct printer *printer, struct submission *submission)
{
    struct folder *folder = (struct folder *)printer;
    int handle = folder_dir(folder);
    DIR *dir = handle >= 0 ? fdopendir(handle) : NULL;
    if (!dir && handle >= 0)
        close(handle);
    if (!dir)
        return CANT_ASK;
    g_autofree char *ending = g_strconcat(submission->uuid, ".pdf", NULL);
    g_autofree char *half = g_strconcat(ending, ".part", NULL);
    enum found found = NOT_FOUND;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (g_str_has_suffix(entry->d_name, ending))
            found = FOUND;
        else if (g_str_has_suffix(entry->d_name, half))
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    return found;
}

/* What was taken is on the disk, whether or not somebody has fetched it since. */
static void folder_follow(struct printer *printer, const struct submission *submission, struct progress *progress)
{
    (void)printer, (void)submission;
    *progress = (struct progress){.stage = STAGE_PRINTED};
}

/* Room for the largest document there may be: thousands of labels of a few KB. */
static gboolean has_room(const struct folder *folder)
{
    struct statvfs disk;
    return statvfs(folder->dir, &disk) != 0 || (guint64)disk.f_bavail * disk.f_frsize >= ROOM_BYTES;
}

static void folder_look(struct printer *printer, struct health *health)
{
    struct folder *folder = (struct folder *)printer;
    *health = (struct health){PRINTER_READY, ""};
    int dir = folder_dir(folder);
    gboolean writable = dir >= 0 && faccessat(dir, ".", W_OK | X_OK, 0) == 0;
    if (dir >= 0)
        close(dir);
    if (!writable)
        health_set(health, PRINTER_OFFLINE, N_("The folder can't be written."));
    else if (!has_room(folder))
        health_set(health, PRINTER_STOPPED, N_("The folder's disk is full."));
}

/* What stops a folder shows when it is looked at. */
static gboolean folder_takes(struct printer *printer, int width_um, int height_um, GError **error)
{
    (void)printer, (void)width_um, (void)height_um, (void)error;
    return TRUE;
}

const struct printer_ops printer_file = {
    .scheme = "file",
    .renderer = &render_pdf,
    .open = folder_open,
    .close = folder_close,
    .send = folder_send,
    .find = folder_find,
    .follow = folder_follow,
    .look = folder_look,
    .takes = folder_takes,
};
