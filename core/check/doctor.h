/* SPDX-License-Identifier: MIT
 *
 * What is wrong with this machine or this database, as far as core can tell: settings, key file, database engine and its
 * settings, disk, clock, couriers, number ranges. Looks only; never writes.
 */
#pragma once

#include "core/check/finding.h"

void doctor_settings(struct findings *findings);
void doctor_database(struct findings *findings, const char *url);
void doctor_disk(struct findings *findings, const char *url);
void doctor_couriers(struct findings *findings);
void doctor_shops(struct findings *findings);

/* The active printers of a database, for packline-print's part: called with each. FALSE when they can't be read,
 * which doctor_database() says why. */
struct doctor_printer {
    const char *name, *uri, *host, *state, *state_text;
};
typedef void (*doctor_printer_visit)(const struct doctor_printer *printer, void *data);
gboolean doctor_printers(const char *url, doctor_printer_visit fn, void *data);
