/* SPDX-License-Identifier: MIT
 *
 * The only file that knows libpq-fe.h.
 */
#include "core/db/engine.h"

gboolean postgres_url_check(const char *url, GError **error)
{
    err_set(error, ERR_DB_URL, url);
    return FALSE;
}

const struct engine *engine_postgres(void)
{
    return NULL;
}
