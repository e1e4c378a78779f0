/* SPDX-License-Identifier: MIT
 *
 * The picture of the transition tables: whoever changes a table reads here what came of it.
 */
#include <glib.h>

#include "core/base/translate.h"
#include "core/flow/chart.h"
#include "tests/support/golden.h"

static void text(void)
{
    char *chart = flow_chart_text();
    golden_check_text(chart, "unit/flow/chart_text");
    g_free(chart);
}

static void dot(void)
{
    char *chart = flow_chart_dot();
    golden_check_text(chart, "unit/flow/chart_dot");
    g_free(chart);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    translate_init("en", NULL);
    g_test_add_func("/chart/text", text);
    g_test_add_func("/chart/dot", dot);
    return g_test_run();
}
