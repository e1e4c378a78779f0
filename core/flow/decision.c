/* SPDX-License-Identifier: MIT */
#include "core/flow/decision.h"

#include <stdlib.h>

#include "core/base/clean.h"
#include "core/base/id.h"
#include "core/base/translate.h"

int64_t house_setting(const struct house *house, const char *name, int64_t fallback)
{
    const char *text = house->settings ? g_hash_table_lookup(house->settings, name) : NULL;
    return text ? strtoll(text, NULL, 10) : fallback;
}

const char *house_next_number(struct decision *d, const char *kind, char letter)
{
    struct counter *counter = NULL;
    for (EACH_ROW(counter, each, d->dossier, 0))
        if (g_strcmp0(each->name, kind) == 0)
            counter = counter_edit(d->dossier, each);
    if (!counter)
        counter = counter_add(d->dossier, 0, 0);
    counter->name = dossier_text(d->dossier, kind);
    counter->value++;
    g_autofree char *number = g_strdup_printf("%c%04" G_GINT64_FORMAT, letter, counter->value);
    return dossier_text(d->dossier, number);
}

gboolean decision_has(struct decision *d, unsigned need)
{
    gboolean has = (dossier_parts(d->dossier) & need) == need;
    if (!has)
        d->missing |= need;
    return has;
}

int64_t decision_id(struct decision *d)
{
    return id_part(d->ev->key, d->rows++);
}

int64_t decision_subject_id(const struct decision *d)
{
    if (d->ship)
        return d->ship->id;
    return d->subject ? column_int(&table_of(d->subject->table)->columns[0], d->subject) : d->made_id;
}

void decision_follow(struct decision *d, struct event event)
{
    event.key = decision_id(d);
    event.actor = d->ev->actor;
    g_array_append_val(d->follows, event);
}

void decision_note(struct decision *d, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_vsnprintf(d->detail, sizeof d->detail, format, list);
    clean_cut(d->detail);
    va_end(list);
}

const void *decision_named(const void *found, const char *what, GError **error)
{
    if (!found)
        err_set(error, ERR_FLOW_UNKNOWN, what);
    return found;
}

const char *decision_last_act(struct decision *d)
{
    if (!d->last_act)
        d->missing |= NEED_LAST_ACT;
    return d->last_act ? d->last_act : "";
}

const char *decision_reason(const struct decision *d)
{
    return d->ev->reason ? d->ev->reason : "";
}

gboolean decision_may(const struct decision *d, enum permission permission, const char **name)
{
    const int64_t people[] = {d->ev->actor.person_id, d->ev->actor.approver_id};
    *name = "?";
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
        const struct person *person = people[i] ? person_find(d->dossier, people[i]) : NULL;
        if (person && *name[0] == '?')
            *name = person->name;
        if (person && role_may(role_parse(person->role), permission))
            return TRUE;
    }
    return FALSE;
}

/* --- lines ---------------------------------------------------------------------------------------------- */

gboolean line_named(struct decision *d, int64_t line_id, GError **error)
{
    const struct line *line = line_find(d->dossier, line_id);
    d->line = decision_named(line && line->shipment_id == d->ship->id ? line : NULL, _("line"), error);
    return d->line != NULL;
}

gboolean line_takes(struct decision *d, int64_t most, enum err over, const char *limit, GError **error)
{
    char given[24], text[24];
    int64_t quantity = d->ev->quantity;
    g_snprintf(given, sizeof given, "%" G_GINT64_FORMAT, quantity);
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, most);
    if (quantity > most && quantity >= 1)
        return err_set(error, over, d->line->sku, limit ? limit : text);
    return quantity >= 1 || err_set(error, ERR_FLOW_QUANTITY, given, d->line->sku, text);
}

/* --- the state the parts add up to ---------------------------------------------------------------------- */

struct sums {
    int live, picked, packed, touched;        /* lines */
    int holding, boxes, labelled, out;        /* parcels: open ones with something in them, closed ones */
};

static void sum_lines(const struct decision *d, struct sums *sums)
{
    for (EACH_ROW(line, line, d->dossier, d->ship->id)) {
        sums->live += line->state != ST_CANCELLED;
        sums->picked += line->state == ST_PICKED || line->state == ST_PACKED;
        sums->packed += line->state == ST_PACKED;
        sums->touched += line->state != ST_CANCELLED && line->packed > 0;
    }
}

static gboolean holds_something(const struct decision *d, const struct parcel *parcel)
{
    for (EACH_ROW(content, content, d->dossier, parcel->id))
        if (content->quantity > 0)
            return TRUE;
    return FALSE;
}

static void sum_parcels(const struct decision *d, struct sums *sums)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        sums->holding += parcel->state == ST_OPEN && holds_something(d, parcel);
        sums->boxes += parcel->state == ST_PACKED;
        sums->labelled += parcel->state == ST_LABELLED;
        sums->out += parcel->state == ST_OUT;
    }
}

void decision_derive(struct decision *d)
{
    struct sums n = {0};
    sum_lines(d, &n);
    sum_parcels(d, &n);
    if (n.live == 0)
        d->to = ST_CANCELLED;
    else if (n.touched + n.boxes + n.labelled + n.out + n.holding > 0)
        d->to = n.packed < n.live || n.holding > 0 ? ST_PACKING
                : n.boxes > 0                      ? ST_PACKED
                : n.labelled > 0                   ? ST_LABELLED
                                                   : ST_OUTBOUND;
    else if (n.picked == n.live)
        d->to = ST_PICKED;
    else if (d->from == ST_PICKED || d->ev->kind == EV_PICK)
        d->to = ST_PICKING;
    else
        d->to = d->from;
}
