/* SPDX-License-Identifier: MIT */
#include "core/intake/store.h"

#include <string.h>

#include "core/act/allocate.h"
#include "core/apply/act.h"
#include "core/apply/apply.h"
#include "core/apply/begin.h"
#include "core/apply/load.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/intake/change.h"
#include "core/intake/import_orders.h"
#include "core/intake/promise.h"
#include "core/intake/recipient.h"
#include "core/intake/report.h"
#include "core/intake/zip.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { SHOP_TOUCH, ORDERS_FIND };

/* One question for so many orders: on a server the round trips are what an import waits for. They are found by their
 * numbers (+ 0 is no index): a server that was never told how the table is filled would read all orders of the shop. */
enum { FIND_FIXED = 3, FIND_AT_ONCE = 48 };

static const struct sql SQL[] = {
    [SHOP_TOUCH] = {"shop_touch", "UPDATE shop SET last_import_at = $2 WHERE id = $1"},
    [ORDERS_FIND] = {"import_orders_find",
                     "SELECT external_id, id, content_hash FROM sales_order WHERE warehouse_id + 0 = $1 "
                     "AND owner_id + 0 = $2 AND shop_id + 0 = $3 AND external_id IN ($4, $5, $6, $7, $8, $9, $10, $11, "
                     "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, "
                     "$31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, "
                     "$50, $51)"},
};

enum { T_RECIPIENT, T_ORDER, T_ORDER_LINE, T_COUNT };

static const struct {
    const char *table, *columns;
    size_t width;
    enum said said;
} TABLES[T_COUNT] = {
    [T_RECIPIENT] = {"recipient", RECIPIENT_COLUMNS, RECIPIENT_WIDTH, SAID_RECIPIENT},
    [T_ORDER] = {"sales_order",
                 "id, warehouse_id, owner_id, shop_id, external_id, " ORDER_COLUMNS ", imported_at", 19, SAID_ORDER},
    [T_ORDER_LINE] = {"order_line",
                      "order_id, id, line_no, listing_id, kind, shop_sku, title, variant, quantity, price_minor", 10, SAID_LINES},
};

/* What becomes of a draft. */
struct placing {
    enum intake_fate fate;
    int64_t order_id; /* of the order that is there already */
    unsigned differs;
};

/* One attempt at a chunk: made anew when the transaction runs again. */
struct attempt {
    struct intake *intake;
    struct chunk *chunk;
    GArray *rows[T_COUNT];    /* struct db_value: the rows each table gets */
    GArray *wants;            /* struct want: of the order that is being put */
    struct placing *placings; /* a draft each */
    struct intake_tally tally; /* the import's, and what this adds to it */
    struct act act;            /* in which the shipments are made */
    GArray *births;            /* struct event: one an order */
};

/* --- chunks --------------------------------------------------------------------------------------------- */

void chunk_init(struct chunk *chunk)
{
    chunk->drafts = g_ptr_array_new_with_free_func(draft_free);
    chunk->ids = g_hash_table_new(g_str_hash, g_str_equal);
    chunk->lines = 0;
}

void chunk_clear(struct chunk *chunk)
{
    g_hash_table_unref(chunk->ids);
    g_ptr_array_unref(chunk->drafts);
}

static void chunk_empty(struct chunk *chunk)
{
    g_hash_table_remove_all(chunk->ids);
    g_ptr_array_set_size(chunk->drafts, 0);
    chunk->lines = 0;
}

gboolean chunk_add(struct chunk *chunk, struct order_draft *draft)
{
    gboolean full = chunk->drafts->len >= CHUNK_ORDERS || chunk->lines >= CHUNK_LINES;
    gboolean accepted = !draft_is_rejected(draft);
    if (full || (accepted && g_hash_table_contains(chunk->ids, draft->external_id)))
        return FALSE;
    if (accepted)
        g_hash_table_add(chunk->ids, (void *)(uintptr_t)draft->external_id);
    g_ptr_array_add(chunk->drafts, draft);
    chunk->lines += draft->lines->len;
    return TRUE;
}

/* --- blocks --------------------------------------------------------------------------------------------- */

static unsigned birth_blocks(const struct attempt *attempt, const struct order_draft *draft, gboolean unmapped,
                             const char **address_reason)
{
    const struct intake *intake = attempt->intake;
    int today = clock_civil_date(intake->site->zone, site_now(intake->site));
    unsigned blocks = 0;
    *address_reason = intake_address_fault(intake->has_addresses, draft);
    if (draft->state == SHOP_UNPAID)
        blocks |= BLOCK_UNPAID;
    if (draft->presale_on > today)
        blocks |= BLOCK_PRESALE;
    if (*address_reason)
        blocks |= BLOCK_ADDRESS;
    if (unmapped)
        blocks |= BLOCK_UNMAPPED;
    return blocks;
}

/* --- rows ----------------------------------------------------------------------------------------------- */

static void put(struct attempt *attempt, int table, const struct db_value *values, size_t count)
{
    g_assert(count == TABLES[table].width);
    g_array_append_vals(attempt->rows[table], values, (guint)count);
}

static int64_t put_recipient(struct attempt *attempt, const struct order_draft *draft)
{
    struct db_value row[RECIPIENT_WIDTH];
    int64_t id = site_id(attempt->intake->site);
    recipient_row(draft, id, 1, row);
    put(attempt, T_RECIPIENT, row, RECIPIENT_WIDTH);
    return id;
}

static int64_t put_order(struct attempt *attempt, const struct order_draft *draft, int64_t recipient_id)
{
    struct site *site = attempt->intake->site;
    int64_t id = site_id(site);
    put(attempt, T_ORDER,
        DB_ARGS(id, site->warehouse_id, site->owner_id, attempt->intake->shop_id, draft->external_id,
                ORDER_VALUES(draft, recipient_id), site_now(site)));
    return id;
}

/* What the order wants of a product, as its shipment is made of it. */
static void put_wanted(struct attempt *attempt, int64_t order_id, int64_t line_id, int64_t product_id, int64_t quantity,
                       gboolean mapped)
{
    struct wanted *wanted = (struct wanted *)(void *)row_load(attempt->act.dossier, TABLE_WANTED, order_id, order_id);
    wanted->order_line_id = line_id;
    wanted->product_id = product_id;
    wanted->quantity = quantity;
    wanted->mapped = mapped;
}

static gboolean put_line(struct attempt *attempt, const struct draft_line *line, int64_t order_id, gboolean *mapped,
                         GError **error)
{
    struct site *site = attempt->intake->site;
    const struct listing *listing = line->service ? NULL : listing_get(&attempt->intake->book, line, error);
    if (!listing && !line->service)
        return FALSE;
    int64_t id = site_id(site);
    put(attempt, T_ORDER_LINE,
        DB_ARGS(order_id, id, line->line_no, db_ref(listing ? listing->id : 0), line->service ? "service" : "goods",
                line->sku, line->title, line->variant, line->quantity, line->price_minor));
    attempt->tally.lines++;
    attempt->tally.service_lines += listing == NULL;
    if (!listing)
        return TRUE;
    attempt->tally.unmapped_lines += !listing->mapped;
    if (!listing->mapped) {
        put_wanted(attempt, order_id, id, 0, 0, FALSE);
        *mapped = FALSE;
    }
    for (guint i = 0; i < listing->parts->len; i++) {
        const struct listing_part *part = &g_array_index(listing->parts, struct listing_part, i);
        int64_t quantity = line->quantity * part->quantity;
        const struct want want = {part->product_id, quantity};
        g_array_append_val(attempt->wants, want);
        put_wanted(attempt, order_id, id, part->product_id, quantity, listing->mapped);
    }
    return TRUE;
}

static void count_blocks(struct attempt *attempt, unsigned blocks)
{
    for (unsigned n = 0; n < BLOCK_COUNT; n++)
        attempt->tally.blocks[n] += (blocks & 1u << n) != 0;
}

/* --- an order ------------------------------------------------------------------------------------------- */

/* Its shipment is made by an event, once its rows are there. */
static void put_birth(struct attempt *attempt, const struct order_draft *draft, int64_t order_id, int64_t recipient_id,
                      unsigned blocks, const char *address_reason)
{
    struct site *site = attempt->intake->site;
    const struct event birth = {
        .key = flow_key(site), .actor = {.person_id = site->system_person_id}, .kind = EV_SHIPMENT_MAKE,
        .order_id = order_id, .recipient_id = recipient_id, .courier = draft->courier, .service = draft->service,
        .currency = draft->currency, .cod_minor = draft->cod_minor, .cut_off_at = intake_cut_off(site, draft),
        .block = (enum block)blocks, .presale_on = blocks & BLOCK_PRESALE ? draft->presale_on : 0, .text = address_reason};
    g_array_append_val(attempt->births, birth);
}

static gboolean put_new(struct attempt *attempt, const struct order_draft *draft, GError **error)
{
    struct intake *intake = attempt->intake;
    int64_t recipient_id = put_recipient(attempt, draft);
    int64_t order_id = put_order(attempt, draft, recipient_id);
    gboolean mapped = TRUE;
    g_array_set_size(attempt->wants, 0);
    for (guint i = 0; i < draft->lines->len; i++)
        if (!put_line(attempt, &g_array_index(draft->lines, struct draft_line, i), order_id, &mapped, error))
            return FALSE;
    const char *address_reason;
    unsigned blocks = birth_blocks(attempt, draft, !mapped, &address_reason);
    if (!blocks && intake->free_stock && !allocate_covers(intake->free_stock, attempt->wants))
        blocks |= BLOCK_SHORT; /* whoever comes first; the rest is allocated when the whole file is there */
    count_blocks(attempt, blocks);
    put_birth(attempt, draft, order_id, recipient_id, blocks, address_reason);
    return TRUE;
}

struct finding {
    struct attempt *attempt;
    GHashTable *wanted; /* order number -> index of its draft */
};

static void found_order(struct rows *rows, void *data)
{
    const struct finding *finding = data;
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(finding->wanted, rows_text(rows, 0)));
    const struct order_draft *draft = finding->attempt->chunk->drafts->pdata[n];
    finding->attempt->placings[n].order_id = rows_int(rows, 1);
    finding->attempt->placings[n].differs = draft_hash_differs(rows_text(rows, 2), draft->hash);
}

/* Asks for the orders of several drafts; count is FIND_AT_ONCE at most. Those that are there get their id and what
 * differs. */
static gboolean find_some(struct attempt *attempt, const guint *drafts, size_t count, GError **error)
{
    const struct intake *intake = attempt->intake;
    struct site *site = intake->site;
    struct db_value args[FIND_FIXED + FIND_AT_ONCE] = {db_int(site->warehouse_id), db_int(site->owner_id),
                                                       db_int(intake->shop_id)};
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    struct finding finding = {attempt, wanted};
    for (size_t i = 0; i < FIND_AT_ONCE; i++) { /* what is left over asks for the first again */
        guint n = drafts[i < count ? i : 0];
        const struct order_draft *draft = attempt->chunk->drafts->pdata[n];
        args[FIND_FIXED + i] = db_text(draft->external_id);
        g_hash_table_insert(wanted, (void *)(uintptr_t)draft->external_id, GUINT_TO_POINTER(n));
    }
    struct rows *rows = db_query(site->db, &SQL[ORDERS_FIND], args, G_N_ELEMENTS(args), error);
    return rows_each(rows, found_order, &finding, error);
}

static gboolean find_orders(struct attempt *attempt, GError **error)
{
    guint drafts[FIND_AT_ONCE], length = attempt->chunk->drafts->len;
    size_t count = 0;
    for (guint n = 0; n < length; n++) {
        if (!draft_is_rejected(attempt->chunk->drafts->pdata[n]))
            drafts[count++] = n;
        if (count > 0 && (count == FIND_AT_ONCE || n + 1 == length)) {
            if (!find_some(attempt, drafts, count, error))
                return FALSE;
            count = 0;
        }
    }
    return TRUE;
}

static gboolean dry_lines(struct attempt *attempt, const struct order_draft *draft, GError **error)
{
    for (guint i = 0; i < draft->lines->len; i++) {
        const struct draft_line *line = &g_array_index(draft->lines, struct draft_line, i);
        int mapped = line->service ? 1 : listing_is_mapped(&attempt->intake->book, line, error);
        if (mapped < 0)
            return FALSE;
        attempt->tally.lines++;
        attempt->tally.service_lines += line->service ? 1 : 0;
        attempt->tally.unmapped_lines += mapped == 0;
    }
    return TRUE;
}

static gboolean place_draft(struct attempt *attempt, guint n, GError **error)
{
    struct order_draft *draft = attempt->chunk->drafts->pdata[n];
    struct placing *placing = &attempt->placings[n];
    placing->fate = FATE_REJECTED;
    if (draft_is_rejected(draft))
        return TRUE;
    if (!draft->courier[0])
        draft->courier = attempt->intake->default_courier; /* after its hash was made: the shop said nothing */
    if (placing->order_id) {
        /* What is shipped is history for the shop; its export then carries what we gave it. */
        gboolean same = placing->differs == 0 || draft->state == SHOP_SHIPPED;
        placing->fate = same ? FATE_SAME : FATE_CHANGED;
        return TRUE;
    }
    if (draft->state == SHOP_CANCELLED || draft->state == SHOP_SHIPPED) {
        draft_reject(draft, 0, FIELD_STATE, draft->state == SHOP_SHIPPED ? REJECT_SHIPPED : REJECT_CANCELLED, "");
        return TRUE;
    }
    placing->fate = FATE_NEW;
    zip_complete(attempt->intake->zips, draft);
    return attempt->intake->import->dry_run ? dry_lines(attempt, draft, error) : put_new(attempt, draft, error);
}

static void attempt_reset(struct attempt *attempt)
{
    act_begin(&attempt->act, dossier_new());
    g_array_set_size(attempt->births, 0);
    for (int i = 0; i < T_COUNT; i++)
        g_array_set_size(attempt->rows[i], 0);
    memset(attempt->placings, 0, attempt->chunk->drafts->len * sizeof *attempt->placings);
    attempt->tally = *attempt->intake->tally;
}

static gboolean insert_rows(struct db *db, struct attempt *attempt, GError **error)
{
    for (int i = 0; i < T_COUNT; i++) {
        const GArray *values = attempt->rows[i];
        if (values->len > 0 &&
            !db_insert_many(db, TABLES[i].table, TABLES[i].columns, (const struct db_value *)(const void *)values->data,
                            values->len / TABLES[i].width, TABLES[i].width, error))
            return FALSE;
    }
    return TRUE;
}

/* Every row is sealed as it is inserted, all of an order's lines at once. */
static GByteArray *seal_rows(const struct attempt *attempt)
{
    GByteArray *seals = g_byte_array_new();
    for (int i = 0; i < T_COUNT; i++) {
        const struct db_value *values = (const struct db_value *)(const void *)attempt->rows[i]->data;
        size_t width = TABLES[i].width, count = attempt->rows[i]->len / width;
        for (size_t first = 0, next; first < count; first = next) {
            for (next = first + 1; next < count && values[next * width].number == values[first * width].number;)
                next++;
            said_values(seals, TABLES[i].said, &values[first * width], next - first, width);
        }
    }
    return seals;
}

static gboolean make_shipments(struct attempt *attempt, GError **error)
{
    const struct event *births = (const struct event *)(const void *)attempt->births->data;
    struct act *act = &attempt->act;
    struct outcome outcome;
    if (attempt->births->len == 0)
        return TRUE;
    gboolean done = dossier_load(act->dossier, act->site, births, 1, 0, error);
    dossier_add_parts(act->dossier, NEED_WANTED);
    for (guint i = 0; done && i < attempt->births->len; i++)
        done = act_event(act, &births[i], &outcome, error);
    g_autoptr(GByteArray) seals = seal_rows(attempt);
    return done && record_said(&act->journal, &births[0].actor, "orders-import", seals, error) && act_store(act, error);
}

static gboolean store_work(struct db *db, void *data, GError **error)
{
    struct attempt *attempt = data;
    struct intake *intake = attempt->intake;
    attempt_reset(attempt);
    listing_book_round(&intake->book);
    gboolean done = intake->import->dry_run ||
                    db_exec(db, &SQL[SHOP_TOUCH], DB_ARGS(intake->shop_id, site_now(intake->site)), NULL, error);
    done = done && find_orders(attempt, error);
    for (guint i = 0; done && i < attempt->chunk->drafts->len; i++)
        done = place_draft(attempt, i, error);
    done = done && insert_rows(db, attempt, error) && (intake->import->dry_run || make_shipments(attempt, error));
    if (!done)
        listing_book_forget(&intake->book); /* it may know rows that are rolled back */
    return done;
}

/* --- after the transaction ------------------------------------------------------------------------------ */

static void count_reject(struct intake_tally *tally, const struct order_draft *draft)
{
    const struct draft_reject *first = &g_array_index(draft->rejects, struct draft_reject, 0);
    tally->reject_orders[first->reason]++;
    tally->reject_rows[first->reason] += draft->rows->len;
    if (first->reason != REJECT_DOCUMENT)
        return;
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(tally->document_orders, first->detail)) + 1;
    g_hash_table_replace(tally->document_orders, g_strdup(first->detail), GUINT_TO_POINTER(count));
}

static void count_draft(struct intake *intake, const struct order_draft *draft, enum intake_fate fate)
{
    struct intake_tally *tally = intake->tally;
    tally->orders[fate]++;
    tally->rows[fate] += draft->rows->len;
    tally->rows_read += draft->rows->len;
    tally->negative_rows += draft->negative_rows;
    tally->rounded += (draft->flags & DRAFT_PRICE_ROUNDED) != 0;
    tally->phones_lost += (draft->flags & DRAFT_PHONE_LOST) != 0;
    tally->unreadable += (draft->flags & DRAFT_UNREADABLE) != 0;
    if (fate != FATE_REJECTED)
        return;
    count_reject(tally, draft);
    if (intake->import->report)
        report_draft(intake->import->report, draft);
}

static void add_up(struct attempt *attempt)
{
    *attempt->intake->tally = attempt->tally;
    attempt->intake->tally->products_made = attempt->intake->book.products_made;
    for (guint i = 0; i < attempt->chunk->drafts->len; i++)
        count_draft(attempt->intake, attempt->chunk->drafts->pdata[i], attempt->placings[i].fate);
}

/* A changed order is changed here too, or, in a dry run, only told. */
static gboolean follow_changes(struct attempt *attempt, GError **error)
{
    struct intake *intake = attempt->intake;
    for (guint i = 0; i < attempt->chunk->drafts->len; i++) {
        const struct placing *placing = &attempt->placings[i];
        struct order_draft *draft = attempt->chunk->drafts->pdata[i];
        if (placing->fate != FATE_CHANGED)
            continue;
        if (intake->import->dry_run)
            change_tell(intake, draft, placing->differs, "");
        else if (!change_apply(intake, draft, placing->order_id, placing->differs, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean store(struct attempt *attempt, GError **error)
{
    struct db *db = attempt->intake->site->db;
    return attempt->intake->import->dry_run ? db_snapshot(db, store_work, attempt, error)
                                            : writer_transaction(attempt->intake->site, store_work, attempt, error);
}

gboolean chunk_store(struct intake *intake, struct chunk *chunk, GError **error)
{
    if (chunk->drafts->len == 0)
        return TRUE;
    g_autofree struct placing *placings = g_new0(struct placing, chunk->drafts->len);
    g_autoptr(GArray) wants = g_array_new(FALSE, FALSE, sizeof(struct want));
    g_autoptr(GArray) births = g_array_new(FALSE, FALSE, sizeof(struct event));
    struct attempt attempt = {.intake = intake, .chunk = chunk, .placings = placings, .wants = wants, .births = births,
                              .act = {.site = intake->site, .house = house_of(intake->site)}};
    for (int i = 0; i < T_COUNT; i++)
        attempt.rows[i] = g_array_new(FALSE, FALSE, sizeof(struct db_value));
    gboolean done = (intake->import->dry_run || history_begin(intake->site, error)) && store(&attempt, error);
    if (done && !intake->import->dry_run)
        act_done(&attempt.act);
    if (done)
        add_up(&attempt);
    done = done && follow_changes(&attempt, error);
    for (int i = 0; i < T_COUNT; i++)
        g_array_unref(attempt.rows[i]);
    act_clear(&attempt.act);
    chunk_empty(chunk);
    return done;
}
