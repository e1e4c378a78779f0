/* SPDX-License-Identifier: MIT
 *
 * Measuring for the benches: samples with percentiles, and one table everywhere: what, here, the baseline
 * taken in the same run, their ratio, the mark of the design. A figure without its baseline says nothing on
 * another machine.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Durations in nanoseconds. */
struct samples {
    GArray *ns;
};
void samples_init(struct samples *samples);
void samples_clear(struct samples *samples);
void samples_add(struct samples *samples, int64_t ns);
/* The duration, in milliseconds, that part (0..1) of the samples do not exceed; 0 for none. */
double samples_ms(struct samples *samples, double part);

/* The monotonic clock. */
int64_t measure_now_ns(void);
double measure_seconds_since(int64_t start_ns);

/* What the design asks for; 0 where it asks for nothing. A mark is reached when one of its bounds is: the absolute one
 * holds on a machine like the one it was set on, the multiple of the baseline anywhere. */
struct mark {
    double most, most_ratio, least, least_ratio;
};

/* Prints the head of a table, then a row each, with the mark and whether it is reached. baseline 0: there is none. */
void measure_head(const char *title);
void measure_row(const char *what, double here, double baseline, const char *unit, struct mark mark);
#define NO_MARK ((struct mark){0})

/* Resident memory of a process in KB; CPU time it has used, in ms. 0 when it is gone. */
int64_t measure_resident_kb(int pid);
int64_t measure_cpu_ms(int pid);
