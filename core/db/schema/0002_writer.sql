-- SPDX-License-Identifier: MIT
-- A writer slot is held for as long as its holder lives (core/db/life.h), not until an hour. What is left of the hour is the
-- instant of the last id made with the slot: the ids of its next holder begin behind it. Who holds one now shows no proof of
-- its life yet.
ALTER TABLE writer RENAME COLUMN lease_until_at TO ids_until_at;
UPDATE writer SET holder = '', ids_until_at = 0;
