/* SPDX-License-Identifier: MIT
 *
 * The power goes at any moment of a shift, and the disk holds any of what was not synced (tests/support/power_loss.h).
 */
#include "tests/support/faults.h"
#include "tests/support/power_loss.h"

enum { ORDERS = 60, IMAGES = 20000, CONTROLS = 400, WHOLE_EACH = 100, SEED = 11 };

static struct power_loss replay(const struct recording *recording, int64_t images, gboolean syncs_lie, int64_t whole_each)
{
    const struct power_loss_tries tries = {.images = images, .seed = SEED, .syncs_lie = syncs_lie, .whole_each = whole_each,
                                           .workers = (int)g_get_num_processors()};
    return power_loss_replay(recording, &tries);
}

int main(void)
{
    struct recording *full = power_loss_record(ORDERS, FALSE), *normal = power_loss_record(ORDERS, TRUE);
    struct power_loss found = replay(full, faults_tries(IMAGES), FALSE, WHOLE_EACH), weak = replay(normal, CONTROLS, FALSE, 0),
                      lying = replay(full, CONTROLS, TRUE, 0);
    int64_t spoilt = lying.lost_images + lying.damaged;
    g_autofree char *fault = g_strdup_printf("power loss on SQLite: crash images of a shift of %" G_GINT64_FORMAT
                                             " acknowledged events", power_loss_acknowledged(full));
    g_autofree char *control = g_strdup_printf("synchronous=NORMAL: %" G_GINT64_FORMAT " of %d images lost; a sync that lies: %"
                                               G_GINT64_FORMAT " of %d lost or damaged", weak.lost_images, CONTROLS, spoilt, CONTROLS);
    faults_report(fault, found.images, found.lost, found.damaged, weak.lost_images > 0 && spoilt > 0 ? control : NULL);
    recorder_free(full);
    recorder_free(normal);
    return faults_end();
}
