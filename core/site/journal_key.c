/* SPDX-License-Identifier: MIT */
#include "core/site/journal_key.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/db/db.h"
#include "core/db/rows.h"
#include "core/site/site.h"

#define FILE_HEAD "packline-journal-key"

enum { LOAD, MOVE, COUNT };

static const struct sql SQL[] = {
    [LOAD] = {"journal_key", "SELECT epoch, key, mark, sent_on FROM journal_key WHERE id = 1"},
    [MOVE] = {"journal_key_move", "INSERT INTO journal_key (id, epoch, key, mark, slots, slots_mac) VALUES (1, $1, $2, $3, 0, $2) "
                                  "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, key = excluded.key"},
    [COUNT] = {"journal_key_count", "UPDATE journal_key SET slots = $1, slots_mac = $2 WHERE id = 1"},
};

/* --- codes ------------------------------------------------------------------------------------------------ */

static void code_of(const unsigned char *key, const void *first, size_t first_length, const void *second, size_t second_length,
                    unsigned char *code)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, JOURNAL_KEY_BYTES, JOURNAL_KEY_BYTES);
    crypto_generichash_update(&state, first, first_length);
    crypto_generichash_update(&state, second, second_length);
    crypto_generichash_final(&state, code, JOURNAL_KEY_BYTES);
}

void journal_key_next(unsigned char key[static JOURNAL_KEY_BYTES])
{
    unsigned char next[JOURNAL_KEY_BYTES];
    crypto_generichash(next, sizeof next, key, JOURNAL_KEY_BYTES, NULL, 0);
    memcpy(key, next, sizeof next);
    sodium_memzero(next, sizeof next);
}

void journal_key_of_writer(const unsigned char key[static JOURNAL_KEY_BYTES], int slot,
                           unsigned char own[static JOURNAL_KEY_BYTES])
{
    char text[32];
    int length = g_snprintf(text, sizeof text, "writer %d", slot);
    code_of(key, text, (size_t)length, NULL, 0, own);
}

void journal_key_begin(const unsigned char own[static JOURNAL_KEY_BYTES], unsigned char mac[static JOURNAL_KEY_BYTES])
{
    static const char BEGIN[] = "begin";
    code_of(own, BEGIN, strlen(BEGIN), NULL, 0, mac);
}

void journal_key_row(const unsigned char own[static JOURNAL_KEY_BYTES], const unsigned char *hash,
                     unsigned char mac[static JOURNAL_KEY_BYTES])
{
    code_of(own, mac, JOURNAL_KEY_BYTES, hash, SITE_HASH_BYTES, mac);
}

void journal_key_seal(const unsigned char key[static JOURNAL_KEY_BYTES], int64_t sealed_on, int64_t at, const unsigned char *hash,
                      unsigned char mac[static JOURNAL_KEY_BYTES])
{
    char text[64];
    int length = g_snprintf(text, sizeof text, "seal %" PRId64 " %" PRId64 " ", sealed_on, at);
    code_of(key, text, (size_t)length, hash, SITE_HASH_BYTES, mac);
}

void journal_key_slots(const unsigned char key[static JOURNAL_KEY_BYTES], int64_t writers,
                       unsigned char mac[static JOURNAL_KEY_BYTES])
{
    char text[40];
    int length = g_snprintf(text, sizeof text, "writers %" PRId64, writers);
    code_of(key, text, (size_t)length, NULL, 0, mac);
}

/* --- in the database -------------------------------------------------------------------------------------- */

static void read_key(struct rows *rows, void *data)
{
    struct journal_key *key = data;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 1, &length);
    key->epoch = rows_int(rows, 0);
    if (bytes && length == JOURNAL_KEY_BYTES)
        memcpy(key->key, bytes, length);
    g_strlcpy(key->mark, rows_text(rows, 2), sizeof key->mark);
    key->sent_on = rows_int(rows, 3);
}

gboolean journal_key_load(struct db *db, struct journal_key *key, GError **error)
{
    *key = (struct journal_key){.epoch = 0};
    return rows_first(db_query(db, &SQL[LOAD], DB_NO_ARGS, error), read_key, key, error) >= 0;
}

gboolean journal_key_move(struct db *db, struct journal_key *key, GError **error)
{
    journal_key_next(key->key);
    key->epoch++;
    return db_exec(db, &SQL[MOVE], DB_ARGS(key->epoch, db_blob(key->key, sizeof key->key), key->mark), NULL, error);
}

gboolean journal_key_count(struct db *db, const struct journal_key *key, int64_t writers, GError **error)
{
    unsigned char mac[JOURNAL_KEY_BYTES];
    if (key->epoch == 0)
        return TRUE;
    journal_key_slots(key->key, writers, mac);
    return db_exec(db, &SQL[COUNT], DB_ARGS(writers, db_blob(mac, sizeof mac)), NULL, error);
}

/* --- its file --------------------------------------------------------------------------------------------- */

char *journal_key_path(const char *mark)
{
    g_autofree char *name = g_strconcat("journal-key-", mark, NULL);
    return paths_config(name);
}

/* A demo floor is made anew in its place again and again: its file is overwritten, not piled up. */
static void draw_mark(const struct site *site, char mark[static JOURNAL_MARK])
{
    unsigned char bytes[4];
    char hex[2 * sizeof bytes + 1];
    if (site->is_demo)
        crypto_generichash(bytes, sizeof bytes, (const unsigned char *)site->url, strlen(site->url), NULL, 0);
    else
        randombytes_buf(bytes, sizeof bytes);
    g_snprintf(mark, JOURNAL_MARK, "%s%s", site->is_demo ? "demo-" : "", sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes));
}

gboolean journal_key_draw(const struct site *site, struct journal_key *key, GError **error)
{
    char hex[2 * JOURNAL_KEY_BYTES + 1], line[160];
    *key = (struct journal_key){.epoch = 0};
    randombytes_buf(key->key, sizeof key->key);
    draw_mark(site, key->mark);
    sodium_bin2hex(hex, sizeof hex, key->key, sizeof key->key);
    int length = g_snprintf(line, sizeof line, FILE_HEAD " %s %s\n", key->mark, hex);
    g_autofree char *path = journal_key_path(key->mark);
    g_autofree char *dir = g_path_get_dirname(path);
    gboolean written = g_mkdir_with_parents(dir, 0700) == 0 && new_file_put_at(path, line, (gsize)length) && chmod(path, 0400) == 0;
    int cause = errno;
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(line, sizeof line);
    return written || err_set(error, ERR_JOURNAL_KEY, path, g_strerror(cause));
}

static gboolean parse(const char *line, const char *mark, unsigned char *key)
{
    g_auto(GStrv) word = g_strsplit(line, " ", 4);
    size_t length = 0;
    return g_strv_length(word) == 3 && strcmp(word[0], FILE_HEAD) == 0 && strcmp(word[1], mark) == 0 &&
           sodium_hex2bin(key, JOURNAL_KEY_BYTES, word[2], strlen(word[2]), NULL, &length, NULL) == 0 && length == JOURNAL_KEY_BYTES;
}

gboolean journal_key_read(const char *path, const char *mark, unsigned char key[static JOURNAL_KEY_BYTES], GError **error)
{
    char line[160] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe that nobody fills is waited for by none */
    ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    int cause = errno;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return err_set(error, ERR_JOURNAL_KEY, path, g_strerror(cause));
    gboolean good = parse(g_strchomp(line), mark, key);
    sodium_memzero(line, sizeof line);
    return good || err_set(error, ERR_JOURNAL_KEY, path, _("it is no key of this floor's journal"));
}
