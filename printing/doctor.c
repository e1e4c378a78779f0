/* SPDX-License-Identifier: MIT
 *
 * packline-print doctor: fonts, label templates, printers, CUPS settings. packline doctor runs it and shows its lines.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/program.h"
#include "core/base/translate.h"
#include "core/check/doctor.h"
#include "core/code/courier.h"
#include "core/print/label_data.h"
#include "printing/commands.h"
#include "printing/label/template.h"
#include "printing/output/fonts.h"
#include "printing/queue/printer.h"

#define DEFAULT_PAPER "100x150"

struct examination {
    struct findings *findings;
    struct template_store *templates;
    guint printers;
    gboolean uses_cups;
};

/* --- fonts and templates -------------------------------------------------------------------------------- */

static void look_at_fonts(struct findings *findings)
{
    GError *error = NULL;
    G_GNUC_UNUSED g_autoptr(fonts) fonts = fonts_new(&error); /* only whether they are there */
    if (!findings_error(findings, "fonts", error))
        findings_add(findings, FINDING_OK, "fonts", NULL, "Noto Sans CJK TC");
}

/* Couriers that draw their own slips need no template of ours. */
static void look_at_templates(struct examination *all, const char *paper)
{
    g_autoptr(courier_list) couriers = couriers_load(NULL, NULL);
    guint good = 0;
    for (guint i = 0; couriers && i < couriers_count(couriers); i++) {
        const struct courier *courier = couriers_at(couriers, i);
        const struct label label = {.kind = LABEL_WAYBILL, .template_name = courier->label_template};
        GError *error = NULL;
        if (courier->source == NUMBER_EXTERNAL)
            continue;
        if (template_for(all->templates, &label, paper, &error))
            good++;
        findings_error(all->findings, "templates", error);
    }
    findings_add(all->findings, good ? FINDING_OK : FINDING_BAD, "templates", _("Install assets/labels."),
                 _("waybills of %u couriers can be drawn on %s mm"), good, paper);
}

/* --- printers ------------------------------------------------------------------------------------------- */

static const enum finding_level LEVELS[] = {
    [PRINTER_READY] = FINDING_OK,       [PRINTER_PRINTING] = FINDING_OK, [PRINTER_NOT_ASKED] = FINDING_WARN,
    [PRINTER_ATTENTION] = FINDING_WARN, [PRINTER_STOPPED] = FINDING_BAD, [PRINTER_OFFLINE] = FINDING_BAD,
};

/* Whether the queue takes a PDF of the label's size at all: raw ones pass it on as it is, others may lack the paper. */
static void look_at_paper(struct examination *all, struct printer *printer, const char *name)
{
    const struct label label = {.kind = LABEL_WAYBILL};
    GError *error = NULL;
    const struct template *template = template_for(all->templates, &label, printer->paper, NULL);
    if (template && !printer->ops->takes(printer, template->width_um, template->height_um, &error))
        findings_error(all->findings, "printer", error);
    else
        findings_add(all->findings, FINDING_OK, "printer", NULL, _("%s: paper %s mm, %d dots an inch"), name,
                     printer->paper, printer->dots_per_inch);
}

static void look_now(struct examination *all, const struct doctor_printer *row)
{
    GError *error = NULL;
    struct health health = {.health = PRINTER_NOT_ASKED};
    struct printer *printer = printer_open(row->uri, &error);
    if (findings_error(all->findings, "printer", error))
        return;
    printer->ops->look(printer, &health);
    findings_add(all->findings, LEVELS[health.health], "printer",
                 _("Look at the printer: paper, cover, cable; then packline-print work."), "%s (%s): %s %s", row->name,
                 row->uri, printer_health_label(health.health), health.text[0] ? _(health.text) : "");
    look_at_templates(all, printer->paper);
    look_at_paper(all, printer, row->name);
    printer_close(printer);
}

static void look_at_printer(const struct doctor_printer *row, void *data)
{
    struct examination *all = data;
    all->printers++;
    all->uses_cups = all->uses_cups || g_str_has_prefix(row->uri, "cups:");
    if (row->host[0] && strcmp(row->host, g_get_host_name()) != 0)
        findings_add(all->findings, FINDING_OK, "printer", NULL, _("%s is another host's (%s): %s %s"), row->name,
                     row->host, row->state, row->state_text);
    else
        look_now(all, row);
}

/* --- CUPS settings -------------------------------------------------------------------------------------- */

static const struct directive {
    const char *file, *name, *fallback;
    const char *want; /* the setting is fine when it is (or is not) this */
    gboolean must_be;
    const char *mend; /* N_() */
} DIRECTIVES[] = {
    {"cupsd.conf", "PreserveJobHistory", "Yes", "No", FALSE,
     N_("Set PreserveJobHistory Yes in cupsd.conf: without history nobody can tell what came out.")},
    {"cupsd.conf", "PreserveJobFiles", "86400", "No", TRUE,
     N_("Set PreserveJobFiles No in cupsd.conf: printed labels, with names and addresses, stay in the spool otherwise.")},
    {"cupsd.conf", "DirtyCleanInterval", "30", "0", TRUE,
     N_("Set DirtyCleanInterval 0 in cupsd.conf: jobs taken are on the disk at once.")},
    {"cups-files.conf", "SyncOnClose", "No", "Yes", TRUE,
     N_("Set SyncOnClose Yes in cups-files.conf: jobs taken survive a power cut.")},
};

/* The last line that sets it, as cupsd reads it. Caller frees. */
static char *directive_value(const char *text, const struct directive *directive)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    char *value = g_strdup(directive->fallback);
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) words = g_strsplit_set(g_strstrip(lines[i]), " \t", 2);
        if (words[0] && words[1] && g_ascii_strcasecmp(words[0], directive->name) == 0) {
            g_free(value);
            value = g_strdup(g_strstrip(words[1]));
        }
    }
    return value;
}

static void look_at_directive(struct findings *findings, const struct directive *directive)
{
    const char *root = g_getenv("CUPS_SERVERROOT");
    g_autofree char *path = g_build_filename(root ? root : "/etc/cups", directive->file, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_autofree char *mend = g_strdup_printf(
            _("Look at %s in it yourself, or run doctor as root on the machine of cupsd."), directive->name);
        findings_add(findings, FINDING_WARN, "cups", mend, _("%s can't be read here"), path);
        return;
    }
    g_autofree char *value = directive_value(text, directive);
    gboolean fine = (g_ascii_strcasecmp(value, directive->want) == 0) == directive->must_be;
    findings_add(findings, fine ? FINDING_OK : FINDING_WARN, "cups", _(directive->mend), "%s %s", directive->name, value);
}

/* --- the command ---------------------------------------------------------------------------------------- */

static void examine(struct findings *findings, const char *url)
{
    g_autoptr(template_store) templates = template_store_new();
    struct examination all = {.findings = findings, .templates = templates};
    look_at_fonts(findings);
    if (doctor_printers(url, look_at_printer, &all) && all.printers == 0)
        findings_add(findings, FINDING_WARN, "printer",
                     _("packline printers add NAME --uri cups:QUEUE, or file:DIRECTORY for a folder of PDFs."), "%s",
                     _("there is no printer yet"));
    if (all.printers == 0)
        look_at_templates(&all, DEFAULT_PAPER);
    for (guint i = 0; all.uses_cups && i < G_N_ELEMENTS(DIRECTIVES); i++)
        look_at_directive(findings, &DIRECTIVES[i]);
}

int print_doctor(int argc, char **argv)
{
    g_autofree char *url = NULL;
    gboolean json = FALSE;
    const GOptionEntry own[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("write JSON"), NULL},
        {0},
    };
    GError *error = NULL;
    if (!print_options(own, N_("doctor"), &url, &argc, &argv, &error))
        return print_failed(error);
    g_autoptr(findings) findings = findings_new();
    examine(findings, url);
    if (json) {
        program_print(findings_json(findings), JSON_INDENT(1));
    } else {
        g_autofree char *text = findings_text(findings);
        g_print("%s", text);
    }
    return findings_worst(findings) == FINDING_BAD ? EXIT_PRINTER : EXIT_OK;
}
