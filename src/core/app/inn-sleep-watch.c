/* inn-sleep-watch.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-sleep-watch.h"

#include "base/inn-weak.h"

#include <gio/gio.h>

/**
 * InnSleepWatch:
 *
 * Cuts the back-off of lost hosts short when this computer wakes up. Where nobody tells of sleep
 * (no system bus, no logind) hosts come back as their back-off has it.
 */
struct _InnSleepWatch
{
  GObject parent_instance;

  InnSessionManager *sessions;
  GDBusConnection *bus;
  guint subscription;
};

G_DEFINE_FINAL_TYPE (InnSleepWatch, inn_sleep_watch, G_TYPE_OBJECT)

static void
inn_sleep_watch_dispose (GObject *object)
{
  InnSleepWatch *self = INN_SLEEP_WATCH (object);

  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->bus);
  g_clear_object (&self->sessions);

  G_OBJECT_CLASS (inn_sleep_watch_parent_class)->dispose (object);
}

static void
inn_sleep_watch_class_init (InnSleepWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_sleep_watch_dispose;
}

static void
inn_sleep_watch_init (InnSleepWatch *self)
{
}

static void
on_prepare_for_sleep (GDBusConnection *bus,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *signal,
                      GVariant *parameters,
                      gpointer weak)
{
  g_autoptr (InnSleepWatch) self = inn_weak_get (weak);
  gboolean begins = TRUE;

  if (self == NULL || self->sessions == NULL ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &begins);
  if (!begins)
    inn_session_manager_reconnect_now (self->sessions);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer weak)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  g_autoptr (InnSleepWatch) self = inn_weak_get (weak);

  inn_weak_unref (weak);
  if (bus == NULL)
    {
      g_debug ("Nobody tells when this computer wakes up: %s", error->message);
      return;
    }
  if (self == NULL)
    return;

  self->bus = g_steal_pointer (&bus);
  /* A system bus that goes away must not take us along. */
  g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  self->subscription = g_dbus_connection_signal_subscribe (
      self->bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
      "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_prepare_for_sleep,
      inn_weak_new (self), inn_weak_unref);
}

/**
 * inn_sleep_watch_new:
 * @sessions: whose hosts are to come back
 *
 * Returns: (transfer full): a watch that works from when the system bus answers
 */
InnSleepWatch *
inn_sleep_watch_new (InnSessionManager *sessions)
{
  InnSleepWatch *self;

  g_return_val_if_fail (INN_IS_SESSION_MANAGER (sessions), NULL);

  self = g_object_new (INN_TYPE_SLEEP_WATCH, NULL);
  self->sessions = g_object_ref (sessions);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus, inn_weak_new (self));

  return self;
}
