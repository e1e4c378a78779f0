/* SPDX-License-Identifier: MIT */
#include "printing/label/barcode.h"

#include <string.h>
#include <zint.h>

#include "core/base/error.h"
#include "printing/label/qr_mask.h"

struct symbology {
    const char *name;
    int zint;
    int input_mode;
    int eci; /* 26: UTF-8 */
    int quiet_x, quiet_y;
};

/* Quiet zones by ISO/IEC 15417 (Code 128: 10 modules) and 18004 (QR: 4). */
static const struct symbology SYMBOLOGIES[] = {
    [LABEL_CODE128] = {"Code 128", BARCODE_CODE128, DATA_MODE, 0, 10, 0},
    [LABEL_GS1_128] = {"GS1-128", BARCODE_GS1_128, GS1_MODE, 0, 10, 0},
    [LABEL_QR] = {"QR", BARCODE_QRCODE, UNICODE_MODE, 26, 4, 4},
};

/* Code 128 in data mode would turn UTF-8 into Latin-1 without a word. */
static gboolean is_printable_ascii(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!g_ascii_isprint(*p))
            return FALSE;
    return *text != '\0';
}

static struct barcode *modules_of(const struct zint_symbol *symbol, const struct symbology *row)
{
    int stride = (symbol->width + 7) / 8;
    struct barcode *barcode = g_malloc0(sizeof *barcode + (size_t)(stride * symbol->rows));
    *barcode = (struct barcode){symbol->width, symbol->rows, row->quiet_x, row->quiet_y, stride};
    for (int y = 0; y < symbol->rows; y++)
        memcpy(barcode->modules + y * stride, symbol->encoded_data[y], (size_t)stride);
    return barcode;
}

static struct barcode *encode_symbol(const struct symbology *row, const char *text, int mask, GError **error)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = row->zint;
    symbol->input_mode = row->input_mode;
    symbol->eci = g_str_is_ascii(text) ? 0 : row->eci;
    symbol->option_3 = mask;
    symbol->show_hrt = 0;
    symbol->warn_level = WARN_FAIL_ALL;
    const unsigned char *bytes = (const unsigned char *)text;
    int failed = ZBarcode_Encode(symbol, bytes, (int)strlen(text));
    struct barcode *barcode = NULL;
    /* zint's own text quotes the input, which may be somebody's address: only its number is passed on. */
    char number[12];
    g_snprintf(number, sizeof number, "zint %d", failed);
    if (failed)
        err_set(error, ERR_BARCODE, row->name, number);
    else
        barcode = modules_of(symbol, row);
    ZBarcode_Delete(symbol);
    return barcode;
}

/* --- QR: zint's modules, the mask by qr_mask.h ---------------------------------------------------------- */

enum { FIRST_MASK = 1 << 8, BEST_MASK = 0 }; /* as zint's option_3 says them */

static void mask_modules(struct barcode *barcode)
{
    struct qr qr = {.size = barcode->columns};
    for (int y = 0; y < qr.size; y++)
        memcpy(&qr.row[y], barcode->modules + y * barcode->stride, (size_t)barcode->stride);
    qr_mask_best(&qr);
    for (int y = 0; y < qr.size; y++)
        memcpy(barcode->modules + y * barcode->stride, &qr.row[y], (size_t)barcode->stride);
}

struct barcode *barcode_encode(enum label_symbology symbology, const char *text, GError **error)
{
    const struct symbology *row = &SYMBOLOGIES[symbology];
    if (symbology != LABEL_QR && !is_printable_ascii(text)) {
        err_set(error, ERR_BARCODE, row->name, "only printable ASCII can stand in it");
        return NULL;
    }
    struct barcode *barcode = encode_symbol(row, text, symbology == LABEL_QR ? FIRST_MASK : BEST_MASK, error);
    if (!barcode || symbology != LABEL_QR)
        return barcode;
    if (barcode->columns <= QR_MAX_SIZE) {
        mask_modules(barcode);
        return barcode;
    }
    g_free(barcode);
    return encode_symbol(row, text, BEST_MASK, error);
}
