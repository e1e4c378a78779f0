/* SPDX-License-Identifier: MIT
 *
 * Who may do what: one table, permission x role. core reads the role inside the write transaction.
 */
#pragma once

#include <glib.h>

enum role {
    ROLE_NONE,
    ROLE_PICKER,
    ROLE_PACKER,
    ROLE_DOCK,
    ROLE_LEAD,
    ROLE_MANAGER,
    ROLE_ADMIN,
    ROLE_SYSTEM, /* rules, imports and the print worker */
    ROLE_COUNT
};

enum permission {
    MAY_SCAN,     /* be at a station at all: notes, refused scans */
    MAY_PICK,
    MAY_PACK,
    MAY_REPRINT,
    MAY_DOCK,
    MAY_HOLD,     /* put a shipment on hold */
    MAY_LEAD,     /* release, unhold, batches, print runs, closing as a split, new waybills, cancelling */
    MAY_STOCK,    /* receipts, adjustments, moves */
    MAY_ANSWER,   /* say whether a label came out */
    MAY_IMPORT,
    MAY_ADMIN,    /* people, printers, settings, ranges */
    MAY_WORK,     /* what only the print worker does */
    PERMISSION_COUNT
};

const char *role_name(enum role role);       /* as stored: "packer" */
enum role role_parse(const char *name);      /* ROLE_NONE when unknown */
const char *role_label(enum role role);      /* translated */
gboolean role_may(enum role role, enum permission permission);

const char *permission_name(enum permission permission);  /* "pick" */
const char *permission_label(enum permission permission); /* translated: "pick goods" */

/* Digits a role's PIN must have at least. */
guint role_pin_digits(enum role role);
