/* SPDX-License-Identifier: MIT
 *
 * What stands on one document: a waybill, a packing slip, a pick list, a handover manifest, a card. Plain data,
 * already in the words and order the paper shows; where it stands is the template's business (assets/labels).
 *
 * Every string is owned by the label, UTF-8 and clean (clean.h); NULL or "" is absent. Set strings with
 * label_set(). A label is rebuilt from the ids its job names and is never stored: it holds personal data.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"

/* In the order of their names in table job. */
enum label_kind {
    LABEL_WAYBILL, LABEL_SLIP, LABEL_PICK_LIST, LABEL_MANIFEST, LABEL_BENCH_CARD, LABEL_BADGE, LABEL_TEST, LABEL_KINDS
};

enum label_symbology { LABEL_CODE128, LABEL_GS1_128, LABEL_QR };

/* A line of goods, of a pick list, or a command of a card. */
struct label_row {
    char *name;
    char *sku;
    char *bin;
    char *target; /* tote or slot the goods go to */
    char *lot;
    char *code; /* what the row's barcode holds */
    int quantity;
};

struct label {
    enum label_kind kind;
    enum label_symbology symbology;
    char *template_name; /* of the courier; NULL: the kind's own */
    char *title;
    char *courier;
    char *service;
    char *number;      /* the waybill number as it is scanned */
    char *number_read; /* in groups, as people read it */
    char *barcode;     /* what its barcode holds: the number, or "[00]..." for GS1-128 */
    char *qr;
    char *route; /* arrival depot, three-section code */
    char *recipient_name, *recipient_phone, *recipient_postcode, *recipient_address;
    char *store_code, *store_name;
    char *sender_name, *sender_phone, *sender_address;
    char *cod_currency; /* ISO 4217; NULL: nothing to collect */
    int64_t cod_minor;
    char *orders; /* the shop's order numbers, ", " between */
    char *code;   /* //S shipment, //B batch, //U person: what its own barcode holds */
    char *batch;
    int slot; /* 0: none */
    char *note;
    int sequence, total; /* n/N of a run; total 0: not of a run */
    int generation;      /* of the waybill */
    int copy;            /* 0: the first; from 1 on it says REPRINT 補印 */
    char *seal;          /* of a manifest: the journal's last daily seal, its day and its first bytes */
    char *printed_at;    /* in the warehouse's zone */
    GPtrArray *rows;     /* struct label_row *, in the order they are printed; never NULL */
};

struct label *label_new(enum label_kind kind);
void label_free(struct label *label);
DEFINE_AUTOPTR(label, label_free)

/* Replaces *member with a copy of text. */
void label_set(char **member, const char *text);

/* An empty row at the end, owned by the label. */
struct label_row *label_add_row(struct label *label);

/* "waybill", "pick_list" ...: the kind of a job, and the name of its template. */
const char *label_kind_name(enum label_kind kind);

/* LABEL_KINDS when there is no such kind. */
enum label_kind label_kind_of(const char *name);
