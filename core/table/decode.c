/* SPDX-License-Identifier: MIT */
#include "core/table/decode.h"

#include <errno.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/base/words.h"
#include "core/base/error.h"

enum { PENDING_MAX = 8, PIECE = 8192 };

struct decode {
    GIConv iconv; /* NULL for UTF-8, which is only checked */
    size_t unit;  /* bytes to drop at a bad place */
    char pending[PENDING_MAX];
    size_t pending_length;
    uint64_t bad;
};

static const struct {
    const char *written, *canonical;
} NAMES[] = {
    {"UTF8", "UTF-8"},      {"UTF16", "UTF-16LE"}, {"UTF16LE", "UTF-16LE"}, {"UTF16BE", "UTF-16BE"},
    {"BIG5", "CP950"},      {"CP950", "CP950"},    {"MS950", "CP950"},      {"GB18030", "GB18030"},
    {"GBK", "GB18030"},     {"GB2312", "GB18030"}, {"CP936", "GB18030"},
};

const char *decode_canonical(const char *name)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *p = name; *p; p++)
        if (g_ascii_isalnum(*p))
            g_string_append_c(plain, g_ascii_toupper(*p));
    int n = WORDS_FIND(NAMES, plain->str);
    return n < 0 ? NULL : NAMES[n].canonical;
}

struct decode *decode_new(const char *encoding, GError **error)
{
    const char *name = decode_canonical(encoding);
    GIConv iconv = NULL;
    if (name && strcmp(name, "UTF-8") != 0) {
        iconv = g_iconv_open("UTF-8", name);
        if (iconv == (GIConv)-1)
            name = NULL;
    }
    if (!name) {
        err_set(error, ERR_IMPORT_ENCODING, encoding);
        return NULL;
    }
    struct decode *decode = g_new0(struct decode, 1);
    decode->iconv = iconv;
    decode->unit = g_str_has_prefix(name, "UTF-16") ? 2 : 1;
    return decode;
}

void decode_free(struct decode *decode)
{
    if (!decode)
        return;
    if (decode->iconv)
        g_iconv_close(decode->iconv);
    g_free(decode);
}

uint64_t decode_bad(const struct decode *decode)
{
    return decode->bad;
}

/* Whether the rest of the input can be the beginning of a character that the next chunk completes. */
static gboolean is_cut_utf8(const char *bytes, size_t length)
{
    return length < 4 && !memchr(bytes, 0, length) && g_utf8_get_char_validated(bytes, (gssize)length) == (gunichar)-2;
}

/* Returns how many bytes were consumed; the rest is a cut character. */
static size_t take_utf8(struct decode *decode, const char *bytes, size_t length, GString *out)
{
    const char *p = bytes, *end = bytes + length;
    while (p < end) {
        const char *stop = p;
        g_utf8_validate_len(p, (gsize)(end - p), &stop);
        g_string_append_len(out, p, stop - p);
        p = stop;
        if (p == end || is_cut_utf8(p, (size_t)(end - p)))
            break;
        decode->bad++;
        g_string_append(out, CLEAN_BAD);
        p++;
    }
    return (size_t)(p - bytes);
}

static void append_without_nul(struct decode *decode, const char *text, size_t length, GString *out)
{
    for (const char *nul; (nul = memchr(text, 0, length)); ) {
        g_string_append_len(out, text, nul - text);
        g_string_append(out, CLEAN_BAD);
        decode->bad++;
        length -= (size_t)(nul + 1 - text);
        text = nul + 1;
    }
    g_string_append_len(out, text, (gssize)length);
}

static size_t take_iconv(struct decode *decode, const char *bytes, size_t length, GString *out)
{
    char piece[PIECE];
    char *in = (char *)(uintptr_t)bytes; /* g_iconv() wants a writable pointer and writes nothing through it */
    gsize left = length;
    while (left > 0) {
        char *to = piece;
        gsize room = sizeof piece;
        gsize done = g_iconv(decode->iconv, &in, &left, &to, &room);
        int why = errno;
        append_without_nul(decode, piece, sizeof piece - room, out);
        if (done != (gsize)-1 || why == E2BIG)
            continue;
        if (why == EINVAL && left < PENDING_MAX)
            break;
        size_t drop = MIN(decode->unit, left);
        decode->bad += drop;
        g_string_append(out, CLEAN_BAD);
        in += drop;
        left -= drop;
    }
    return length - left;
}

static size_t take(struct decode *decode, const char *bytes, size_t length, GString *out)
{
    return decode->iconv ? take_iconv(decode, bytes, length, out) : take_utf8(decode, bytes, length, out);
}

void decode_feed(struct decode *decode, const char *bytes, size_t length, GString *out)
{
    /* A cut character is completed byte by byte, so that what follows it needs no copy. */
    while (decode->pending_length > 0 && length > 0) {
        decode->pending[decode->pending_length++] = *bytes++;
        length--;
        size_t used = take(decode, decode->pending, decode->pending_length, out);
        memmove(decode->pending, decode->pending + used, decode->pending_length - used);
        decode->pending_length -= used;
    }
    if (length == 0)
        return;
    size_t used = take(decode, bytes, length, out);
    g_assert(length - used < PENDING_MAX);
    memcpy(decode->pending, bytes + used, length - used);
    decode->pending_length = length - used;
}

void decode_end(struct decode *decode, GString *out)
{
    if (decode->pending_length == 0)
        return;
    decode->bad += decode->pending_length;
    g_string_append(out, CLEAN_BAD);
    decode->pending_length = 0;
}

const char *decode_bom(const char *bytes, size_t length, size_t *mark_length)
{
    static const struct {
        const char *mark;
        size_t length;
        const char *encoding;
    } MARKS[] = {{"\xEF\xBB\xBF", 3, "UTF-8"}, {"\xFF\xFE", 2, "UTF-16LE"}, {"\xFE\xFF", 2, "UTF-16BE"}};
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (length >= MARKS[i].length && memcmp(bytes, MARKS[i].mark, MARKS[i].length) == 0) {
            *mark_length = MARKS[i].length;
            return MARKS[i].encoding;
        }
    *mark_length = 0;
    return NULL;
}

const char *decode_utf16_guess(const char *bytes, size_t length)
{
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < length; i++)
        zeros[i & 1] += bytes[i] == 0;
    /* An order file has digits and delimiters everywhere: a tenth of its characters is far below what is there. */
    size_t many = length / 20 + 1;
    if (zeros[1] >= many && zeros[0] < many)
        return "UTF-16LE";
    return zeros[0] >= many && zeros[1] < many ? "UTF-16BE" : NULL;
}
