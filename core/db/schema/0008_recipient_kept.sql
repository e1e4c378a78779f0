-- SPDX-License-Identifier: MIT
-- The oldest that was not forgotten yet, whatever lies before it.
CREATE INDEX recipient_kept ON recipient (erased_at, id) WHERE erased_at IS NULL;
