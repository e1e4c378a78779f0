/* SPDX-License-Identifier: MIT
 *
 * Kinds of events that look at more than their subject's own rows are judged again wholly, on what can be lent for it: each is
 * done once as the rules have it, which is silent, and once by a program that makes something else of the subject, which is
 * named.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "tests/support/otherwise.h"

/* --- a floor ------------------------------------------------------------------------------------------------ */

struct setting {
    struct floor *floor;
    int64_t tote_id, orders;
};

static int64_t ask(struct setting *setting, const char *sql, int64_t id)
{
    return floor_int(setting->floor, sql, id);
}

static int64_t new_order(struct setting *setting)
{
    g_autofree char *number = g_strdup_printf("N%" G_GINT64_FORMAT, ++setting->orders);
    return floor_order(setting->floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 3}, {"TEA", 2}));
}

static int64_t released(struct setting *setting)
{
    int64_t id = new_order(setting);
    floor_release(setting->floor, id);
    return id;
}

static int64_t picked(struct setting *setting)
{
    int64_t id = released(setting);
    floor_pick_all(setting->floor, id);
    return id;
}

static int64_t packed(struct setting *setting)
{
    int64_t id = picked(setting);
    floor_pack_all(setting->floor, id);
    return id;
}

static struct event about(struct setting *setting, enum event_kind kind, int64_t shipment_id)
{
    return (struct event){.kind = kind, .actor = setting->floor->lead, .shipment_id = shipment_id};
}

static int64_t first_task(struct setting *setting, int64_t shipment_id)
{
    return ask(setting, "SELECT MIN(id) FROM pick_task WHERE shipment_id = $1", shipment_id);
}

static int64_t waybill_of(struct setting *setting, int64_t shipment_id)
{
    return ask(setting, "SELECT w.id FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1", shipment_id);
}

static int64_t job_of(struct setting *setting, int64_t shipment_id)
{
    return ask(setting, "SELECT MAX(id) FROM job WHERE shipment_id = $1", shipment_id);
}

/* --- what is about to happen ------------------------------------------------------------------------------------ */

static struct event make(struct setting *setting)
{
    int64_t id = new_order(setting);
    return (struct event){.kind = EV_SHIPMENT_MAKE, .actor = setting->floor->system, .courier = "hct", .currency = "TWD",
                          .block = BLOCK_UNPAID | BLOCK_PRESALE, .presale_on = 20270101, .cod_minor = 900,
                          .order_id = ask(setting, "SELECT order_id FROM shipment WHERE id = $1", id),
                          .recipient_id = ask(setting, "SELECT recipient_id FROM shipment WHERE id = $1", id)};
}

static struct event fill(struct setting *setting)
{
    int64_t id = new_order(setting);
    floor_do(setting->floor, (struct event){.kind = EV_CANCEL_LINE, .actor = setting->floor->lead, .shipment_id = id,
                                            .line_id = ask(setting, "SELECT MIN(id) FROM shipment_line WHERE shipment_id = $1", id)});
    return about(setting, EV_FILL, id);
}

static struct event release(struct setting *setting)
{
    return about(setting, EV_RELEASE, new_order(setting));
}

static struct event change(struct setting *setting)
{
    struct event event = about(setting, EV_CHANGE, packed(setting));
    event.cod_minor = 1200;
    event.service = "";
    event.cut_off_at = 5;
    return event;
}

static struct event tote(struct setting *setting)
{
    struct event event = about(setting, EV_TOTE, released(setting));
    g_autofree char *code = g_strdup_printf("T-%" G_GINT64_FORMAT, setting->orders);
    event.actor = setting->floor->picker;
    event.tote_id = setting->tote_id = floor_tote(setting->floor, code);
    return event;
}

static struct event pick(struct setting *setting)
{
    struct event event = tote(setting);
    event.kind = EV_PICK;
    event.task_id = first_task(setting, event.shipment_id);
    event.quantity = 1;
    return event;
}

static struct event unpick(struct setting *setting)
{
    struct event event = pick(setting);
    floor_do(setting->floor, event);
    event.kind = EV_UNPICK;
    return event;
}

/* The bin has less; the rest lies elsewhere. */
static struct event is_short(struct setting *setting)
{
    struct event event = pick(setting);
    event.kind = EV_SHORT;
    event.quantity = event.tote_id = 0;
    event.reason = "short";
    return event;
}

static struct event close_box(struct setting *setting)
{
    struct event event = pick(setting);
    for (event.quantity = 3; event.quantity > 1; event.quantity--) {
        floor_do(setting->floor, event);
        event.task_id = ask(setting, "SELECT MAX(id) FROM pick_task WHERE shipment_id = $1", event.shipment_id);
    }
    event = (struct event){.kind = EV_PACK, .actor = setting->floor->packer, .shipment_id = event.shipment_id, .quantity = 3};
    event.line_id = ask(setting, "SELECT MIN(id) FROM shipment_line WHERE shipment_id = $1", event.shipment_id);
    floor_do(setting->floor, event);
    event.line_id = ask(setting, "SELECT MAX(id) FROM shipment_line WHERE shipment_id = $1", event.shipment_id);
    event.quantity = 2;
    floor_do(setting->floor, event);
    event.kind = EV_CLOSE;
    event.weight_g = 700;
    event.line_id = event.quantity = 0;
    return event;
}

static struct event close_split(struct setting *setting)
{
    int64_t id = picked(setting);
    floor_do(setting->floor, (struct event){.kind = EV_PACK, .actor = setting->floor->packer, .shipment_id = id, .quantity = 2,
                                            .line_id = ask(setting, "SELECT MIN(id) FROM shipment_line WHERE shipment_id = $1", id)});
    return about(setting, EV_CLOSE_SPLIT, id);
}

static struct event print_ahead(struct setting *setting)
{
    return about(setting, EV_PRINT_AHEAD, released(setting));
}

static struct event print_ahead_in_run(struct setting *setting)
{
    struct event event = print_ahead(setting);
    event.printer_id = setting->floor->printer_id;
    event.run_id = floor_do(setting->floor, (struct event){.kind = EV_RUN_MAKE, .actor = setting->floor->lead, .quantity = 50,
                                                          .text = "courier=hct", .printer_id = event.printer_id}).subject_id;
    return event;
}

static struct event renew(struct setting *setting)
{
    struct event event = about(setting, EV_RENEW, packed(setting));
    event.reason = "torn";
    return event;
}

static struct event reprint(struct setting *setting)
{
    return about(setting, EV_REPRINT, packed(setting));
}

static struct event apply(struct setting *setting)
{
    struct event event = about(setting, EV_APPLY, packed(setting));
    event.waybill_id = waybill_of(setting, event.shipment_id);
    return event;
}

static struct event out_of(struct setting *setting, int64_t id, const char *courier)
{
    struct event event = about(setting, EV_OUT, id);
    event.parcel_id = ask(setting, "SELECT id FROM parcel WHERE shipment_id = $1", id);
    event.manifest_id = floor_do(setting->floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = setting->floor->dock,
                                                               .courier = courier}).subject_id;
    return event;
}

static struct event out(struct setting *setting)
{
    int64_t id = packed(setting);
    floor_apply_label(setting->floor, id);
    return out_of(setting, id, "hct");
}

static struct event out_without_label(struct setting *setting)
{
    return out_of(setting, packed(setting), "hct");
}

static struct event out_with_others(struct setting *setting)
{
    int64_t id = packed(setting);
    floor_apply_label(setting->floor, id);
    return out_of(setting, id, "tcat");
}

static struct event cancel(struct setting *setting)
{
    struct event event = close_box(setting);
    event.kind = EV_CANCEL;
    event.actor = setting->floor->lead;
    return event;
}

static struct event cancel_line(struct setting *setting)
{
    struct event event = pick(setting);
    floor_do(setting->floor, event);
    event.kind = EV_CANCEL_LINE;
    event.actor = setting->floor->lead;
    event.line_id = ask(setting, "SELECT MIN(id) FROM shipment_line WHERE shipment_id = $1", event.shipment_id);
    event.task_id = event.tote_id = event.quantity = 0;
    return event;
}

static struct event batch_make(struct setting *setting)
{
    return (struct event){.kind = EV_BATCH_MAKE, .actor = setting->floor->lead, .courier = "hct"};
}

static struct event batch(struct setting *setting)
{
    struct event event = about(setting, EV_BATCH, released(setting));
    event.batch_id = floor_do(setting->floor, batch_make(setting)).subject_id;
    return event;
}

static struct event unbatch(struct setting *setting)
{
    struct event event = batch(setting);
    floor_do(setting->floor, event);
    return about(setting, EV_UNBATCH, event.shipment_id);
}

static struct event follow(struct setting *setting)
{
    struct event event = unbatch(setting);
    event.kind = EV_FOLLOW;
    return event;
}

static struct event batch_assign(struct setting *setting)
{
    struct event event = batch(setting);
    floor_do(setting->floor, event);
    event.kind = EV_BATCH_ASSIGN;
    event.shipment_id = 0;
    event.person_id = setting->floor->picker.person_id;
    return event;
}

static struct event run_make(struct setting *setting)
{
    return (struct event){.kind = EV_RUN_MAKE, .actor = setting->floor->lead, .quantity = 50, .text = "courier=hct",
                          .printer_id = setting->floor->printer_id};
}

static struct event manifest_open(struct setting *setting)
{
    return (struct event){.kind = EV_MANIFEST_OPEN, .actor = setting->floor->dock, .courier = setting->orders % 2 ? "sf" : "post"};
}

static struct event job_claim(struct setting *setting)
{
    struct event event = {.kind = EV_JOB_CLAIM, .actor = setting->floor->system, .page = 1};
    event.job_id = job_of(setting, packed(setting));
    event.submission_id = floor_submission(setting->floor, event.job_id);
    return event;
}

static struct event job_retry(struct setting *setting)
{
    struct event event = job_claim(setting);
    floor_do(setting->floor, event);
    floor_of_job(setting->floor, EV_JOB_FAILED, event.job_id, event.submission_id);
    return (struct event){.kind = EV_JOB_RETRY, .actor = setting->floor->lead, .job_id = event.job_id};
}

static struct event job_answer(struct setting *setting)
{
    struct event event = job_claim(setting);
    floor_do(setting->floor, event);
    floor_of_job(setting->floor, EV_JOB_LOST, event.job_id, event.submission_id);
    return (struct event){.kind = EV_JOB_ANSWER, .actor = setting->floor->lead, .job_id = event.job_id, .reason = "not-printed"};
}

/* --- what another program makes of it ------------------------------------------------------------------------ */

static struct shipment *ship(struct decision *d)
{
    return shipment_edit(d->dossier, d->ship);
}

static const struct parcel *box(const struct decision *d)
{
    return parcel_first(d->dossier, d->ship->id);
}

static const struct waybill *label(const struct decision *d)
{
    return waybill_first(d->dossier, box(d)->id);
}

static void other_cod(struct decision *d) { ship(d)->cod_minor += 100; }
static void old_service(struct decision *d) { ship(d)->service = "express"; }
static void other_units(struct decision *d) { ship(d)->units++; }
static void keeps_slot(struct decision *d) { ship(d)->slot = 3; }
static void one_less(struct decision *d) { task_edit(d->dossier, task_first(d->dossier, d->ship->id))->quantity--; }
static void one_more(struct decision *d) { line_edit(d->dossier, d->line)->picked++; }
static void not_given_up(struct decision *d) { task_edit(d->dossier, d->task)->open = 1; }
static void earlier(struct decision *d) { tote_use_edit(d->dossier, tote_use_first(d->dossier, d->ship->id))->at--; }
static void stays_open(struct decision *d) { parcel_edit(d->dossier, box(d))->state = ST_OPEN; }
static void other_generation(struct decision *d) { parcel_edit(d->dossier, box(d))->generation++; }
static void label_cod(struct decision *d) { waybill_edit(d->dossier, label(d))->cod_minor = 5; }
static void not_applied(struct decision *d) { waybill_edit(d->dossier, label(d))->state = ST_ASSIGNED; }
static void line_lives(struct decision *d) { line_edit(d->dossier, line_first(d->dossier, d->ship->id))->state = ST_RESERVED; }
static void other_page(struct decision *d) { job_edit(d->dossier, job_find(d->dossier, d->ev->job_id))->page = 9; }
static void other_kind(struct decision *d) { batch_edit(d->dossier, batch_find(d->dossier, d->made_id))->kind = "bulk"; }
static void makers(struct decision *d)
{
    struct batch *made = batch_edit(d->dossier, batch_find(d->dossier, d->ev->batch_id));
    made->person_id = made->made_by;
}

static void other_filter(struct decision *d) { run_edit(d->dossier, run_find(d->dossier, d->made_id))->filter = "all"; }
static void other_courier(struct decision *d) { manifest_edit(d->dossier, manifest_find(d->dossier, d->made_id))->courier = "ups"; }
static void range_stands(struct decision *d) { number_range_edit(d->dossier, number_range_first(d->dossier, 0))->next--; }
static void other_stock(struct decision *d)
{
    stock_edit(d->dossier, stock_first(d->dossier, d->line->product_id))->on_hand--;
}
static void two_numbers(struct decision *d) { counter_edit(d->dossier, counter_first(d->dossier, 0))->value++; }

/* Of the waybill's jobs the last one is the copy. */
static void other_copy(struct decision *d)
{
    const struct job *job = d->ship ? NULL : job_find(d->dossier, d->ev->job_id), *copy = NULL;
    for (EACH_ROW(job, each, d->dossier, job ? job->waybill_id : label(d)->id))
        copy = each;
    job_edit(d->dossier, copy)->copy = 7;
}

/* As if it were there. */
static void has_label(struct dossier *dossier, const struct event *ev)
{
    const struct parcel *parcel = parcel_find(dossier, ev->parcel_id);
    const struct waybill *waybill = waybill_first(dossier, parcel->id);
    ((struct parcel *)(uintptr_t)parcel)->state = ST_LABELLED;
    ((struct waybill *)(uintptr_t)waybill)->state = ST_APPLIED;
}

static void is_of_courier(struct dossier *dossier, const struct event *ev)
{
    ((struct manifest *)(uintptr_t)manifest_find(dossier, ev->manifest_id))->courier = "hct";
}

static const struct plant {
    const char *what;
    struct event (*about)(struct setting *setting);
    void (*after)(struct decision *d);
    const char *says;
    void (*before)(struct dossier *dossier, const struct event *ev); /* then rules would never do it */
} PLANTS[] = {
    {"a shipment with another COD", make, other_cod, "cod_minor=1000 should=900", NULL},
    {"more units than lines have", fill, other_units, "units=3 should=2", NULL},
    {"a release that reserves less", release, one_less, "refused by the rules: PL-", NULL},
    {"a change that keeps the old COD", change, other_cod, "cod_minor=1300 should=1200", NULL},
    {"a change that clears no service", change, old_service, "service differs", NULL},
    {"a tote at another hour", tote, earlier, "table=tote_use", NULL},
    {"a pick of two for one", pick, one_more, "picked=2 should=1", NULL},
    {"an undo of nothing", unpick, one_more, "picked=1 should=0", NULL},
    {"a short pick that stays open", is_short, not_given_up, "open=1 should=0", NULL},
    {"a close that leaves the box open", close_box, stays_open, "state=open should=packed", NULL},
    {"a split that leaves the box open", close_split, stays_open, "state=open should=packed", NULL},
    {"a label with another COD", print_ahead, label_cod, "cod_minor=5 should=0", NULL},
    {"a label of a run with another COD", print_ahead_in_run, label_cod, "cod_minor=5 should=0", NULL},
    {"a new label of another generation", renew, other_generation, "generation=3 should=2", NULL},
    {"a copy with another number", reprint, other_copy, "copy=7 should=1", NULL},
    {"a label that is on and is not", apply, not_applied, "state=assigned should=applied", NULL},
    {"out of a box with another COD", out, other_cod, "cod_minor=100 should=0", NULL},
    {"out without a label", out_without_label, NULL, "refused by the rules: PL-", has_label},
    {"out with another courier", out_with_others, NULL, "refused by the rules: PL-", is_of_courier},
    {"a cancel that leaves a line", cancel, line_lives, "state=reserved should=cancelled", NULL},
    {"a line cancelled, and units not", cancel_line, other_units, "units=3 should=2", NULL},
    {"into a batch with another COD", batch, other_cod, "cod_minor=100 should=0", NULL},
    {"out of a batch with its slot", unbatch, keeps_slot, "slot=3 should=0", NULL},
    {"a follower with another COD", follow, other_cod, "cod_minor=100 should=0", NULL},
    {"a batch given to somebody else", batch_assign, makers, "table=batch", NULL},
    {"a batch of another kind", batch_make, other_kind, "kind differs", NULL},
    {"a run of other labels", run_make, other_filter, "filter differs", NULL},
    {"a manifest of another courier", manifest_open, other_courier, "courier differs", NULL},
    {"a job on another page", job_claim, other_page, "page=9 should=1", NULL},
    {"a retry on a page", job_retry, other_page, "page=9 should=0", NULL},
    {"a lost copy with another number", job_answer, other_copy, "copy=7 should=1", NULL},
    {"one more out of the bin", pick, other_stock, "table=stock", NULL},
    {"two numbers for one batch", batch_make, two_numbers, "table=counter", NULL},
    {"a number, and its range stands", print_ahead, range_stands, "refused by the rules: PL-", NULL}, /* last: nobody has one after it */
};

/* --- the tests -------------------------------------------------------------------------------------------------- */

static struct setting open_floor(struct testdb *test)
{
    struct setting setting = {.floor = floor_open(test, "station 1")};
    int64_t mug = floor_product(setting.floor, "MUG-RED", NULL), tea = floor_product_with_lots(setting.floor, "TEA", NULL);
    floor_receive(setting.floor, mug, 0, floor_bin(setting.floor, "A-01-1", 1), 900);
    floor_receive(setting.floor, mug, 0, floor_bin(setting.floor, "A-01-2", 2), 900);
    floor_receive(setting.floor, tea, floor_lot(setting.floor, tea, "L1", 0), floor_bin(setting.floor, "A-01-3", 3), 900);
    return setting;
}

static gboolean can_be_lawful(const struct plant *plant)
{
    return !plant->before;
}

static void lawful(struct testdb *test)
{
    struct setting setting = open_floor(test);
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTS); i++)
        if (can_be_lawful(&PLANTS[i]))
            floor_do(setting.floor, PLANTS[i].about(&setting));
    struct seen seen = seen_look(setting.floor, "replay");
    g_assert_cmpstr(seen.said->str, ==, "");
    g_test_message("%s", seen.told);
    g_assert_cmpint(seen_judged(&seen).by_state, ==, 0);
    seen_clear(&seen);
    floor_close(setting.floor);
}

/* It alone is named, by what the rules say of it. */
static void must_ring(const struct seen *seen, const struct plant *plant, int64_t key)
{
    g_autofree char *event = g_strdup_printf("event=%" G_GINT64_FORMAT " ", key);
    g_auto(GStrv) lines = g_strsplit(seen->said->str, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        if (strstr(lines[i], event) && strstr(lines[i], plant->says)) {
            g_test_message("%-34s %s", plant->what, lines[i]);
            return;
        }
    g_error("%s: nothing rings\n%s", plant->what, seen->said->str);
}

static void planted(struct testdb *test)
{
    struct setting setting = open_floor(test);
    int64_t keys[G_N_ELEMENTS(PLANTS)];
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        const struct event event = PLANTS[i].about(&setting);
        keys[i] = otherwise_do(setting.floor, &(struct otherwise){.judged = event, .asked = event, .before = PLANTS[i].before,
                                                                  .after = PLANTS[i].after});
    }
    struct seen seen = seen_look(setting.floor, "replay"), chain = seen_look(setting.floor, "journal-chain");
    g_assert_cmpstr(chain.said->str, ==, "");
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTS); i++)
        must_ring(&seen, &PLANTS[i], keys[i]);
    seen_clear(&seen), seen_clear(&chain);
    floor_close(setting.floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/lent/lawful", lawful);
    testdb_add("/lent/planted", planted);
    return g_test_run();
}
