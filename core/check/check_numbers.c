/* SPDX-License-Identifier: MIT
 *
 * Waybill numbers against the couriers' rules: the one check that needs more than the database.
 */
#include <string.h>

#include "core/check/check_table.h"
#include "core/code/courier.h"

static const struct sql NUMBERS = {
    "check_numbers", "SELECT w.id, w.courier, w.number, r.prefix, r.width, w.serial FROM waybill w "
                     "JOIN waybill_range r ON r.id = w.range_id WHERE r.source = 'range'"};

static gboolean right(const struct courier_list *couriers, struct rows *rows)
{
    const struct courier *courier = couriers_get(couriers, rows_text(rows, 1));
    if (!courier)
        return FALSE;
    g_autofree char *number =
        courier_make_number(courier, rows_text(rows, 3), (int)rows_int(rows, 4), rows_int(rows, 5), NULL);
    return number && strcmp(number, rows_text(rows, 2)) == 0;
}

gboolean check_range_numbers(struct checker *checker, GError **error)
{
    g_autoptr(courier_list) couriers = couriers_load(NULL, error);
    struct rows *rows = couriers ? db_query(checker->db, &NUMBERS, DB_NO_ARGS, error) : NULL;
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        if (!right(couriers, rows))
            checker_report(checker, "waybill=%s courier=%s serial=%s", rows_text(rows, 0), rows_text(rows, 1),
                           rows_text(rows, 5));
    }
    return more == 0;
}
