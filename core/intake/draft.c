/* SPDX-License-Identifier: MIT */
#include "core/intake/draft.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/clean.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/intake/header.h"
#include "core/table/heading.h"
#include "core/table/table_reader.h"

static const struct {
    const char *name, *text;
} REJECTS[REJECT_COUNT] = {[REJECT_NONE] = {"", ""},
#define R(id, name, text) [REJECT_##id] = {name, text},
    REJECT_LIST(R)
#undef R
};

const char *reject_name(enum reject reject)
{
    return REJECTS[reject].name;
}

const char *reject_text(enum reject reject)
{
    return REJECTS[reject].text[0] ? _(REJECTS[reject].text) : "";
}

struct order_draft *draft_new(void)
{
    struct order_draft *draft = g_new0(struct order_draft, 1);
    draft->text = g_string_chunk_new(512);
    draft->lines = g_array_new(FALSE, TRUE, sizeof(struct draft_line));
    draft->rows = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    draft->rejects = g_array_new(FALSE, TRUE, sizeof(struct draft_reject));
    draft->external_id = draft->currency = draft->courier = draft->service = draft->waybill = draft->invoice = "";
    return draft;
}

void draft_free(void *data)
{
    struct order_draft *draft = data;
    g_string_chunk_free(draft->text);
    g_array_free(draft->lines, TRUE);
    g_array_free(draft->rejects, TRUE);
    g_array_free(draft->rows, TRUE);
    g_free(draft);
}

static const char *keep(struct order_draft *draft, const char *text)
{
    return text[0] ? g_string_chunk_insert(draft->text, text) : "";
}

void draft_reject(struct order_draft *draft, uint64_t row, enum field column, enum reject reason, const char *detail)
{
    gboolean personal = column < FIELD_COUNT && SHOP_FIELDS[column].of == 'P';
    struct draft_reject reject = {row, 0, column, reason, personal ? "" : keep(draft, detail ? detail : "")};
    g_array_append_val(draft->rejects, reject);
}

gboolean draft_is_rejected(const struct order_draft *draft)
{
    return draft->rejects->len > 0;
}

/* --- cells ---------------------------------------------------------------------------------------------- */

/* Printable ASCII without doubled blanks needs no cleaning: nine cells of ten. */
static gboolean is_plain(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] < ' ' || bytes[i] > '~')
            return FALSE;
    return TRUE;
}

static const char *clean_slow(struct order_draft *draft, const char *bytes, size_t length, enum care care)
{
    enum clean_mode mode = care == CARE_NOTE                                   ? CLEAN_BLOCK
                           : care == CARE_NARROW || care == CARE_NARROW_CODE ? CLEAN_CODE : CLEAN_LINE;
    g_autofree char *clean = clean_text(bytes, length, mode);
    return keep(draft, g_strstrip(clean));
}

static const char *clean_cell(struct order_draft *draft, const char *bytes, size_t length, enum care care)
{
    while (length > 0 && bytes[0] == ' ')
        bytes++, length--;
    while (length > 0 && bytes[length - 1] == ' ')
        length--;
    if (length == 0)
        return "";
    const char *text = is_plain(bytes, length) ? g_string_chunk_insert_len(draft->text, bytes, (gssize)length)
                                               : clean_slow(draft, bytes, length, care);
    if ((care == CARE_CODE || care == CARE_NARROW_CODE) && (text[0] == '\'' || text[0] == '=')) {
        g_autofree char *unquoted = value_unquote(text);
        text = keep(draft, unquoted);
    }
    return text;
}

/* The value of a field in the current row: that of its first column which is not empty. */
static const char *field_value(struct order_draft *draft, const struct column_map *map,
                               const struct table_reader *reader, enum field field)
{
    for (int i = 0; i < FIELD_COLUMNS && map->columns[field][i] >= 0; i++) {
        size_t length;
        const char *bytes = table_cell(reader, (unsigned)map->columns[field][i], &length);
        const char *text = length ? clean_cell(draft, bytes, length, SHOP_FIELDS[field].care) : "";
        if (!text[0])
            continue;
        if (length > SHOP_FIELDS[field].max && g_utf8_strlen(text, -1) > SHOP_FIELDS[field].max) {
            draft_reject(draft, table_row(reader), field, REJECT_TOO_LONG, "");
            return "";
        }
        return text;
    }
    return "";
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static int exponent_of(const struct shop_format *format, const char *currency)
{
    static const char *const WHOLE[] = {"JPY", "KRW", "VND", "CLP"};
    if (!currency || !currency[0] || strcmp(currency, format->currency) == 0)
        return format->exponent;
    return WORDS_FIND(WHOLE, currency) >= 0 ? 0 : 2;
}

static gboolean read_quantity(struct order_draft *draft, uint64_t row, const char *text, int64_t *quantity)
{
    enum reject reason = REJECT_NONE;
    if (!value_integer(text, quantity) || *quantity > G_MAXINT32)
        reason = REJECT_QUANTITY;
    else if (*quantity <= 0)
        reason = *quantity < 0 ? REJECT_NEGATIVE : REJECT_ZERO;
    draft->negative_rows += reason == REJECT_NEGATIVE;
    if (reason != REJECT_NONE)
        draft_reject(draft, row, FIELD_QUANTITY, reason, text);
    return reason == REJECT_NONE;
}

static void read_money(struct order_draft *draft, uint64_t row, enum field field, const char *text, int exponent,
                       int64_t *minor)
{
    gboolean rounded = FALSE;
    if (text[0] && !value_money(text, exponent, minor, &rounded))
        draft_reject(draft, row, field, REJECT_MONEY, text);
    if (rounded)
        draft->flags |= DRAFT_PRICE_ROUNDED;
}

static void add_line(struct order_draft *draft, const struct shop_format *format, struct draft_line *line,
                     const char *quantity, const char *price)
{
    if (!line->sku[0] && !line->title[0]) {
        draft_reject(draft, line->row, FIELD_SKU, REJECT_NO_ITEM, "");
        return;
    }
    if (strstr(line->sku, CLEAN_BAD)) {
        draft_reject(draft, line->row, FIELD_SKU, REJECT_BAD_BYTES, line->sku);
        return;
    }
    if (!read_quantity(draft, line->row, quantity, &line->quantity))
        return;
    read_money(draft, line->row, FIELD_PRICE, price, exponent_of(format, draft->values[FIELD_CURRENCY]),
               &line->price_minor);
    line->service = g_hash_table_contains(format->services, line->sku);
    line->line_no = draft->lines->len + 1;
    g_array_append_val(draft->lines, *line);
}

static const char *group_text(struct order_draft *draft, GMatchInfo *match, const char *name)
{
    g_autofree char *text = g_match_info_fetch_named(match, name);
    return text ? keep(draft, g_strstrip(text)) : "";
}

/* Between items stand numbering and punctuation; a word there is an item the pattern did not understand. */
static gboolean is_filling(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isspace(text[i]) && !g_ascii_ispunct(text[i]) && !g_ascii_isdigit(text[i]))
            return FALSE;
    return TRUE;
}

/* One cell with all items of the order, each found by the format's pattern. */
static void add_packed_items(struct order_draft *draft, const struct shop_format *format, uint64_t row,
                             const char *items)
{
    g_autoptr(GMatchInfo) match = NULL;
    unsigned count = 0;
    gboolean whole = TRUE;
    int begin = 0, end = 0, after = 0;
    if (format->item)
        g_regex_match(format->item, items, 0, &match);
    for (; match && g_match_info_matches(match) && g_match_info_fetch_pos(match, 0, &begin, &end); count++) {
        struct draft_line line = {.row = row};
        whole = whole && begin >= after && is_filling(items + after, (size_t)(begin - after));
        after = end;
        line.sku = group_text(draft, match, "sku");
        line.title = group_text(draft, match, "title");
        line.variant = group_text(draft, match, "variant");
        add_line(draft, format, &line, group_text(draft, match, "quantity"), group_text(draft, match, "price"));
        g_match_info_next(match, NULL);
    }
    if (count == 0 || !whole || !is_filling(items + after, strlen(items + after)))
        draft_reject(draft, row, FIELD_ITEMS, REJECT_ITEMS, "");
}

static void take_line(struct order_draft *draft, const struct shop_format *format, const struct column_map *map,
                      const struct table_reader *reader)
{
    const char *items = field_value(draft, map, reader, FIELD_ITEMS);
    if (items[0]) {
        add_packed_items(draft, format, table_row(reader), items);
        return;
    }
    struct draft_line line = {.row = table_row(reader)};
    line.sku = field_value(draft, map, reader, FIELD_SKU);
    line.title = field_value(draft, map, reader, FIELD_TITLE);
    line.variant = field_value(draft, map, reader, FIELD_VARIANT);
    const char *quantity = field_value(draft, map, reader, FIELD_QUANTITY);
    const char *price = field_value(draft, map, reader, FIELD_PRICE);
    add_line(draft, format, &line, quantity, price);
}

/* --- rows ----------------------------------------------------------------------------------------------- */

/* Parcels go to one place: rows that name another are not one order, or the wrong number stands in one of them. */
static gboolean must_agree(enum field field)
{
    return field == FIELD_NAME || field == FIELD_ADDRESS || field == FIELD_STORE_CODE;
}

static void take_order_values(struct order_draft *draft, const struct column_map *map,
                              const struct table_reader *reader)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field field = (enum field)i;
        if (SHOP_FIELDS[field].of == 'L' || (draft->values[field] && !must_agree(field)))
            continue;
        const char *text = field_value(draft, map, reader, field);
        if (!text[0])
            continue;
        if (!draft->values[field])
            draft->values[field] = text;
        else if (strcmp(draft->values[field], text) != 0)
            draft_reject(draft, table_row(reader), field, REJECT_CONFLICT, "");
    }
}

void draft_add_row(struct order_draft *draft, const struct shop_format *format, const struct column_map *map,
                   const struct table_reader *reader)
{
    uint64_t row = table_row(reader);
    g_array_append_val(draft->rows, row);
    guint before = draft->rejects->len;
    take_order_values(draft, map, reader);
    take_line(draft, format, map, reader);
    for (guint i = before; i < draft->rejects->len; i++)
        g_array_index(draft->rejects, struct draft_reject, i).line = table_line(reader);
}

/* --- the order as a whole ------------------------------------------------------------------------------- */

static const char *value(const struct order_draft *draft, enum field field)
{
    return draft->values[field] ? draft->values[field] : "";
}

static uint64_t first_row(const struct order_draft *draft)
{
    return g_array_index(draft->rows, uint64_t, 0);
}

static int64_t read_instant(struct order_draft *draft, const struct shop_format *format, enum field field)
{
    int64_t at = 0;
    const char *text = value(draft, field);
    if (text[0] && !value_instant(text, format->dates, format->zone, &at))
        draft_reject(draft, first_row(draft), field, REJECT_DATE, text);
    return at;
}

static int read_date(struct order_draft *draft, const struct shop_format *format, enum field field)
{
    int64_t at = read_instant(draft, format, field);
    return at ? clock_civil_date(format->zone, at) : 0;
}

static enum shop_state read_state_word(struct order_draft *draft, const struct shop_format *format, enum field field)
{
    const char *text = value(draft, field);
    if (!text[0])
        return SHOP_STATE_NONE;
    g_autofree char *word = word_normal(text);
    enum shop_state found = SHOP_STATE_NONE;
    for (int i = SHOP_PAID; i < SHOP_STATE_COUNT && found == SHOP_STATE_NONE; i++)
        if (word_fits(format->states[i], word))
            found = (enum shop_state)i;
    if (found == SHOP_STATE_NONE)
        draft_reject(draft, first_row(draft), field, REJECT_STATE, text);
    return found;
}

/* Cancelled says more than shipped, shipped more than unpaid, unpaid more than paid. */
static void read_state(struct order_draft *draft, const struct shop_format *format)
{
    static const enum field FIELDS[] = {FIELD_STATE, FIELD_PAY_STATE, FIELD_SHIP_STATE};
    static const int WEIGHT[SHOP_STATE_COUNT] = {
        [SHOP_PAID] = 1, [SHOP_UNPAID] = 2, [SHOP_SHIPPED] = 3, [SHOP_CANCELLED] = 4};
    draft->state = value(draft, FIELD_CANCELLED_AT)[0] ? SHOP_CANCELLED : SHOP_PAID;
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        enum shop_state said = read_state_word(draft, format, FIELDS[i]);
        if (WEIGHT[said] > WEIGHT[draft->state])
            draft->state = said;
    }
}

static void read_payment(struct order_draft *draft, const struct shop_format *format)
{
    int exponent = exponent_of(format, draft->currency);
    uint64_t row = first_row(draft);
    read_money(draft, row, FIELD_TOTAL, value(draft, FIELD_TOTAL), exponent, &draft->total_minor);
    read_money(draft, row, FIELD_COD, value(draft, FIELD_COD), exponent, &draft->cod_minor);
    if (draft->cod_minor < 0)
        draft_reject(draft, row, FIELD_COD, REJECT_MONEY, value(draft, FIELD_COD));
    g_autofree char *word = word_normal(value(draft, FIELD_PAYMENT));
    draft->is_cod = draft->cod_minor > 0 || (word[0] && word_fits(format->cod, word));
    if (draft->is_cod && draft->cod_minor == 0)
        draft->cod_minor = draft->total_minor;
    if (draft->is_cod && draft->state == SHOP_UNPAID)
        draft->state = SHOP_PAID; /* it is paid at the door */
}

/* The first whose patterns a text fits; NULL: none. */
static const struct shop_word *find_word(const GPtrArray *words, const char *text)
{
    for (guint i = 0; i < words->len; i++) {
        const struct shop_word *word = words->pdata[i];
        if (word_fits(word->patterns, text))
            return word;
    }
    return NULL;
}

static void read_courier(struct order_draft *draft, const struct shop_format *format)
{
    draft->waybill = value(draft, FIELD_WAYBILL);
    draft->invoice = value(draft, FIELD_INVOICE);
    g_autofree char *word = word_normal(value(draft, FIELD_COURIER));
    const struct shop_word *courier = word[0] ? find_word(format->couriers, word) : NULL;
    draft->courier = keep(draft, courier ? courier->code : format->courier);
    draft->service = courier ? keep(draft, courier->service) : "";
}

static gboolean is_wide(const char *text)
{
    return (guchar)text[0] >= 0x80;
}

/* Parts of an address follow each other with a blank, but not in Chinese. A part that repeats the one before is left
 * out: Shopify's street is its first line again. */
static const char *join(struct order_draft *draft, const enum field *fields, size_t count)
{
    g_autoptr(GString) joined = g_string_new(NULL);
    const char *last = "";
    for (size_t i = 0; i < count; i++) {
        const char *part = value(draft, fields[i]);
        if (!part[0] || strcmp(part, last) == 0)
            continue;
        if (joined->len > 0 && !(is_wide(part) && (guchar)joined->str[joined->len - 1] >= 0x80))
            g_string_append_c(joined, ' ');
        g_string_append(joined, part);
        last = part;
    }
    return keep(draft, joined->str);
}

static void read_recipient(struct order_draft *draft, const struct shop_format *format)
{
    static const enum field COUNTY[] = {FIELD_COUNTY, FIELD_COUNTY2};
    static const enum field ADDRESS[] = {FIELD_ADDRESS, FIELD_ADDRESS2, FIELD_ADDRESS3};
    struct draft_recipient *recipient = &draft->recipient;
    recipient->name = value(draft, FIELD_NAME);
    recipient->postcode = value(draft, FIELD_POSTCODE);
    recipient->county = join(draft, COUNTY, G_N_ELEMENTS(COUNTY));
    recipient->district = value(draft, FIELD_DISTRICT);
    recipient->address = join(draft, ADDRESS, G_N_ELEMENTS(ADDRESS));
    recipient->country = value(draft, FIELD_COUNTRY)[0] ? value(draft, FIELD_COUNTRY) : keep(draft, format->country);
    recipient->store_code = value(draft, FIELD_STORE_CODE);
    recipient->store_name = value(draft, FIELD_STORE_NAME);
    recipient->buyer_note = value(draft, FIELD_BUYER_NOTE);
    recipient->seller_remark = value(draft, FIELD_SELLER_REMARK);
    recipient->phone = value(draft, FIELD_PHONE);
    if (format->phone_tw) {
        g_autofree char *phone = value_phone_tw(recipient->phone);
        recipient->phone = keep(draft, phone);
    }
    if (value_is_damaged(recipient->phone))
        draft->flags |= DRAFT_PHONE_LOST;
    if (strstr(recipient->name, CLEAN_BAD) || strstr(recipient->address, CLEAN_BAD))
        draft->flags |= DRAFT_UNREADABLE;
}

static gboolean is_document(struct order_draft *draft, const struct shop_format *format)
{
    const struct shop_word *document = find_word(format->documents, draft->external_id);
    if (!document)
        return FALSE;
    g_array_set_size(draft->rejects, 0); /* what its rows hold does not matter then */
    draft_reject(draft, 0, FIELD_ORDER_NO, REJECT_DOCUMENT, document->code);
    return TRUE;
}

static void check_number(struct order_draft *draft)
{
    enum reject reason = REJECT_NONE;
    if (!draft->external_id[0])
        reason = REJECT_NO_ORDER_NO;
    else if (value_is_damaged(draft->external_id))
        reason = REJECT_DAMAGED;
    else if (strstr(draft->external_id, CLEAN_BAD))
        reason = REJECT_BAD_BYTES;
    if (reason != REJECT_NONE)
        draft_reject(draft, first_row(draft), FIELD_ORDER_NO, reason, draft->external_id);
}

static gboolean has_goods(const struct order_draft *draft)
{
    for (guint i = 0; i < draft->lines->len; i++)
        if (!g_array_index(draft->lines, struct draft_line, i).service)
            return TRUE;
    return FALSE;
}

void draft_finish(struct order_draft *draft, const struct shop_format *format)
{
    draft->external_id = value(draft, FIELD_ORDER_NO);
    draft->currency = value(draft, FIELD_CURRENCY)[0] ? value(draft, FIELD_CURRENCY) : keep(draft, format->currency);
    read_recipient(draft, format);
    if (is_document(draft, format))
        return;
    check_number(draft);
    read_state(draft, format);
    read_payment(draft, format);
    read_courier(draft, format);
    draft->ordered_at = read_instant(draft, format, FIELD_ORDERED_AT);
    draft->paid_at = read_instant(draft, format, FIELD_PAID_AT);
    draft->promise_on = read_date(draft, format, FIELD_SHIP_BY);
    draft->presale_on = read_date(draft, format, FIELD_PRESALE_ON);
    if (!draft_is_rejected(draft) && !has_goods(draft))
        draft_reject(draft, 0, FIELD_SKU, REJECT_NO_GOODS, "");
    draft_hash(draft);
}

char *draft_line_ident(const struct draft_line *line)
{
    return line->sku[0] ? g_strdup(line->sku) : g_strconcat("~", line->title, "|", line->variant, NULL);
}
