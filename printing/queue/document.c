/* SPDX-License-Identifier: MIT */
#include "printing/queue/document.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/error.h"
#include "core/print/label_load.h"
#include "printing/label/layout.h"
#include "printing/output/renderer.h"
#include "printing/queue/printer.h"

gboolean studio_open(struct studio *studio, GError **error)
{
    *studio = (struct studio){.fonts = fonts_new(error)};
    if (studio->fonts)
        studio->templates = template_store_new();
    return studio->fonts != NULL;
}

void studio_close(struct studio *studio)
{
    fonts_free(studio->fonts);
    template_store_free(studio->templates);
    *studio = (struct studio){0};
}

/* Errors that concern this one job; any other ends the work. */
static gboolean is_of_the_job(const GError *error)
{
    static const enum err OF_JOB[] = {ERR_JOB_DATA, ERR_LABEL_VOID, ERR_LABEL_CHANGED, ERR_LABEL_COD,
                                      ERR_TEMPLATE, ERR_BARCODE,    ERR_BARCODE_ROOM};
    for (size_t i = 0; i < G_N_ELEMENTS(OF_JOB); i++)
        if (err_code(error) == OF_JOB[i])
            return TRUE;
    return FALSE;
}

static char *hint_of(const struct job *job, const struct label *label)
{
    char *hint = g_strdup_printf("%s-%" PRId64, label->number ? label->number : job->kind, job->id);
    return g_strcanon(hint, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_", '_');
}

static GPtrArray *draw_one(struct studio *studio, struct labels *labels, guint i, const struct printer *printer,
                           const struct job *job, char **hint, GError **error)
{
    g_autoptr(label) label = labels_take(labels, i, error);
    if (!label)
        return NULL;
    const struct template *template = template_for(studio->templates, label, printer->paper, error);
    GPtrArray *pages = NULL;
    if (template)
        pages = layout_label(label, template, fonts_metrics(studio->fonts), printer->dots_per_inch, error);
    if (pages && !*hint)
        *hint = hint_of(job, label);
    return pages;
}

static void add_job(struct document *document, const struct job *job, const GPtrArray *pages)
{
    struct job placed = *job;
    const struct page *first = g_ptr_array_index(pages, 0);
    placed.page = document->pages + 1;
    if (document->pages == 0) {
        document->width_um = first->width_um;
        document->height_um = first->height_um;
    }
    document->pages += (int)pages->len;
    g_array_append_val(document->jobs, placed);
}

gboolean document_draw(struct studio *studio, struct site *site, const struct printer *printer, const GArray *jobs,
                       document_failed failed, void *data, struct document *document, GError **error)
{
    const struct renderer *renderer = printer->ops->renderer;
    struct rendering *rendering = renderer->begin(studio->fonts);
    *document = (struct document){.jobs = g_array_new(FALSE, FALSE, sizeof(struct job))};
    g_autoptr(labels) labels = labels_load(site, jobs, error);
    gboolean good = labels != NULL;
    for (guint i = 0; good && i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        GError *why = NULL;
        g_autoptr(GPtrArray) pages = draw_one(studio, labels, i, printer, job, &document->hint, &why);
        if (pages) {
            add_job(document, job, pages);
            renderer_pages(renderer, rendering, pages);
        } else if (is_of_the_job(why)) {
            good = failed(job, why, data, error);
            g_error_free(why);
        } else {
            g_propagate_error(error, why);
            good = FALSE;
        }
    }
    gboolean wanted = good && document->pages > 0;
    g_autoptr(GByteArray) bytes = renderer->finish(rendering, wanted ? error : NULL);
    if (wanted)
        document->bytes = g_steal_pointer(&bytes);
    return good && (!wanted || document->bytes);
}

void document_clear(struct document *document)
{
    g_clear_pointer(&document->jobs, g_array_unref);
    g_clear_pointer(&document->bytes, g_byte_array_unref);
    g_clear_pointer(&document->hint, g_free);
}
