/* SPDX-License-Identifier: MIT
 *
 * What the screens of work have in common: the keys that are station commands, and pieces of the station's view.
 */
#pragma once

#include "tui/app/screen.h"

/* Actions of work screens are the station's commands. */
enum { ACT_COMMAND = 1000 };

/* handle() of a screen whose actions are ACT_COMMAND + enum command; Esc leaves the work where it is. */
struct request work_handle(struct place *place, const struct happening *happening);

/* Gives the station a typed line of at most so many digits with that command; REQUEST_NONE for anything else. */
struct request work_number(const char *text, gboolean typed, size_t most, enum command command);

const char *work_prompt(const struct place *place);

/* "12 min", "-12 min", "3 h 05": how long until a cut-off, and its ink. Buffer must hold 24 bytes. */
enum ink work_until(int64_t at_utc_ms, int64_t now_utc_ms, char buffer[static 24]);

/* Cells of lists: how long until a cut-off, the time of day (of an int64_t; "-" where there is none); an enum state; a
 * bar with "done/of" behind it. */
void work_until_cell(const void *at_utc_ms, struct list_cell *cell);
void work_clock_cell(const void *at_utc_ms, struct list_cell *cell);
void work_state_cell(const void *state, struct list_cell *cell);
void work_bar_cell(int64_t done, int64_t of, int bar_cols, struct list_cell *cell);

/* Where an alert leads, NULL: nowhere. */
struct request work_go_alert(const GArray *alerts, int n);

/* No work is open: what the screen is for, and what opens some. */
void work_draw_idle(struct canvas *canvas, struct rect body, const char *title, const char *hint);

/* A large window: figures are twice as high, lines stand apart. */
gboolean work_is_roomy(const struct canvas *canvas);

/* Big figures in the middle of some columns, as large as the window and the columns allow. Returns the rows. */
int work_draw_digits(struct canvas *canvas, struct rect rect, unsigned ink, const char *digits);

/* The order, its recipient, tote and slot; courier and cut-off at the right. Two rows and a rule. */
void work_draw_head(const struct place *place, struct canvas *canvas, struct rect rect);

/* The lines of the shipment with their counts, the current one always in sight. */
void work_draw_lines(const struct station_view *view, struct canvas *canvas, struct rect rect);

/* to scan / scanned / difference, courier, cash on delivery. One row. */
void work_draw_counters(const struct station_view *view, struct canvas *canvas, int row);

/* What stops the shipment, across the screen. Returns the rows: 0 where nothing does. */
int work_draw_stopped(const struct station_view *view, struct canvas *canvas, int row);

/* Wrapped text in a rect; returns the rows used. */
int work_draw_note(struct canvas *canvas, struct rect rect, unsigned ink, const char *label, const char *text);

/* The line being worked, NULL when none is. */
const struct station_line *work_current(const struct station_view *view);
