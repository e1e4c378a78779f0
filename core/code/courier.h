/* SPDX-License-Identifier: MIT
 *
 * Couriers are data: one assets/couriers/CODE.ini each, so that adding one needs no code. A courier has one
 * or several number forms (ordinary, return, piece id); a form is a pattern whose groups "serial" and "check"
 * say what its check rule covers. Everything here is read once at start and constant afterwards; COD in whole
 * currency units, cut-offs in minutes after local midnight.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/code/checkdigit.h"

/* Where a waybill number comes from. */
enum number_source {
    NUMBER_RANGE,    /* from our own range, with the courier's check digit or as it is */
    NUMBER_LIST,     /* the next one of an imported list */
    NUMBER_ORDER,    /* comes with the order and is printed by us */
    NUMBER_EXTERNAL, /* the slip is drawn elsewhere; its number is scanned at the label step */
    NUMBER_PENDING   /* booked, the number comes later by import */
};

struct number_form {
    char *name;
    GRegex *pattern;
    const struct check_rule *rule; /* NULL: no check digit is known, the pattern decides alone */
    struct check_params params;
};

struct courier {
    char *code; /* "hct"; the file's name */
    char *name, *name_zh;

    enum number_source source;
    char **kinds;     /* number kinds kept apart: "ordinary", "cod"; the first is the default */
    GPtrArray *forms; /* struct number_form */
    char *make; /* how a number of a range is put together: "1Z{serial:15}{check}", the prefix of the range
                   being the first of the serial's 15 places; "" when never made */
    char *grouping;    /* digits a group in print, "4-4-4"; "" as it is */
    int64_t low_mark;  /* fewer numbers left than this is an alert */

    char *label_template; /* name of a label template */
    char *symbology; /* "code128" or "gs1-128" */
    char *barcode;   /* what the barcode holds: "{number}", "[00]{number}" */

    char **services;    /* codes a shop's service may be mapped to; the first is the default */
    int cut_off_minute; /* -1: none */
    int address_max;    /* characters the courier takes, 0: no limit */
    int name_max;
    char *forbidden; /* characters it refuses in names and addresses */
    int64_t cod_max; /* 0: it takes no COD */
    gboolean store_pickup;
    gboolean needs_postcode;
};

struct courier_list; /* all of them */

/* Loads every *.ini of a directory; NULL: the assets' couriers. NULL with *error naming file and key. */
struct courier_list *couriers_load(const char *dir, GError **error);
void couriers_free(struct courier_list *couriers);
DEFINE_AUTOPTR(courier_list, couriers_free)

/* Of the files they were read from: 16 hex digits, others when one of them is another. */
const char *couriers_digest(const struct courier_list *couriers);

const struct courier *couriers_get(const struct courier_list *couriers, const char *code); /* NULL: there is none */
guint couriers_count(const struct courier_list *couriers);
const struct courier *couriers_at(const struct courier_list *couriers, guint n); /* by code */

/* Its name in the language of the screens. Borrowed. */
const char *courier_label(const struct courier *courier);

/* A number as it is compared and stored: upper case, without the blanks and hyphens of print. Caller frees. */
char *number_normal(const char *number);

/* The number as it is stored, out of what was scanned or typed: normal, and without what the courier's barcode carries
 * in front of it (the pattern's group "number" says which part it is). A text that fits no form comes back normal.
 * Caller frees. */
char *courier_bare_number(const struct courier *courier, const char *text);

/* Whether a normal number is one of the form's; its check digit too. */
gboolean number_form_fits(const struct number_form *form, const char *number);

/* The form a normal number fits, or NULL. */
const struct number_form *courier_fits(const struct courier *courier, const char *number);

/* The same with the reason why not: wrong form or wrong check digit. */
gboolean courier_check(const struct courier *courier, const char *number, GError **error);

/* Couriers a normal number fits, into out[0..max-1]. Returns how many. */
guint couriers_match(const struct courier_list *couriers, const char *number, const struct courier *out[], guint max);

/* The number of a serial of a range, check digit and all: prefix may be NULL; width is how many digits the
 * serial has, 0: as many as the courier's numbers leave. NULL with *error when the courier's numbers are not
 * made or the serial does not fit. Caller frees. */
char *courier_make_number(const struct courier *courier, const char *prefix, int width, int64_t serial, GError **error);

/* The number in the groups the courier prints: "9044 0012 3456". Caller frees. */
char *courier_group_number(const struct courier *courier, const char *number);

/* What goes into the barcode. postcode may be NULL. Caller frees. */
char *courier_barcode(const struct courier *courier, const char *number, const char *postcode);

/* What is to be brought, for courier_fault(). Texts may be NULL. */
struct delivery {
    const char *name, *address, *postcode, *store_code;
    int64_t cod_minor;
    const char *currency;
};

/* Why the courier can't bring it, translated and without personal data ("it takes no COD"); NULL when it can. */
const char *courier_fault(const struct courier *courier, const struct delivery *delivery);

/* A kind of numbers for people: "ordinary", "COD". Translated. */
const char *number_kind_label(const char *kind);

/* "range", "list", "order", "external", "pending". */
const char *number_source_name(enum number_source source);
