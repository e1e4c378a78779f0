-- SPDX-License-Identifier: MIT
-- The journal's key (core/site/journal_key.h): what it is since the last seal, and how many seals were made with those before it.
-- mark names the floor to people and files outside; seals up to sent_on were sent to the second place. slots is how many writers
-- there are, so that one that is taken away is missed.
CREATE TABLE journal_key (
    id {int} PRIMARY KEY CHECK (id = 1),
    epoch {int} NOT NULL,
    key {blob} NOT NULL,
    mark {text} NOT NULL,
    sent_on {int} NOT NULL DEFAULT 0,
    slots {int} NOT NULL,
    slots_mac {blob} NOT NULL
) {table};

-- Of a writer's rows since the last seal, in their order, with the key of its epoch. NULL and 0: before there was a key.
ALTER TABLE writer ADD COLUMN epoch {int} NOT NULL DEFAULT 0;
ALTER TABLE writer ADD COLUMN mac {blob};
ALTER TABLE seal ADD COLUMN mac {blob};
