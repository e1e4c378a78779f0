/* SPDX-License-Identifier: MIT
 *
 * Starting print runs from a list; the print room shows them.
 */
#pragma once

#include "tui/app/screen.h"

/* One run a filter ("batch=B0142", "courier=hct shop=shopee"), in their order; NULL-terminated, taken over. What is
 * left out of them is told. */
struct request run_task_request(char **filters);
