/* SPDX-License-Identifier: MIT
 *
 * core/print: the outbox of the printers.
 *
 * The print-job outbox as the worker and the people who answer for it see it. A job is one label; a
 * submission is one job of a printer's queue and holds many labels by page. Both move by flow events only: the
 * submission's own leads, its jobs' go with it in one transaction, and when it is refused theirs are not asked. What has
 * ended stays as it ended: said again, or late, it changes nothing, and is no error. Its life stands in
 * core/flow/submission.c.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/flow/flow.h"

struct printer_row;
struct site;

struct job {
    int64_t id, waybill_id, shipment_id, batch_id, manifest_id, person_id, run_id, run_sequence, copy, page;
    int64_t printer_id;
    enum state state;
    char kind[16];
};

struct submission {
    int64_t id, printer_id, cups_id, pages, changed_at;
    char uuid[40], cups_uuid[64];
    char state[16]; /* "submitting" or "submitted" */
};

/* --- what is to be done --------------------------------------------------------------------------------- */

/* What comes next on a printer: one bench print (with the slip of its waybill), or as many labels of one running run as
 * the run puts into a submission. Empty when nothing waits. Of struct job; NULL with *error. */
GArray *jobs_next(struct site *site, int64_t printer_id, GError **error);

/* Whether any job waits for a printer of this host. 1, 0, -1 failed. */
int jobs_waiting(struct site *site, const char *host, GError **error);

/* The open submissions of a printer, oldest first. Of struct submission; NULL with *error. */
GArray *submissions_open(struct site *site, int64_t printer_id, GError **error);

/* The jobs of a submission by page. Of struct job; NULL with *error. */
GArray *submission_jobs(struct site *site, int64_t submission_id, GError **error);

/* --- the worker's steps --------------------------------------------------------------------------------- */

/* A new submission with a uuid, and the jobs claimed for it, whose page is set. *made is FALSE, and nothing is claimed, when
 * the printer is not of that host and address any more, or was removed: whose it is now sends its labels. *all is FALSE when
 * a job was taken away meanwhile (then take the submission back). ERR_COPY_ONLY on a copy of a floor. */
gboolean submission_make(struct site *site, const struct printer_row *printer, const GArray *jobs,
                         struct submission *submission, gboolean *made, gboolean *all, GError **error);

/* From here on it may have been sent. *sealed is FALSE when another worker is taking it back: the printer went to its host,
 * and so did the labels. */
gboolean submission_seal(struct site *site, struct submission *submission, int64_t pages, gboolean *sealed,
                         GError **error);

/* The queue has it, and calls it by cups_id and cups_uuid. Said again while the queue has it, it waits anew from now. */
gboolean submission_sent(struct site *site, struct submission *submission, GError **error);

enum fate { FATE_PRINTED, FATE_FAILED /* it never reached the printer */, FATE_UNKNOWN };

/* The end: jobs on the first pages_done pages are printed, the others have the fate. text: English, no
 * personal data. What came out is taken off the printer's roll, once. */
gboolean submission_settle(struct site *site, const struct submission *submission, int64_t pages_done,
                           enum fate rest, const char *text, GError **error);

/* Never sent for sure: its jobs wait again, on printer_id (0: where they were). One that is not sealed is left alone when
 * whose it is has sealed it meanwhile. */
gboolean submission_take_back(struct site *site, const struct submission *submission, int64_t printer_id,
                              const char *text, GError **error);

/* Jobs of a printer that were never submitted go to another. At most a few hundred a call; *moved says how many. */
gboolean jobs_move(struct site *site, int64_t from_printer_id, int64_t to_printer_id, int *moved, GError **error);

/* A job that can't be made into paper at all. */
gboolean job_fail(struct site *site, const struct job *job, const char *text, GError **error);

/* --- people's part -------------------------------------------------------------------------------------- */

struct unsure {
    int64_t job_id, changed_at, copy;
    enum state state; /* ST_UNKNOWN or ST_FAILED */
    char kind[16], printer[64], number[64], order[72], text[200], batch[32];
};

/* Labels nobody is sure of, then those that failed, newest last, at most limit. What was dropped with its run wants no
 * answer and is not among them. Of struct unsure; NULL with *error. */
GArray *jobs_unsure(struct site *site, int64_t limit, GError **error);

/* Queues a failed job again, on another printer when printer_id is given. */
gboolean job_retry(struct site *site, const struct actor *by, int64_t job_id, int64_t printer_id, GError **error);

/* "printed" or "not-printed". */
gboolean job_answer(struct site *site, const struct actor *by, int64_t job_id, const char *answer, GError **error);

/* 1 found, 0 none, -1 failed. */
int job_load(struct site *site, int64_t job_id, struct job *job, GError **error);
