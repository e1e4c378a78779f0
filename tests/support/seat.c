/* SPDX-License-Identifier: MIT */
#include "tests/support/seat.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/code/code.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "tests/support/headless.h"
#include "tui/terminal/input.h"

void seat_lead(struct floor *floor)
{
    GError *error = NULL;
    char *pepper = g_build_filename(floor->test->dir, "pepper", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    pepper_create(NULL, &error);
    g_assert_no_error(error);
    g_free(pepper);
    person_add(floor->site, &floor->system, SEAT_BADGE, "林小美", ROLE_LEAD, SEAT_PIN, NULL, &error);
    g_assert_no_error(error);
}

struct floor *seat_floor(struct testdb *test, int units, int64_t *shipment)
{
    struct floor *floor = floor_open(test, "setup");
    seat_lead(floor);
    int64_t mug = floor_product(floor, "MUG-RED", SEAT_CODE), bin = floor_bin(floor, SEAT_BIN, 1);
    floor_product(floor, "TEA-OOL", SEAT_OTHER_CODE);
    floor_receive(floor, mug, 0, bin, units + 50);
    *shipment = floor_order(floor, SEAT_ORDER, "hct", FLOOR_ITEMS({"MUG-RED", units}));
    floor_release(floor, *shipment);
    return floor;
}

struct pty *seat_start(const struct testdb *test, const struct seat_how *how)
{
    char *program = headless_program("packline");
    const char *const argv[] = {program,     "--db",   test->url,
                                "--station", how->station ? how->station : "bench-1",
                                "--lang",    how->language ? how->language : "en",
                                NULL};
    GPtrArray *environment = g_ptr_array_new();
    g_ptr_array_add(environment, (gpointer)(uintptr_t)"PACKLINE_WORKER=off");
    for (size_t i = 0; how->environment && how->environment[i]; i++)
        g_ptr_array_add(environment, (gpointer)(uintptr_t)how->environment[i]);
    g_ptr_array_add(environment, NULL);
    struct pty *pty = pty_start(argv, (const char *const *)environment->pdata, how->rows ? how->rows : 24,
                                how->cols ? how->cols : 80);
    g_ptr_array_free(environment, TRUE);
    g_free(program);
    return pty;
}

void seat_log_in(struct pty *pty)
{
    seat_sees(pty, "Scan your badge");
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "Type your PIN");
    seat_scan(pty, SEAT_PIN);
    seat_sees(pty, "Welcome");
}

struct pty *seat_open(const struct testdb *test, const char *station)
{
    struct pty *pty = seat_start(test, &(struct seat_how){.station = station});
    seat_log_in(pty);
    return pty;
}

void seat_scan(struct pty *pty, const char *code)
{
    char *line = g_strconcat(code, "\r", NULL);
    pty_type(pty, line);
    g_free(line);
}

void seat_card(struct pty *pty, const char *name)
{
    char code[CODE_SIZE];
    for (enum card card = CARD_NONE + 1; card < CARD_COUNT; card++)
        if (strcmp(card_name(card), name) == 0) {
            seat_scan(pty, code_make_card(card, code));
            return;
        }
    g_error("there is no card %s", name);
}

void seat_types(struct pty *pty, const char *line)
{
    char *begun = g_strndup(line, INPUT_SCAN_MIN - 1), *shown = g_strconcat("❯ ", begun, NULL);
    pty_type(pty, begun);
    seat_sees(pty, shown);
    seat_scan(pty, line + strlen(begun));
    g_free(shown);
    g_free(begun);
}

static G_GNUC_NORETURN void never_seen(struct pty *pty, const char *what, const char *text)
{
    g_error("'%s' %s:\n%s", text, what, pty_screen(pty));
}

void seat_sees(struct pty *pty, const char *text)
{
    if (!pty_wait(pty, text))
        never_seen(pty, "did not appear", text);
}

void seat_sees_gone(struct pty *pty, const char *text)
{
    if (!pty_wait_gone(pty, text))
        never_seen(pty, "did not go", text);
}

gboolean seat_shows(struct pty *pty, const char *text)
{
    char *screen = pty_screen(pty);
    gboolean shows = strstr(screen, text) != NULL;
    g_free(screen);
    return shows;
}

void seat_lets_settle(struct pty *pty)
{
    pty_settle(pty, 300);
    g_free(pty_screen(pty)); /* of a frame that has begun, the rest */
}

static size_t bells(struct pty *pty)
{
    size_t length, count = 0;
    const char *output = pty_output(pty, &length);
    for (size_t i = 0; i < length; i++)
        count += output[i] == '\a';
    return count;
}

void seat_hears(struct pty *pty, size_t times)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    for (size_t rung = bells(pty); rung < times; rung += bells(pty)) {
        if (g_get_monotonic_time() > deadline_us)
            g_error("the bell rang %zu times, not %zu:\n%s", rung, times, pty_screen(pty));
        pty_read(pty, 20);
    }
}

void seat_hears_no_more(struct pty *pty)
{
    seat_lets_settle(pty);
    g_assert_cmpuint(bells(pty), ==, 0);
}

size_t seat_writes(struct pty *pty)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    size_t length;
    pty_output(pty, &length);
    while (!pty_read(pty, 20))
        if (g_get_monotonic_time() > deadline_us)
            never_seen(pty, "was not written", "a byte");
    seat_lets_settle(pty);
    pty_output(pty, &length);
    return length;
}

void seat_comes_true(struct floor *floor, const char *sql, int64_t arg, int64_t value)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000, is;
    while ((is = floor_int(floor, sql, arg)) != value) {
        if (g_get_monotonic_time() > deadline_us)
            g_error("%s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, sql, is, value);
        g_thread_yield();
    }
}

void seat_close(struct pty *pty)
{
    pty_signal(pty, SIGTERM);
    g_assert_cmpint(pty_wait_end(pty), ==, 0);
    pty_free(pty);
}

struct pty *seat_at_order(const struct testdb *test, struct floor *floor, int64_t shipment)
{
    floor_pick_all(floor, shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    return pty;
}
