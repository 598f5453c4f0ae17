/* inn-notifier.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-notifier.h"

#include <glib/gi18n.h>

/**
 * InnNotifier:
 *
 * Tells what a person who looks elsewhere would miss: a desktop notification for an operation that
 * ended while no window had the focus, and spoken words for a host that was lost and a guest that
 * moved.
 */
struct _InnNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* weak */
};

G_DEFINE_FINAL_TYPE (InnNotifier, inn_notifier, G_TYPE_OBJECT)

/* Quick things need no notification: who began them still looks. */
#define LONG_USEC (3 * G_USEC_PER_SEC)

static void
on_ended (InnOperationManager *operations, InnOperation *operation, InnNotifier *self)
{
  GtkWindow *window =
      self->application != NULL ? gtk_application_get_active_window (self->application) : NULL;
  const GError *error = inn_operation_get_error (operation);
  g_autoptr (GNotification) notification = NULL;
  gint64 took = inn_operation_get_ended_at (operation) - inn_operation_get_started_at (operation);

  if (window == NULL || gtk_window_is_active (window) || inn_operation_is_foreign (operation))
    return;
  if (inn_operation_get_state (operation) == INN_OPERATION_CANCELLED ||
      (error == NULL && took < LONG_USEC))
    return;

  notification = g_notification_new (inn_operation_get_title (operation));
  g_notification_set_body (notification, error != NULL ? error->message : _ ("Done"));
  g_application_send_notification (G_APPLICATION (self->application),
                                   inn_operation_get_id (operation), notification);
}

static void
on_event (InnInventory *inventory, InnEvent *event, InnNotifier *self)
{
  const char *kind = inn_event_get_kind (event);
  GtkWindow *window =
      self->application != NULL ? gtk_application_get_active_window (self->application) : NULL;

  if (window == NULL)
    return;
  if (g_str_equal (kind, "host.lost"))
    gtk_accessible_announce (GTK_ACCESSIBLE (window), inn_event_get_text (event),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  else if (g_str_equal (kind, "vm.migrated"))
    gtk_accessible_announce (GTK_ACCESSIBLE (window), inn_event_get_text (event),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
inn_notifier_dispose (GObject *object)
{
  g_clear_weak_pointer (&INN_NOTIFIER (object)->application);

  G_OBJECT_CLASS (inn_notifier_parent_class)->dispose (object);
}

static void
inn_notifier_class_init (InnNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_notifier_dispose;
}

static void
inn_notifier_init (InnNotifier *self)
{
}

/**
 * inn_notifier_new:
 * @application: whose windows are looked at, or not
 * @context: what happens
 *
 * Returns: (transfer full): a notifier that works as long as it lives
 */
InnNotifier *
inn_notifier_new (GtkApplication *application, InnAppContext *context)
{
  InnNotifier *self = g_object_new (INN_TYPE_NOTIFIER, NULL);

  g_set_weak_pointer (&self->application, application);
  g_signal_connect_object (inn_app_context_get_operations (context), "ended", G_CALLBACK (on_ended),
                           self, 0);
  g_signal_connect_object (inn_app_context_get_inventory (context), "event-reported",
                           G_CALLBACK (on_event), self, 0);

  return self;
}
