/* inn-database.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* One connection to view.db: made on any thread, then used by the store's worker alone. Reference
 * counted; what is still open is closed with the last reference. */
typedef struct _InnDatabase InnDatabase;

InnDatabase *inn_database_new (const char *directory);
InnDatabase *inn_database_ref (InnDatabase *self);
void inn_database_unref (InnDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnDatabase, inn_database_unref)

gboolean inn_database_open (InnDatabase *self, GError **error);
gboolean inn_database_start_over (InnDatabase *self, GError **error);
void inn_database_close (InnDatabase *self);
gboolean inn_database_follow (InnDatabase *self, GError **error);
guint inn_database_get_generation (InnDatabase *self);
gboolean inn_database_is_read_only (InnDatabase *self);
gboolean inn_database_is_damaged (InnDatabase *self);
const char *inn_database_get_notice (InnDatabase *self);
sqlite3 *inn_database_get_handle (InnDatabase *self);

/* @types has a letter for each value: s text or NULL, i gint64, d double. The SQL must be a static
 * string: prepared statements are kept by its address. */
gboolean
inn_database_run (InnDatabase *self, GError **error, const char *sql, const char *types, ...);
sqlite3_stmt *
inn_database_query (InnDatabase *self, GError **error, const char *sql, const char *types, ...);
gboolean inn_database_next (InnDatabase *self, sqlite3_stmt *statement, GError **error);
gboolean inn_database_get_int (
    InnDatabase *self, gint64 *value, GError **error, const char *sql, const char *types, ...);
gboolean inn_database_get_text (
    InnDatabase *self, char **value, GError **error, const char *sql, const char *types, ...);
int inn_database_get_changes (InnDatabase *self);

gboolean inn_database_begin (InnDatabase *self, gboolean durable, GError **error);
gboolean inn_database_end (InnDatabase *self, gboolean ok, GError **error);

gboolean inn_database_fail (InnDatabase *self, int code, GError **error);

#define inn_row_text(statement, column) ((const char *) sqlite3_column_text ((statement), (column)))
#define inn_row_int(statement, column) sqlite3_column_int64 ((statement), (column))

G_END_DECLS
