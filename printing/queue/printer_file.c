/* SPDX-License-Identifier: MIT
 *
 * A folder of PDFs. A document is there whole or not at all: written beside, synced, renamed, the folder
 * synced. Its name is HINT-UUID.pdf, so that it is found by the uuid after a crash.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
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

static gboolean write_all(int fd, const GByteArray *bytes)
{
    for (guint done = 0; done < bytes->len;) {
        ssize_t n = write(fd, bytes->data + done, bytes->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (guint)n;
    }
    return TRUE;
}

/* FALSE with errno: nothing stands in the folder under the final name. */
static gboolean write_file(const char *temporary, const char *path, const GByteArray *bytes)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    gboolean good = fd >= 0 && write_all(fd, bytes) && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = FALSE;
        cause = errno;
    }
    if (good && g_rename(temporary, path) == 0)
        return TRUE;
    cause = good ? errno : cause;
    g_unlink(temporary);
    errno = cause;
    return FALSE;
}

static enum sent folder_send(struct printer *printer, const struct document *document, struct submission *submission,
                             GError **error)
{
    struct folder *folder = (struct folder *)printer;
    g_autofree char *name = g_strdup_printf("%s-%s.pdf", document->hint, submission->uuid);
    g_autofree char *path = g_build_filename(folder->dir, name, NULL);
    g_autofree char *temporary = g_strconcat(path, ".part", NULL);
    enum sent sent = SENT_TAKEN;
    if (!write_file(temporary, path, document->bytes))
        sent = SENT_REFUSED;
    else if (!paths_sync(folder->dir))
        sent = SENT_UNKNOWN;
    if (sent != SENT_TAKEN)
        err_set(error, ERR_PRINTER_SENT, folder->dir, g_strerror(errno));
    return sent;
}

/* What a worker had begun to write when it was killed goes: it is half a label, with somebody's name on it. */
static enum found folder_find(struct printer *printer, struct submission *submission)
{
    struct folder *folder = (struct folder *)printer;
    DIR *dir = opendir(folder->dir);
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
    if (access(folder->dir, W_OK | X_OK) != 0)
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
