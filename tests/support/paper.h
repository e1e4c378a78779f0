/* SPDX-License-Identifier: MIT
 *
 * What came out of a printer, for tests: PDFs in a directory, rasterised and read by others; and the worker
 * as a process.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct floor;
struct submission;

/* The PDFs of a directory, by name; full paths. Free with g_ptr_array_unref(). */
GPtrArray *paper_files(const char *dir);

/* Every page of every PDF in a directory: how often each barcode text was read from the paper, text -> count
 * (GUINT_TO_POINTER). Free with g_hash_table_unref(). */
GHashTable *paper_read(const char *dir);
guint paper_count(GHashTable *read, const char *text);

/* What a program writes to its standard output. It must end with 0 if must is TRUE. Caller frees. */
char *paper_program(const char *const *argv, gboolean must);

/* Work for a printer: plenty of red mugs in a bin; the n-th order of one, released, or packed as well. Return the
 * shipment. */
void paper_stock(struct floor *floor);
int64_t paper_released(struct floor *floor, int n);
int64_t paper_packed(struct floor *floor, int n);

/* How many jobs are in one of the states: "printed", or "queued submitting". */
int64_t paper_jobs(struct floor *floor, const char *states);

/* Makes label-1 (or whatever its name) print there; backup may be NULL. */
void paper_printer(struct floor *floor, const char *name, const char *uri, const char *backup);

/* Claims what waits on label-1 as a worker does that puts a submission together, and stops there. Returns its pages. */
int64_t paper_claimed(struct floor *floor, struct submission *submission);

/* The same, by a worker that was about to send it. Returns the name that the
 * printer would have got. Caller frees. */
char *paper_sealed(struct floor *floor);

/* Starts "packline-print work" on a database with more arguments (NULL-terminated, may be NULL). It ends with the test at
 * the latest. */
GPid paper_worker(const char *url, const char *const *more);

/* Waits for it to end, and returns its exit code; -1 when a signal ended it. */
int paper_worker_wait(GPid pid);

/* Waits until fn(data) is true; FALSE when it was not for minutes, on whatever machine. */
gboolean paper_wait(gboolean (*fn)(void *data), void *data);
