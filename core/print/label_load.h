/* SPDX-License-Identifier: MIT
 *
 * From a print job's ids to what stands on its paper.
 */
#pragma once

#include "core/print/label_data.h"
#include "core/print/submission.h"

/* What the job prints. NULL with *error: ERR_JOB_DATA when what it names is gone, ERR_LABEL_VOID when its waybill is
 * void by now, ERR_LABEL_CHANGED when amount or recipient are not the order's any more. Caller frees. */
struct label *label_load(struct site *site, const struct job *job, GError **error);
