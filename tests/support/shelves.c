/* SPDX-License-Identifier: MIT */
#include "tests/support/shelves.h"

#include <glib.h>

void stock_up(struct floor *floor)
{
    static const char *const GOODS[][3] = {{"MUG-RED", MUG, "A-01"}, {"TEA-OOL", TEA, "B-01"}, {"PEN-BLU", PEN, "C-01"}};
    for (int i = 0; i < 3; i++)
        floor_receive(floor, floor_product(floor, GOODS[i][0], GOODS[i][1]), 0, floor_bin(floor, GOODS[i][2], 10 * i + 10),
                      20);
}

int64_t ready(struct floor *floor, const char *number, int mugs, int teas, int pens)
{
    const struct floor_item all[] = {{"MUG-RED", mugs}, {"TEA-OOL", teas}, {"PEN-BLU", pens}};
    struct floor_item items[3];
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        if (all[i].quantity > 0)
            items[n++] = all[i];
    int64_t shipment = floor_order(floor, number, "hct", items, n);
    floor_release(floor, shipment);
    return shipment;
}

int64_t batch_of(struct floor *floor, const int64_t *shipments, size_t n, int64_t person_id)
{
    GError *error = NULL;
    struct batch_made made;
    struct batch_wish wish = {.actor = floor->lead, .courier = "hct", .person_id = person_id};
    gboolean good = batch_make(floor->site, &wish, shipments, n, &made, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpuint(made.joined, ==, n);
    g_assert_cmpuint(made.skipped->len, ==, 0);
    int64_t id = made.batch_id;
    batch_made_clear(&made);
    return id;
}

struct batch_row row_of(struct floor *floor, int64_t batch_id)
{
    GError *error = NULL;
    struct batch_row row;
    g_assert_cmpint(batch_load(floor->site, batch_id, &row, &error), ==, 1);
    g_assert_no_error(error);
    return row;
}

void batch_is(struct floor *floor, int64_t batch_id, enum state state)
{
    g_assert_cmpstr(flow_state_name(row_of(floor, batch_id).state), ==, flow_state_name(state));
}

int64_t picked_of(struct floor *floor, int64_t shipment)
{
    return floor_int(floor, "SELECT CAST(COALESCE(SUM(picked), 0) AS BIGINT) FROM shipment_line WHERE shipment_id = $1",
                     shipment);
}

int64_t open_counts(struct floor *floor)
{
    return floor_int(floor, "SELECT COUNT(*) FROM count_task WHERE done_at IS NULL", 0);
}
