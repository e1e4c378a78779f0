/* SPDX-License-Identifier: MIT */
#include "core/print/label_data.h"

#include "core/base/words.h"

static const char *const KIND[] = {
    [LABEL_WAYBILL] = "waybill",
    [LABEL_SLIP] = "slip",
    [LABEL_PICK_LIST] = "pick_list",
    [LABEL_MANIFEST] = "manifest",
    [LABEL_BENCH_CARD] = "bench_card",
    [LABEL_BADGE] = "badge",
    [LABEL_TEST] = "test",
};

static void row_free(gpointer data)
{
    struct label_row *row = data;
    char *owned[] = {row->name, row->sku, row->bin, row->target, row->lot, row->code};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(row);
}

struct label *label_new(enum label_kind kind)
{
    struct label *label = g_new0(struct label, 1);
    label->kind = kind;
    label->generation = 1;
    label->rows = g_ptr_array_new_with_free_func(row_free);
    return label;
}

void label_free(struct label *label)
{
    if (!label)
        return;
    char *owned[] = {
        label->template_name, label->title, label->courier, label->service, label->number, label->number_read,
        label->barcode, label->qr, label->route, label->recipient_name, label->recipient_phone,
        label->recipient_postcode, label->recipient_address, label->store_code, label->store_name, label->sender_name,
        label->sender_phone, label->sender_address, label->cod_currency, label->orders, label->code, label->batch,
        label->note, label->seal, label->printed_at,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_ptr_array_unref(label->rows);
    g_free(label);
}

void label_set(char **member, const char *text)
{
    char *copy = g_strdup(text);
    g_free(*member);
    *member = copy;
}

struct label_row *label_add_row(struct label *label)
{
    struct label_row *row = g_new0(struct label_row, 1);
    g_ptr_array_add(label->rows, row);
    return row;
}

const char *label_kind_name(enum label_kind kind)
{
    return kind < LABEL_KINDS ? KIND[kind] : "";
}

enum label_kind label_kind_of(const char *name)
{
    return (enum label_kind)WORDS_PARSE(KIND, name, LABEL_KINDS);
}
