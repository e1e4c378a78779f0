/* SPDX-License-Identifier: MIT
 *
 * One page as a picture, for a look at it.
 */
#pragma once

#include <glib.h>

#include "printing/label/layout.h"
#include "printing/output/fonts.h"

/* At dots_per_inch, black on white. FALSE with ERR_RENDER or ERR_FILE_WRITE. */
gboolean render_png(struct fonts *fonts, const struct page *page, int dots_per_inch, const char *path, GError **error);
