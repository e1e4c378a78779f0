/* SPDX-License-Identifier: MIT
 *
 * What is bound to the parameters $1 $2 ... of a statement.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t number;    /* DB_INT; or the length of a DB_BLOB in bytes */
    const char *bytes; /* DB_TEXT, DB_BLOB; borrowed for the call */
};

static inline struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}
/* NULL becomes SQL NULL. */
static inline struct db_value db_text(const char *text)
{
    return (struct db_value){.type = text ? DB_TEXT : DB_NULL, .bytes = text};
}
/* 0 becomes SQL NULL: for references to rows, whose ids are never 0. */
static inline struct db_value db_ref(int64_t id)
{
    return (struct db_value){.type = id ? DB_INT : DB_NULL, .number = id};
}
static inline struct db_value db_blob(const void *bytes, size_t length)
{
    return (struct db_value){.type = DB_BLOB, .bytes = bytes, .number = (int64_t)length};
}
static inline struct db_value db_same(struct db_value value)
{
    return value;
}
static inline struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

/* A parameter as it stands: text of any char *, a number of any integer; what db_ref(), db_blob() or db_null() made
 * stays what it is. */
#define DB_VALUE(x) _Generic((x), struct db_value: db_same, char *: db_text, const char *: db_text, default: db_int)(x)

/* The parameters of a statement and how many they are: DB_ARGS(id, name, db_ref(parent_id)); 20 at most. */
#define DB_ARGS(...) (const struct db_value[]){DB_EACH(__VA_ARGS__)(__VA_ARGS__)}, DB_COUNT(__VA_ARGS__)
#define DB_NO_ARGS NULL, 0

/* --- how DB_ARGS is made -------------------------------------------------------------------------------- */

#define DB_EACH(...)                                                                                                   \
    DB_21ST(__VA_ARGS__, DB_20, DB_19, DB_18, DB_17, DB_16, DB_15, DB_14, DB_13, DB_12, DB_11, DB_10, DB_9,    \
            DB_8, DB_7, DB_6, DB_5, DB_4, DB_3, DB_2, DB_1, 0)
#define DB_COUNT(...) DB_21ST(__VA_ARGS__, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define DB_21ST(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, x, ...) x
#define DB_1(x) DB_VALUE(x)
#define DB_2(x, ...) DB_VALUE(x), DB_1(__VA_ARGS__)
#define DB_3(x, ...) DB_VALUE(x), DB_2(__VA_ARGS__)
#define DB_4(x, ...) DB_VALUE(x), DB_3(__VA_ARGS__)
#define DB_5(x, ...) DB_VALUE(x), DB_4(__VA_ARGS__)
#define DB_6(x, ...) DB_VALUE(x), DB_5(__VA_ARGS__)
#define DB_7(x, ...) DB_VALUE(x), DB_6(__VA_ARGS__)
#define DB_8(x, ...) DB_VALUE(x), DB_7(__VA_ARGS__)
#define DB_9(x, ...) DB_VALUE(x), DB_8(__VA_ARGS__)
#define DB_10(x, ...) DB_VALUE(x), DB_9(__VA_ARGS__)
#define DB_11(x, ...) DB_VALUE(x), DB_10(__VA_ARGS__)
#define DB_12(x, ...) DB_VALUE(x), DB_11(__VA_ARGS__)
#define DB_13(x, ...) DB_VALUE(x), DB_12(__VA_ARGS__)
#define DB_14(x, ...) DB_VALUE(x), DB_13(__VA_ARGS__)
#define DB_15(x, ...) DB_VALUE(x), DB_14(__VA_ARGS__)
#define DB_16(x, ...) DB_VALUE(x), DB_15(__VA_ARGS__)
#define DB_17(x, ...) DB_VALUE(x), DB_16(__VA_ARGS__)
#define DB_18(x, ...) DB_VALUE(x), DB_17(__VA_ARGS__)
#define DB_19(x, ...) DB_VALUE(x), DB_18(__VA_ARGS__)
#define DB_20(x, ...) DB_VALUE(x), DB_19(__VA_ARGS__)
