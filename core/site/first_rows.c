/* SPDX-License-Identifier: MIT */
#include "core/site/first_rows.h"

#include "core/base/clock.h"
#include "core/db/db.h"
#include "core/site/site.h"

enum { WAREHOUSE_FIRST, WAREHOUSE_INSERT, OWNER_INSERT, PERSON_INSERT };

static const struct sql SQL[] = {
    [WAREHOUSE_FIRST] = {"site_warehouse_any", "SELECT id FROM warehouse WHERE active = 1 ORDER BY id LIMIT 1"},
    [WAREHOUSE_INSERT] = {"warehouse_insert",
                          "INSERT INTO warehouse (id, code, name, time_zone, is_demo) VALUES ($1, $2, $3, $4, $5)"},
    [OWNER_INSERT] = {"owner_insert", "INSERT INTO owner (id, code, name, sender_name) VALUES ($1, $2, $3, $3)"},
    [PERSON_INSERT] = {"person_insert_system",
                       "INSERT INTO person (id, warehouse_id, badge, name, role) VALUES ($1, $2, 'system', 'packline', "
                       "'system')"},
};

struct creation {
    struct site *site;
    const struct site_names *names;
};

static gboolean create_rows(struct db *db, void *data, GError **error)
{
    const struct creation *creation = data;
    struct site *site = creation->site;
    const struct site_names *names = creation->names;
    int64_t warehouse_id = 0;
    int found = db_get_ints(db, &SQL[WAREHOUSE_FIRST], DB_NO_ARGS, &warehouse_id, 1, error);
    if (found != 0)
        return found > 0;
    site->warehouse_id = site_id(site);
    return db_exec(db, &SQL[WAREHOUSE_INSERT],
                   DB_ARGS(site->warehouse_id, names->warehouse_code, names->warehouse_name, names->time_zone,
                           names->is_demo),
                   NULL, error) &&
           db_exec(db, &SQL[OWNER_INSERT], DB_ARGS(site_id(site), names->owner_code, names->owner_name), NULL, error) &&
           db_exec(db, &SQL[PERSON_INSERT], DB_ARGS(site_id(site), site->warehouse_id), NULL, error) &&
           site_outer_places(site, TRUE, error) > 0;
}

gboolean site_create(const char *url, const struct site_names *names, const struct clock *clock, GError **error)
{
    struct site site = {.clock = clock};
    /* The first writer will be slot 0, perhaps within this millisecond. */
    id_source_init(&site.ids, site.clock, ID_WRITERS - 1);
    site.db = db_open(url, DB_CREATE, error);
    if (!site.db)
        return FALSE;
    gboolean created = db_transaction(site.db, create_rows, &(struct creation){&site, names}, error);
    db_close(site.db);
    return created;
}
