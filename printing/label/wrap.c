/* SPDX-License-Identifier: MIT */
#include "printing/label/wrap.h"

#include <string.h>

static const gunichar ELLIPSIS = 0x2026;

/* --- characters ----------------------------------------------------------------------------------------- */

/* A base character with the marks that stand on it. */
struct cluster {
    int offset; /* in bytes */
    int advance_mem;
    gboolean may_break; /* before it */
    gboolean must_break;
    gboolean blank;
};

struct clusters {
    int count;
    int end; /* bytes of the text that are looked at */
    struct cluster at[WRAP_MAX_TEXT + 1];
};

/* A set of break types: a bit each. */
#define TYPE(name) (G_GUINT64_CONSTANT(1) << G_UNICODE_BREAK_##name)

static const guint64 NEVER_STARTS_LINE = TYPE(CLOSE_PUNCTUATION) | TYPE(CLOSE_PARANTHESIS) | TYPE(EXCLAMATION) |
                                         TYPE(INFIX_SEPARATOR) | TYPE(SYMBOL) | TYPE(NON_STARTER) | TYPE(POSTFIX) |
                                         TYPE(INSEPARABLE) | TYPE(NON_BREAKING_GLUE) | TYPE(HYPHEN) | TYPE(AFTER);
static const guint64 NEVER_ENDS_LINE = TYPE(OPEN_PUNCTUATION) | TYPE(PREFIX) | TYPE(NON_BREAKING_GLUE);
static const guint64 BREAKS_AFTER = TYPE(HYPHEN) | TYPE(AFTER);

static gboolean is_of(gunichar c, guint64 types)
{
    return (types >> g_unichar_break_type(c) & 1) != 0;
}

static gboolean breaks_between(gunichar before, gunichar after)
{
    if (before == ' ')
        return TRUE;
    if (after == ' ' || is_of(after, NEVER_STARTS_LINE) || is_of(before, NEVER_ENDS_LINE))
        return FALSE;
    if (g_unichar_iswide(before) || g_unichar_iswide(after))
        return TRUE;
    return is_of(before, BREAKS_AFTER) && !g_unichar_isdigit(after);
}

static gboolean is_mark(gunichar c)
{
    return g_unichar_iszerowidth(c) || g_unichar_ismark(c);
}

static void clusters_init(struct clusters *clusters, const struct metrics *metrics, const char *text, gboolean bold)
{
    gunichar before = 0;
    const char *p = text;
    clusters->count = 0;
    for (; *p && clusters->count < WRAP_MAX_TEXT; p = wrap_next(p)) {
        gunichar c = g_utf8_get_char(p);
        int advance = c == '\n' ? 0 : metrics->advance(metrics, c, bold);
        if (clusters->count > 0 && is_mark(c)) {
            clusters->at[clusters->count - 1].advance_mem += advance;
            continue;
        }
        clusters->at[clusters->count++] = (struct cluster){
            .offset = (int)(p - text),
            .advance_mem = advance,
            .must_break = before == '\n',
            .may_break = before != 0 && breaks_between(before, c),
            .blank = c == ' ' || c == '\n',
        };
        before = c;
    }
    clusters->end = (int)(p - text);
    clusters->at[clusters->count] = (struct cluster){.offset = clusters->end};
}

/* --- lines ---------------------------------------------------------------------------------------------- */

/* A line as clusters: from first up to, not including, last, without blanks at its end. */
struct span {
    int first, last, width_mem;
};

static void span_trim(struct span *span, const struct clusters *clusters)
{
    while (span->last > span->first && clusters->at[span->last - 1].blank)
        span->width_mem -= clusters->at[--span->last].advance_mem;
}

/* The line that begins at cluster first; the next one begins at the cluster returned. */
static int span_take(const struct clusters *clusters, int first, int limit_mem, struct span *span)
{
    int width = 0, width_at_break = 0, at_break = 0, i = first;
    for (; i < clusters->count; i++) {
        const struct cluster *cluster = &clusters->at[i];
        if (i > first && cluster->must_break)
            break;
        if (i > first && cluster->may_break) {
            at_break = i;
            width_at_break = width;
        }
        if (width + cluster->advance_mem > limit_mem && !cluster->blank && i > first)
            break;
        width += cluster->advance_mem;
    }
    gboolean ended = i == clusters->count || clusters->at[i].must_break;
    if (!ended && at_break > first) {
        i = at_break;
        width = width_at_break;
    }
    *span = (struct span){first, i, width};
    span_trim(span, clusters);
    while (i < clusters->count && clusters->at[i].blank && !clusters->at[i].must_break)
        i++;
    return i;
}

static int spans_take(const struct clusters *clusters, int limit_mem, int max_lines, struct span *spans, gboolean *all)
{
    int next = 0, lines = 0;
    while (next < clusters->count && lines < max_lines)
        next = span_take(clusters, next, limit_mem, &spans[lines++]);
    *all = next >= clusters->count;
    return lines;
}

/* Makes room for the ellipsis at the end of the last line. */
static void span_cut(struct span *span, const struct clusters *clusters, int limit_mem, int ellipsis_mem)
{
    while (span->last > span->first && span->width_mem + ellipsis_mem > limit_mem)
        span->width_mem -= clusters->at[--span->last].advance_mem;
    span_trim(span, clusters);
    span->width_mem += ellipsis_mem;
}

static int mem_to_um(int mem, int size_um)
{
    return (int)(((gint64)mem * size_um + 999) / 1000);
}

static gboolean fits_at(const struct clusters *clusters, const struct wrap_box *box, int size_um,
                        struct span *spans, struct wrap *wrap)
{
    wrap->size_um = size_um;
    wrap->pitch_um = mem_to_um(WRAP_PITCH_MEM, size_um);
    wrap->baseline_um = size_um * WRAP_BASELINE_MEM / 1000;
    int max_lines = CLAMP(box->height_um / wrap->pitch_um, 0, WRAP_MAX_LINES);
    int limit_mem = (int)((gint64)box->width_um * 1000 / size_um);
    gboolean all = FALSE;
    wrap->lines = spans_take(clusters, limit_mem, max_lines, spans, &all);
    for (int i = 0; all && i < wrap->lines; i++)
        all = spans[i].width_mem <= limit_mem;
    return all;
}

/* Sizes go down by halves of a point: fewer fonts to keep, and no reader sees a finer step. */
enum { SIZE_STEP_UM = 176 };

void wrap_text(const struct metrics *metrics, const char *text, const struct wrap_box *box, struct wrap *wrap)
{
    struct clusters clusters;
    struct span spans[WRAP_MAX_LINES];
    clusters_init(&clusters, metrics, text, box->bold);
    gboolean all = FALSE;
    for (int size_um = box->max_size_um; !all && size_um > box->min_size_um; size_um -= SIZE_STEP_UM)
        all = fits_at(&clusters, box, size_um, spans, wrap);
    if (!all)
        all = fits_at(&clusters, box, box->min_size_um, spans, wrap);
    gboolean cut = !all || text[clusters.end];
    if (cut && wrap->lines > 0) {
        int limit_mem = (int)((gint64)box->width_um * 1000 / wrap->size_um);
        span_cut(&spans[wrap->lines - 1], &clusters, limit_mem, metrics->advance(metrics, ELLIPSIS, box->bold));
    }
    for (int i = 0; i < wrap->lines; i++) {
        int start = clusters.at[spans[i].first].offset;
        wrap->line[i] = (struct wrap_line){
            .start = start,
            .length = clusters.at[spans[i].last].offset - start,
            .width_um = MIN(mem_to_um(spans[i].width_mem, wrap->size_um), box->width_um),
            .ellipsis = cut && i == wrap->lines - 1,
        };
    }
}
