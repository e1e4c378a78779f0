/* SPDX-License-Identifier: MIT */
#include "core/code/checkdigit.h"

#include <string.h>

#include "core/base/words.h"

/* UPS gives letters the value of their ASCII code less 3, mod 10; no other courier has letters under these rules. */
static int value10(char c)
{
    if (g_ascii_isdigit(c))
        return c - '0';
    return g_ascii_isupper(c) ? (c - 3) % 10 : -1;
}

/* The sum of value times weight, or -1. */
static int weighted_sum(const char *body, gsize length, const struct check_params *params)
{
    int sum = params->plus;
    if (params->weight_count == 0 || length == 0)
        return -1;
    for (gsize i = 0; i < length; i++) {
        gsize place = params->from_right ? length - 1 - i : i;
        int value = value10(body[i]);
        if (value < 0)
            return -1;
        sum += value * params->weights[place % params->weight_count];
    }
    return sum;
}

static char digit(int value)
{
    return (char)('0' + value % 10);
}

static char mod10(const char *body, gsize length, const struct check_params *params)
{
    int sum = weighted_sum(body, length, params);
    return sum < 0 ? '\0' : digit(10 - sum % 10);
}

static char weighted(const char *body, gsize length, const struct check_params *params)
{
    int sum = weighted_sum(body, length, params);
    if (sum < 0)
        return '\0';
    if (params->modulo)
        sum %= params->modulo;
    return digit(params->modulo2 ? sum % params->modulo2 : sum);
}

static char s10(const char *body, gsize length, const struct check_params *params)
{
    int sum = weighted_sum(body, length, params);
    if (sum < 0)
        return '\0';
    int check = 11 - sum % 11;
    if (check == 10)
        return '0';
    return check == 11 ? '5' : digit(check);
}

static char mod7(const char *body, gsize length, const struct check_params *params)
{
    int rest = 0;
    (void)params;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(body[i]))
            return '\0';
        rest = (rest * 10 + body[i] - '0') % 7;
    }
    return length ? digit(rest) : '\0';
}

static int value36(char c)
{
    if (g_ascii_isdigit(c))
        return c - '0';
    return g_ascii_isupper(c) ? c - 'A' + 10 : -1;
}

/* ISO/IEC 7064, hybrid system MOD 37,36: finds every single wrong character and nearly every swap of neighbours. */
static char mod37_36(const char *body, gsize length, const struct check_params *params)
{
    int product = 36;
    (void)params;
    for (gsize i = 0; i < length; i++) {
        int value = value36(body[i]);
        if (value < 0)
            return '\0';
        int sum = (product + value) % 36;
        product = (sum ? sum : 36) * 2 % 37;
    }
    return length ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - product) % 36] : '\0';
}

static const struct check_rule RULES[] = {
    {"mod10", mod10}, {"mod7", mod7}, {"weighted", weighted}, {"s10", s10}, {"mod37_36", mod37_36},
};

const struct check_rule *check_rule_find(const char *name)
{
    int n = WORDS_FIND(RULES, name);
    return n < 0 ? NULL : &RULES[n];
}

char check_compute(const struct check_rule *rule, const struct check_params *params, const char *body)
{
    return rule->compute(body, strlen(body), params);
}

gboolean check_verify(const struct check_rule *rule, const struct check_params *params, const char *body, char check)
{
    char right = check_compute(rule, params, body);
    return right != '\0' && right == check;
}

gboolean check_gs1(const char *digits, gsize length)
{
    static const struct check_params GS1 = {.weights = {3, 1}, .weight_count = 2, .from_right = TRUE};
    return length > 1 && strspn(digits, "0123456789") >= length && mod10(digits, length - 1, &GS1) == digits[length - 1];
}
