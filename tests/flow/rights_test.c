/* SPDX-License-Identifier: MIT
 *
 * Who may cause which event, cell by cell: a denied one is refused, changes nothing and leaves its journal
 * row. The matrix stands here a second time, so that a right is never changed by accident.
 */
#include <glib.h>
#include <string.h>

#include "core/people/role.h"
#include "tests/support/floor.h"

/* Columns: picker packer dock lead manager admin system. */
static const struct {
    enum event_kind kind;
    const char *roles;
} MATRIX[] = {
    {EV_RELEASE, "---####"},     {EV_BLOCK, "-######"},         {EV_UNBLOCK, "---####"},
    {EV_BATCH, "---####"},       {EV_UNBATCH, "---####"},       {EV_ASSIGN, "##-####"},
    {EV_PICK, "##-####"},        {EV_UNPICK, "##-####"},        {EV_SHORT, "##-####"},
    {EV_SKIP, "##-####"},        {EV_PACK, "-#-####"},          {EV_UNPACK, "-#-####"},
    {EV_CLOSE, "-#-####"},       {EV_CLOSE_SPLIT, "---####"},   {EV_REOPEN, "-#-####"},
    {EV_PRINT_AHEAD, "---####"}, {EV_REPRINT, "-######"},       {EV_RENEW, "---####"},
    {EV_APPLY, "-#-####"},       {EV_OUT, "-######"},           {EV_CANCEL, "---####"},
    {EV_CANCEL_LINE, "---####"}, {EV_CHANGE, "---####"},        {EV_FILL, "---####"},
    {EV_SHIPMENT_MAKE, "---####"},
    {EV_BATCH_MAKE, "---####"},  {EV_BATCH_ASSIGN, "##-####"},  {EV_BATCH_START, "##-####"},
    {EV_BATCH_DONE, "##-####"},  {EV_BATCH_CANCEL, "---####"},  {EV_JOB_CLAIM, "------#"},
    {EV_JOB_SENT, "------#"},    {EV_JOB_PRINTED, "------#"},   {EV_JOB_FAILED, "------#"},
    {EV_JOB_LOST, "------#"},    {EV_JOB_RETRY, "-#-####"},     {EV_JOB_ANSWER, "-#-####"},
    {EV_JOB_DROP, "---####"},    {EV_RECEIVE, "---####"},       {EV_ADJUST, "---####"},
    {EV_MOVE, "---####"},        {EV_MANIFEST_OPEN, "-######"}, {EV_MANIFEST_CLOSE, "-######"},
    {EV_PRINT, "---####"},       {EV_NOTE, "#######"},          {EV_TOTE, "##-####"},
    {EV_SPLIT, "---####"},       {EV_RUN_MAKE, "---####"},     {EV_RUN_START, "---####"},
    {EV_RUN_PAUSE, "---####"},   {EV_RUN_CANCEL, "---####"},   {EV_RUN_DONE, "------#"},
    {EV_FOLLOW, "##-####"},
    {EV_SUBMISSION_MAKE, "------#"},     {EV_SUBMISSION_SEAL, "------#"},   {EV_SUBMISSION_WITHDRAW, "------#"},
    {EV_SUBMISSION_SENT, "------#"},     {EV_SUBMISSION_PRINTED, "------#"}, {EV_SUBMISSION_FAILED, "------#"},
    {EV_SUBMISSION_LOST, "------#"},
};

static int64_t person_of(struct floor *floor, enum role role)
{
    char *badge = g_strdup_printf("rights-%s", role_name(role));
    int64_t id = site_id(floor->site);
    char *sql =
        g_strdup_printf("INSERT INTO person (id, warehouse_id, badge, name, role) VALUES (%" G_GINT64_FORMAT
                        ", %" G_GINT64_FORMAT ", '%s', '%s', '%s')",
                        id, floor->site->warehouse_id, badge, badge, role_name(role));
    testdb_script(floor->site->db, sql);
    g_free(sql);
    g_free(badge);
    return id;
}

struct subjects {
    int64_t shipment_id, batch_id, job_id, manifest_id, run_id, submission_id;
};

static int denied_cells(struct floor *floor, const struct subjects *subjects, enum role role)
{
    int denied = 0;
    struct actor actor = {.person_id = person_of(floor, role)};
    for (guint i = 0; i < G_N_ELEMENTS(MATRIX); i++) {
        if (MATRIX[i].roles[role - ROLE_PICKER] == '#')
            continue;
        floor_refused(floor,
                      (struct event){.kind = MATRIX[i].kind,
                                     .actor = actor,
                                     .shipment_id = subjects->shipment_id,
                                     .batch_id = subjects->batch_id,
                                     .job_id = subjects->job_id,
                                     .manifest_id = subjects->manifest_id,
                                     .run_id = subjects->run_id,
                                     .submission_id = subjects->submission_id,
                                     .quantity = 1,
                                     .courier = "hct",
                                     .text = "test",
                                     .reason = "test"},
                      ERR_FLOW_RIGHT);
        denied++;
    }
    g_assert_cmpint(
        floor_int(floor, "SELECT COUNT(*) FROM journal WHERE code = 324 AND person_id = $1", actor.person_id),
        ==, denied);
    return denied;
}

static void denied(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    struct subjects subjects = {.shipment_id = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}))};
    subjects.batch_id =
        floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    subjects.job_id =
        floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .text = "test"}).subject_id;
    subjects.manifest_id =
        floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->lead, .courier = "hct"}).subject_id;
    subjects.run_id = floor_do(floor, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct",
                                                     .quantity = 50,
                                                     .printer_id = floor_int(floor, "SELECT MIN(id) FROM printer", 0)})
                          .subject_id;
    subjects.submission_id = floor_submission(floor, subjects.job_id);
    int cells = 0;
    g_assert_cmpint(G_N_ELEMENTS(MATRIX), ==, EV_COUNT - 1); /* a new event needs its row */
    for (enum role role = ROLE_PICKER; role < ROLE_COUNT; role++)
        cells += denied_cells(floor, &subjects, role);
    g_assert_cmpint(cells, >, 80);
    floor_is(floor, subjects.shipment_id, ST_NEW);
    g_assert_cmpint(floor_int(floor, "SELECT version FROM shipment", 0), ==, 1);
    floor_close(floor);
}

/* Nobody, somebody who left, and a lead's approval of one act. */
static void others(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    int64_t gone = person_of(floor, ROLE_ADMIN);
    testdb_script(floor->site->db, "UPDATE person SET active = 0 WHERE badge = 'rights-admin'");
    struct event release = {.kind = EV_RELEASE, .shipment_id = shipment, .actor = {.person_id = gone}};
    floor_refused(floor, release, ERR_FLOW_RIGHT);
    release.actor = (struct actor){.person_id = floor->packer.person_id, .approver_id = gone};
    floor_refused(floor, release, ERR_FLOW_RIGHT);
    release.actor.approver_id = floor->lead.person_id;
    floor_do(floor, release);
    g_assert_cmpint(
        floor_int(floor,
                  "SELECT COUNT(*) FROM journal WHERE event = 'release' AND machine = 'shipment' AND "
                  "approver_id = $1",
                  floor->lead.person_id),
        ==, 1);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/rights/denied", denied);
    testdb_add("/rights/others", others);
    return g_test_run();
}
