/* SPDX-License-Identifier: MIT */
#include "tests/bench/bare_screen.h"

#include <curses.h>
#include <locale.h>

int bare_screen(void)
{
    int count = 0, length = 0, c;
    char text[128];
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    nonl();
    mvaddstr(0, 0, "bare");
    refresh();
    while ((c = getch()) != ERR && c != 'q')
        if (c == '\r') {
            count++;
            mvprintw(2, 0, "%.*s", length, text);
            mvprintw(4, 0, "scan %d", count);
            refresh();
            length = 0;
        } else if (length < (int)sizeof text)
            text[length++] = (char)c;
    endwin();
    return 0;
}
