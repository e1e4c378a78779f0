/* SPDX-License-Identifier: MIT
 *
 * Every event has a name of its own that is read back, and words for people that fit the column of a history.
 */
#include <glib.h>

#include "core/base/translate.h"
#include "core/flow/flow.h"
#include "tui/terminal/text.h"

enum { COLUMN = 12 }; /* of the history beside the queue */

static void names(void)
{
    for (enum event_kind kind = EV_NONE; kind < EV_COUNT; kind++)
        g_assert_cmpint(flow_event_parse(flow_event_name(kind)), ==, kind);
    g_assert_cmpint(flow_event_parse("no such event"), ==, EV_NONE);
}

static void labels(gconstpointer language)
{
    translate_init(language, NULL);
    g_assert_cmpstr(flow_event_label(EV_NONE), ==, "");
    for (enum event_kind kind = EV_NONE + 1; kind < EV_PRINT; kind++) {
        const char *label = flow_event_label(kind);
        if (flow_event_machine(kind) > MACHINE_BATCH) /* nothing of them stands in an order's history */
            continue;
        g_assert_cmpstr(label, !=, "");
        if (text_width(label) > COLUMN)
            g_error("%s is too wide", label);
    }
}

static void translated(void)
{
    translate_init("zh_TW", NULL);
    for (enum event_kind kind = EV_NONE + 1; kind < EV_COUNT; kind++)
        if (g_str_is_ascii(flow_event_label(kind)))
            g_error("%s is not translated", flow_event_name(kind));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/events", names);
    g_test_add_data_func("/names/labels/en", "en", labels);
    g_test_add_data_func("/names/labels/zh_TW", "zh_TW", labels);
    g_test_add_func("/names/translated", translated);
    return g_test_run();
}
