/* SPDX-License-Identifier: MIT
 *
 * packline people: who works here, with which badge and role.
 */
#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/people/login.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"
#include "tui/commands/secret.h"

static char *note_of(const struct call *call, const void *row)
{
    const struct person *person = row;
    if (person->active && person->failed_count >= LOGIN_TRIES && person->locked_until_at > site_now(call->site))
        return g_strdup(_("locked out"));
    return g_strdup(!person->active ? _("inactive") : person->has_pin ? "" : _("no PIN yet"));
}

static const struct member MEMBERS[] = {
    MEMBER("badge", struct person, badge),
    MEMBER("name", struct person, name),
    MEMBER_WORD("role", struct person, role, role_name, NULL),
    MEMBER_AS(FLAG, "active", struct person, active),
    MEMBER_AS(FLAG, "has_pin", struct person, has_pin),
    MEMBER_SHOWN("note", note_of),
};
static const struct output PEOPLE = OUTPUT("{badge:<16} {role:<8} {name}  {note}", MEMBERS);

VERB_OF_LIST(do_list, &PEOPLE, people_list(call->site, error))

static gboolean do_add(struct call *call, GError **error)
{
    enum role role = role_parse(call->args[2]);
    if (role == ROLE_NONE || role == ROLE_SYSTEM)
        return err_set(error, ERR_ROLE_UNKNOWN, call->args[2]);
    g_autofree char *pin = secret_read(_("PIN"), TRUE, error);
    return pin && person_add(call->site, &call->actor, call->args[0], call->args[1], role, pin, NULL, error);
}

static gboolean do_passwd(struct call *call, GError **error)
{
    g_autofree char *pin = secret_read(_("New PIN"), TRUE, error);
    return pin && person_set_pin(call->site, &call->actor, call->args[0], pin, error);
}

static gboolean do_active(struct call *call, GError **error)
{
    gboolean active = strcmp(call->verb->name, "activate") == 0;
    return person_set_active(call->site, &call->actor, call->args[0], active, error);
}

/* Without a badge: the only administrator, at the console, which is looked at here. */
static gboolean do_unlock(struct call *call, GError **error)
{
    if (call->badge)
        return person_unlock(call->site, &call->actor, call->args[0], NULL, error);
    g_autofree char *where = acting_console(error);
    return where && person_unlock_at_console(call->site, call->args[0], where, error);
}

/* The badge comes out of a printer as a card. */
static gboolean do_badge(struct call *call, GError **error)
{
    const struct event event = {.kind = EV_PRINT, .person_id = person_known(call->site, call->args[0], error),
                                .text = "badge"};
    return event.person_id && acting_print(call, call->args[1], event, error);
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN, BY_ANYBODY},
    {"add", 3, 3, N_("BADGE NAME ROLE"), do_add, MAY_ADMIN, BY_BADGE},
    {"passwd", 1, 1, N_("BADGE"), do_passwd, MAY_ADMIN, BY_BADGE},
    {"unlock", 1, 1, N_("BADGE"), do_unlock, MAY_ADMIN, BY_ANYBODY},
    {"badge", 2, 2, N_("BADGE PRINTER"), do_badge, MAY_LEAD, BY_BADGE},
    {"activate", 1, 1, N_("BADGE"), do_active, MAY_ADMIN, BY_BADGE},
    {"deactivate", 1, 1, N_("BADGE"), do_active, MAY_ADMIN, BY_BADGE},
};

const struct subcommand command_people = {
    "people", N_("who works here: badges, roles, PINs"), .bare = "list", VERBS_OF(VERBS),
};
