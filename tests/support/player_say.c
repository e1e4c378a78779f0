/* SPDX-License-Identifier: MIT
 *
 * What a tape says, as rows: what people and imports write that is no event.
 */
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/site/site_setting.h"
#include "tests/support/floor.h"
#include "tests/support/player.h"

enum { WAREHOUSE = 1, OWNER = 2, SHOP = 3 };

static void put(struct db *db, const char *text, const struct db_value *args, size_t count)
{
    GError *error = NULL;
    db_exec(db, floor_sql(text), args, count, NULL, &error);
    g_assert_no_error(error);
}

#define PUT(db, text, ...) put((db), (text), DB_ARGS(__VA_ARGS__))

/* --- facts -------------------------------------------------------------------------------------------------- */

static void say_person(struct db *db, const struct tape_entry *entry)
{
    const struct person *person = (const void *)entry->row;
    g_autofree char *badge = g_strdup_printf("%" G_GINT64_FORMAT, person->id);
    PUT(db, "INSERT INTO person (id, warehouse_id, badge, name, role) VALUES ($1, $2, $3, $4, $5)", person->id,
        (int64_t)WAREHOUSE, badge, person->name, person->role);
}

static void say_location(struct db *db, const struct tape_entry *entry)
{
    const struct location *place = (const void *)entry->row;
    PUT(db, "INSERT INTO location (id, warehouse_id, kind, code, walk_order) VALUES ($1, $2, $3, $4, $5)", place->id,
        (int64_t)WAREHOUSE, place->kind, place->code, place->walk_order);
}

static void say_printer(struct db *db, const struct tape_entry *entry)
{
    const struct printer *printer = (const void *)entry->row;
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, printer->id);
    PUT(db, "INSERT INTO printer (id, warehouse_id, name, uri, backup_id, active) VALUES ($1, $2, $3, $3, $4, $5) "
            "ON CONFLICT (id) DO UPDATE SET active = excluded.active",
        printer->id, (int64_t)WAREHOUSE, name, db_ref(printer->backup_id), printer->active);
}

static void say_station(struct db *db, const struct tape_entry *entry)
{
    const struct station *station = (const void *)entry->row;
    g_autofree char *name = g_strdup_printf("bench-%" G_GINT64_FORMAT, station->id);
    PUT(db, "INSERT INTO station (id, warehouse_id, owner_id, name, printer_id, backup_printer_id) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
        station->id, (int64_t)WAREHOUSE, (int64_t)OWNER, name, db_ref(station->printer_id),
        db_ref(station->backup_printer_id));
}

static void say_product(struct db *db, const struct tape_entry *entry)
{
    const struct product *product = (const void *)entry->row;
    PUT(db, "INSERT INTO product (id, warehouse_id, owner_id, sku, name, has_lots) VALUES ($1, $2, $3, $4, $4, $5)",
        product->id, (int64_t)WAREHOUSE, (int64_t)OWNER, product->sku, product->has_lots);
}

static void say_lot(struct db *db, const struct tape_entry *entry)
{
    const struct lot *lot = (const void *)entry->row;
    PUT(db, "INSERT INTO lot (id, product_id, code, expires_on) VALUES ($1, $2, $3, $4)", lot->id, entry->of, lot->code,
        lot->expires_on);
}

static void say_recipient(struct db *db, const struct tape_entry *entry)
{
    const struct recipient *recipient = (const void *)entry->row;
    PUT(db, "INSERT INTO recipient (id, name, postcode, address, store_code) VALUES ($1, $2, $3, $4, $5)", recipient->id,
        recipient->name, recipient->postcode, recipient->address, recipient->store_code);
}

static void say_range(struct db *db, const struct tape_entry *entry)
{
    const struct number_range *range = (const void *)entry->row;
    PUT(db, "INSERT INTO waybill_range (id, warehouse_id, owner_id, courier, kind, source, prefix, width, first, last, next) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        range->id, (int64_t)WAREHOUSE, (int64_t)OWNER, range->courier, range->kind, range->source, range->prefix,
        range->width, range->first, range->last, range->next);
}

static void say_number(struct db *db, const struct tape_entry *entry)
{
    const struct waybill *waybill = (const void *)entry->row;
    PUT(db, "INSERT INTO waybill (id, warehouse_id, owner_id, courier, kind, source, number, range_id, state, changed_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'free', 0)",
        waybill->id, (int64_t)WAREHOUSE, (int64_t)OWNER, waybill->courier, waybill->kind, waybill->source, waybill->number,
        waybill->range_id);
}

/* --- orders ------------------------------------------------------------------------------------------------- */

static void say_order(struct db *db, int64_t order_id)
{
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, order_id);
    PUT(db, "INSERT INTO sales_order (id, warehouse_id, owner_id, shop_id, external_id, recipient_id, content_hash, "
            "imported_at) VALUES ($1, $2, $3, $4, $5, (SELECT MIN(id) FROM recipient), '', 0) ON CONFLICT (id) DO NOTHING",
        order_id, (int64_t)WAREHOUSE, (int64_t)OWNER, (int64_t)SHOP, name);
}

/* Each line has a listing of its own: what it turns out to be is another product each time. */
static void say_wanted(struct db *db, const struct tape_entry *entry)
{
    const struct wanted *wanted = (const void *)entry->row;
    int64_t line = wanted->order_line_id;
    g_autofree char *ident = g_strdup_printf("%" G_GINT64_FORMAT, line);
    say_order(db, wanted->order_id);
    PUT(db, "INSERT INTO listing (id, shop_id, ident, mapped_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (id) DO UPDATE SET mapped_at = excluded.mapped_at",
        line, (int64_t)SHOP, ident, db_ref(wanted->mapped));
    PUT(db, "INSERT INTO order_line (id, order_id, line_no, listing_id, quantity) VALUES ($1, $2, "
            "(SELECT COUNT(*) + 1 FROM order_line WHERE order_id = $2), $1, $3) ON CONFLICT (id) DO NOTHING",
        line, wanted->order_id, wanted->quantity);
    if (wanted->product_id)
        PUT(db, "INSERT INTO listing_part (listing_id, product_id, quantity) VALUES ($1, $2, 1)", line, wanted->product_id);
}

static void say_words(struct db *db, const struct tape_entry *entry)
{
    const struct shipment *ship = (const void *)entry->row;
    say_order(db, ship->order_id);
    PUT(db, "UPDATE sales_order SET external_id = $1, waybill_number = $2 WHERE id = $3", ship->order, ship->order_number,
        ship->order_id);
}

static void (*const SAYS[TABLE_COUNT])(struct db *db, const struct tape_entry *entry) = {
    [TABLE_PERSON] = say_person,   [TABLE_LOCATION] = say_location, [TABLE_PRINTER] = say_printer,
    [TABLE_STATION] = say_station, [TABLE_PRODUCT] = say_product,   [TABLE_LOT] = say_lot,
    [TABLE_RANGE] = say_range,     [TABLE_WAYBILL] = say_number,    [TABLE_RECIPIENT] = say_recipient,
    [TABLE_WANTED] = say_wanted,   [TABLE_SHIPMENT] = say_words,
};

/* --- all of it ---------------------------------------------------------------------------------------------- */

struct saying {
    struct player *player;
    guint first, n;
    gboolean moves_facts;
};

static gboolean say_all(struct db *db, void *data, GError **error)
{
    struct saying *saying = data;
    for (guint i = saying->first; i < saying->first + saying->n; i++) {
        const struct tape_entry *entry = &g_array_index(saying->player->tape->entries, struct tape_entry, i);
        if (entry->kind != TAPE_SAID)
            continue;
        g_assert_nonnull(SAYS[entry->row->table]);
        SAYS[entry->row->table](db, entry);
        saying->moves_facts = saying->moves_facts || entry->row->table == TABLE_PRINTER;
    }
    return !saying->moves_facts || !saying->player->house || record_facts_move(saying->player->house, error);
}

/* It is in force everywhere at once, where a real station has it when it starts. */
static void say_setting(struct player *player, const struct tape_entry *entry)
{
    const struct actor system = {.person_id = player->house->system_person_id};
    GHashTableIter iter;
    gpointer site;
    GError *error = NULL;
    if (g_strcmp0(site_setting_text(player->house, entry->name), entry->value) == 0)
        return;
    site_setting_set(player->house, &system, entry->name, entry->value, &error);
    g_assert_no_error(error);
    g_hash_table_iter_init(&iter, player->sites);
    while (g_hash_table_iter_next(&iter, NULL, &site))
        g_hash_table_replace(((struct site *)site)->settings, g_strdup(entry->name), g_strdup(entry->value));
}

static void say_in(struct db *db, struct player *player, guint first, guint n)
{
    struct saying saying = {player, first, n, FALSE};
    GError *error = NULL;
    db_transaction(db, say_all, &saying, &error);
    g_assert_no_error(error);
}

void player_say(struct player *player, guint first, guint n)
{
    say_in(player->house->db, player, first, n);
    for (guint i = first; i < first + n; i++) {
        const struct tape_entry *entry = &g_array_index(player->tape->entries, struct tape_entry, i);
        if (entry->kind == TAPE_SETTING)
            say_setting(player, entry);
    }
}

void player_say_order(struct player *player, int64_t order_id)
{
    say_order(player->house->db, order_id);
}

void player_first_rows(struct player *player)
{
    struct db *db = testdb_open(player->test);
    guint n = 0;
    PUT(db, "INSERT INTO warehouse (id, code, name, time_zone) VALUES ($1, 'W', 'W', 'Asia/Taipei')", (int64_t)WAREHOUSE);
    PUT(db, "INSERT INTO owner (id, code, name) VALUES ($1, 'O', 'O')", (int64_t)OWNER);
    PUT(db, "INSERT INTO shop (id, warehouse_id, owner_id, code, name, format) VALUES ($1, $2, $3, 'S', 'S', 'generic')",
        (int64_t)SHOP, (int64_t)WAREHOUSE, (int64_t)OWNER);
    while (n < player->tape->entries->len && g_array_index(player->tape->entries, struct tape_entry, n).kind == TAPE_SAID)
        n++;
    say_in(db, player, 0, n);
    db_close(db);
}
