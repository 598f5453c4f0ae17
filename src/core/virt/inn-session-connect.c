/* inn-session-connect.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-beat.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* From an attempt to a connection that is open, and back: deadline, back-off, loss. */

#define BACKOFF_FIRST (1 * G_USEC_PER_SEC)
#define BACKOFF_MOST (60 * G_USEC_PER_SEC)

static void start_attempt (InnSession *self);

/* What an answer comes back with: the session may be gone, or busy with a later attempt. */
typedef struct
{
  GWeakRef session;
  guint64 attempt;
} Tag;

static Tag *
tag_new (InnSession *self)
{
  Tag *tag = g_new0 (Tag, 1);

  g_weak_ref_init (&tag->session, self);
  tag->attempt = self->attempt;
  return tag;
}

static void
tag_free (gpointer data)
{
  Tag *tag = data;

  g_weak_ref_clear (&tag->session);
  g_free (tag);
}

static InnSession *
tag_get (Tag *tag)
{
  InnSession *self = g_weak_ref_get (&tag->session);

  if (self != NULL && self->attempt != tag->attempt)
    g_clear_object (&self);

  return self;
}

static gint64
backoff_delay (guint failures)
{
  gint64 delay = BACKOFF_FIRST << MIN (failures, 6u);

  delay = MIN (delay, BACKOFF_MOST);
  /* Hosts that were lost together do not come back together. */
  return delay - (gint64) ((double) delay * 0.25 * g_random_double ());
}

static DexFuture *
backoff_over_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = tag_get (data);

  if (self != NULL && self->wanted && self->connecting == NULL)
    start_attempt (self);

  return dex_future_new_true ();
}

static void
retry_later (InnSession *self)
{
  dex_clear (&self->backoff);
  self->backoff = dex_future_finally (inn_clock_delay (self->clock, backoff_delay (self->failures)),
                                      backoff_over_cb, tag_new (self), tag_free);
  self->failures++;
}

static void
drop_connection (InnSession *self)
{
  _inn_session_stop_ticking (self);
  _inn_session_drop_deltas (self);
  _inn_session_drop_arrivals (self);
  _inn_session_drop_descriptions (self);
  _inn_session_drop_addresses (self);
  _inn_session_drop_sides (self);
  self->online = FALSE;
  self->mute = FALSE;
  g_clear_handle_id (&self->deadline_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connection != NULL)
    dex_future_disown (inn_connection_close (self->connection));
  g_clear_object (&self->connection);
}

/* Ends the attempt. Takes @error. */
static void
fail_attempt (InnSession *self, GError *error)
{
  g_autoptr (GError) owned = error;
  DexPromise *connecting = g_steal_pointer (&self->connecting);
  InnHostState old = inn_host_get_state (self->host);
  InnHostState state;

  self->attempt++;
  drop_connection (self);

  if (_inn_session_needs_person (error))
    {
      state = INN_HOST_AUTH_REQUIRED;
      self->refusals++;
    }
  else if (_inn_session_is_final (error) || !self->was_online)
    state = INN_HOST_FAILED;
  else
    state = INN_HOST_LOST;
  inn_host_set_state (self->host, state, error);
  _inn_session_report_failure (self, old, error);
  if (self->wanted && state != INN_HOST_AUTH_REQUIRED && !_inn_session_is_final (error))
    retry_later (self);

  if (connecting != NULL)
    {
      dex_promise_reject (connecting, g_error_copy (error));
      dex_unref (connecting);
    }
}

static gboolean
on_deadline (gpointer data)
{
  InnSession *self = data;

  if (self->connection != NULL && inn_connection_is_asking (self->connection))
    return G_SOURCE_CONTINUE;

  self->deadline_id = 0;
  fail_attempt (self, inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                                     _ ("“%s” accepted the connection but does not answer. "
                                        "Restart libvirt on it, or check what holds it up."),
                                     inn_host_get_name (self->host)));
  return G_SOURCE_REMOVE;
}

/* The connection broke, or the host broke it. */
static void
on_connection_closed (InnSession *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->online)
    {
      /* The first look fails by itself with better words. */
      return;
    }

  error = inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                         _ ("The connection to “%s” was lost. Reconnecting; if it lasts, check "
                            "the network and libvirt on it."),
                         inn_host_get_name (self->host));
  self->attempt++;
  if (!self->mute)
    inn_inventory_report (self->inventory, INN_SEVERITY_ERROR, "host.lost", self->host, NULL, "%s",
                          error->message);
  drop_connection (self);
  inn_host_set_state (self->host, INN_HOST_LOST, error);
  if (self->wanted)
    retry_later (self);
}

static void
succeed_attempt (InnSession *self, InnDelta *delta)
{
  DexPromise *connecting = g_steal_pointer (&self->connecting);

  self->online = TRUE;
  self->was_online = TRUE;
  self->failures = 0;
  self->refusals = 0;
  inn_host_set_state (self->host, INN_HOST_ONLINE, NULL);
  inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "host.connected", self->host, NULL,
                        _ ("Connected to “%s”"), inn_host_get_name (self->host));
  _inn_session_queue_delta (self, delta);
  _inn_session_start_ticking (self);
  if (self->missed_event)
    _inn_session_look_soon (self, TRUE);
  _inn_session_ask_hostname (self);

  if (connecting != NULL)
    {
      dex_promise_resolve_boolean (connecting, TRUE);
      dex_unref (connecting);
    }
}

static gboolean
on_first_list (gpointer data)
{
  InnSession *self = data;
  g_autoptr (InnDelta) delta = g_steal_pointer (&self->first);

  self->first_id = 0;
  succeed_attempt (self, delta);
  return G_SOURCE_REMOVE;
}

static DexFuture *
on_opened_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = tag_get (data);
  GError *error = NULL;
  const GValue *value;

  if (self == NULL)
    return dex_future_new_true ();

  value = dex_future_get_value (completed, &error);
  if (value == NULL)
    fail_attempt (self, error);
  else
    {
      gint64 now = g_get_monotonic_time ();
      gint64 wait = inn_beat_after (now) - now;

      /* What hosts answer by then is shown together: each by itself would be a frame to draw. But a
       * turn of the main loop for each host, however many have answered. */
      g_clear_handle_id (&self->deadline_id, g_source_remove);
      self->first = inn_delta_ref (g_value_get_boxed (value));
      self->first_id =
          g_timeout_add_full (self->apply_priority, (guint) (wait / G_TIME_SPAN_MILLISECOND) + 1,
                              on_first_list, self, NULL);
    }

  return dex_future_new_true ();
}

static void
open_connection (InnSession *self, const InnRoute *route)
{
  InnConnectionFunc first;
  gpointer data;
  GDestroyNotify destroy;

  g_clear_pointer (&self->route, inn_route_free);
  self->route = inn_route_copy (route);
  self->connection =
      inn_connection_new (route, inn_host_get_id (self->host), inn_host_get_name (self->host),
                          inn_host_get_read_only (self->host), self->prompter, self->refusals);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (on_connection_closed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "happened", G_CALLBACK (_inn_session_on_happened),
                           self, G_CONNECT_SWAPPED);

  self->missed_event = FALSE;
  first = _inn_session_first_look (self, &data, &destroy);
  self->deadline_id =
      g_timeout_add ((guint) (self->open_timeout / G_TIME_SPAN_MILLISECOND), on_deadline, self);
  dex_future_disown (
      dex_future_finally (inn_connection_open (self->connection, first, data, destroy),
                          on_opened_cb, tag_new (self), tag_free));
}

static DexFuture *
on_route_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = tag_get (data);
  GError *error = NULL;
  const GValue *value;

  if (self == NULL)
    return dex_future_new_true ();

  value = dex_future_get_value (completed, &error);
  if (value == NULL)
    fail_attempt (self, error);
  else
    open_connection (self, g_value_get_boxed (value));

  return dex_future_new_true ();
}

static void
start_attempt (InnSession *self)
{
  GError *error = NULL;

  self->attempt++;
  dex_clear (&self->backoff);
  self->connecting = dex_promise_new ();
  self->cancellable = g_cancellable_new ();
  /* A host that is lost, or failed before, stays so until it answers. */
  if (!self->was_online && self->failures == 0)
    inn_host_set_state (self->host, INN_HOST_CONNECTING, NULL);

  if (!_inn_session_check_uri (self, &error))
    {
      fail_attempt (self, error);
      return;
    }

  dex_future_disown (dex_future_finally (
      inn_transport_open (self->transport, inn_host_get_id (self->host),
                          inn_host_get_name (self->host), inn_host_get_uri (self->host),
                          inn_host_get_read_only (self->host), self->cancellable),
      on_route_cb, tag_new (self), tag_free));
}

/**
 * inn_session_connect:
 * @self: a session
 *
 * Connects, and from now on reconnects by itself. While an attempt is on its way, it is that one.
 *
 * Returns: (transfer full): resolves when the host is online; rejects with why this attempt failed
 */
DexFuture *
inn_session_connect (InnSession *self)
{
  DexFuture *future;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);

  if (self->online)
    return dex_future_new_true ();

  if (self->connecting != NULL)
    return dex_ref (DEX_FUTURE (self->connecting));

  if (!self->wanted || inn_host_get_state (self->host) != INN_HOST_LOST)
    {
      self->was_online = FALSE;
      self->failures = 0;
    }
  self->wanted = TRUE;
  start_attempt (self);
  if (self->connecting != NULL)
    return dex_ref (DEX_FUTURE (self->connecting));

  /* It failed on the spot. */
  future = dex_future_new_for_error (g_error_copy (inn_host_get_error (self->host)));
  return future;
}

/**
 * inn_session_disconnect:
 * @self: a session
 *
 * Gives the connection up and reconnects no more. The host object is offline at once.
 *
 * Returns: (transfer full): resolves when the handle is closed
 */
DexFuture *
inn_session_disconnect (InnSession *self)
{
  g_autoptr (InnConnection) connection = NULL;
  DexPromise *connecting;
  DexFuture *closed;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);

  connecting = g_steal_pointer (&self->connecting);
  self->wanted = FALSE;
  self->was_online = FALSE;
  self->attempt++;
  dex_clear (&self->backoff);
  connection = g_steal_pointer (&self->connection);
  closed = connection != NULL ? inn_connection_close (connection) : dex_future_new_true ();
  drop_connection (self);
  inn_transport_close (self->transport, inn_host_get_id (self->host));
  if (inn_host_get_state (self->host) != INN_HOST_OFFLINE)
    inn_host_set_state (self->host, INN_HOST_OFFLINE, NULL);

  if (connecting != NULL)
    {
      dex_promise_reject (connecting, inn_error_new (INN_ERROR_CANCELLED, NULL,
                                                     _ ("The connection to “%s” was closed"),
                                                     inn_host_get_name (self->host)));
      dex_unref (connecting);
    }

  return closed;
}

/**
 * inn_session_reconnect_now:
 * @self: a session
 *
 * Cuts a back-off short: the machine woke up, or a person does not want to wait. A connection on
 * which nothing is answered any more is given up for a new one. Does nothing to a host that nobody
 * wants, that answers, or that waits for a person.
 */
void
inn_session_reconnect_now (InnSession *self)
{
  g_return_if_fail (INN_IS_SESSION (self));

  if (self->wanted && self->online && self->mute)
    {
      drop_connection (self);
      self->failures = 1;
      start_attempt (self);
      return;
    }
  if (!self->wanted || self->backoff == NULL || self->connecting != NULL || self->online)
    return;

  self->failures = 1;
  start_attempt (self);
}
