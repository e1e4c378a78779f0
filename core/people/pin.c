/* SPDX-License-Identifier: MIT */
#include "core/people/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"

enum { PASSES = 2, MEMORY_BYTES = 19 * 1024 * 1024, KEYED_BYTES = 32, HASH_BYTES = 32, SALT_TEXT = 22, HASH_TEXT = 43 };

static char *place(const char *path)
{
    const char *named = g_getenv("PACKLINE_PEPPER");
    if (path || named)
        return g_strdup(path ? path : named);
    return paths_config("pepper");
}

static gboolean write_all(int fd, const unsigned char *bytes, size_t length)
{
    gboolean good = write(fd, bytes, length) == (ssize_t)length && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

/* O_EXCL: of two programs that start at once one makes it, and the other finds it made. */
static gboolean create_at(const char *path, GError **error)
{
    unsigned char key[PEPPER_BYTES];
    g_autofree char *dir = g_path_get_dirname(path);
    g_mkdir_with_parents(dir, 0700);
    int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
    if (fd < 0 && errno == EEXIST)
        return TRUE;
    gboolean good = fd >= 0 && sodium_init() >= 0;
    if (good)
        randombytes_buf(key, sizeof key);
    if (fd >= 0 && good)
        good = write_all(fd, key, sizeof key);
    sodium_memzero(key, sizeof key);
    return good || err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
}

gboolean pepper_create(const char *path, GError **error)
{
    g_autofree char *where = place(path);
    return create_at(where, error);
}

gboolean pepper_is_ours(char **path)
{
    struct stat info;
    *path = place(NULL);
    return lstat(*path, &info) == 0 && info.st_uid == geteuid();
}

static gboolean read_key(int fd, struct pepper *pepper)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0 &&
           info.st_size == PEPPER_BYTES && read(fd, pepper->key, PEPPER_BYTES) == PEPPER_BYTES;
}

gboolean pepper_load(const char *path, struct pepper *pepper, GError **error)
{
    g_autofree char *where = place(path);
    int fd = g_open(where, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    gboolean good = fd >= 0 && read_key(fd, pepper);
    if (!good)
        err_set(error, ERR_PEPPER, where, fd < 0 ? g_strerror(errno) : "0400");
    if (fd >= 0)
        close(fd);
    return good;
}

/* 1111 and 1234 are the first that anybody tries. */
static gboolean too_plain(const char *pin)
{
    int step = pin[1] - pin[0];
    if (step < -1 || step > 1)
        return FALSE;
    for (size_t i = 1; pin[i]; i++)
        if (pin[i] - pin[i - 1] != step)
            return FALSE;
    return TRUE;
}

gboolean pin_check(enum role role, const char *pin, GError **error)
{
    size_t length = strlen(pin);
    char digits[8];
    g_snprintf(digits, sizeof digits, "%u", role_pin_digits(role));
    if (length < role_pin_digits(role) || length > PIN_DIGITS_MAX || strspn(pin, "0123456789") != length ||
        too_plain(pin))
        return err_set(error, ERR_PIN_RULE, digits);
    return TRUE;
}

static void keyed(const struct pepper *pepper, const char *pin, unsigned char out[static KEYED_BYTES])
{
    crypto_generichash(out, KEYED_BYTES, (const unsigned char *)pin, strlen(pin), pepper->key, PEPPER_BYTES);
}

char *pin_hash(const struct pepper *pepper, const char *pin, GError **error)
{
    unsigned char key[KEYED_BYTES];
    char text[crypto_pwhash_STRBYTES];
    if (sodium_init() < 0) {
        err_set(error, ERR_INTERNAL, "libsodium");
        return NULL;
    }
    keyed(pepper, pin, key);
    int failed = crypto_pwhash_str_alg(text, (const char *)key, sizeof key, PASSES, MEMORY_BYTES,
                                       crypto_pwhash_ALG_ARGON2ID13);
    sodium_memzero(key, sizeof key);
    if (failed) {
        err_set(error, ERR_INTERNAL, "argon2id");
        return NULL;
    }
    return g_strdup(text);
}

/* What is stored, taken apart; FALSE when it is nothing that pin_hash() has made. */
struct stored {
    unsigned passes, kibibytes;
    unsigned char salt[crypto_pwhash_SALTBYTES], hash[HASH_BYTES];
};

static gboolean take_apart(const char *text, struct stored *stored)
{
    char salt[SALT_TEXT + 1], hash[HASH_TEXT + 1];
    size_t salt_length = 0, hash_length = 0;
    return sscanf(text, "$argon2id$v=19$m=%u,t=%u,p=1$%22[^$]$%43s", &stored->kibibytes, &stored->passes, salt, hash) == 4 &&
           sodium_base642bin(stored->salt, sizeof stored->salt, salt, strlen(salt), NULL, &salt_length, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           sodium_base642bin(stored->hash, sizeof stored->hash, hash, strlen(hash), NULL, &hash_length, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           salt_length == sizeof stored->salt && hash_length == sizeof stored->hash;
}

/* libsodium's own crypto_pwhash_str_verify() takes memory that it did not get for a PIN that is wrong. What nobody has stored is
 * compared with the same work. */
int pin_verify(const struct pepper *pepper, const char *stored, const char *pin, GError **error)
{
    unsigned char key[KEYED_BYTES], hash[HASH_BYTES];
    struct stored is = {.passes = PASSES, .kibibytes = MEMORY_BYTES / 1024};
    gboolean known = take_apart(stored, &is), told = sodium_init() >= 0;
    if (told) {
        keyed(pepper, pin, key);
        told = crypto_pwhash(hash, sizeof hash, (const char *)key, sizeof key, is.salt, is.passes, (size_t)is.kibibytes * 1024,
                             crypto_pwhash_ALG_ARGON2ID13) == 0;
        sodium_memzero(key, sizeof key);
    }
    if (!told)
        return err_set(error, ERR_INTERNAL, "argon2id"), -1;
    gboolean right = sodium_memcmp(hash, is.hash, sizeof hash) == 0 && known;
    sodium_memzero(hash, sizeof hash);
    return right;
}
