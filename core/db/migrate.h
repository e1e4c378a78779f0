/* SPDX-License-Identifier: MIT
 *
 * The migrations' mark-up, from which both engines' DDL is made:
 *
 *     {id} {int} {text} {blob}   column types; ids and integers have 63 bits
 *     {bool:NAME}                column type with its CHECK, NAME being the column: active {bool:active} NOT
 * NULL {bool}                     column type without {table} {rowid_table}      after the closing
 * parenthesis of CREATE TABLE: strict, or strict without rowid {append_only:TABLE};       triggers that
 * refuse UPDATE and DELETE (and TRUNCATE) on TABLE
 *
 * Nothing is replaced in comments and quoted text. Pure.
 */
#pragma once

#include "core/db/db.h"

struct schema_file;

/* The text for an engine. Caller frees. NULL with ERR_INTERNAL for an unknown mark. */
char *schema_expand(const char *text, enum db_engine engine, GError **error);

/* The checksum that is stored beside a migration's number: of the text before expansion. Caller frees. */
char *schema_checksum(const char *text);

/* Compares the versions stored in the database with the files, oldest first, and refuses newer and changed ones. A
 * database opened with DB_CREATE is brought up to date, in one transaction; with DB_USE an older one is refused. */
gboolean db_migrate(struct db *db, const struct schema_file *files, unsigned count, GError **error);
