/* inn-connection-core.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-connection-private.h"

/* The part of a connection that its threads and libvirt's callbacks hold, and how they tell the
 * main thread. */

gpointer
_inn_connection_core_ref (gpointer data)
{
  InnConnectionCore *core = data;

  g_atomic_ref_count_inc (&core->ref_count);
  return core;
}

void
_inn_connection_core_unref (gpointer data)
{
  InnConnectionCore *core = data;

  if (!g_atomic_ref_count_dec (&core->ref_count))
    return;

  g_assert (core->conn == NULL);
  g_queue_clear_full (&core->happened, (GDestroyNotify) inn_happened_free);
  g_weak_ref_clear (&core->owner);
  g_mutex_clear (&core->mutex);
  g_free (core);
}

virConnectPtr
_inn_connection_core_take_ref (InnConnectionCore *core)
{
  virConnectPtr conn;

  g_mutex_lock (&core->mutex);
  conn = core->conn;
  if (conn != NULL)
    virConnectRef (conn);
  g_mutex_unlock (&core->mutex);

  return conn;
}

static gboolean
tell_on_main (gpointer data)
{
  InnConnectionCore *core = data;
  g_autoptr (InnConnection) self = g_weak_ref_get (&core->owner);
  GQueue queue = G_QUEUE_INIT;
  InnHappened *happened;

  g_mutex_lock (&core->mutex);
  queue = core->happened;
  g_queue_init (&core->happened);
  core->telling = FALSE;
  g_mutex_unlock (&core->mutex);

  while ((happened = g_queue_pop_head (&queue)) != NULL)
    {
      if (self != NULL)
        g_signal_emit_by_name (self, "happened", happened);
      inn_happened_free (happened);
    }

  return G_SOURCE_REMOVE;
}

/* Called by libvirt while it holds its own state: copy, and tell later, many at once. */
void
_inn_connection_core_on_happened (InnHappened *happened, gpointer data)
{
  InnConnectionCore *core = data;
  gboolean tell;

  g_mutex_lock (&core->mutex);
  g_queue_push_tail (&core->happened, happened);
  tell = !core->telling;
  core->telling = TRUE;
  g_mutex_unlock (&core->mutex);

  if (tell)
    g_idle_add_full (G_PRIORITY_DEFAULT, tell_on_main, _inn_connection_core_ref (core),
                     _inn_connection_core_unref);
}

static gboolean
closed_on_main (gpointer data)
{
  InnConnectionCore *core = data;
  g_autoptr (InnConnection) self = g_weak_ref_get (&core->owner);

  if (self != NULL)
    g_signal_emit_by_name (self, "closed");

  return G_SOURCE_REMOVE;
}

/* On whichever thread noticed. */
void
_inn_connection_core_on_closed (virConnectPtr conn, int reason, void *data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, closed_on_main, _inn_connection_core_ref (data),
                   _inn_connection_core_unref);
}

void
_inn_connection_core_close (InnConnectionCore *core, virConnectPtr conn, InnWatch *watch)
{
  inn_watch_stop (watch, conn);
  virConnectUnregisterCloseCallback (conn, _inn_connection_core_on_closed);
  virConnectClose (conn);
  _inn_connection_core_unref (core);
}
