/* SPDX-License-Identifier: MIT
 *
 * What an event was asked, as bytes and read again: an empty text is none in nothing else than in what was written before they
 * were told apart.
 */
#include <glib.h>

#include "core/flow/difference.h"

enum { KEY = 1 << 30 };

static struct event again(const struct event *ev, GStringChunk *texts)
{
    struct event read = {.key = ev->key, .kind = ev->kind};
    g_autoptr(GByteArray) bytes = event_asked(ev);
    g_assert_cmpuint(event_asked_length(bytes->data, bytes->len), ==, bytes->len);
    g_assert_true(event_read_asked(bytes->data, bytes->len, texts, &read));
    return read;
}

static void none_and_empty(void)
{
    GStringChunk *texts = g_string_chunk_new(64);
    const struct event ev = {.key = KEY, .kind = EV_CHANGE, .cod_minor = 500, .service = "", .courier = "hct", .reason = "torn"};
    const struct event empty = {.key = KEY, .kind = EV_CHANGE, .reason = ""};
    const struct event read = again(&ev, texts), read_empty = again(&empty, texts);
    g_assert_cmpint(read.cod_minor, ==, 500);
    g_assert_cmpstr(read.service, ==, "");
    g_assert_cmpstr(read.courier, ==, "hct");
    g_assert_null(read.text);
    g_assert_null(read.reason); /* it stands in a row of its own */
    g_assert_cmpstr(read_empty.reason, ==, "");
    g_string_chunk_free(texts);
}

/* All five texts as a program of before wrote them: none, or empty. */
static void of_before(void)
{
    static const guint8 BYTES[] = {0, 1, 1, 4, 'h', 'c', 't', 1, 1};
    GStringChunk *texts = g_string_chunk_new(64);
    struct event read = {.key = KEY, .kind = EV_CHANGE};
    g_assert_cmpuint(event_asked_length(BYTES, sizeof BYTES), ==, sizeof BYTES);
    g_assert_true(event_read_asked(BYTES, sizeof BYTES, texts, &read));
    g_assert_cmpstr(read.courier, ==, "hct");
    g_assert_null(read.service);
    g_string_chunk_free(texts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/asked/none-and-empty", none_and_empty);
    g_test_add_func("/asked/of-before", of_before);
    return g_test_run();
}
