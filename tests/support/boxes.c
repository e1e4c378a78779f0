/* SPDX-License-Identifier: MIT */
#include "tests/support/boxes.h"

int64_t line_at(struct floor *floor, int64_t shipment, int n)
{
    return floor_int(floor,
                     n == 0 ? "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id LIMIT 1"
                            : "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id DESC LIMIT 1",
                     shipment);
}

struct event pack(struct floor *floor, int64_t shipment, int64_t line, int quantity)
{
    return (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = line,
                          .quantity = quantity};
}

struct event by_lead(struct floor *floor, enum event_kind kind, int64_t shipment)
{
    return (struct event){.kind = kind, .actor = floor->lead, .shipment_id = shipment, .reason = "test"};
}

int64_t picked(struct floor *floor, const char *number)
{
    if (floor_int(floor, "SELECT COUNT(*) FROM product", 0) == 0) {
        floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 50);
        floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 50);
    }
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 2}, {"TEA", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    return shipment;
}

int64_t split(struct floor *floor, const char *number)
{
    int64_t shipment = picked(floor, number);
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 0), 2));
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    floor_is(floor, shipment, ST_PACKING);
    return shipment;
}

void pack_rest(struct floor *floor, int64_t shipment)
{
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 1), 2));
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
}

void apply_all(struct floor *floor, int64_t shipment)
{
    while (floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state = 'packed'", shipment) > 0)
        floor_apply_label(floor, shipment);
}
