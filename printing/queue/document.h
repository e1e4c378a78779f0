/* SPDX-License-Identifier: MIT
 *
 * Jobs into the document of one submission: each job's data is loaded, laid out for the printer's paper and given its
 * page.
 */
#pragma once

#include "core/print/submission.h"
#include "printing/label/template.h"
#include "printing/output/fonts.h"

struct printer;
struct site;

/* What drawing needs, opened once a worker. */
struct studio {
    struct fonts *fonts;
    struct template_store *templates;
};

gboolean studio_open(struct studio *studio, GError **error);
void studio_close(struct studio *studio);

struct document {
    GArray *jobs;                   /* struct job with page set; those that can't be drawn are gone from it */
    GByteArray *bytes;              /* in the printer's language; NULL when no job is left */
    int pages, width_um, height_um; /* of the first page */
    char *hint;                     /* for a file name: waybill number and job id, never personal data */
};

/* A job that could not be drawn. */
typedef gboolean (*document_failed)(const struct job *job, const GError *why, void *data, GError **error);

/* Draws the jobs (copied). failed is called for each that can't be, and drawing goes on with the others.
 * FALSE when the database or the drawing failed as such. Release with document_clear(). */
gboolean document_draw(struct studio *studio, struct site *site, const struct printer *printer,
                    const GArray *jobs, document_failed failed, void *data, struct document *document, GError **error);
void document_clear(struct document *document);
