/* SPDX-License-Identifier: MIT */
#include "tui/terminal/keys.h"

struct sequence {
    enum key_lead lead;
    int number; /* only of those that end in '~' */
    char final;
    enum key key;
};

static const struct sequence SEQUENCES[] = {
    {LEAD_CSI, 0, 'A', K_UP},      {LEAD_CSI, 0, 'B', K_DOWN},      {LEAD_CSI, 0, 'C', K_RIGHT},
    {LEAD_CSI, 0, 'D', K_LEFT},    {LEAD_CSI, 0, 'H', K_HOME},      {LEAD_CSI, 0, 'F', K_END},
    {LEAD_CSI, 0, 'Z', K_BACKTAB}, {LEAD_CSI, 0, 'P', K_F1},        {LEAD_CSI, 0, 'Q', K_F2},
    {LEAD_CSI, 0, 'R', K_F3},      {LEAD_CSI, 0, 'S', K_F4},        {LEAD_CSI, 1, '~', K_HOME},
    {LEAD_CSI, 2, '~', K_INSERT},  {LEAD_CSI, 3, '~', K_DELETE},    {LEAD_CSI, 4, '~', K_END},
    {LEAD_CSI, 5, '~', K_PAGE_UP}, {LEAD_CSI, 6, '~', K_PAGE_DOWN}, {LEAD_CSI, 7, '~', K_HOME},
    {LEAD_CSI, 8, '~', K_END},     {LEAD_CSI, 11, '~', K_F1},       {LEAD_CSI, 12, '~', K_F2},
    {LEAD_CSI, 13, '~', K_F3},     {LEAD_CSI, 14, '~', K_F4},       {LEAD_CSI, 15, '~', K_F5},
    {LEAD_CSI, 17, '~', K_F6},     {LEAD_CSI, 18, '~', K_F7},       {LEAD_CSI, 19, '~', K_F8},
    {LEAD_CSI, 20, '~', K_F9},     {LEAD_CSI, 21, '~', K_F10},      {LEAD_CSI, 23, '~', K_F11},
    {LEAD_CSI, 24, '~', K_F12},    {LEAD_SS3, 0, 'P', K_F1},        {LEAD_SS3, 0, 'Q', K_F2},
    {LEAD_SS3, 0, 'R', K_F3},      {LEAD_SS3, 0, 'S', K_F4},        {LEAD_SS3, 0, 'A', K_UP},
    {LEAD_SS3, 0, 'B', K_DOWN},    {LEAD_SS3, 0, 'C', K_RIGHT},     {LEAD_SS3, 0, 'D', K_LEFT},
    {LEAD_SS3, 0, 'H', K_HOME},    {LEAD_SS3, 0, 'F', K_END},       {LEAD_SS3, 0, 'M', K_ENTER},
    {LEAD_LINUX, 0, 'A', K_F1},    {LEAD_LINUX, 0, 'B', K_F2},      {LEAD_LINUX, 0, 'C', K_F3},
    {LEAD_LINUX, 0, 'D', K_F4},    {LEAD_LINUX, 0, 'E', K_F5},
};

static const char *const NAMES[] = {
    [K_ENTER] = "Enter",  [K_TAB] = "Tab",     [K_BACKTAB] = "Shift-Tab", [K_BACKSPACE] = "Backspace",
    [K_ESC] = "Esc",      [K_UP] = "Up",       [K_DOWN] = "Down",         [K_LEFT] = "Left",
    [K_RIGHT] = "Right",  [K_HOME] = "Home",   [K_END] = "End",           [K_PAGE_UP] = "PgUp",
    [K_PAGE_DOWN] = "PgDn", [K_INSERT] = "Ins", [K_DELETE] = "Del",       [K_F1] = "F1",
    [K_F2] = "F2",        [K_F3] = "F3",       [K_F4] = "F4",             [K_F5] = "F5",
    [K_F6] = "F6",        [K_F7] = "F7",       [K_F8] = "F8",             [K_F9] = "F9",
    [K_F10] = "F10",      [K_F11] = "F11",     [K_F12] = "F12",
};

enum key keys_find(enum key_lead lead, int number, char final)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SEQUENCES); i++) {
        const struct sequence *s = &SEQUENCES[i];
        if (s->lead == lead && s->final == final && (final != '~' || s->number == number))
            return s->key;
    }
    return K_NONE;
}

const char *input_key_name(enum key key)
{
    return (size_t)key < G_N_ELEMENTS(NAMES) ? NAMES[key] : NULL;
}
