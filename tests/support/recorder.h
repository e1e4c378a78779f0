/* SPDX-License-Identifier: MIT
 *
 * Records what SQLite does to the files of one database: every write, truncation, sync, deletion and creation of the database,
 * its log and its journal, in their order, and between them what was acknowledged. It is a VFS on top of SQLite's own that
 * passes everything through; once installed it is what every sqlite3_open() of this process gets. Of one thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum { RECORDED_DB, RECORDED_LOG, RECORDED_JOURNAL, RECORDED_FILES };
extern const char *const RECORDED_SUFFIXES[RECORDED_FILES]; /* "", "-wal", "-journal" */

enum recorded { RECORD_WRITE, RECORD_TRUNCATE, RECORD_SYNC, RECORD_DELETE, RECORD_CREATE, RECORD_ACK, RECORD_SPENT };

struct record {
    enum recorded what;
    int file;
    int64_t offset; /* of a write; of a truncation the size, of an acknowledgement the key */
    size_t length;  /* of a write */
    size_t at;      /* its bytes in recording.bytes */
};

struct recording {
    char *path;
    GByteArray *before[RECORDED_FILES]; /* what was there when it began, taken for durable; NULL: no file */
    GArray *records;                    /* struct record */
    GByteArray *bytes;
};

/* Begins with what lies there; the database should not be open. There is one at a time. */
struct recording *recorder_begin(const char *path);
void recorder_acknowledged(int64_t key);
/* Nothing more is recorded. To be freed with recorder_free(). */
void recorder_end(void);
void recorder_free(struct recording *recording);

static inline const struct record *recorder_at(const struct recording *recording, size_t i)
{
    return &g_array_index(recording->records, struct record, i);
}
