/* SPDX-License-Identifier: MIT */
#include "core/people/people.h"

#include <sodium.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/code/code.h"
#include "core/db/rows.h"
#include "core/people/login.h"
#include "core/people/pin.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { FIND_BADGE, FIND_ID, INSERT, SET_PIN, SET_ACTIVE, UNLOCK, OTHER_ADMIN, LIST };

#define PERSON(COLUMN, PARSED)                                                                                         \
    COLUMN("id, ", id)                                                                                                 \
    COLUMN("badge, ", badge)                                                                                           \
    COLUMN("name, ", name)                                                                                             \
    PARSED("role, ", role, role_parse)                                                                                 \
    COLUMN("active, ", active)                                                                                         \
    COLUMN("CASE WHEN pin_hash = '' THEN 0 ELSE 1 END, ", has_pin)                                                     \
    COLUMN("failed_count, ", failed_count)                                                                             \
    COLUMN("locked_until_at", locked_until_at)

#define PEOPLE "SELECT " COLUMNS_OF(PERSON) " FROM person WHERE warehouse_id = $1 AND role <> 'system' "

ROWS_READER(read_person, struct person, PERSON)

static const struct sql SQL[] = {
    [FIND_BADGE] = {"person_by_badge", PEOPLE "AND badge = $2"},
    [FIND_ID] = {"person_by_id", PEOPLE "AND id = $2"},
    [INSERT] = {"person_insert",
                "INSERT INTO person (id, warehouse_id, badge, name, role, pin_hash, salt) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                "ON CONFLICT (warehouse_id, badge) DO NOTHING"},
    [SET_PIN] = {"person_set_pin",
                 "UPDATE person SET pin_hash = $2, failed_count = 0, locked_until_at = 0 WHERE id = $1"},
    [SET_ACTIVE] = {"person_set_active", "UPDATE person SET active = $2 WHERE id = $1"},
    [UNLOCK] = {"person_unlock", "UPDATE person SET failed_count = 0, locked_until_at = 0 WHERE id = $1"},
    [OTHER_ADMIN] = {"person_other_admin", "SELECT id FROM person WHERE warehouse_id = $1 AND role = 'admin' AND active = 1 AND "
                                           "pin_hash <> '' AND id <> $2 AND locked_until_at <= $3 LIMIT 1"},
    [LIST] = {"person_list", PEOPLE "ORDER BY badge"},
};

/* Active or not. */
static int find_any(struct site *site, const char *badge, struct person *person, GError **error)
{
    struct code code;
    gboolean coded = code_parse(badge, &code) && code.kind == CODE_PERSON;
    struct rows *rows = db_query(site->db, &SQL[coded ? FIND_ID : FIND_BADGE],
                                 DB_ARGS(site->warehouse_id, coded ? db_int(code.id) : db_text(badge)), error);
    return rows_first(rows, read_person, person, error);
}

int person_find(struct site *site, const char *badge, struct person *person, GError **error)
{
    int found = find_any(site, badge, person, error);
    return found > 0 && !person->active ? 0 : found;
}

int64_t person_known(struct site *site, const char *badge, GError **error)
{
    struct person person;
    int found = person_find(site, badge, &person, error);
    if (found == 0)
        err_set(error, ERR_PERSON_UNKNOWN, badge);
    return found > 0 ? person.id : 0;
}

/* --- changes -------------------------------------------------------------------------------------------- */

static char *hash_of(enum role role, const char *pin, GError **error)
{
    struct pepper pepper;
    if (!pin_check(role, pin, error) || !pepper_load(NULL, &pepper, error))
        return NULL;
    return pin_hash(&pepper, pin, error);
}

/* A badge is scanned and typed: no blanks, and nothing that looks like a code of ours. */
static gboolean badge_good(const char *badge, GError **error)
{
    size_t length = strlen(badge);
    gboolean good = length > 0 && length < 64 && !code_is_reserved(badge) && clean_is(badge) && !strpbrk(badge, " \t");
    return good || err_set(error, ERR_PERSON_BADGE, badge);
}

static gboolean name_good(const char *name, GError **error)
{
    enum { LONGEST = 60 };
    g_autofree char *cleaned = clean_text(name, strlen(name), CLEAN_LINE);
    glong length = g_utf8_strlen(cleaned, -1);
    gboolean good = length > 0 && length <= LONGEST;
    return good || err_set(error, ERR_PERSON_NAME, cleaned);
}

gboolean person_add(struct site *site, const struct actor *by, const char *badge, const char *name,
                    enum role role, const char *pin, int64_t *id, GError **error)
{
    int64_t new_id = site_id(site);
    if (role == ROLE_NONE || role == ROLE_SYSTEM)
        return err_set(error, ERR_ROLE_UNKNOWN, role_name(role));
    gboolean good = badge_good(badge, error) && name_good(name, error);
    g_autofree char *hash = !good ? NULL : pin ? hash_of(role, pin, error) : g_strdup("");
    if (!hash)
        return FALSE;
    g_autofree char *cleaned = clean_text(name, strlen(name), CLEAN_LINE);
    unsigned char salt[SAID_SALT];
    randombytes_buf(salt, sizeof salt);
    const struct record record = {.event = "person-add", .subject_id = new_id, .detail = role_name(role), .said = SAID_PERSON};
    const struct record_statement insert = {&SQL[INSERT],
                                            DB_ARGS(new_id, site->warehouse_id, badge, cleaned, role_name(role), hash,
                                                    db_blob(salt, sizeof salt)),
                                            .none = ERR_PERSON_EXISTS, .name = badge};
    if (id)
        *id = new_id;
    return site_record_statements(site, by, &record, &insert, 1, error);
}

static gboolean find_or_error(struct site *site, const char *badge, struct person *person, GError **error)
{
    int found = find_any(site, badge, person, error);
    if (found == 0)
        err_set(error, ERR_PERSON_UNKNOWN, badge);
    return found > 0;
}

gboolean person_set_pin(struct site *site, const struct actor *by, const char *badge, const char *pin, GError **error)
{
    struct person person;
    g_autofree char *hash = find_or_error(site, badge, &person, error) ? hash_of(person.role, pin, error) : NULL;
    if (!hash)
        return FALSE;
    const struct record record = {.event = "person-pin", .subject_id = person.id, .said = SAID_PERSON};
    const struct record_statement set = {&SQL[SET_PIN], DB_ARGS(person.id, hash), .none = ERR_PERSON_UNKNOWN,
                                         .name = badge};
    return site_record_statements(site, by, &record, &set, 1, error);
}

gboolean person_set_active(struct site *site, const struct actor *by, const char *badge, gboolean active,
                           GError **error)
{
    struct person person;
    if (!find_or_error(site, badge, &person, error))
        return FALSE;
    const struct record record = {.event = active ? "person-activate" : "person-deactivate", .subject_id = person.id,
                                  .said = SAID_PERSON};
    const struct record_statement set = {&SQL[SET_ACTIVE], DB_ARGS(person.id, active ? 1 : 0),
                                         .none = ERR_PERSON_UNKNOWN, .name = badge};
    return site_record_statements(site, by, &record, &set, 1, error);
}

gboolean person_unlock(struct site *site, const struct actor *by, const char *badge, const char *where, GError **error)
{
    struct person person;
    if (!find_or_error(site, badge, &person, error))
        return FALSE;
    g_autofree char *detail = where ? g_strdup_printf("%s %s", person.badge, where) : g_strdup(person.badge);
    const struct record record = {.event = "login-unlocked", .subject_id = person.id, .is_heard = TRUE,
                                  .from_state = person.failed_count >= LOGIN_TRIES ? "locked" : "", .detail = detail};
    const struct record_statement set = {&SQL[UNLOCK], DB_ARGS(person.id), .none = ERR_PERSON_UNKNOWN, .name = badge};
    return site_record_statements(site, by, &record, &set, 1, error);
}

gboolean person_unlock_at_console(struct site *site, const char *badge, const char *where, GError **error)
{
    struct person person;
    int64_t other = 0;
    const struct actor by = {.person_id = site->system_person_id};
    if (!find_or_error(site, badge, &person, error))
        return FALSE;
    int found = db_get_ints(site->db, &SQL[OTHER_ADMIN], DB_ARGS(site->warehouse_id, person.id, site_now(site)), &other, 1,
                            error);
    if (found < 0)
        return FALSE;
    if (found > 0 || person.role != ROLE_ADMIN)
        return err_set(error, ERR_UNLOCK_OTHER, badge);
    return person_unlock(site, &by, badge, where, error);
}

GArray *people_list(struct site *site, GError **error)
{
    return rows_list(db_query(site->db, &SQL[LIST], DB_ARGS(site->warehouse_id), error), sizeof(struct person),
                     read_person, error);
}
