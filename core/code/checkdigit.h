/* SPDX-License-Identifier: MIT
 *
 * Check characters, driven by data: a rule is a named function, its weights and moduli come from a courier's
 * file. Pure. Sources: UPU S10 (s10), GS1 General Specifications 7.9 (mod10 with weights 3 1 from the right),
 * ISO/IEC 7064 (mod37_36), and the numbers couriers publish.
 */
#pragma once

#include <glib.h>

enum { CHECK_WEIGHTS_MAX = 32 };

struct check_params {
    int weights[CHECK_WEIGHTS_MAX]; /* used again from the first when the body is longer */
    guint weight_count;
    gboolean from_right; /* the first weight belongs to the last character */
    int plus;            /* added to the sum: what leading digits that are not written would add */
    int modulo, modulo2; /* rule "weighted": sum mod modulo mod modulo2; 0 is left out */
};

struct check_rule {
    const char *name;
    /* The check character of a body, or '\0' when the body is empty or holds a character the rule does not take. */
    char (*compute)(const char *body, gsize length, const struct check_params *params);
};

/* The rule of a name, or NULL. The names: mod10 mod7 weighted s10 mod37_36. */
const struct check_rule *check_rule_find(const char *name);

char check_compute(const struct check_rule *rule, const struct check_params *params, const char *body);
gboolean check_verify(const struct check_rule *rule, const struct check_params *params, const char *body, char check);

/* GS1 mod 10 over a number that ends in its check digit: GTIN, SSCC, GLN. FALSE for anything but digits. */
gboolean check_gs1(const char *digits, gsize length);
