/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_METRICS_PLAIN_H
#define TESTS_SUPPORT_METRICS_PLAIN_H

#include "printing/label/wrap.h"

/* Ideographs one em, the rest by a plain rule; for results that must not hang on a font file. */
const struct metrics *metrics_plain(void);

#endif
