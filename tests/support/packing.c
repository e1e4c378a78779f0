/* SPDX-License-Identifier: MIT */
#include "tests/support/packing.h"

#include <stdio.h>
#include <string.h>

enum { UNITS = 100000, SILENT_MS = 60000, LINE = 96 };

#define NO_KEY INT64_C(0)
#define KEYS_EACH (INT64_C(1) << 40) /* of one packer, far from those that sites make */

static const char BADGE[] = "4001", PIN[] = "482915", CODE[] = "4710000000017";

void packing_prepare(struct floor *floor, struct packing *all, int n)
{
    headless_hire(floor, BADGE, ROLE_PACKER, PIN);
    floor_receive(floor, floor_product(floor, "MUG-RED", CODE), 0, floor_bin(floor, "A-01-1", 1), (int64_t)UNITS * n);
    for (int i = 0; i < n; i++) {
        struct packing *packing = &all[i];
        *packing = (struct packing){.next_key = KEYS_EACH * (i + 1), .given = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                                    .acked = g_array_new(FALSE, FALSE, sizeof(int64_t))};
        g_queue_init(&packing->waiting);
        g_snprintf(packing->station, sizeof packing->station, "bench-%d", i + 1);
        g_snprintf(packing->order, sizeof packing->order, "SP-%d", i + 1);
        int64_t shipment = floor_order(floor, packing->order, "hct", FLOOR_ITEMS({"MUG-RED", UNITS}));
        floor_release(floor, shipment);
        floor_pick_all(floor, shipment);
    }
}

static void forget_waiting(struct packing *packing)
{
    g_queue_clear_full(&packing->waiting, g_free);
}

void packing_free(struct packing *packing)
{
    forget_waiting(packing);
    g_array_unref(packing->given);
    g_array_unref(packing->acked);
}

static gboolean give(struct packing *packing, const char *line, int64_t key)
{
    if (!headless_send(packing->headless, line))
        return FALSE;
    g_queue_push_tail(&packing->waiting, g_memdup2(&key, sizeof key));
    return TRUE;
}

void packing_launch(struct packing *packing, const char *url, const char *const *wrapper)
{
    forget_waiting(packing);
    packing->headless = headless_start_under(wrapper, url, packing->station);
}

static void login_line(char line[static LINE])
{
    g_snprintf(line, LINE, ":login %s %s", BADGE, PIN);
}

static void scan_line(int64_t key, char line[static LINE])
{
    g_snprintf(line, LINE, "{\"scan\": \"%s\", \"key\": \"%" G_GINT64_FORMAT "\"}", CODE, key);
}

void packing_start(struct packing *packing, const char *url, const char *const *wrapper)
{
    char login[LINE];
    packing_launch(packing, url, wrapper);
    login_line(login);
    give(packing, login, NO_KEY);
    give(packing, packing->order, NO_KEY);
}

gboolean packing_give(struct packing *packing)
{
    char line[LINE];
    int64_t key = packing->next_key++;
    scan_line(key, line);
    if (!give(packing, line, key))
        return FALSE;
    g_array_append_val(packing->given, key);
    return TRUE;
}

static enum packing_said said(const struct packing *packing, json_t *answer)
{
    const char *outcome = json_string_value(json_object_get(answer, "outcome"));
    if (g_strcmp0(outcome, "ok") == 0)
        return PACKING_OK;
    if (g_strcmp0(outcome, "error") == 0)
        return PACKING_ERROR;
    if (!outcome && json_object_get(answer, "error")) /* why it did not start */
        return PACKING_GONE;
    g_autofree char *text = json_dumps(answer, JSON_COMPACT);
    fprintf(stderr, "%s: %s\n", packing->station, text);
    return PACKING_NO;
}

enum packing_said packing_hear(struct packing *packing)
{
    if (!headless_wait(packing->headless, SILENT_MS)) {
        fprintf(stderr, "%s: no answer within %d s\n", packing->station, SILENT_MS / 1000);
        return PACKING_SILENT;
    }
    json_t *answer = headless_read(packing->headless);
    if (!answer)
        return PACKING_GONE;
    g_autofree int64_t *key = g_queue_pop_head(&packing->waiting);
    enum packing_said said_so = said(packing, answer);
    json_decref(answer);
    if (said_so == PACKING_OK && key && *key != NO_KEY)
        g_array_append_val(packing->acked, *key);
    return said_so;
}

gboolean packing_is_open(struct packing *packing)
{
    return packing_hear(packing) == PACKING_OK && packing_hear(packing) == PACKING_OK;
}

/* --- step by step ------------------------------------------------------------------------------------------ */

static enum packing_said insist(struct packing *packing, const char *line, int64_t key, int times)
{
    enum packing_said heard = PACKING_ERROR;
    for (int i = 0; i <= times && heard == PACKING_ERROR; i++)
        heard = give(packing, line, key) ? packing_hear(packing) : PACKING_GONE;
    return heard;
}

enum packing_said packing_insist_open(struct packing *packing, int times)
{
    char login[LINE];
    login_line(login);
    enum packing_said heard = insist(packing, login, NO_KEY, times);
    return heard == PACKING_OK ? insist(packing, packing->order, NO_KEY, times) : heard;
}

enum packing_said packing_insist_on(struct packing *packing, int64_t key, int times)
{
    char line[LINE];
    scan_line(key, line);
    return insist(packing, line, key, times);
}

enum packing_said packing_insist(struct packing *packing, int times)
{
    int64_t key = packing->next_key++;
    g_array_append_val(packing->given, key);
    return packing_insist_on(packing, key, times);
}

gboolean packing_has_acked(const struct packing *packing, int64_t key)
{
    for (guint i = 0; i < packing->acked->len; i++)
        if (g_array_index(packing->acked, int64_t, i) == key)
            return TRUE;
    return FALSE;
}

void packing_end(struct packing *packing)
{
    headless_close(packing->headless);
    while (packing_hear(packing) != PACKING_GONE)
        continue;
    headless_bury(packing->headless);
    packing->headless = NULL;
}

gboolean packing_kill(struct packing *packing)
{
    enum packing_said heard;
    gboolean all_ok = TRUE;
    headless_shoot(packing->headless);
    while ((heard = packing_hear(packing)) != PACKING_GONE)
        all_ok = all_ok && heard == PACKING_OK;
    headless_bury(packing->headless);
    packing->headless = NULL;
    return all_ok;
}

int64_t packing_missing(struct floor *floor, const GArray *keys)
{
    int64_t missing = 0;
    for (guint i = 0; i < keys->len; i++)
        missing += floor_int(floor, "SELECT COUNT(*) FROM event WHERE key = $1", g_array_index(keys, int64_t, i)) == 0;
    return missing;
}
