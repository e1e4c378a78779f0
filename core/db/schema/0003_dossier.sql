-- SPDX-License-Identifier: MIT
-- Rules decide on a dossier in memory: all that a dossier rests on has a version that moves with every change. told is the
-- version a shipment got by the last act that whoever had looked before is told of: that its label came out is none.
ALTER TABLE shipment ADD COLUMN told {int} NOT NULL DEFAULT 0;
ALTER TABLE manifest ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE print_run ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE job ADD COLUMN version {int} NOT NULL DEFAULT 1;
UPDATE shipment SET told = version;
-- A run that was being put together had no numbers yet.
UPDATE print_run SET labels = (SELECT COUNT(*) FROM job WHERE job.run_id = print_run.id AND job.kind = 'waybill')
    WHERE labels = 0;

-- What an event was asked (core/flow/difference.h), NULL for those before this version; and the reason a person gave, which
-- can be erased: the event has its digest, salted by the row's own bytes.
ALTER TABLE event ADD COLUMN asked {blob};
CREATE TABLE remark (
    event_key {id} PRIMARY KEY,
    text {text} NOT NULL,
    salt {blob},
    erased_at {int}
) {table};

-- What became of a subject (a shipment, batch, manifest, run or print job) from one version to the next: the derived tables
-- are the fold of these. What an event changed that is nobody's stands with its first subject, or under its own key.
CREATE TABLE difference (
    subject_id {id} NOT NULL,
    version {int} NOT NULL,
    event_key {id} NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (subject_id, version)
) {rowid_table};
{append_only:difference};

-- Whether what was scanned is a lot's code.
CREATE INDEX lot_code ON lot (code);
