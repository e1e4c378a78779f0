/* SPDX-License-Identifier: MIT */
#include "core/site/site.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/site/seal.h"

/* A slot is a lease: a program that was killed leaves it held until then. Taking it from a program that still lives is
 * safe: the loser's next event finds another holder in the row and claims anew. */
enum { LEASE_HOURS = 12, CLAIM_TRIES = 50, FENCED_MS = 60000 /* no id of its last holder is younger */ };

enum {
    WAREHOUSE_FIRST,
    OWNER_FIRST,
    SYSTEM_PERSON,
    SETTINGS_ALL,
    SLOT_EXPIRED,
    SLOT_HIGHEST,
    SLOT_INSERT,
    SLOT_TAKE,
    SLOT_RELEASE,
    SLOT_FENCE,
    WAREHOUSE_INSERT,
    OWNER_INSERT,
    PERSON_INSERT,
    COUNTER_NEXT,
    LOCATION_FIND,
    LOCATION_INSERT
};

static const struct sql SQL[] = {
    [WAREHOUSE_FIRST] = {"site_warehouse",
                         "SELECT id, time_zone, is_demo FROM warehouse WHERE active = 1 ORDER BY id LIMIT 1"},
    [OWNER_FIRST] = {"site_owner", "SELECT id FROM owner WHERE active = 1 ORDER BY id LIMIT 1"},
    [SYSTEM_PERSON] = {"site_system_person",
                       "SELECT id FROM person WHERE warehouse_id = $1 AND role = 'system' ORDER BY id LIMIT 1"},
    [SETTINGS_ALL] = {"site_settings", "SELECT name, value FROM setting WHERE warehouse_id = $1"},
    [SLOT_EXPIRED] = {"writer_slot_expired",
                      "SELECT slot FROM writer WHERE lease_until_at < $1 ORDER BY slot LIMIT 1 {skip_locked}"},
    [SLOT_HIGHEST] = {"writer_slot_highest", "SELECT COALESCE(MAX(slot), -1) FROM writer"},
    [SLOT_INSERT] = {"writer_insert",
                     "INSERT INTO writer (slot, name, holder, lease_until_at, sequence, head) "
                     "VALUES ($1, '', '', 0, 0, $2) ON CONFLICT (slot) DO NOTHING"},
    [SLOT_TAKE] = {"writer_take",
                   "UPDATE writer SET name = $2, holder = $3, lease_until_at = $4 "
                   "WHERE slot = $1 AND lease_until_at < $5 RETURNING sequence, head"},
    [SLOT_RELEASE] = {"writer_release", "UPDATE writer SET lease_until_at = $3 WHERE slot = $1 AND holder = $2"},
    [SLOT_FENCE] = {"writer_fence",
                    "UPDATE writer SET holder = '', lease_until_at = CASE WHEN lease_until_at > $3 THEN $3 "
                    "ELSE lease_until_at END WHERE name = $1 AND slot <> $2 AND holder <> ''"},
    [WAREHOUSE_INSERT] = {"warehouse_insert",
                          "INSERT INTO warehouse (id, code, name, time_zone, is_demo) VALUES ($1, $2, $3, $4, $5)"},
    [OWNER_INSERT] = {"owner_insert", "INSERT INTO owner (id, code, name, sender_name) VALUES ($1, $2, $3, $3)"},
    [PERSON_INSERT] = {"person_insert_system",
                       "INSERT INTO person (id, warehouse_id, badge, name, role) VALUES ($1, $2, 'system', 'packline', "
                       "'system')"},
    [COUNTER_NEXT] = {"counter_next",
                      "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, $2, 1) "
                      "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value"},
    [LOCATION_FIND] = {"location_find",
                       "SELECT id FROM location WHERE warehouse_id = $1 AND kind = $2 AND code = $3"},
    [LOCATION_INSERT] = {"location_insert",
                         "INSERT INTO location (id, warehouse_id, kind, code) VALUES ($1, $2, $3, $4) "
                         "ON CONFLICT (warehouse_id, kind, code) DO NOTHING"},
};

int64_t site_now(const struct site *site)
{
    return clock_now(site->clock);
}

int64_t site_setting_int(const struct site *site, const char *name, int64_t fallback)
{
    const char *value = site->settings ? g_hash_table_lookup(site->settings, name) : NULL;
    return value ? g_ascii_strtoll(value, NULL, 10) : fallback;
}

/* --- the writer slot ------------------------------------------------------------------------------------ */

static gboolean slot_take(struct site *site, int slot, gboolean *taken, GError **error)
{
    int64_t now = site_now(site);
    struct rows *rows =
        db_query(site->db, &SQL[SLOT_TAKE],
                 DB_ARGS(db_int(slot), db_text(site->writer_name), db_text(site->writer.holder),
                         db_int(now + LEASE_HOURS * INT64_C(3600000)), db_int(now)),
                 error);
    if (!rows)
        return FALSE;
    int found = rows_next(rows, error);
    if (found > 0) {
        size_t length = 0;
        const void *head = rows_blob(rows, 1, &length);
        site->writer.slot = slot;
        site->writer.sequence = rows_int(rows, 0);
        memset(site->writer.head, 0, SITE_HASH_BYTES);
        if (head)
            memcpy(site->writer.head, head, MIN(length, SITE_HASH_BYTES));
        *taken = TRUE;
        rows_close(rows);
    }
    return found >= 0;
}

static gboolean slot_claim(struct db *db, void *data, GError **error)
{
    struct site *site = data;
    static const unsigned char zero[SITE_HASH_BYTES];
    int64_t slot = -1;
    gboolean taken = FALSE;
    struct rows *rows = db_claim(db, &SQL[SLOT_EXPIRED], DB_ARGS(db_int(site_now(site))), error);
    if (!rows)
        return FALSE;
    int found = rows_next(rows, error);
    if (found < 0)
        return FALSE;
    if (found) {
        slot = rows_int(rows, 0);
        rows_close(rows);
    } else {
        if (db_get_ints(db, &SQL[SLOT_HIGHEST], DB_NO_ARGS, &slot, 1, error) < 0)
            return FALSE;
        slot++;
        if (slot >= ID_WRITERS) {
            err_set(error, ERR_INTERNAL, "all 1024 writer slots are held");
            return FALSE;
        }
        if (!db_exec(db, &SQL[SLOT_INSERT], DB_ARGS(db_int(slot), db_blob(zero, sizeof zero)), NULL, error))
            return FALSE;
    }
    if (!slot_take(site, (int)slot, &taken, error))
        return FALSE;
    if (!taken)
        err_set(error, ERR_DB_SERIALIZE);
    return taken;
}

/* The slot is free for others from the millisecond after the last id made with it: the next holder's ids begin there. */
static void slot_release(struct site *site)
{
    int64_t free_from = MAX(site_now(site), id_time(site_id(site)));
    db_exec(site->db, &SQL[SLOT_RELEASE],
            DB_ARGS(db_int(site->writer.slot), db_text(site->writer.holder), db_int(free_from)), NULL, NULL);
}

static gboolean writer_claim(struct site *site, GError **error)
{
    g_free(site->writer.holder);
    site->writer.holder = g_strdup_printf("%s:%d:%08x", g_get_host_name(), (int)getpid(), g_random_int());
    GError *cause = NULL;
    for (int tries = 0; !db_transaction(site->db, slot_claim, site, &cause); tries++) {
        if (tries == CLAIM_TRIES || err_code(cause) != ERR_DB_SERIALIZE) {
            g_propagate_error(error, cause);
            return FALSE;
        }
        g_clear_error(&cause); /* another program took the same slot in the same moment */
    }
    id_source_init(&site->ids, site->clock, (unsigned)site->writer.slot);
    return TRUE;
}

/* --- open and close ------------------------------------------------------------------------------------- */

static void read_setting(struct rows *rows, void *settings)
{
    g_hash_table_insert(settings, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
}

static gboolean load_settings(struct site *site, GError **error)
{
    return rows_each(db_query(site->db, &SQL[SETTINGS_ALL], DB_ARGS(db_int(site->warehouse_id)), error), read_setting,
                     site->settings, error);
}

static gboolean load_warehouse(struct site *site, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[WAREHOUSE_FIRST], DB_NO_ARGS, error);
    if (!rows)
        return FALSE;
    int found = rows_next(rows, error);
    if (found <= 0) {
        if (found == 0)
            err_set(error, ERR_DB_NOT_A_FLOOR, site->url);
        return FALSE;
    }
    site->warehouse_id = rows_int(rows, 0);
    site->zone = g_time_zone_new_identifier(rows_text(rows, 1));
    if (!site->zone)
        site->zone = g_time_zone_new_utc();
    site->is_demo = rows_int(rows, 2) != 0;
    rows_close(rows);
    return db_get_ints(site->db, &SQL[OWNER_FIRST], DB_NO_ARGS, &site->owner_id, 1, error) >= 0 &&
           db_get_ints(site->db, &SQL[SYSTEM_PERSON], DB_ARGS(db_int(site->warehouse_id)), &site->system_person_id, 1,
                       error) >= 0 &&
           (site->supplier_id = site_location(site, "supplier", "SUPPLIER", FALSE, error)) > 0 &&
           (site->customer_id = site_location(site, "customer", "CUSTOMER", FALSE, error)) > 0 &&
           (site->loss_id = site_location(site, "loss", "LOSS", FALSE, error)) > 0 &&
           (site->bench_id = site_location(site, "bench", "PACK", FALSE, error)) > 0 && load_settings(site, error);
}

struct site *site_open(const char *url, const char *writer_name, const struct clock *clock, GError **error)
{
    struct site *site = g_new0(struct site, 1);
    site->url = g_strdup(url);
    site->writer_name = g_strdup(writer_name);
    site->clock = clock ? clock : clock_system();
    site->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    site->db = db_open(url, DB_USE, error);
    if (site->db && load_warehouse(site, error) && (site->couriers = couriers_load(NULL, error)) &&
        writer_claim(site, error) && seal_today(site, error))
        return site;
    site_close(site);
    return NULL;
}

void site_close(struct site *site)
{
    if (!site)
        return;
    if (site->db && site->ids.clock)
        slot_release(site);
    if (site->db)
        db_close(site->db);
    if (site->couriers)
        couriers_free(site->couriers);
    if (site->zone)
        g_time_zone_unref(site->zone);
    g_hash_table_unref(site->settings);
    g_free(site->writer.holder);
    g_free(site->writer_name);
    g_free(site->url);
    g_free(site);
}

gboolean site_reconnect(struct site *site, GError **error)
{
    return db_reconnect(site->db, error) && writer_claim(site, error);
}

/* The row of a writer that is committing is locked until it has; one that comes later finds itself shut out. Its slot
 * is free again soon: a worker that dies over and over does not use them up. */
static gboolean fence_work(struct db *db, void *data, GError **error)
{
    const struct site *site = data;
    return db_exec(db, &SQL[SLOT_FENCE],
                   DB_ARGS(db_text(site->writer_name), db_int(site->writer.slot), db_int(site_now(site) + FENCED_MS)), NULL,
                   error);
}

gboolean site_fence(struct site *site, GError **error)
{
    return db_transaction(site->db, fence_work, site, error);
}

/* --- first rows ----------------------------------------------------------------------------------------- */

struct creation {
    struct site *site;
    const struct site_names *names;
};

static gboolean create_rows(struct db *db, void *data, GError **error)
{
    static const char *const PLACES[][2] = {
        {"supplier", "SUPPLIER"}, {"customer", "CUSTOMER"}, {"loss", "LOSS"}, {"bench", "PACK"}};
    const struct creation *creation = data;
    struct site *site = creation->site;
    const struct site_names *names = creation->names;
    int64_t warehouse_id = 0;
    int found = db_get_ints(db, &SQL[WAREHOUSE_FIRST], DB_NO_ARGS, &warehouse_id, 1, error);
    if (found != 0)
        return found > 0;
    site->warehouse_id = site_id(site);
    if (!db_exec(db, &SQL[WAREHOUSE_INSERT],
                 DB_ARGS(db_int(site->warehouse_id), db_text(names->warehouse_code), db_text(names->warehouse_name),
                         db_text(names->time_zone), db_int(names->is_demo)),
                 NULL, error) ||
        !db_exec(db, &SQL[OWNER_INSERT],
                 DB_ARGS(db_int(site_id(site)), db_text(names->owner_code), db_text(names->owner_name)), NULL, error) ||
        !db_exec(db, &SQL[PERSON_INSERT], DB_ARGS(db_int(site_id(site)), db_int(site->warehouse_id)), NULL, error))
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(PLACES); i++)
        if (site_location(site, PLACES[i][0], PLACES[i][1], TRUE, error) < 0)
            return FALSE;
    return TRUE;
}

gboolean site_create(const char *url, const struct site_names *names, const struct clock *clock, GError **error)
{
    struct site site = {.clock = clock ? clock : clock_system()};
    /* The first writer will be slot 0, perhaps within this millisecond. */
    id_source_init(&site.ids, site.clock, ID_WRITERS - 1);
    site.db = db_open(url, DB_CREATE, error);
    if (!site.db)
        return FALSE;
    gboolean created = db_transaction(site.db, create_rows, &(struct creation){&site, names}, error);
    db_close(site.db);
    return created;
}

/* --- counters and places -------------------------------------------------------------------------------- */

int64_t site_counter_next(struct site *site, const char *name, GError **error)
{
    int64_t value = 0;
    return db_get_ints(site->db, &SQL[COUNTER_NEXT], DB_ARGS(db_int(site->warehouse_id), db_text(name)), &value, 1,
                       error) > 0
               ? value
               : 0;
}

int64_t site_location(struct site *site, const char *kind, const char *code, gboolean create, GError **error)
{
    int64_t id = 0;
    int found = db_get_ints(site->db, &SQL[LOCATION_FIND],
                            DB_ARGS(db_int(site->warehouse_id), db_text(kind), db_text(code)), &id, 1, error);
    if (found != 0 || !create)
        return found < 0 ? -1 : id;
    if (!db_exec(site->db, &SQL[LOCATION_INSERT],
                 DB_ARGS(db_int(site_id(site)), db_int(site->warehouse_id), db_text(kind), db_text(code)), NULL, error))
        return -1;
    return site_location(site, kind, code, FALSE, error);
}
