/* SPDX-License-Identifier: MIT
 *
 * From a print job's ids to what stands on its paper.
 */
#pragma once

#include "core/print/label_data.h"
#include "core/print/submission.h"

/* What jobs (struct job; they are the caller's, and stay) print: their waybills and slips are asked for together, two or three
 * questions for a whole submission. */
struct labels;
struct labels *labels_load(struct site *site, const GArray *jobs, GError **error);
void labels_free(struct labels *labels);
DEFINE_AUTOPTR(labels, labels_free)

/* What the i-th job prints, once. NULL with *error: ERR_JOB_DATA when what it names is gone, ERR_LABEL_VOID when its waybill is
 * void by now, ERR_LABEL_CHANGED when amount or recipient are not the order's any more. Caller frees. */
struct label *labels_take(struct labels *labels, guint i, GError **error);

/* The same of one job by itself. */
struct label *label_load(struct site *site, const struct job *job, GError **error);
