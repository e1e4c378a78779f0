/* SPDX-License-Identifier: MIT
 *
 * core/site: who writes.
 *
 * The site: everything the domain works with, handed down by pointer. One struct site belongs to one thread and one
 * database connection, and is one writer: it holds a writer slot, whose number is in the ids it makes and whose row
 * carries its journal chain.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/site/writer.h"

struct courier_list;
struct db;

/* As what a site is open. */
enum site_as {
    SITE_PROGRAM, /* a command, a worker: there may be several of a name */
    SITE_STATION, /* the newest of a name shuts out those before it */
    SITE_CLOCK,   /* to say that the clock is right: it is not looked at (site_clock.h) */
    SITE_RESCUE   /* an administrator: gets a writer slot when all are held, too */
};
#define SITE_STATION_PREFIX "station " /* of a station's writer name */

struct site {
    enum site_as as;
    struct db *db;             /* owned */
    char *url, *writer_name;   /* owned */
    const struct clock *clock; /* borrowed */
    struct id_source ids;
    struct writer writer;
    struct courier_list *couriers; /* owned */
    int64_t warehouse_id;
    int64_t owner_id;
    int64_t system_person_id; /* who acts when a rule does: import, worker */
    /* Where goods come from, go to and are lost, and the packing bench. */
    int64_t supplier_id, customer_id, loss_id, bench_id;
    gboolean is_demo;
    int64_t copy_of_at; /* it is a copy of a floor as that was at this instant, UTC ms; 0: it is the floor */
    guint violations; /* of the invariants, found by the quick look at start: an alert */
    char *warehouse_name; /* owned */
    GTimeZone *zone;      /* the warehouse's; owned */
    GHashTable *settings; /* name -> value text of table setting; owned */
    int64_t sealed_on;      /* YYYYMMDD of the last day that is known to be sealed */
    gboolean history_begun; /* what history_begin() found */
    GArray *said;           /* rows that were written and are not sealed yet: said_note(); owned, NULL: none */
    gpointer kept;        /* what the flow keeps between events, and how it is freed: site_keep() */
    GDestroyNotify kept_free;
};

/* Opens the database, finds the warehouse and the owner, and claims a writer slot under the name ("worker HOST",
 * "import"; of a station its own, "bench-3"). clock NULL: the system's. NULL with *error on failure. site_open() opens it
 * for a program. */
struct site *site_open(const char *url, const char *writer_name, const struct clock *clock, GError **error);
struct site *site_open_as(enum site_as as, const char *url, const char *name, const struct clock *clock,
                          GError **error);
void site_close(struct site *site);

/* Gives up a lost connection and opens it anew, with a fresh writer slot. */
gboolean site_reconnect(struct site *site, GError **error);

static inline int64_t site_id(struct site *site)
{
    return id_next(&site->ids);
}
static inline int64_t site_now(const struct site *site)
{
    return clock_now(site->clock);
}

/* Keeps something with the site until other is kept, NULL for nothing, or the site is closed or connected anew. */
void site_keep(struct site *site, gpointer kept, GDestroyNotify kept_free);

/* SQL: the version of what managers set in a warehouse, which every record of theirs moves (record.h). */
#define FACTS_OF(warehouse) "COALESCE((SELECT value FROM counter WHERE warehouse_id = " warehouse " AND name = 'facts'), 0)"

/* A site setting from table setting, or fallback. */
int64_t site_setting_int(const struct site *site, const char *name, int64_t fallback);

/* Before anything leaves the house, on paper or in a file: FALSE with ERR_COPY_ONLY on a copy. */
gboolean site_is_floor(const struct site *site, GError **error);

/* SQL: copy_of_at of a warehouse. */
#define COPY_OF(warehouse) "COALESCE((SELECT value FROM counter WHERE warehouse_id = " warehouse " AND name = 'copy'), 0)"

/* SQL: when the last good backup of a warehouse was made, UTC ms, 0: never; and since when there is something to back up. Before
 * which instant the first is too old when it may be so many hours old: 0, at which nothing is, for 0 hours. */
#define BACKUP_OF(warehouse) "COALESCE((SELECT value FROM counter WHERE warehouse_id = " warehouse " AND name = 'backup'), 0)"
#define BACKUP_SINCE "(SELECT MIN(applied_utc_ms) FROM schema_version)"
static inline int64_t backup_limit(int64_t now_utc_ms, int64_t hours)
{
    return hours ? now_utc_ms - hours * INT64_C(3600000) : 0;
}

/* A location by kind and code, made when missing and create is TRUE. 0 when there is none; -1 with *error. */
int64_t site_location(struct site *site, const char *kind, const char *code, gboolean create, GError **error);

/* Finds the places that every site has, supplier_id to bench_id; made when missing and create is TRUE. 1 all
 * are there, 0 one is missing, -1 failed. */
int site_outer_places(struct site *site, gboolean create, GError **error);
