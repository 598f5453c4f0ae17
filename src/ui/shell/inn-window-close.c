/* inn-window-close.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-window-private.h"

#include <glib/gi18n.h>

/* Closing the window while operations of this process run: the hosts may finish what they were
 * asked to do, but nobody would follow it any more. So we ask. */

static guint
count_own (InnWindow *self)
{
  GListModel *operations = G_LIST_MODEL (inn_app_context_get_operations (self->context));
  guint n = g_list_model_get_n_items (operations);
  guint own = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);

      own += !inn_operation_is_ended (operation) && !inn_operation_is_foreign (operation);
    }

  return own;
}

static void
close_for_good (InnWindow *self)
{
  self->close_confirmed = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

/* In the background: the hidden window goes with the last operation. */
static void
on_operation_ended (InnWindow *self)
{
  if (self->in_background && count_own (self) == 0)
    close_for_good (self);
}

/* Started again meanwhile: a window that is seen stays. */
static void
on_map (InnWindow *self)
{
  self->in_background = FALSE;
}

static void
on_response (AdwAlertDialog *dialog, const char *response, InnWindow *self)
{
  self->asking_to_close = FALSE;
  if (g_str_equal (response, "quit"))
    close_for_good (self);
  else if (g_str_equal (response, "background"))
    {
      self->in_background = TRUE;
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      on_operation_ended (self);
    }
}

static void
ask (InnWindow *self, guint n)
{
  g_autofree char *heading = g_strdup_printf (
      g_dngettext (NULL, "%u Operation Is Running", "%u Operations Are Running", n), n);
  AdwDialog *dialog = adw_alert_dialog_new (
      heading,
      g_dngettext (NULL,
                   "Innkeeper can follow it to its end in the background, or quit now and leave it "
                   "to the host that runs it.",
                   "Innkeeper can follow them to their end in the background, or quit now and "
                   "leave them to the hosts that run them.",
                   n));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "quit",
                                  _ ("_Quit Now"), "background", _ ("Run in _Background"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "background",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "background");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), self, 0);
  self->asking_to_close = TRUE;
  inn_feedback_present_now (dialog, GTK_WIDGET (self));
}

/* Whether the window may close now; else the person is asked. */
gboolean
_inn_window_may_close (InnWindow *self)
{
  guint n;

  if (self->close_confirmed)
    return TRUE;

  n = count_own (self);
  if (n == 0)
    return TRUE;
  if (!self->asking_to_close)
    ask (self, n);

  return FALSE;
}

void
_inn_window_watch_operations (InnWindow *self)
{
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect_object (inn_app_context_get_operations (self->context), "ended",
                           G_CALLBACK (on_operation_ended), self, G_CONNECT_SWAPPED);
}
