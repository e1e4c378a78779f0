/* SPDX-License-Identifier: MIT
 *
 * The mask chosen for a QR symbol is the one zint chooses when it is left to it, for texts of every kind and length.
 */
#include <glib.h>
#include <string.h>
#include <zint.h>

#include "printing/label/barcode.h"
#include "printing/label/qr_mask.h"

static struct zint_symbol *by_zint(const char *text)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = BARCODE_QRCODE;
    symbol->input_mode = UNICODE_MODE;
    symbol->eci = g_str_is_ascii(text) ? 0 : 26;
    g_assert_cmpint(ZBarcode_Encode(symbol, (const unsigned char *)text, (int)strlen(text)), ==, 0);
    return symbol;
}

/* The symbol's size. */
static int check_same(const char *text)
{
    struct zint_symbol *expected = by_zint(text);
    GError *error = NULL;
    struct barcode *barcode = barcode_encode(LABEL_QR, text, &error);
    g_assert_no_error(error);
    g_assert_cmpint(barcode->columns, ==, expected->width);
    for (int y = 0; y < barcode->rows; y++)
        g_assert_true(memcmp(barcode->modules + y * barcode->stride, expected->encoded_data[y],
                             (size_t)barcode->stride) == 0);
    int size = barcode->columns;
    g_free(barcode);
    ZBarcode_Delete(expected);
    return size;
}

static char *random_text(void)
{
    static const char *const PIECES[] = {"王", "訂單", "臺", "7", "40", "PL", "sku-", "|", " ", "2250446752"};
    GString *text = g_string_new(NULL);
    for (int i = g_test_rand_int_range(1, 40); i > 0; i--)
        g_string_append(text, PIECES[g_test_rand_int_range(0, G_N_ELEMENTS(PIECES))]);
    return g_string_free(text, FALSE);
}

static void as_zint(void)
{
    gboolean sizes[178] = {FALSE};
    for (int n = 0; n < 1000; n++) {
        char *text = random_text();
        sizes[check_same(text)] = TRUE;
        g_free(text);
    }
    for (int size = 21; size <= QR_MAX_SIZE + 4; size += 4) /* one that is left to zint, too */
        g_assert_true(sizes[size]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/printing/qr_mask/as zint", as_zint);
    return g_test_run();
}
