/* SPDX-License-Identifier: MIT */
#include "core/apply/event_row.h"

#include <sodium.h>
#include <string.h>

#include "core/base/words.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum { FIND, FACTS_STAND, INSERT, REMARK_INSERT, DIFFERENCE_INSERT };

static const struct sql SQL[] = {
    [FIND] = {"event_find", "SELECT key, digest, outcome, code, text, COALESCE(shipment_id, 0), COALESCE(subject_id, 0), "
                            "state, request, arguments FROM event WHERE key {in:$1}"},
    [FACTS_STAND] = {"facts_stand", "SELECT 1 WHERE " FACTS_OF("$1") " = $2"},
    [INSERT] = {"event_insert", "INSERT INTO event (key, kind, digest, outcome, code, text, shipment_id, subject_id, state, "
                                "at, request, asked, arguments) VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12)"},
    [REMARK_INSERT] = {"remark_insert", "INSERT INTO remark (event_key, text, salt) VALUES ($1, $2, $3)"},
    [DIFFERENCE_INSERT] = {"difference_insert", "INSERT INTO difference (subject_id, version, event_key, content) "
                                                "VALUES ($1, $2, $3, $4)"},
};

int64_t event_digest(const struct event *ev)
{
#define MEMBER(name) ev->name,
    const int64_t numbers[] = {(int64_t)ev->kind, ev->actor.person_id, EVENT_NUMBERS(MEMBER) (int64_t)ev->block,
                               (int64_t)ev->code};
    const char *const texts[] = {EVENT_TEXTS(MEMBER)};
#undef MEMBER
    /* a member that stands in no list says nothing of what was to happen, or is named here */
    G_STATIC_ASSERT(sizeof *ev == 3 * sizeof ev->key + sizeof ev->members + sizeof ev->kind + sizeof ev->block + sizeof ev->code + 4 +
                                      sizeof ev->actor + sizeof numbers - 4 * sizeof *numbers + sizeof texts);
    crypto_generichash_state state;
    int64_t digest = 0;
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof numbers);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        crypto_generichash_update(&state, (const unsigned char *)(texts[i] ? texts[i] : ""),
                                  texts[i] ? strlen(texts[i]) + 1 : 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(&digest, hash, sizeof digest);
    return digest & INT64_MAX;
}

static const char *const VERDICTS[] = {[VERDICT_DONE] = "done", [VERDICT_REFUSED] = "refused",
                                       [VERDICT_CONFLICT] = "conflict"};

/* Of an event from before the words are all there is. */
static void read_text(struct rows *rows, struct outcome *out)
{
    if (rows_is_null(rows, 9)) {
        ROWS_COPY(out->text, rows, 4);
    } else if (out->verdict != VERDICT_DONE) {
        g_autofree char *text = err_text_joined(out->code, rows_text(rows, 9));
        clean_copy(out->text, sizeof out->text, text);
    }
}

static void read_found(struct rows *rows, void *data)
{
    struct found *found = data;
    struct outcome *out = &found->outcome;
    found->key = rows_int(rows, 0);
    found->digest = rows_int(rows, 1);
    out->verdict = (enum verdict)WORDS_PARSE(VERDICTS, rows_text(rows, 2), VERDICT_DONE);
    out->repeated = TRUE;
    out->code = (enum err)rows_int(rows, 3);
    read_text(rows, out);
    out->shipment_id = rows_int(rows, 5);
    out->subject_id = rows_int(rows, 6);
    out->state = flow_state_parse(rows_text(rows, 7));
    out->request = rows_int(rows, 8);
}

struct rows *events_ask(struct db *db, const int64_t *keys, size_t n, GError **error)
{
    if (n == 1)
        return db_ask_one(db, &SQL[FIND], DB_ARGS(keys[0]), error);
    g_autofree char *list = db_id_list(keys, n);
    return db_ask(db, &SQL[FIND], DB_ARGS(list), error);
}

GArray *events_read(struct rows *rows, GError **error)
{
    return rows_list(rows, sizeof(struct found), read_found, error);
}

void remark_digest(const char *text, const unsigned char salt[static REMARK_SALT],
                   unsigned char digest[static REMARK_DIGEST])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, REMARK_DIGEST);
    crypto_generichash_update(&state, salt, REMARK_SALT);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, digest, REMARK_DIGEST);
}

gboolean facts_stand(struct site *site, int64_t facts, GError **error)
{
    return db_must_change(site->db, &SQL[FACTS_STAND], DB_ARGS(site->warehouse_id, facts), 1, error);
}

gboolean event_insert(struct site *site, const struct event *ev, const GByteArray *asked, const struct outcome *out,
                      const char *arguments, int64_t now, GError **error)
{
    return db_put(site->db, &SQL[INSERT],
                  DB_ARGS(ev->key, flow_event_name(ev->kind), event_digest(ev), VERDICTS[out->verdict],
                          (int64_t)out->code, db_ref(out->shipment_id), db_ref(out->subject_id),
                          flow_state_name(out->state), now, ev->request, db_blob(asked->data, asked->len), arguments),
                  FALSE, error);
}

void event_seal(GByteArray *to, const struct event_sealed *row)
{
    const int64_t numbers[] = {row->digest, row->code, row->shipment_id, row->subject_id, row->at, row->request};
    const char *const texts[] = {row->outcome, row->state, row->arguments};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        char text[24];
        int length = g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT "\x1f", numbers[i]);
        g_byte_array_append(to, (const guint8 *)text, (guint)length);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_byte_array_append(to, (const guint8 *)texts[i], (guint)strlen(texts[i]) + 1);
    if (row->moves)
        g_byte_array_append(to, row->moves, MOVES_DIGEST);
}

void event_seal_own(GByteArray *to, const struct event *ev, const struct outcome *out, const char *arguments, int64_t now,
                    const unsigned char *moves)
{
    event_seal(to, &(struct event_sealed){event_digest(ev), (int64_t)out->code, out->shipment_id, out->subject_id, now,
                                          ev->request, VERDICTS[out->verdict], flow_state_name(out->state), arguments, moves});
}

void moves_digest(unsigned char digest[static MOVES_DIGEST], const struct goods_move *move, const char *remark)
{
    const int64_t numbers[] = {move->id, move->product_id, move->lot_id, move->quantity, move->from_id, move->to_id,
                               move->shipment_id, move->person_id, move->at};
    const char *const texts[] = {move->kind, !remark || strcmp(move->reason, remark) == 0 ? "" : move->reason};
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, MOVES_DIGEST);
    crypto_generichash_update(&state, digest, MOVES_DIGEST);
    crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof numbers);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        crypto_generichash_update(&state, (const unsigned char *)texts[i], strlen(texts[i]) + 1);
    crypto_generichash_final(&state, digest, MOVES_DIGEST);
}

gboolean remark_insert(struct site *site, const struct event *ev, const unsigned char salt[static REMARK_SALT],
                       GError **error)
{
    return db_put(site->db, &SQL[REMARK_INSERT], DB_ARGS(ev->key, ev->reason, db_blob(salt, REMARK_SALT)), FALSE, error);
}

gboolean difference_insert(struct site *site, int64_t subject_id, int64_t version, int64_t key, const GByteArray *content,
                           GError **error)
{
    return db_put(site->db, &SQL[DIFFERENCE_INSERT],
                  DB_ARGS(subject_id, version, key, db_blob(content->data, content->len)), FALSE, error);
}
