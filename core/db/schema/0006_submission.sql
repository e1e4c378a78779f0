-- SPDX-License-Identifier: MIT
-- A submission changes by events, and its version with each: who had another in hand breaks the transaction. No difference
-- keeps it. It says how far a hand-over to a printer's queue has come, and what the queue calls it: with the queue that is
-- gone, so it is never replayed. What became of its jobs they keep themselves.
ALTER TABLE submission ADD COLUMN version {int} NOT NULL DEFAULT 1;
