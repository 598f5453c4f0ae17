/* inn-session-text.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "virt/inn-text-pump.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* Serial ports, consoles and channels of guests. They have a connection of their own to the host: a
 * guest that floods its serial port, or reads nothing of what is typed, holds up that one and not
 * the one that watches the host. */

typedef struct
{
  InnSession *session;
  InnTextPlace place;
  GCancellable *cancellable;
  GCancellable *ended; /* of the connection */
  DexPromise *promise; /* of the socket, which must not get lost on the way */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  if (opening->promise != NULL)
    dex_promise_reject (opening->promise,
                        inn_error_new (INN_ERROR_CANCELLED, NULL, _ ("Cancelled before it began")));
  dex_clear (&opening->promise);
  inn_text_place_clear (&opening->place);
  g_clear_object (&opening->session);
  g_clear_object (&opening->cancellable);
  g_clear_object (&opening->ended);
  g_free (opening);
}

/* Keeps the promise here, so that the socket has an owner at every moment. */
static gboolean
open_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Opening *opening = data;
  GError *local = NULL;
  int fd = inn_text_pump_start (conn, &opening->place, opening->ended, &local);

  if (fd >= 0)
    dex_promise_resolve_fd (opening->promise, fd);
  else
    dex_promise_reject (opening->promise, local);
  dex_clear (&opening->promise);
  return TRUE;
}

static Opening *
opening_copy (Opening *from, InnConnection *connection, DexPromise *promise)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->place =
      (InnTextPlace) { g_strdup (from->place.uuid), g_strdup (from->place.guest_name),
                       g_strdup (from->place.device), from->place.is_channel, from->place.force };
  opening->ended = g_object_ref (inn_connection_get_ended (connection));
  opening->promise = dex_ref (promise);
  return opening;
}

static DexFuture *
given_up_cb (DexFuture *completed, gpointer promise)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    dex_promise_reject (promise, g_steal_pointer (&error));
  return dex_future_new_true ();
}

static DexFuture *
open_fiber (gpointer data)
{
  Opening *opening = data;
  InnSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (DexPromise) promise = NULL;

  if (!_inn_session_await_side (self, &self->text, &error))
    return inn_reject (g_steal_pointer (&error));

  promise = dex_promise_new ();
  dex_future_disown (dex_future_finally (
      inn_connection_run (self->text.connection, INN_LANE_ACTION, open_thread,
                          opening_copy (opening, self->text.connection, promise), opening_free,
                          opening->cancellable),
      given_up_cb, dex_ref (promise), dex_unref));
  return DEX_FUTURE (g_steal_pointer (&promise));
}

/**
 * inn_session_open_text:
 * @self: a session
 * @uuid: a running guest
 * @device: alias of one of its serial ports, consoles or channels
 * @is_channel: whether it is a channel
 * @force: whether whoever has it open loses it
 * @cancellable: (nullable): gives up before it is open
 *
 * Opens a text device of a guest. The host is asked on threads; the bytes are carried by one. A
 * reader that does not read has the device closed, until it reads again, rather than memory grow.
 *
 * Returns: (transfer full): resolves with a non-blocking socket (dex_await_fd()), which ends with
 *   the device; rejects with %INN_ERROR_IN_USE when somebody else has it open, and as
 *   inn_session_run()
 */
DexFuture *
inn_session_open_text (InnSession *self,
                       const char *uuid,
                       const char *device,
                       gboolean is_channel,
                       gboolean force,
                       GCancellable *cancellable)
{
  InnVm *vm;
  Opening *opening;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (uuid != NULL && device != NULL, NULL);

  if (!self->online)
    return inn_reject (_inn_session_not_connected (self));

  vm = inn_host_find_vm (self->host, uuid);
  opening = g_new0 (Opening, 1);
  opening->session = g_object_ref (self);
  opening->place =
      (InnTextPlace) { g_strdup (uuid), g_strdup (vm != NULL ? inn_vm_get_name (vm) : uuid),
                       g_strdup (device), is_channel, force };
  g_set_object (&opening->cancellable, cancellable);
  return inn_spawn ("open_fiber", open_fiber, opening, opening_free);
}
