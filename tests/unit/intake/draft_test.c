/* SPDX-License-Identifier: MIT
 *
 * Shop files to order drafts: every format of assets/shops, and the traps measured in real exports.
 */
#include "core/intake/draft.h"

#include <string.h>

#include "core/base/error.h"
#include "core/intake/header.h"
#include "core/intake/order_reader.h"
#include "core/table/source.h"
#include "tests/support/intake_files.h"

static struct order_draft *at(GPtrArray *drafts, guint n)
{
    g_assert_cmpuint(n, <, drafts->len);
    return drafts->pdata[n];
}

static struct draft_line *line(struct order_draft *draft, guint n)
{
    g_assert_cmpuint(n, <, draft->lines->len);
    return &g_array_index(draft->lines, struct draft_line, n);
}

static GPtrArray *read_text(const char *format, const char *text)
{
    return intake_drafts(format, text, strlen(text));
}

static void check_reject(const char *text, uint64_t row, enum field column, enum reject reason)
{
    GPtrArray *drafts = read_text("generic", text);
    struct order_draft *draft = at(drafts, 0);
    g_assert_cmpuint(draft->rejects->len, >=, 1);
    struct draft_reject *reject = &g_array_index(draft->rejects, struct draft_reject, 0);
    g_assert_cmpstr(reject_name(reject->reason), ==, reject_name(reason));
    g_assert_cmpuint(reject->row, ==, row);
    g_assert_cmpint(reject->column, ==, column);
    g_assert_cmpstr(reject_text(reason), !=, "");
    g_ptr_array_unref(drafts);
}

static void test_generic(void)
{
    static const char TEXT[] = "訂單編號,收件人,電話,郵遞區號,縣市,行政區,地址,貨號,品名,數量,單價,付款方式,訂單總金額,物流,買家備註\n"
                               "A1,王小明,９12345678,'01234,臺北市,信義區,市府路　１號,MUG,杯,２,150,貨到付款,450,新竹物流,\"請\n附提袋\"\n"
                               "A1,,,,,,,TEA,茶,1,150,,,,\n"
                               "A2,林,0223456789,,,,,~,空,1,10,信用卡,10,,\n";
    GPtrArray *drafts = read_text(NULL, TEXT);
    g_assert_cmpuint(drafts->len, ==, 2);
    struct order_draft *draft = at(drafts, 0);
    g_assert_false(draft_is_rejected(draft));
    g_assert_cmpstr(draft->external_id, ==, "A1");
    g_assert_cmpint(draft->state, ==, SHOP_PAID);
    g_assert_true(draft->is_cod);
    g_assert_cmpint(draft->cod_minor, ==, 45000);
    g_assert_cmpstr(draft->courier, ==, "hct");
    g_assert_cmpstr(draft->recipient.phone, ==, "0912345678");
    g_assert_cmpstr(draft->recipient.postcode, ==, "01234");
    g_assert_cmpstr(draft->recipient.address, ==, "市府路 1號");
    g_assert_cmpstr(draft->recipient.buyer_note, ==, "請\n附提袋");
    g_assert_cmpuint(draft->lines->len, ==, 2);
    g_assert_cmpuint(draft->rows->len, ==, 2);
    g_assert_cmpint(line(draft, 0)->quantity, ==, 2);
    g_assert_cmpint(line(draft, 1)->price_minor, ==, 15000);
    g_assert_cmpuint(line(draft, 1)->row, ==, 3);
    g_assert_false(at(drafts, 1)->is_cod);
    g_ptr_array_unref(drafts);
}

#define HEAD "order_no,sku,quantity,price,order date,name,address,status\n"

static void test_rejects(void)
{
    check_reject(HEAD ",S,1,1,,,,\n", 2, FIELD_ORDER_NO, REJECT_NO_ORDER_NO);
    check_reject(HEAD "2.40E+14,S,1,1,,,,\n", 2, FIELD_ORDER_NO, REJECT_DAMAGED);
    check_reject(HEAD "A,,1,1,,,,\n", 2, FIELD_SKU, REJECT_NO_ITEM);
    check_reject(HEAD "A,S,,1,,,,\n", 2, FIELD_QUANTITY, REJECT_QUANTITY);
    check_reject(HEAD "A,S,1.5,1,,,,\n", 2, FIELD_QUANTITY, REJECT_QUANTITY);
    check_reject(HEAD "A,S,99999999999,1,,,,\n", 2, FIELD_QUANTITY, REJECT_QUANTITY);
    check_reject(HEAD "A,S,-1,1,,,,\n", 2, FIELD_QUANTITY, REJECT_NEGATIVE);
    check_reject(HEAD "A,S,0,1,,,,\n", 2, FIELD_QUANTITY, REJECT_ZERO);
    check_reject(HEAD "A,S,1,1,,,,\nA,S,1,free,,,,\n", 3, FIELD_PRICE, REJECT_MONEY);
    check_reject(HEAD "A,S,1,1,soon,,,\n", 2, FIELD_ORDERED_AT, REJECT_DATE);
    check_reject(HEAD "A,S,1,1,,,,whatever\n", 2, FIELD_STATE, REJECT_STATE);
    check_reject(HEAD "A,S,1,1,,Lin,X,\nA,S,1,1,,Wang,X,\n", 3, FIELD_NAME, REJECT_CONFLICT);
    check_reject(HEAD "A\xFF,S,1,1,,,,\n", 2, FIELD_ORDER_NO, REJECT_BAD_BYTES);
    char *long_number = g_strdup_printf(HEAD "%080d,S,1,1,,,,\n", 1);
    check_reject(long_number, 2, FIELD_ORDER_NO, REJECT_TOO_LONG);
    g_free(long_number);
}

/* A spreadsheet's rewriting, other spellings and lost zeros are the same order; anything else is a change that is named. */
static void test_hash(void)
{
    static const char FIRST[] = "order_no,ordered_at,name,phone,postcode,address,sku,quantity,price,status\n"
                                "A,2020-02-21 00:00:00,Lin,0912345678,'01234,臺北市 １號,S,1,10,paid\n";
    static const struct {
        const char *row;
        unsigned differs;
    } CASES[] = {
        {"A,2020/2/21 0:00,Lin,912345678,1234,台北市1號,S,1,10.00,paid\n", 0},
        {"A,2020-02-21 00:00:42,Lin,0912-345-678,01234,台北市1號,S,1,10,shipped\n", 0},
        {"A,2020-02-22,Lin,0912345678,01234,台北市1號,S,1,10,paid\n", 1 << PART_DATES},
        {"A,2020-02-21,Lin,0912345678,01234,台北市2號,S,1,10,paid\n", 1 << PART_RECIPIENT},
        {"A,2020-02-21,Lin,0912345678,01234,台北市1號,S,2,10,paid\n", 1 << PART_LINES},
        {"A,2020-02-21,Lin,0912345678,01234,台北市1號,S,1,10,cancelled\n", 1 << PART_STATE},
        {"A,2020-02-21,Wang,0912345678,01234,台北市1號,s,1,10,unpaid\n",
         1 << PART_STATE | 1 << PART_LINES | 1 << PART_RECIPIENT},
    };
    GPtrArray *first = read_text("generic", FIRST);
    size_t head = strcspn(FIRST, "\n") + 1;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *text = g_strdup_printf("%.*s%s", (int)head, FIRST, CASES[i].row);
        GPtrArray *again = read_text("generic", text);
        g_assert_cmpuint(draft_hash_differs(at(first, 0)->hash, at(again, 0)->hash), ==, CASES[i].differs);
        g_ptr_array_unref(again);
        g_free(text);
    }
    g_assert_cmpuint(draft_hash_differs("", at(first, 0)->hash), !=, 0);
    g_ptr_array_unref(first);
}

/* Rows of one order that stand apart are one order; false alarms change nothing. */
static void test_rows_apart(void)
{
    GPtrArray *drafts = read_text("generic", "order_no,sku,quantity\nA,1,1\nB,1,1\nA,2,1\nC,1,1\nB,2,1\nA,3,1\n,9,1\n,9,1\n");
    g_assert_cmpuint(drafts->len, ==, 5);
    unsigned rows = 0;
    for (guint i = 0; i < drafts->len; i++) {
        struct order_draft *draft = at(drafts, i);
        rows += draft->rows->len;
        if (strcmp(draft->external_id, "A") == 0)
            g_assert_cmpuint(draft->lines->len, ==, 3);
        else if (strcmp(draft->external_id, "B") == 0)
            g_assert_cmpuint(draft->lines->len, ==, 2);
    }
    g_assert_cmpuint(rows, ==, 8);
    g_ptr_array_unref(drafts);
}

static void test_shopify(void)
{
    char *header = intake_header("shopify_orders_79.txt", ',');
    if (!header)
        return;
    /* 79 columns; a CRLF in a quoted field of an LF file; continuation rows repeat only some columns. */
    GString *text = g_string_new(header);
    g_string_append(text, "\n#1001,,pending,,unfulfilled,,no,TWD,300,60,0,360,,0,新竹物流,2026-01-15 17:41:00 +0800,2,烏龍茶 - 150g,150,,,true,true,"
                          "pending,Lin,S,B,,,,'01234,,TW,0911,王小明,市府路1號,市府路1號,,,信義區,'01234,TPE,TW,0912345678,附提袋,"
                          "\"a: b\r\nc: d\",,Cash on Delivery (COD),");
    for (int i = 48; i < 76; i++)
        g_string_append_c(text, ',');
    g_string_append(text, "\n#1001,,,,,,,,,,,,,,,2026-01-15 17:41:00 +0800,1,馬克杯,99,,MUG,true,true,pending");
    for (int i = 24; i < 79; i++)
        g_string_append_c(text, ',');
    g_string_append(text, "\n#1002,,refunded,,,,,TWD,,,,,,,,2026-01-15 17:41:00 +0800,1,x,1");
    g_string_append_c(text, '\n');
    GPtrArray *drafts = read_text(NULL, text->str);
    g_assert_cmpuint(drafts->len, ==, 2);
    struct order_draft *draft = at(drafts, 0);
    g_assert_false(draft_is_rejected(draft));
    g_assert_cmpstr(draft->recipient.name, ==, "王小明");
    g_assert_cmpstr(draft->recipient.address, ==, "市府路1號");
    g_assert_cmpstr(draft->recipient.postcode, ==, "01234");
    g_assert_cmpstr(draft->recipient.district, ==, "信義區");
    g_assert_cmpstr(draft->courier, ==, "hct");
    g_assert_cmpint(draft->state, ==, SHOP_PAID);
    g_assert_cmpint(draft->cod_minor, ==, 36000);
    g_assert_cmpuint(draft->lines->len, ==, 2);
    char *ident = draft_line_ident(line(draft, 0));
    g_assert_cmpstr(ident, ==, "~烏龍茶 - 150g|");
    g_free(ident);
    g_assert_cmpstr(line(draft, 1)->sku, ==, "MUG");
    g_assert_cmpuint(line(draft, 1)->row, ==, 3);
    g_assert_cmpint(at(drafts, 1)->state, ==, SHOP_CANCELLED);
    g_ptr_array_unref(drafts);
    g_string_free(text, TRUE);
    g_free(header);
}

static void test_shopify_sample(void)
{
    gsize length;
    char *text = intake_shared("shopify_orders/ltv_shopify_orders_sample.csv", &length);
    if (!text)
        return;
    GPtrArray *drafts = intake_drafts("shopify", text, length);
    unsigned rows = 0, rejected = 0;
    for (guint i = 0; i < drafts->len; i++) {
        rows += at(drafts, i)->rows->len;
        rejected += draft_is_rejected(at(drafts, i)) ? 1 : 0;
    }
    g_assert_cmpuint(rows, ==, 249);
    g_assert_cmpuint(rejected, ==, 0);
    g_assert_cmpuint(at(drafts, 0)->lines->len, ==, 3);
    g_ptr_array_unref(drafts);
    g_free(text);
}

static void fill_row(GString *text, const char *header, const char *const pairs[][2], size_t count)
{
    char **names = g_strsplit(header, "\t", -1);
    for (size_t i = 0; names[i]; i++) {
        const char *value = "";
        for (size_t n = 0; n < count; n++)
            if (strcmp(pairs[n][0], names[i]) == 0)
                value = pairs[n][1];
        g_string_append_printf(text, "%s%s", i ? "\t" : "", value);
    }
    g_string_append_c(text, '\n');
    g_strfreev(names);
}

static void test_shopee_generations(void)
{
    static const char *const LISTS[] = {"shopee_tw_2025_orders.txt", "shopee_tw_older_orders.txt"};
    static const char *const ROW[][2] = {
        {"訂單編號", "2411ABC"}, {"訂單狀態", "待出貨"},   {"訂單成立日期", "2025-11-01 10:00"}, {"買家總支付金額", "360"},
        {"商品名稱", "烏龍茶"},  {"商品選項名稱", "150g"}, {"主商品貨號", "TEA"},                {"數量", "3"},
        {"收件者姓名", "李"},    {"寄送方式", "7-ELEVEN"}, {"付款方式", "貨到付款"},             {"取件門市店號", "123456"},
        {"收件者電話", "0912345678"}, {"商品原價", "150"}, {"商品活動價格", "120"}, {"買家備註", "送禮"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        char *header = intake_header(LISTS[i], '\t');
        if (!header)
            return;
        GString *text = g_string_new(header);
        g_string_append_c(text, '\n');
        fill_row(text, header, ROW, G_N_ELEMENTS(ROW));
        GPtrArray *drafts = read_text(NULL, text->str);
        struct order_draft *draft = at(drafts, 0);
        g_assert_false(draft_is_rejected(draft));
        g_assert_cmpstr(draft->courier, ==, "711");
        g_assert_cmpstr(draft->recipient.store_code, ==, "123456");
        g_assert_cmpint(draft->cod_minor, ==, 36000);
        g_assert_cmpstr(line(draft, 0)->sku, ==, "TEA");
        g_assert_cmpint(line(draft, 0)->price_minor, ==, 12000);
        g_ptr_array_unref(drafts);
        g_string_free(text, TRUE);
        g_free(header);
    }
}

static void test_shopee_2015(void)
{
    static const char TEXT[] =
        "訂單編號 (單),訂單狀態,訂單小計 (TWD),買家支付的運費,訂單總金額,商品資訊,\"收件地址 (單)\",收件者姓名 (單),"
        "\"電話號碼 \n(若您是自行配送請使用後方蝦皮專線)\",寄送方式,付款方式,買家備註,備註\n"
        "15A,待出貨,300,60,360,\"[1] 商品名稱:烏龍茶; 商品選項名稱:150g; 價格: $ 150; 數量: 2; 商品選項貨號: TEA-150;\n"
        "[2] 商品名稱:杯; 商品選項名稱:紅; 價格: $ 60; 數量: 1; 商品選項貨號: ;\",臺中市西屯區1號,李,0912345678,黑貓宅急便,信用卡,,\n"
        "15C,待出貨,300,60,360,\"[1] 商品名稱:茶; 商品選項名稱:大; 價格: $ 150;\n[2] 商品名稱:杯; 商品選項名稱:紅; 價格: $ 60; 數量: 1; 商品選項貨號: ;\",臺中市,李,09,黑貓宅急便,信用卡,,\n"
        "15D,待出貨,300,60,360,\"[1] 商品名稱:杯; 商品選項名稱:紅; 價格: $ 60; 數量: 1; 商品選項貨號: ; [2] 贈品\",臺中市,李,09,黑貓宅急便,信用卡,,\n"
        "15B,待出貨,300,60,360,nothing that can be read,臺中市,李,09,黑貓宅急便,信用卡,,\n";
    GPtrArray *drafts = read_text(NULL, TEXT);
    struct order_draft *draft = at(drafts, 0);
    g_assert_false(draft_is_rejected(draft));
    g_assert_cmpuint(draft->lines->len, ==, 2);
    g_assert_cmpstr(line(draft, 0)->sku, ==, "TEA-150");
    g_assert_cmpint(line(draft, 0)->quantity, ==, 2);
    g_assert_cmpint(line(draft, 0)->price_minor, ==, 15000);
    g_assert_cmpstr(line(draft, 1)->title, ==, "杯");
    g_assert_cmpstr(line(draft, 1)->variant, ==, "紅");
    g_assert_cmpstr(line(draft, 1)->sku, ==, "");
    g_assert_cmpstr(draft->recipient.phone, ==, "0912345678");
    g_assert_cmpstr(draft->courier, ==, "tcat");
    /* an item that is not understood rejects the order: it must not ship without it */
    for (guint i = 1; i <= 3; i++) {
        g_assert_true(draft_is_rejected(at(drafts, i)));
        g_assert_cmpint(g_array_index(at(drafts, i)->rejects, struct draft_reject, 0).reason, ==, REJECT_ITEMS);
    }
    g_ptr_array_unref(drafts);
}

static void test_jushuitan(void)
{
    char *header = intake_header("jushuitan_style_import_20.txt", '\t');
    if (!header)
        return;
    static const char *const ROW[][2] = {
        {"线上订单号", "J1"}, {"收货人姓名（必填）", "张"}, {"手机（必填）", "13800138000"}, {"省份（必填）", "浙江省"},
        {"城市（必填）", "杭州市"}, {"区县（必填）", "西湖区"}, {"地址（必填）", "文三路1号"}, {"商品编码（必填）", "K"},
        {"数量（必填）", "1"}, {"状态", "待发货"}, {"规格编码 ", "K-红"}, {"下单时间", "2025/1/2 3:04"},
    };
    GString *text = g_string_new(header);
    g_string_append_c(text, '\n');
    fill_row(text, header, ROW, G_N_ELEMENTS(ROW));
    gsize length;
    char *bytes = g_convert(text->str, -1, "GB18030", "UTF-8", NULL, &length, NULL);
    GPtrArray *drafts = intake_drafts("jushuitan", bytes, length);
    struct order_draft *draft = at(drafts, 0);
    g_assert_false(draft_is_rejected(draft));
    g_assert_cmpstr(line(draft, 0)->sku, ==, "K-红");
    g_assert_cmpstr(draft->recipient.county, ==, "浙江省杭州市");
    g_assert_cmpstr(draft->currency, ==, "CNY");
    g_ptr_array_unref(drafts);
    drafts = intake_drafts(NULL, bytes, length); /* Big5 before GB18030: the header says which it is */
    g_assert_cmpstr(at(drafts, 0)->recipient.name, ==, "张");
    g_ptr_array_unref(drafts);
    g_free(bytes);
    g_string_free(text, TRUE);
    g_free(header);
}

static void test_amazon(void)
{
    char *header = intake_header("amazon_unshipped_29.txt", '\t');
    if (!header)
        return;
    static const char *const ROW[][2] = {
        {"order-id", "111-222"}, {"sku", "PIPE"}, {"product-name", "5\" pipe"}, {"quantity-purchased", "2"},
        {"purchase-date", "2025-01-05T10:00:00+00:00"}, {"recipient-name", "Ann"}, {"ship-city", "Austin"},
        {"ship-state", "TX"}, {"ship-postal-code", "73301"}, {"currency", "USD"}, {"item-price", "12.50"},
    };
    GString *text = g_string_new(header);
    g_string_append_c(text, '\n');
    fill_row(text, header, ROW, G_N_ELEMENTS(ROW));
    fill_row(text, header, ROW, G_N_ELEMENTS(ROW));
    GPtrArray *drafts = read_text(NULL, text->str);
    struct order_draft *draft = at(drafts, 0);
    g_assert_cmpuint(drafts->len, ==, 1);
    g_assert_false(draft_is_rejected(draft));
    g_assert_cmpuint(draft->lines->len, ==, 2);
    g_assert_cmpstr(line(draft, 0)->title, ==, "5\" pipe");
    g_assert_cmpint(line(draft, 0)->price_minor, ==, 1250);
    g_assert_cmpstr(draft->recipient.district, ==, "Austin");
    g_ptr_array_unref(drafts);
    g_string_free(text, TRUE);
    g_free(header);
}

static void test_sample_zh(void)
{
    gsize length;
    char *text = intake_shared("sample_orders_zh/examples/sample_orders.csv", &length);
    if (!text)
        return;
    static const enum shop_state STATES[] = {SHOP_UNPAID, SHOP_PAID, SHOP_SHIPPED, SHOP_UNPAID, SHOP_PAID};
    GPtrArray *drafts = intake_drafts(NULL, text, length);
    g_assert_cmpuint(drafts->len, ==, G_N_ELEMENTS(STATES));
    for (guint i = 0; i < drafts->len; i++)
        g_assert_cmpint(at(drafts, i)->state, ==, STATES[i]);
    g_assert_cmpint(at(drafts, 1)->total_minor, ==, 300000);
    g_ptr_array_unref(drafts);
    g_free(text);
}

static void test_online_retail_rules(void)
{
    static const char TEXT[] = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
                               "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
                               "536365,85123a,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
                               "536365,85123a,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
                               "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850,United Kingdom\n"
                               "C536379,85123A,HOLDER,-1,2010-12-01 09:41:00,2.55,14527,United Kingdom\n"
                               "536589,21777,,-10,2010-12-01 16:50:00,0,,United Kingdom\n"
                               "A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom\n"
                               "536540,C2,CARRIAGE,1,2010-12-01 14:05:00,50,14911,EIRE\n";
    static const enum reject REASONS[] = {REJECT_NONE, REJECT_DOCUMENT, REJECT_NEGATIVE, REJECT_DOCUMENT, REJECT_NO_GOODS};
    GPtrArray *drafts = read_text(NULL, TEXT);
    g_assert_cmpuint(drafts->len, ==, G_N_ELEMENTS(REASONS));
    for (guint i = 0; i < drafts->len; i++) {
        GArray *rejects = at(drafts, i)->rejects;
        enum reject reason = rejects->len ? g_array_index(rejects, struct draft_reject, 0).reason : REJECT_NONE;
        g_assert_cmpstr(reject_name(reason), ==, reject_name(REASONS[i]));
    }
    struct order_draft *draft = at(drafts, 0);
    g_assert_cmpuint(draft->lines->len, ==, 4);
    g_assert_cmpstr(line(draft, 1)->sku, !=, line(draft, 0)->sku);
    g_assert_true(line(draft, 3)->service);
    g_assert_cmpstr(draft->currency, ==, "GBP");
    g_ptr_array_unref(drafts);
}

static void test_bad_formats(void)
{
    static const char *const TEXTS[] = {
        "nonsense", "[shop]\nname=x\n", "[columns]\nunknown_role=x\n", "[columns]\norder_no=a\n[shop]\ndates=dym\n",
        "[columns]\norder_no=a\n[shop]\ntime_zone=Nowhere/Land\n", "[columns]\norder_no=a\n[shop]\nencodings=EBCDIC\n",
        "[columns]\norder_no=a\n[match]\nrequired=order_no;qty\n", "[columns]\norder_no=a\n[items]\npattern=(\n",
        "[columns]\norder_no=a\n[shop]\ndelimiter=?\n", "[columns]\norder_no=a\n[shop]\nexponent=9\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        GError *error = NULL;
        g_assert_null(shop_format_parse("x", TEXTS[i], strlen(TEXTS[i]), &error));
        g_assert_error(error, ERR, ERR_SHOP_FORMAT);
        g_clear_error(&error);
    }
}

static void test_wrong_file(void)
{
    static const char TEXT[] = "order_no,sku\nA,B\n";
    GError *error = NULL;
    GPtrArray *formats = shop_formats_load("assets/shops", &error);
    const struct shop_format *format = shop_formats_get(formats, "generic", &error);
    struct source *source = source_memory(TEXT, strlen(TEXT), (const char *const *)format->encodings, &error);
    g_assert_null(order_reader_new(source, format, "x.csv", &error));
    g_assert_error(error, ERR, ERR_IMPORT_FORMAT);
    g_assert_nonnull(strstr(error->message, "x.csv"));
    g_clear_error(&error);
    g_assert_null(shop_format_recognise(formats, source, "x.csv", &error));
    g_assert_error(error, ERR, ERR_IMPORT_NO_MATCH);
    g_clear_error(&error);
    g_assert_null(shop_formats_get(formats, "nope", &error));
    g_assert_error(error, ERR, ERR_SHOP_FORMAT_UNKNOWN);
    g_clear_error(&error);
    source_free(source);
    g_ptr_array_unref(formats);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/draft/generic", test_generic);
    g_test_add_func("/intake/draft/rejects", test_rejects);
    g_test_add_func("/intake/draft/hash", test_hash);
    g_test_add_func("/intake/draft/rows_apart", test_rows_apart);
    g_test_add_func("/intake/draft/shopify", test_shopify);
    g_test_add_func("/intake/draft/shopify_sample", test_shopify_sample);
    g_test_add_func("/intake/draft/shopee_generations", test_shopee_generations);
    g_test_add_func("/intake/draft/shopee_2015", test_shopee_2015);
    g_test_add_func("/intake/draft/jushuitan", test_jushuitan);
    g_test_add_func("/intake/draft/amazon", test_amazon);
    g_test_add_func("/intake/draft/sample_zh", test_sample_zh);
    g_test_add_func("/intake/draft/online_retail_rules", test_online_retail_rules);
    g_test_add_func("/intake/format/bad_formats", test_bad_formats);
    g_test_add_func("/intake/format/wrong_file", test_wrong_file);
    return g_test_run();
}
