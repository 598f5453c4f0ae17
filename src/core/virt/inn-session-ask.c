/* inn-session-ask.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* Questions to a host that is online. */

static GError *
not_connected (InnSession *self)
{
  return inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                        _ ("“%s” is not connected. Connect it first."),
                        inn_host_get_name (self->host));
}

/**
 * inn_session_run:
 * @self: a session
 * @func: blocking libvirt calls
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread, before the future settles
 * @cancellable: (nullable): handed to @func
 *
 * Runs a job on one of the host's own threads; never blocks and never holds up the watching.
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error, or with %INN_ERROR_NOT_CONNECTED
 */
DexFuture *
inn_session_run (InnSession *self,
                 InnConnectionFunc func,
                 gpointer data,
                 GDestroyNotify destroy,
                 GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  if (!self->online)
    {
      if (destroy != NULL)
        destroy (data);
      return inn_reject (not_connected (self));
    }

  return inn_connection_run (self->connection, func, data, destroy, cancellable);
}

/**
 * inn_session_is_forwarded:
 * @self: a session
 *
 * Returns: whether the connection only looks local, so that no file descriptor may be passed
 */
gboolean
inn_session_is_forwarded (InnSession *self)
{
  g_return_val_if_fail (INN_IS_SESSION (self), FALSE);

  return self->connection != NULL && inn_connection_is_forwarded (self->connection);
}
