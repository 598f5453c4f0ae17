/* inn-operation-accessors.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-operation-private.h"

/**
 * inn_operation_get_id:
 * @self: an operation
 *
 * Returns: a random UUID
 */
const char *
inn_operation_get_id (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->id;
}

/**
 * inn_operation_get_kind:
 * @self: an operation
 *
 * Returns: what it does, as the action is called
 */
const char *
inn_operation_get_kind (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->kind;
}

/**
 * inn_operation_get_object_id:
 * @self: an operation
 *
 * Returns: (nullable): id of the object it works on
 */
const char *
inn_operation_get_object_id (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->object_id;
}

/**
 * inn_operation_get_object_name:
 * @self: an operation
 *
 * Returns: (nullable): name of the object it works on, when it began
 */
const char *
inn_operation_get_object_name (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->object_name;
}

/**
 * inn_operation_get_title:
 * @self: an operation
 *
 * Returns: what people read
 */
const char *
inn_operation_get_title (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->title;
}

/**
 * inn_operation_get_detail:
 * @self: an operation
 *
 * Returns: (nullable): what it does right now
 */
const char *
inn_operation_get_detail (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->detail;
}

/**
 * inn_operation_get_progress:
 * @self: an operation
 *
 * Returns: 0 to 1, or negative while nobody knows
 */
double
inn_operation_get_progress (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), -1);

  return self->progress;
}

/**
 * inn_operation_get_state:
 * @self: an operation
 *
 * Returns: how it stands
 */
InnOperationState
inn_operation_get_state (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), INN_OPERATION_FAILED);

  return self->state;
}

/**
 * inn_operation_is_ended:
 * @self: an operation
 *
 * Returns: whether it is over, well or not
 */
gboolean
inn_operation_is_ended (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), TRUE);

  return self->state != INN_OPERATION_RUNNING;
}

/**
 * inn_operation_get_error:
 * @self: an operation
 *
 * Returns: (nullable): why it failed
 */
const GError *
inn_operation_get_error (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->error;
}

/**
 * inn_operation_get_started_at:
 * @self: an operation
 *
 * Returns: UNIX microseconds
 */
gint64
inn_operation_get_started_at (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), 0);

  return self->started_at;
}

/**
 * inn_operation_get_ended_at:
 * @self: an operation
 *
 * Returns: UNIX microseconds, 0 while it runs
 */
gint64
inn_operation_get_ended_at (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), 0);

  return self->ended_at;
}

/**
 * inn_operation_is_foreign:
 * @self: an operation
 *
 * Returns: whether another process does the work, or did
 */
gboolean
inn_operation_is_foreign (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), FALSE);

  return self->foreign;
}

/**
 * inn_operation_get_no_cancel_reason:
 * @self: an operation
 *
 * Returns: (nullable): why it cannot be cancelled now; %NULL when it can
 */
const char *
inn_operation_get_no_cancel_reason (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return self->no_cancel_reason;
}

/**
 * inn_operation_is_cancelled:
 * @self: an operation
 *
 * Returns: whether somebody asked to cancel; a loop looks after each await
 */
gboolean
inn_operation_is_cancelled (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), FALSE);

  return g_cancellable_is_cancelled (self->cancellable);
}

/**
 * inn_operation_get_log:
 * @self: an operation
 *
 * Returns: (transfer none): a model of [class@LogLine]
 */
GListModel *
inn_operation_get_log (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return G_LIST_MODEL (self->log);
}
