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
_inn_connection_core_tell_closed (InnConnectionCore *core)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, closed_on_main, _inn_connection_core_ref (core),
                   _inn_connection_core_unref);
}

static void
closed_cb (virConnectPtr conn, int reason, void *data)
{
  InnCloseHook *hook = data;

  _inn_connection_core_tell_closed (hook->core);
}

static void
close_hook_clear (gpointer data)
{
  InnCloseHook *hook = data;

  _inn_connection_core_unref (hook->core);
}

static void
close_hook_unref (InnCloseHook *hook)
{
  g_atomic_rc_box_release_full (hook, close_hook_clear);
}

static void
let_go_cb (void *data)
{
  InnCloseHook *hook = data;

  g_atomic_int_set (&hook->let_go, TRUE);
  close_hook_unref (hook);
}

void
_inn_connection_core_watch_close (InnConnectionCore *core, virConnectPtr conn)
{
  InnCloseHook *hook = g_atomic_rc_box_new0 (InnCloseHook);

  hook->core = _inn_connection_core_ref (core);
  core->close_hook = hook;
  if (virConnectRegisterCloseCallback (conn, closed_cb, g_atomic_rc_box_acquire (hook), let_go_cb) <
      0)
    let_go_cb (hook);
}

/* A connection that broke cannot be told that nobody listens any more: libvirt keeps the callback
 * then, calls it when it notices, and lets go of it by itself. Drivers that do not have it took it
 * and never let go: only for those is it done here. */
static void
stop_watching_close (InnConnectionCore *core, virConnectPtr conn)
{
  InnCloseHook *hook = g_steal_pointer (&core->close_hook);

  if (virConnectUnregisterCloseCallback (conn, closed_cb) == 0 && !g_atomic_int_get (&hook->let_go))
    let_go_cb (hook);
  close_hook_unref (hook);
}

void
_inn_connection_core_close (InnConnectionCore *core, virConnectPtr conn, InnWatch *watch)
{
  inn_watch_stop (watch, conn);
  stop_watching_close (core, conn);
  virConnectClose (conn);
}
