/* SPDX-License-Identifier: MIT
 *
 * Orders that leave in several boxes, and lines that are cancelled when something is packed. On both engines;
 * numbers are those of the list of scenarios.
 */
#include <glib.h>

#include "tests/support/desk.h"
#include "tests/support/shelves.h"

static int64_t line_of(struct floor *floor, int64_t shipment, const char *sku)
{
    char *sql = g_strdup_printf("SELECT l.id FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                "WHERE l.shipment_id = $1 AND p.sku = '%s'",
                                sku);
    int64_t id = floor_int(floor, sql, shipment);
    g_free(sql);
    return id;
}

static int64_t parcels_in(struct floor *floor, int64_t shipment, enum state state)
{
    char *sql = g_strdup_printf("SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state = '%s'", flow_state_name(state));
    int64_t count = floor_int(floor, sql, shipment);
    g_free(sql);
    return count;
}

static void s10_s11_s13_a_lead_closes_as_a_split(struct testdb *test)
{
    struct desk *packer = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    struct desk *lead = desk_open(test, "desk-1", "L1", ROLE_LEAD);
    struct floor *floor = packer->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 3, 1, 0);
    floor_pick_all(floor, shipment);
    desk_does(packer, CMD_PACK, "1");
    desk_scans(packer, MUG);
    desk_scans(packer, MUG);
    desk_say(packer, CMD_CLOSE, "");
    desk_refuses(packer, ERR_PACK_INCOMPLETE);
    desk_say(packer, CMD_SPLIT, "");
    desk_refuses(packer, ERR_FLOW_RIGHT);
    desk_say(packer, CMD_SPLIT, "K1 " DESK_PIN);
    g_assert_cmpint(packer->last.kind, ==, ANSWER_REFUSED);
    desk_say(packer, CMD_DISMISS, "");
    desk_does(packer, CMD_SPLIT, "L1 " DESK_PIN);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'close-split' AND approver_id IS NOT NULL "
                                     "AND code = 0 AND shipment_id = $1",
                              shipment),
                    >=, 1);
    floor_is(floor, shipment, ST_PACKING);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    char *waybill = floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                      "WHERE p.shipment_id = $1 AND p.number = 1",
                               shipment);
    desk_scans(packer, waybill);
    g_free(waybill);
    desk_scans(packer, MUG); /* 11: the rest of the line, then the line that was at zero */
    desk_scans(packer, TEA);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_LABELLED), ==, 1);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(pl.quantity) AS BIGINT) FROM parcel_line pl JOIN parcel p ON "
                                     "p.id = pl.parcel_id WHERE p.shipment_id = $1 AND p.number = 1",
                              shipment),
                    ==, 2);
    desk_close(lead);
    desk_close(packer);
}

static void s12_a_packed_line_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 2, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 2});
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "out of print"};
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_PICKED);
    g_assert_cmpint(floor_int(floor, "SELECT packed + picked FROM shipment_line WHERE id = $1", mug), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM parcel_line WHERE line_id = $1",
                              mug),
                    ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM stock WHERE location_id = $1",
                              floor->site->bench_id),
                    ==, 3);
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea; /* the last one: nothing is left to send */
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_CANCELLED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_OPEN), ==, 0);
    floor_close(floor);
}

/* In a split, the rest is cancelled: what is boxed goes on alone; what left stays what it was. */
static void the_rest_of_a_split_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 1, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 1});
    floor_do(floor, (struct event){.kind = EV_CLOSE_SPLIT, .actor = floor->lead, .shipment_id = shipment});
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "test"};
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea;
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/split/10_11_13_split", s10_s11_s13_a_lead_closes_as_a_split);
    testdb_add("/split/12_line_cancelled", s12_a_packed_line_is_cancelled);
    testdb_add("/split/rest_of_a_split_cancelled", the_rest_of_a_split_is_cancelled);
    return g_test_run();
}
