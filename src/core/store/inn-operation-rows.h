/* inn-operation-rows.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"
#include "store/inn-database.h"

G_BEGIN_DECLS

/* An operation of the journal as plain data. */
typedef struct
{
  char *id;
  gint64 writer;
  gint64 owner_pid;
  char *owner_mark;
  char *kind;
  char *object_id;
  char *object_name;
  char *title;
  InnOperationState state;
  double progress;
  char *detail;
  char *no_cancel_reason;
  gboolean cancel_requested;
  gint64 started_at;
  gint64 ended_at;
  char *error_code;
  char *error_message;
  char *error_details;
} InnOperationRow;

InnOperationRow *inn_operation_row_from_operation (InnOperation *operation);
void inn_operation_row_free (gpointer row);
InnOperation *inn_operation_row_to_operation (const InnOperationRow *row);
void inn_operation_row_apply (const InnOperationRow *row, InnOperation *operation);

/* On the worker. Rows are of InnOperationRow. */
gboolean inn_operation_rows_write (InnDatabase *db, GPtrArray *rows, GError **error);
GPtrArray *inn_operation_rows_read (InnDatabase *db, gint64 after, GError **error);
gboolean inn_operation_rows_request_cancel (InnDatabase *db, const char *id, GError **error);
GPtrArray *inn_operation_rows_abandon (InnDatabase *db, gint64 writer, GError **error);
gboolean inn_operation_rows_claim (
    InnDatabase *db, gint64 writer, gint64 pid, const char *mark, GError **error);
gboolean
inn_operation_rows_settle (InnDatabase *db, const char *id, gboolean *settled, GError **error);

/* What is left behind has an owner: who ran it, and then who offers it. Dismissed it has none. */
#define inn_operation_row_is_left(row)                                                             \
  ((row)->state == INN_OPERATION_ABANDONED && (row)->owner_pid != 0)

G_END_DECLS
