/* SPDX-License-Identifier: MIT */
#pragma once

#include "printing/label/wrap.h"

/* Ideographs one em, the rest by a plain rule; for results that must not hang on a font file. */
const struct metrics *metrics_plain(void);
