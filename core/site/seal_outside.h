/* SPDX-License-Identifier: MIT
 *
 * The daily seals in a second place, which who may write the database can't reach: the setting seal_to names syslog, which
 * passes them on to another host where it is set up to, or a file, which is best on another host's disk. One line a seal:
 *
 *     packline-seal floor=MARK day=YYYYMMDD hash=HEX
 *
 * A seal that is there and not in the database says that a tail was cut off with all it did, or that history was made anew.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/site/journal_key.h"

struct site;

/* Sends the seals that were not sent yet. What was sent and not noted, because the program died, is sent again. TRUE as well when
 * there is nothing to send. ERR_SEAL_TO: the place does not take them. */
gboolean seal_send(struct site *site, GError **error);

/* Whether the place could be used; nothing is sent. */
gboolean seal_place_check(const char *place, GError **error);

/* A line of such a file, whatever stands before the words: FALSE when it is none. */
struct seal_line {
    char mark[JOURNAL_MARK];
    int64_t day;
    unsigned char hash[JOURNAL_KEY_BYTES];
};
gboolean seal_line_parse(const char *text, struct seal_line *line);
