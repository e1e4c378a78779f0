/* SPDX-License-Identifier: MIT
 *
 * What is wrong with this machine or this database, as far as core can tell: settings, key file, database
 * engine and its settings, disk, clock, couriers, number ranges. Looks only; never writes.
 */
#ifndef CORE_CHECK_DOCTOR_H
#define CORE_CHECK_DOCTOR_H

#include "core/check/finding.h"

void doctor_settings(struct findings *findings);
void doctor_database(struct findings *findings, const char *url);
void doctor_disk(struct findings *findings, const char *url);
void doctor_couriers(struct findings *findings);

#endif
