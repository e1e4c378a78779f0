/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"
#include "tui/screens/list.h"

static const struct key_row KEYS[] = {
    {K_F1, ACT_HELP, "help", N_("help"), N_("What can be done here"), KEY_FOOTER},
    {K_F3, ACT_BATCHES, "batches", N_("batches"), N_("Batches and who works on them"), KEY_FOOTER},
    {K_F4, ACT_PICK, "pick", N_("pick"), N_("Go picking: your own unfinished work first"), KEY_FOOTER},
    {K_F5, ACT_PACK, "pack", N_("pack"), N_("Go packing"), KEY_FOOTER},
    {K_F6, ACT_DOCK, "dock", N_("dock"), N_("Scan parcels out"), KEY_FOOTER},
    {0},
};

static void queue_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    (void)place;
    (void)canvas;
    (void)body;
}

static struct request queue_handle(struct place *place, const struct happening *happening)
{
    (void)place;
    (void)happening;
    return request_of(REQUEST_DRAW);
}

const struct screen SCREEN_QUEUE = {
    .id = "queue",
    .title = N_("Queue"),
    .flags = SCREEN_SEARCH,
    .keys = KEYS,
    .draw = queue_draw,
    .handle = queue_handle,
};
