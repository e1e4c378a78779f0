/* SPDX-License-Identifier: MIT
 *
 * core/station: a session at a bench.
 *
 * A station is where a person works: it remembers who is logged in, at which step, on what, and takes scans and
 * commands. The screens, the headless station and the tests all work through it. It decodes (scan.h), resolves
 * (resolve.h), asks flow.h to judge, and answers. All its state can be found again from the database: a station that
 * died goes on where it was when its order, batch or tote is scanned again.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/flow/flow.h"

enum step {
    STEP_LOGIN, /* nobody is logged in */
    STEP_IDLE,  /* logged in, nothing open */
    STEP_PICK,
    STEP_PACK,
    STEP_LABEL, /* the box is closed; its waybill must be scanned */
    STEP_DOCK,
    STEP_LOCKED /* somebody is logged in and went away: what is open is kept, and not shown */
};

enum answer_kind {
    ANSWER_OK,      /* done; a quiet green */
    ANSWER_ASK,     /* a narrower or further scan is needed; nothing changed */
    ANSWER_REFUSED, /* the red bar; stands until CMD_DISMISS, the right scan, or a lead's badge and PIN */
    ANSWER_IGNORED  /* came while the bar stood; journalled and counted, not applied */
};

struct answer {
    enum answer_kind kind;
    enum err code;     /* ERR_NONE when OK */
    char text[240];    /* what happened, translated */
    char hint[160];    /* what to do now, translated */
    char expect[80];   /* what is expected next: "product", "waybill 2250446752", ... */
    enum step step;
    enum state state;  /* of the shipment in work */
    int64_t shipment_id;
    int64_t key;       /* the event's key, for the caller's retry */
    gboolean repeated;
    int not_counted;   /* scans ignored since the bar went up */
    gboolean job_queued; /* a print job was written: the worker should be awake */
};

struct db;
struct site;
struct station;

/* A station by its name (made when missing). site is borrowed and must outlive it. NULL with *error on failure. */
struct station *station_open(struct site *site, const char *name, GError **error);
void station_close(struct station *station);

/* One scan or typed line. key 0: a new one is made; a key again gives its first answer, with other content
 * ERR_FLOW_KEY, and moves nothing. Under the bar a lead's badge asks for the PIN (digits from cards and "confirm", or
 * typed) and then approves what was refused for want of a right, or closes the bar. FALSE with *error only when the
 * database could not be used: the outcome is unknown and the same call with answer->key asks again. */
gboolean station_scan(struct station *station, const char *bytes, size_t length, int64_t key, struct answer *answer,
                      GError **error);

/* A scan that was on its way when the bar went up: journalled, counted, not applied. Only while the bar stands. */
gboolean station_skip(struct station *station, const char *bytes, size_t length, struct answer *answer, GError **error);

/* Commands a person gives by key, by a printed barcode, or by a line ":name argument" of the headless station. */
enum command {
    CMD_NONE,
    CMD_LOGIN,    /* argument "BADGE PIN" */
    CMD_LOGOUT,
    CMD_PICK,     /* to the pick step; argument batch or order, or empty: own unfinished, assigned, most urgent work */
    CMD_PACK,     /* argument order, tote, waybill, or empty */
    CMD_DOCK,     /* argument courier code: opens or joins its manifest; empty: the first parcel's courier */
    CMD_BACK,     /* leave the work where it is, to idle */
    CMD_DISMISS,  /* close the red bar */
    CMD_UNDO,     /* the last scan of this station */
    CMD_QUANTITY, /* argument N: set the count of the current line; on paper, of the one whose product was scanned */
    CMD_SKIP,     /* pick: come back to this line last */
    CMD_SHORT,    /* pick: argument reason */
    CMD_CLOSE,    /* pack: close the box */
    CMD_SPLIT,    /* pack: close with what is counted. A lead is asked (CMD_CONFIRM); others are refused and a lead
                     approves it, then or at once by argument "BADGE PIN" */
    CMD_APPROVE,  /* under the bar; argument "BADGE PIN" of a lead, or the PIN of the badge that was scanned */
    CMD_REOPEN,
    CMD_REPRINT,  /* argument reason */
    CMD_HOLD,     /* argument reason */
    CMD_WEIGHT,   /* argument grams */
    CMD_PAPER,    /* pick: a paper list is confirmed: no bins are scanned, lines come in any order; a product's scan names
                     the line, CMD_QUANTITY its count (one piece needs none), CMD_SHORT the rest of it */
    CMD_WHOLE,    /* pick: the whole list at once, where the site's settings allow it */
    CMD_CONFIRM,  /* answers a question that was asked */
    CMD_CANCEL,   /* answers no, or leaves */
    CMD_MANIFEST_CLOSE, /* dock; the first call answers ASK with the counts, CONFIRM closes */
    CMD_LOCK,     /* until the badge of who is logged in, with the PIN where it is one who leads; work, bar and question stay */
    CMD_STATUS,   /* answers where the station is */
    CMD_COUNT
};

gboolean station_command(struct station *station, enum command command, const char *argument, int64_t key,
                         struct answer *answer, GError **error);

const char *station_command_name(enum command command); /* "undo" */
enum command station_command_parse(const char *name);   /* CMD_NONE when unknown */

/* --- a shipment as those who work on it see it ---------------------------------------------------------- */

struct shipment_facts {
    int64_t id, version, batch_id, person_id, recipient_id, cod_minor, cut_off_at;
    int slot;
    enum state state;
    int64_t blocks;         /* open ones: bits of enum block */
    int64_t to_pack, in_box; /* units still to be counted, and in the open box */
    int64_t boxes;          /* closed, without their label */
    int64_t paper_owed;     /* one of them was closed where there was no printer: its waybill was never asked for */
    char owner[96];         /* who works it; "": nobody */
    char order[72], shop[48], batch[32], courier[32], service[48], currency[8], tote[40];
    char recipient[256], address[256], store[160]; /* for who packs; address is county and district */
    char buyer_note[512], seller_remark[512];
    char waybill[72]; /* to be stuck on next: of the closed box, else of the open one */
};

/* 1 found, 0 there is none, -1 failed. */
int shipment_facts_load(struct db *db, int64_t shipment_id, struct shipment_facts *facts, GError **error);

/* The open blocks that stop its packing, or its label where the box is closed. */
int64_t shipment_stopped_by(const struct shipment_facts *facts);

/* --- what the screens draw: an immutable snapshot, filled by the store thread --------------------------- */

struct station_line {
    int64_t line_id, task_id;
    char sku[72], name[160];
    char bin[40], tote[40], lot[40]; /* pick */
    int64_t wanted, done, skipped;
    gboolean current;
};

struct station_view {
    enum step step;
    char station[64], person[96], role[16], warehouse[64];
    int64_t person_id;
    int64_t now_utc_ms;
    GTimeZone *zone; /* owned; the warehouse's */
    gboolean is_demo;
    int64_t lock_minutes; /* it is to be locked when nobody has done anything for so long; 0: never */
    int64_t copy_of_at; /* as in struct site */
    /* the work */
    struct shipment_facts ship; /* id 0: none */
    char courier[32], courier_name[64]; /* of the shipment, or of the manifest */
    char stopped[96]; /* by what the shipment is, translated; "" when it is not */
    int64_t to_scan, scanned; /* units */
    struct station_line *lines;
    size_t line_count;
    /* dock */
    int64_t manifest_id;
    char manifest[32];
    int64_t manifest_scanned, manifest_expected;
    /* pick: place in the batch */
    int64_t task_index, task_count;
    char tote_owed[40]; /* the tote that must be scanned to say that the goods went there; "" when none */
    /* the bar and the last word */
    gboolean barred;
    gboolean asked; /* a question waits for CMD_CONFIRM or CMD_CANCEL */
    char approver[96]; /* under the bar: the lead whose PIN is awaited, and the digits that came from cards */
    int pin_digits;
    struct answer last;
};

/* Fills a view from the database in one snapshot, and loads what others have changed of the open work, so that no scan has to.
 * Release with station_view_clear(). */
gboolean station_view_load(struct station *station, struct station_view *view, GError **error);
/* The same right behind a call, with nothing in between: the shipment is not asked for again, it stands as answered. */
gboolean station_view_after(struct station *station, struct station_view *view, GError **error);
/* Where nobody draws, in a pause: the same loading, when somebody has committed since the version *seen (db_data_version()). */
gboolean station_look(struct station *station, int64_t *seen, GError **error);
void station_view_clear(struct station_view *view);
void station_view_free(struct station_view *view); /* NULL: nothing */

enum step station_step(const struct station *station);
struct site *station_site(const struct station *station);
struct actor station_actor(const struct station *station);
