/* SPDX-License-Identifier: MIT
 *
 * What a printer can do, whatever it is: a CUPS queue or a folder. A printer never decides anything: it takes the
 * document of a submission under its uuid, says what became of that name, and says how it is.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/print/printer.h"
#include "core/print/submission.h"
#include "printing/output/renderer.h"
#include "printing/queue/document.h"

struct printer;

enum sent {
    SENT_TAKEN,   /* the queue has it; the submission knows what the queue calls it */
    SENT_REFUSED, /* nothing was taken, for sure; *error says why */
    SENT_UNKNOWN  /* it may have been taken; *error says why */
};

enum found { FOUND, NOT_FOUND, CANT_ASK };

enum stage {
    STAGE_WAITING, /* or printing */
    STAGE_PRINTED,
    STAGE_FAILED,   /* it never reached the printer, for sure */
    STAGE_NOT_SENT, /* the queue got its name but never its content, and has given it up */
    STAGE_UNKNOWN,  /* it ended and nobody can say with how much paper */
    STAGE_GONE,     /* the queue does not know it (any more) */
    STAGE_CANT_ASK
};

struct progress {
    enum stage stage;
    int pages_done;
    char text[200]; /* English, for the job's row; while it waits: why that is not as it should be */
};

struct health {
    enum printer_health health;
    char text[200]; /* English */
};

void health_set(struct health *health, enum printer_health what, const char *text);

struct printer_ops {
    const char *scheme;              /* "cups" */
    const struct renderer *renderer; /* of the documents it takes */
    /* target is the address without scheme and options. NULL with *error. */
    struct printer *(*open)(const char *target, GError **error);
    void (*close)(struct printer *printer);
    enum sent (*send)(struct printer *printer, const struct document *document, struct submission *submission,
                      GError **error);
    /* Looks a submission up by its uuid; fills in what the queue calls it. */
    enum found (*find)(struct printer *printer, struct submission *submission);
    void (*follow)(struct printer *printer, const struct submission *submission, struct progress *progress);
    void (*look)(struct printer *printer, struct health *health);
    /* Whether it takes PDFs of this paper. FALSE with ERR_PRINTER_RAW, ERR_PRINTER_MEDIA or ERR_PRINTER_OPEN. */
    gboolean (*takes)(struct printer *printer, int width_um, int height_um, GError **error);
};

extern const struct printer_ops printer_cups;
extern const struct printer_ops printer_file;

struct printer {
    const struct printer_ops *ops;
    char *paper; /* "100x150"; owned */
    int dots_per_inch;
};

/* Opens "cups:QUEUE?paper=100x150&dpi=203". NULL with ERR_PRINTER_URI or ERR_PRINTER_OPEN. */
struct printer *printer_open(const char *uri, GError **error);
void printer_close(struct printer *printer);
