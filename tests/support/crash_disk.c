/* SPDX-License-Identifier: MIT */
#include "tests/support/crash_disk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, LOCK_BYTES = 64 };

/* What becomes of the writes to one file that were not synced. */
enum fate { ALL_LOST, ALL_KEPT, KEPT_UP_TO, SOME_LOST, SECTORS_LOST, SECTORS_GARBAGE, REORDERED, FATES };

struct disk_file {
    GByteArray *durable; /* NULL: it is not there */
    GArray *pending;     /* the numbers of the records since its last sync */
};

struct disk {
    const struct recording *recording;
    gboolean honest;
    size_t records;
    GArray *acknowledged;
    struct disk_file files[RECORDED_FILES];
};

/* --- what has happened ------------------------------------------------------------------------------------ */

static GByteArray *copy_of(const GByteArray *bytes)
{
    return bytes ? g_byte_array_append(g_byte_array_sized_new(bytes->len), bytes->data, bytes->len) : NULL;
}

static void set_size(GByteArray *bytes, size_t size)
{
    size_t before = bytes->len;
    g_byte_array_set_size(bytes, (guint)size);
    if (size > before)
        memset(bytes->data + before, 0, size - before);
}

/* A part of a write: what it says, or garbage. */
static void put(GByteArray *bytes, int64_t offset, const guint8 *from, size_t length)
{
    if (bytes->len < (size_t)offset + length)
        set_size(bytes, (size_t)offset + length);
    memcpy(bytes->data + offset, from, length);
}

static const guint8 *bytes_of(const struct disk *disk, const struct record *record)
{
    return disk->recording->bytes->data + record->at;
}

static void apply(const struct disk *disk, GByteArray **bytes, const struct record *record)
{
    if (record->what == RECORD_DELETE) {
        g_clear_pointer(bytes, g_byte_array_unref);
        return;
    }
    if (!*bytes)
        *bytes = g_byte_array_new();
    if (record->what == RECORD_WRITE)
        put(*bytes, record->offset, bytes_of(disk, record), record->length);
    else if (record->what == RECORD_TRUNCATE)
        set_size(*bytes, (size_t)record->offset);
}

static const struct record *pending_at(const struct disk *disk, const struct disk_file *file, guint i)
{
    return recorder_at(disk->recording, g_array_index(file->pending, size_t, i));
}

static void sync_file(const struct disk *disk, struct disk_file *file)
{
    for (guint i = 0; i < file->pending->len; i++)
        apply(disk, &file->durable, pending_at(disk, file, i));
    g_array_set_size(file->pending, 0);
}

struct disk *disk_new(const struct recording *recording, gboolean honest)
{
    struct disk *disk = g_new0(struct disk, 1);
    *disk = (struct disk){recording, honest, 0, g_array_new(FALSE, FALSE, sizeof(int64_t)), {{0}}};
    for (int i = 0; i < RECORDED_FILES; i++)
        disk->files[i] = (struct disk_file){copy_of(recording->before[i]), g_array_new(FALSE, FALSE, sizeof(size_t))};
    return disk;
}

void disk_free(struct disk *disk)
{
    for (int i = 0; i < RECORDED_FILES; i++) {
        g_clear_pointer(&disk->files[i].durable, g_byte_array_unref);
        g_array_unref(disk->files[i].pending);
    }
    g_array_unref(disk->acknowledged);
    g_free(disk);
}

void disk_advance(struct disk *disk, size_t records)
{
    for (; disk->records < MIN(records, disk->recording->records->len); disk->records++) {
        const struct record *record = recorder_at(disk->recording, disk->records);
        struct disk_file *file = &disk->files[record->file];
        if (record->what == RECORD_ACK)
            g_array_append_val(disk->acknowledged, record->offset);
        else if (record->what != RECORD_SYNC && record->what != RECORD_SPENT)
            g_array_append_val(file->pending, disk->records);
        else if (disk->honest)
            sync_file(disk, file);
    }
}

const GArray *disk_acknowledged(const struct disk *disk)
{
    return disk->acknowledged;
}

/* --- the power goes --------------------------------------------------------------------------------------- */

static gboolean chance(GRand *random, int of)
{
    return g_rand_int_range(random, 0, of) == 0;
}

static gboolean is_of_directory(const struct record *record)
{
    return record->what == RECORD_DELETE || record->what == RECORD_CREATE;
}

static void garble(GRand *random, GByteArray *bytes, int64_t offset, size_t length)
{
    guint8 garbage[SECTOR] = {0};
    gboolean zeros = g_rand_boolean(random);
    for (size_t i = 0; !zeros && i < length; i++)
        garbage[i] = (guint8)g_rand_int(random);
    put(bytes, offset, garbage, length);
}

/* A write goes to the disk by sectors, those it covers in part as well: what it does not write of them stays. */
static void apply_sectors(const struct disk *disk, GByteArray **bytes, const struct record *record, enum fate fate, GRand *random)
{
    if (record->what != RECORD_WRITE) {
        if (is_of_directory(record) || g_rand_boolean(random))
            apply(disk, bytes, record);
        return;
    }
    if (!*bytes)
        *bytes = g_byte_array_new();
    int64_t end = record->offset + (int64_t)record->length;
    for (int64_t from = record->offset, to; from < end; from = to) {
        to = MIN(end, (from / SECTOR + 1) * SECTOR);
        if (fate == SECTORS_GARBAGE && chance(random, 3))
            garble(random, *bytes, from, (size_t)(to - from));
        else if (g_rand_boolean(random))
            put(*bytes, from, bytes_of(disk, record) + (from - record->offset), (size_t)(to - from));
    }
}

static void shuffle(GRand *random, guint *order, guint n)
{
    for (guint i = 0; i < n; i++) {
        guint other = (guint)g_rand_int_range(random, 0, (gint32)i + 1);
        order[i] = order[other];
        order[other] = i;
    }
}

/* In which order they reach the disk. What is written to a file made anew is in another file than what was written before. */
static guint *order_of(const struct disk *disk, const struct disk_file *file, enum fate fate, GRand *random)
{
    guint n = file->pending->len, *order = g_new(guint, n + 1);
    gboolean one_file = TRUE;
    for (guint i = 0; i < n; i++) {
        order[i] = i;
        one_file = one_file && !is_of_directory(pending_at(disk, file, i));
    }
    if (fate == REORDERED && one_file)
        shuffle(random, order, n);
    return order;
}

/* One after another, until the power goes: that a file is not there any more, or is there anew, may not have come to the disk,
 * and then nothing has that was written to it since. */
static GByteArray *fated(const struct disk *disk, const struct disk_file *file, enum fate fate, GRand *random)
{
    GByteArray *bytes = copy_of(file->durable);
    guint n = fate == ALL_LOST ? 0 : file->pending->len, torn = n;
    g_autofree guint *order = order_of(disk, file, fate, random);
    if (fate == KEPT_UP_TO && n)
        torn = (guint)g_rand_int_range(random, 0, (gint32)n);
    for (guint i = 0; i < n && i <= torn; i++) {
        const struct record *record = pending_at(disk, file, order[i]);
        if (is_of_directory(record) && fate != ALL_KEPT && g_rand_boolean(random))
            break;
        if (i == torn || fate == SECTORS_LOST || fate == SECTORS_GARBAGE)
            apply_sectors(disk, &bytes, record, fate, random);
        else if (is_of_directory(record) || fate == ALL_KEPT || fate == KEPT_UP_TO || !chance(random, fate == REORDERED ? 4 : 2))
            apply(disk, &bytes, record);
    }
    return bytes;
}

static void write_file(const char *name, const guint8 *bytes, size_t length)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        g_assert_cmpint(written, >, 0);
        bytes += written;
        length -= (size_t)written;
    }
    close(fd);
}

/* What the program keeps beside the database holds nothing that counts after a power loss: it is gone, or is anything. */
static void write_lock_file(const char *path, GRand *random)
{
    guint8 garbage[LOCK_BYTES];
    g_autofree char *name = g_strconcat(path, "-lock", NULL);
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (guint8)g_rand_int(random);
    if (chance(random, 3))
        write_file(name, garbage, sizeof garbage);
    else
        g_unlink(name);
}

void disk_write_image(const struct disk *disk, const char *path, guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    g_autofree char *index = g_strconcat(path, "-shm", NULL);
    g_unlink(index);
    for (int i = 0; i < RECORDED_FILES; i++) {
        g_autofree char *name = g_strconcat(path, RECORDED_SUFFIXES[i], NULL);
        GByteArray *bytes = fated(disk, &disk->files[i], (enum fate)g_rand_int_range(random, 0, FATES), random);
        if (bytes)
            write_file(name, bytes->data, bytes->len);
        else
            g_unlink(name);
        if (bytes)
            g_byte_array_unref(bytes);
    }
    write_lock_file(path, random);
    g_rand_free(random);
}
