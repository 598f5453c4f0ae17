/* inn-database.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-database-private.h"

#include "base/inn-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdarg.h>

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/**
 * inn_database_new:
 * @directory: the folder that holds view.db
 *
 * Touches nothing yet.
 *
 * Returns: (transfer full): a database that is not open
 */
InnDatabase *
inn_database_new (const char *directory)
{
  InnDatabase *self = g_new0 (InnDatabase, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->directory = g_strdup (directory);
  self->path = g_build_filename (directory, "view.db", NULL);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);

  return self;
}

/**
 * inn_database_ref:
 * @self: a database
 *
 * Returns: (transfer full): @self
 */
InnDatabase *
inn_database_ref (InnDatabase *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_database_unref:
 * @self: (transfer full): a database, closed with its last reference
 */
void
inn_database_unref (InnDatabase *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  inn_database_close (self);
  g_hash_table_unref (self->statements);
  g_free (self->directory);
  g_free (self->path);
  g_free (self->notice);
  g_free (self);
}

/**
 * inn_database_close:
 * @self: a database, open or not
 */
void
inn_database_close (InnDatabase *self)
{
  g_hash_table_remove_all (self->statements);
  g_clear_pointer (&self->handle, sqlite3_close_v2);
}

/**
 * inn_database_is_read_only:
 * @self: an open database
 *
 * Returns: whether every write is refused
 */
gboolean
inn_database_is_read_only (InnDatabase *self)
{
  return self->read_only;
}

/**
 * inn_database_is_damaged:
 * @self: a database
 *
 * Returns: whether SQLite has met something in the file that cannot be
 */
gboolean
inn_database_is_damaged (InnDatabase *self)
{
  return self->damaged;
}

/**
 * inn_database_get_notice:
 * @self: an open database
 *
 * Returns: (nullable): a translated sentence, when it could not be opened as it should
 */
const char *
inn_database_get_notice (InnDatabase *self)
{
  return self->notice;
}

/**
 * inn_database_get_generation:
 * @self: a database
 *
 * Returns: how often inn_database_follow() went to another file
 */
guint
inn_database_get_generation (InnDatabase *self)
{
  return self->generation;
}

/**
 * inn_database_get_handle:
 * @self: a database
 *
 * Returns: (nullable): SQLite's own
 */
sqlite3 *
inn_database_get_handle (InnDatabase *self)
{
  return self->handle;
}

static gboolean
is_full (InnDatabase *self, int code)
{
  int number;

  if ((code & 0xff) == SQLITE_FULL)
    return TRUE;
  if ((code & 0xff) != SQLITE_IOERR || self->handle == NULL)
    return FALSE;

  number = sqlite3_system_errno (self->handle);
  return number == ENOSPC || number == EDQUOT || number == EFBIG || code == SQLITE_IOERR_SHMSIZE;
}

/* A disk that went read-only under open files answers with an I/O error. */
static gboolean
is_denied (InnDatabase *self, int code)
{
  int number;

  switch (code & 0xff)
    {
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return TRUE;
    case SQLITE_IOERR:
      number = self->handle != NULL ? sqlite3_system_errno (self->handle) : 0;
      return number == EROFS || number == EACCES || number == EPERM;
    default:
      return FALSE;
    }
}

/* A bad page may be one that the next start does not read: what was found is left for it. */
static void
mark_damaged (InnDatabase *self)
{
  g_autofree char *mark = g_strconcat (self->path, ".damaged", NULL);

  if (!self->read_only)
    g_file_set_contents (mark, "", 0, NULL);
}

/**
 * inn_database_fail:
 * @self: a database
 * @code: what SQLite said
 * @error: return location
 *
 * Puts SQLite's code into words: %INN_ERROR_NO_SPACE, %INN_ERROR_DENIED or %INN_ERROR_STORE.
 *
 * Returns: %FALSE
 */
gboolean
inn_database_fail (InnDatabase *self, int code, GError **error)
{
  const char *words = self->handle != NULL ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code);

  if (is_full (self, code))
    {
      inn_error_set (error, INN_ERROR_NO_SPACE, words,
                     _ ("The local view “%s” cannot be written because the disk is full. Free "
                        "some space and try again."),
                     self->path);
      return FALSE;
    }

  if (is_denied (self, code))
    {
      inn_error_set (error, INN_ERROR_DENIED, words,
                     _ ("The local view “%s” cannot be written. Check who owns the file and its "
                        "folder, and whether the disk is read-only."),
                     self->path);
      return FALSE;
    }

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      inn_error_set (error, INN_ERROR_STORE, words,
                     _ ("The local view “%s” is held by another program. Close it and try again."),
                     self->path);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      self->damaged = TRUE;
      mark_damaged (self);
      inn_error_set (error, INN_ERROR_STORE, words,
                     _ ("The local view “%s” is damaged. Start again: it will be kept aside and a "
                        "new one begun."),
                     self->path);
      break;
    default:
      inn_error_set (error, INN_ERROR_STORE, words,
                     _ ("The local view “%s” failed. Check its disk; the details say why."),
                     self->path);
    }

  return FALSE;
}

static sqlite3_stmt *
prepare (InnDatabase *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);
  int code;

  if (self->handle == NULL)
    {
      inn_error_set (error, INN_ERROR_STORE, NULL, _ ("The local view “%s” is not open."),
                     self->path);
      return NULL;
    }
  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      inn_database_fail (self, code, error);
      return NULL;
    }

  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

static sqlite3_stmt *
prepare_valist (
    InnDatabase *self, GError **error, const char *sql, const char *types, va_list *args)
{
  sqlite3_stmt *statement = prepare (self, sql, error);

  for (int i = 0; statement != NULL && types[i] != '\0'; i++)
    switch (types[i])
      {
      case 's':
        sqlite3_bind_text (statement, i + 1, va_arg (*args, const char *), -1, SQLITE_TRANSIENT);
        break;
      case 'i':
        sqlite3_bind_int64 (statement, i + 1, va_arg (*args, gint64));
        break;
      case 'd':
        sqlite3_bind_double (statement, i + 1, va_arg (*args, double));
        break;
      default:
        g_assert_not_reached ();
      }

  return statement;
}

/**
 * inn_database_run:
 * @self: an open database
 * @error: return location
 * @sql: a static statement that gives no rows
 * @types: a letter for each value that follows
 *
 * Returns: whether it worked
 */
gboolean
inn_database_run (InnDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;
  int code;

  va_start (args, types);
  statement = prepare_valist (self, error, sql, types, &args);
  va_end (args);
  if (statement == NULL)
    return FALSE;

  code = sqlite3_step (statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    inn_database_fail (self, code, error);
  sqlite3_reset (statement);

  return code == SQLITE_DONE || code == SQLITE_ROW;
}

/**
 * inn_database_query:
 * @self: an open database
 * @error: return location
 * @sql: a static statement
 * @types: a letter for each value that follows
 *
 * Returns: (transfer none) (nullable): rows, read with inn_database_next() to their end
 */
sqlite3_stmt *
inn_database_query (InnDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = prepare_valist (self, error, sql, types, &args);
  va_end (args);

  return statement;
}

/**
 * inn_database_next:
 * @self: an open database
 * @statement: rows
 * @error: return location; set when the rows ended early
 *
 * Returns: whether there is another row
 */
gboolean
inn_database_next (InnDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    inn_database_fail (self, code, error);
  sqlite3_reset (statement);

  return FALSE;
}

/**
 * inn_database_get_int:
 * @self: an open database
 * @value: (out): the first column of the first row; left alone when there is none
 * @error: return location
 * @sql: a static statement
 * @types: a letter for each value that follows
 *
 * Returns: whether there was a row; @error says whether that is a failure
 */
gboolean
inn_database_get_int (
    InnDatabase *self, gint64 *value, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = prepare_valist (self, error, sql, types, &args);
  va_end (args);
  if (statement == NULL || !inn_database_next (self, statement, error))
    return FALSE;

  *value = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * inn_database_get_text:
 * @self: an open database
 * @value: (out) (transfer full): the first column of the first row; left alone when there is none
 * @error: return location
 * @sql: a static statement
 * @types: a letter for each value that follows
 *
 * Returns: whether there was a row; @error says whether that is a failure
 */
gboolean
inn_database_get_text (
    InnDatabase *self, char **value, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = prepare_valist (self, error, sql, types, &args);
  va_end (args);
  if (statement == NULL || !inn_database_next (self, statement, error))
    return FALSE;

  *value = g_strdup (inn_row_text (statement, 0));
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * inn_database_get_changes:
 * @self: an open database
 *
 * Returns: how many rows the last statement changed
 */
int
inn_database_get_changes (InnDatabase *self)
{
  return sqlite3_changes (self->handle);
}

/**
 * inn_database_begin:
 * @self: an open database
 * @durable: whether the commit must survive a power cut (what a person recorded) or only a crash
 *   of the program (what a host will say again)
 * @error: return location
 *
 * Begins a transaction that writes; waits for other processes.
 *
 * Returns: whether it began
 */
gboolean
inn_database_begin (InnDatabase *self, gboolean durable, GError **error)
{
  if (self->read_only)
    {
      inn_error_set (error, INN_ERROR_DENIED, NULL,
                     _ ("The local view “%s” is read-only here. Check who owns the file and its "
                        "folder, then start again."),
                     self->path);
      return FALSE;
    }

  /* What is written to a file that was removed is lost. */
  return inn_database_follow (self, error) &&
         inn_database_run (self, error,
                           durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                           "") &&
         inn_database_run (self, error, "BEGIN IMMEDIATE", "");
}

/**
 * inn_database_end:
 * @self: a database in a transaction
 * @ok: whether what was done in it worked
 * @error: return location
 *
 * Commits, or rolls back when @ok is %FALSE or the commit fails.
 *
 * Returns: whether it is committed
 */
gboolean
inn_database_end (InnDatabase *self, gboolean ok, GError **error)
{
  if (ok && inn_database_run (self, error, "COMMIT", ""))
    return TRUE;

  /* SQLite rolls back by itself after some failures, a full disk among them. */
  if (!sqlite3_get_autocommit (self->handle))
    inn_database_run (self, NULL, "ROLLBACK", "");

  return FALSE;
}
