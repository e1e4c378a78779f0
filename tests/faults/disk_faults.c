/* SPDX-License-Identifier: MIT
 *
 * The disk is really full under a station that packs, or is remounted read-only when one was killed (while files are open for
 * writing the kernel refuses that): a file system of its own in memory. What was acknowledged is there, and when the disk is as
 * before the line that was answered "error" is given again and counts, at the same station or at one that is started anew. The control counts scans as acknowledged when they were given. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/support/faults.h"
#include "tests/support/packing.h"

enum { TRIES = 120, BEFORE = 6, UNDER = 3, AFTER = 2, AGAIN = 8, PER_FLOOR = 25, SEED = 3, BLOCK = 4096 };

static const char SIZE[] = "size=48m,mode=0700";

struct disk_faults {
    GRand *random;
    char *mount, *path, *url, *filler;
    struct packing packing;
    int64_t tries, lost, stuck, given_lost, acked, refused;
};

/* --- the disk ---------------------------------------------------------------------------------------------- */

/* Mounts that nobody else sees, and that are gone when this program is, however it ends. */
static gboolean have_own_mounts(void)
{
    return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static gboolean mount_disk(const char *where)
{
    return mount("packline-test", where, "tmpfs", MS_NOSUID | MS_NODEV, SIZE) == 0;
}

/* Leaves so many bytes, at most. */
static void fill(const char *filler, int64_t leave)
{
    static const char BYTES[BLOCK] = {1};
    int fd = open(filler, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    int64_t size = 0;
    for (ssize_t n; (n = write(fd, BYTES, BLOCK)) > 0;)
        size += n;
    g_assert_cmpint(ftruncate(fd, MAX(size - leave, 0)), ==, 0);
    close(fd);
}

struct disk_fault {
    const char *name;
    void (*begin)(struct disk_faults *all);
    void (*end)(struct disk_faults *all);
    gboolean is_between; /* no station has the database open then; who opens it is refused in words */
};

static void become_full(struct disk_faults *all)
{
    fill(all->filler, (int64_t)BLOCK * g_rand_int_range(all->random, 0, 40));
}

static void have_room(struct disk_faults *all)
{
    unlink(all->filler);
}

static void remount(const char *where, unsigned long flags)
{
    if (mount("packline-test", where, NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV | flags, SIZE) != 0)
        g_error("remount %s: %s", where, g_strerror(errno));
}

static void become_read_only(struct disk_faults *all)
{
    remount(all->mount, MS_RDONLY);
}

static void become_writable(struct disk_faults *all)
{
    remount(all->mount, 0);
}

static const struct disk_fault FAULTS[] = {
    {"a disk that is full, SQLite", become_full, have_room, FALSE},
    {"a disk remounted read-only, SQLite", become_read_only, become_writable, TRUE},
};

/* --- one --------------------------------------------------------------------------------------------------- */

static enum packing_said scan(struct packing *packing, int n, int times)
{
    enum packing_said heard = PACKING_OK;
    for (int i = 0; i < n && heard == PACKING_OK; i++)
        heard = packing_insist(packing, times);
    return heard;
}

/* What was not acknowledged of the last keys is given again. */
static gboolean give_the_rest(struct packing *packing)
{
    gboolean good = TRUE;
    for (guint i = packing->given->len > UNDER ? packing->given->len - UNDER : 0; good && i < packing->given->len; i++) {
        int64_t key = g_array_index(packing->given, int64_t, i);
        good = packing_has_acked(packing, key) || packing_insist_on(packing, key, AGAIN) == PACKING_OK;
    }
    return good && scan(packing, AFTER, 0) == PACKING_OK;
}

static gboolean goes_on(struct disk_faults *all)
{
    packing_launch(&all->packing, all->url, NULL);
    gboolean good = packing_insist_open(&all->packing, 0) == PACKING_OK && give_the_rest(&all->packing);
    packing_end(&all->packing);
    return good;
}

static int64_t missing(struct testdb *test, const GArray *keys)
{
    struct floor *floor = floor_open(test, "between");
    int64_t missing_keys = packing_missing(floor, keys);
    floor->tampered = TRUE;
    floor_close(floor);
    return missing_keys;
}

/* The station has the database open; every second time it is killed while the disk is as it is. */
static gboolean try_under(struct disk_faults *all, struct testdb *test, const struct disk_fault *fault)
{
    struct packing *packing = &all->packing;
    gboolean is_killed = all->tries % 2 == 1;
    fault->begin(all);
    enum packing_said heard = scan(packing, UNDER, 0);
    all->refused += heard == PACKING_ERROR;
    if (is_killed)
        packing_kill(packing);
    fault->end(all);
    if (is_killed)
        all->given_lost += missing(test, packing->given);
    gboolean good = (heard == PACKING_OK || heard == PACKING_ERROR) && (is_killed || give_the_rest(packing));
    if (!is_killed)
        packing_end(packing);
    return good;
}

/* It is killed under its scans, and another is started on the disk as it is. */
static gboolean try_between(struct disk_faults *all, struct testdb *test, const struct disk_fault *fault)
{
    struct packing *packing = &all->packing;
    for (int i = 0; i < UNDER; i++)
        packing_give(packing);
    packing_kill(packing);
    fault->begin(all);
    packing_launch(packing, all->url, NULL);
    enum packing_said heard = packing_insist_open(packing, 0);
    all->refused += heard == PACKING_GONE;
    packing_end(packing);
    fault->end(all);
    all->given_lost += missing(test, packing->given);
    return heard == PACKING_GONE;
}

static void try_one(struct disk_faults *all, struct testdb *test, const struct disk_fault *fault)
{
    struct packing *packing = &all->packing;
    packing_launch(packing, all->url, NULL);
    gboolean good = packing_insist_open(packing, 0) == PACKING_OK &&
                    scan(packing, g_rand_int_range(all->random, 1, BEFORE), 0) == PACKING_OK;
    good = (fault->is_between ? try_between : try_under)(all, test, fault) && good;
    if (!good || !goes_on(all)) {
        fprintf(stderr, "stuck after %s, try %" G_GINT64_FORMAT "\n", fault->name, all->tries);
        all->stuck++;
    }
    all->tries++;
}

static void some(struct disk_faults *all, const struct disk_fault *fault, int64_t tries)
{
    struct testdb test = {.engine = DB_SQLITE, .url = all->url, .dir = all->mount};
    g_assert_true(mount_disk(all->mount));
    db_close(db_open(all->url, DB_CREATE, NULL));
    struct floor *floor = floor_open(&test, "setup");
    packing_prepare(floor, &all->packing, 1);
    floor_close(floor);
    for (int64_t i = 0; i < tries; i++)
        try_one(all, &test, fault);
    floor = floor_open(&test, "after");
    int64_t packed = floor_packed(floor, floor_int(floor, "SELECT id FROM shipment", 0));
    all->lost += packing_missing(floor, all->packing.acked);
    all->acked += all->packing.acked->len;
    if (packed != all->packing.given->len) {
        fprintf(stderr, "%" G_GINT64_FORMAT " units for %u scans\n", packed, all->packing.given->len);
        all->stuck++;
    }
    floor_say(floor);
    floor_close(floor);
    packing_free(&all->packing);
    g_assert_cmpint(umount2(all->mount, MNT_DETACH), ==, 0);
}

static void campaign(const char *mount_point, const struct disk_fault *fault)
{
    struct disk_faults all = {.random = g_rand_new_with_seed(SEED), .mount = g_strdup(mount_point)};
    all.path = g_build_filename(mount_point, "floor.db", NULL);
    all.url = g_strconcat("sqlite:", all.path, NULL);
    all.filler = g_build_filename(mount_point, "filler", NULL);
    int64_t tries = faults_tries(TRIES);
    while (all.tries < tries)
        some(&all, fault, MIN(PER_FLOOR, tries - all.tries));
    g_autofree char *text = g_strdup_printf("%s (%" G_GINT64_FORMAT " scans acknowledged, %" G_GINT64_FORMAT " times refused)",
                                            fault->name, all.acked, all.refused);
    g_autofree char *control = g_strdup_printf("counted when given, not when answered: %" G_GINT64_FORMAT " lost", all.given_lost);
    faults_report(text, all.tries, all.lost, all.stuck, all.given_lost > 0 ? control : NULL);
    g_rand_free(all.random);
    g_free(all.mount), g_free(all.path), g_free(all.url), g_free(all.filler);
}

int main(void)
{
    g_autofree char *mount_point = g_dir_make_tmp("packline-disk-XXXXXX", NULL);
    gboolean may = have_own_mounts() && mount_disk(mount_point) && umount2(mount_point, 0) == 0;
    for (size_t i = 0; i < G_N_ELEMENTS(FAULTS); i++)
        if (may)
            campaign(mount_point, &FAULTS[i]);
        else
            faults_skip(FAULTS[i].name, "only root may mount a disk");
    rmdir(mount_point);
    return faults_end();
}
