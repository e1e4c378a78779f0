/* SPDX-License-Identifier: MIT
 *
 * The transition tables for people: as text in their language, and as a graph for graphviz.
 */
#pragma once

#include <glib.h>

/* A paragraph a machine: event: from -> to; what stops it; who may. Caller frees. */
char *flow_chart_text(void);

/* A cluster a machine, with the names that are stored; events that change no state are left out. Caller frees. */
char *flow_chart_dot(void);
