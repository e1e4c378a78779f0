/* SPDX-License-Identifier: MIT
 *
 * The key of the journal. Hashes alone bind nobody: who may write the database may write other rows and all the hashes after
 * them. So each seal, and what each writer has written since, carries a code that only a key makes (keyed BLAKE2b-256):
 *
 *     F(0)      random; kept in a file outside the database, journal-key-MARK, and nowhere else
 *     F(n + 1)  BLAKE2b-256(F(n)); the n-th seal replaces F(n) by it, and nobody can reckon back
 *     a seal's  code under F(n) of its day, instant and hash
 *     a slot's  key since the seal: code under F(n) of "writer SLOT"; its code after the seal is that of "begin" under it, and each
 *               row makes the next of the code before and the row's hash
 *
 * Who reads today's key in the database can make rows of today. A day that is sealed is out of reach, and with F(0) that can be
 * shown: all keys since follow from it. The construction is that of forward-secure logging (Bellare and Yee 1997; Schneier and
 * Kelsey 1999).
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct site;

enum { JOURNAL_KEY_BYTES = 32, JOURNAL_MARK = 24 };

struct journal_key {
    int64_t epoch; /* seals made with a key; 0: there is none yet */
    unsigned char key[JOURNAL_KEY_BYTES];
    char mark[JOURNAL_MARK]; /* the floor's, "4f1c0a97" */
    int64_t sent_on;         /* YYYYMMDD of the last seal that was sent to the second place; 0: none */
};

/* What the database has. FALSE with *error; that there is none is no error. */
gboolean journal_key_load(struct db *db, struct journal_key *key, GError **error);

/* F(0) of a floor that has none: drawn, and on the disk in its file when this returns. It is the floor's with the first seal. */
gboolean journal_key_draw(const struct site *site, struct journal_key *key, GError **error);

/* Inside of a transaction: the key of the next epoch is the database's. Writers still have the one before. */
gboolean journal_key_move(struct db *db, struct journal_key *key, GError **error);

/* Inside of a transaction that knows how many writers there are. Nothing without a key. */
gboolean journal_key_count(struct db *db, const struct journal_key *key, int64_t writers, GError **error);

/* --- what is made with it, for those who write and for check --------------------------------------------- */

void journal_key_next(unsigned char key[static JOURNAL_KEY_BYTES]);
void journal_key_of_writer(const unsigned char key[static JOURNAL_KEY_BYTES], int slot,
                           unsigned char own[static JOURNAL_KEY_BYTES]);
/* The code of no rows, and the next one after that in mac, which is replaced. */
void journal_key_begin(const unsigned char own[static JOURNAL_KEY_BYTES], unsigned char mac[static JOURNAL_KEY_BYTES]);
void journal_key_row(const unsigned char own[static JOURNAL_KEY_BYTES], const unsigned char *hash,
                     unsigned char mac[static JOURNAL_KEY_BYTES]);
void journal_key_seal(const unsigned char key[static JOURNAL_KEY_BYTES], int64_t sealed_on, int64_t at, const unsigned char *hash,
                      unsigned char mac[static JOURNAL_KEY_BYTES]);
void journal_key_slots(const unsigned char key[static JOURNAL_KEY_BYTES], int64_t writers,
                       unsigned char mac[static JOURNAL_KEY_BYTES]);

/* --- its file --------------------------------------------------------------------------------------------- */

/* Where the program has put it, and looks for it: in the configuration directory. Caller frees. */
char *journal_key_path(const char *mark);

/* F(0) of a floor from a file. ERR_JOURNAL_KEY: it can't be read, or is another floor's. */
gboolean journal_key_read(const char *path, const char *mark, unsigned char key[static JOURNAL_KEY_BYTES], GError **error);
