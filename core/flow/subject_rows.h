/* SPDX-License-Identifier: MIT
 *
 * Lists of a dossier's rows by whose they are.
 */
#pragma once

#include "core/flow/dossier.h"

/* All rows of each subject of a dossier, the subject's own first, by tables and keys: of GPtrArray of struct row. And all of one
 * subject; NULL: all that is nobody's. Caller frees. */
GPtrArray *rows_by_subject(const struct dossier *dossier);
GPtrArray *rows_of(const struct dossier *dossier, const struct row *subject);
