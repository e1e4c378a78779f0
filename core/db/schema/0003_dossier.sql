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
