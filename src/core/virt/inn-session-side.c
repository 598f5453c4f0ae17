/* inn-session-side.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* Connections beside the one that watches a host, for calls that may take a minute: a host serves
 * five of one connection at once, and then reads no more from it. */

/* How long a host that is connected has to take another connection. */
#define OPEN_USEC (20 * G_USEC_PER_SEC)
/* How long a request may wait for those before it. */
#define BEGIN_USEC (8 * G_USEC_PER_SEC)

static void
drop (InnSession *self, InnSide *side)
{
  if (side->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (side->connection, self);
      dex_future_disown (inn_connection_close (side->connection));
    }
  g_clear_object (&side->connection);
  dex_clear (&side->opened);
}

void
_inn_session_drop_sides (InnSession *self)
{
  drop (self, &self->text);
  drop (self, &self->requests);
}

static void
on_closed (InnSession *self, InnConnection *connection)
{
  drop (self, connection == self->text.connection ? &self->text : &self->requests);
}

static void
start (InnSession *self, InnSide *side)
{
  side->connection =
      inn_connection_new (self->route, inn_host_get_id (self->host), inn_host_get_name (self->host),
                          inn_host_get_read_only (self->host), self->prompter, 0);
  g_signal_connect_object (side->connection, "closed", G_CALLBACK (on_closed), self,
                           G_CONNECT_SWAPPED);
  side->opened = inn_connection_open (side->connection, NULL, NULL, NULL);
  dex_future_disown (dex_ref (side->opened));
}

/* In a fiber: whether there is such a connection. Time in which a person is asked does not
 * count. */
gboolean
_inn_session_await_side (InnSession *self, InnSide *side, GError **error)
{
  g_autoptr (InnConnection) connection = NULL;
  g_autoptr (GError) local = NULL;

  if (side->connection == NULL)
    start (self, side);
  g_set_object (&connection, side->connection);

  while (!dex_await (inn_future_timeout (dex_ref (side->opened), OPEN_USEC), &local))
    {
      if (side->connection != connection)
        break;
      if (g_error_matches (local, INN_ERROR, INN_ERROR_TIMED_OUT) &&
          inn_connection_is_asking (connection))
        {
          g_clear_error (&local);
          continue;
        }
      drop (self, side);
      break;
    }
  if (side->connection == connection && local == NULL)
    return TRUE;

  if (local == NULL)
    local = inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                           _ ("The connection to “%s” ended before the answer came"),
                           inn_host_get_name (self->host));
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* What a thread makes of a request; the session may be gone by then. */
typedef struct
{
  InnConnectionFunc func;
  gpointer data;
  GDestroyNotify destroy;
  int begun; /* atomic */
} Call;

typedef struct
{
  InnSession *session;
  Call *call;
} Request;

static void
call_clear (gpointer data)
{
  Call *call = data;

  if (call->destroy != NULL)
    call->destroy (call->data);
}

static void
call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, call_clear);
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->session);
  call_unref (request->call);
  g_free (request);
}

static gboolean
request_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Call *call = data;

  g_atomic_int_set (&call->begun, TRUE);
  return call->func (conn, call->data, cancellable, result, error);
}

static DexFuture *
request_fiber (gpointer data)
{
  Request *request = data;
  InnSession *self = request->session;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexFuture) future = NULL;
  g_autoptr (GError) error = NULL;

  if (!_inn_session_await_side (self, &self->requests, &error))
    return inn_reject (g_steal_pointer (&error));

  future = inn_connection_run (self->requests.connection, INN_LANE_ACTION, request_thread,
                               g_atomic_rc_box_acquire (request->call), call_unref, cancellable);
  dex_await (inn_future_timeout (dex_ref (future), BEGIN_USEC), NULL);
  if (dex_future_is_pending (future) && !g_atomic_int_get (&request->call->begun))
    {
      g_cancellable_cancel (cancellable);
      dex_future_disown (g_steal_pointer (&future));
      return inn_reject (inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                                        _ ("Too many guests of “%s” do not answer. Try again when "
                                           "they do."),
                                        inn_host_get_name (self->host)));
    }

  return g_steal_pointer (&future);
}

/**
 * inn_session_request:
 * @self: a session
 * @func: blocking libvirt calls that wait for a guest, such as for its agent
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data
 *
 * As inn_session_run(), for what may take a minute or more: over a connection of its own, so that
 * nothing else waits for it. Some such requests go on at once.
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error, with %INN_ERROR_TIMED_OUT when it could not begin for those before it, and as
 *   inn_session_run()
 */
DexFuture *
inn_session_request (InnSession *self,
                     InnConnectionFunc func,
                     gpointer data,
                     GDestroyNotify destroy)
{
  Request *request;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  request = g_new0 (Request, 1);
  request->session = g_object_ref (self);
  request->call = g_atomic_rc_box_new0 (Call);
  request->call->func = func;
  request->call->data = data;
  request->call->destroy = destroy;
  if (!self->online)
    {
      request_free (request);
      return inn_reject (_inn_session_not_connected (self));
    }

  return inn_spawn ("request_fiber", request_fiber, request, request_free);
}
