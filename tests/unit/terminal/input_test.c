/* SPDX-License-Identifier: MIT
 *
 * The byte machine against a script: bytes, waits in ms, and the events that must come out, written as text.
 */
#include "tui/terminal/input.h"

#include <string.h>

static void describe(GString *out, const struct input_event *event)
{
    if (out->len > 0)
        g_string_append_c(out, ' ');
    switch (event->type) {
    case INPUT_KEY:
        if (event->key >= K_CTRL_A && event->key <= K_CTRL_Z)
            g_string_append_printf(out, "<Ctrl-%c>", 'A' + (int)(event->key - K_CTRL_A));
        else
            g_string_append_printf(out, "<%s%s%s>", event->mods & MOD_CTRL ? "C-" : "",
                                   event->mods & MOD_SHIFT ? "S-" : "", input_key_name(event->key));
        break;
    case INPUT_CHAR:
        if (event->mods & MOD_ALT)
            g_string_append(out, "M-");
        g_string_append_unichar(out, event->c);
        break;
    case INPUT_SCAN:
        g_string_append_printf(out, "scan(%s)", event->text);
        break;
    case INPUT_PASTE:
        g_string_append_printf(out, "paste(%s)", event->text);
        break;
    case INPUT_MOUSE:
        g_string_append_printf(out, "%s(%d,%d)", event->wheel < 0 ? "up" : event->wheel > 0 ? "down" : "click", event->row,
                               event->col);
        break;
    case INPUT_REPORT:
        g_string_append_printf(out, "at(%d,%d)", event->row, event->col);
        break;
    case INPUT_RESIZE:
        g_string_append(out, "resize");
        break;
    }
}

static char *drain(struct input *input)
{
    GString *out = g_string_new(NULL);
    struct input_event event;
    while (input_next(input, &event)) {
        describe(out, &event);
        input_event_clear(&event);
    }
    return g_string_free(out, FALSE);
}

struct step {
    const char *bytes; /* NULL: only the wait */
    int wait_ms;       /* after the bytes */
};

struct script {
    const char *name;
    const char *expected;
    struct step steps[6];
};

static const struct script SCRIPTS[] = {
    {"/input/scan/cr", "scan(4710088412345)", {{"4710088412345\r", 0}}},
    {"/input/scan/crlf", "scan(4710088412345) scan(ABCDEF)", {{"4710088412345\r\nABCDEF\r\n", 0}}},
    {"/input/scan/tab", "scan(4710088412345)", {{"4710088412345\t", 0}}},
    {"/input/scan/slow-enough", "scan(471008)", {{"471", 29}, {"008", 29}, {"\r", 0}}},
    {"/input/scan/short", "scan(T-07) 1 2 3 <Enter>", {{"T-07\r123\r", 0}}},
    {"/input/scan/aim", "scan(]C1ABC)", {{"]C1", 200}, {"ABC\r", 0}}},
    {"/input/scan/stx",
     "scan(AB)",
     {{"\x02"
       "AB\x03",
       0}}},
    {"/input/scan/gs",
     "scan(0104710\x1d"
     "10LOT)",
     {{"0104710\x1d"
       "10LOT\r",
       0}}},
    {"/input/scan/fs-rs",
     "scan([)>\x1e"
     "06\x1d"
     "ABC\x04)",
     {{"[)>\x1e"
       "06\x1d"
       "ABC\x04\r",
       0}}},
    {"/input/scan/bad-byte",
     "scan(\xEF\xBF\xBD"
     "ABCDEF) scan(GHIJKL)",
     {{"\xFF"
       "ABCDEF\rGHIJKL\r",
       0}}},
    {"/input/scan/cut-utf8",
     "scan(ABC\xEF\xBF\xBD"
     "DEF)",
     {{"ABC\xE4\xB8"
       "DEF\r",
       0}}},
    {"/input/scan/nul",
     "scan(ABC\xEF\xBF\xBD"
     "DEF)",
     {{NULL, 0}}}, /* bytes with NUL: see run() */
    {"/input/scan/ime", "scan(ㄅㄉˇˋㄓˊ)", {{"ㄅㄉˇˋㄓˊ\r", 0}}},
    {"/input/scan/full-width", "scan(１２３４５６)", {{"１２３４５６\r", 0}}},
    {"/input/scan/burst", "scan(AAAAAA) scan(BBBBBB) scan(CCCCCC)", {{"AAAAAA\rBBBBBB\rCCCCCC\r", 0}}},
    /* Half a code is never a scan: what came slowly is one typed line. */
    {"/input/scan/stalled",
     "A B C D E F G H I J K L <Enter> scan(MNOPQR)",
     {{"ABCDEF", 500}, {"GHIJKL\r", 0}, {"MNOPQR\r", 0}}},
    {"/input/scan/after-old-typing", "a scan(GHIJKL)", {{"a", 3000}, {"GHIJKL\r", 0}}},
    {"/input/scan/after-separator", "\x1c <Ctrl-S> scan(GHIJKL)", {{"\x1c\x13GHIJKL\r", 0}}},
    {"/input/scan/after-esc", "a <Esc> scan(GHIJKL)", {{"a", 50}, {"\033", 50}, {"GHIJKL\r", 0}}},
    {"/input/scan/right-after-esc",
     "<Esc> scan(4710088)",
     {{"\033"
       "4710088\r",
       0}}},
    {"/input/scan/after-key", "<F4> scan(4710088)", {{"\033OS4710088\r", 0}}},
    {"/input/typed", "a b <Enter>", {{"a", 90}, {"b", 90}, {"\r", 0}}},
    {"/input/typed/han", "王 <Enter>", {{"王", 90}, {"\r", 0}}},
    {"/input/typed/held", "", {{"a", 20}}},
    {"/input/utf8/overlong", "\xEF\xBF\xBD \xEF\xBF\xBD", {{"\xC0\xAF", 50}}},
    {"/input/utf8/surrogate", "\xEF\xBF\xBD", {{"\xED\xA0\x80", 50}}},
    {"/input/utf8/c1", "\xEF\xBF\xBD", {{"\xC2\x9B", 50}}},
    {"/input/utf8/lost-end", "\xEF\xBF\xBD", {{"\xE4\xB8", 50}}},
    {"/input/key/f1-linux", "<F1>", {{"\033[[A", 0}}},
    {"/input/key/f1-xterm", "<F1>", {{"\033OP", 0}}},
    {"/input/key/f1-putty", "<F1>", {{"\033[11~", 0}}},
    {"/input/key/f2-f12", "<F2> <F5> <F6> <F12>", {{"\033OQ\033[15~\033[17~\033[24~", 0}}},
    {"/input/key/arrows", "<Up> <Down> <Left> <Right>", {{"\033[A\033OB\033[D\033OC", 0}}},
    {"/input/key/home",
     "<Home> <Home> <End> <End> <PgUp> <PgDn>",
     {{"\033[H\033[1~\033[F\033[4~\033[5~\033[6~", 0}}},
    {"/input/key/mods", "<C-Up> <S-F5>", {{"\033[1;5A\033[15;2~", 0}}},
    {"/input/key/backtab", "<Shift-Tab> <Backspace> <Backspace>", {{"\033[Z\x7f\x08", 0}}},
    {"/input/key/ctrl", "<Ctrl-L> <Ctrl-C> <Ctrl-Z>", {{"\x0c\x03\x1a", 0}}},
    {"/input/key/split", "<F5>", {{"\033", 5}, {"[1", 50}, {"5", 50}, {"~", 0}}},
    {"/input/key/unknown", "x <Enter>", {{"\033[?62;1c\033[99~x\r", 0}}},
    {"/input/key/alt",
     "M-4",
     {{"\033"
       "4",
       40}}},
    {"/input/esc/lone", "<Esc>", {{"\033", 25}}},
    {"/input/esc/too-soon", "", {{"\033", 24}}},
    {"/input/esc/twice", "<Esc> <Esc>", {{"\033\033", 25}}},
    {"/input/esc/bracket-typed", "<Esc> [", {{"\033[", 200}}},
    {"/input/esc/enter", "<Esc> <Enter>", {{"\033\r", 0}}},
    {"/input/paste", "paste(a\nb)", {{"\033[200~a\nb\033[201~", 0}}},
    {"/input/paste/lost-end", "paste(ABCDEF\r) scan(GHIJKL)", {{"\033[200~ABCDEF\r", 500}, {"GHIJKL\r", 0}}},
    {"/input/mouse/click", "click(4,9)", {{"\033[<0;10;5M\033[<0;10;5m", 0}}},
    {"/input/mouse/shift", "click(0,0)", {{"\033[<4;1;1M", 0}}},
    {"/input/mouse/wheel", "up(1,2) down(1,2)", {{"\033[<64;3;2M\033[<65;3;2M", 0}}},
    {"/input/mouse/others", "a", {{"\033[<2;3;2M\033[<35;3;2M\033[<0;0;2M\033[<0M", 0}, {"a", 100}}},
    {"/input/mouse/old", "a", {{"\033[M !!\033[M\xC0\xFF\x01", 0}, {"a", 100}}},
    {"/input/mouse/old-broken", "a", {{"\033[M ", 150}, {"a", 100}}},
    {"/input/mouse/in-a-scan", "click(4,9) scan(4710000000017)", {{"47100", 10}, {"\033[<0;10;5M", 10}, {"00000017\r", 0}}},
    {"/input/mouse/in-a-burst", "up(1,2) scan(ABCDEF) down(1,2) scan(GHIJKL)",
     {{"ABC\033[<64;3;2MDEF\rGHI\033[<65;3;2MJKL\r", 0}}},
    {"/input/mouse/in-a-prefix", "click(0,0) scan(]C1ABC)", {{"]C1", 100}, {"\033[<0;1;1M", 100}, {"ABC\r", 0}}},
    {"/input/mouse/while-typing", "a click(0,0) b <Enter>", {{"a", 50}, {"\033[<0;1;1M", 10}, {"b", 50}, {"\r", 0}}},
    {"/input/mouse/holds-nothing-up", "up(1,2) a up(1,2)", {{"a", 20}, {"\033[<64;3;2M", 20}, {"\033[<64;3;2M", 0}}},
    {"/input/key-in-a-scan", "A B C <Up> D E F <Enter>", {{"ABC\033[ADEF\r", 0}}},
    {"/input/paste/bad", "paste(\xEF\xBF\xBD)", {{"\033[200~\xFF\033[201~", 0}}},
    {"/input/report", "at(0,1)", {{"\033[1;2R", 0}}},
};

static void run(gconstpointer data)
{
    const struct script *script = data;
    struct input *input = input_new(25);
    int64_t now_ms = 1000;
    for (size_t i = 0; i < G_N_ELEMENTS(script->steps); i++) {
        const struct step *step = &script->steps[i];
        if (step->bytes)
            input_feed(input, step->bytes, strlen(step->bytes), now_ms);
        else if (i == 0)
            input_feed(input, "ABC\0DEF\r", 8, now_ms);
        now_ms += step->wait_ms;
        if (step->wait_ms)
            input_tick(input, now_ms);
    }
    char *got = drain(input);
    g_assert_cmpstr(got, ==, script->expected);
    g_free(got);
    input_free(input);
}

/* The same bytes one at a time give the same events: nothing depends on how reads are cut. */
static void run_cut(gconstpointer data)
{
    const struct script *script = data;
    struct input *input = input_new(25);
    int64_t now_ms = 1000;
    for (size_t i = 0; i < G_N_ELEMENTS(script->steps); i++) {
        const struct step *step = &script->steps[i];
        for (const char *p = step->bytes; p && *p; p++)
            input_feed(input, p, 1, now_ms);
        now_ms += step->wait_ms;
        if (step->wait_ms)
            input_tick(input, now_ms);
    }
    char *got = drain(input);
    if (script->steps[0].bytes)
        g_assert_cmpstr(got, ==, script->expected);
    g_free(got);
    input_free(input);
}

static void test_long_line(void)
{
    struct input *input = input_new(25);
    for (int i = 0; i < 3 * INPUT_LINE_MAX; i++)
        input_feed(input, "A", 1, 0);
    input_feed(input, "\r", 1, 0);
    struct input_event event;
    g_assert_true(input_next(input, &event));
    g_assert_cmpint(event.type, ==, INPUT_SCAN);
    g_assert_cmpuint(strlen(event.text), ==, INPUT_LINE_MAX);
    input_event_clear(&event);
    g_assert_false(input_next(input, &event));
    input_free(input);
}

/* What is held, and for how long: nothing waits when nothing is held. */
static void test_deadline(void)
{
    struct input *input = input_new(80);
    g_assert_cmpint(input_deadline(input), ==, -1);
    input_feed(input, "\033", 1, 100);
    g_assert_cmpint(input_deadline(input), ==, 180);
    input_tick(input, 180);
    g_assert_cmpint(input_deadline(input), ==, -1);
    input_feed(input, "a", 1, 200);
    g_assert_cmpint(input_deadline(input), ==, 200 + INPUT_GAP_MS);
    input_tick(input, 230);
    g_assert_cmpint(input_deadline(input), ==, -1);
    char *got = drain(input);
    g_assert_cmpstr(got, ==, "<Esc> a");
    g_free(got);
    input_free(input);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(SCRIPTS); i++) {
        char *cut = g_strconcat("/cut", SCRIPTS[i].name, NULL);
        g_test_add_data_func(SCRIPTS[i].name, &SCRIPTS[i], run);
        g_test_add_data_func(cut, &SCRIPTS[i], run_cut);
        g_free(cut);
    }
    g_test_add_func("/input/long-line", test_long_line);
    g_test_add_func("/input/deadline", test_deadline);
    return g_test_run();
}
