/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a scan: no crash, clean text, and what a code says is what the same code says again.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/code/courier.h"
#include "core/code/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct courier_list *the_couriers(void)
{
    static struct courier_list *couriers;
    if (!couriers)
        couriers = couriers_load(NULL, NULL);
    return couriers;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan scan;
    scan_decode(&scan, (const char *)data, size, the_couriers());
    g_assert(g_utf8_validate(scan.text, -1, NULL));
    g_assert(scan.flags != 0);
    if (scan.flags & (SCAN_IME | SCAN_CAPS | SCAN_DAMAGED | SCAN_EMPTY | SCAN_CODE_BAD))
        g_assert(!(scan.flags & (SCAN_CODE | SCAN_GS1 | SCAN_PLAIN)));
    if (scan.flags & SCAN_CODE) {
        char again[CODE_SIZE];
        if (scan.code.kind == CODE_COMMAND)
            code_make_card(scan.code.card, again);
        else
            code_make(scan.code.kind, scan.code.id, again);
        g_assert_cmpstr(again, ==, scan.text);
    }
    scan_clear(&scan);
    return 0;
}
