/* SPDX-License-Identifier: MIT
 *
 * What makes two exports of an order the same. Spreadsheets lose the seconds of dates, the zero before a phone number
 * or a postcode; shops write 臺 and 台, blanks and full-width signs at will. None of that is a change.
 */
#include <sodium.h>
#include <string.h>

#include "core/base/translate.h"
#include "core/base/words.h"
#include "core/intake/draft.h"

enum { MINUTE_MS = 60000 };

static const unsigned char KEY[crypto_shorthash_KEYBYTES] = "packline intake";

static const struct word PARTS[PART_COUNT] = {
    [PART_DATES] = {"dates", N_("dates")}, [PART_MONEY] = {"money", N_("amounts")},
    [PART_RECIPIENT] = {"recipient", N_("recipient")}, [PART_NOTES] = {"notes", N_("notes")},
    [PART_STATE] = {"state", N_("state")}, [PART_COURIER] = {"courier", N_("courier")},
    [PART_LINES] = {"lines", N_("lines")},
};

const char *draft_part_name(enum draft_part part)
{
    return PARTS[part].name;
}

const char *draft_part_label(enum draft_part part)
{
    return translate_in(PARTS[part].label);
}

static void add_number(GString *text, int64_t number)
{
    g_string_append_printf(text, "%" G_GINT64_FORMAT "\x1f", number);
}

static void add_text(GString *text, const char *value)
{
    g_string_append(text, value);
    g_string_append_c(text, '\x1f');
}

static void add_number_text(GString *text, const char *value)
{
    const char *p = value;
    while (*p == '0' || *p == ' ')
        p++;
    for (; *p; p++)
        if (g_ascii_isalnum(*p) || *p == '+')
            g_string_append_c(text, *p);
    g_string_append_c(text, '\x1f');
}

static void add_place(GString *text, const char *value)
{
    static const char TAI[] = "臺";
    for (const char *p = value; *p; p += g_utf8_skip[*(const guchar *)p]) {
        if (g_str_has_prefix(p, TAI))
            g_string_append(text, "台");
        else if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_len(text, p, g_utf8_skip[*(const guchar *)p]);
    }
    g_string_append_c(text, '\x1f');
}

static void add_recipient(GString *text, const struct draft_recipient *recipient)
{
    add_place(text, recipient->name);
    add_number_text(text, recipient->phone);
    add_number_text(text, recipient->postcode);
    add_place(text, recipient->county);
    add_place(text, recipient->district);
    add_place(text, recipient->address);
    add_place(text, recipient->country);
    add_number_text(text, recipient->store_code);
    add_place(text, recipient->store_name);
}

static void add_lines(GString *text, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const struct draft_line *line = &g_array_index(lines, struct draft_line, i);
        add_text(text, line->sku);
        add_text(text, line->title);
        add_text(text, line->variant);
        add_number(text, line->quantity);
        add_number(text, line->price_minor);
    }
}

static void add_part(GString *text, const struct order_draft *draft, enum draft_part part)
{
    switch (part) {
    case PART_DATES:
        add_number(text, draft->ordered_at / MINUTE_MS);
        add_number(text, draft->paid_at / MINUTE_MS);
        add_number(text, draft->promise_on);
        add_number(text, draft->presale_on);
        break;
    case PART_MONEY:
        add_text(text, draft->currency);
        add_number(text, draft->total_minor);
        add_number(text, draft->cod_minor);
        break;
    case PART_RECIPIENT:
        add_recipient(text, &draft->recipient);
        break;
    case PART_NOTES:
        add_text(text, draft->recipient.buyer_note);
        add_text(text, draft->recipient.seller_remark);
        break;
    case PART_STATE:
        add_number(text, draft->state == SHOP_SHIPPED ? SHOP_PAID : draft->state);
        break;
    case PART_COURIER:
        add_text(text, draft->courier);
        add_text(text, draft->service);
        add_number_text(text, draft->waybill);
        add_text(text, draft->invoice);
        break;
    case PART_LINES:
        add_lines(text, draft->lines);
        break;
    case PART_COUNT:
        break;
    }
}

void draft_hash(struct order_draft *draft)
{
    g_autoptr(GString) text = g_string_sized_new(512);
    char *to = draft->hash;
    for (int part = 0; part < PART_COUNT; part++, to += 17) {
        unsigned char hash[crypto_shorthash_BYTES];
        g_string_truncate(text, 0);
        add_part(text, draft, (enum draft_part)part);
        crypto_shorthash(hash, (const unsigned char *)text->str, text->len, KEY);
        sodium_bin2hex(to, 17, hash, sizeof hash);
        to[16] = '.';
    }
    draft->hash[DRAFT_HASH - 1] = '\0';
}

unsigned draft_hash_differs(const char *a, const char *b)
{
    unsigned parts = 0;
    if (strlen(a) != DRAFT_HASH - 1 || strlen(b) != DRAFT_HASH - 1)
        return (1u << PART_COUNT) - 1;
    for (size_t i = 0; i < PART_COUNT; i++)
        if (memcmp(a + i * 17, b + i * 17, 16) != 0)
            parts |= 1u << i;
    return parts;
}
