/* SPDX-License-Identifier: MIT
 *
 * The floor under a floor step: records the statements the program runs, with their arguments, and runs the
 * same ones again over another copy of the database through nothing but the engine's own library, each
 * prepared once.
 */
#pragma once

#include <glib.h>

struct db;
struct recording;

/* Everything db does from here on is recorded, until recording_stop(). One at a time. */
struct recording *recording_start(struct db *db);
void recording_stop(struct recording *recording);
void recording_free(struct recording *recording);

/* Statements and transactions recorded. */
guint recording_statements(const struct recording *recording);
guint recording_transactions(const struct recording *recording);

/* Calls fn with the name of every statement as it was run, in order; and with every text, each once. */
void recording_names(const struct recording *recording, void (*fn)(const char *name, void *data), void *data);
void recording_texts(const struct recording *recording, void (*fn)(const char *text, void *data), void *data);

/* Runs the recording over a database (URL as for db_open(), already prepared), a part at a time, so that it
 * can take turns with what it is compared to. NULL, or seconds below 0, when it failed. */
struct replay;
struct replay *replay_open(const struct recording *recording, const char *url);
double replay_part(struct replay *replay, int part, int parts);
/* Closes it and prints the statements that took most of its time. */
void replay_close(struct replay *replay);
