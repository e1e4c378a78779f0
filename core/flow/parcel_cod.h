/* SPDX-License-Identifier: MIT
 *
 * SQL over parcel p and shipment s: what a paper must say. The buyer pays once: of several boxes the first one
 * that is not void collects the whole amount.
 */
#pragma once

#define PARCEL_COD                                                                                                     \
    "CASE WHEN EXISTS (SELECT 1 FROM parcel q WHERE q.shipment_id = p.shipment_id AND q.number < p.number "            \
    "AND q.state <> 'void') THEN 0 ELSE s.cod_minor END"
