-- SPDX-License-Identifier: MIT
-- The floor. Mark-up ({id}, {int}, {text}, {blob}, {bool:c}, {table}, {rowid_table}, {append_only:t}) is expanded by
-- migrate.c. Ids are made by the program. Instants are UTC ms (_at), civil dates yyyymmdd (_on), money is in minor
-- units (_minor), mass in grams (_g), length in micrometres (_um). A reference to nothing is NULL, but lot_id, which is 0
-- where a product is not kept by lots, because it is part of keys.

-- --- places and people --------------------------------------------------------------------------

CREATE TABLE warehouse (
    id {id} PRIMARY KEY,
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    time_zone {text} NOT NULL,
    is_demo {bool:is_demo} NOT NULL DEFAULT 0,
    active {bool:active} NOT NULL DEFAULT 1
) {table};

CREATE TABLE owner (
    id {id} PRIMARY KEY,
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    sender_name {text} NOT NULL DEFAULT '',
    sender_phone {text} NOT NULL DEFAULT '',
    sender_address {text} NOT NULL DEFAULT '',
    active {bool:active} NOT NULL DEFAULT 1
) {table};

CREATE TABLE setting (
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    name {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (warehouse_id, name)
) {rowid_table};

-- Who writes ids and journal rows: a station, a worker, an importer. Its slot stands inside its ids.
CREATE TABLE writer (
    slot {int} PRIMARY KEY CHECK (slot BETWEEN 0 AND 1023),
    name {text} NOT NULL,
    holder {text} NOT NULL,
    lease_until_at {int} NOT NULL,
    sequence {int} NOT NULL DEFAULT 0,
    head {blob} NOT NULL
) {table};

CREATE TABLE printer (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    name {text} NOT NULL,
    uri {text} NOT NULL,
    host {text} NOT NULL DEFAULT '',
    backup_id {id} REFERENCES printer(id),
    state {text} NOT NULL DEFAULT 'unknown',
    state_text {text} NOT NULL DEFAULT '',
    state_at {int} NOT NULL DEFAULT 0,
    checked_at {int} NOT NULL DEFAULT 0,
    labels_left {int},
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, name)
) {table};

CREATE TABLE station (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    name {text} NOT NULL,
    printer_id {id} REFERENCES printer(id),
    backup_printer_id {id} REFERENCES printer(id),
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, owner_id, name)
) {table};

CREATE TABLE person (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    badge {text} NOT NULL,
    name {text} NOT NULL,
    role {text} NOT NULL CHECK (role IN ('picker', 'packer', 'dock', 'lead', 'manager', 'admin', 'system')),
    pin_hash {text} NOT NULL DEFAULT '',
    failed_count {int} NOT NULL DEFAULT 0,
    locked_until_at {int} NOT NULL DEFAULT 0,
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, badge)
) {table};

-- Where goods can be. Suppliers, customers and losses are the outer ends of the ledger and hold no cached stock.
CREATE TABLE location (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    kind {text} NOT NULL CHECK (kind IN ('bin', 'tote', 'bench', 'supplier', 'customer', 'loss')),
    code {text} NOT NULL,
    walk_order {int} NOT NULL DEFAULT 0,
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, kind, code)
) {table};
CREATE INDEX location_code ON location (code);

-- --- goods ---------------------------------------------------------------------------------------

CREATE TABLE product (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    sku {text} NOT NULL,
    name {text} NOT NULL,
    weight_g {int} NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    has_lots {bool:has_lots} NOT NULL DEFAULT 0,
    safety_stock {int} NOT NULL DEFAULT 0,
    expected_sales {int} NOT NULL DEFAULT 0,
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, owner_id, sku)
) {table};
CREATE INDEX product_sku ON product (sku);

-- Every code that may be scanned for a product; a case code counts quantity pieces.
CREATE TABLE product_code (
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    code {text} NOT NULL,
    product_id {id} NOT NULL REFERENCES product(id),
    quantity {int} NOT NULL DEFAULT 1 CHECK (quantity > 0),
    PRIMARY KEY (warehouse_id, owner_id, code)
) {rowid_table};
CREATE INDEX product_code_product ON product_code (product_id);

CREATE TABLE lot (
    id {id} PRIMARY KEY,
    product_id {id} NOT NULL REFERENCES product(id),
    code {text} NOT NULL,
    expires_on {int} NOT NULL DEFAULT 0,
    UNIQUE (product_id, code)
) {table};
CREATE INDEX lot_expiry ON lot (expires_on) WHERE expires_on > 0;

-- The ledger: every move has two ends, so it nets to zero by its form.
CREATE TABLE stock_move (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    product_id {id} NOT NULL REFERENCES product(id),
    lot_id {id} NOT NULL DEFAULT 0,
    quantity {int} NOT NULL CHECK (quantity > 0),
    from_id {id} NOT NULL REFERENCES location(id),
    to_id {id} NOT NULL REFERENCES location(id),
    kind {text} NOT NULL CHECK (kind IN ('receipt', 'adjustment', 'pick', 'pack', 'outbound', 'transfer', 'return')),
    reason {text} NOT NULL DEFAULT '',
    shipment_id {id},
    person_id {id} NOT NULL REFERENCES person(id),
    event_key {id} NOT NULL,
    at {int} NOT NULL,
    CHECK (from_id <> to_id)
) {table};
CREATE INDEX stock_move_product ON stock_move (product_id, id);
CREATE INDEX stock_move_shipment ON stock_move (shipment_id) WHERE shipment_id IS NOT NULL;
{append_only:stock_move};

-- The ledger's cache. reserved is what open pick tasks still want from here.
CREATE TABLE stock (
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    product_id {id} NOT NULL REFERENCES product(id),
    location_id {id} NOT NULL REFERENCES location(id),
    lot_id {id} NOT NULL DEFAULT 0,
    on_hand {int} NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved {int} NOT NULL DEFAULT 0,
    CHECK (reserved >= 0 AND reserved <= on_hand),
    PRIMARY KEY (warehouse_id, owner_id, product_id, location_id, lot_id)
) {rowid_table};
CREATE INDEX stock_location ON stock (location_id) WHERE on_hand > 0;

CREATE TABLE count_task (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    location_id {id} NOT NULL REFERENCES location(id),
    product_id {id} NOT NULL REFERENCES product(id),
    reason {text} NOT NULL,
    event_key {id} NOT NULL,
    at {int} NOT NULL,
    done_at {int}
) {table};
CREATE INDEX count_task_open ON count_task (warehouse_id, at) WHERE done_at IS NULL;

-- --- shops and orders -------------------------------------------------------------------------------

CREATE TABLE shop (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    code {text} NOT NULL,
    name {text} NOT NULL,
    format {text} NOT NULL,
    last_import_at {int} NOT NULL DEFAULT 0,
    active {bool:active} NOT NULL DEFAULT 1,
    UNIQUE (warehouse_id, owner_id, code)
) {table};

-- What a shop calls a thing for sale. ident is the shop's SKU, or title and variant where the SKU is empty.
CREATE TABLE listing (
    id {id} PRIMARY KEY,
    shop_id {id} NOT NULL REFERENCES shop(id),
    ident {text} NOT NULL,
    shop_sku {text} NOT NULL DEFAULT '',
    title {text} NOT NULL DEFAULT '',
    variant {text} NOT NULL DEFAULT '',
    mapped_at {int},
    UNIQUE (shop_id, ident)
) {table};
CREATE INDEX listing_unmapped ON listing (shop_id, id) WHERE mapped_at IS NULL;

CREATE TABLE listing_part (
    listing_id {id} NOT NULL REFERENCES listing(id),
    product_id {id} NOT NULL REFERENCES product(id),
    quantity {int} NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (listing_id, product_id)
) {rowid_table};

-- The only table with names, phones, addresses and people's notes. A row is one version; rows are erased, not deleted.
CREATE TABLE recipient (
    id {id} PRIMARY KEY,
    version {int} NOT NULL DEFAULT 1,
    name {text} NOT NULL DEFAULT '',
    phone {text} NOT NULL DEFAULT '',
    phone_tail {text} NOT NULL DEFAULT '',
    postcode {text} NOT NULL DEFAULT '',
    county {text} NOT NULL DEFAULT '',
    district {text} NOT NULL DEFAULT '',
    address {text} NOT NULL DEFAULT '',
    country {text} NOT NULL DEFAULT 'TW',
    store_code {text} NOT NULL DEFAULT '',
    store_name {text} NOT NULL DEFAULT '',
    buyer_note {text} NOT NULL DEFAULT '',
    seller_remark {text} NOT NULL DEFAULT '',
    erased_at {int}
) {table};
CREATE INDEX recipient_phone ON recipient (phone_tail) WHERE phone_tail <> '';
CREATE INDEX recipient_name ON recipient (name);

CREATE TABLE sales_order (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    shop_id {id} NOT NULL REFERENCES shop(id),
    external_id {text} NOT NULL,
    version {int} NOT NULL DEFAULT 1,
    recipient_id {id} NOT NULL REFERENCES recipient(id),
    shop_state {text} NOT NULL DEFAULT 'paid' CHECK (shop_state IN ('unpaid', 'paid', 'cancelled', 'shipped')),
    ordered_at {int} NOT NULL DEFAULT 0,
    paid_at {int} NOT NULL DEFAULT 0,
    promise_on {int} NOT NULL DEFAULT 0,
    currency {text} NOT NULL DEFAULT 'TWD',
    total_minor {int} NOT NULL DEFAULT 0,
    cod_minor {int} NOT NULL DEFAULT 0 CHECK (cod_minor >= 0),
    courier {text} NOT NULL DEFAULT '',
    service {text} NOT NULL DEFAULT '',
    waybill_number {text} NOT NULL DEFAULT '',
    invoice_number {text} NOT NULL DEFAULT '',
    content_hash {text} NOT NULL,
    imported_at {int} NOT NULL,
    changed_at {int},
    UNIQUE (warehouse_id, owner_id, shop_id, external_id)
) {table};
CREATE INDEX sales_order_external ON sales_order (external_id);
CREATE INDEX sales_order_recipient ON sales_order (recipient_id);

CREATE TABLE order_line (
    id {id} PRIMARY KEY,
    order_id {id} NOT NULL REFERENCES sales_order(id),
    line_no {int} NOT NULL,
    listing_id {id} REFERENCES listing(id),
    kind {text} NOT NULL DEFAULT 'goods' CHECK (kind IN ('goods', 'service')),
    shop_sku {text} NOT NULL DEFAULT '',
    title {text} NOT NULL DEFAULT '',
    variant {text} NOT NULL DEFAULT '',
    quantity {int} NOT NULL CHECK (quantity > 0),
    price_minor {int} NOT NULL DEFAULT 0,
    cancelled_at {int},
    UNIQUE (order_id, line_no)
) {table};
CREATE INDEX order_line_listing ON order_line (listing_id);

CREATE TABLE import_file (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    shop_id {id} REFERENCES shop(id),
    kind {text} NOT NULL,
    content_hash {text} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    rows_read {int} NOT NULL DEFAULT 0,
    rows_accepted {int} NOT NULL DEFAULT 0,
    rows_changed {int} NOT NULL DEFAULT 0,
    rows_same {int} NOT NULL DEFAULT 0,
    rows_rejected {int} NOT NULL DEFAULT 0,
    orders_new {int} NOT NULL DEFAULT 0,
    orders_changed {int} NOT NULL DEFAULT 0,
    orders_same {int} NOT NULL DEFAULT 0,
    orders_rejected {int} NOT NULL DEFAULT 0,
    person_id {id} REFERENCES person(id)
) {table};

-- Which shipped parcels a shop has been told of.
CREATE TABLE export_row (
    parcel_id {id} PRIMARY KEY,
    shop_id {id} NOT NULL REFERENCES shop(id),
    exported_on {int} NOT NULL,
    at {int} NOT NULL
) {table};
CREATE INDEX export_row_day ON export_row (shop_id, exported_on);

-- --- the floor -----------------------------------------------------------------------------------------

CREATE TABLE counter (
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    name {text} NOT NULL,
    value {int} NOT NULL,
    PRIMARY KEY (warehouse_id, name)
) {rowid_table};

CREATE TABLE batch (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    number {text} NOT NULL,
    kind {text} NOT NULL DEFAULT 'cluster' CHECK (kind IN ('single', 'cluster', 'bulk', 'lane')),
    state {text} NOT NULL CHECK (state IN ('draft', 'ready', 'running', 'done', 'cancelled')),
    version {int} NOT NULL DEFAULT 1,
    courier {text} NOT NULL DEFAULT '',
    cut_off_at {int} NOT NULL DEFAULT 0,
    person_id {id} REFERENCES person(id),
    made_by {id} NOT NULL REFERENCES person(id),
    made_at {int} NOT NULL,
    started_at {int},
    done_at {int},
    UNIQUE (warehouse_id, owner_id, number)
) {table};
CREATE INDEX batch_open ON batch (warehouse_id, state, cut_off_at) WHERE state IN ('draft', 'ready', 'running');

CREATE TABLE shipment (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    state {text} NOT NULL CHECK (state IN ('new', 'ready', 'batched', 'picking', 'picked', 'packing', 'packed', 'labelled', 'outbound', 'cancelled')),
    version {int} NOT NULL DEFAULT 1,
    order_id {id} NOT NULL REFERENCES sales_order(id),
    recipient_id {id} NOT NULL REFERENCES recipient(id),
    courier {text} NOT NULL DEFAULT '',
    service {text} NOT NULL DEFAULT '',
    cod_minor {int} NOT NULL DEFAULT 0,
    currency {text} NOT NULL DEFAULT 'TWD',
    priority {int} NOT NULL DEFAULT 0,
    cut_off_at {int} NOT NULL DEFAULT 0,
    lines {int} NOT NULL DEFAULT 0,
    units {int} NOT NULL DEFAULT 0,
    batch_id {id} REFERENCES batch(id),
    slot {int} NOT NULL DEFAULT 0,
    person_id {id} REFERENCES person(id),
    weight_g {int} NOT NULL DEFAULT 0,
    changed_at {int} NOT NULL
) {table};
CREATE INDEX shipment_open ON shipment (warehouse_id, cut_off_at, id) WHERE state NOT IN ('outbound', 'cancelled');
-- The queue's order: by cut-off, those without one last.
CREATE INDEX shipment_queue ON shipment (warehouse_id, (CASE WHEN cut_off_at = 0 THEN 9000000000000000 ELSE cut_off_at END), id) WHERE state NOT IN ('outbound', 'cancelled');
CREATE INDEX shipment_state ON shipment (warehouse_id, state, courier) WHERE state NOT IN ('outbound', 'cancelled');
CREATE INDEX shipment_order ON shipment (order_id);
CREATE INDEX shipment_recipient ON shipment (recipient_id);
CREATE INDEX shipment_batch ON shipment (batch_id, state) WHERE batch_id IS NOT NULL;

CREATE TABLE shipment_line (
    id {id} PRIMARY KEY,
    shipment_id {id} NOT NULL REFERENCES shipment(id),
    order_line_id {id} NOT NULL REFERENCES order_line(id),
    product_id {id} NOT NULL REFERENCES product(id),
    state {text} NOT NULL CHECK (state IN ('open', 'reserved', 'picked', 'packed', 'cancelled')),
    quantity {int} NOT NULL CHECK (quantity > 0),
    picked {int} NOT NULL DEFAULT 0,
    packed {int} NOT NULL DEFAULT 0,
    CHECK (picked >= 0 AND picked <= quantity),
    CHECK (packed >= 0 AND packed <= picked)
) {table};
CREATE INDEX shipment_line_shipment ON shipment_line (shipment_id);
CREATE INDEX shipment_line_order_line ON shipment_line (order_line_id);
CREATE INDEX shipment_line_work ON shipment_line (product_id) WHERE state IN ('open', 'reserved', 'picked');
CREATE INDEX shipment_line_wanting ON shipment_line (product_id) WHERE state = 'open';

-- A reservation that says where to walk: quantity of one product (and lot) at one bin for one line.
CREATE TABLE pick_task (
    id {id} PRIMARY KEY,
    shipment_id {id} NOT NULL REFERENCES shipment(id),
    line_id {id} NOT NULL REFERENCES shipment_line(id),
    product_id {id} NOT NULL REFERENCES product(id),
    location_id {id} NOT NULL REFERENCES location(id),
    lot_id {id} NOT NULL DEFAULT 0,
    quantity {int} NOT NULL CHECK (quantity > 0),
    picked {int} NOT NULL DEFAULT 0,
    open {bool:open} NOT NULL DEFAULT 1,
    skipped {int} NOT NULL DEFAULT 0,
    CHECK (picked >= 0 AND picked <= quantity)
) {table};
CREATE INDEX pick_task_shipment ON pick_task (shipment_id);
CREATE INDEX pick_task_place ON pick_task (location_id, product_id) WHERE open = 1;

CREATE TABLE tote_use (
    tote_id {id} PRIMARY KEY,
    shipment_id {id} NOT NULL REFERENCES shipment(id),
    at {int} NOT NULL
) {table};
CREATE INDEX tote_use_shipment ON tote_use (shipment_id);

CREATE TABLE block (
    id {id} PRIMARY KEY,
    shipment_id {id} NOT NULL REFERENCES shipment(id),
    kind {text} NOT NULL CHECK (kind IN ('unpaid', 'presale', 'held', 'short', 'address', 'unmapped', 'missing', 'cancelled', 'changed')),
    reason {text} NOT NULL DEFAULT '',
    person_id {id} NOT NULL REFERENCES person(id),
    at {int} NOT NULL,
    cleared_at {int},
    cleared_by {id} REFERENCES person(id)
) {table};
CREATE UNIQUE INDEX block_open ON block (shipment_id, kind) WHERE cleared_at IS NULL;
CREATE INDEX block_kind ON block (kind) WHERE cleared_at IS NULL;

CREATE TABLE manifest (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    number {text} NOT NULL,
    courier {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('open', 'closed')),
    opened_by {id} NOT NULL REFERENCES person(id),
    opened_at {int} NOT NULL,
    closed_by {id} REFERENCES person(id),
    closed_at {int},
    UNIQUE (warehouse_id, number)
) {table};
CREATE UNIQUE INDEX manifest_open ON manifest (warehouse_id, courier) WHERE state = 'open';

CREATE TABLE parcel (
    id {id} PRIMARY KEY,
    shipment_id {id} NOT NULL REFERENCES shipment(id),
    number {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('open', 'packed', 'labelled', 'out', 'void')),
    generation {int} NOT NULL DEFAULT 1,
    weight_g {int} NOT NULL DEFAULT 0,
    packed_by {id} REFERENCES person(id),
    packed_at {int},
    manifest_id {id} REFERENCES manifest(id),
    out_at {int},
    UNIQUE (shipment_id, number)
) {table};
CREATE INDEX parcel_manifest ON parcel (manifest_id) WHERE manifest_id IS NOT NULL;
CREATE INDEX parcel_out ON parcel (out_at) WHERE out_at IS NOT NULL;

CREATE TABLE parcel_line (
    parcel_id {id} NOT NULL REFERENCES parcel(id),
    line_id {id} NOT NULL REFERENCES shipment_line(id),
    lot_id {id} NOT NULL DEFAULT 0,
    quantity {int} NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (parcel_id, line_id, lot_id)
) {rowid_table};
CREATE INDEX parcel_line_line ON parcel_line (line_id);

-- --- waybills ---------------------------------------------------------------------------------------------

-- Numbers to hand out: a range (prefix + serial + check digit) or, for couriers that issue lists, a pool whose numbers
-- are waybill rows in state free. next is the cursor: every serial below it is a waybill row with one fate.
CREATE TABLE waybill_range (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    courier {text} NOT NULL,
    kind {text} NOT NULL DEFAULT 'ordinary' CHECK (kind IN ('ordinary', 'cod', 'any')),
    source {text} NOT NULL CHECK (source IN ('range', 'list')),
    prefix {text} NOT NULL DEFAULT '',
    width {int} NOT NULL DEFAULT 0,
    first {int} NOT NULL DEFAULT 0,
    last {int} NOT NULL DEFAULT 0,
    next {int} NOT NULL DEFAULT 0,
    low_mark {int} NOT NULL DEFAULT 200,
    active {bool:active} NOT NULL DEFAULT 1,
    CHECK (next >= first AND next <= last + 1),
    UNIQUE (warehouse_id, owner_id, courier, kind, prefix, first)
) {table};

CREATE TABLE waybill (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    owner_id {id} NOT NULL REFERENCES owner(id),
    courier {text} NOT NULL,
    service {text} NOT NULL DEFAULT '',
    kind {text} NOT NULL DEFAULT 'ordinary' CHECK (kind IN ('ordinary', 'cod', 'any')),
    source {text} NOT NULL CHECK (source IN ('range', 'list', 'order', 'external')),
    number {text} NOT NULL,
    range_id {id} REFERENCES waybill_range(id),
    serial {int},
    state {text} NOT NULL CHECK (state IN ('free', 'assigned', 'printed', 'applied', 'out', 'void')),
    parcel_id {id} REFERENCES parcel(id),
    generation {int} NOT NULL DEFAULT 0,
    recipient_id {id} REFERENCES recipient(id),
    cod_minor {int} NOT NULL DEFAULT 0,
    void_reason {text} NOT NULL DEFAULT '',
    changed_at {int} NOT NULL,
    UNIQUE (courier, number),
    CHECK (state = 'free' OR state = 'void' OR parcel_id IS NOT NULL)
) {table};
CREATE INDEX waybill_number ON waybill (number);
CREATE INDEX waybill_free ON waybill (range_id, id) WHERE state = 'free';
CREATE INDEX waybill_serial ON waybill (range_id, serial) WHERE serial IS NOT NULL;
CREATE INDEX waybill_parcel ON waybill (parcel_id) WHERE parcel_id IS NOT NULL;
CREATE UNIQUE INDEX waybill_live ON waybill (parcel_id) WHERE state IN ('assigned', 'printed', 'applied', 'out');

-- --- printing: the outbox -------------------------------------------------------------------------------------

CREATE TABLE print_run (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    number {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
    batch_id {id} REFERENCES batch(id),
    filter {text} NOT NULL DEFAULT '',
    labels {int} NOT NULL DEFAULT 0,
    per_submission {int} NOT NULL DEFAULT 50 CHECK (per_submission > 0),
    printer_id {id} NOT NULL REFERENCES printer(id),
    made_by {id} NOT NULL REFERENCES person(id),
    made_at {int} NOT NULL,
    done_at {int},
    UNIQUE (warehouse_id, number)
) {table};
CREATE INDEX print_run_open ON print_run (warehouse_id) WHERE state IN ('running', 'paused');

-- One CUPS job: many labels by page. uuid is its name and is committed before anything is sent.
CREATE TABLE submission (
    id {id} PRIMARY KEY,
    uuid {text} NOT NULL UNIQUE,
    printer_id {id} NOT NULL REFERENCES printer(id),
    state {text} NOT NULL CHECK (state IN ('submitting', 'submitted', 'printed', 'failed', 'unknown')),
    cups_id {int} NOT NULL DEFAULT 0,
    cups_uuid {text} NOT NULL DEFAULT '',
    pages {int} NOT NULL DEFAULT 0,
    state_text {text} NOT NULL DEFAULT '',
    at {int} NOT NULL,
    changed_at {int} NOT NULL
) {table};
CREATE INDEX submission_open ON submission (printer_id, id) WHERE state IN ('submitting', 'submitted');

-- One label (or sheet). copy 0 is the original, n the n-th reprint; a waybill has one of each.
CREATE TABLE job (
    id {id} PRIMARY KEY,
    warehouse_id {id} NOT NULL REFERENCES warehouse(id),
    kind {text} NOT NULL CHECK (kind IN ('waybill', 'slip', 'pick_list', 'manifest', 'bench_card', 'badge', 'test')),
    state {text} NOT NULL CHECK (state IN ('queued', 'submitting', 'submitted', 'printed', 'failed', 'unknown', 'answered')),
    waybill_id {id} REFERENCES waybill(id),
    shipment_id {id} REFERENCES shipment(id),
    batch_id {id} REFERENCES batch(id),
    manifest_id {id} REFERENCES manifest(id),
    person_id {id} REFERENCES person(id),
    run_id {id} REFERENCES print_run(id),
    run_sequence {int} NOT NULL DEFAULT 0,
    copy {int} NOT NULL DEFAULT 0,
    reason {text} NOT NULL DEFAULT '',
    printer_id {id} NOT NULL REFERENCES printer(id),
    priority {int} NOT NULL DEFAULT 0,
    submission_id {id} REFERENCES submission(id),
    page {int} NOT NULL DEFAULT 0,
    answer {text} NOT NULL DEFAULT '',
    state_text {text} NOT NULL DEFAULT '',
    made_at {int} NOT NULL,
    changed_at {int} NOT NULL
) {table};
CREATE UNIQUE INDEX job_copy ON job (waybill_id, kind, copy) WHERE waybill_id IS NOT NULL;
CREATE INDEX job_queue ON job (printer_id, priority, run_sequence, id) WHERE state = 'queued';
CREATE INDEX job_open ON job (submission_id) WHERE state IN ('submitting', 'submitted');
CREATE INDEX job_unsure ON job (warehouse_id, id) WHERE state IN ('unknown', 'failed');
CREATE INDEX job_run ON job (run_id, state, kind, changed_at) WHERE run_id IS NOT NULL;
CREATE INDEX job_shipment ON job (shipment_id) WHERE shipment_id IS NOT NULL;

-- --- what happened --------------------------------------------------------------------------------------------------

-- Idempotency: the key is made when the scan is read and kept through every retry. The same key with other content
-- (another digest) is an error.
CREATE TABLE event (
    key {id} PRIMARY KEY,
    kind {text} NOT NULL,
    digest {int} NOT NULL,
    outcome {text} NOT NULL,
    code {int} NOT NULL,
    text {text} NOT NULL,
    shipment_id {id},
    subject_id {id},
    state {text} NOT NULL DEFAULT '',
    request {int} NOT NULL DEFAULT 0,
    at {int} NOT NULL
) {table};

-- One chain a writer: hash = BLAKE2b-256 over the row and the writer's row before it; sequence is dense.
CREATE TABLE journal (
    writer {int} NOT NULL REFERENCES writer(slot),
    sequence {int} NOT NULL,
    at {int} NOT NULL,
    event_key {id} NOT NULL,
    event {text} NOT NULL,
    machine {text} NOT NULL,
    subject_id {id},
    from_state {text} NOT NULL DEFAULT '',
    to_state {text} NOT NULL DEFAULT '',
    shipment_id {id},
    version {int} NOT NULL DEFAULT 0,
    person_id {id},
    approver_id {id},
    station_id {id},
    code {int} NOT NULL DEFAULT 0,
    detail {text} NOT NULL DEFAULT '',
    hash {blob} NOT NULL,
    PRIMARY KEY (writer, sequence)
) {rowid_table};
CREATE INDEX journal_shipment ON journal (shipment_id, version) WHERE shipment_id IS NOT NULL;
CREATE INDEX journal_subject ON journal (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX journal_at ON journal (at);
{append_only:journal};

CREATE TABLE seal (
    sealed_on {int} NOT NULL PRIMARY KEY,
    heads {text} NOT NULL,
    hash {blob} NOT NULL,
    at {int} NOT NULL
) {table};
{append_only:seal};
