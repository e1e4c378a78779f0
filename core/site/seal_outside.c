/* SPDX-License-Identifier: MIT */
#include "core/site/seal_outside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/site.h"

#define LINE_HEAD "packline-seal "
#define SYSLOG "syslog"

enum { UNSENT, SENT };

static const struct sql SQL[] = {
    [UNSENT] = {"seal_unsent", "SELECT sealed_on, hash FROM seal WHERE mac IS NOT NULL AND sealed_on > $1 ORDER BY sealed_on"},
    [SENT] = {"seal_sent", "UPDATE journal_key SET sent_on = $1 WHERE id = 1 AND sent_on < $1"},
};

struct sending {
    const char *mark;
    GPtrArray *lines;
    int64_t last;
};

static void read_unsent(struct rows *rows, void *data)
{
    struct sending *sending = data;
    unsigned char hash[SITE_HASH_BYTES];
    char hex[2 * SITE_HASH_BYTES + 1];
    journal_read_hash(rows, 1, hash);
    sending->last = rows_int(rows, 0);
    g_ptr_array_add(sending->lines, g_strdup_printf(LINE_HEAD "floor=%s day=%" PRId64 " hash=%s", sending->mark, sending->last,
                                                    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash)));
}

/* A regular file, at its end; made where there is none. -1 with *error. A path that is a device or a pipe would take the lines and
 * keep none. */
static int open_place(const char *place, GError **error)
{
    struct stat info;
    if (!g_path_is_absolute(place)) {
        err_set(error, ERR_SEAL_TO, place, _("it is neither syslog nor an absolute path"));
        return -1;
    }
    int fd = open(place, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return fd;
    err_set(error, ERR_SEAL_TO, place, fd < 0 ? g_strerror(errno) : _("it is no plain file"));
    if (fd >= 0)
        close(fd);
    return -1;
}

static gboolean append_lines(const char *place, const GPtrArray *lines, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
    int fd = open_place(place, error);
    if (fd < 0)
        return FALSE;
    ssize_t n = write(fd, text->str, text->len);
    gboolean kept = n == (ssize_t)text->len && fsync(fd) == 0;
    int cause = n >= 0 && n < (ssize_t)text->len ? ENOSPC : errno;
    close(fd);
    return kept || err_set(error, ERR_SEAL_TO, place, g_strerror(cause));
}

static void log_lines(const GPtrArray *lines)
{
    openlog("packline", 0, LOG_AUTHPRIV);
    for (guint i = 0; i < lines->len; i++)
        syslog(LOG_NOTICE, "%s", (const char *)lines->pdata[i]);
    closelog();
}

gboolean seal_place_check(const char *place, GError **error)
{
    if (!place[0] || strcmp(place, SYSLOG) == 0)
        return TRUE;
    int fd = open_place(place, error);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static gboolean send_lines(struct site *site, const char *place, const struct sending *sending, GError **error)
{
    if (strcmp(place, SYSLOG) == 0)
        log_lines(sending->lines);
    else if (!append_lines(place, sending->lines, error))
        return FALSE;
    return db_exec(site->db, &SQL[SENT], DB_ARGS(sending->last), NULL, error);
}

gboolean seal_send(struct site *site, GError **error)
{
    const char *place = g_hash_table_lookup(site->settings, "seal_to");
    struct journal_key key;
    if (!place || !place[0] || site->copy_of_at)
        return TRUE;
    if (!journal_key_load(site->db, &key, error))
        return FALSE;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    struct sending sending = {.mark = key.mark, .lines = lines};
    return rows_each(db_query(site->db, &SQL[UNSENT], DB_ARGS(key.sent_on), error), read_unsent, &sending, error) &&
           (lines->len == 0 || send_lines(site, place, &sending, error));
}

gboolean seal_line_parse(const char *text, struct seal_line *line)
{
    const char *at = g_strrstr(text, LINE_HEAD); /* a disk that was full has kept the beginning of one before it */
    size_t length = 0;
    if (!at)
        return FALSE;
    g_auto(GStrv) word = g_strsplit(at + strlen(LINE_HEAD), " ", 4);
    if (g_strv_length(word) < 3 || !g_str_has_prefix(word[0], "floor=") || !g_str_has_prefix(word[1], "day=") ||
        !g_str_has_prefix(word[2], "hash="))
        return FALSE;
    const char *hex = g_strchomp(word[2]) + strlen("hash=");
    g_strlcpy(line->mark, word[0] + strlen("floor="), sizeof line->mark);
    line->day = g_ascii_strtoll(word[1] + strlen("day="), NULL, 10);
    return sodium_hex2bin(line->hash, sizeof line->hash, hex, strlen(hex), NULL, &length, NULL) == 0 && length == sizeof line->hash;
}
