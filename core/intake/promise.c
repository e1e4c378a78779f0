/* SPDX-License-Identifier: MIT */
#include "core/intake/promise.h"

#include "core/act/allocate.h"
#include "core/base/clock.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/flow/flow.h"
#include "core/intake/draft.h"
#include "core/intake/zip.h"
#include "core/site/site.h"

enum { FREE_PRODUCTS, WANTING, SHORT_LINES, PRESALE_DUE };

static const struct sql SQL[] = {
    [PRESALE_DUE] = {"presale_due", "SELECT b.shipment_id FROM block b JOIN shipment s ON s.id = b.shipment_id "
                                    "WHERE b.kind = 'presale' AND b.cleared_at IS NULL AND b.reason <> '' "
                                    "AND b.reason <= $1 AND s.warehouse_id = $2 ORDER BY b.shipment_id"},
    [FREE_PRODUCTS] = {"waiting_free",
                       "SELECT t.product_id, CAST(SUM(t.on_hand - t.reserved) AS BIGINT) FROM stock t "
                       "JOIN location p ON p.id = t.location_id AND p.kind = 'bin' WHERE t.warehouse_id = $1 "
                       "AND t.owner_id = $2 AND t.on_hand > t.reserved GROUP BY t.product_id"},
    /* One product, one shipment at a time: an engine without statistics can't plan these wrong. */
    [WANTING] = {"waiting_wanting", "SELECT shipment_id FROM shipment_line WHERE product_id = $1 AND state = 'open'"},
    [SHORT_LINES] = {"waiting_short",
                     "SELECT s.cut_off_at, l.product_id, l.quantity - l.picked FROM shipment s "
                     "JOIN shipment_line l ON l.shipment_id = s.id AND l.state = 'open' WHERE s.id = $1 "
                     "AND s.state IN ('new', 'ready', 'batched', 'picking', 'picked', 'packing') AND EXISTS (SELECT 1 FROM block b "
                     "WHERE b.shipment_id = s.id AND b.kind = 'short' AND b.cleared_at IS NULL)"},
};

int64_t intake_cut_off(const struct site *site, const char *code, int64_t at_utc_ms, int promise_on)
{
    enum { DEFAULT_CUT_OFF = 18 * 60 };
    const struct courier *courier = site->couriers ? couriers_get(site->couriers, code) : NULL;
    int minute = courier && courier->cut_off_minute >= 0 ? courier->cut_off_minute : DEFAULT_CUT_OFF;
    int64_t at = at_utc_ms ? at_utc_ms : site_now(site);
    if (promise_on)
        return clock_instant(site->zone, promise_on, minute);
    int64_t today = clock_instant(site->zone, clock_civil_date(site->zone, at), minute);
    const int64_t day_ms = INT64_C(86400000);
    return today > at ? today : clock_instant(site->zone, clock_civil_date(site->zone, at + day_ms), minute);
}

/* Why the courier could not bring it; NULL when it could. Reasons are words of the program, never of the address. */
const char *intake_address_fault(gboolean has_addresses, const struct order_draft *draft)
{
    const struct draft_recipient *recipient = &draft->recipient;
    if (!draft->courier[0])
        return "courier";
    if (!has_addresses)
        return NULL;
    if (draft->flags & DRAFT_UNREADABLE)
        return "unreadable";
    if (!recipient->name[0])
        return "name";
    if (draft->flags & DRAFT_PHONE_LOST)
        return "phone";
    if (recipient->store_code[0])
        return NULL;
    if (!recipient->address[0])
        return "address";
    return recipient->postcode[0] || !zip_in_taiwan(recipient->country) ? NULL : "postcode";
}

void intake_date_text(int civil_date, char text[static INTAKE_DATE])
{
    g_snprintf(text, INTAKE_DATE, "%04d-%02d-%02d", civil_date / 10000 % 10000, civil_date / 100 % 100, civil_date % 100);
}

/* --- what waited ---------------------------------------------------------------------------------------- */

enum { RELEASE_CHUNK = 200 };

/* What an import that was killed left behind: new, and nothing stops it. */
static gboolean release_ready(struct site *site, struct actor actor, uint64_t *released, GError **error)
{
    struct waiting_result result;
    gboolean done;
    do {
        GArray *ids = waiting_ready(site, RELEASE_CHUNK, error);
        result = (struct waiting_result){0};
        done = ids && waiting_release(site, actor, (const int64_t *)(const void *)ids->data, ids->len, &result, error);
        *released += result.released;
        if (ids)
            g_array_unref(ids);
    } while (done && result.released + result.short_of_stock > 0);
    return done;
}

/* Product id -> pieces free, for products that have some. */
static GHashTable *load_free(struct site *site, GError **error)
{
    GHashTable *free_of = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct rows *rows = db_query(site->db, &SQL[FREE_PRODUCTS],
                                 DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t *pair = g_new(int64_t, 2);
        pair[0] = rows_int(rows, 0);
        pair[1] = rows_int(rows, 1);
        g_hash_table_insert(free_of, pair, pair + 1);
    }
    if (more == 0)
        return free_of;
    g_hash_table_unref(free_of);
    return NULL;
}

/* Takes what the lines of one shipment want, all or nothing: lines is product, quantity, product, quantity ... */
static gboolean can_serve(GHashTable *free_of, const GArray *lines)
{
    gboolean enough = TRUE;
    guint n = 0;
    for (; n < lines->len && enough; n += 2) {
        int64_t *left = g_hash_table_lookup(free_of, &g_array_index(lines, int64_t, n));
        enough = left && *left >= g_array_index(lines, int64_t, n + 1);
        if (enough)
            *left -= g_array_index(lines, int64_t, n + 1);
    }
    for (guint i = 0; !enough && i + 2 < n; i += 2) {
        int64_t *left = g_hash_table_lookup(free_of, &g_array_index(lines, int64_t, i));
        *left += g_array_index(lines, int64_t, i + 1);
    }
    return enough;
}

/* A shipment that wants something of what is free. */
struct wanting {
    int64_t cut_off_at, id;
    GArray *lines; /* int64_t: product, quantity, ... */
};

static void wanting_clear(void *data)
{
    struct wanting *wanting = data;
    g_array_unref(wanting->lines);
}

static int by_promise(const void *a, const void *b)
{
    const struct wanting *left = a, *right = b;
    if (left->cut_off_at != right->cut_off_at)
        return left->cut_off_at < right->cut_off_at ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

static gboolean add_wanting_of(struct site *site, int64_t product_id, GHashTable *ids, GError **error)
{
    struct rows *rows = db_query(site->db, &SQL[WANTING], DB_ARGS(db_int(product_id)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t id = rows_int(rows, 0);
        if (!g_hash_table_contains(ids, &id))
            g_hash_table_add(ids, g_memdup2(&id, sizeof id));
    }
    return more == 0;
}

static gboolean load_wanting(struct site *site, int64_t id, GArray *all, GError **error)
{
    struct wanting wanting = {.id = id, .lines = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    struct rows *rows = db_query(site->db, &SQL[SHORT_LINES], DB_ARGS(db_int(id)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t line[2] = {rows_int(rows, 1), rows_int(rows, 2)};
        wanting.cut_off_at = rows_int(rows, 0);
        g_array_append_vals(wanting.lines, line, 2);
    }
    if (wanting.lines->len > 0)
        g_array_append_val(all, wanting);
    else
        wanting_clear(&wanting);
    return more == 0;
}

/* Short shipments all of whose lines the free stock could serve, in promise order. */
static GArray *find_servable(struct site *site, GHashTable *free_of, GError **error)
{
    GHashTable *ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct wanting));
    GArray *servable = g_array_new(FALSE, FALSE, sizeof(int64_t));
    gboolean done = TRUE;
    GHashTableIter iter;
    void *key;
    g_array_set_clear_func(all, wanting_clear);
    g_hash_table_iter_init(&iter, free_of);
    while (done && g_hash_table_iter_next(&iter, &key, NULL))
        done = add_wanting_of(site, *(int64_t *)key, ids, error);
    g_hash_table_iter_init(&iter, ids);
    while (done && g_hash_table_iter_next(&iter, &key, NULL))
        done = load_wanting(site, *(int64_t *)key, all, error);
    g_array_sort(all, by_promise);
    for (guint i = 0; done && i < all->len; i++) {
        const struct wanting *wanting = &g_array_index(all, struct wanting, i);
        if (can_serve(free_of, wanting->lines))
            g_array_append_val(servable, wanting->id);
    }
    g_array_unref(all);
    g_hash_table_unref(ids);
    if (done)
        return servable;
    g_array_unref(servable);
    return NULL;
}

static gboolean release_short(struct site *site, struct actor actor, uint64_t *released, GError **error)
{
    GHashTable *free_of = load_free(site, error);
    if (!free_of)
        return FALSE;
    GArray *ids = g_hash_table_size(free_of) ? find_servable(site, free_of, error)
                                             : g_array_new(FALSE, FALSE, sizeof(int64_t));
    gboolean done = ids != NULL;
    for (guint i = 0; done && i < ids->len; i += RELEASE_CHUNK) {
        struct waiting_result result = {0};
        done = waiting_release(site, actor, &g_array_index(ids, int64_t, i), MIN(ids->len - i, RELEASE_CHUNK), &result,
                               error);
        *released += result.released;
    }
    if (ids)
        g_array_unref(ids);
    g_hash_table_unref(free_of);
    return done;
}

/* Presales whose day has come go on. */
static gboolean end_presales(struct site *site, struct actor actor, GError **error)
{
    char today[INTAKE_DATE];
    intake_date_text(clock_civil_date(site->zone, site_now(site)), today);
    struct rows *rows = db_query(site->db, &SQL[PRESALE_DUE], DB_ARGS(db_text(today), db_int(site->warehouse_id)), error);
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct event event = {.key = flow_key(site), .kind = EV_UNBLOCK, .actor = actor, .block = BLOCK_PRESALE,
                              .shipment_id = rows_int(rows, 0)};
        g_array_append_val(events, event);
    }
    struct outcome *outcomes = g_new0(struct outcome, events->len + 1);
    gboolean done =
        more == 0 && flow_apply(site, (const struct event *)(const void *)events->data, events->len, outcomes, error);
    g_free(outcomes);
    g_array_unref(events);
    return done;
}

gboolean intake_release_waiting(struct site *site, struct actor actor, gboolean short_too, uint64_t *released,
                                GError **error)
{
    return end_presales(site, actor, error) && release_ready(site, actor, released, error) && (!short_too || release_short(site, actor, released, error));
}
