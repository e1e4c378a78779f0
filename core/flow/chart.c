/* SPDX-License-Identifier: MIT */
#include "core/flow/chart.h"

#include "core/base/translate.h"
#include "core/flow/transition.h"

static void add_word(GString *out, const char *between, gboolean *first, const char *word)
{
    g_string_append_printf(out, "%s%s", *first ? "" : between, word);
    *first = FALSE;
}

/* In the machine's own order. */
static void add_states(GString *out, enum machine machine, uint64_t set)
{
    size_t count = 0;
    const enum state *states = flow_states(machine, &count);
    gboolean first = TRUE;
    if (set >> ST_NONE & 1)
        add_word(out, "", &first, "*");
    for (size_t i = 0; i < count; i++)
        if (set >> states[i] & 1)
            add_word(out, _(", "), &first, flow_state_label(states[i]));
}

static void add_row(GString *out, const struct transition *row)
{
    g_string_append_printf(out, "  %s", flow_event_label(row->event));
    if (row->machine != MACHINE_NONE) {
        g_string_append(out, _(": "));
        add_states(out, row->machine, row->from);
    }
    if (row->to) {
        g_string_append(out, " -> ");
        add_states(out, row->machine, row->to);
    }
    if (row->stopped_by) {
        g_autofree char *blocks = flow_blocks_label(row->stopped_by, _(", "));
        g_string_append_printf(out, "%s%s", _("; not while: "), blocks);
    }
    if (flow_event_machine(row->event) == row->machine)
        g_string_append_printf(out, "%s%s", _("; who may: "), permission_label(flow_permission(row->event)));
    g_string_append_c(out, '\n');
}

char *flow_chart_text(void)
{
    GString *out = g_string_new(NULL);
    enum machine machine = MACHINE_COUNT;
    const struct transition *row;
    for (size_t i = 0; (row = flow_transition(i)); i++) {
        if (row->machine != machine)
            g_string_append_printf(out, "%s%s\n", i ? "\n" : "",
                                   row->machine ? flow_machine_label(row->machine) : _("without a state of its own"));
        machine = row->machine;
        add_row(out, row);
    }
    return g_string_free(out, FALSE);
}

/* All events that lead from one state to another, on one arrow. */
static void add_arrow(GString *out, enum machine machine, enum state from, enum state to)
{
    GString *events = g_string_new(NULL);
    gboolean first = TRUE;
    for (enum event_kind kind = EV_NONE + 1; kind < EV_COUNT; kind++)
        if (flow_leads(machine, from, kind, to))
            add_word(events, "\\n", &first, flow_event_name(kind));
    const char *name = flow_machine_name(machine);
    if (events->len > 0)
        g_string_append_printf(out, "        %s_%s -> %s_%s [label=\"%s\"];\n", name, flow_state_name(from), name,
                               flow_state_name(to), events->str);
    g_string_free(events, TRUE);
}

static void add_machine(GString *out, enum machine machine)
{
    size_t count = 0;
    const enum state *states = flow_states(machine, &count);
    const char *name = flow_machine_name(machine);
    g_string_append_printf(out, "    subgraph cluster_%s {\n        label=\"%s\";\n", name, name);
    if (flow_leads(machine, ST_NONE, EV_NONE, states[0]))
        g_string_append_printf(out, "        %s_ [shape=point];\n", name);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(out, "        %s_%s [label=\"%s\"];\n", name, flow_state_name(states[i]),
                               flow_state_name(states[i]));
    for (size_t to = 0; to < count; to++)
        add_arrow(out, machine, ST_NONE, states[to]);
    for (size_t from = 0; from < count; from++)
        for (size_t to = 0; to < count; to++)
            if (from != to)
                add_arrow(out, machine, states[from], states[to]);
    g_string_append(out, "    }\n");
}

char *flow_chart_dot(void)
{
    GString *out = g_string_new("digraph packline {\n    rankdir=LR;\n    node [shape=box];\n");
    for (enum machine machine = MACHINE_SHIPMENT; machine < MACHINE_COUNT; machine++)
        add_machine(out, machine);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
