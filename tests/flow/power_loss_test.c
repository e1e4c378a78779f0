/* SPDX-License-Identifier: MIT
 *
 * What a disk may hold when the power goes at any moment of a shift: every acknowledged event is there, the database is whole,
 * and the work goes on. With a weaker setting, or a disk that lies about its syncs, that is not so, and it is seen. Many more
 * images are made by `make faults`.
 */
#include <glib.h>

#include "tests/support/power_loss.h"

enum { ORDERS = 10, IMAGES = 240, CONTROLS = 40, WHOLE_EACH = 40, WORKERS = 1, ACKNOWLEDGED = ORDERS * 6 };

static struct power_loss replay(gboolean normal, gboolean syncs_lie, int64_t images)
{
    const struct power_loss_tries tries = {.images = images, .seed = (guint32)g_test_rand_int(), .syncs_lie = syncs_lie,
                                           .whole_each = normal || syncs_lie ? 0 : WHOLE_EACH, .workers = WORKERS};
    struct recording *recording = power_loss_record(ORDERS, normal);
    int64_t acknowledged = power_loss_acknowledged(recording);
    struct power_loss found = power_loss_replay(recording, &tries);
    g_test_message("%u records, %" G_GINT64_FORMAT " acknowledged; %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                   " images lost %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " damaged", recording->records->len, acknowledged,
                   found.lost_images, found.images, found.lost, found.damaged);
    g_assert_cmpint(acknowledged, >=, ACKNOWLEDGED);
    g_assert_cmpint(found.images, ==, images);
    recorder_free(recording);
    return found;
}

static void nothing_is_lost(void)
{
    struct power_loss found = replay(FALSE, FALSE, IMAGES);
    g_assert_cmpint(found.lost, ==, 0);
    g_assert_cmpint(found.damaged, ==, 0);
}

/* A commit is not synced, a checkpoint is: whole, and behind. */
static void normal_loses(void)
{
    struct power_loss found = replay(TRUE, FALSE, CONTROLS);
    g_assert_cmpint(found.lost_images, >, CONTROLS / 10);
    g_assert_cmpint(found.damaged, ==, 0);
}

static void a_sync_that_lies_loses(void)
{
    struct power_loss found = replay(FALSE, TRUE, CONTROLS);
    g_assert_cmpint(found.lost_images + found.damaged, >, CONTROLS / 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/power_loss/nothing-is-lost", nothing_is_lost);
    g_test_add_func("/power_loss/normal-loses", normal_loses);
    g_test_add_func("/power_loss/a-sync-that-lies-loses", a_sync_that_lies_loses);
    return g_test_run();
}
