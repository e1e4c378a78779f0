/* SPDX-License-Identifier: MIT
 *
 * core/code: what a string of characters is; pure.
 *
 * Internal codes, on every sheet, label, bin, tote and badge we print: "//", a kind letter, an id in base 36
 * (upper case, no leading zero), one ISO 7064 mod 37,36 check character over letter and id. Commands carry a
 * name in the place of the id: "//CUNDO" and its check. Pure. Product codes may not begin with "//".
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum code_kind {
    CODE_ORDER = 'O',
    CODE_SHIPMENT = 'S',
    CODE_BATCH = 'B',
    CODE_TOTE = 'T',
    CODE_BIN = 'L',
    CODE_PERSON = 'U',
    CODE_COMMAND = 'C'
};

/* Commands that are printed as barcodes: on the bench card, and digits for PINs. The names are the station's
 * commands (station.h) in upper case. */
enum card {
    CARD_NONE, CARD_UNDO, CARD_CLOSE, CARD_SHORT, CARD_REPRINT, CARD_CONFIRM, CARD_CANCEL, CARD_LOGOUT, CARD_SKIP,
    CARD_BACK, CARD_PICK, CARD_PACK, CARD_DOCK,
    CARD_0, /* CARD_0 + n is the digit n */
    CARD_9 = CARD_0 + 9,
    CARD_COUNT
};

struct code {
    enum code_kind kind;
    int64_t id;     /* above 0; 0 for a command */
    enum card card; /* CARD_NONE for anything but a command */
};

enum { CODE_SIZE = 24 }; /* the longest code and its NUL fit */

/* Writes the code of an id (above 0) or a command into buffer. Returns buffer. */
const char *code_make(enum code_kind kind, int64_t id, char buffer[static CODE_SIZE]);
const char *code_make_card(enum card card, char buffer[static CODE_SIZE]);

/* TRUE and *code filled when text is exactly one internal code with the right check character. */
gboolean code_parse(const char *text, struct code *code);

/* Whether text begins like an internal code, right or not: no product may be named so. */
static inline gboolean code_is_reserved(const char *text)
{
    return text[0] == '/' && text[1] == '/';
}

/* "UNDO", and what it says on the bench card: untranslated (N_) English, pass it to gettext. */
const char *card_name(enum card card);
const char *card_text(enum card card);
