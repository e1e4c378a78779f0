/* SPDX-License-Identifier: MIT
 *
 * Printers as the floor knows them: where they are, how they are, who stands in for them. The worker of the
 * host that reaches a printer keeps its row's state; everybody else reads it.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct actor;
struct site;

/* How a printer is, as stored in printer.state. */
enum printer_health {
    PRINTER_NOT_ASKED, /* "unknown": no worker has looked yet */
    PRINTER_READY,     /* "ready" */
    PRINTER_PRINTING,  /* "printing" */
    PRINTER_ATTENTION, /* "attention": a person must do something, or soon: paper, cover, ribbon */
    PRINTER_STOPPED,   /* "stopped": the queue takes nothing or is disabled */
    PRINTER_OFFLINE    /* "offline": can't be reached */
};

struct printer_row {
    int64_t id, backup_id;
    char name[64], backup[64];
    char uri[256];
    char host[256]; /* "": any */
    enum printer_health health;
    char text[256];               /* in words, English: pass it to gettext */
    int64_t since_at, checked_at; /* UTC ms */
    int64_t waiting;              /* labels queued for it */
    int64_t labels_left;          /* on its roll, as counted down since somebody said so; -1: nobody did */
};

const char *printer_health_name(enum printer_health health);  /* as stored */
const char *printer_health_label(enum printer_health health); /* translated */

/* Whether labels may be sent to it. */
gboolean printer_health_prints(enum printer_health health);

/* Active printers by name; host NULL: all, else those of that host and of any, for its worker, who looks often:
 * waiting is 1 or 0 then and no count. Of struct printer_row; NULL with *error. */
GArray *printers_load(struct site *site, const char *host, GError **error);

/* The printer of a name. 1 found, 0 none (*error is ERR_PRINTER_UNKNOWN), -1 failed. */
int printer_find(struct site *site, const char *name, struct printer_row *row, GError **error);

/* Adds a printer, or changes the address of that name (printer_uri.h). host NULL: as it was; a new one is of
 * this host where a server may have others, of any where there is one host only: two workers must never serve
 * one printer. backup NULL: as it was, "": none. */
gboolean printer_put(struct site *site, const struct actor *by, const char *name, const char *uri,
                     const char *host, const char *backup, GError **error);

/* A new roll of so many labels was put in; -1: nobody counts. What comes out is taken off. */
gboolean printer_roll(struct site *site, const struct actor *by, const char *name, int64_t labels, GError **error);

/* What is packed at the station comes out there. The station is made when there is none of the name. */
gboolean printer_assign(struct site *site, const struct actor *by, const char *station, const char *printer,
                        GError **error);

/* It is not listed any more; refused while labels wait for it or are on their way. */
gboolean printer_remove(struct site *site, const struct actor *by, const char *name, GError **error);

/* Writes how it is when that changed (with a journal row, so that other stations see it), else its time at
 * most every half minute. */
gboolean printer_report(struct site *site, struct printer_row *row, enum printer_health health,
                        const char *text, GError **error);

/* The printer that stands in for one that does not print: its backup if that does. 0: none. */
int64_t printer_backup(const GArray *printers, int64_t id);
