/* SPDX-License-Identifier: MIT */
#include "core/apply/store.h"

#include <string.h>

#include "core/db/db.h"
#include "core/site/site.h"

/* --- statements, made from the columns --------------------------------------------------------------------- */

enum op { DELETE, UPDATE, INSERT };

/* Made once a program for a table and a set of columns, and kept. */
static const struct sql *statement_of(enum table_id table, enum op op, uint64_t columns);

static gboolean is_stored(const struct column *column)
{
    return column->number != 0;
}

/* The rows of such a table are told apart within the warehouse and owner only. */
static gboolean key_has_house(enum table_id table)
{
    return table == TABLE_STOCK || table == TABLE_COUNTER;
}

/* " WHERE id = $1", and more columns of the key; *n counts the parameters. */
static void append_key(GString *text, enum table_id id, int *n)
{
    const struct table *table = table_of(id);
    const char *join = " WHERE ";
    if (key_has_house(id)) {
        g_string_append_printf(text, " WHERE warehouse_id = $%d", ++*n);
        join = " AND ";
        if (table->is == OF_OWNER)
            g_string_append_printf(text, " AND owner_id = $%d", ++*n);
    }
    for (size_t i = 0; i < table->keys; i++, join = " AND ")
        g_string_append_printf(text, "%s%s = $%d", join, table->columns[i].name, ++*n);
}

static void append_update(GString *text, enum table_id id, uint64_t columns)
{
    const struct table *table = table_of(id);
    int n = 0;
    g_string_append_printf(text, "UPDATE %s SET ", table->name);
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (!(columns >> i & 1))
            continue;
        g_string_append_printf(text, "%s%s = ", n ? ", " : "", column->name);
        if (column->kind == COLUMN_SUM)
            g_string_append_printf(text, "%s + ", column->name);
        g_string_append_printf(text, "$%d", ++n);
    }
    append_key(text, id, &n);
    for (size_t i = 0; i < table->count; i++)
        if ((columns >> i & 1) && strcmp(table->columns[i].name, "version") == 0)
            g_string_append_printf(text, " AND version = $%d", ++n);
}

static void append_insert(GString *text, enum table_id id)
{
    const struct table *table = table_of(id);
    g_autoptr(GString) values = g_string_new(NULL);
    int n = 0;
    g_string_append_printf(text, "INSERT INTO %s (", table->name);
    for (size_t i = 0; i < table->count; i++) {
        if (!is_stored(&table->columns[i]))
            continue;
        g_string_append_printf(text, "%s%s", n ? ", " : "", table->columns[i].name);
        g_string_append_printf(values, "%s$%d", n ? ", " : "", n + 1);
        n++;
    }
    if (table->is == OF_WAREHOUSE || table->is == OF_OWNER) {
        g_string_append(text, ", warehouse_id");
        g_string_append_printf(values, ", $%d", ++n);
    }
    if (table->is == OF_OWNER) {
        g_string_append(text, ", owner_id");
        g_string_append_printf(values, ", $%d", ++n);
    }
    g_string_append_printf(text, ") VALUES (%s)", values->str);
    if (id == TABLE_STOCK) /* a place that nobody had looked at may have a row */
        g_string_append(text, " ON CONFLICT (warehouse_id, owner_id, product_id, location_id, lot_id) DO UPDATE SET "
                              "on_hand = stock.on_hand + excluded.on_hand, reserved = stock.reserved + excluded.reserved");
}

static const struct sql *make_statement(enum table_id id, enum op op, uint64_t columns)
{
    static const char *const OPS[] = {"delete", "update", "insert"};
    struct sql *sql = g_new0(struct sql, 1);
    GString *text = g_string_new(NULL);
    int n = 0;
    if (op == DELETE) {
        g_string_append_printf(text, "DELETE FROM %s", table_of(id)->name);
        append_key(text, id, &n);
    } else if (op == UPDATE) {
        append_update(text, id, columns);
    } else {
        append_insert(text, id);
    }
    sql->name = g_strdup_printf("%s_%s_%" G_GINT64_MODIFIER "x", table_of(id)->name, OPS[op], columns);
    sql->text = g_string_free(text, FALSE);
    return sql;
}

static const struct sql *statement_of(enum table_id id, enum op op, uint64_t columns)
{
    static GMutex mutex;
    static GHashTable *made[TABLE_COUNT][INSERT + 1];
    g_mutex_lock(&mutex);
    if (!made[id][op])
        made[id][op] = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    const struct sql *sql = g_hash_table_lookup(made[id][op], &columns);
    if (!sql) {
        sql = make_statement(id, op, columns);
        g_hash_table_insert(made[id][op], g_memdup2(&columns, sizeof columns), (gpointer)(uintptr_t)sql);
    }
    g_mutex_unlock(&mutex);
    return sql;
}

/* --- rows ------------------------------------------------------------------------------------------------- */

enum { MOST_ARGS = 32 };

struct args {
    struct db_value values[MOST_ARGS];
    size_t count;
};

static void add(struct args *args, struct db_value value)
{
    g_assert(args->count < MOST_ARGS);
    args->values[args->count++] = value;
}

static struct db_value value_of(const struct column *column, const struct row *row)
{
    if (column->kind == COLUMN_STATE)
        return db_text(flow_state_name((enum state)column_int(column, row)));
    if (column->kind == COLUMN_TEXT)
        return db_text(column_text(column, row));
    return column->kind == COLUMN_REF ? db_ref(column_int(column, row)) : db_int(column_int(column, row));
}

static void add_house(struct args *args, const struct site *site, const struct table *table)
{
    if (table->is == OF_WAREHOUSE || table->is == OF_OWNER)
        add(args, db_int(site->warehouse_id));
    if (table->is == OF_OWNER)
        add(args, db_int(site->owner_id));
}

static void add_key(struct args *args, const struct site *site, const struct row *row)
{
    const struct table *table = table_of(row->table);
    if (key_has_house(row->table))
        add_house(args, site, table);
    for (size_t i = 0; i < table->keys; i++)
        add(args, value_of(&table->columns[i], row));
}

static gboolean insert(const struct row *row, struct site *site, GError **error)
{
    const struct table *table = table_of(row->table);
    struct args args = {.count = 0};
    for (size_t i = 0; i < table->count; i++)
        if (is_stored(&table->columns[i]))
            add(&args, value_of(&table->columns[i], row));
    add_house(&args, site, table);
    return db_put(site->db, statement_of(row->table, INSERT, 0), args.values, args.count, FALSE, error);
}

static gboolean update(const struct row *row, struct site *site, GError **error)
{
    const struct table *table = table_of(row->table);
    struct args args = {.count = 0};
    uint64_t columns = row_differences(row, row->was);
    const struct column *version = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (!(columns >> i & 1))
            continue;
        if (strcmp(column->name, "version") == 0)
            version = column;
        add(&args, column->kind == COLUMN_SUM ? db_int(column_int(column, row) - column_int(column, row->was))
                                              : value_of(column, row));
    }
    if (columns == 0)
        return TRUE;
    add_key(&args, site, row);
    if (version)
        add(&args, db_int(column_int(version, row->was)));
    return db_put(site->db, statement_of(row->table, UPDATE, columns), args.values, args.count, TRUE, error);
}

static gboolean delete(const struct row *row, struct site *site, GError **error)
{
    struct args args = {.count = 0};
    add_key(&args, site, row);
    return db_put(site->db, statement_of(row->table, DELETE, 0), args.values, args.count, TRUE, error);
}

static enum op op_of(const struct row *row)
{
    return row->is_gone ? DELETE : row->is_new ? INSERT : UPDATE;
}

static gboolean store_rows(const GPtrArray *rows, enum op op, struct site *site, GError **error)
{
    static gboolean (*const OPS[])(const struct row *row, struct site *site, GError **error) = {delete, update, insert};
    for (guint i = 0; i < rows->len; i++) {
        const struct row *row = rows->pdata[i];
        gboolean came_and_went = row->is_new && row->is_gone;
        if (op_of(row) == op && !came_and_went && !OPS[op](row, site, error))
            return FALSE;
    }
    return TRUE;
}

/* --- the ledger ------------------------------------------------------------------------------------------- */

static const struct sql MOVE_INSERT = {
    "stock_move_insert", "INSERT INTO stock_move (id, warehouse_id, owner_id, product_id, lot_id, quantity, from_id, to_id, "
                         "kind, reason, shipment_id, person_id, event_key, at) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};

static gboolean store_moves(const GArray *moves, struct site *site, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; done && i < moves->len; i++) {
        const struct goods_move *move = &g_array_index(moves, struct goods_move, i);
        done = db_put(site->db, &MOVE_INSERT,
                      DB_ARGS(move->id, site->warehouse_id, site->owner_id, move->product_id, move->lot_id, move->quantity,
                               move->from_id, move->to_id, move->kind, move->reason, db_ref(move->shipment_id),
                               move->person_id, move->event_key, move->at),
                      FALSE, error);
    }
    return done;
}

gboolean dossier_store(struct dossier *dossier, struct site *site, GError **error)
{
    GPtrArray *tables[TABLE_COUNT];
    const GPtrArray *changed = dossier_changed(dossier);
    gboolean done = TRUE;
    for (int i = 0; i < TABLE_COUNT; i++)
        tables[i] = g_ptr_array_new();
    for (guint i = 0; i < changed->len; i++)
        g_ptr_array_add(tables[((struct row *)changed->pdata[i])->table], changed->pdata[i]);
    for (int i = 0; i < TABLE_COUNT; i++) {
        for (int op = DELETE; done && op <= INSERT && table_of((enum table_id)i)->is != IS_FACT; op++)
            done = store_rows(tables[i], (enum op)op, site, error);
        g_ptr_array_unref(tables[i]);
    }
    return done && store_moves(dossier_all_moves(dossier), site, error);
}

static void collect(const struct row *row, void *rows)
{
    g_ptr_array_add(rows, (gpointer)(uintptr_t)row);
}

gboolean dossier_store_all(const struct dossier *dossier, struct site *site, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    for (int i = 0; i < TABLE_COUNT; i++)
        if (table_of((enum table_id)i)->is != IS_FACT && i != TABLE_RANGE)
            row_each(dossier, (enum table_id)i, collect, rows);
    for (guint i = 0; i < rows->len; i++)
        if (!insert(rows->pdata[i], site, error))
            return FALSE;
    return TRUE;
}
