/* SPDX-License-Identifier: MIT */
#include "tui/terminal/input.h"

#include <string.h>

#include "tui/terminal/keys.h"

/* Where the machine stands between two bytes. */
enum state { GROUND, ESCAPE, ALT, CSI, SS3, LINUX, OLD_MOUSE, PASTE, STATE_COUNT };

enum { STX = 0x02, ETX = 0x03, REPLACEMENT = 0xFFFD, PARAMETERS_MAX = 24 };

struct input {
    enum state state;
    int escape_ms;
    int64_t last_ms; /* when the last byte came */

    GString *line; /* characters held back, UTF-8 */
    unsigned line_chars;
    gboolean stx;         /* the line began with STX */
    gboolean after_cr;    /* an LF that follows at once belongs to it */
    int64_t typed_ms;     /* when characters of this line were last given out; -1 none */
    int64_t line_last_ms; /* when the last held character came, whatever the mouse has sent since */

    unsigned need; /* continuation bytes an UTF-8 character still wants */
    char utf8[4];
    unsigned utf8_len;

    char alt; /* ALT: the character after ESC */
    char parameters[PARAMETERS_MAX + 1];
    unsigned parameter_len;
    GString *paste;
    GArray *events;
    guint taken;
};

struct input *input_new(int escape_ms)
{
    struct input *input = g_new0(struct input, 1);
    input->escape_ms = escape_ms;
    input->typed_ms = -1;
    input->line = g_string_new(NULL);
    input->paste = g_string_new(NULL);
    input->events = g_array_new(FALSE, TRUE, sizeof(struct input_event));
    return input;
}

void input_event_clear(struct input_event *event)
{
    g_free(event->text);
    event->text = NULL;
}

void input_free(struct input *input)
{
    struct input_event event;
    while (input_next(input, &event))
        input_event_clear(&event);
    g_string_free(input->line, TRUE);
    g_string_free(input->paste, TRUE);
    g_array_free(input->events, TRUE);
    g_free(input);
}

gboolean input_next(struct input *input, struct input_event *event)
{
    if (input->taken < input->events->len) {
        *event = g_array_index(input->events, struct input_event, input->taken++);
        return TRUE;
    }
    g_array_set_size(input->events, 0);
    input->taken = 0;
    return FALSE;
}

/* --- giving out ----------------------------------------------------------------------------------------- */

static void emit(struct input *input, struct input_event event)
{
    g_array_append_val(input->events, event);
}

static void forget_line(struct input *input)
{
    g_string_truncate(input->line, 0);
    input->line_chars = 0;
    input->stx = FALSE;
}

/* What was held is typing after all. A lone separator (Ctrl-\ on a keyboard) is no beginning of a code. */
static void flush_line(struct input *input)
{
    gboolean typed = FALSE;
    for (const char *p = input->line->str; *p; p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char(p);
        emit(input, (struct input_event){.type = INPUT_CHAR, .c = c});
        typed = typed || c > ' ';
    }
    if (typed)
        input->typed_ms = input->line_last_ms;
    forget_line(input);
}

/* After what was held: it is typing. */
static void emit_key(struct input *input, enum key key, unsigned mods)
{
    flush_line(input);
    if (key == K_ESC || key == K_CTRL_U) /* they empty the field: what was typed before joins nothing */
        input->typed_ms = -1;
    emit(input, (struct input_event){.type = INPUT_KEY, .key = key, .mods = mods});
}

static gboolean has_aim_prefix(const struct input *input)
{
    const char *s = input->line->str;
    return s[0] == ']' && g_ascii_isalpha(s[1]) && g_ascii_isalnum(s[2]);
}

static gboolean is_prefixed(const struct input *input)
{
    return input->stx || has_aim_prefix(input);
}

/* How long the held characters may wait for the next one. */
static int64_t line_gap(const struct input *input)
{
    return is_prefixed(input) ? INPUT_PREFIX_GAP_MS : INPUT_GAP_MS;
}

static void end_line(struct input *input, enum key key)
{
    gboolean joined = input->typed_ms >= 0 && input->last_ms - input->typed_ms < INPUT_JOIN_MS;
    gboolean scan = is_prefixed(input) ? input->line->len > 0 : input->line_chars >= INPUT_SCAN_MIN && !joined;
    if (scan) {
        emit(input, (struct input_event){.type = INPUT_SCAN, .text = g_strdup(input->line->str)});
        forget_line(input);
    } else {
        emit_key(input, key, 0);
    }
    input->typed_ms = -1;
}

static void hold(struct input *input, gunichar c)
{
    if (input->line->len < INPUT_LINE_MAX)
        g_string_append_unichar(input->line, c);
    input->line_chars++;
    input->line_last_ms = input->last_ms;
}

/* --- UTF-8 ---------------------------------------------------------------------------------------------- */

static void end_utf8(struct input *input)
{
    if (input->need == 0)
        return;
    input->need = 0;
    hold(input, REPLACEMENT);
}

static void utf8_lead(struct input *input, guchar byte)
{
    input->utf8[0] = (char)byte;
    input->utf8_len = 1;
    input->need = byte >= 0xC2 && byte <= 0xDF ? 1 : (byte & 0xF0) == 0xE0 ? 2 : byte >= 0xF0 && byte <= 0xF4 ? 3 : 0;
    if (input->need == 0)
        hold(input, REPLACEMENT);
}

static void utf8_byte(struct input *input, guchar byte)
{
    if (input->need == 0 || (byte & 0xC0) != 0x80) {
        end_utf8(input);
        utf8_lead(input, byte);
        return;
    }
    input->utf8[input->utf8_len++] = (char)byte;
    if (--input->need > 0)
        return;
    gunichar c = g_utf8_get_char_validated(input->utf8, (gssize)input->utf8_len);
    gboolean bad = c >= 0x110000 || (c >= 0x80 && c < 0xA0);
    hold(input, bad ? REPLACEMENT : c);
}

/* --- one byte in each state ----------------------------------------------------------------------------- */

static gboolean is_separator(guchar byte)
{
    return byte == 0x04 || (byte >= 0x1C && byte <= 0x1F);
}

static void ground_end(struct input *input, guchar byte)
{
    gboolean follows = byte == '\n' && input->after_cr;
    input->after_cr = byte == '\r';
    if (!follows)
        end_line(input, byte == '\t' ? K_TAB : K_ENTER);
}

static void ground_control(struct input *input, guchar byte)
{
    if (byte == 0) {
        hold(input, REPLACEMENT);
    } else if (byte == STX && input->line->len == 0) {
        input->stx = TRUE;
        input->line_last_ms = input->last_ms;
    } else if (byte == ETX && input->stx) {
        end_line(input, K_ENTER);
    } else if (is_separator(byte) && (byte != 0x04 || input->line->len > 0)) {
        hold(input, byte);
    } else {
        emit_key(input, byte == 0x08 ? K_BACKSPACE : (enum key)(K_CTRL_A + byte - 1), 0);
    }
}

static enum state on_ground(struct input *input, guchar byte)
{
    if (byte >= 0x80) {
        utf8_byte(input, byte);
        input->after_cr = FALSE;
        return GROUND;
    }
    end_utf8(input);
    if (byte == '\r' || byte == '\n' || byte == '\t') {
        ground_end(input, byte);
        return GROUND;
    }
    input->after_cr = FALSE;
    if (byte == 0x1B)
        return ESCAPE;
    if (byte == 0x7F)
        emit_key(input, K_BACKSPACE, 0);
    else if (byte < 0x20)
        ground_control(input, byte);
    else
        hold(input, byte);
    return GROUND;
}

static enum state on_escape(struct input *input, guchar byte)
{
    input->parameter_len = 0;
    input->parameters[0] = '\0';
    if (byte == '[')
        return CSI;
    if (byte == 'O')
        return SS3;
    if (byte > 0x20 && byte < 0x7F) {
        input->alt = (char)byte;
        return ALT;
    }
    emit_key(input, K_ESC, 0);
    return byte == 0x1B ? ESCAPE : on_ground(input, byte);
}

/* A character after ESC is Alt with it only when nothing follows at once: else a scan came in right after ESC. */
static enum state on_alt(struct input *input, guchar byte)
{
    emit_key(input, K_ESC, 0);
    hold(input, (guchar)input->alt);
    return on_ground(input, byte);
}

static void end_alt(struct input *input)
{
    flush_line(input);
    emit(input, (struct input_event){.type = INPUT_CHAR, .c = (guchar)input->alt, .mods = MOD_ALT});
}

static void give_up_sequence(struct input *input);

/* Motion, other buttons and what is let go are nothing here; Shift and its like make no difference. */
static void end_mouse(struct input *input, const int numbers[static 3], char final)
{
    enum { BUTTON = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, MODIFIERS = 4 | 8 | 16 };
    int what = numbers[0] & ~MODIFIERS;
    gboolean wanted = final == 'M' && numbers[1] > 0 && numbers[2] > 0;
    if (wanted && (what == BUTTON || what == WHEEL_UP || what == WHEEL_DOWN))
        emit(input, (struct input_event){.type = INPUT_MOUSE, .row = numbers[2] - 1, .col = numbers[1] - 1,
                                         .wheel = what == WHEEL_UP ? -1 : what == WHEEL_DOWN ? 1 : 0});
}

static void end_sequence(struct input *input, enum key_lead lead, char final)
{
    int numbers[3] = {0};
    size_t n = 0;
    for (const char *p = input->parameters; *p && n < G_N_ELEMENTS(numbers); p++) {
        if (g_ascii_isdigit(*p))
            numbers[n] = MIN(numbers[n] * 10 + (*p - '0'), 9999);
        else if (*p == ';')
            n++;
    }
    if (lead == LEAD_CSI && final == 'R' && numbers[0] > 0 && numbers[1] > 0 && strchr(input->parameters, ';')) {
        emit(input, (struct input_event){.type = INPUT_REPORT, .row = numbers[0] - 1, .col = numbers[1] - 1});
        return;
    }
    if (lead == LEAD_CSI && input->parameters[0] == '<') {
        end_mouse(input, numbers, final);
        return;
    }
    enum key key = keys_find(lead, numbers[0], final);
    if (key != K_NONE)
        emit_key(input, key, numbers[1] > 1 ? (unsigned)(numbers[1] - 1) & 7u : 0);
}

static enum state on_csi(struct input *input, guchar byte)
{
    if (byte == '[' && input->parameter_len == 0)
        return LINUX;
    if (byte >= 0x20 && byte < 0x40) {
        if (input->parameter_len < PARAMETERS_MAX) {
            input->parameters[input->parameter_len++] = (char)byte;
            input->parameters[input->parameter_len] = '\0';
        }
        return CSI;
    }
    if (byte < 0x40 || byte >= 0x7F) {
        give_up_sequence(input);
        return on_ground(input, byte);
    }
    if (byte == 'M' && input->parameter_len == 0)
        return OLD_MOUSE;
    if (byte == '~' && strcmp(input->parameters, "200") == 0) {
        flush_line(input);
        g_string_truncate(input->paste, 0);
        return PASTE;
    }
    end_sequence(input, LEAD_CSI, (char)byte);
    return GROUND;
}

static enum state on_ss3(struct input *input, guchar byte)
{
    enum key key = keys_find(LEAD_SS3, 0, (char)byte);
    if (key == K_NONE) {
        give_up_sequence(input);
        return on_ground(input, byte);
    }
    emit_key(input, key, 0);
    return GROUND;
}

static enum state on_linux(struct input *input, guchar byte)
{
    end_sequence(input, LEAD_LINUX, (char)byte);
    return GROUND;
}

/* A terminal that knows no better sends three bytes of any value: they are nobody's typing. */
static enum state on_old_mouse(struct input *input, guchar byte)
{
    (void)byte;
    return ++input->parameter_len < 3 ? OLD_MOUSE : GROUND;
}

static void end_paste(struct input *input)
{
    char *text = g_utf8_make_valid(input->paste->str, (gssize)strlen(input->paste->str));
    emit(input, (struct input_event){.type = INPUT_PASTE, .text = text});
    g_string_truncate(input->paste, 0);
}

static enum state on_paste(struct input *input, guchar byte)
{
    static const char END[] = "\033[201~";
    gsize end = sizeof END - 1;
    if (input->paste->len >= INPUT_PASTE_MAX + end) /* keep the mark's place moving */
        g_string_erase(input->paste, INPUT_PASTE_MAX, 1);
    g_string_append_c(input->paste, (char)(byte ? byte : '?'));
    if (input->paste->len < end || strcmp(input->paste->str + input->paste->len - end, END) != 0)
        return PASTE;
    g_string_truncate(input->paste, input->paste->len - end);
    end_paste(input);
    return GROUND;
}

/* --- the table: what a byte does, and what waiting too long does ---------------------------------------- */

static void wait_ground(struct input *input)
{
    end_utf8(input);
    input->stx = FALSE;
    flush_line(input);
}

static void wait_escape(struct input *input)
{
    emit_key(input, K_ESC, 0);
}

struct state_row {
    enum state (*on_byte)(struct input *input, guchar byte);
    void (*on_wait)(struct input *input); /* leads to GROUND; NULL: with nothing to show for it */
    int wait_ms;      /* 0: depends */
    const char *lead; /* of a sequence: what has come of it after ESC */
};

static const struct state_row STATES[STATE_COUNT] = {
    [GROUND] = {on_ground, wait_ground, 0, NULL},
    [ESCAPE] = {on_escape, wait_escape, 0, NULL},
    [ALT] = {on_alt, end_alt, INPUT_GAP_MS, NULL},
    [CSI] = {on_csi, give_up_sequence, INPUT_SEQUENCE_MS, "["},
    [SS3] = {on_ss3, give_up_sequence, INPUT_SEQUENCE_MS, "O"},
    [LINUX] = {on_linux, give_up_sequence, INPUT_SEQUENCE_MS, "[["},
    [OLD_MOUSE] = {on_old_mouse, NULL, INPUT_SEQUENCE_MS, NULL},
    [PASTE] = {on_paste, end_paste, INPUT_PASTE_MS, NULL},
};

/* ESC with "[..." that never became a sequence: typed by a person. */
static void give_up_sequence(struct input *input)
{
    emit_key(input, K_ESC, 0);
    for (const char *p = STATES[input->state].lead; *p; p++)
        hold(input, (guchar)*p);
    for (unsigned i = 0; i < input->parameter_len; i++)
        hold(input, (guchar)input->parameters[i]);
}

int64_t input_deadline(const struct input *input)
{
    if (input->state == ESCAPE)
        return input->last_ms + input->escape_ms;
    if (input->state != GROUND)
        return input->last_ms + STATES[input->state].wait_ms;
    if (input->line->len == 0 && input->need == 0 && !input->stx)
        return -1;
    return (input->need ? input->last_ms : input->line_last_ms) + line_gap(input);
}

void input_tick(struct input *input, int64_t now_ms)
{
    /* A wait may lead to a state that waits again (ESC typed, then "[..." held): until nothing is due. */
    for (int64_t due; (due = input_deadline(input)) >= 0 && due <= now_ms; input->state = GROUND)
        if (STATES[input->state].on_wait)
            STATES[input->state].on_wait(input);
}

void input_feed(struct input *input, const char *bytes, size_t length, int64_t now_ms)
{
    input_tick(input, now_ms);
    input->last_ms = now_ms;
    for (size_t i = 0; i < length; i++) {
        enum state next = STATES[input->state].on_byte(input, (guchar)bytes[i]);
        input->state = next;
    }
}
