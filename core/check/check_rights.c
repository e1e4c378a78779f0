/* SPDX-License-Identifier: MIT
 *
 * Every act was done, or approved, by somebody whose role has the right to it. A role is given once, with the person, so
 * the role of now is the role of then, if role-kept holds.
 */
#include "core/check/check_table.h"
#include "core/flow/transition.h"
#include "core/people/role.h"

/* Only the act itself: what it brought about in its wake is the program's doing, and has the same key. */
static const struct sql ACTS = {
    "check_acts", "SELECT e.kind, COALESCE(p.role, ''), COALESCE(a.role, ''), COUNT(*), MIN(j.event_key) "
                  "FROM journal j JOIN event e ON e.key = j.event_key AND e.kind = j.event "
                  "LEFT JOIN person p ON p.id = j.person_id LEFT JOIN person a ON a.id = j.approver_id "
                  "WHERE j.code = 0 GROUP BY e.kind, COALESCE(p.role, ''), COALESCE(a.role, '')"};

gboolean check_rights(struct checker *checker, GError **error)
{
    struct rows *rows = db_query(checker->db, &ACTS, DB_NO_ARGS, error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        enum event_kind kind = flow_event_parse(rows_text(rows, 0));
        enum permission needs = kind == EV_NONE ? MAY_WORK : flow_permission(kind);
        if (role_may(role_parse(rows_text(rows, 1)), needs) || role_may(role_parse(rows_text(rows, 2)), needs))
            continue;
        checker_report(checker, "event=%s role=%s approver=%s times=%s first_key=%s", rows_text(rows, 0),
                                     rows_text(rows, 1), rows_text(rows, 2), rows_text(rows, 3), rows_text(rows, 4));
    }
    return more == 0;
}
