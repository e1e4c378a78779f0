/* SPDX-License-Identifier: MIT
 *
 * An order that came again with other content. What has not been begun follows the shop; what is in work is stopped by
 * a block and a person decides; what has left is only told. The order's hash is written last: after a crash the next
 * import finds the change again, and every step may be done twice.
 */
#pragma once

#include "core/intake/intake.h"

/* parts: what differs, 1 << enum draft_part. Tells of it. Not inside a transaction. */
gboolean change_apply(struct intake *intake, struct order_draft *draft, int64_t order_id, unsigned parts,
                      GError **error);

/* Tells who asked for the import. outcome: translated; "": only stored. */
void change_tell(const struct intake *intake, const struct order_draft *draft, unsigned parts, const char *outcome);
