/* SPDX-License-Identifier: MIT */
#include "core/site/site.h"

#include "core/base/error.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/said.h"
#include "core/site/seal.h"
#include "core/site/seal_outside.h"
#include "core/site/site_clock.h"

enum { WAREHOUSE_FIRST, OWNER_FIRST, SYSTEM_PERSON, SETTINGS_ALL, LOCATION_FIND, LOCATION_INSERT };

static const struct sql SQL[] = {
    [WAREHOUSE_FIRST] = {"site_warehouse",
                         "SELECT id, time_zone, is_demo, name, " COPY_OF("warehouse.id") " FROM warehouse WHERE active = 1 ORDER BY id LIMIT 1"},
    [OWNER_FIRST] = {"site_owner", "SELECT id FROM owner WHERE active = 1 ORDER BY id LIMIT 1"},
    [SYSTEM_PERSON] = {"site_system_person",
                       "SELECT id FROM person WHERE warehouse_id = $1 AND role = 'system' ORDER BY id LIMIT 1"},
    [SETTINGS_ALL] = {"site_settings", "SELECT name, value FROM setting WHERE warehouse_id = $1"},
    [LOCATION_FIND] = {"location_find", "SELECT id FROM location WHERE warehouse_id = $1 AND kind = $2 AND code = $3"},
    [LOCATION_INSERT] = {"location_insert",
                         "INSERT INTO location (id, warehouse_id, kind, code) VALUES ($1, $2, $3, $4) "
                         "ON CONFLICT (warehouse_id, kind, code) DO NOTHING"},
};

int64_t site_setting_int(const struct site *site, const char *name, int64_t fallback)
{
    const char *value = site->settings ? g_hash_table_lookup(site->settings, name) : NULL;
    return value ? g_ascii_strtoll(value, NULL, 10) : fallback;
}

/* --- open and close ------------------------------------------------------------------------------------- */

static void read_setting(struct rows *rows, void *settings)
{
    g_hash_table_insert(settings, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
}

static gboolean load_settings(struct site *site, GError **error)
{
    return rows_each(db_query(site->db, &SQL[SETTINGS_ALL], DB_ARGS(site->warehouse_id), error), read_setting,
                     site->settings, error);
}

static void read_warehouse(struct rows *rows, void *data)
{
    struct site *site = data;
    site->warehouse_id = rows_int(rows, 0);
    site->zone = g_time_zone_new_identifier(rows_text(rows, 1));
    if (!site->zone)
        site->zone = g_time_zone_new_utc();
    site->is_demo = rows_int(rows, 2) != 0;
    site->warehouse_name = g_strdup(rows_text(rows, 3));
    site->copy_of_at = rows_int(rows, 4);
}

static gboolean load_warehouse(struct site *site, GError **error)
{
    int found = rows_first(db_query(site->db, &SQL[WAREHOUSE_FIRST], DB_NO_ARGS, error), read_warehouse, site, error);
    if (found > 0)
        found = db_get_ints(site->db, &SQL[OWNER_FIRST], DB_NO_ARGS, &site->owner_id, 1, error);
    if (found > 0)
        found = db_get_ints(site->db, &SQL[SYSTEM_PERSON], DB_ARGS(site->warehouse_id), &site->system_person_id, 1, error);
    if (found > 0)
        found = site_outer_places(site, FALSE, error);
    if (found == 0)
        err_set(error, ERR_DB_NOT_A_FLOOR, site->url);
    return found > 0 && load_settings(site, error);
}

struct site *site_open_as(enum site_as as, const char *url, const char *name, const struct clock *clock, GError **error)
{
    struct site *site = g_new0(struct site, 1);
    site->as = as;
    site->url = g_strdup(url);
    site->writer_name = g_strconcat(as == SITE_STATION ? SITE_STATION_PREFIX : "", name, NULL);
    site->clock = clock;
    site->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    site->db = db_open(url, DB_USE, error);
    if (site->db && load_warehouse(site, error) && (site->couriers = couriers_load(NULL, error)) &&
        site_clock_check(site, error) && writer_claim(site, error) && seal_today(site, error)) {
        if (as == SITE_PROGRAM) /* the file it goes to may be of one host, and a bench waits for no disk of another */
            seal_send(site, NULL);
        return site;
    }
    site_close(site);
    return NULL;
}

struct site *site_open(const char *url, const char *writer_name, const struct clock *clock, GError **error)
{
    return site_open_as(SITE_PROGRAM, url, writer_name, clock, error);
}

void site_close(struct site *site)
{
    if (!site)
        return;
    site_keep(site, NULL, NULL);
    if (site->writer.holder)
        writer_release(site);
    g_clear_pointer(&site->db, db_close);
    g_clear_pointer(&site->couriers, couriers_free);
    g_clear_pointer(&site->zone, g_time_zone_unref);
    g_hash_table_unref(site->settings);
    if (site->said)
        g_array_unref(site->said);
    g_free(site->writer.holder);
    g_free(site->writer_name);
    g_free(site->warehouse_name);
    g_free(site->url);
    g_free(site);
}

void site_keep(struct site *site, gpointer kept, GDestroyNotify kept_free)
{
    if (site->kept && site->kept_free)
        site->kept_free(site->kept);
    site->kept = kept;
    site->kept_free = kept_free;
}

gboolean site_reconnect(struct site *site, GError **error)
{
    site_keep(site, NULL, NULL);
    return db_reconnect(site->db, error) && journal_head_is_there(site, error) && writer_claim(site, error);
}

gboolean site_is_floor(const struct site *site, GError **error)
{
    if (!site->copy_of_at)
        return TRUE;
    g_autofree char *at = clock_format(site->zone, site->copy_of_at, "%Y-%m-%d %H:%M");
    return err_set(error, ERR_COPY_ONLY, at);
}

/* --- places ---------------------------------------------------------------------------------------------- */

int64_t site_location(struct site *site, const char *kind, const char *code, gboolean create, GError **error)
{
    int64_t id = 0;
    int found = db_get_ints(site->db, &SQL[LOCATION_FIND], DB_ARGS(site->warehouse_id, kind, code), &id, 1, error);
    if (found != 0 || !create)
        return found < 0 ? -1 : id;
    if (!db_exec(site->db, &SQL[LOCATION_INSERT], DB_ARGS(site_id(site), site->warehouse_id, kind, code), NULL, error))
        return -1;
    id = site_location(site, kind, code, FALSE, error);
    said_note(site, SAID_LOCATION, id);
    return id;
}

int site_outer_places(struct site *site, gboolean create, GError **error)
{
    const struct {
        const char *kind, *code;
        int64_t *id;
    } PLACES[] = {{"supplier", "SUPPLIER", &site->supplier_id},
                  {"customer", "CUSTOMER", &site->customer_id},
                  {"loss", "LOSS", &site->loss_id},
                  {"bench", "PACK", &site->bench_id}};
    for (size_t i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        *PLACES[i].id = site_location(site, PLACES[i].kind, PLACES[i].code, create, error);
        if (*PLACES[i].id <= 0)
            return (int)*PLACES[i].id;
    }
    return 1;
}
