/* SPDX-License-Identifier: MIT
 *
 * Any text into any box of a label: it never leaves the box, and every line is a part of the text, in order
 * and cut between characters. Any bytes as a template: read or refused. The first bytes choose the box, the
 * rest is the text.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "core/base/clean.h"
#include "printing/label/template.h"
#include "printing/label/wrap.h"
#include "tests/support/metrics_plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 4 };

static void check_lines(const char *text, const struct wrap_box *box, const struct wrap *wrap)
{
    int before = 0, length = (int)strlen(text);
    g_assert_cmpint(wrap->size_um, >=, box->min_size_um);
    g_assert_cmpint(wrap->size_um, <=, box->max_size_um);
    g_assert_cmpint(wrap->lines * wrap->pitch_um, <=, box->height_um);
    for (int i = 0; i < wrap->lines; i++) {
        const struct wrap_line *line = &wrap->line[i];
        g_assert_cmpint(line->start, >=, before);
        g_assert_cmpint(line->start + line->length, <=, length);
        g_assert_true(g_utf8_validate(text + line->start, line->length, NULL));
        g_assert_cmpint(line->width_um, <=, box->width_um);
        before = line->start + line->length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD)
        return 0;
    int min_um = 1000 + data[0] * 20, max_um = min_um + data[1] * 30;
    struct wrap_box box = {.width_um = min_um + data[2] * 300,
                           .height_um = min_um * 13 / 10 + data[3] * 150,
                           .max_size_um = max_um,
                           .min_size_um = min_um,
                           .bold = data[0] & 1};
    char *text = clean_text((const char *)data + HEAD, size - HEAD, CLEAN_BLOCK);
    struct wrap wrap;
    wrap_text(metrics_plain(), text, &box, &wrap);
    check_lines(text, &box, &wrap);
    GError *error = NULL;
    struct template *template = template_parse("fuzz", text, &error);
    g_assert_true((template == NULL) == (error != NULL));
    template_free(template);
    g_clear_error(&error);
    g_free(text);
    return 0;
}
