/* SPDX-License-Identifier: MIT
 *
 * packline-print preview: a label as it will come out, into a file. With samples, to look at a template.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/base/translate.h"
#include "core/print/label_load.h"
#include "core/print/submission.h"
#include "core/site/site.h"
#include "printing/commands.h"
#include "printing/label/layout.h"
#include "printing/label/sample.h"
#include "printing/output/render_png.h"
#include "printing/output/renderer.h"

struct preview {
    char *sample, *paper, *template_name, *file, *db_url;
    int64_t job_id;
    int number, dpi;
};

static gboolean write_file(const char *path, const char *bytes, gssize length, GError **error)
{
    return new_file_put_at(path, bytes, length < 0 ? strlen(bytes) : (gsize)length) ||
           err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
}

static gboolean write_pdf(struct fonts *fonts, const GPtrArray *pages, const char *path, GError **error)
{
    struct rendering *pdf = render_pdf.begin(fonts);
    renderer_pages(&render_pdf, pdf, pages);
    g_autoptr(GByteArray) bytes = render_pdf.finish(pdf, error);
    return bytes && write_file(path, (const char *)bytes->data, (gssize)bytes->len, error);
}

static gboolean write_pages(const struct preview *preview, struct fonts *fonts, const GPtrArray *pages, GError **error)
{
    if (g_str_has_suffix(preview->file, ".txt")) {
        g_autofree char *dump = layout_dump(pages);
        return write_file(preview->file, dump, -1, error);
    }
    if (g_str_has_suffix(preview->file, ".png"))
        return render_png(fonts, g_ptr_array_index(pages, 0), preview->dpi, preview->file, error);
    return write_pdf(fonts, pages, preview->file, error);
}

/* The label of a job as it stands in the database now. */
static struct label *label_of_job(const struct preview *preview, GError **error)
{
    struct site *site = site_open(preview->db_url, "preview", NULL, error);
    struct label *label = NULL;
    struct job job;
    int found = site ? job_load(site, preview->job_id, &job, error) : -1;
    g_autofree char *id = g_strdup_printf("%" PRId64, preview->job_id);
    if (found == 0)
        err_set(error, ERR_JOB_UNKNOWN, id);
    if (found > 0)
        label = label_load(site, &job, error);
    site_close(site);
    return label;
}

static struct label *label_of_sample(const struct preview *preview, GError **error)
{
    enum label_kind kind = label_kind_of(preview->sample ? preview->sample : "waybill");
    if (kind == LABEL_KINDS) {
        err_set(error, ERR_USAGE, _("--sample takes waybill, slip, pick_list, manifest, bench_card, badge or test."));
        return NULL;
    }
    struct label *label = sample_label(kind, preview->number);
    label_set(&label->template_name, preview->template_name);
    return label;
}

static gboolean draw(const struct preview *preview, struct fonts *fonts, const struct label *label, GError **error)
{
    g_autoptr(template_store) store = template_store_new();
    const struct template *template = template_for(store, label, preview->paper ? preview->paper : "100x150", error);
    g_autoptr(GPtrArray) pages =
        template ? layout_label(label, template, fonts_metrics(fonts), preview->dpi, error) : NULL;
    return pages && write_pages(preview, fonts, pages, error);
}

static gboolean run(const struct preview *preview, GError **error)
{
    g_autoptr(label) label = preview->job_id ? label_of_job(preview, error) : label_of_sample(preview, error);
    g_autoptr(fonts) fonts = label ? fonts_new(error) : NULL;
    return fonts && draw(preview, fonts, label, error);
}

static gboolean parse(struct preview *preview, int argc, char **argv, GError **error)
{
    const GOptionEntry own[] = {
        {"sample", 0, 0, G_OPTION_ARG_STRING, &preview->sample, N_("what to draw: waybill, slip, pick_list ..."),
         N_("KIND")},
        {"job", 0, 0, G_OPTION_ARG_INT64, &preview->job_id, N_("the label of this print job"), N_("JOB")},
        {"number", 0, 0, G_OPTION_ARG_INT, &preview->number, N_("which of the samples"), "N"},
        {"paper", 0, 0, G_OPTION_ARG_STRING, &preview->paper, N_("100x150, 76x130, A4 ..."), N_("SIZE")},
        {"template", 0, 0, G_OPTION_ARG_STRING, &preview->template_name, N_("a courier's template"), N_("NAME")},
        {"dpi", 0, 0, G_OPTION_ARG_INT, &preview->dpi, N_("printer dots an inch"), "N"},
        {0},
    };
    if (!print_options(own, N_("preview FILE.png|FILE.pdf|FILE.txt"), &preview->db_url, &argc, &argv, error))
        return FALSE;
    preview->file = argv[1];
    if (argc != 2)
        err_set(error, ERR_USAGE, _("preview takes one file name."));
    return argc == 2;
}

int print_preview(int argc, char **argv)
{
    struct preview preview = {.dpi = 203};
    GError *error = NULL;
    gboolean good = parse(&preview, argc, argv, &error) && run(&preview, &error);
    g_free(preview.sample);
    g_free(preview.paper);
    g_free(preview.template_name);
    g_free(preview.db_url);
    return good ? EXIT_OK : print_failed(error);
}
