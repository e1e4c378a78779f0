/* SPDX-License-Identifier: MIT */
#include "core/db/network_fs.h"

#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define FUSE_MAGIC UINT64_C(0x65735546)

static const struct {
    uint64_t magic;
    const char *name;
} NETWORK[] = {
    {0x6969, "NFS"},        {0x517B, "SMB"},      {0xFF534D42, "CIFS"},     {0xFE534D42, "SMB2"},
    {0x01021997, "9p"},     {0x5346414F, "AFS"},  {0x6B414653, "AFS"},      {0x73757245, "Coda"},
    {0x564C, "NCP"},        {0x00C36400, "Ceph"}, {0x0BD00BD0, "Lustre"},   {0x786F4256, "vboxsf"},
    {0xBACBACBC, "vmhgfs"}, {0x47504653, "GPFS"}, {0x20030528, "OrangeFS"},
};

/* FUSE has one magic for all; these go over a network. Others (ntfs-3g, fuse-overlayfs) are local. */
static const char *const FUSE_NETWORK[] = {"sshfs",     "s3fs",       "rclone",   "glusterfs", "ceph",   "davfs",
                                           "curlftpfs", "gvfsd-fuse", "smbnetfs", "mfs",       "juicefs"};

const char *db_network_fs(uint64_t magic, const char *type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(NETWORK); i++)
        if (NETWORK[i].magic == (magic & 0xFFFFFFFF))
            return NETWORK[i].name;
    if ((magic & 0xFFFFFFFF) != FUSE_MAGIC || !type)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(FUSE_NETWORK); i++)
        if (strstr(type, FUSE_NETWORK[i]))
            return FUSE_NETWORK[i];
    return NULL;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the third field is the device, the type
 * follows the lone dash. Caller frees. */
static char *mount_type(dev_t device)
{
    g_autofree char *mounts = NULL;
    if (!g_file_get_contents("/proc/self/mountinfo", &mounts, NULL, NULL))
        return NULL;
    g_autofree char *wanted = g_strdup_printf("%u:%u", major(device), minor(device));
    g_auto(GStrv) lines = g_strsplit(mounts, "\n", 0);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) fields = g_strsplit(*line, " ", 0);
        const char *dash = strstr(*line, " - ");
        if (g_strv_length(fields) > 6 && dash && strcmp(fields[2], wanted) == 0)
            return g_strndup(dash + 3, strcspn(dash + 3, " "));
    }
    return NULL;
}

const char *db_network_fs_of(const char *path)
{
    struct statfs fs;
    struct stat file;
    if (statfs(path, &fs) != 0)
        return NULL;
    gboolean fuse = (uint64_t)fs.f_type == FUSE_MAGIC && stat(path, &file) == 0;
    g_autofree char *type = fuse ? mount_type(file.st_dev) : NULL;
    return db_network_fs((uint64_t)fs.f_type, type);
}
