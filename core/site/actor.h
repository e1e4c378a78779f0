/* SPDX-License-Identifier: MIT
 *
 * Who does an act, and where.
 */
#pragma once

#include <stdint.h>

struct actor {
    int64_t person_id;
    int64_t station_id;  /* 0: none (import, worker, command line) */
    int64_t approver_id; /* a lead who approved this single act with badge and PIN; 0: nobody */
};
