/* SPDX-License-Identifier: MIT
 *
 * What a courier takes, judged by its file.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/code/courier.h"

enum { TWD_MINOR = 100 };

static gboolean empty(const char *text)
{
    return !text || !text[0];
}

static gboolean too_long(const char *text, int max)
{
    return max > 0 && text && g_utf8_strlen(text, -1) > max;
}

static gboolean has_any(const char *text, const char *forbidden)
{
    for (const char *p = forbidden; text && *p; p += g_utf8_skip[*(const guchar *)p])
        if (g_utf8_strchr(text, -1, g_utf8_get_char(p)))
            return TRUE;
    return FALSE;
}

static const char *cod_fault(const struct courier *courier, const struct delivery *delivery)
{
    gboolean twd = delivery->currency && strcmp(delivery->currency, "TWD") == 0;
    if (delivery->cod_minor <= 0)
        return NULL;
    if (courier->cod_max == 0)
        return _("it takes no COD");
    if (!twd)
        return _("its COD is in TWD only");
    if (delivery->cod_minor % TWD_MINOR != 0)
        return _("COD must be whole dollars");
    return delivery->cod_minor / TWD_MINOR > courier->cod_max ? _("the COD is over its limit") : NULL;
}

static const char *place_fault(const struct courier *courier, const struct delivery *delivery)
{
    if (courier->store_pickup)
        return empty(delivery->store_code) ? _("the pickup store is missing") : NULL;
    /* an order without any address was let through by its shop's format */
    if (courier->needs_postcode && !empty(delivery->address) && empty(delivery->postcode))
        return _("the postcode is missing");
    return too_long(delivery->address, courier->address_max) ? _("the address is too long for it") : NULL;
}

const char *courier_fault(const struct courier *courier, const struct delivery *delivery)
{
    const char *fault = cod_fault(courier, delivery);
    if (!fault)
        fault = place_fault(courier, delivery);
    if (!fault && too_long(delivery->name, courier->name_max))
        fault = _("the name is too long for it");
    if (!fault && (has_any(delivery->name, courier->forbidden) || has_any(delivery->address, courier->forbidden)))
        fault = _("name or address has characters it refuses");
    return fault;
}
