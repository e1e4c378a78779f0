/* SPDX-License-Identifier: MIT */
#include "core/people/login.h"

#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/people/pin.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { ATTEMPT, COUNT, LOCK, FORGIVE };

/* No lock is longer than the longest: one that ends later was set by a clock that was ahead, and holds nobody. */
static const struct sql SQL[] = {
    [ATTEMPT] = {"login_attempt", "UPDATE person SET failed_count = failed_count + 1 WHERE id = $1 AND "
                                  "(locked_until_at <= $2 OR locked_until_at > $3)"},
    [COUNT] = {"login_count", "SELECT failed_count, locked_until_at, pin_hash FROM person WHERE id = $1"},
    [LOCK] = {"login_lock", "UPDATE person SET locked_until_at = $2 WHERE id = $1"},
    [FORGIVE] = {"login_forgive", "UPDATE person SET failed_count = 0, locked_until_at = 0 WHERE id = $1"},
};

struct attempt {
    struct site *site;
    struct actor by;
    struct person person; /* id 0: nobody */
    char *hash;
    int64_t now, failed, locked_until_at;
    gboolean counted;
};

static int64_t lock_ms(const struct attempt *attempt)
{
    int64_t most = role_may(attempt->person.role, MAY_LEAD) ? LOGIN_LEAD_LOCK_MAX_MS : LOGIN_LOCK_MAX_MS, ms = LOGIN_LOCK_MS;
    for (int64_t i = LOGIN_TRIES; i < attempt->failed && ms < most; i++)
        ms *= 2;
    return MIN(ms, most);
}

static void read_state(struct rows *rows, void *data)
{
    struct attempt *attempt = data;
    attempt->failed = rows_int(rows, 0);
    attempt->locked_until_at = rows_int(rows, 1);
    g_free(attempt->hash);
    attempt->hash = g_strdup(rows_text(rows, 2));
}

/* Nobody has id 0: for an unknown badge the same statements run and change nothing. */
static gboolean count_work(struct db *db, void *data, GError **error)
{
    struct attempt *attempt = data;
    int64_t id = attempt->person.id, changed = 0;
    if (!db_exec(db, &SQL[ATTEMPT], DB_ARGS(id, attempt->now, attempt->now + LOGIN_LOCK_MAX_MS), &changed, error) ||
        rows_first(db_query(db, &SQL[COUNT], DB_ARGS(id), error), read_state, attempt, error) < 0)
        return FALSE;
    attempt->counted = changed != 0;
    if (!attempt->counted || attempt->failed < LOGIN_TRIES)
        return TRUE;
    return db_exec(db, &SQL[LOCK], DB_ARGS(id, attempt->now + lock_ms(attempt)), NULL, error);
}

/* --- what is told ---------------------------------------------------------------------------------------- */

void login_tried(const char *typed, char text[static LOGIN_TRIED])
{
    enum { SHOWN = 24, PIN_LEAST = 4 };
    size_t out = 0;
    for (const char *p = typed; *p && out < SHOWN;) {
        size_t figures = strspn(p, "0123456789"), run = MAX(figures, 1);
        if (figures >= PIN_LEAST || (!figures && !g_ascii_isalpha(*p) && !strchr("-_.", *p)))
            text[out++] = '*';
        else
            for (size_t i = 0; i < run; i++)
                text[out++] = p[i];
        p += run;
    }
    text[out] = '\0';
}

static gboolean tell(const struct attempt *attempt, const char *badge, GError **error)
{
    char tried[LOGIN_TRIED];
    gboolean known = attempt->person.id != 0, locks = known && attempt->failed >= LOGIN_TRIES;
    login_tried(badge, tried);
    const struct record record = {.event = "login-failed", .subject_id = attempt->person.id, .is_heard = TRUE,
                                  .to_state = locks ? "locked" : "", .detail = known ? attempt->person.badge : tried};
    return site_record_statements(attempt->site, &attempt->by, &record, NULL, 0, error);
}

static gboolean forgive(struct attempt *attempt, GError **error)
{
    int64_t id = attempt->person.id;
    if (attempt->failed <= LOGIN_TRIES)
        return db_exec(attempt->site->db, &SQL[FORGIVE], DB_ARGS(id), NULL, error);
    const struct record record = {.event = "login-unlocked", .subject_id = id, .is_heard = TRUE, .from_state = "locked",
                                  .detail = attempt->person.badge};
    const struct record_statement set = {&SQL[FORGIVE], DB_ARGS(id), .none = ERR_NONE};
    const struct actor self = {.person_id = id, .station_id = attempt->by.station_id};
    return site_record_statements(attempt->site, &self, &record, &set, 1, error);
}

/* FALSE: refused, or it failed; *error says. */
static gboolean judge(struct attempt *attempt, const struct pepper *pepper, const char *badge, const char *pin, GError **error)
{
    if (attempt->person.id && !attempt->counted) {
        char seconds[24];
        g_snprintf(seconds, sizeof seconds, "%" G_GINT64_FORMAT,
                   (attempt->locked_until_at - attempt->now + 999) / 1000);
        return err_set(error, ERR_LOGIN_LOCKED, seconds);
    }
    int right = pin_verify(pepper, attempt->hash ? attempt->hash : "", pin, error);
    if (right < 0)
        return FALSE;
    if (right && attempt->person.id)
        return forgive(attempt, error);
    return tell(attempt, badge, error) && err_set(error, ERR_LOGIN);
}

gboolean login_check(struct site *site, const struct actor *at, const char *badge, const char *pin, struct person *person,
                     GError **error)
{
    struct attempt attempt = {.site = site, .by = *at, .now = site_now(site)};
    struct pepper pepper;
    if (!attempt.by.person_id)
        attempt.by.person_id = site->system_person_id;
    if (!pepper_load(NULL, &pepper, error) || person_find(site, badge, &attempt.person, error) < 0)
        return FALSE;
    if (!attempt.person.active)
        attempt.person.id = 0;
    gboolean good = db_transaction(site->db, count_work, &attempt, error) && judge(&attempt, &pepper, badge, pin, error);
    if (good)
        *person = attempt.person;
    g_free(attempt.hash);
    return good;
}

gboolean login_approve(struct site *site, const struct actor *at, const char *badge, const char *pin,
                       enum permission permission, struct person *person, GError **error)
{
    if (!login_check(site, at, badge, pin, person, error))
        return FALSE;
    if (role_may(person->role, permission))
        return TRUE;
    return err_set(error, ERR_PERMISSION, person->name, permission_label(permission));
}
