-- SPDX-License-Identifier: MIT
-- What an act that takes several transactions is going to do, written down before it begins: of one that dies half-way the rest
-- is found and done (core/apply/agenda.h). A part is one transaction's events; it goes with that transaction, and the act's
-- row with the last one. Of an act that another program finished the row stays a while, for who leads to see: it had stopped
-- when so many events were done, and of the rest so many were refused.
CREATE TABLE agenda (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse (id),
    kind {text} NOT NULL,
    person_id {id} REFERENCES person (id),
    at {int} NOT NULL,
    holder {text} NOT NULL,
    led {bool:led} NOT NULL,
    events {int} NOT NULL,
    stopped_after {int},
    refused {int} NOT NULL DEFAULT 0,
    finished_at {int}
) {table};
CREATE TABLE agenda_part (
    agenda_id {id} NOT NULL REFERENCES agenda (id),
    first {int} NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (agenda_id, first)
) {rowid_table};
