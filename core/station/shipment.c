/* SPDX-License-Identifier: MIT */
#include "core/station/shipment.h"

#include <string.h>

#include "core/db/rows.h"

#define UNITS(sum, from) "CAST(COALESCE((SELECT SUM(" sum ") FROM " from "), 0) AS BIGINT), "
#define PARCELS "parcel p WHERE p.shipment_id = s.id AND p.state = "

#define FACTS(COLUMN, PARSED)                                                                                          \
    COLUMN("s.id, ", id)                                                                                               \
    COLUMN("s.version, ", version)                                                                                     \
    COLUMN("COALESCE(s.batch_id, 0), ", batch_id)                                                                      \
    COLUMN("COALESCE(s.person_id, 0), ", person_id)                                                                    \
    COLUMN("s.cod_minor, ", cod_minor)                                                                                 \
    COLUMN("s.cut_off_at, ", cut_off_at)                                                                               \
    COLUMN("s.slot, ", slot)                                                                                           \
    PARSED("s.state, ", state, flow_state_parse)                                                                       \
    COLUMN(BLOCK_BITS ", ", blocks)                                                                                    \
    COLUMN(UNITS(LINE_TO_PACK, "shipment_line WHERE shipment_id = s.id AND state <> 'cancelled'"), to_pack)            \
    COLUMN(UNITS("pl.quantity", "parcel_line pl, " PARCELS "'open' AND pl.parcel_id = p.id"), in_box)                  \
    COLUMN("(SELECT COUNT(*) FROM " PARCELS "'packed'), ", boxes)                                                      \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("sh.name, ", shop)                                                                                          \
    COLUMN("COALESCE(b.number, ''), ", batch)                                                                          \
    COLUMN("s.courier, ", courier)                                                                                     \
    COLUMN("s.service, ", service)                                                                                     \
    COLUMN("s.currency, ", currency)                                                                                   \
    COLUMN("COALESCE((SELECT l.code FROM tote_use u JOIN location l ON l.id = u.tote_id WHERE u.shipment_id = s.id "   \
           "ORDER BY u.at LIMIT 1), ''), ", tote)                                                                      \
    COLUMN("r.name, ", recipient)                                                                                      \
    COLUMN("r.county || r.district, ", address)                                                                        \
    COLUMN("CASE r.store_code WHEN '' THEN '' ELSE r.store_code || ' ' || r.store_name END, ", store)                  \
    COLUMN("r.buyer_note, ", buyer_note)                                                                               \
    COLUMN("r.seller_remark, ", seller_remark)                                                                         \
    COLUMN("COALESCE((SELECT w.number FROM parcel p JOIN waybill w ON w.parcel_id = p.id WHERE p.shipment_id = s.id "  \
           "AND p.state IN ('packed', 'open') AND w.state IN ('assigned', 'printed') "                                 \
           "ORDER BY CASE p.state WHEN 'packed' THEN 0 ELSE 1 END, p.number LIMIT 1), '')", waybill)

static const struct sql LOAD = {"shipment_facts", "SELECT " COLUMNS_OF(FACTS) " FROM shipment s "
                                "JOIN sales_order o ON o.id = s.order_id JOIN shop sh ON sh.id = o.shop_id "
                                "JOIN recipient r ON r.id = s.recipient_id LEFT JOIN batch b ON b.id = s.batch_id "
                                "WHERE s.id = $1"};

ROWS_READER(read_facts, struct shipment_facts, FACTS)

int shipment_facts_load(struct db *db, int64_t shipment_id, struct shipment_facts *facts, GError **error)
{
    memset(facts, 0, sizeof *facts);
    return rows_first(db_query(db, &LOAD, DB_ARGS(shipment_id), error), read_facts, facts, error);
}

int64_t shipment_stopped_by(const struct shipment_facts *facts)
{
    return facts->blocks & (facts->state == ST_PACKED ? STOPPING_BLOCKS | BLOCK_CHANGED : STOPPING_BLOCKS);
}
