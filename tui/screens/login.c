/* SPDX-License-Identifier: MIT
 *
 * Logging in: scan the badge, type the PIN. Nothing else works before. And coming back to a station that was locked: of the
 * floor only the head of the queue is shown meanwhile, and of the work nothing.
 */
#include "core/base/translate.h"
#include "tui/screens/queue_inner.h"
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

static void draw_box(const struct place *place, struct canvas *canvas, struct rect body, const char *badge, const char *hint)
{
    enum { ROWS = 9, COLS = 56 };
    struct rect box = {body.row + MAX((body.rows - ROWS) / 2, 0), (canvas->cols - COLS) / 2, ROWS, COLS};
    canvas_box(canvas, box, INK_LINE, NULL);
    if (!place->view) {
        canvas_field(canvas, box.row + 4, box.col + 2, COLS - 4, TEXT_CENTRE, INK_DIM, _("opening the database..."));
        return;
    }
    canvas_field(canvas, box.row + 2, box.col + 2, COLS - 4, TEXT_CENTRE, INK_INFO, place->view->warehouse);
    canvas_field(canvas, box.row + 4, box.col + 2, COLS - 4, TEXT_CENTRE, INK_STRONG,
                 wants_pin(place) ? _("Type your PIN, then Enter") : badge);
    if (hint && hint[0])
        canvas_field(canvas, box.row + 6, box.col + 2, COLS - 4, TEXT_CENTRE, INK_DIM, hint);
}

static void login_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    draw_box(place, canvas, body, _("Scan your badge"), place->snapshot);
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

static void *locked_load(struct session *session, const void *question, GError **error)
{
    (void)question;
    return queue_view_load(session->site, &(struct queue_question){.only = QUEUE_ANY}, error);
}

static void locked_free(void *snapshot)
{
    queue_view_free(snapshot);
}

static void locked_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const struct queue_view *view = place->snapshot;
    g_autofree char *badge = g_strdup_printf(_("Locked: %s, scan your badge"), place->view ? place->view->person : "");
    if (view)
        queue_draw_counts(&view->counts, canvas, body.row);
    canvas_hline(canvas, body.row + 1, 0, canvas->cols, INK_LINE);
    struct rect below = {body.row + 2, body.col, body.rows - 2, body.cols};
    draw_box(place, canvas, below, badge, _("Work stays open; others log in with their PIN"));
}

const struct screen SCREEN_LOCKED = {
    .id = "locked",
    .title = N_("Locked"),
    .flags = SCREEN_SCAN | SCREEN_PUBLIC,
    .keys = KEYS,
    .load = locked_load,
    .snapshot_free = locked_free,
    .draw = locked_draw,
    .handle = login_handle,
    .prompt = login_prompt,
    .masked = wants_pin,
};
