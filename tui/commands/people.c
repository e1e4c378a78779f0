/* SPDX-License-Identifier: MIT
 *
 * packline people: who works here, with which badge and role.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/print/printer.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/secret.h"
#include "tui/commands/verbs.h"

static json_t *people_json(const GArray *people)
{
    json_t *list = json_array();
    for (guint i = 0; i < people->len; i++) {
        const struct person *person = &g_array_index(people, struct person, i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:b}", "badge", person->badge, "name",
                                              person->name, "role", role_name(person->role), "active",
                                              person->active, "has_pin", person->has_pin));
    }
    return list;
}

static const char *note_of(const struct person *person)
{
    if (!person->active)
        return _("inactive");
    return person->has_pin ? "" : _("no PIN yet");
}

static gboolean do_list(struct call *call, GError **error)
{
    GArray *people = people_list(call->site, error);
    if (!people)
        return FALSE;
    if (call->json)
        call->answer = people_json(people);
    for (guint i = 0; i < people->len && !call->json; i++) {
        const struct person *person = &g_array_index(people, struct person, i);
        g_print("%-16s %-8s %s  %s\n", person->badge, role_name(person->role), person->name, note_of(person));
    }
    g_array_unref(people);
    return TRUE;
}

static gboolean do_add(struct call *call, GError **error)
{
    enum role role = role_parse(call->args[2]);
    if (role == ROLE_NONE || role == ROLE_SYSTEM) {
        err_set(error, ERR_ROLE_UNKNOWN, call->args[2]);
        return FALSE;
    }
    char *pin = secret_read(_("PIN"), TRUE, error);
    gboolean good =
        pin && person_add(call->site, &call->actor, call->args[0], call->args[1], role, pin, NULL, error);
    g_free(pin);
    return good;
}

static gboolean do_passwd(struct call *call, GError **error)
{
    char *pin = secret_read(_("New PIN"), TRUE, error);
    gboolean good = pin && person_set_pin(call->site, &call->actor, call->args[0], pin, error);
    g_free(pin);
    return good;
}

static gboolean do_activate(struct call *call, GError **error)
{
    return person_set_active(call->site, &call->actor, call->args[0], TRUE, error);
}

static gboolean do_deactivate(struct call *call, GError **error)
{
    return person_set_active(call->site, &call->actor, call->args[0], FALSE, error);
}

/* The badge comes out of a printer as a card. */
static gboolean do_badge(struct call *call, GError **error)
{
    struct person person;
    struct printer_row printer;
    int found = person_find(call->site, call->args[0], &person, error);
    if (found == 0)
        err_set(error, ERR_PERSON_UNKNOWN, call->args[0]);
    if (found <= 0 || printer_find(call->site, call->args[1], &printer, error) <= 0)
        return FALSE;
    const struct event event = {.kind = EV_PRINT, .actor = call->actor, .printer_id = printer.id, .person_id = person.id,
                                .text = "badge"};
    return flow_do(call->site, event, NULL, error) && worker_ensure(call->site->url, error);
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN},
    {"add", 3, 3, N_("BADGE NAME ROLE"), do_add, MAY_ADMIN},
    {"passwd", 1, 1, N_("BADGE"), do_passwd, MAY_ADMIN},
    {"badge", 2, 2, N_("BADGE PRINTER"), do_badge, MAY_LEAD},
    {"activate", 1, 1, N_("BADGE"), do_activate, MAY_ADMIN},
    {"deactivate", 1, 1, N_("BADGE"), do_deactivate, MAY_ADMIN},
};
static const struct verb_table TABLE = {"people", "list", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_people(int argc, char **argv)
{
    return verbs_main(&TABLE, NULL, NULL, argc, argv);
}
