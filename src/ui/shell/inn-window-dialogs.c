/* inn-window-dialogs.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ui/host/inn-host-dialog.h"
#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-preferences-dialog.h"
#include "ui/shell/inn-shortcuts-dialog.h"

#include <glib/gi18n.h>

/* The actions of the window that open a dialog. */

static void
on_add_host (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_feedback_present (inn_host_dialog_new (INN_WINDOW (widget)->context, NULL), widget);
}

static void
on_cluster_add_host (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_feedback_present (
      inn_host_dialog_new (INN_WINDOW (widget)->context, g_variant_get_string (parameter, NULL)),
      widget);
}

static void
on_host_edit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnHost *host = _inn_window_find_host (INN_WINDOW (widget), parameter);

  if (host != NULL)
    inn_feedback_present (inn_host_dialog_new_edit (INN_WINDOW (widget)->context, host), widget);
}

static void
on_remove_response (AdwAlertDialog *dialog, const char *response, GtkWidget *widget)
{
  InnWindow *self = INN_WINDOW (widget);
  const char *id = g_object_get_data (G_OBJECT (dialog), "host-id");

  if (g_str_equal (response, "remove"))
    inn_feedback_follow_future (
        widget, inn_store_remove_host (inn_app_context_get_store (self->context), id),
        _ ("Host removed"));
}

static void
on_host_remove (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnHost *host = _inn_window_find_host (INN_WINDOW (widget), parameter);
  g_autofree char *heading = NULL;
  AdwDialog *dialog;

  if (host == NULL)
    return;

  heading = g_strdup_printf (_ ("Remove “%s”?"), inn_host_get_name (host));
  dialog = adw_alert_dialog_new (heading,
                                 _ ("It leaves the view and nothing else: the host and its guests "
                                    "stay as they are."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove",
                                  _ ("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "remove",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "host-id", g_strdup (inn_host_get_id (host)), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_response), widget,
                           G_CONNECT_DEFAULT);
  inn_feedback_present (dialog, widget);
}

static void
on_preferences (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_feedback_present (inn_preferences_dialog_new (INN_WINDOW (widget)->settings), widget);
}

static void
on_shortcuts (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_feedback_present (inn_shortcuts_dialog_new (), widget);
}

static void
on_show_kind (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guint kind = g_variant_get_uint32 (parameter);

  if (kind > INN_NAV_EVENTS)
    return;

  inn_window_show_kind (INN_WINDOW (widget), kind);
  _inn_window_focus_page (INN_WINDOW (widget));
}

static void
on_help_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) window = data;
  g_autoptr (GError) why = NULL;
  g_autoptr (GError) error = NULL;

  if (gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &why) ||
      g_error_matches (why, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    return;

  error = inn_error_new (INN_ERROR_UNSUPPORTED, why->message,
                         _ ("The help cannot be shown: this desktop has no help viewer. Install "
                            "one, such as Yelp."));
  if (gtk_widget_get_visible (window))
    inn_feedback_error (window, error);
}

static void
on_help (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new ("help:innkeeper");

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (widget), NULL, on_help_opened,
                           g_object_ref (widget));
}

static DexFuture *
about_fiber (gpointer data)
{
  InnWindow *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;
  AdwAboutDialog *about;

  if (self->context == NULL)
    return dex_future_new_true ();

  report = dex_await_string (inn_app_context_debug_report (self->context), &error);
  /* Closed meanwhile; the fiber holds what is left of it. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return dex_future_new_true ();
  if (report == NULL)
    report = g_strdup_printf ("There is no report: %s\n%s", error->message,
                              inn_error_get_details (error) != NULL ? inn_error_get_details (error)
                                                                    : "");

  about = ADW_ABOUT_DIALOG (adw_about_dialog_new ());
  adw_about_dialog_set_application_name (about, _ ("Innkeeper"));
  adw_about_dialog_set_application_icon (about, APP_ID);
  adw_about_dialog_set_version (about, PACKAGE_VERSION);
  adw_about_dialog_set_developer_name (about, _ ("The Innkeeper contributors"));
  adw_about_dialog_set_license_type (about, GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_comments (
      about, _ ("Looks after many KVM hosts and their guests, through libvirt."));
  adw_about_dialog_set_translator_credits (about, _ ("translator-credits"));
  adw_about_dialog_set_debug_info (about, report);
  adw_about_dialog_set_debug_info_filename (about, "innkeeper-debug.txt");
  adw_dialog_present (ADW_DIALOG (about), GTK_WIDGET (self));

  return dex_future_new_true ();
}

static void
on_about (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_future_forget (inn_spawn ("about_fiber", about_fiber, g_object_ref (widget), g_object_unref),
                     "showing the about dialog");
}

void
_inn_window_install_dialog_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.add-host", NULL, on_add_host },
    { "win.cluster-add-host", "s", on_cluster_add_host },
    { "win.host-edit", "s", on_host_edit },
    { "win.host-remove", "s", on_host_remove },
    { "win.preferences", NULL, on_preferences },
    { "win.shortcuts", NULL, on_shortcuts },
    { "win.show-kind", "u", on_show_kind },
    { "win.help", NULL, on_help },
    { "win.about", NULL, on_about },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
}
