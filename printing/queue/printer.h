/* SPDX-License-Identifier: MIT
 *
 * What a printer can do, whatever it is: a CUPS queue or a folder. A printer never decides anything: it takes
 * a document under a name, says what became of that name, and says how it is.
 */
#ifndef PRINTING_QUEUE_PRINTER_H
#define PRINTING_QUEUE_PRINTER_H

#include <glib.h>
#include <stdint.h>

#include "core/print/printer.h"

struct printer;

/* A PDF to print. uuid is its name in the queue; hint is for file names and never holds personal data. */
struct document {
    const char *uuid, *hint;
    const GByteArray *pdf;
    int pages, width_um, height_um;
};

/* What the queue calls it. */
struct ticket {
    int64_t id;
    char uuid[64];
};

enum sent {
    SENT_TAKEN,   /* the queue has it; the ticket is filled */
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

struct printer_ops {
    const char *scheme; /* "cups" */
    /* target is the address without scheme and options. NULL with *error. */
    struct printer *(*open)(const char *target, GError **error);
    void (*close)(struct printer *printer);
    enum sent (*send)(struct printer *printer, const struct document *document, struct ticket *ticket,
                      GError **error);
    /* Looks a document up by its name. */
    enum found (*find)(struct printer *printer, const char *uuid, struct ticket *ticket);
    void (*follow)(struct printer *printer, const char *uuid, const struct ticket *ticket,
                   struct progress *progress);
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

#endif
