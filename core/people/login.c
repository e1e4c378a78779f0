/* SPDX-License-Identifier: MIT */
#include "core/people/login.h"

#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/people/pin.h"
#include "core/site/site.h"

enum { ATTEMPT, COUNT, LOCK, FORGIVE };

static const struct sql SQL[] = {
    [ATTEMPT] = {"login_attempt",
                 "UPDATE person SET failed_count = failed_count + 1 WHERE id = $1 AND locked_until_at <= $2"},
    [COUNT] = {"login_count", "SELECT failed_count, locked_until_at, pin_hash FROM person WHERE id = $1"},
    [LOCK] = {"login_lock", "UPDATE person SET locked_until_at = $2 WHERE id = $1"},
    [FORGIVE] = {"login_forgive", "UPDATE person SET failed_count = 0, locked_until_at = 0 WHERE id = $1"},
};

struct attempt {
    struct site *site;
    struct person person; /* id 0: nobody */
    char *hash;
    int64_t now, failed, locked_until_at;
    gboolean counted;
};

static int64_t lock_ms(int64_t failed)
{
    int64_t ms = LOGIN_LOCK_MS;
    for (int64_t i = LOGIN_TRIES; i < failed && ms < LOGIN_LOCK_MAX_MS; i++)
        ms *= 2;
    return MIN(ms, LOGIN_LOCK_MAX_MS);
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
    if (!db_exec(db, &SQL[ATTEMPT], DB_ARGS(id, attempt->now), &changed, error) ||
        rows_first(db_query(db, &SQL[COUNT], DB_ARGS(id), error), read_state, attempt, error) < 0)
        return FALSE;
    attempt->counted = changed != 0;
    if (!attempt->counted || attempt->failed < LOGIN_TRIES)
        return TRUE;
    return db_exec(db, &SQL[LOCK], DB_ARGS(id, attempt->now + lock_ms(attempt->failed)), NULL, error);
}

/* FALSE: refused, or it failed; *error says. */
static gboolean judge(struct attempt *attempt, const struct pepper *pepper, const char *pin, GError **error)
{
    if (attempt->person.id && !attempt->counted) {
        char seconds[24];
        g_snprintf(seconds, sizeof seconds, "%" G_GINT64_FORMAT,
                   (attempt->locked_until_at - attempt->now + 999) / 1000);
        return err_set(error, ERR_LOGIN_LOCKED, seconds);
    }
    if (pin_verify(pepper, attempt->hash ? attempt->hash : "", pin) && attempt->person.id)
        return db_exec(attempt->site->db, &SQL[FORGIVE], DB_ARGS(attempt->person.id), NULL, error);
    return err_set(error, ERR_LOGIN);
}

gboolean login_check(struct site *site, const char *badge, const char *pin, struct person *person, GError **error)
{
    struct attempt attempt = {.site = site, .now = site_now(site)};
    struct pepper pepper;
    if (!pepper_load(NULL, &pepper, error) || person_find(site, badge, &attempt.person, error) < 0)
        return FALSE;
    if (!attempt.person.active)
        attempt.person.id = 0;
    gboolean good = db_transaction(site->db, count_work, &attempt, error) && judge(&attempt, &pepper, pin, error);
    if (good)
        *person = attempt.person;
    g_free(attempt.hash);
    return good;
}

gboolean login_approve(struct site *site, const char *badge, const char *pin, enum permission permission,
                       struct person *person, GError **error)
{
    if (!login_check(site, badge, pin, person, error))
        return FALSE;
    if (role_may(person->role, permission))
        return TRUE;
    return err_set(error, ERR_PERMISSION, person->name, permission_label(permission));
}
