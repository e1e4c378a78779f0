/* SPDX-License-Identifier: MIT */
#include "core/people/role.h"

#include <string.h>

#include "core/base/translate.h"

static const struct {
    const char *name, *label;
} ROLES[ROLE_COUNT] = {
    [ROLE_NONE] = {"", ""},
    [ROLE_PICKER] = {"picker", N_("picker")},
    [ROLE_PACKER] = {"packer", N_("packer")},
    [ROLE_DOCK] = {"dock", N_("dock")},
    [ROLE_LEAD] = {"lead", N_("lead")},
    [ROLE_MANAGER] = {"manager", N_("manager")},
    [ROLE_ADMIN] = {"admin", N_("admin")},
    [ROLE_SYSTEM] = {"system", N_("system")},
};

#define R(role) (1u << ROLE_##role)
#define LEADS (R(LEAD) | R(MANAGER) | R(ADMIN) | R(SYSTEM))

static const unsigned ALLOWED[PERMISSION_COUNT] = {
    [MAY_SCAN] = R(PICKER) | R(PACKER) | R(DOCK) | LEADS,
    [MAY_PICK] = R(PICKER) | R(PACKER) | LEADS,
    [MAY_PACK] = R(PACKER) | LEADS,
    [MAY_REPRINT] = R(PACKER) | R(DOCK) | LEADS,
    [MAY_DOCK] = R(PACKER) | R(DOCK) | LEADS,
    [MAY_HOLD] = R(PACKER) | R(DOCK) | LEADS,
    [MAY_LEAD] = LEADS,
    [MAY_STOCK] = LEADS,
    [MAY_ANSWER] = R(PACKER) | LEADS,
    [MAY_IMPORT] = LEADS,
    [MAY_ADMIN] = R(ADMIN) | R(SYSTEM),
    [MAY_WORK] = R(SYSTEM),
};

const char *role_name(enum role role)
{
    return ROLES[role].name;
}

enum role role_parse(const char *name)
{
    for (enum role role = ROLE_PICKER; role < ROLE_COUNT; role++)
        if (strcmp(ROLES[role].name, name) == 0)
            return role;
    return ROLE_NONE;
}

const char *role_label(enum role role)
{
    return role == ROLE_NONE ? "" : _(ROLES[role].label);
}

gboolean role_may(enum role role, enum permission permission)
{
    return (ALLOWED[permission] >> role & 1u) != 0;
}
