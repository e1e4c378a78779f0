/* SPDX-License-Identifier: MIT
 *
 * Every statement returns the rows that break its invariant, so an empty answer is a good one; where SQL can't say it,
 * those among which .holds() finds them.
 */
#include "core/check/check_table.h"

#include "core/base/translate.h"
#include "core/flow/flow.h"

#define INSIDE "('bin', 'tote', 'bench')"

/* The ledger as signed quantities at places inside the house. */
#define LEDGER                                                                                               \
    "SELECT m.warehouse_id, m.owner_id, m.product_id, m.to_id AS location_id, m.lot_id, m.quantity AS q "    \
    "FROM stock_move m JOIN location l ON l.id = m.to_id WHERE l.kind IN " INSIDE                            \
    " UNION ALL SELECT m.warehouse_id, m.owner_id, m.product_id, m.from_id, m.lot_id, -m.quantity "          \
    "FROM stock_move m JOIN location l ON l.id = m.from_id WHERE l.kind IN " INSIDE

/* Each change of state takes one from a state and gives one to another; with where a subject began and where
 * it is, every state of every subject must come to nothing. No order is needed for it, and no clock. */
#define IS_MOVE(first) "code = 0 AND from_state <> to_state AND (from_state <> '' OR '" first "' = '')"

#define HISTORY(machine, table, first)                                                                       \
    "SELECT h.id, h.state, CAST(SUM(h.n) AS BIGINT) FROM ("                                                  \
    "SELECT subject_id AS id, to_state AS state, 1 AS n FROM journal WHERE machine = '" machine              \
    "' AND " IS_MOVE(first) " UNION ALL SELECT subject_id, from_state, -1 FROM journal "                     \
    "WHERE machine = '" machine "' AND " IS_MOVE(first)                                                      \
    " "                                                                                                      \
    "UNION ALL SELECT id, state, -1 FROM " table " UNION ALL SELECT id, '" first "', 1 FROM " table          \
    ") h GROUP BY h.id, h.state HAVING SUM(h.n) <> 0 ORDER BY h.id LIMIT 21"

#define HISTORY_CHECK(machine, table, first)                                                                 \
    {                                                                                                        \
        .info = {10, "history-" machine, N_("the history of each leads to where it is"), CHECK_NORMAL},      \
        .columns = "id state left",                                                                          \
        .sql = {"check_history_" machine, HISTORY(machine, table, first)},                                   \
    }

static const struct check TABLE[] = {
    {.info = {1, "quick-check", N_("the database's pages and indexes are whole"), CHECK_NORMAL}, .engines = ON_SQLITE,
     .instead_from = CHECK_FULL, .columns = "said",
     .sql = {"check_quick", "SELECT quick_check FROM pragma_quick_check(21) WHERE quick_check <> 'ok'"}},
    {.info = {1, "integrity", N_("the database's pages, indexes and constraints are whole"), CHECK_FULL},
     .engines = ON_SQLITE, .columns = "said",
     .sql = {"check_integrity",
             "SELECT integrity_check FROM pragma_integrity_check(21) WHERE integrity_check <> 'ok'"}},
    {.info = {1, "foreign-keys", N_("every reference leads to a row"), CHECK_NORMAL}, .engines = ON_SQLITE,
     .columns = "table row to",
     .sql = {"check_foreign_keys", "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 21"}},
    {.info = {1, "constraints", N_("every constraint, index and trigger of the database is in force"), CHECK_FAST},
     .engines = ON_POSTGRES, .columns = "what",
     .sql = {"check_constraints",
             "SELECT CAST(c.conname AS text) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace "
             "WHERE n.nspname = current_schema() AND NOT c.convalidated UNION ALL SELECT CAST(i.relname AS text) "
             "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace "
             "WHERE n.nspname = current_schema() AND NOT x.indisvalid UNION ALL SELECT CAST(t.tgname AS text) "
             "FROM pg_trigger t JOIN pg_class k ON k.oid = t.tgrelid JOIN pg_namespace n ON n.oid = k.relnamespace "
             "WHERE n.nspname = current_schema() AND t.tgenabled = 'D' LIMIT 21"}},

    {.info = {1, "schema", N_("every trigger and index is as this program made it"), CHECK_FAST}, .run = check_schema},

    {.info = {2, "stock-negative", N_("no stock is negative"), CHECK_FAST}, .columns = "product location lot on_hand",
     .sql = {"check_stock_negative",
             "SELECT product_id, location_id, lot_id, on_hand FROM stock WHERE on_hand < 0 LIMIT 21"}},
    {.info = {3, "stock-ledger", N_("the stock of every place is the sum of its moves"), CHECK_NORMAL},
     .columns = "product location lot difference",
     .sql = {"check_stock_ledger",
             "SELECT t.product_id, t.location_id, t.lot_id, CAST(SUM(t.q) AS BIGINT) FROM ("
             "SELECT warehouse_id, owner_id, product_id, location_id, lot_id, -on_hand AS q FROM stock UNION "
             "ALL " LEDGER ") t GROUP BY t.warehouse_id, t.owner_id, t.product_id, t.location_id, t.lot_id "
             "HAVING SUM(t.q) <> 0 LIMIT 21"}},
    {.info = {4, "move-ends", N_("every move goes from one place to another, and its ends fit its kind"), CHECK_NORMAL},
     .columns = "move kind from to quantity",
     .sql = {"check_move_ends",
             "SELECT m.id, m.kind, f.kind, t.kind, m.quantity FROM stock_move m JOIN location f ON f.id = m.from_id "
             "JOIN location t ON t.id = m.to_id WHERE m.quantity <= 0 OR m.from_id = m.to_id "
             "OR (m.kind = 'receipt') <> (f.kind = 'supplier') OR (m.kind = 'outbound') <> (t.kind = 'customer') "
             "OR (m.kind = 'adjustment') <> (f.kind = 'loss' OR t.kind = 'loss') "
             "OR (m.kind = 'return') <> (f.kind = 'customer') OR t.kind = 'supplier' LIMIT 21"}},
    {.info = {4, "move-reasons", N_("every receipt and adjustment has a reason and a person"), CHECK_NORMAL},
     .columns = "move kind",
     .sql = {"check_move_reasons",
             "SELECT m.id, m.kind FROM stock_move m LEFT JOIN person p ON p.id = m.person_id "
             "WHERE m.kind IN ('receipt', 'adjustment') AND (p.id IS NULL OR (m.reason = '' AND NOT EXISTS (SELECT 1 FROM remark r "
             "WHERE r.event_key = m.event_key AND r.text <> ''))) LIMIT 21"}},
    {.info = {5, "reserved-range", N_("reserved stock is between nothing and what is there"), CHECK_FAST},
     .columns = "product location lot on_hand reserved",
     .sql = {"check_reserved_range",
             "SELECT product_id, location_id, lot_id, on_hand, reserved FROM stock "
             "WHERE reserved < 0 OR reserved > on_hand LIMIT 21"}},
    {.info = {5, "reserved-open", N_("reserved stock is what open pick tasks want"), CHECK_NORMAL},
     .columns = "product location lot difference",
     .sql = {"check_reserved_open",
             "SELECT t.product_id, t.location_id, t.lot_id, CAST(SUM(t.q) AS BIGINT) FROM ("
             "SELECT product_id, location_id, lot_id, -reserved AS q FROM stock WHERE reserved <> 0 UNION ALL "
             "SELECT product_id, location_id, lot_id, quantity - picked FROM pick_task WHERE open = 1) t "
             "GROUP BY t.product_id, t.location_id, t.lot_id HAVING SUM(t.q) <> 0 LIMIT 21"}},

    {.info = {6, "number-unique", N_("no courier's number is there twice"), CHECK_NORMAL},
     .columns = "courier number times",
     .sql = {"check_number_unique",
             "SELECT courier, number, COUNT(*) FROM waybill GROUP BY courier, number HAVING COUNT(*) > 1 LIMIT 21"}},
    {.info = {6, "number-fate", N_("every number below a range's cursor has exactly one fate"), CHECK_NORMAL},
     .columns = "range handed_out rows",
     .sql = {"check_number_fate",
             "SELECT r.id, r.next - r.first, (SELECT COUNT(DISTINCT w.serial) FROM waybill w WHERE w.range_id = r.id "
             "AND w.serial >= r.first AND w.serial < r.next) FROM waybill_range r WHERE r.source = 'range' "
             "AND r.next - r.first <> (SELECT COUNT(DISTINCT w.serial) FROM waybill w WHERE w.range_id = r.id "
             "AND w.serial >= r.first AND w.serial < r.next) LIMIT 21"}},
    {.info = {6, "number-range", N_("every number of a range lies below its cursor and was given to a parcel"),
              CHECK_NORMAL},
     .columns = "waybill range serial state",
     .sql = {"check_number_range",
             "SELECT w.id, w.range_id, w.serial, w.state FROM waybill w JOIN waybill_range r ON r.id = w.range_id "
             "WHERE r.source = 'range' AND (w.serial IS NULL OR w.serial < r.first OR w.serial >= r.next "
             "OR w.state = 'free') LIMIT 21"}},
    {.info = {6, "range-overlap", N_("no two number ranges share a number"), CHECK_FAST}, .columns = "range other",
     .sql = {"check_range_overlap",
             "SELECT a.id, b.id FROM waybill_range a JOIN waybill_range b ON b.courier = a.courier "
             "AND b.prefix = a.prefix AND b.width = a.width AND b.id > a.id AND a.first <= b.last "
             "AND b.first <= a.last WHERE a.source = 'range' AND b.source = 'range' LIMIT 21"}},
    {.info = {6, "number-made", N_("every number of a range is the one its serial makes"), CHECK_FULL},
     .run = check_range_numbers},

    {.info = {7, "parcel-waybill", N_("a parcel that left did so under one live waybill"), CHECK_NORMAL},
     .columns = "parcel waybills",
     .sql = {"check_parcel_waybill",
             "SELECT p.id, COUNT(w.id) FROM parcel p LEFT JOIN waybill w ON w.parcel_id = p.id AND w.state = 'out' AND "
             "w.generation = p.generation WHERE p.state = 'out' GROUP BY p.id HAVING COUNT(w.id) <> 1 LIMIT 21"}},
    {.info = {7, "waybill-parcel", N_("a waybill is out only with its parcel"), CHECK_NORMAL},
     .columns = "waybill parcel state",
     .sql = {"check_waybill_parcel",
             "SELECT w.id, p.id, p.state FROM waybill w LEFT JOIN parcel p ON p.id = w.parcel_id "
             "WHERE w.state = 'out' AND (p.id IS NULL OR p.state <> 'out') LIMIT 21"}},
    {.info = {7, "waybill-live", N_("a parcel has one live waybill at most"), CHECK_NORMAL},
     .columns = "parcel waybills",
     .sql = {"check_waybill_live",
             "SELECT parcel_id, COUNT(*) FROM waybill WHERE state IN ('assigned', 'printed', 'applied', 'out') "
             "GROUP BY parcel_id HAVING COUNT(*) > 1 LIMIT 21"}},
    {.info = {7, "parcel-once", N_("a parcel leaves once"), CHECK_NORMAL}, .columns = "parcel times",
     .sql = {"check_parcel_once",
             "SELECT subject_id, COUNT(*) FROM journal WHERE machine = 'parcel' AND "
             "to_state = 'out' AND code = 0 GROUP BY subject_id HAVING COUNT(*) > 1 LIMIT 21"}},
    {.info = {7, "goods-once", N_("what left the house is what left in parcels"), CHECK_NORMAL},
     .columns = "shipment product difference",
     .sql = {"check_goods_once",
             "SELECT t.shipment_id, t.product_id, CAST(SUM(t.q) AS BIGINT) FROM (SELECT shipment_id, product_id, "
             "quantity AS q FROM stock_move WHERE kind = 'outbound' UNION ALL SELECT p.shipment_id, l.product_id, "
             "-c.quantity FROM parcel p JOIN parcel_line c ON c.parcel_id = p.id JOIN shipment_line l ON l.id = "
             "c.line_id WHERE p.state = 'out') t GROUP BY t.shipment_id, t.product_id HAVING SUM(t.q) <> 0 LIMIT 21"}},

    {.info = {8, "outbound-packed", N_("of an outbound shipment every line is packed or cancelled"), CHECK_NORMAL},
     .columns = "shipment line packed quantity",
     .sql = {"check_outbound_packed",
             "SELECT s.id, l.id, l.packed, l.quantity FROM shipment s JOIN "
             "shipment_line l ON l.shipment_id = s.id WHERE s.state = 'outbound' "
             "AND l.state <> 'cancelled' AND (l.state <> 'packed' OR l.packed <> l.quantity) LIMIT 21"}},
    {.info = {8, "outbound-parcels", N_("of an outbound shipment every parcel is out"), CHECK_NORMAL},
     .columns = "shipment out not_out",
     .sql = {"check_outbound_parcels",
             "SELECT s.id, COUNT(*) FILTER (WHERE p.state = 'out'), COUNT(*) FILTER (WHERE p.state IN ('packed', "
             "'labelled')) FROM shipment s LEFT JOIN parcel p ON p.shipment_id = s.id WHERE s.state = 'outbound' "
             "GROUP BY s.id HAVING COUNT(*) FILTER (WHERE p.state = 'out') = 0 "
             "OR COUNT(*) FILTER (WHERE p.state IN ('packed', 'labelled')) > 0 LIMIT 21"}},
    {.info = {8, "outbound-printed", N_("what left has a waybill that was printed, or is yet to be"),
              CHECK_NORMAL},
     .columns = "waybill parcel",
     .sql = {"check_outbound_printed",
             "SELECT w.id, w.parcel_id FROM waybill w WHERE w.state = 'out' AND w.source <> 'external' "
             "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.waybill_id = w.id AND j.kind = 'waybill') LIMIT 21"}},
    {.info = {8, "parcel-content", N_("what lines count as packed lies in parcels"), CHECK_NORMAL},
     .columns = "line difference",
     .sql = {"check_parcel_content",
             "SELECT t.line_id, CAST(SUM(t.q) AS BIGINT) FROM (SELECT id AS line_id, packed AS q FROM shipment_line "
             "WHERE packed <> 0 UNION ALL SELECT c.line_id, -c.quantity FROM parcel_line c JOIN parcel p "
             "ON p.id = c.parcel_id WHERE p.state <> 'void') t GROUP BY t.line_id HAVING SUM(t.q) <> 0 LIMIT 21"}},

    {.info = {9, "one-original", N_("a label has one copy that is not flagged"), CHECK_NORMAL},
     .columns = "waybill kind originals",
     .sql = {"check_one_original",
             "SELECT waybill_id, kind, COUNT(*) FROM job WHERE waybill_id IS NOT NULL AND copy = 0 "
             "GROUP BY waybill_id, kind HAVING COUNT(*) > 1 LIMIT 21"}},
    {.info = {9, "copy-reason", N_("every further copy of a label has its reason"), CHECK_NORMAL},
     .columns = "job waybill copy",
     .sql = {"check_copy_reason",
             "SELECT id, waybill_id, copy FROM job WHERE waybill_id IS NOT NULL AND "
             "copy > 0 AND reason = '' LIMIT 21"}},
    {.info = {9, "submitted-late",
              N_("nothing is under way to a printer for over an hour without being put to somebody"), CHECK_FAST},
     .takes_now = TRUE, .columns = "job state",
     .sql = {"check_submitted_late",
             /* on a copy they stay for ever */
             "SELECT id, state FROM job WHERE state IN ('submitting', 'submitted') AND changed_at < $1 - 3600000 "
             "AND " COPY_OF("job.warehouse_id") " = 0 LIMIT 21"}},

    {.info = {10, "transitions", N_("every change of state stands in the tables"), CHECK_NORMAL},
     .columns = "machine from event to times first", .holds = change_is_allowed,
     .sql = {"check_changes",
             "SELECT machine, from_state, event, to_state, COUNT(*), MIN(event_key) FROM journal "
             "WHERE machine <> '' AND code = 0 GROUP BY machine, from_state, event, to_state"}},
    HISTORY_CHECK("shipment", "shipment", "new"),
    HISTORY_CHECK("parcel", "parcel", "open"),
    HISTORY_CHECK("waybill", "waybill", "free"),
    HISTORY_CHECK("job", "job", "queued"),
    HISTORY_CHECK("batch", "batch", ""),

    {.info = {11, "versions", N_("every version of every shipment has its journal row"), CHECK_NORMAL},
     .columns = "shipment version rows",
     .sql = {"check_versions",
             "SELECT s.id, s.version, COALESCE(j.n, 0) FROM shipment s LEFT JOIN ("
             "SELECT shipment_id, COUNT(DISTINCT version) AS n, MAX(version) AS top FROM journal WHERE machine IN ('shipment', 'job') AND code = 0 "
             "AND version > 1 AND shipment_id IS NOT NULL GROUP BY shipment_id) j ON j.shipment_id = s.id "
             "WHERE COALESCE(j.n, 0) <> s.version - 1 OR COALESCE(j.top, 1) <> s.version LIMIT 21"}},
    {.info = {11, "journal-dense", N_("every writer's journal is dense up to its head"), CHECK_NORMAL},
     .columns = "writer head rows last",
     .sql = {"check_journal_dense",
             "SELECT w.slot, w.sequence, COALESCE(j.n, 0), COALESCE(j.top, 0) FROM writer w LEFT JOIN "
             "(SELECT writer, COUNT(*) AS n, MAX(sequence) AS top FROM journal GROUP BY writer) j "
             "ON j.writer = w.slot WHERE w.sequence <> COALESCE(j.n, 0) OR w.sequence <> COALESCE(j.top, 0) LIMIT 21"}},
    {.info = {11, "journal-head", N_("every writer's head is its last journal row"), CHECK_FAST},
     .columns = "writer head last",
     .sql = {"check_journal_head",
             "SELECT w.slot, w.sequence, COALESCE((SELECT MAX(sequence) FROM journal j WHERE j.writer = w.slot), 0) "
             "FROM writer w WHERE w.sequence <> COALESCE((SELECT MAX(sequence) FROM journal j "
             "WHERE j.writer = w.slot), 0) LIMIT 21"}},
    {.info = {11, "journal-chain", N_("every writer's hash chain is unbroken"), CHECK_NORMAL}, .run = check_chains},

    {.info = {11, "seals", N_("every daily seal fits the journal and the seal before it"), CHECK_NORMAL},
     .run = check_seals},
    {.info = {11, "journal-keys", N_("every seal and every row since carries the code of the journal's key"), CHECK_NORMAL},
     .run = check_keys},
    {.info = {11, "seals-outside", N_("every seal that was sent to the second place is here"), CHECK_NORMAL}, .run = check_outside},

    {.info = {12, "import-unique", N_("an order of a shop is there once"), CHECK_NORMAL}, .columns = "shop order times",
     .sql = {"check_import_unique",
             "SELECT shop_id, external_id, COUNT(*) FROM sales_order GROUP BY warehouse_id, owner_id, shop_id, "
             "external_id HAVING COUNT(*) > 1 LIMIT 21"}},
    {.info = {12, "import-sums", N_("an import's accepted, changed, same and rejected rows are the rows it read"),
              CHECK_FAST},
     .columns = "import read accounted",
     .sql = {"check_import_sums",
             "SELECT id, rows_read, rows_accepted + rows_changed + rows_same + rows_rejected FROM import_file "
             "WHERE ended_at IS NOT NULL AND rows_read <> rows_accepted + rows_changed + rows_same + rows_rejected "
             "LIMIT 21"}},

    {.info = {13, "act-right", N_("every act was done or approved by somebody whose role has the right"), CHECK_NORMAL},
     .columns = "event role approver times first_key", .holds = act_is_rightful,
     /* Only the act itself: what it brought about in its wake is the program's doing, and has the same key. */
     .sql = {"check_acts",
             "SELECT e.kind, COALESCE(p.role, ''), COALESCE(a.role, ''), COUNT(*), MIN(j.event_key) "
             "FROM journal j JOIN event e ON e.key = j.event_key AND e.kind = j.event "
             "LEFT JOIN person p ON p.id = j.person_id LEFT JOIN person a ON a.id = j.approver_id "
             "WHERE j.code = 0 GROUP BY e.kind, COALESCE(p.role, ''), COALESCE(a.role, '')"}},
    {.info = {13, "role-kept", N_("everybody has the role they were given"), CHECK_NORMAL},
     .columns = "person role given",
     .sql = {"check_role_kept",
             "SELECT p.id, p.role, j.detail FROM journal j JOIN person p ON p.id = j.subject_id "
             "WHERE j.event = 'person-add' AND j.code = 0 AND j.detail <> p.role LIMIT 21"}},
    {.info = {14, "claim-batch", N_("an order that a batch holds is in one that is in work"), CHECK_NORMAL},
     .columns = "shipment state batch batch_state",
     .sql = {"check_claim_batch",
             "SELECT s.id, s.state, b.id, b.state FROM shipment s LEFT JOIN batch b ON b.id = s.batch_id "
             "WHERE (s.state = 'batched' AND (b.id IS NULL OR NOT " BATCH_IS_OPEN("b") ")) OR (s.state = 'picking' AND "
             "b.state NOT IN ('ready', 'running')) OR (s.state IN ('new', 'ready') AND b.id IS NOT NULL) LIMIT 21"}},
    {.info = {14, "claim-tote", N_("a tote is held by an order that is being worked"), CHECK_NORMAL},
     .columns = "tote shipment state",
     .sql = {"check_claim_tote",
             "SELECT u.tote_id, s.id, s.state FROM tote_use u JOIN shipment s ON s.id = "
             "u.shipment_id WHERE s.state IN ('new', 'labelled', 'outbound') LIMIT 21"}},

    {.info = {15, "replay", N_("every row that rules compute is what the events before it made"), CHECK_FULL},
     .run = check_replay},
    {.info = {16, "said", N_("everything that people, shops and managers said stands as they said it"), CHECK_FULL},
     .run = check_said},
};

const struct check *check_table_at(guint n)
{
    return n < G_N_ELEMENTS(TABLE) ? &TABLE[n] : NULL;
}
