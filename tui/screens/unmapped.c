/* SPDX-License-Identifier: MIT
 *
 * Listings that lead to no product: their orders wait. Mapping one once frees them all. Scan or type the
 * product; for a kit several with a blank between, "SKU*3" for three of it.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/intake/map.h"
#include "tui/screens/screens.h"

enum { ACT_MAP_IT = 1, PARTS_MAX = 16 };

static const struct key_row KEYS[] = {
    {K_ENTER, ACT_MAP_IT, "map", N_("map"), N_("The chosen listing is what was typed or scanned"), KEY_FOOTER},
    {K_ESC, ACT_BACK, "back", N_("back"), N_("Back to the queue"), KEY_FOOTER},
    {0},
};

static const struct list_column COLUMNS[] = {
    {N_("shop"), 8, 0, TEXT_LEFT, 0, LIST_STRING(struct unmapped, shop)},
    {N_("shop's SKU"), 16, 0, TEXT_LEFT, 0, LIST_STRING(struct unmapped, sku)},
    {N_("title"), 20, 2, TEXT_LEFT, 0, LIST_STRING(struct unmapped, title)},
    {N_("variant"), 10, 1, TEXT_LEFT, 0, LIST_STRING(struct unmapped, variant)},
    {N_("orders"), 6, 0, TEXT_RIGHT, 0, LIST_NUMBER(struct unmapped, orders)},
};

static const struct list_ops LIST = {COLUMNS, G_N_ELEMENTS(COLUMNS), 0, offsetof(struct unmapped, listing_id), 0};

static void *unmapped_load(struct session *session, const void *question, GError **error)
{
    (void)question;
    return map_list(session->site, NULL, error);
}

static void unmapped_lists(const struct place *place, struct lists *lists)
{
    const GPtrArray *rows = place->snapshot;
    struct rect body = place->body;
    struct rect rect = {body.row + 2, 0, body.rows - 2, body.cols};
    lists->views[lists->count++] =
        list_whole(&LIST, place->state, rect, rows ? rows->pdata : NULL, rows ? (int)rows->len : 0);
}

static void unmapped_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    const GPtrArray *rows = place->snapshot;
    if (rows)
        canvas_field(canvas, body.row, 1, canvas->cols - 2, TEXT_LEFT, rows->len ? INK_STRONG : INK_GOOD,
                     rows->len ? _("Which product is it? Scan or type it, then Enter. A kit: SKU SKU*2")
                               : _("Every listing leads to a product"));
}

/* --- mapping -------------------------------------------------------------------------------------------- */

struct map_task {
    struct task task; /* first */
    int64_t listing_id;
    char *text;
    struct map_result result;
};

static void map_clear(struct task *task)
{
    g_free(((struct map_task *)task)->text);
}

static gboolean map_work(struct task *task, struct session *session, GError **error)
{
    struct map_task *map = (struct map_task *)task;
    struct listing_part parts[PARTS_MAX];
    size_t count = 0;
    gboolean ok = TRUE;
    g_auto(GStrv) words = g_strsplit(map->text, " ", PARTS_MAX);
    for (int i = 0; ok && words[i]; i++)
        if (words[i][0])
            ok = map_parse_part(session->site, words[i], &parts[count++], error);
    return ok && map_set(session->site, station_actor(session->station), map->listing_id, parts, count,
                         &map->result, error);
}

static struct request map_done(struct task *task)
{
    const struct map_result *result = &((const struct map_task *)task)->result;
    return request_told(g_strdup_printf(_("%d orders got their lines, %d were released"), (int)result->filled,
                                        (int)result->released), TRUE);
}

static const struct task_ops MAP_OPS = {map_work, map_done, map_clear};

/* What is typed is for the listing that is selected. */
static struct request map_it(const struct place *place, const char *text)
{
    int64_t listing_id = ((const struct list *)place->state)->selected_id;
    if (!listing_id || !text[0])
        return request_of(REQUEST_NONE);
    struct map_task *map = task_new(sizeof *map, &MAP_OPS);
    map->text = g_strdup(text);
    map->listing_id = listing_id;
    struct request request = request_run(&map->task);
    request.clear_field = TRUE;
    return request;
}

static struct request unmapped_handle(struct place *place, const struct happening *happening)
{
    const struct input_event *input = happening->input;
    if (happening->action == ACT_MAP_IT)
        return map_it(place, place->field);
    if (input && input->type == INPUT_SCAN)
        return map_it(place, input->text);
    return request_of(REQUEST_DRAW);
}

static void snapshot_free(void *data)
{
    g_ptr_array_unref(data);
}

const struct screen SCREEN_UNMAPPED = {
    .id = "unmapped",
    .title = N_("Unmapped listings"),
    .flags = SCREEN_SEARCH | SCREEN_LIST | SCREEN_OWN_SCANS,
    .keys = KEYS,
    .state_size = sizeof(struct list),
    .load = unmapped_load,
    .snapshot_free = snapshot_free,
    .lists = unmapped_lists,
    .draw = unmapped_draw,
    .handle = unmapped_handle,
    .hint = N_("SKU or product code"),
};
