/* SPDX-License-Identifier: MIT */
#include "printing/label/sample.h"

#include "core/code/code.h"

struct place {
    const char *postcode, *address;
};

static const char *const NAMES[] = {"王大衛", "林小美", "陳冠宇", "張雅婷", "歐陽志明", "李淑芬", "黃建國", "吳佩珊"};
static const struct place PLACES[] = {
    {"407", "臺中市西屯區市政北二路 238 號 12 樓之 3"},
    {"106", "臺北市大安區忠孝東路四段 170 巷 17 弄 5 號"},
    {"806", "高雄市前鎮區中華五路 789 號"},
    {"330", "桃園市桃園區中正路 1092 號 8 樓"},
    {"70172", "臺南市東區裕農路 375 號(裕農管理室代收)"},
    {"26547", "宜蘭縣羅東鎮公正路 199 號 B1 服務台轉交"},
};
struct goods {
    const char *name, *sku, *bin, *code;
};
static const struct goods GOODS[] = {
    {"馬克杯 紅 350ml", "MUG-RED-350", "A-01-1", "4710000000019"},
    {"烏龍茶 150g 真空包", "TEA-OOL-150", "A-03-2", "4710000000026"},
    {"棉布袋 大 原色", "BAG-COT-01", "B-02-4", "4710000000033"},
    {"手工皂 檜木 100g", "SOAP-HIN-100", "C-01-1", "4710000000040"},
    {"不鏽鋼保溫瓶 500ml 霧黑", "FLASK-500-BK", "C-05-3", "4710000000057"},
};

static void add_goods(struct label *label, int n, int count)
{
    for (int i = 0; i < count; i++) {
        const struct goods *goods = &GOODS[(n + i) % (int)G_N_ELEMENTS(GOODS)];
        struct label_row *row = label_add_row(label);
        row->name = g_strdup(goods->name);
        row->sku = g_strdup(goods->sku);
        row->bin = g_strdup(goods->bin);
        row->code = g_strdup(goods->code);
        row->target = g_strdup_printf("T-%02d", (n + i) % 20 + 1);
        row->quantity = (n + i) % 3 + 1;
    }
}

/* A number of HCT's rule: nine digits and their remainder by seven. */
static char *sample_number(int n)
{
    int first_nine = 225044675 + n;
    return g_strdup_printf("%09d%d", first_nine, first_nine % 7);
}

static void fill_waybill(struct label *label, int n)
{
    char code[CODE_SIZE];
    const struct place *place = &PLACES[n % (int)G_N_ELEMENTS(PLACES)];
    label_set(&label->courier, "新竹物流 HCT");
    label_set(&label->service, "一般");
    label_set(&label->route, "40-07");
    label->number = sample_number(n);
    label->number_read = g_strdup_printf("%.4s-%.3s-%s", label->number, label->number + 4, label->number + 7);
    label_set(&label->barcode, label->number);
    label_set(&label->recipient_name, NAMES[n % (int)G_N_ELEMENTS(NAMES)]);
    label->recipient_phone = g_strdup_printf("0900-%03d-%03d", n / 1000 % 1000, n % 1000);
    label_set(&label->recipient_postcode, place->postcode);
    label_set(&label->recipient_address, place->address);
    label_set(&label->sender_name, "桃園倉 示範商行");
    label_set(&label->sender_phone, "03-000-0000");
    label_set(&label->sender_address, "桃園市中壢區中園路 168 號");
    label_set(&label->cod_currency, "TWD");
    label->cod_minor = 128000 + n % 10 * 100;
    label->orders = g_strdup_printf("SP2411-%05d", n % 100000);
    label_set(&label->code, code_make(CODE_SHIPMENT, 372036854775807 + n, code));
    label->qr = g_strdup_printf("%s|%s|%s|訂單 %s", label->number, place->postcode, label->recipient_name,
                                label->orders);
    label_set(&label->batch, "B0142");
    label->slot = n % 20 + 1;
    label->sequence = n % 3000 + 1;
    label->total = 3000;
    label_set(&label->printed_at, "2026-11-22 14:03");
}

static void fill_card(struct label *label)
{
    char code[CODE_SIZE];
    label_set(&label->title, "工作台指令 Bench card");
    for (enum card card = CARD_NONE + 1; card < CARD_COUNT; card++) {
        struct label_row *row = label_add_row(label);
        row->name = g_strdup(card_text(card));
        row->code = g_strdup(code_make_card(card, code));
    }
}

static void fill_list(struct label *label, int n)
{
    char code[CODE_SIZE];
    label_set(&label->title, "揀貨");
    label_set(&label->batch, "B0142");
    label_set(&label->code, code_make(CODE_BATCH, 372036854775807, code));
    label_set(&label->courier, "新竹物流 HCT");
    label_set(&label->printed_at, "2026-11-22 14:03");
    add_goods(label, n, 23);
}

static void fill_badge(struct label *label)
{
    char code[CODE_SIZE];
    label_set(&label->title, "桃園倉");
    label_set(&label->note, "林小美");
    label_set(&label->code, code_make(CODE_PERSON, 372036854775807, code));
}

struct label *sample_label(enum label_kind kind, int n)
{
    struct label *label = label_new(kind);
    switch (kind) {
    case LABEL_WAYBILL:
    case LABEL_SLIP:
        fill_waybill(label, n);
        add_goods(label, n, n % 4 + 2);
        break;
    case LABEL_MANIFEST:
        label_set(&label->seal, "journal seal 2026-11-21 4f1c 0a97 e2b8 33d5");
        G_GNUC_FALLTHROUGH;
    case LABEL_PICK_LIST:
        fill_list(label, n);
        break;
    case LABEL_BENCH_CARD:
        fill_card(label);
        break;
    case LABEL_BADGE:
        fill_badge(label);
        break;
    case LABEL_TEST:
    case LABEL_KINDS:
        label_set(&label->title, "label-1");
        label_set(&label->code, "TEST-0123456789");
        label_set(&label->printed_at, "2026-11-22 14:03");
        break;
    }
    return label;
}
