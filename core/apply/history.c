/* SPDX-License-Identifier: MIT */
#include "core/apply/history.h"

#include <string.h>

#include "core/apply/subject.h"
#include "core/db/rows.h"

/* Subjects that are given away at once, and differences that are read at once. */
enum { SUBJECTS = 400, PAGE = 4000 };

static const struct sql DIFFERENCES = {
    "history_differences", "SELECT d.subject_id, d.version, d.event_key, d.content, COALESCE(m.text, ''), "
                           "m.erased_at FROM difference d LEFT JOIN remark m ON m.event_key = d.event_key "
                           "WHERE (d.subject_id, d.version) > ($1, $2) "
                           "ORDER BY d.subject_id, d.version LIMIT $3"};

struct folding {
    struct db *db;
    const struct history *history;
    struct fold fold;
    GArray *ids; /* subjects that are folded and not given away yet */
    GArray *standing; /* the same of those with a digest */
    int64_t subject_id, version;
    gboolean stands; /* so far the last of them */
};

static void read_version(struct rows *rows, void *data)
{
    struct version *one = data;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 3, &length);
    *one = (struct version){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), g_bytes_new(bytes, length),
                            g_strdup(rows_text(rows, 4)), !rows_is_null(rows, 5)};
}

static void version_clear(gpointer data)
{
    struct version *one = data;
    g_bytes_unref(one->content);
    g_free(one->reason);
}

static gboolean give_away(struct folding *folding, GError **error)
{
    const struct history *history = folding->history;
    gboolean done = folding->ids->len == 0 || history->subjects(folding->fold.own, folding->ids, history->data, error);
    done = done && (folding->standing->len == 0 || !history->standing ||
                    history->standing(folding->standing, history->data, error));
    g_array_set_size(folding->ids, 0);
    g_array_set_size(folding->standing, 0);
    dossier_free(folding->fold.own);
    folding->fold.own = dossier_new();
    return done;
}

static gboolean stand(struct folding *folding, const struct version *one, const struct difference_parts *parts, gboolean first)
{
    struct standing standing = {one->subject_id, one->version, {0}};
    memcpy(standing.digest, parts->digest, DIFFERENCE_DIGEST);
    if (first)
        g_array_append_val(folding->standing, standing);
    folding->stands = first;
    return first;
}

/* What stood before the first change of a subject that has stood by its digest. */
static gboolean begin_from(struct folding *folding, const struct version *one, const struct difference_parts *parts)
{
    guint last = folding->standing->len - 1;
    guint8 digest[DIFFERENCE_DIGEST];
    subject_digest(parts->before, parts->before_length, digest);
    if (memcmp(digest, g_array_index(folding->standing, struct standing, last).digest, sizeof digest) != 0)
        folding->history->fault(one->subject_id, one->version - 1, "is not what stood there before the next", folding->history->data);
    g_array_set_size(folding->standing, last);
    g_array_append_val(folding->ids, one->subject_id);
    folding->stands = FALSE;
    return difference_fold(&folding->fold, parts->before, parts->before_length, one->subject_id, "");
}

static gboolean take_changes(struct folding *folding, const struct version *one, const struct difference_parts *parts)
{
    const struct history *history = folding->history;
    if (!history->version)
        return difference_fold(&folding->fold, parts->changes, parts->changes_length, one->key, one->reason);
    struct version changes = *one;
    changes.content =
        g_bytes_new_from_bytes(one->content, g_bytes_get_size(one->content) - parts->changes_length, parts->changes_length);
    gboolean folded = history->version(&folding->fold, &changes, history->data);
    g_bytes_unref(changes.content);
    return folded;
}

static gboolean take(struct folding *folding, const struct version *one, gboolean first)
{
    struct difference_parts parts;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(one->content, &length);
    if (!difference_parts(bytes, length, &parts))
        return FALSE;
    if (parts.digest)
        return stand(folding, one, &parts, first);
    if (folding->stands != (parts.before != NULL))
        return FALSE;
    if (parts.before && !begin_from(folding, one, &parts))
        return FALSE;
    if (first)
        g_array_append_val(folding->ids, one->subject_id);
    return take_changes(folding, one, &parts);
}

/* The first version of a subject is where its history begins; none may be left out after it. */
static gboolean fold_one(struct folding *folding, const struct version *one, GError **error)
{
    const struct history *history = folding->history;
    gboolean first = one->subject_id != folding->subject_id;
    if (first && folding->ids->len + folding->standing->len >= SUBJECTS && !give_away(folding, error))
        return FALSE;
    if (!first && one->version != folding->version + 1)
        history->fault(one->subject_id, folding->version + 1, "is missing", history->data);
    folding->stands = !first && folding->stands;
    folding->subject_id = one->subject_id;
    folding->version = one->version;
    if (!take(folding, one, first))
        history->fault(one->subject_id, one->version, "can't be read", history->data);
    return TRUE;
}

static gboolean tell_coming(const struct history *history, const GArray *page, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < page->len; i++) {
        int64_t id = g_array_index(page, struct version, i).subject_id;
        if (ids->len == 0 || g_array_index(ids, int64_t, ids->len - 1) != id)
            g_array_append_val(ids, id);
    }
    return !history->coming || ids->len == 0 || history->coming(ids, history->data, error);
}

static gboolean fold_page(struct folding *folding, guint *count, GError **error)
{
    struct rows *rows = db_query(folding->db, &DIFFERENCES, DB_ARGS(folding->subject_id, folding->version, PAGE), error);
    g_autoptr(GArray) page = rows_list(rows, sizeof(struct version), read_version, error);
    *count = page ? page->len : 0;
    if (!page)
        return FALSE;
    g_array_set_clear_func(page, version_clear);
    if (!tell_coming(folding->history, page, error))
        return FALSE;
    for (guint i = 0; i < page->len; i++)
        if (!fold_one(folding, &g_array_index(page, struct version, i), error))
            return FALSE;
    return TRUE;
}

gboolean history_fold(struct db *db, const struct history *history, struct dossier *shared, GError **error)
{
    struct folding folding = {.db = db, .history = history, .fold = {dossier_new(), shared}, .subject_id = -1,
                              .ids = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                              .standing = g_array_new(FALSE, FALSE, sizeof(struct standing))};
    guint count;
    gboolean done;
    do
        done = fold_page(&folding, &count, error);
    while (done && count == PAGE);
    done = done && give_away(&folding, error);
    dossier_free(folding.fold.own);
    g_array_unref(folding.ids);
    g_array_unref(folding.standing);
    return done;
}
