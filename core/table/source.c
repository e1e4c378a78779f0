/* SPDX-License-Identifier: MIT */
#include "core/table/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/table/decode.h"

enum { BLOCK = 64 * 1024 };

struct source {
    char *path;
    int fd;
    uint64_t length, at;
    size_t mark; /* length of the byte order mark */
    const char *encoding;
    struct decode *decode;
    gboolean ended;
};

static void read_failed(const struct source *source, const char *why, GError **error)
{
    err_set(error, ERR_FILE_READ, source->path, why);
}

static ssize_t read_block(struct source *source, char block[BLOCK], GError **error)
{
    size_t want = (size_t)MIN((uint64_t)BLOCK, source->length - source->at);
    ssize_t got;
    do
        got = pread(source->fd, block, want, (off_t)source->at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        read_failed(source, g_strerror(errno), error);
    else
        source->at += (uint64_t)got;
    return got;
}

static gboolean start(struct source *source, const char *encoding, GError **error)
{
    decode_free(source->decode);
    source->decode = decode_new(encoding, error);
    source->encoding = decode_canonical(encoding);
    source->at = source->mark;
    source->ended = FALSE;
    return source->decode != NULL;
}

int source_fill(void *data, GString *chunk, GError **error)
{
    struct source *source = data;
    char block[BLOCK];
    if (source->ended)
        return 0;
    ssize_t got = read_block(source, block, error);
    if (got < 0)
        return -1;
    if (got > 0) {
        decode_feed(source->decode, block, (size_t)got, chunk);
        return 1;
    }
    decode_end(source->decode, chunk);
    source->ended = TRUE;
    return 0;
}

/* Bad bytes of the whole file in an encoding, or -1. Stops at limit: it can't win any more. */
static int64_t count_bad(struct source *source, const char *encoding, int64_t limit, GError **error)
{
    if (!start(source, encoding, error))
        return -1;
    g_autoptr(GString) text = g_string_sized_new(2 * BLOCK);
    int more;
    while ((more = source_fill(source, text, error)) > 0 && (int64_t)decode_bad(source->decode) < limit)
        g_string_truncate(text, 0);
    return more < 0 ? -1 : (int64_t)decode_bad(source->decode);
}

static gboolean detect(struct source *source, const char *const *encodings, GError **error)
{
    char block[BLOCK];
    ssize_t got = read_block(source, block, error);
    if (got < 0)
        return FALSE;
    const char *found = decode_bom(block, (size_t)got, &source->mark);
    if (!found)
        found = decode_utf16_guess(block, (size_t)got);
    int64_t fewest = found ? 0 : G_MAXINT64;
    for (size_t i = 0; encodings[i] && fewest > 0; i++) {
        int64_t bad = count_bad(source, encodings[i], fewest, error);
        if (bad < 0)
            return FALSE;
        if (bad < fewest) {
            fewest = bad;
            found = encodings[i];
        }
    }
    return start(source, found ? found : "UTF-8", error);
}

/* What the path names is looked at through the descriptor, so it can't be exchanged in between. */
static gboolean check_file(struct source *source, uint64_t max_bytes, GError **error)
{
    struct stat info;
    if (fstat(source->fd, &info) != 0) {
        read_failed(source, g_strerror(errno), error);
        return FALSE;
    }
    if (!S_ISREG(info.st_mode))
        return err_set(error, ERR_IMPORT_FILE_KIND, source->path);
    source->length = (uint64_t)info.st_size;
    if (source->length > max_bytes) {
        g_autofree char *limit = g_strdup_printf("%" G_GUINT64_FORMAT, max_bytes >> 20);
        return err_set(error, ERR_IMPORT_TOO_BIG, source->path, limit);
    }
    return TRUE;
}

struct source *source_open(const char *path, const char *const *encodings, uint64_t max_bytes, GError **error)
{
    g_autoptr(source) source = g_new0(struct source, 1);
    source->path = g_strdup(path);
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (source->fd < 0 && errno == ELOOP)
        err_set(error, ERR_IMPORT_FILE_KIND, path);
    else if (source->fd < 0)
        read_failed(source, g_strerror(errno), error);
    else if (check_file(source, max_bytes, error) && detect(source, encodings, error))
        return g_steal_pointer(&source);
    return NULL;
}

void source_free(struct source *source)
{
    if (!source)
        return;
    if (source->fd >= 0)
        close(source->fd);
    decode_free(source->decode);
    g_free(source->path);
    g_free(source);
}

gboolean source_rewind(struct source *source, const char *encoding, GError **error)
{
    return start(source, encoding ? encoding : source->encoding, error);
}

const char *source_encoding(const struct source *source)
{
    return source->encoding;
}

uint64_t source_bad_bytes(const struct source *source)
{
    return decode_bad(source->decode);
}

char *source_digest(struct source *source, GError **error)
{
    enum { DIGEST = 32 };
    crypto_generichash_state state;
    unsigned char digest[DIGEST];
    char block[BLOCK], hex[2 * DIGEST + 1];
    crypto_generichash_init(&state, NULL, 0, DIGEST);
    source->at = 0;
    ssize_t got;
    while ((got = read_block(source, block, error)) > 0)
        crypto_generichash_update(&state, (const unsigned char *)block, (unsigned long long)got);
    if (got < 0 || !source_rewind(source, NULL, error))
        return NULL;
    crypto_generichash_final(&state, digest, DIGEST);
    return g_strdup(sodium_bin2hex(hex, sizeof hex, digest, DIGEST));
}
