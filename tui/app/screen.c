/* SPDX-License-Identifier: MIT */
#include "tui/app/screen.h"

#include <string.h>

#include "core/base/translate.h"
#include "tui/app/lists.h"

const struct key_row SCREEN_KEYS[] = {
    {K_F1, ACT_HELP, "help", N_("help"), N_("What can be done here"), KEY_FOOTER},
    {K_F2, ACT_QUEUE, "queue", N_("queue"), N_("The orders that wait"), 0},
    {K_F10, ACT_CONFIRM, "confirm", N_("yes"), N_("Yes to the question that was asked"), 0},
    {K_NONE, ACT_LOCK, "lock", N_("lock"), N_("Lock this station; the work stays open until you are back"), 0},
    {K_NONE, ACT_LOGOUT, "logout", N_("log out"), N_("End your session at this station"), 0},
    {K_NONE, ACT_QUIT, "quit", N_("quit"), N_("Close the program; work stays where it is"), 0},
    {0},
};

const struct key_row LIST_KEYS[] = {
    {K_F2, ACT_QUEUE, "queue", N_("queue"), N_("The orders that wait"), KEY_FOOTER},
    {K_F3, ACT_BATCHES, "batches", N_("batches"), N_("Batches and who works on them"), KEY_FOOTER},
    {K_F4, ACT_PICK, "pick", N_("pick"), N_("Go picking: your own unfinished work first"), KEY_FOOTER},
    {K_F5, ACT_PACK, "pack", N_("pack"), N_("Go packing"), KEY_FOOTER},
    {K_F6, ACT_DOCK, "dock", N_("dock"), N_("Scan parcels out"), KEY_FOOTER},
    {K_F7, ACT_PRINT, "print", N_("print"), N_("Print runs and printers"), KEY_FOOTER},
    {K_F8, ACT_STOCK, "stock", N_("stock"), N_("Stock and alerts"), KEY_FOOTER},
    {K_F9, ACT_MAP, "unmapped", N_("map"), N_("Listings that lead to no product"), KEY_FOOTER},
    {0},
};

struct keymap screen_keymap(const struct screen *screen)
{
    struct keymap map = {{NULL}};
    int n = 0;
    if (screen->keys)
        map.tables[n++] = screen->keys;
    if (screen->flags & SCREEN_LIST)
        map.tables[n++] = LIST_KEYS;
    map.tables[n++] = SCREEN_KEYS;
    if (screen->lists && (screen->flags & SCREEN_LIST))
        map.tables[n] = SORT_KEYS;
    return map;
}

void *screen_enter(const struct screen *screen, const char *argument)
{
    void *state = g_malloc0(screen->state_size);
    if (screen->enter)
        screen->enter(state, argument);
    return state;
}

void *screen_ask(const struct screen *screen, const struct place *place)
{
    return screen->ask ? screen->ask(place) : g_memdup2(place->state, screen->state_size);
}

const struct screen *screen_find(const struct screen *const *screens, const char *id)
{
    while (*screens && strcmp((*screens)->id, id) != 0)
        screens++;
    return *screens;
}

static const char *const STEP_SCREENS[] = {
    [STEP_LOGIN] = "login", [STEP_IDLE] = "queue", [STEP_PICK] = "pick",
    [STEP_PACK] = "pack",   [STEP_LABEL] = "pack", [STEP_DOCK] = "dock",
    [STEP_LOCKED] = "locked",
};

const char *screen_of_step(enum step step)
{
    return STEP_SCREENS[step];
}
