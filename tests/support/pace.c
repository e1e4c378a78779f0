/* SPDX-License-Identifier: MIT */
#include "tests/support/pace.h"

#include <string.h>

#include "tests/bench/bare_screen.h"
#include "tests/support/pty.h"

enum { KEYS = 60 };

static const char BARE[] = "bare-screen";

gboolean pace_is_bare(int argc, char **argv, int *status)
{
    gboolean bare = argc == 2 && strcmp(argv[1], BARE) == 0;
    if (bare)
        *status = bare_screen();
    return bare;
}

static int64_t slowest_answer_us(struct pty *pty)
{
    int64_t slowest_us = 0;
    for (int i = 1; i <= KEYS; i++) {
        char answer[32];
        g_snprintf(answer, sizeof answer, "scan %d", i);
        int64_t started_us = g_get_monotonic_time();
        pty_type(pty, "4710088412345\r");
        g_assert_true(pty_wait(pty, answer));
        slowest_us = MAX(slowest_us, g_get_monotonic_time() - started_us);
    }
    return slowest_us;
}

int pace_allowed_ms(int bound_ms, int times)
{
    struct pty *pty = pty_start((const char *const[]){"/proc/self/exe", BARE, NULL}, NULL, 24, 80);
    g_assert_true(pty_wait(pty, "bare"));
    int64_t slowest_us = slowest_answer_us(pty);
    pty_free(pty);
    int allowed_ms = (int)MAX(bound_ms, slowest_us * times / 1000);
    g_test_message("a bare program's slowest answer: %d us, so %d ms are allowed", (int)slowest_us, allowed_ms);
    return allowed_ms;
}
