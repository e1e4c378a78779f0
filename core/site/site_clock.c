/* SPDX-License-Identifier: MIT */
#include "core/site/site_clock.h"

#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/site/site.h"

#define DAY_MS INT64_C(86400000)
#define WRONG(which) "COALESCE((SELECT value FROM counter WHERE warehouse_id = $1 AND name = 'clock-wrong-" which "'), 0)"
#define WRONG_SET(which, value)                                                                                        \
    "INSERT INTO counter (warehouse_id, name, value) SELECT $1, 'clock-wrong-" which "', " value                         \
    "(ids_until_at) FROM writer WHERE ids_until_at > $2 HAVING COUNT(*) > 0 "                                            \
    "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = excluded.value"

enum { LAST, WRONG_FROM, WRONG_TO };

/* Each writer says until when it has made ids: with its last commit, and when it ended. Of a clock that was wrong the instants
 * stay where they are, for the ids of then are used: they are passed over, from the first to the last of them. */
static const struct sql SQL[] = {
    [LAST] = {"clock_last", "SELECT ids_until_at, name FROM writer WHERE ids_until_at > 0 AND NOT (ids_until_at >= "
                            WRONG("from") " AND ids_until_at <= " WRONG("to") ") ORDER BY ids_until_at DESC LIMIT 1"},
    [WRONG_FROM] = {"clock_wrong_from", WRONG_SET("from", "MIN")},
    [WRONG_TO] = {"clock_wrong_to", WRONG_SET("to", "MAX")},
};

struct last {
    int64_t at; /* 0: nothing was ever done */
    char *by;
};

static void read_last(struct rows *rows, void *data)
{
    struct last *last = data;
    last->at = rows_int(rows, 0);
    last->by = g_strdup(rows_text(rows, 1));
}

static gboolean load_last(const struct site *site, struct last *last, GError **error)
{
    return rows_first(db_query(site->db, &SQL[LAST], DB_ARGS(site->warehouse_id), error), read_last, last, error) >= 0;
}

static gboolean refuse(const struct site *site, enum err code, const struct last *last, GError **error)
{
    g_autofree char *here = clock_format(site->zone, site_now(site), "%Y-%m-%d %H:%M");
    g_autofree char *then = clock_format(site->zone, last->at, "%Y-%m-%d %H:%M");
    return err_set(error, code, here, then, last->by);
}

gboolean site_clock_check(struct site *site, GError **error)
{
    struct last last = {0};
    if (site->as == SITE_CLOCK || site->copy_of_at) /* the time of a copy is over */
        return TRUE;
    int64_t now = site_now(site), days = site_setting_int(site, "clock_ahead_days", setting_default_int("clock_ahead_days"));
    gboolean good = load_last(site, &last, error);
    if (good && last.at && now < last.at - CLOCK_BEHIND_MS)
        good = refuse(site, ERR_CLOCK_BEHIND, &last, error);
    else if (good && last.at && now > last.at + days * DAY_MS)
        good = refuse(site, ERR_CLOCK_AHEAD, &last, error);
    g_free(last.by);
    return good;
}

gboolean site_clock_accept(struct site *site, const struct actor *by, GError **error)
{
    struct last last = {0};
    int64_t id = site->warehouse_id, latest = site_now(site) + CLOCK_BEHIND_MS;
    if (!load_last(site, &last, error))
        return FALSE;
    g_autofree char *then = clock_format(site->zone, last.at, "%Y-%m-%d %H:%M");
    g_autofree char *detail = g_strdup_printf("last %s by %s", then, last.by ? last.by : "nobody");
    g_free(last.by);
    const struct record record = {.event = "clock-accepted", .detail = detail, .is_heard = TRUE};
    const struct record_statement set[] = {{&SQL[WRONG_FROM], DB_ARGS(id, latest), .none = ERR_NONE},
                                           {&SQL[WRONG_TO], DB_ARGS(id, latest), .none = ERR_NONE}};
    return site_record_statements(site, by, &record, set, G_N_ELEMENTS(set), error);
}
