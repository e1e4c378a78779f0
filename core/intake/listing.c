/* SPDX-License-Identifier: MIT */
#include "core/intake/listing.h"

#include "core/base/autoptr.h"
#include "core/db/rows.h"
#include "core/goods/product.h"
#include "core/intake/draft.h"
#include "core/site/said.h"
#include "core/site/site.h"

enum { BOOK_MAX = 200000 };

enum { LISTING_FIND, LISTING_INSERT, LISTING_LOCK, PART_INSERT };

static const struct sql SQL[] = {
    [LISTING_FIND] = {"listing_find",
                      "SELECT l.id, COALESCE(l.mapped_at, 0), COALESCE(p.product_id, 0), COALESCE(p.quantity, 0) "
                      "FROM listing l LEFT JOIN listing_part p ON p.listing_id = l.id "
                      "WHERE l.shop_id = $1 AND l.ident = $2 ORDER BY p.product_id"},
    [LISTING_INSERT] = {"listing_insert", "INSERT INTO listing (id, shop_id, ident, shop_sku, title, variant, mapped_at) "
                                          "VALUES ($1, $2, $3, $4, $5, $6, $7)"},
    [LISTING_LOCK] = {"listing_lock", "UPDATE listing SET title = title WHERE id = $1 AND mapped_at IS NULL"},
    [PART_INSERT] = {"listing_part_insert",
                     "INSERT INTO listing_part (listing_id, product_id, quantity) VALUES ($1, $2, $3) ON CONFLICT "
                     "(listing_id, product_id) DO UPDATE SET quantity = listing_part.quantity + excluded.quantity"},
};

static void listing_free(void *data)
{
    struct listing *listing = data;
    g_array_unref(listing->parts);
    g_free(listing);
}
DEFINE_AUTOPTR(listing, listing_free)

void listing_book_init(struct listing_book *book, struct site *site, int64_t shop_id, gboolean create_products)
{
    *book = (struct listing_book){.site = site, .shop_id = shop_id, .create_products = create_products, .round = 1};
    book->by_ident = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, listing_free);
}

void listing_book_clear(struct listing_book *book)
{
    g_clear_pointer(&book->by_ident, g_hash_table_unref);
}

void listing_book_forget(struct listing_book *book)
{
    g_hash_table_remove_all(book->by_ident);
}

void listing_book_round(struct listing_book *book)
{
    book->round++;
    if (g_hash_table_size(book->by_ident) > BOOK_MAX)
        listing_book_forget(book);
}

static struct listing *listing_new(int64_t id)
{
    struct listing *listing = g_new0(struct listing, 1);
    listing->id = id;
    listing->parts = g_array_new(FALSE, FALSE, sizeof(struct listing_part));
    return listing;
}

static void read_part(struct rows *rows, void *data)
{
    struct listing **listing = data;
    const struct listing_part part = {rows_int(rows, 2), rows_int(rows, 3)};
    if (!*listing)
        *listing = listing_new(rows_int(rows, 0));
    (*listing)->mapped = rows_int(rows, 1) != 0;
    if (part.product_id)
        g_array_append_val((*listing)->parts, part);
}

/* 1 with *found; 0: there is none; -1 failed. */
static int load(struct listing_book *book, const char *ident, struct listing **found, GError **error)
{
    g_autoptr(listing) listing = NULL;
    struct rows *rows = db_query(book->site->db, &SQL[LISTING_FIND], DB_ARGS(book->shop_id, ident), error);
    if (!rows_each(rows, read_part, &listing, error))
        return -1;
    *found = g_steal_pointer(&listing);
    return *found != NULL;
}

/* The product a new listing stands for by its SKU; 0: none. -1 failed. */
static int64_t product_for(struct listing_book *book, const struct draft_line *line, GError **error)
{
    if (!line->sku[0])
        return 0;
    int64_t id = product_find(book->site, line->sku, error);
    if (id != 0 || !book->create_products)
        return id;
    struct product product = {.sku = line->sku, .name = line->title[0] ? line->title : line->sku};
    id = product_add(book->site, &product, error);
    book->products_made++;
    return id ? id : -1;
}

gboolean listing_part_add(struct site *site, int64_t listing_id, const struct listing_part *part, GError **error)
{
    said_note(site, SAID_PARTS, listing_id);
    return db_exec(site->db, &SQL[PART_INSERT], DB_ARGS(listing_id, part->product_id, part->quantity), NULL, error);
}

static struct listing *make(struct listing_book *book, const struct draft_line *line, const char *ident, GError **error)
{
    struct site *site = book->site;
    int64_t product_id = product_for(book, line, error);
    if (product_id < 0)
        return NULL;
    g_autoptr(listing) listing = listing_new(site_id(site));
    listing->mapped = product_id > 0;
    gboolean done = db_exec(site->db, &SQL[LISTING_INSERT],
                            DB_ARGS(listing->id, book->shop_id, ident, line->sku, line->title, line->variant,
                                    product_id ? db_int(site_now(site)) : db_null()), NULL, error);
    if (done && product_id) {
        struct listing_part part = {product_id, 1};
        g_array_append_val(listing->parts, part);
        done = listing_part_add(site, listing->id, &part, error);
    }
    said_note(site, SAID_LISTING, listing->id);
    return done ? g_steal_pointer(&listing) : NULL;
}

/* As make() would, and nothing is written. */
static struct listing *imagine(struct listing_book *book, const struct draft_line *line, GError **error)
{
    int64_t product = !line->sku[0] ? 0 : book->create_products ? 1 : product_find(book->site, line->sku, error);
    if (product < 0)
        return NULL;
    struct listing *listing = listing_new(0);
    listing->mapped = product > 0;
    return listing;
}

/* Locks an unmapped listing; when it was mapped meanwhile it is read again. */
static struct listing *settle(struct listing_book *book, struct listing *listing, const char *ident, GError **error)
{
    int64_t changed = 0;
    if (listing->mapped || listing->checked == book->round)
        return listing;
    if (!db_exec(book->site->db, &SQL[LISTING_LOCK], DB_ARGS(listing->id), &changed, error))
        return NULL;
    listing->checked = book->round;
    if (changed == 1)
        return listing;
    struct listing *again = NULL;
    if (load(book, ident, &again, error) <= 0)
        return NULL;
    again->checked = book->round;
    g_hash_table_replace(book->by_ident, g_strdup(ident), again);
    return again;
}

/* Of the book, else of the database, else made, or imagined; the book remembers it. NULL failed. */
static struct listing *find(struct listing_book *book, const struct draft_line *line, const char *ident, gboolean makes,
                            GError **error)
{
    struct listing *listing = g_hash_table_lookup(book->by_ident, ident);
    if (listing || load(book, ident, &listing, error) < 0)
        return listing;
    if (!listing)
        listing = makes ? make(book, line, ident, error) : imagine(book, line, error);
    if (listing)
        g_hash_table_insert(book->by_ident, g_strdup(ident), listing);
    return listing;
}

const struct listing *listing_get(struct listing_book *book, const struct draft_line *line, GError **error)
{
    g_autofree char *ident = draft_line_ident(line);
    struct listing *listing = find(book, line, ident, TRUE, error);
    return listing ? settle(book, listing, ident, error) : NULL;
}

int listing_is_mapped(struct listing_book *book, const struct draft_line *line, GError **error)
{
    g_autofree char *ident = draft_line_ident(line);
    const struct listing *listing = find(book, line, ident, FALSE, error);
    return listing ? listing->mapped : -1;
}
