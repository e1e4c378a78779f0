/* SPDX-License-Identifier: MIT
 *
 * What somebody should look at: one table of kinds, each with its query and its words.
 * Every query is answered by an index or a small table, never by going through the orders.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

enum alert_kind {
    ALERT_BOOKS,     /* the quick look at start found invariants broken (site.violations) */
    ALERT_LATE,      /* orders past their cut-off */
    ALERT_PRINTER,   /* a printer is not well */
    ALERT_WORKER,    /* labels wait and no worker looks after their printer */
    ALERT_UNSURE,    /* labels nobody is sure of */
    ALERT_FAILED,    /* labels that could not be printed */
    ALERT_RANGE,     /* few waybill numbers left */
    ALERT_WRITERS,   /* half of the writer slots are held */
    ALERT_BACKUP,    /* the last good backup is too old, or there never was one */
    ALERT_SEAL,      /* a daily seal did not get to its second place */
    ALERT_FORGET,    /* names are kept longer than the setting says */
    ALERT_LOGIN,     /* wrong PINs have locked somebody out, a day ago at most */
    ALERT_SAFETY,    /* stock under its safety stock */
    ALERT_SALES,     /* stock under its share of expected sales */
    ALERT_EXPIRY,    /* a lot expires soon, or has */
    ALERT_UNMAPPED,  /* listings that lead to no product */
    ALERT_COUNT_BIN, /* bins to be counted */
    ALERT_SILENCE,   /* no import from a shop for too long */
    ALERT_STOPPED,   /* an act that died half-way waits to be finished */
    ALERT_FINISHED,  /* one was finished, a day ago at most */
    ALERT_KINDS
};

struct alert {
    enum alert_kind kind;
    char text[400];    /* in words, translated */
    char argument[80];  /* what it is about: a SKU, "late", a printer's name */
};

/* So many of a kind are in sight on the screens, and counted there. */
enum { ALERTS_EACH = 5 };

/* The alerts of now, most urgent kind first, at most per_kind of each. An array of struct alert, to be freed
 * with g_array_unref(). NULL with *error on failure. */
GArray *alerts_load(struct site *site, guint per_kind, GError **error);

const char *alert_kind_name(enum alert_kind kind); /* "late" */
