/* SPDX-License-Identifier: MIT
 *
 * Labels of invented people and goods: for previews, the test page, tests and the bench.
 */
#pragma once

#include "core/print/label_data.h"

/* The n-th sample of a kind; the same n gives the same label. Caller frees with label_free(). */
struct label *sample_label(enum label_kind kind, int n);
