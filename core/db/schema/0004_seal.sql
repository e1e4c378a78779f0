-- SPDX-License-Identifier: MIT
-- What was said and what happened is sealed by the journal's chains. seals names rows as they stood when the journal's row was
-- written: tables, keys and digests (core/site/said.h).
ALTER TABLE journal ADD COLUMN seals {blob};

-- What fills the words of an event's code, parted by 0x1F: an answer that is given again is put into words when it is read.
-- NULL: an event from before, whose text is all there is, and whose own row was not sealed.
ALTER TABLE event ADD COLUMN arguments {text};

-- Bytes that stand nowhere else: without them a digest tells nobody whose name or address it was made of.
ALTER TABLE recipient ADD COLUMN salt {blob};
ALTER TABLE person ADD COLUMN salt {blob};
UPDATE recipient SET salt = {salt} WHERE erased_at IS NULL;
UPDATE person SET salt = {salt};

-- Which rules, and which couriers' files, a writer judges by, as its chain has said last.
ALTER TABLE writer ADD COLUMN judges {text} NOT NULL DEFAULT '';
