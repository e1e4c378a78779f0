/* SPDX-License-Identifier: MIT
 *
 * Logging in: scan the badge, type the PIN. Nothing else works before.
 */
#include "core/base/translate.h"
#include "tui/screens/screens.h"

static const struct key_row KEYS[] = {
    {K_F10, ACT_QUIT, "quit", N_("quit"), N_("Close the program"), KEY_FOOTER},
    {0},
};

static void *login_load(struct session *session, const void *question, GError **error)
{
    (void)question, (void)error;
    gboolean is_known = session->site->is_demo && !session->site->copy_of_at; /* a copy has no PINs */
    const char *hint = is_known ? g_hash_table_lookup(session->site->settings, "demo_login") : NULL;
    return g_strdup(hint ? hint : "");
}

static gboolean wants_pin(const struct place *place)
{
    return place->view && place->view->last.kind == ANSWER_ASK;
}

static void login_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    enum { ROWS = 9, COLS = 56 };
    struct rect box = {body.row + MAX((body.rows - ROWS) / 2, 0), (canvas->cols - COLS) / 2, ROWS, COLS};
    canvas_box(canvas, box, INK_LINE, NULL);
    if (!place->view) {
        canvas_field(canvas, box.row + 4, box.col + 2, COLS - 4, TEXT_CENTRE, INK_DIM, _("opening the database..."));
        return;
    }
    const char *hint = place->snapshot;
    canvas_field(canvas, box.row + 2, box.col + 2, COLS - 4, TEXT_CENTRE, INK_INFO, place->view->warehouse);
    canvas_field(canvas, box.row + 4, box.col + 2, COLS - 4, TEXT_CENTRE, INK_STRONG,
                 wants_pin(place) ? _("Type your PIN, then Enter") : _("Scan your badge"));
    if (hint && hint[0])
        canvas_field(canvas, box.row + 6, box.col + 2, COLS - 4, TEXT_CENTRE, INK_DIM, hint);
}

static struct request login_handle(struct place *place, const struct happening *happening)
{
    const struct input_event *event = happening->input;
    if (input_is_key(event, K_ESC) && wants_pin(place))
        return request_station(CMD_BACK, NULL);
    return request_of(REQUEST_DRAW);
}

static const char *login_prompt(const struct place *place)
{
    return wants_pin(place) ? _("PIN") : _("badge");
}

const struct screen SCREEN_LOGIN = {
    .id = "login",
    .title = N_("Log in"),
    .flags = SCREEN_SCAN | SCREEN_PUBLIC,
    .keys = KEYS,
    .load = login_load,
    .snapshot_free = g_free,
    .draw = login_draw,
    .handle = login_handle,
    .prompt = login_prompt,
    .masked = wants_pin,
};
