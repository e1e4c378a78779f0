/* SPDX-License-Identifier: MIT
 *
 * Which file systems are refused.
 */
#include "core/db/network_fs.h"

#include <glib.h>

static const struct {
    uint64_t magic;
    const char *type, *name;
} SYSTEMS[] = {
    {0x6969, NULL, "NFS"},
    {0xFF534D42, NULL, "CIFS"},
    {0xFE534D42, NULL, "SMB2"},
    {0xFFFFFFFFFE534D42, NULL, "SMB2"}, /* f_type is signed on some machines */
    {0x01021997, NULL, "9p"},
    {0x65735546, "fuse.sshfs", "sshfs"},
    {0x65735546, "fuse.fuse-overlayfs", NULL},
    {0x65735546, NULL, NULL},
    {0xEF53, NULL, NULL},     /* ext4 */
    {0x9123683E, NULL, NULL}, /* btrfs */
    {0x58465342, NULL, NULL}, /* xfs */
    {0x01021994, NULL, NULL}, /* tmpfs */
    {0x794C7630, NULL, NULL}, /* overlayfs */
};

static void file_systems(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SYSTEMS); i++)
        g_assert_cmpstr(db_network_fs(SYSTEMS[i].magic, SYSTEMS[i].type), ==, SYSTEMS[i].name);
    g_assert_null(db_network_fs_of(g_get_tmp_dir()));
    g_assert_null(db_network_fs_of("/nowhere"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network-fs/names", file_systems);
    return g_test_run();
}
