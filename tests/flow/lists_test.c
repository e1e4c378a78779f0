/* SPDX-License-Identifier: MIT
 *
 * Every list of the command line on a demo floor, as text and as JSON, with the real program: byte for byte what it was,
 * but for times, ids and paths.
 */
#include <glib.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/sim/demo.h"
#include "tests/support/clock_manual.h"
#include "tests/support/golden.h"
#include "tests/support/headless.h"

static const char *const LISTS[] = {
    "couriers",        "batch list",  "batch people",                "jobs list",     "map list",  "people list",
    "place list tote", "place list bin", "order show W1201 --recipient", "printers list", "run status", "stock list",
};

/* What differs from floor to floor and from hour to hour. */
static char *masked(char *text, const char *dir)
{
    static const char *const MASKS[][2] = {
        {"\"(at|[a-z_]+_at)\": \\d+", "\"\\1\": 0"},
        {"(\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d *", "TIME "},
        {"//[A-Z0-9]+", "//CODE"},
        {"\\b\\d{15,}\\b *", "ID "},
        {"\\b20\\d{6}\\b", "DATE"},
    };
    GString *out = g_string_new(text);
    g_string_replace(out, dir, "DIR", 0);
    g_free(text);
    text = g_string_free(out, FALSE);
    for (size_t i = 0; i < G_N_ELEMENTS(MASKS); i++) {
        g_autoptr(GRegex) regex = g_regex_new(MASKS[i][0], 0, 0, NULL);
        char *next = g_regex_replace(regex, text, -1, 0, MASKS[i][1], 0, NULL);
        g_free(text);
        text = next;
    }
    return text;
}

static void add_list(GString *out, const char *words, const char *url, const char *dir, const char *json)
{
    g_autofree char *program = headless_program("packline");
    g_autofree char *line = g_strdup_printf("%s %s --lang en --db %s%s", program, words, url, json);
    char *text = NULL;
    GError *error = NULL;
    g_spawn_command_line_sync(line, &text, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *same = masked(text, dir);
    g_string_append_printf(out, "$ packline %s%s\n%s", words, json, same);
}

/* Yesterday at ten in the morning: at any hour of the day the same orders have their cut-off still before them. */
static void morning(struct clock_manual *clock)
{
    enum { DAY_MS = 86400000, TEN = 10 * 60 };
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Taipei");
    clock_manual_init(clock, clock_instant(zone, clock_civil_date(zone, clock_now(NULL) - DAY_MS), TEN));
}

static void lists(gconstpointer json)
{
    struct clock_manual clock;
    GError *error = NULL;
    g_autofree char *dir = g_dir_make_tmp("packline-lists-XXXXXX", NULL);
    g_autofree char *pepper = g_build_filename(dir, "pepper", NULL), *floor = g_build_filename(dir, "floor", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    morning(&clock);
    g_assert_true(demo_make(floor, FALSE, &clock.clock, &error));
    g_assert_no_error(error);
    g_autofree char *url = demo_url(floor), *clean = g_strdup_printf("rm -rf '%s'", dir);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
        add_list(out, LISTS[i], url, dir, json);
    golden_check_text(out->str, ((const char *)json)[0] ? "flow/goldens/lists_json" : "flow/goldens/lists_text");
    g_string_free(out, TRUE);
    g_assert_cmpint(system(clean), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/lists/text", "", lists);
    g_test_add_data_func("/lists/json", " --json", lists);
    return g_test_run();
}
