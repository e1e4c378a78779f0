/* SPDX-License-Identifier: MIT
 *
 * The journal against the flow's tables and against its own hashes.
 */
#include <string.h>

#include "core/apply/act.h"
#include "core/apply/event_row.h"
#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/flow/difference.h"
#include "core/flow/flow.h"
#include "core/flow/transition.h"
#include "core/people/role.h"
#include "core/site/journal.h"

enum { ROWS, HEAD, MOVES, REMARKS };

static const struct sql SQL[] = {
    [ROWS] = {"check_journal_rows",
              "SELECT j.writer, j.sequence, j.at, j.event_key, j.event, j.machine, j.subject_id, j.from_state, j.to_state, "
              "j.shipment_id, j.version, j.person_id, j.approver_id, j.station_id, j.code, j.detail, j.hash, "
              "COALESCE(e.kind, ''), d.content, e.asked, j.seals, e.arguments, e.digest, "
              "e.outcome, e.code, e.shipment_id, e.subject_id, e.state, e.at, e.request, m.text, m.salt, m.erased_at "
              "FROM journal j LEFT JOIN event e ON e.key = j.event_key LEFT JOIN remark m ON m.event_key = e.key "
              "LEFT JOIN difference d ON d.subject_id = COALESCE(j.shipment_id, j.subject_id, j.event_key) "
              "AND d.version = j.version AND d.event_key = j.event_key ORDER BY j.writer, j.sequence"},
    [MOVES] = {"check_moves_of_events",
               "SELECT s.event_key, s.id, s.product_id, s.lot_id, s.quantity, s.from_id, s.to_id, s.shipment_id, s.person_id, s.at, "
               "s.kind, s.reason, COALESCE(m.text, ''), m.erased_at FROM stock_move s LEFT JOIN remark m "
               "ON m.event_key = s.event_key ORDER BY s.event_key, s.id"},
    [REMARKS] = {"check_remarks_of_none", "SELECT m.event_key FROM remark m WHERE NOT EXISTS (SELECT 1 FROM event e "
                                          "WHERE e.key = m.event_key) LIMIT 21"},
    [HEAD] = {"check_writer_heads", "SELECT slot, head FROM writer WHERE sequence > 0"},
};

/* --- what the flow's tables allow ------------------------------------------------------------------------ */

gboolean change_is_allowed(struct rows *rows)
{
    enum machine machine = flow_machine_parse(rows_text(rows, 0));
    enum event_kind event = flow_event_parse(rows_text(rows, 2));
    enum state from = flow_state_parse(rows_text(rows, 1)), to = flow_state_parse(rows_text(rows, 3));
    return machine != MACHINE_NONE && event != EV_NONE && flow_leads(machine, from, event, to);
}

/* A role is given once, with the person, so the role of now is the role of then, if role-kept holds. */
gboolean act_is_rightful(struct rows *rows)
{
    enum event_kind kind = flow_event_parse(rows_text(rows, 0));
    enum permission needs = kind == EV_NONE ? MAY_WORK : flow_permission(kind);
    return role_may(role_parse(rows_text(rows, 1)), needs) || role_may(role_parse(rows_text(rows, 2)), needs);
}

/* --- the reasons that people gave --------------------------------------------------------------------------- */

/* What an event was asked ends with the digest of its reason, which stands in a row that may be forgotten. */
static void check_remark(struct checker *checker, struct rows *rows)
{
    size_t length = 0, salt_length = 0;
    const unsigned char *asked = rows_is_null(rows, 19) ? NULL : rows_blob(rows, 19, &length);
    size_t end = asked ? event_asked_length(asked, length) : 0;
    gboolean is_there = !rows_is_null(rows, 30), erased = !rows_is_null(rows, 32);
    const char *what = NULL;
    if (!asked || end == 0)
        return; /* of before; the chain tells of what can't be read */
    if (length - end != REMARK_DIGEST) {
        what = is_there ? "nobody gave it" : NULL;
    } else if (!is_there) {
        what = "is missing";
    } else if (!erased) {
        unsigned char digest[REMARK_DIGEST], salt[REMARK_SALT] = {0};
        const void *bytes = rows_blob(rows, 31, &salt_length);
        if (salt_length == REMARK_SALT)
            memcpy(salt, bytes, REMARK_SALT);
        remark_digest(rows_text(rows, 30), salt, digest);
        what = memcmp(digest, asked + end, REMARK_DIGEST) == 0 ? NULL : "differs";
    }
    if (what)
        checker_report(checker, "table=remark event_key=%" G_GINT64_FORMAT " %s", rows_int(rows, 3), what);
}

/* --- the goods that events moved ------------------------------------------------------------------------- */

struct moves_of {
    int64_t key;
    gboolean found;
    unsigned char digest[MOVES_DIGEST];
};

static void add_move(struct rows *rows, void *data)
{
    GArray *moves = data;
    const struct goods_move move = {.event_key = rows_int(rows, 0), .id = rows_int(rows, 1), .product_id = rows_int(rows, 2),
                                    .lot_id = rows_int(rows, 3), .quantity = rows_int(rows, 4), .from_id = rows_int(rows, 5),
                                    .to_id = rows_int(rows, 6), .shipment_id = rows_int(rows, 7),
                                    .person_id = rows_int(rows, 8), .at = rows_int(rows, 9), .kind = rows_text(rows, 10),
                                    .reason = rows_text(rows, 11)};
    if (moves->len == 0 || g_array_index(moves, struct moves_of, moves->len - 1).key != move.event_key)
        g_array_append_val(moves, ((struct moves_of){.key = move.event_key}));
    moves_digest(g_array_index(moves, struct moves_of, moves->len - 1).digest, &move,
                 rows_is_null(rows, 13) ? rows_text(rows, 12) : NULL);
}

static gint by_event(gconstpointer a, gconstpointer b)
{
    const struct moves_of *one = a, *other = b;
    return (one->key > other->key) - (one->key < other->key);
}

static struct moves_of *moves_find(GArray *moves, int64_t key)
{
    const struct moves_of wanted = {.key = key};
    guint at = 0;
    return g_array_binary_search(moves, &wanted, by_event, &at) ? &g_array_index(moves, struct moves_of, at) : NULL;
}

/* --- the hash chains ------------------------------------------------------------------------------------ */

struct link {
    int64_t writer, sequence;
    unsigned char hash[SITE_HASH_BYTES];
    gboolean broken; /* reported once a writer */
    char judges[JOURNAL_JUDGES]; /* as the chain has said last */
};

/* What the chains are followed with. */
struct following {
    struct checker *checker;
    GArray *moves;                /* struct moves_of, by event */
    GHashTable *heads;            /* the last link of each writer */
    char judges[JOURNAL_JUDGES];  /* of this program */
    guint others;                 /* events that were judged by others */
};

static void report_writer(struct checker *checker, int64_t writer, int64_t sequence)
{
    checker_report(checker, "writer=%" G_GINT64_FORMAT " sequence=%" G_GINT64_FORMAT, writer, sequence);
}

static void append_blob(GByteArray *to, struct rows *rows, int column)
{
    size_t length = 0;
    const void *bytes = rows_is_null(rows, column) ? NULL : rows_blob(rows, column, &length);
    if (bytes)
        g_byte_array_append(to, bytes, (guint)length);
}

/* What an event's row has become, and its moves. One from before its row was sealed has no arguments. */
static void append_row(GByteArray *to, struct rows *rows, GArray *moves)
{
    struct moves_of *own = moves_find(moves, rows_int(rows, 3));
    if (own)
        own->found = TRUE;
    if (!rows_is_null(rows, 21))
        event_seal(to, &(struct event_sealed){rows_int(rows, 22), rows_int(rows, 24), rows_int(rows, 25), rows_int(rows, 26),
                                              rows_int(rows, 28), rows_int(rows, 29), rows_text(rows, 23), rows_text(rows, 27),
                                              rows_text(rows, 21), own ? own->digest : NULL});
}

static gboolean is_own(struct rows *rows)
{
    enum event_kind kind = flow_event_parse(rows_text(rows, 17));
    return kind != EV_NONE && flow_machine_parse(rows_text(rows, 5)) == flow_event_machine(kind) &&
           flow_event_parse(rows_text(rows, 4)) == kind;
}

/* What the row seals of the event's: the change of its subject, and on the event's own row what it was asked. */
static GByteArray *sealed_by(struct rows *rows, GArray *moves)
{
    GByteArray *sealed = g_byte_array_new();
    enum event_kind kind = flow_event_parse(rows_text(rows, 17));
    enum machine machine = flow_machine_parse(rows_text(rows, 5));
    if (kind == EV_NONE)
        return sealed;
    if (journal_carries(machine, flow_event_machine(kind)))
        append_blob(sealed, rows, 18);
    if (is_own(rows)) {
        append_blob(sealed, rows, 19);
        append_row(sealed, rows, moves);
    }
    return sealed;
}

static void hash_row(struct rows *rows, GArray *moves, const unsigned char before[static SITE_HASH_BYTES],
                     unsigned char hash[static SITE_HASH_BYTES])
{
    g_autoptr(GByteArray) sealed = sealed_by(rows, moves);
    size_t seals_length = 0;
    const void *seals = rows_is_null(rows, 20) ? NULL : rows_blob(rows, 20, &seals_length);
    const struct journal_row row = {
        .seals = seals,
        .seals_length = seals_length,
        .content = sealed->data,
        .content_length = sealed->len,
        .at = rows_int(rows, 2),
        .event_key = rows_int(rows, 3),
        .event = rows_text(rows, 4),
        .machine = rows_text(rows, 5),
        .subject_id = rows_int(rows, 6),
        .from_state = rows_text(rows, 7),
        .to_state = rows_text(rows, 8),
        .shipment_id = rows_int(rows, 9),
        .version = rows_int(rows, 10),
        .actor = {.person_id = rows_int(rows, 11), .approver_id = rows_int(rows, 12), .station_id = rows_int(rows, 13)},
        .code = (int)rows_int(rows, 14),
        .detail = rows_text(rows, 15),
    };
    journal_hash(before, (int)rows_int(rows, 0), rows_int(rows, 1), &row, hash);
}

gboolean same_hash(struct rows *rows, int column, const unsigned char hash[static SITE_HASH_BYTES])
{
    size_t length = 0;
    const void *stored = rows_blob(rows, column, &length);
    return stored && length == SITE_HASH_BYTES && memcmp(stored, hash, SITE_HASH_BYTES) == 0;
}

static void note_judges(struct following *following, struct rows *rows, struct link *link)
{
    if (!rows_text(rows, 5)[0] && strcmp(rows_text(rows, 4), "judges") == 0)
        g_strlcpy(link->judges, rows_text(rows, 15), sizeof link->judges);
    else if (is_own(rows) && strcmp(link->judges, following->judges) != 0)
        following->others++;
}

static void follow(struct following *following, struct rows *rows, struct link *link)
{
    struct checker *checker = following->checker;
    unsigned char hash[SITE_HASH_BYTES];
    if (rows_int(rows, 0) != link->writer)
        *link = (struct link){.writer = rows_int(rows, 0)};
    link->sequence++;
    if (is_own(rows))
        check_remark(checker, rows);
    note_judges(following, rows, link);
    hash_row(rows, following->moves, link->hash, hash);
    gboolean right = rows_int(rows, 1) == link->sequence && same_hash(rows, 16, hash);
    if (!right && !link->broken) {
        report_writer(checker, link->writer, rows_int(rows, 1));
        link->broken = TRUE;
    }
    memcpy(link->hash, hash, sizeof hash);
    struct link *head = g_memdup2(link, sizeof *link);
    g_hash_table_replace(following->heads, &head->writer, head);
}

static gboolean follow_rows(struct following *following, GError **error)
{
    struct link link = {.writer = -1};
    struct rows *rows = db_query(following->checker->db, &SQL[ROWS], DB_NO_ARGS, error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        follow(following, rows, &link);
    return more == 0;
}

static gboolean follow_all(struct checker *checker, GHashTable *heads, GError **error)
{
    g_autoptr(GArray) moves = g_array_new(FALSE, FALSE, sizeof(struct moves_of));
    g_autoptr(courier_list) couriers = couriers_load(NULL, error);
    struct following following = {.checker = checker, .moves = moves, .heads = heads};
    if (!couriers || !rows_each(db_query(checker->db, &SQL[MOVES], DB_NO_ARGS, error), add_move, moves, error))
        return FALSE;
    journal_judges(couriers, following.judges);
    if (!follow_rows(&following, error))
        return FALSE;
    for (guint i = 0; i < moves->len; i++)
        if (!g_array_index(moves, struct moves_of, i).found)
            checker_report(checker, "table=stock_move event=%" G_GINT64_FORMAT " nothing moved it",
                           g_array_index(moves, struct moves_of, i).key);
    if (following.others > 0)
        checker_tell(checker, _("%u events were judged by other rules or other couriers' files than this program's"),
                     following.others);
    return TRUE;
}

gboolean check_chains(struct checker *checker, GError **error)
{
    g_autoptr(GHashTable) heads = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    gboolean good = follow_all(checker, heads, error);
    struct rows *rows = good ? db_query(checker->db, &SQL[HEAD], DB_NO_ARGS, error) : NULL;
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t writer = rows_int(rows, 0);
        const struct link *head = g_hash_table_lookup(heads, &writer);
        if (!head || (!head->broken && !same_hash(rows, 1, head->hash)))
            report_writer(checker, writer, head ? head->sequence : 0);
    }
    good = good && more == 0;
    rows = good ? db_query(checker->db, &SQL[REMARKS], DB_NO_ARGS, error) : NULL;
    while ((more = rows_next(rows, error)) > 0)
        checker_report(checker, "table=remark event_key=%" G_GINT64_FORMAT " is of no event", rows_int(rows, 0));
    return good && more == 0;
}
