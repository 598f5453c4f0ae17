/* inn-operation-rows.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-operation-rows.h"

#include "base/inn-error.h"
#include "store/inn-process.h"
#include "store/inn-store-config.h"

#include <glib/gi18n.h>

/* What the journal keeps of what is over, and what a program shows of it when it starts. */
#define MAX_ENDED 1000
#define SHOWN_ENDED 100

/**
 * inn_operation_row_free:
 * @row: (transfer full): a row
 */
void
inn_operation_row_free (gpointer row)
{
  InnOperationRow *self = row;

  g_free (self->id);
  g_free (self->owner_mark);
  g_free (self->kind);
  g_free (self->object_id);
  g_free (self->object_name);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->no_cancel_reason);
  g_free (self->error_code);
  g_free (self->error_message);
  g_free (self->error_details);
  g_free (self);
}

/**
 * inn_operation_row_from_operation:
 * @operation: copied as it is now
 *
 * Returns: (transfer full): its row, without an owner
 */
InnOperationRow *
inn_operation_row_from_operation (InnOperation *operation)
{
  InnOperationRow *self = g_new0 (InnOperationRow, 1);
  const GError *error = inn_operation_get_error (operation);

  self->id = g_strdup (inn_operation_get_id (operation));
  self->kind = g_strdup (inn_operation_get_kind (operation));
  self->object_id = g_strdup (inn_operation_get_object_id (operation));
  self->object_name = g_strdup (inn_operation_get_object_name (operation));
  self->title = g_strdup (inn_operation_get_title (operation));
  self->state = inn_operation_get_state (operation);
  self->progress = inn_operation_get_progress (operation);
  self->detail = g_strdup (inn_operation_get_detail (operation));
  self->no_cancel_reason = g_strdup (inn_operation_get_no_cancel_reason (operation));
  self->started_at = inn_operation_get_started_at (operation);
  self->ended_at = inn_operation_get_ended_at (operation);
  if (error != NULL)
    {
      self->error_code = g_strdup (inn_error_get_nick (error));
      self->error_message = g_strdup (error->message);
      self->error_details = g_strdup (inn_error_get_details (error));
    }

  return self;
}

static GError *
make_error (const InnOperationRow *row)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (INN_TYPE_ERROR);
  GEnumValue *value;

  if (row->error_message == NULL)
    return NULL;

  value = row->error_code != NULL ? g_enum_get_value_by_nick (klass, row->error_code) : NULL;
  return inn_error_new (value != NULL ? (InnError) value->value : INN_ERROR_FAILED,
                        row->error_details, "%s", row->error_message);
}

/**
 * inn_operation_row_apply:
 * @row: what the journal says
 * @operation: a foreign operation, brought up to date
 */
void
inn_operation_row_apply (const InnOperationRow *row, InnOperation *operation)
{
  if (inn_operation_is_ended (operation))
    return;

  inn_operation_set_progress (operation, row->progress);
  inn_operation_set_detail (operation, row->detail);
  inn_operation_set_no_cancel_reason (operation, row->no_cancel_reason);
  if (row->state != INN_OPERATION_RUNNING)
    inn_operation_end_restored (operation, row->state, row->ended_at, make_error (row));
}

/**
 * inn_operation_row_to_operation:
 * @row: what the journal says
 *
 * Returns: (transfer full): a foreign operation
 */
InnOperation *
inn_operation_row_to_operation (const InnOperationRow *row)
{
  InnOperation *operation = inn_operation_new_restored (
      row->id, row->kind, row->object_id, row->object_name, row->title, row->started_at);

  inn_operation_row_apply (row, operation);
  return operation;
}

static gboolean
write_row (InnDatabase *db, const InnOperationRow *row, gint64 revision, GError **error)
{
  /* Who runs it and whether somebody wants it cancelled is not the row's to change. */
  return inn_database_run (
      db, error,
      "INSERT INTO operation (id, revision, writer, owner_pid, owner_start, kind, object_id, "
      "object_name, title, state, progress, detail, no_cancel_reason, started_at, ended_at, "
      "error_code, error_message, error_details) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
      "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) ON CONFLICT (id) DO UPDATE SET "
      "revision = excluded.revision, state = excluded.state, progress = excluded.progress, "
      "detail = excluded.detail, no_cancel_reason = excluded.no_cancel_reason, "
      "ended_at = excluded.ended_at, error_code = excluded.error_code, "
      "error_message = excluded.error_message, error_details = excluded.error_details",
      "siiissssssdssiisss", row->id, revision, row->writer, row->owner_pid, row->owner_mark,
      row->kind, row->object_id, row->object_name, row->title,
      inn_operation_state_to_nick (row->state), row->progress, row->detail, row->no_cancel_reason,
      row->started_at, row->ended_at, row->error_code, row->error_message, row->error_details);
}

/**
 * inn_operation_rows_write:
 * @db: an open database
 * @rows: (element-type InnOperationRow): this program's own operations
 * @error: return location
 *
 * Returns: whether all of it is committed
 */
gboolean
inn_operation_rows_write (InnDatabase *db, GPtrArray *rows, GError **error)
{
  gint64 revision;
  gboolean ok;

  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0;
  for (guint i = 0; ok && i < rows->len; i++)
    ok = write_row (db, g_ptr_array_index (rows, i), revision, error);
  ok = ok && inn_database_run (db, error,
                               "DELETE FROM operation WHERE state <> 'running' AND key <= (SELECT "
                               "max(key) FROM operation) - ?1",
                               "i", (gint64) MAX_ENDED);

  return inn_database_end (db, ok, error);
}

static InnOperationRow *
read_row (sqlite3_stmt *row)
{
  InnOperationRow *self = g_new0 (InnOperationRow, 1);

  self->id = g_strdup (inn_row_text (row, 1));
  self->writer = inn_row_int (row, 2);
  self->owner_pid = inn_row_int (row, 3);
  self->owner_mark = g_strdup (inn_row_text (row, 4));
  self->kind = g_strdup (inn_row_text (row, 5));
  self->object_id = g_strdup (inn_row_text (row, 6));
  self->object_name = g_strdup (inn_row_text (row, 7));
  self->title = g_strdup (inn_row_text (row, 8));
  self->state = inn_operation_state_from_nick (inn_row_text (row, 9));
  self->progress = sqlite3_column_double (row, 10);
  self->detail = g_strdup (inn_row_text (row, 11));
  self->no_cancel_reason = g_strdup (inn_row_text (row, 12));
  self->cancel_requested = inn_row_int (row, 13) != 0;
  self->started_at = inn_row_int (row, 14);
  self->ended_at = inn_row_int (row, 15);
  self->error_code = g_strdup (inn_row_text (row, 16));
  self->error_message = g_strdup (inn_row_text (row, 17));
  self->error_details = g_strdup (inn_row_text (row, 18));

  return self;
}

#define COLUMNS                                                                                    \
  "revision, id, writer, owner_pid, owner_start, kind, object_id, object_name, title, state, "     \
  "progress, detail, no_cancel_reason, cancel_requested, started_at, ended_at, error_code, "       \
  "error_message, error_details"

/**
 * inn_operation_rows_read:
 * @db: an open database
 * @after: a revision; 0 reads what runs, what is left behind, and the last that are over
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type InnOperationRow): what changed, oldest first
 */
GPtrArray *
inn_operation_rows_read (InnDatabase *db, gint64 after, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (inn_operation_row_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *row;

  if (after > 0)
    row = inn_database_query (db, &failure,
                              "SELECT " COLUMNS " FROM operation WHERE revision > ?1 ORDER BY key",
                              "i", after);
  else
    row = inn_database_query (db, &failure,
                              "SELECT " COLUMNS " FROM operation WHERE state = 'running' OR (state "
                              "= 'abandoned' AND owner_pid <> 0) OR key > (SELECT max(key) FROM "
                              "operation) - ?1 ORDER BY key",
                              "i", (gint64) SHOWN_ENDED);

  while (row != NULL && inn_database_next (db, row, &failure))
    g_ptr_array_add (rows, read_row (row));
  if (failure == NULL)
    return g_steal_pointer (&rows);

  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/**
 * inn_operation_rows_request_cancel:
 * @db: an open database
 * @id: an operation of another process
 * @error: return location
 *
 * Leaves the wish for its owner, who looks once a second.
 *
 * Returns: whether it is committed
 */
gboolean
inn_operation_rows_request_cancel (InnDatabase *db, const char *id, GError **error)
{
  gint64 revision;
  gboolean ok;

  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0 && inn_database_run (db, error,
                                         "UPDATE operation SET cancel_requested = 1, revision = ?2 "
                                         "WHERE id = ?1 AND state = 'running'",
                                         "si", id, revision);

  return inn_database_end (db, ok, error);
}

/* @sql selects COLUMNS; ?1 is @writer. Returns: (nullable): those whose owner is dead */
static GPtrArray *
find_dead (InnDatabase *db, const char *sql, gint64 writer, GError **error)
{
  g_autoptr (GPtrArray) dead = g_ptr_array_new_with_free_func (inn_operation_row_free);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *row = inn_database_query (db, &failure, sql, "i", writer);

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      InnOperationRow *operation = read_row (row);

      if (inn_process_is_alive (operation->owner_pid, operation->owner_mark))
        inn_operation_row_free (operation);
      else
        g_ptr_array_add (dead, operation);
    }
  if (failure == NULL)
    return g_steal_pointer (&dead);

  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
abandon_one (InnDatabase *db, const InnOperationRow *row, gint64 revision, GError **error)
{
  return inn_database_run (
      db, error,
      "UPDATE operation SET state = 'abandoned', revision = ?4, ended_at = ?5, "
      "error_code = 'failed', error_message = ?6 WHERE id = ?1 AND state = 'running' AND "
      "owner_pid = ?2 AND owner_start = ?3",
      "sisiis", row->id, row->owner_pid, row->owner_mark, revision, g_get_real_time (),
      _ ("The program that worked on it ended before it was done. Look at the object, then start "
         "again."));
}

/**
 * inn_operation_rows_abandon:
 * @db: an open database
 * @writer: the number of this program run
 * @error: return location
 *
 * Ends the operations whose process is dead. Of all processes that find one dead, one does it.
 *
 * Returns: (transfer full) (nullable) (element-type InnOperationRow): those that this call ended
 */
GPtrArray *
inn_operation_rows_abandon (InnDatabase *db, gint64 writer, GError **error)
{
  g_autoptr (GPtrArray) dead = find_dead (
      db, "SELECT " COLUMNS " FROM operation WHERE state = 'running' AND writer <> ?1 ORDER BY key",
      writer, error);
  g_autoptr (GPtrArray) ours = g_ptr_array_new_with_free_func (inn_operation_row_free);
  gint64 revision;
  gboolean ok;

  if (dead == NULL)
    return NULL;
  if (dead->len == 0)
    return g_steal_pointer (&dead);

  if (!inn_database_begin (db, FALSE, error))
    return NULL;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0;
  while (ok && dead->len > 0)
    {
      InnOperationRow *row = g_ptr_array_steal_index (dead, 0);

      ok = abandon_one (db, row, revision, error);
      if (ok && inn_database_get_changes (db) == 1)
        g_ptr_array_add (ours, row);
      else
        inn_operation_row_free (row);
    }

  return inn_database_end (db, ok, error) ? g_steal_pointer (&ours) : NULL;
}

static gboolean
claim_one (InnDatabase *db,
           const InnOperationRow *row,
           gint64 writer,
           gint64 pid,
           const char *mark,
           gint64 revision,
           GError **error)
{
  return inn_database_run (db, error,
                           "UPDATE operation SET writer = ?4, owner_pid = ?5, owner_start = ?6, "
                           "revision = ?7 WHERE id = ?1 AND state = 'abandoned' AND owner_pid = "
                           "?2 AND owner_start = ?3",
                           "sisiisi", row->id, row->owner_pid, row->owner_mark, writer, pid, mark,
                           revision);
}

/**
 * inn_operation_rows_claim:
 * @db: an open database
 * @writer: the number of this program run
 * @pid: its process id
 * @mark: the mark of the process
 * @error: return location
 *
 * Makes what is left behind this program's to offer, unless a living one offers it already.
 *
 * Returns: whether it is committed
 */
gboolean
inn_operation_rows_claim (
    InnDatabase *db, gint64 writer, gint64 pid, const char *mark, GError **error)
{
  g_autoptr (GPtrArray) left =
      find_dead (db,
                 "SELECT " COLUMNS " FROM operation WHERE state = 'abandoned' AND owner_pid <> 0 "
                 "AND writer <> ?1 ORDER BY key",
                 writer, error);
  gint64 revision;
  gboolean ok;

  if (left == NULL || left->len == 0)
    return left != NULL;
  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0;
  for (guint i = 0; ok && i < left->len; i++)
    ok = claim_one (db, g_ptr_array_index (left, i), writer, pid, mark, revision, error);

  return inn_database_end (db, ok, error);
}

/**
 * inn_operation_rows_settle:
 * @db: an open database
 * @id: an operation that was left behind
 * @settled: (out): whether it was still offered, and is not any more; of several who ask at once
 *   one is told so
 * @error: return location
 *
 * Nobody offers it any more.
 *
 * Returns: whether it is committed
 */
gboolean
inn_operation_rows_settle (InnDatabase *db, const char *id, gboolean *settled, GError **error)
{
  gint64 revision;
  gboolean ok;

  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0 && inn_database_run (db, error,
                                         "UPDATE operation SET owner_pid = 0, revision = ?2 WHERE "
                                         "id = ?1 AND state = 'abandoned' AND owner_pid <> 0",
                                         "si", id, revision);
  *settled = ok && inn_database_get_changes (db) == 1;

  return inn_database_end (db, ok, error);
}
