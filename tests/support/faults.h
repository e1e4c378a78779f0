/* SPDX-License-Identifier: MIT
 *
 * A campaign of faults (tests/faults/NAME_faults.c, `make faults`): a program that makes one kind of fault again and again,
 * and counts how often acknowledged work was lost and how often somebody could not go on.
 *
 *     int main(void)
 *     {
 *         int64_t tries = faults_tries(500);
 *         ...
 *         faults_report("kill -9 of a station, SQLite", tries, lost, stuck, noticed ? "counted when given: 212 lost" : NULL);
 *         return faults_end();
 *     }
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* How often it is tried: PACKLINE_FAULTS_TRIES where that is set, else what takes a minute or two, PACKLINE_FAULTS_TIMES as
 * often. */
int64_t faults_tries(int64_t minutes);

/* One line of the table on standard output, its columns parted by TABs. The control is the same count on something that is
 * known to be broken, with its figure: what it lost. NULL: it lost nothing, so the campaign would not notice, and fails. */
void faults_report(const char *fault, int64_t tries, int64_t lost, int64_t stuck, const char *control);

/* The same of one that can't be tried here: why. It fails nothing. */
void faults_skip(const char *fault, const char *why);

/* What main() is to return: 1 when anything was lost or stuck in any line so far, or a control did not fail, or nothing was
 * reported at all. */
int faults_end(void);
