/* SPDX-License-Identifier: MIT
 *
 * What a person does at the station, as a request for the store thread: a scan, a typed line, or a command.
 * The event's key is made once and kept through every retry, so a scan whose outcome is unknown is asked
 * again and never done twice.
 */
#pragma once

#include "tui/app/session.h"

struct act {
    struct store_request request; /* first */
    char *scan;                   /* or NULL: the command */
    gboolean skip; /* the scan was on its way when an error came: journalled and counted, not applied */
    enum command command;
    char *argument;
    int64_t key;
    struct answer answer;
    struct station_view *view; /* as it is afterwards */
    gboolean recover;  /* the connection is to be opened anew first */
    int tries;
};

struct act *act_scan(const char *text);
struct act *act_skip(const char *text);
struct act *act_command(enum command command, const char *argument); /* CMD_NONE reads the view and changes nothing */
