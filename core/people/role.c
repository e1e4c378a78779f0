/* SPDX-License-Identifier: MIT */
#include "core/people/role.h"

#include "core/base/words.h"
#include "core/base/translate.h"

static const struct word ROLES[ROLE_COUNT] = {
    [ROLE_NONE] = {"", ""},
    [ROLE_PICKER] = {"picker", NC_("role", "picker")},
    [ROLE_PACKER] = {"packer", NC_("role", "packer")},
    [ROLE_DOCK] = {"dock", NC_("role", "dock")},
    [ROLE_LEAD] = {"lead", NC_("role", "lead")},
    [ROLE_MANAGER] = {"manager", NC_("role", "manager")},
    [ROLE_ADMIN] = {"admin", NC_("role", "admin")},
    [ROLE_SYSTEM] = {"system", NC_("role", "system")},
};

#define R(role) (1u << ROLE_##role)
#define LEADS (R(LEAD) | R(MANAGER) | R(ADMIN) | R(SYSTEM))

static const struct {
    const char *name, *label;
    unsigned roles;
} MATRIX[PERMISSION_COUNT] = {
    [MAY_SCAN] = {"scan", N_("work at a station"), R(PICKER) | R(PACKER) | R(DOCK) | LEADS},
    [MAY_PICK] = {"pick", N_("pick goods"), R(PICKER) | R(PACKER) | LEADS},
    [MAY_PACK] = {"pack", N_("check and pack"), R(PACKER) | LEADS},
    [MAY_REPRINT] = {"reprint", N_("print a label again"), R(PACKER) | R(DOCK) | LEADS},
    [MAY_DOCK] = {"dock", N_("scan parcels out"), R(PACKER) | R(DOCK) | LEADS},
    [MAY_HOLD] = {"hold", N_("hold a shipment"), R(PACKER) | R(DOCK) | LEADS},
    [MAY_LEAD] = {"lead", N_("decide for the shift"), LEADS},
    [MAY_STOCK] = {"stock", N_("change stock"), LEADS},
    [MAY_ANSWER] = {"answer", N_("say whether a label came out"), R(PACKER) | LEADS},
    [MAY_IMPORT] = {"import", N_("import and export files"), LEADS},
    [MAY_ADMIN] = {"admin", N_("set up people, printers and settings"), R(ADMIN) | R(SYSTEM)},
    [MAY_WORK] = {"work", N_("work for the printers"), R(SYSTEM)},
};

WORDS_SAID(role, enum role, ROLES, ROLE_NONE)

gboolean role_may(enum role role, enum permission permission)
{
    return (MATRIX[permission].roles >> role & 1u) != 0;
}

const char *permission_name(enum permission permission)
{
    return MATRIX[permission].name;
}

const char *permission_label(enum permission permission)
{
    return _(MATRIX[permission].label);
}

guint role_pin_digits(enum role role)
{
    return role == ROLE_PICKER || role == ROLE_PACKER || role == ROLE_DOCK ? 4 : 6;
}
