/* SPDX-License-Identifier: MIT */
#include "printing/label/fields.h"

#include <stddef.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/base/money.h"

typedef void field_fn(const struct field_context *context, GString *out);

enum field_of { OF_FUNCTION, OF_LABEL, OF_ROW };

struct field {
    const char *name;
    enum field_of of;
    size_t offset; /* of a char * member */
    field_fn *append;
};

static void append_int(GString *out, int number)
{
    if (number > 0)
        g_string_append_printf(out, "%d", number);
}

static void append_cod(const struct field_context *context, GString *out)
{
    if (!context->label->cod_currency)
        return;
    g_autofree char *money = money_text(context->label->cod_currency, context->label->cod_minor);
    g_string_append(out, money);
}

static void append_of_run(const struct field_context *context, GString *out)
{
    if (context->label->total > 0)
        g_string_append_printf(out, "%d/%d", context->label->sequence, context->label->total);
}

static void append_slot(const struct field_context *context, GString *out)
{
    if (context->label->slot > 0)
        g_string_append_printf(out, "格 %d", context->label->slot);
}

static void append_generation(const struct field_context *context, GString *out)
{
    if (context->label->generation > 1)
        g_string_append_printf(out, "G%d", context->label->generation);
}

static void append_reprint(const struct field_context *context, GString *out)
{
    if (context->label->copy > 0)
        g_string_append_printf(out, "REPRINT 補印 %d", context->label->copy);
}

static void append_page(const struct field_context *context, GString *out)
{
    g_string_append_printf(out, "%d/%d", context->page, context->pages);
}

static void append_rows(const struct field_context *context, GString *out)
{
    append_int(out, (int)context->label->rows->len);
}

static void append_pieces(const struct field_context *context, GString *out)
{
    int pieces = 0;
    for (guint i = 0; i < context->label->rows->len; i++)
        pieces += ((const struct label_row *)g_ptr_array_index(context->label->rows, i))->quantity;
    append_int(out, pieces);
}

static void append_more(const struct field_context *context, GString *out)
{
    append_int(out, context->more);
}

static void append_quantity(const struct field_context *context, GString *out)
{
    if (context->row)
        append_int(out, context->row->quantity);
}

#define LABEL_TEXT(member) {#member, OF_LABEL, offsetof(struct label, member), NULL}
#define ROW_TEXT(member) {"row." #member, OF_ROW, offsetof(struct label_row, member), NULL}
#define COMPUTED(name, fn) {name, OF_FUNCTION, 0, fn}

static const struct field FIELDS[] = {
    LABEL_TEXT(title),
    LABEL_TEXT(courier),
    LABEL_TEXT(service),
    LABEL_TEXT(number),
    LABEL_TEXT(number_read),
    LABEL_TEXT(barcode),
    LABEL_TEXT(qr),
    LABEL_TEXT(route),
    LABEL_TEXT(recipient_name),
    LABEL_TEXT(recipient_phone),
    LABEL_TEXT(recipient_postcode),
    LABEL_TEXT(recipient_address),
    LABEL_TEXT(store_code),
    LABEL_TEXT(store_name),
    LABEL_TEXT(sender_name),
    LABEL_TEXT(sender_phone),
    LABEL_TEXT(sender_address),
    LABEL_TEXT(orders),
    LABEL_TEXT(code),
    LABEL_TEXT(batch),
    LABEL_TEXT(note),
    LABEL_TEXT(seal),
    LABEL_TEXT(printed_at),
    COMPUTED("cod", append_cod),
    COMPUTED("of_run", append_of_run),
    COMPUTED("slot", append_slot),
    COMPUTED("generation", append_generation),
    COMPUTED("reprint", append_reprint),
    COMPUTED("page", append_page),
    COMPUTED("rows", append_rows),
    COMPUTED("pieces", append_pieces),
    COMPUTED("more", append_more),
    ROW_TEXT(name),
    ROW_TEXT(sku),
    ROW_TEXT(bin),
    ROW_TEXT(target),
    ROW_TEXT(lot),
    ROW_TEXT(code),
    COMPUTED("row.quantity", append_quantity),
};

static const struct field *find_field(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (strlen(FIELDS[i].name) == length && memcmp(FIELDS[i].name, name, length) == 0)
            return &FIELDS[i];
    return NULL;
}

static void append_field(const struct field *field, const struct field_context *context, GString *out)
{
    const char *base = field->of == OF_LABEL ? (const char *)context->label : (const char *)context->row;
    if (field->of == OF_FUNCTION)
        field->append(context, out);
    else if (base) {
        const char *text = *(char *const *)(const void *)(base + field->offset);
        g_autofree char *clean = clean_text(text ? text : "", text ? strlen(text) : 0, CLEAN_BLOCK);
        g_string_append(out, clean);
    }
}

gboolean fields_known(const char *pattern, char **name)
{
    for (const char *open = strchr(pattern, '{'); open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        size_t length = close ? (size_t)(close - open - 1) : strlen(open + 1);
        if (close && find_field(open + 1, length))
            continue;
        *name = g_strndup(open + 1, length);
        return FALSE;
    }
    return TRUE;
}

char *fields_fill(const char *pattern, const struct field_context *context)
{
    GString *out = g_string_new(NULL);
    gboolean any_placeholder = FALSE, any_text = FALSE;
    for (const char *p = pattern; *p;) {
        const char *close = *p == '{' ? strchr(p, '}') : NULL;
        const struct field *field = close ? find_field(p + 1, (size_t)(close - p - 1)) : NULL;
        if (!field) {
            g_string_append_c(out, *p++);
            continue;
        }
        gsize before = out->len;
        append_field(field, context, out);
        any_placeholder = TRUE;
        any_text |= out->len > before;
        p = close + 1;
    }
    return g_string_free(out, any_placeholder && !any_text);
}
