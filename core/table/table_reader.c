/* SPDX-License-Identifier: MIT */
#include "core/table/table_reader.h"

#include <csv.h>
#include <string.h>

#include "core/base/error.h"

/* With quoting off libcsv still wants a quote character: a byte decode.c never lets through. */
enum { NO_QUOTE = 0 };

struct table_reader {
    struct csv_parser parser;
    table_fill fill;
    void *data;
    GString *chunk; /* text not parsed yet begins at at */
    size_t at;
    gboolean begun, filled, ended;
    char delimiter, quote;
    gboolean after_cr; /* an LF now belongs to the CR before it */

    GString *cells; /* every cell of the row, each with a NUL */
    GArray *starts; /* size_t: where each begins in cells */
    gboolean row_done;
    uint64_t row, line;             /* of the current row */
    uint64_t rows_seen, lines_seen; /* rows ended, line breaks passed */
    uint64_t next_line;             /* where the row being read begins */
};

static void on_cell(void *bytes, size_t length, void *data)
{
    struct table_reader *reader = data;
    size_t start = reader->cells->len;
    g_array_append_val(reader->starts, start);
    g_string_append_len(reader->cells, bytes ? bytes : "", (gssize)length);
    g_string_append_c(reader->cells, '\0');
}

static void on_row(int terminator, void *data)
{
    struct table_reader *reader = data;
    (void)terminator;
    reader->row_done = TRUE;
}

struct table_reader *table_reader_new(const struct table_options *options, table_fill fill, void *data)
{
    struct table_reader *reader = g_new0(struct table_reader, 1);
    if (csv_init(&reader->parser, 0) != 0)
        g_error("csv_init");
    csv_set_realloc_func(&reader->parser, g_realloc);
    csv_set_free_func(&reader->parser, g_free);
    reader->fill = fill;
    reader->data = data;
    reader->delimiter = options->delimiter;
    reader->quote = options->quote;
    reader->chunk = g_string_new(NULL);
    reader->cells = g_string_new(NULL);
    reader->starts = g_array_new(FALSE, FALSE, sizeof(size_t));
    reader->next_line = 1;
    return reader;
}

void table_reader_free(struct table_reader *reader)
{
    if (!reader)
        return;
    csv_free(&reader->parser);
    g_string_free(reader->chunk, TRUE);
    g_string_free(reader->cells, TRUE);
    g_array_free(reader->starts, TRUE);
    g_free(reader);
}

/* Drops what is parsed and appends more. FALSE at a failure. */
static gboolean refill(struct table_reader *reader, GError **error)
{
    g_string_erase(reader->chunk, 0, (gssize)reader->at);
    reader->at = 0;
    while (reader->chunk->len == 0 && !reader->filled) {
        int more = reader->fill(reader->data, reader->chunk, error);
        if (more < 0)
            return FALSE;
        reader->filled = more == 0;
    }
    return TRUE;
}

/* Counts the candidates of the first row outside of quotes; the most frequent one is the delimiter. */
static char sniff(const GString *text, char quote)
{
    static const char CANDIDATES[] = ",\t;|";
    unsigned counts[4] = {0};
    gboolean quoted = FALSE;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->str[i];
        if (quote && c == quote)
            quoted = !quoted;
        else if (!quoted && (c == '\n' || c == '\r') && i > 0)
            break;
        const char *hit = c && !quoted ? strchr(CANDIDATES, c) : NULL;
        if (hit)
            counts[hit - CANDIDATES]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < G_N_ELEMENTS(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    return CANDIDATES[best];
}

/* Excel writes "sep=;" before the first row of some files: it names the delimiter and is no row. */
static void take_sep_line(struct table_reader *reader)
{
    const char *text = reader->chunk->str + reader->at;
    if (g_ascii_strncasecmp(text, "sep=", 4) != 0 || !text[4] || !strchr(",;|\t", text[4]))
        return;
    size_t length = 5 + strspn(text + 5, "\r\n");
    if (length == 5 || length > 7)
        return;
    reader->delimiter = text[4];
    reader->at += length;
    reader->rows_seen++;
    reader->lines_seen++;
    reader->next_line = 2;
}

static gboolean begin(struct table_reader *reader, GError **error)
{
    if (!refill(reader, error))
        return FALSE;
    take_sep_line(reader);
    if (!reader->delimiter)
        reader->delimiter = sniff(reader->chunk, reader->quote);
    csv_set_delim(&reader->parser, (unsigned char)reader->delimiter);
    csv_set_quote(&reader->parser, reader->quote ? (unsigned char)reader->quote : NO_QUOTE);
    return TRUE;
}

static gboolean between_rows(const struct table_reader *reader)
{
    return reader->parser.pstate == 0 && reader->starts->len == 0;
}

/* Parses up to and with the next line break, so that a call ends at most one row and line breaks can be counted. */
static void parse_piece(struct table_reader *reader)
{
    const char *text = reader->chunk->str + reader->at;
    size_t left = reader->chunk->len - reader->at;
    size_t length = strcspn(text, "\r\n");
    char terminator = length < left ? text[length] : 0;
    length += terminator ? 1 : 0;
    gboolean pair = terminator == '\n' && length == 1 && reader->after_cr;
    gboolean blank = length == 1 && terminator && !pair && between_rows(reader);
    csv_parse(&reader->parser, text, length, on_cell, on_row, reader);
    reader->at += length;
    reader->after_cr = terminator == '\r';
    if (!terminator)
        return;
    if (!pair)
        reader->lines_seen++;
    if (blank || (!reader->row_done && !pair && between_rows(reader)))
        reader->rows_seen++;
    if (between_rows(reader))
        reader->next_line = reader->lines_seen + 1;
}

/* Takes the row that has just ended; FALSE when it holds nothing, as a row of delimiters does. */
static gboolean take_row(struct table_reader *reader)
{
    reader->row = ++reader->rows_seen;
    reader->line = reader->next_line;
    reader->next_line = reader->lines_seen + 1;
    return reader->cells->len > reader->starts->len; /* more than the NULs */
}

static void clear_row(struct table_reader *reader)
{
    reader->row_done = FALSE;
    g_string_truncate(reader->cells, 0);
    g_array_set_size(reader->starts, 0);
}

/* libcsv's states are not named in its header: 2 is within a field. */
static gboolean in_open_quote(const struct table_reader *reader)
{
    return reader->parser.pstate == 2 && reader->parser.quoted;
}

/* -1: the row is refused. One that is too large for a row is most often a quotation mark that never closes. */
static int too_long(struct table_reader *reader, GError **error)
{
    g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT, reader->next_line);
    if (in_open_quote(reader))
        err_set(error, ERR_IMPORT_ROW_LONG, line);
    else
        err_set(error, ERR_IMPORT_ROW_HUGE, line, G_STRINGIFY(TABLE_ROW_MAX_KB));
    return -1;
}

int table_next(struct table_reader *reader, GError **error)
{
    if (!reader->begun && !begin(reader, error))
        return -1;
    reader->begun = TRUE;
    for (clear_row(reader); !reader->ended;) {
        if (reader->at >= reader->chunk->len && !refill(reader, error))
            return -1;
        if (reader->chunk->len == 0) {
            if (in_open_quote(reader))
                return too_long(reader, error);
            reader->ended = TRUE;
            csv_fini(&reader->parser, on_cell, on_row, reader);
        } else {
            parse_piece(reader);
        }
        if (reader->cells->len + reader->parser.entry_pos > TABLE_ROW_MAX)
            return too_long(reader, error);
        if (!reader->row_done)
            continue;
        if (take_row(reader))
            return 1;
        clear_row(reader);
    }
    return 0;
}

uint64_t table_row(const struct table_reader *reader)
{
    return reader->row;
}

uint64_t table_line(const struct table_reader *reader)
{
    return reader->line;
}

unsigned table_cells(const struct table_reader *reader)
{
    return reader->starts->len;
}

const char *table_cell(const struct table_reader *reader, unsigned n, size_t *length)
{
    if (n >= reader->starts->len) {
        *length = 0;
        return "";
    }
    size_t start = g_array_index(reader->starts, size_t, n);
    size_t end = n + 1 < reader->starts->len ? g_array_index(reader->starts, size_t, n + 1) : reader->cells->len;
    *length = end - start - 1;
    return reader->cells->str + start;
}
