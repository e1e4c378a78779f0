/* SPDX-License-Identifier: MIT */
#include "core/print/printer.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/print/printer_uri.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { LIST, PUT, SET_BACKUP, REMOVE, ROLL, ASSIGN, REPORT, CHECKED };

/* How many labels wait for a printer; a host that looks at its own, often, only hears whether any does. */
#define QUEUED "job j WHERE j.printer_id = p.id AND j.state = 'queued'"
#define ANY_QUEUED "CASE WHEN EXISTS (SELECT 1 FROM " QUEUED ") THEN 1 ELSE 0 END"

#define PRINTER_COLUMNS(COLUMN, PARSED)                                                                                \
    COLUMN("p.id, ", id)                                                                                               \
    COLUMN("COALESCE(p.backup_id, 0), ", backup_id)                                                                    \
    COLUMN("p.name, ", name)                                                                                           \
    COLUMN("COALESCE(b.name, ''), ", backup)                                                                           \
    COLUMN("p.uri, ", uri)                                                                                             \
    COLUMN("p.host, ", host)                                                                                           \
    PARSED("p.state, ", health, health_of)                                                                             \
    COLUMN("p.state_text, ", text)                                                                                     \
    COLUMN("p.state_at, ", since_at)                                                                                   \
    COLUMN("p.checked_at, ", checked_at)                                                                               \
    COLUMN("COALESCE(p.labels_left, -1), ", labels_left)                                                               \
    COLUMN("CASE WHEN CAST($2 AS TEXT) = '' THEN (SELECT COUNT(*) FROM " QUEUED ") ELSE " ANY_QUEUED " END", waiting)

static const struct sql SQL[] = {
    [LIST] = {"printer_list",
              "SELECT " COLUMNS_OF(PRINTER_COLUMNS) " FROM printer p LEFT JOIN printer b ON b.id = p.backup_id "
              "WHERE p.warehouse_id = $1 AND p.active = 1 AND (CAST($2 AS TEXT) = '' OR p.host IN ('', $2)) "
              "ORDER BY p.name"},
    [PUT] = {"printer_put",
             "INSERT INTO printer (id, warehouse_id, name, uri, host) VALUES ($1, $2, $3, $4, $5) "
             "ON CONFLICT (warehouse_id, name) DO UPDATE SET uri = excluded.uri, active = 1, "
             "host = CASE WHEN CAST($6 AS BIGINT) = 1 THEN excluded.host ELSE printer.host END"},
    [SET_BACKUP] = {"printer_set_backup",
                    "UPDATE printer SET backup_id = (SELECT b.id FROM printer b WHERE b.warehouse_id = $1 "
                    "AND b.name = $3 AND b.active = 1) WHERE warehouse_id = $1 AND name = $2"},
    [REMOVE] = {"printer_remove",
                "UPDATE printer SET active = 0, state = 'unknown', state_text = '' WHERE warehouse_id = $1 "
                "AND name = $2 AND NOT EXISTS (SELECT 1 FROM job j WHERE j.printer_id = printer.id "
                "AND j.state = 'queued') AND NOT EXISTS (SELECT 1 FROM submission s "
                "WHERE s.printer_id = printer.id AND s.state IN ('submitting', 'submitted'))"},
    [ROLL] = {"printer_roll", "UPDATE printer SET labels_left = $3 WHERE warehouse_id = $1 AND name = $2"},
    [ASSIGN] = {"printer_assign",
                "INSERT INTO station (id, warehouse_id, owner_id, name, printer_id, backup_printer_id) "
                "VALUES ($1, $2, $3, $4, $5, (SELECT backup_id FROM printer WHERE id = $5)) "
                "ON CONFLICT (warehouse_id, owner_id, name) DO UPDATE SET printer_id = excluded.printer_id, "
                "backup_printer_id = excluded.backup_printer_id"},
    [REPORT] = {"printer_report",
                "UPDATE printer SET state = $2, state_text = $3, state_at = $4, checked_at = $4 WHERE id = $1"},
    [CHECKED] = {"printer_checked", "UPDATE printer SET checked_at = $2 WHERE id = $1"},
};

enum { CHECKED_EVERY_MS = 30000 };

struct health_row {
    const char *name, *label;
    gboolean prints;
};

static const struct health_row HEALTH[] = {
    [PRINTER_NOT_ASKED] = {"unknown", NC_("printer", "not asked yet"), TRUE},
    [PRINTER_READY] = {"ready", NC_("printer", "standing by"), TRUE},
    [PRINTER_PRINTING] = {"printing", NC_("printer", "printing"), TRUE},
    [PRINTER_ATTENTION] = {"attention", NC_("printer", "needs attention"), TRUE},
    [PRINTER_STOPPED] = {"stopped", NC_("printer", "stopped"), FALSE},
    [PRINTER_OFFLINE] = {"offline", NC_("printer", "not reachable"), FALSE},
};

const char *printer_health_name(enum printer_health health)
{
    return HEALTH[health].name;
}

const char *printer_health_label(enum printer_health health)
{
    return translate_in(HEALTH[health].label);
}

gboolean printer_health_prints(enum printer_health health)
{
    return HEALTH[health].prints;
}

static enum printer_health health_of(const char *name)
{
    return (enum printer_health)WORDS_PARSE(HEALTH, name, PRINTER_NOT_ASKED);
}

/* --- reading -------------------------------------------------------------------------------------------- */

ROWS_READER(read_printer, struct printer_row, PRINTER_COLUMNS)

GArray *printers_load(struct site *site, const char *host, GError **error)
{
    const struct db_value args[] = {db_int(site->warehouse_id), db_text(host ? host : "")};
    return rows_list(db_query(site->db, &SQL[LIST], args, G_N_ELEMENTS(args), error), sizeof(struct printer_row),
                     read_printer, error);
}

int printer_find(struct site *site, const char *name, struct printer_row *row, GError **error)
{
    g_autoptr(GArray) list = printers_load(site, NULL, error);
    if (!list)
        return -1;
    for (guint i = 0; i < list->len; i++) {
        *row = g_array_index(list, struct printer_row, i);
        if (strcmp(row->name, name) == 0)
            return 1;
    }
    err_set(error, ERR_PRINTER_UNKNOWN, name);
    return 0;
}

int64_t printer_backup(const GArray *printers, int64_t id)
{
    int64_t backup_id = 0;
    for (guint i = 0; i < printers->len; i++)
        if (g_array_index(printers, struct printer_row, i).id == id)
            backup_id = g_array_index(printers, struct printer_row, i).backup_id;
    for (guint i = 0; backup_id && i < printers->len; i++) {
        const struct printer_row *row = &g_array_index(printers, struct printer_row, i);
        if (row->id == backup_id && printer_health_prints(row->health))
            return backup_id;
    }
    return 0;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static gboolean is_name(const char *name)
{
    return *name && *name != '-' && clean_is(name) && strlen(name) < sizeof((struct printer_row *)NULL)->name;
}

/* Whether the printer of the name can stand in for another. */
static gboolean may_back_up(struct site *site, const char *backup, const char *name, GError **error)
{
    struct printer_row other;
    if (strcmp(backup, name) == 0)
        return err_set(error, ERR_PRINTER_BACKUP, name);
    return printer_find(site, backup, &other, error) > 0;
}

gboolean printer_put(struct site *site, const struct actor *by, const char *name, const char *uri,
                     const char *host, const char *backup, GError **error)
{
    struct printer_uri address;
    if (!printer_uri_parse(uri, &address, error))
        return FALSE;
    if (!is_name(name))
        return err_set(error, ERR_PRINTER_URI, name);
    if (backup && *backup && !may_back_up(site, backup, name, error))
        return FALSE;
    const char *here = db_engine_of(site->db) == DB_POSTGRES ? g_get_host_name() : "";
    g_autofree char *detail = g_strdup_printf("%s %s", name, uri);
    const struct record record = {.event = "printer", .detail = detail, .said = SAID_PRINTER, .said_named = name};
    const struct record_statement statements[] = {
        {&SQL[PUT], DB_ARGS(site_id(site), site->warehouse_id, name, uri, host ? host : here, host != NULL),
         .none = ERR_NONE},
        {&SQL[SET_BACKUP], DB_ARGS(site->warehouse_id, name, backup), .none = ERR_NONE},
    };
    return site_record_statements(site, by, &record, statements, backup ? 2 : 1, error);
}

gboolean printer_assign(struct site *site, const struct actor *by, const char *station, const char *printer,
                        GError **error)
{
    struct printer_row row;
    if (printer_find(site, printer, &row, error) <= 0)
        return FALSE;
    g_autofree char *detail = g_strdup_printf("%s %s", station, printer);
    const struct record record = {.event = "station-printer", .subject_id = row.id, .detail = detail, .said = SAID_STATION,
                                  .said_named = station};
    const struct record_statement assign = {
        &SQL[ASSIGN], DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, station, row.id), .none = ERR_NONE};
    return site_record_statements(site, by, &record, &assign, 1, error);
}

gboolean printer_remove(struct site *site, const struct actor *by, const char *name, GError **error)
{
    struct printer_row row;
    if (printer_find(site, name, &row, error) <= 0)
        return FALSE;
    const struct record record = {.event = "printer-removed", .subject_id = row.id, .detail = name, .said = SAID_PRINTER};
    const struct record_statement remove = {&SQL[REMOVE], DB_ARGS(site->warehouse_id, name),
                                            .none = ERR_PRINTER_WAITING, .name = name};
    return site_record_statements(site, by, &record, &remove, 1, error);
}

gboolean printer_roll(struct site *site, const struct actor *by, const char *name, int64_t labels, GError **error)
{
    struct printer_row row;
    if (printer_find(site, name, &row, error) <= 0)
        return FALSE;
    g_autofree char *detail = g_strdup_printf("%s %d", name, (int)labels);
    const struct record record = {.event = "printer-roll", .subject_id = row.id, .detail = detail, .is_heard = TRUE};
    const struct record_statement roll = {&SQL[ROLL],
                                          DB_ARGS(site->warehouse_id, name, labels < 0 ? db_null() : db_int(labels)),
                                          .none = ERR_PRINTER_UNKNOWN, .name = name};
    return site_record_statements(site, by, &record, &roll, 1, error);
}

gboolean printer_report(struct site *site, struct printer_row *row, enum printer_health health,
                        const char *text, GError **error)
{
    int64_t now = site_now(site);
    if (row->health == health && strcmp(row->text, text) == 0) {
        if (now - row->checked_at < CHECKED_EVERY_MS)
            return TRUE;
        row->checked_at = now;
        return db_exec(site->db, &SQL[CHECKED], DB_ARGS(row->id, row->checked_at), NULL, error);
    }
    row->health = health;
    clean_copy(row->text, sizeof row->text, text);
    row->since_at = row->checked_at = now;
    struct actor worker = {.person_id = site->system_person_id};
    g_autofree char *detail = g_strdup_printf("%s %s", row->name, printer_health_name(health));
    const struct record record = {.event = "printer-state", .subject_id = row->id, .detail = detail, .is_heard = TRUE};
    const struct record_statement report = {&SQL[REPORT], DB_ARGS(row->id, printer_health_name(health), row->text, now),
                                            .none = ERR_NONE};
    return site_record_statements(site, &worker, &record, &report, 1, error);
}
