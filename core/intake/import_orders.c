/* SPDX-License-Identifier: MIT */
#include "core/intake/import_orders.h"

#include <string.h>

#include "core/base/error.h"
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
    struct site *site;
    const struct import_orders *import;
    struct import_result *result;
    GPtrArray *formats;
    struct zip_table *zips;
    struct source *source;
    const struct shop_format *format;
    struct order_reader *reader;
    struct shop shop;
    int64_t import_id;
    char *digest; /* of the whole file */
};

static gboolean choose_format(struct run *run, GError **error)
{
    static const char *const ANY[] = {"UTF-8", "CP950", "GB18030", NULL};
    const struct import_orders *import = run->import;
    uint64_t max_bytes = (uint64_t)site_setting_int(run->site, "import_max_mb", MAX_MB) << 20;
    const char *named = import->format ? import->format : run->shop.format[0] ? run->shop.format : NULL;
    if (named && !(run->format = shop_formats_get(run->formats, named, error)))
        return FALSE;
    run->source = source_open(import->path, run->format ? (const char *const *)run->format->encodings : ANY, max_bytes,
                              error);
    if (run->source && !run->format)
        run->format = shop_format_recognise(run->formats, run->source, import->path, error);
    return run->source && run->format;
}

static gboolean open_run(struct run *run, GError **error)
{
    const struct import_orders *import = run->import;
    if (!shop_find(run->site, import->shop, &run->shop, error) || !(run->formats = shop_formats_load(NULL, error)) ||
        !(run->zips = zip_load(NULL, error)) || !choose_format(run, error))
        return FALSE;
    if (!import->dry_run && !(run->digest = source_digest(run->source, error)))
        return FALSE;
    run->reader = order_reader_new(run->source, run->format, import->path, error);
    if (!run->reader)
        return FALSE;
    g_strlcpy(run->result->format, run->format->code, sizeof run->result->format);
    g_strlcpy(run->result->encoding, source_encoding(run->source), sizeof run->result->encoding);
    if (import->dry_run)
        return TRUE;
    return run->shop.id || shop_make(run->site, import->shop, run->format->code, &run->shop, error);
}

static void close_run(struct run *run)
{
    order_reader_free(run->reader);
    source_free(run->source);
    g_clear_pointer(&run->zips, zip_free);
    g_clear_pointer(&run->formats, g_ptr_array_unref);
    g_free(run->digest);
}

static gboolean flush(struct run *run, struct intake *intake, struct chunk *chunk, GError **error)
{
    const struct import_orders *import = run->import;
    if (!chunk_store(intake, chunk, error))
        return FALSE;
    if (import->on_progress)
        import->on_progress(order_reader_rows(run->reader), order_reader_total_rows(run->reader), import->data);
    return TRUE;
}

static gboolean store_all(struct run *run, struct intake *intake, GError **error)
{
    struct chunk chunk;
    struct order_draft *draft = NULL;
    int more;
    gboolean done = TRUE;
    chunk_init(&chunk);
    while (done && (more = order_reader_next(run->reader, &draft, error)) != 0) {
        done = more > 0;
        if (done && !chunk_add(&chunk, draft)) {
            done = flush(run, intake, &chunk, error);
            if (!chunk_add(&chunk, draft))
                g_assert_not_reached();
        }
    }
    done = done && flush(run, intake, &chunk, error);
    chunk_clear(&chunk);
    return done;
}

static gboolean has_address_columns(const struct shop_format *format)
{
    return format->columns[FIELD_ADDRESS][0] || format->columns[FIELD_STORE_CODE][0];
}

static gboolean intake_init(struct intake *intake, struct run *run, GError **error)
{
    const struct import_orders *import = run->import;
    struct site *site = run->site;
    const char *courier = g_hash_table_lookup(site->settings, "default_courier");
    *intake = (struct intake){
        .site = site,
        .import = import,
        .zips = run->zips,
        .shop_id = run->shop.id,
        .person_id = import->person_id ? import->person_id : site->system_person_id,
        .default_courier = courier ? courier : "",
        .has_addresses = has_address_columns(run->format),
    };
    intake->tally.document_orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    listing_book_init(&intake->book, site, run->shop.id, import->create_products);
    if (import->dry_run || !site_setting_int(site, "release_at_import", 1))
        return TRUE;
    intake->free_stock = stock_free(site, error);
    return intake->free_stock != NULL;
}

static gboolean begin_file(struct run *run, GError **error)
{
    if (run->import->dry_run)
        return TRUE;
    run->import_id = import_begin(run->site, run->shop.id, "orders", run->digest, run->import->person_id, error);
    return run->import_id != 0;
}

/* Only now that all of the file is there, so that who comes first does not depend on where in it an order stands. */
static gboolean release(struct intake *intake, GError **error)
{
    struct allocation allocation = {0};
    if (!intake->free_stock)
        return TRUE;
    const struct actor actor = {.person_id = intake->person_id};
    gboolean done = intake_release_waiting(intake->site, actor, &allocation, error);
    intake->tally.released += allocation.released;
    intake->tally.blocks[tally_block(BLOCK_SHORT)] += allocation.short_of_stock;
    return done;
}

static gboolean import_run(struct run *run, GError **error)
{
    struct intake intake;
    gboolean done = intake_init(&intake, run, error) && store_all(run, &intake, error);
    if (done && !run->import->dry_run)
        done = release(&intake, error) && import_end(run->site, run->import_id, &intake.tally, error);
    run->result->bad_bytes = source_bad_bytes(run->source);
    run->result->tally = intake.tally;
    listing_book_clear(&intake.book);
    g_clear_pointer(&intake.free_stock, g_hash_table_unref);
    return done;
}

gboolean import_orders(struct site *site, const struct import_orders *import, struct import_result *result,
                       GError **error)
{
    struct run run = {.site = site, .import = import, .result = result};
    int64_t began_us = g_get_monotonic_time();
    memset(result, 0, sizeof *result);
    gboolean done = open_run(&run, error) && begin_file(&run, error) && import_run(&run, error);
    result->took_ms = (g_get_monotonic_time() - began_us) / 1000;
    close_run(&run);
    return done;
}

void import_result_clear(struct import_result *result)
{
    if (result->tally.document_orders)
        g_hash_table_unref(result->tally.document_orders);
}
