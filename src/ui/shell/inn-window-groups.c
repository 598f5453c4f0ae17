/* inn-window-groups.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-name-dialog.h"

#include <glib/gi18n.h>

/* The actions of the window on data centers and clusters: each asks for one name, or for a yes. */

typedef DexFuture *(*NameFunc) (InnStore *store, const char *id, const char *name);

typedef struct
{
  GWeakRef window;
  char *id; /* of what is renamed, or of the parent of what is made; or NULL */
  NameFunc func;
} Request;

static Request *
request_new (InnWindow *window, const char *id, NameFunc func)
{
  Request *request = g_new0 (Request, 1);

  g_weak_ref_init (&request->window, window);
  request->id = g_strdup (id);
  request->func = func;

  return request;
}

static void
request_free (gpointer data, GClosure *closure)
{
  Request *request = data;

  g_weak_ref_clear (&request->window);
  g_free (request->id);
  g_free (request);
}

static void
run (Request *request, const char *name)
{
  g_autoptr (InnWindow) window = g_weak_ref_get (&request->window);
  InnStore *store;

  if (window == NULL)
    return;

  store = inn_app_context_get_store (window->context);
  inn_feedback_follow_future (GTK_WIDGET (window), request->func (store, request->id, name), NULL);
}

static void
on_named (InnNameDialog *dialog, const char *name, Request *request)
{
  run (request, name);
}

static void
ask_name (InnWindow *self, AdwDialog *dialog, const char *id, NameFunc func)
{
  g_signal_connect_data (dialog, "named", G_CALLBACK (on_named), request_new (self, id, func),
                         request_free, 0);
  inn_feedback_present (dialog, GTK_WIDGET (self));
}

static void
on_confirmed (AdwAlertDialog *dialog, const char *response, Request *request)
{
  if (g_str_equal (response, "delete"))
    run (request, NULL);
}

/* What cannot be done is not asked. */
static void
tell_not_empty (InnWindow *self, const char *name, const char *body)
{
  g_autofree char *heading = g_strdup_printf (_ ("“%s” Is Not Empty"), name);
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
  inn_feedback_present (dialog, GTK_WIDGET (self));
}

static void
ask_delete (InnWindow *self, const char *heading, const char *body, const char *id, NameFunc func)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "delete", _ ("_Delete"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (alert, "cancel");
  adw_alert_dialog_set_default_response (alert, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_confirmed),
                         request_new (self, id, func), request_free, 0);
  inn_feedback_present (dialog, GTK_WIDGET (self));
}

static DexFuture *
create_data_center (InnStore *store, const char *id, const char *name)
{
  return inn_store_create_data_center (store, name, FALSE);
}

static DexFuture *
delete_data_center (InnStore *store, const char *id, const char *name)
{
  return inn_store_delete_data_center (store, id, FALSE);
}

static DexFuture *
delete_cluster (InnStore *store, const char *id, const char *name)
{
  return inn_store_delete_cluster (store, id);
}

static InnDataCenter *
find_data_center (InnWindow *self, GVariant *parameter)
{
  return inn_inventory_find_data_center (inn_app_context_get_inventory (self->context),
                                         g_variant_get_string (parameter, NULL));
}

static InnCluster *
find_cluster (InnWindow *self, GVariant *parameter)
{
  return inn_inventory_find_cluster (inn_app_context_get_inventory (self->context),
                                     g_variant_get_string (parameter, NULL));
}

static void
on_add_data_center (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_name (INN_WINDOW (widget),
            inn_name_dialog_new (_ ("New Data Center"), _ ("Name"), NULL, _ ("_Create")), NULL,
            create_data_center);
}

static void
on_add_cluster (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_name (INN_WINDOW (widget),
            inn_name_dialog_new (_ ("New Cluster"), _ ("Name"), NULL, _ ("_Create")),
            g_variant_get_string (parameter, NULL), inn_store_create_cluster);
}

static void
on_rename_data_center (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnDataCenter *data_center = find_data_center (INN_WINDOW (widget), parameter);

  if (data_center != NULL)
    ask_name (INN_WINDOW (widget),
              inn_name_dialog_new (_ ("Rename Data Center"), _ ("Name"),
                                   inn_data_center_get_name (data_center), _ ("_Rename")),
              inn_data_center_get_id (data_center), inn_store_rename_data_center);
}

static void
on_rename_cluster (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnCluster *cluster = find_cluster (INN_WINDOW (widget), parameter);

  if (cluster != NULL)
    ask_name (INN_WINDOW (widget),
              inn_name_dialog_new (_ ("Rename Cluster"), _ ("Name"), inn_cluster_get_name (cluster),
                                   _ ("_Rename")),
              inn_cluster_get_id (cluster), inn_store_rename_cluster);
}

static void
on_delete_data_center (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnDataCenter *data_center = find_data_center (INN_WINDOW (widget), parameter);
  g_autofree char *heading = NULL;

  if (data_center == NULL)
    return;
  if (g_list_model_get_n_items (inn_data_center_get_clusters (data_center)) > 0)
    {
      tell_not_empty (INN_WINDOW (widget), inn_data_center_get_name (data_center),
                      _ ("Move its hosts to another data center and delete its clusters first."));
      return;
    }

  heading = g_strdup_printf (_ ("Delete “%s”?"), inn_data_center_get_name (data_center));
  ask_delete (INN_WINDOW (widget), heading,
              _ ("It has no clusters, so that no host leaves the view with it."),
              inn_data_center_get_id (data_center), delete_data_center);
}

static void
on_delete_cluster (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnCluster *cluster = find_cluster (INN_WINDOW (widget), parameter);
  g_autofree char *heading = NULL;

  if (cluster == NULL)
    return;
  if (g_list_model_get_n_items (inn_cluster_get_hosts (cluster)) > 0)
    {
      tell_not_empty (INN_WINDOW (widget), inn_cluster_get_name (cluster),
                      _ ("Move its hosts to another cluster first, or remove them."));
      return;
    }

  heading = g_strdup_printf (_ ("Delete “%s”?"), inn_cluster_get_name (cluster));
  ask_delete (INN_WINDOW (widget), heading,
              _ ("It has no hosts, so nothing leaves the view with it."),
              inn_cluster_get_id (cluster), delete_cluster);
}

/* One click: nothing in it is real. */
static void
on_remove_demo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnDataCenter *data_center = find_data_center (self, parameter);

  if (data_center != NULL && inn_data_center_get_demo (data_center))
    inn_feedback_follow_future (
        widget,
        inn_store_delete_data_center (inn_app_context_get_store (self->context),
                                      inn_data_center_get_id (data_center), TRUE),
        _ ("Demo removed"));
}

static void
tell_imported (GtkWidget *window, DexFuture *completed, const char *nothing)
{
  const InnImportReport *report = g_value_get_boxed (dex_future_get_value (completed, NULL));
  g_autofree char *summary = inn_import_report_summarize (report, nothing);
  g_autofree char *skipped = inn_import_report_list_skipped (report);

  if (report->skipped->len > 0)
    {
      g_autoptr (GError) left_out = inn_error_new (INN_ERROR_INVALID, skipped, "%s", summary);

      inn_feedback_error (window, left_out);
    }
  else
    inn_feedback_toast (window, summary);
}

static DexFuture *
tell_connections_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (GtkWidget) window = inn_weak_get (data);

  if (window != NULL)
    tell_imported (window, completed, _ ("No connections of virt-manager were found"));
  return NULL;
}

static DexFuture *
tell_view_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (GtkWidget) window = inn_weak_get (data);

  if (window != NULL)
    tell_imported (window, completed, _ ("Nothing is new in that view"));
  return NULL;
}

static void
on_import_virt_manager (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);

  inn_feedback_follow_future (widget,
                              dex_future_then (inn_app_context_import_virt_manager (self->context),
                                               tell_connections_cb, inn_weak_new (self),
                                               inn_weak_unref),
                              NULL);
}

static void
on_import_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (InnWindow) self = data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

  /* No file: closed without choosing. */
  if (file != NULL && self->context != NULL)
    inn_feedback_follow_future (
        GTK_WIDGET (self),
        dex_future_then (inn_store_import (inn_app_context_get_store (self->context), file),
                         tell_view_cb, inn_weak_new (self), inn_weak_unref),
        NULL);
}

static void
on_import_view (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _ ("Import View"));
  gtk_file_dialog_open (dialog, GTK_WINDOW (widget), NULL, on_import_chosen, g_object_ref (widget));
}

static void
on_export_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (InnWindow) self = data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL && self->context != NULL)
    inn_feedback_follow_future (GTK_WIDGET (self),
                                inn_store_export (inn_app_context_get_store (self->context), file),
                                _ ("View exported, without passwords"));
}

static void
on_export_view (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _ ("Export View"));
  gtk_file_dialog_set_initial_name (dialog, "innkeeper-view.json");
  gtk_file_dialog_save (dialog, GTK_WINDOW (widget), NULL, on_export_chosen, g_object_ref (widget));
}

void
_inn_window_install_group_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.add-data-center", NULL, on_add_data_center },
    { "win.data-center-add-cluster", "s", on_add_cluster },
    { "win.data-center-rename", "s", on_rename_data_center },
    { "win.data-center-delete", "s", on_delete_data_center },
    { "win.data-center-remove-demo", "s", on_remove_demo },
    { "win.cluster-rename", "s", on_rename_cluster },
    { "win.cluster-delete", "s", on_delete_cluster },
    { "win.import-virt-manager", NULL, on_import_virt_manager },
    { "win.import-view", NULL, on_import_view },
    { "win.export-view", NULL, on_export_view },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
}
