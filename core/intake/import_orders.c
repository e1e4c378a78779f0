/* SPDX-License-Identifier: MIT */
#include "core/intake/import_orders.h"

#include <string.h>

#include "core/act/allocate.h"
#include "core/db/db.h"
#include "core/goods/stock.h"
#include "core/intake/order_reader.h"
#include "core/intake/promise.h"
#include "core/intake/shop.h"
#include "core/intake/store.h"
#include "core/intake/zip.h"
#include "core/site/site.h"
#include "core/table/source.h"

enum { MAX_MB = 2048 };

/* Everything one import holds open. */
struct run {
    struct intake intake;
    struct import_result *result;
    GPtrArray *formats;
    struct zip_table *zips;
    struct source *source;
    const struct shop_format *format;
    struct order_reader *reader;
    struct shop shop;
    int64_t import_id;
};

static gboolean choose_format(struct run *run, GError **error)
{
    const struct import_orders *import = run->intake.import;
    const char *named = import->format ? import->format : run->shop.format[0] ? run->shop.format : NULL;
    if (named && !(run->format = shop_formats_get(run->formats, named, error)))
        return FALSE;
    run->source = import_open(run->intake.site, import->path, run->format ? run->format->encodings : NULL, MAX_MB,
                              error);
    if (run->source && !run->format)
        run->format = shop_format_recognise(run->formats, run->source, import->path, error);
    return run->source && run->format;
}

static gboolean open_run(struct run *run, GError **error)
{
    struct site *site = run->intake.site;
    const struct import_orders *import = run->intake.import;
    g_autofree char *digest = NULL; /* of the whole file */
    if (!shop_find(site, import->shop, &run->shop, error) || !(run->formats = shop_formats_load(NULL, error)) ||
        !(run->zips = zip_load(NULL, error)) || !choose_format(run, error) ||
        (!import->dry_run && !(digest = source_digest(run->source, error))) ||
        !(run->reader = order_reader_new(run->source, run->format, import->path, error)))
        return FALSE;
    g_strlcpy(run->result->format, run->format->code, sizeof run->result->format);
    g_strlcpy(run->result->encoding, source_encoding(run->source), sizeof run->result->encoding);
    if (import->dry_run)
        return TRUE;
    if (!run->shop.id && !shop_make(site, import->shop, run->format->code, &run->shop, error))
        return FALSE;
    run->import_id = import_begin(site, run->shop.id, "orders", digest, error);
    return run->import_id != 0;
}

static void close_run(struct run *run)
{
    order_reader_free(run->reader);
    source_free(run->source);
    g_clear_pointer(&run->zips, zip_free);
    g_clear_pointer(&run->formats, g_ptr_array_unref);
    listing_book_clear(&run->intake.book);
    g_clear_pointer(&run->intake.free_stock, g_hash_table_unref);
}

static gboolean flush(struct run *run, struct chunk *chunk, GError **error)
{
    const struct import_orders *import = run->intake.import;
    if (!chunk_store(&run->intake, chunk, error))
        return FALSE;
    if (import->on_progress)
        import->on_progress(order_reader_rows(run->reader), order_reader_total_rows(run->reader), import->data);
    return TRUE;
}

static gboolean store_all(struct run *run, GError **error)
{
    struct chunk chunk;
    struct order_draft *draft = NULL;
    int more;
    gboolean done = TRUE;
    chunk_init(&chunk);
    while (done && (more = order_reader_next(run->reader, &draft, error)) != 0) {
        done = more > 0;
        if (done && !chunk_add(&chunk, draft)) {
            done = flush(run, &chunk, error);
            if (!chunk_add(&chunk, draft))
                g_assert_not_reached();
        }
    }
    done = done && flush(run, &chunk, error);
    chunk_clear(&chunk);
    return done;
}

static gboolean open_intake(struct run *run, GError **error)
{
    struct intake *intake = &run->intake;
    struct site *site = intake->site;
    char **const *columns = run->format->columns;
    const char *courier = g_hash_table_lookup(site->settings, "default_courier");
    intake->zips = run->zips;
    intake->shop_id = run->shop.id;
    intake->default_courier = courier ? courier : "";
    intake->has_addresses = columns[FIELD_ADDRESS][0] || columns[FIELD_STORE_CODE][0];
    intake->tally->document_orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    listing_book_init(&intake->book, site, run->shop.id, intake->import->create_products);
    if (intake->import->dry_run || !site_setting_int(site, "release_at_import", 1))
        return TRUE;
    intake->free_stock = stock_free(site, error);
    return intake->free_stock != NULL;
}

/* A server plans by what it was last told of its tables, and of a floor's first file it was told nothing: what follows
 * would read all blocks once a shipment. It is a hint: the orders are stored, and nothing fails for want of it. SQLite plans
 * by the statement alone. */
static void tell_planner(struct intake *intake)
{
    enum { WORTH_IT = 500 };
    static const struct sql IS_TOLD = {"import_is_told",
                                       "SELECT COUNT(last_analyze) + COUNT(last_autoanalyze) FROM pg_stat_user_tables "
                                       "WHERE relname IN ('shipment', 'block')"},
                            TELL = {"import_tell", "ANALYZE sales_order, order_line, shipment, shipment_line, block"};
    struct db *db = intake->site->db;
    int64_t told = 0;
    if (db_engine_of(db) == DB_SQLITE || intake->tally->orders[FATE_NEW] < WORTH_IT)
        return;
    if (db_get_ints(db, &IS_TOLD, NULL, 0, &told, 1, NULL) <= 0 || told > 0)
        return;
    db_set_patience(db, 0);
    db_exec(db, &TELL, NULL, 0, NULL, NULL);
    db_set_patience(db, DB_PATIENCE_MS);
}

/* Only now that all of the file is there, so that who comes first does not depend on where in it an order stands. */
static gboolean release(struct intake *intake, GError **error)
{
    struct allocation allocation = {0};
    if (!intake->free_stock)
        return TRUE;
    const struct actor actor = {.person_id = intake->site->system_person_id};
    tell_planner(intake);
    gboolean done = intake_release_waiting(intake->site, actor, &allocation, error);
    intake->tally->released += allocation.released;
    intake->tally->blocks[tally_block(BLOCK_SHORT)] += allocation.short_of_stock;
    return done;
}

static gboolean import_run(struct run *run, GError **error)
{
    struct intake *intake = &run->intake;
    gboolean done = open_intake(run, error) && store_all(run, error);
    if (done && !intake->import->dry_run)
        done = release(intake, error) && import_end(intake->site, run->import_id, intake->tally, error);
    run->result->bad_bytes = source_bad_bytes(run->source);
    return done;
}

gboolean import_orders(struct site *site, const struct import_orders *import, struct import_result *result,
                       GError **error)
{
    struct run run = {.intake = {.site = site, .import = import, .tally = &result->tally}, .result = result};
    int64_t began_us = g_get_monotonic_time();
    memset(result, 0, sizeof *result);
    gboolean done = open_run(&run, error) && import_run(&run, error);
    result->took_ms = (g_get_monotonic_time() - began_us) / 1000;
    close_run(&run);
    return done;
}

void import_result_clear(struct import_result *result)
{
    if (result->tally.document_orders)
        g_hash_table_unref(result->tally.document_orders);
}
