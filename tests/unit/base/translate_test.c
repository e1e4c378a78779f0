/* SPDX-License-Identifier: MIT
 *
 * Words in their contexts: what is shown never holds the context, translated or not.
 */
#include <glib.h>

#include "core/base/translate.h"
#include "core/flow/flow.h"
#include "core/people/role.h"

static void in_english(void)
{
    translate_init("en", NULL);
    g_assert_cmpstr(translate_in(NC_("role", "dock")), ==, "dock");
    g_assert_cmpstr(role_label(ROLE_DOCK), ==, "dock");
    g_assert_cmpstr(flow_block_label(BLOCK_ADDRESS), ==, "address");
    g_assert_cmpstr(flow_state_label(ST_OPEN), ==, "open");
    g_assert_cmpstr(flow_event_label(EV_PICK), ==, "pick");
}

/* One word in English, two here: the dock one goes to, and who works there. */
static void in_chinese(void)
{
    translate_init("zh_TW", NULL);
    g_assert_cmpstr(_("dock"), ==, "出庫");
    g_assert_cmpstr(role_label(ROLE_DOCK), ==, "出庫員");
    for (enum state state = ST_NONE + 1; state < ST_COUNT; state++)
        g_assert_cmpstr(flow_state_label(state), !=, flow_state_name(state));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/translate/in_english", in_english);
    g_test_add_func("/translate/in_chinese", in_chinese);
    return g_test_run();
}
