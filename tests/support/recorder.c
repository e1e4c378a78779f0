/* SPDX-License-Identifier: MIT */
#include "tests/support/recorder.h"

#include <sqlite3.h>
#include <string.h>

const char *const RECORDED_SUFFIXES[RECORDED_FILES] = {"", "-wal", "-journal"};

enum { OTHER_FILE = -1, NO_FETCH = 2 }; /* version 2 of the methods: nothing is written past them through mapped memory */

struct shim_file {
    sqlite3_file base;
    int file;
    sqlite3_file *real; /* behind this in the same memory */
};

static sqlite3_vfs shim, *real_vfs;
static struct recording *current;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct shim_file *)(void *)file)->real;
}

/* --- notes ------------------------------------------------------------------------------------------------ */

static int file_of(const char *name)
{
    size_t length = current && name ? strlen(current->path) : 0;
    for (int i = 0; length && i < RECORDED_FILES; i++)
        if (strncmp(name, current->path, length) == 0 && strcmp(name + length, RECORDED_SUFFIXES[i]) == 0)
            return i;
    return OTHER_FILE;
}

static void note(struct record record, const void *bytes)
{
    if (!current || record.file == OTHER_FILE)
        return;
    record.at = current->bytes->len;
    if (bytes)
        g_byte_array_append(current->bytes, bytes, (guint)record.length);
    g_array_append_val(current->records, record);
}

static void note_of(sqlite3_file *file, enum recorded what, int64_t offset, const void *bytes, int length)
{
    note((struct record){what, ((struct shim_file *)(void *)file)->file, offset, (size_t)length, 0}, bytes);
}

/* --- methods: what has succeeded is noted ------------------------------------------------------------------ */

static int do_close(sqlite3_file *file)
{
    return real_of(file)->pMethods ? real_of(file)->pMethods->xClose(real_of(file)) : SQLITE_OK;
}

static int do_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

static int do_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    int rc = real_of(file)->pMethods->xWrite(real_of(file), bytes, length, offset);
    if (rc == SQLITE_OK)
        note_of(file, RECORD_WRITE, offset, bytes, length);
    return rc;
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = real_of(file)->pMethods->xTruncate(real_of(file), size);
    if (rc == SQLITE_OK)
        note_of(file, RECORD_TRUNCATE, size, NULL, 0);
    return rc;
}

static int do_sync(sqlite3_file *file, int flags)
{
    int rc = real_of(file)->pMethods->xSync(real_of(file), flags);
    if (rc == SQLITE_OK)
        note_of(file, RECORD_SYNC, 0, NULL, 0);
    return rc;
}

static int do_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int do_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int do_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int do_check_reserved(sqlite3_file *file, int *taken)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), taken);
}

static int do_control(sqlite3_file *file, int what, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, arg);
}

static int do_sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int do_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}

static int do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int do_shm_unmap(sqlite3_file *file, int is_deleted)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), is_deleted);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = NO_FETCH,
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = do_write,
    .xTruncate = do_truncate,
    .xSync = do_sync,
    .xFileSize = do_file_size,
    .xLock = do_lock,
    .xUnlock = do_unlock,
    .xCheckReservedLock = do_check_reserved,
    .xFileControl = do_control,
    .xSectorSize = do_sector_size,
    .xDeviceCharacteristics = do_characteristics,
    .xShmMap = do_shm_map,
    .xShmLock = do_shm_lock,
    .xShmBarrier = do_shm_barrier,
    .xShmUnmap = do_shm_unmap,
};

static int do_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
    struct shim_file *opened = (struct shim_file *)(void *)file;
    (void)vfs;
    *opened = (struct shim_file){.file = file_of(name), .real = (sqlite3_file *)(void *)(opened + 1)};
    gboolean is_new = opened->file != OTHER_FILE && !g_file_test(name, G_FILE_TEST_EXISTS);
    int rc = real_vfs->xOpen(real_vfs, name, opened->real, flags, out_flags);
    if (opened->real->pMethods)
        file->pMethods = &METHODS;
    if (rc == SQLITE_OK && is_new)
        note_of(file, RECORD_CREATE, 0, NULL, 0);
    return rc;
}

static int do_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void)vfs;
    int rc = real_vfs->xDelete(real_vfs, name, sync_dir);
    if (rc == SQLITE_OK)
        note((struct record){.what = RECORD_DELETE, .file = file_of(name)}, NULL);
    return rc;
}

static void install(void)
{
    if (real_vfs)
        return;
    real_vfs = sqlite3_vfs_find(NULL);
    shim = *real_vfs;
    shim.zName = "recorder";
    shim.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim.pNext = NULL;
    shim.xOpen = do_open;
    shim.xDelete = do_delete;
    g_assert_cmpint(sqlite3_vfs_register(&shim, 1), ==, SQLITE_OK);
}

/* --- recordings -------------------------------------------------------------------------------------------- */

struct recording *recorder_begin(const char *path)
{
    g_assert_null(current);
    install();
    current = g_new0(struct recording, 1);
    current->path = g_strdup(path);
    current->records = g_array_new(FALSE, FALSE, sizeof(struct record));
    current->bytes = g_byte_array_new();
    for (int i = 0; i < RECORDED_FILES; i++) {
        g_autofree char *name = g_strconcat(path, RECORDED_SUFFIXES[i], NULL);
        char *bytes = NULL;
        gsize length = 0;
        if (g_file_get_contents(name, &bytes, &length, NULL))
            current->before[i] = g_byte_array_new_take((guint8 *)bytes, length);
    }
    return current;
}

void recorder_acknowledged(int64_t key)
{
    note((struct record){.what = RECORD_ACK, .offset = key}, NULL);
}

void recorder_end(void)
{
    current = NULL;
}

void recorder_free(struct recording *recording)
{
    for (int i = 0; i < RECORDED_FILES; i++)
        if (recording->before[i])
            g_byte_array_unref(recording->before[i]);
    g_array_unref(recording->records);
    g_byte_array_unref(recording->bytes);
    g_free(recording->path);
    g_free(recording);
}
