/* inn-host-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-dialog.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ui/host/inn-host-uri.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnHostDialog:
 *
 * Adds a host, or changes one: asks for the way to it, checks while it is typed, records it and
 * shows right here whether it connects.
 */
struct _InnHostDialog
{
  AdwDialog parent_instance;

  InnAppContext *context;
  InnHost *host; /* the one that is changed, or that was added here */
  GPtrArray *cluster_ids;
  char *suggested_name;
  guint name_is_own : 1;
  guint filling : 1;
  guint adding : 1;

  GtkStack *stack;
  GtkButton *save_button;
  GtkButton *cancel_button;
  AdwComboRow *kind_row;
  AdwEntryRow *host_row;
  AdwEntryRow *user_row;
  AdwEntryRow *port_row;
  AdwSwitchRow *session_row;
  AdwEntryRow *path_row;
  AdwEntryRow *uri_row;
  AdwEntryRow *name_row;
  AdwComboRow *cluster_row;
  AdwSwitchRow *autoconnect_row;
  AdwSwitchRow *read_only_row;
  AdwActionRow *preview_row;
  GtkLabel *problem_label;
  AdwStatusPage *connecting_page;
  AdwStatusPage *failed_page;
  GtkLabel *details_label;
  GtkWidget *change_button;
};

G_DEFINE_FINAL_TYPE (InnHostDialog, inn_host_dialog, ADW_TYPE_DIALOG)

static char *
get_text (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* Reads the form; FALSE when the port is no port. */
static gboolean
read_form (InnHostDialog *self, InnHostUri *uri)
{
  g_autofree char *port = get_text (self->port_row);
  guint64 number = 0;

  *uri = (InnHostUri) { .kind = adw_combo_row_get_selected (self->kind_row) };
  uri->host = get_text (self->host_row);
  uri->user = get_text (self->user_row);
  uri->session = adw_switch_row_get_active (self->session_row);
  uri->path = get_text (self->path_row);
  uri->other = get_text (self->uri_row);
  if (*port == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;

  uri->port = (guint16) number;
  return TRUE;
}

static void
show_fields (InnHostDialog *self, InnHostUriKind kind)
{
  const gboolean network =
      kind == INN_HOST_URI_SSH || kind == INN_HOST_URI_TLS || kind == INN_HOST_URI_TCP;
  const gboolean path = kind == INN_HOST_URI_SOCKET || kind == INN_HOST_URI_TEST;

  gtk_widget_set_visible (GTK_WIDGET (self->host_row), network);
  gtk_widget_set_visible (GTK_WIDGET (self->port_row), network);
  gtk_widget_set_visible (GTK_WIDGET (self->user_row), kind == INN_HOST_URI_SSH);
  gtk_widget_set_visible (GTK_WIDGET (self->session_row), kind == INN_HOST_URI_SSH);
  gtk_widget_set_visible (GTK_WIDGET (self->path_row), path);
  gtk_widget_set_visible (GTK_WIDGET (self->uri_row), kind == INN_HOST_URI_OTHER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path_row),
                                 kind == INN_HOST_URI_TEST
                                     ? _ ("Description _File (empty for the default)")
                                     : _ ("_Path of the Socket"));
}

static void
mark (gpointer row, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (row, GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static gpointer
get_field (InnHostDialog *self, InnHostUriKind kind)
{
  if (kind == INN_HOST_URI_OTHER)
    return self->uri_row;
  if (kind == INN_HOST_URI_SOCKET || kind == INN_HOST_URI_TEST)
    return self->path_row;

  return self->host_row;
}

/* What keeps the form from being saved, if anything; nothing is said about fields that are only
 * empty yet. */
static void
check_form (InnHostDialog *self)
{
  g_autofree char *uri = NULL;
  g_autofree char *name = get_text (self->name_row);
  g_autoptr (GError) error = NULL;
  InnHostUri parts = { 0 };
  gboolean port_good;
  gboolean uri_good;

  port_good = read_form (self, &parts);
  uri = inn_host_uri_build (&parts);
  uri_good = uri == NULL || inn_app_context_check_uri (uri, &error);

  mark (self->port_row, !port_good);
  mark (get_field (self, parts.kind), !uri_good);
  gtk_label_set_text (self->problem_label, !port_good  ? _ ("A port is a number from 1 to 65535.")
                                           : !uri_good ? error->message
                                                       : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), !port_good || !uri_good);
  adw_action_row_set_subtitle (self->preview_row, uri != NULL ? uri : "");
  gtk_widget_set_visible (GTK_WIDGET (self->preview_row),
                          uri != NULL && parts.kind != INN_HOST_URI_OTHER);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button),
                            uri != NULL && uri_good && port_good && *name != '\0');
  inn_host_uri_clear (&parts);
}

static void
suggest_name (InnHostDialog *self)
{
  InnHostUri parts = { 0 };

  read_form (self, &parts);
  g_free (self->suggested_name);
  self->suggested_name = inn_host_uri_suggest_name (&parts);
  inn_host_uri_clear (&parts);
  if (self->name_is_own)
    return;

  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), self->suggested_name);
  self->filling = FALSE;
}

static void
on_form_changed (InnHostDialog *self)
{
  if (self->filling)
    return;

  show_fields (self, adw_combo_row_get_selected (self->kind_row));
  suggest_name (self);
  check_form (self);
}

static void
on_name_changed (InnHostDialog *self)
{
  if (self->filling)
    return;

  self->name_is_own = *gtk_editable_get_text (GTK_EDITABLE (self->name_row)) != '\0';
  check_form (self);
}

static void
show_failure (InnHostDialog *self, const GError *error)
{
  const char *details = inn_error_get_details (error);

  /* A status page reads its description as markup. */
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_label_set_text (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), details != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->save_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  /* What had the keyboard is hidden, and keys that nobody has do not even close a dialog. */
  gtk_widget_grab_focus (self->change_button);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
show_form (InnHostDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->save_button), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
show_problem (InnHostDialog *self, const GError *error)
{
  show_form (self);
  gtk_label_set_text (self->problem_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* A fiber may come back to a dialog that a person closed, or whose window went, meanwhile. */
static gboolean
is_closed (InnHostDialog *self)
{
  return self->context == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL;
}

static DexFuture *
connect_fiber (gpointer data)
{
  InnHostDialog *self = data;
  g_autoptr (InnSession) session = NULL;
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;

  if (is_closed (self))
    return dex_future_new_true ();
  g_set_object (&session,
                inn_session_manager_get (inn_app_context_get_sessions (self->context), self->host));
  if (session == NULL)
    return dex_future_new_true ();

  title = g_strdup_printf (_ ("Connecting to %s…"), inn_host_get_name (self->host));
  adw_status_page_set_title (self->connecting_page, title);
  gtk_widget_set_visible (GTK_WIDGET (self->save_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "connecting");
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));

  dex_await (inn_session_connect (session), &error);
  if (is_closed (self))
    return dex_future_new_true ();

  if (error == NULL)
    adw_dialog_force_close (ADW_DIALOG (self));
  else
    show_failure (self, error);

  return dex_future_new_true ();
}

static void
start_connecting (InnHostDialog *self)
{
  inn_future_forget (
      inn_spawn ("connect_fiber", connect_fiber, g_object_ref (self), g_object_unref),
      "connecting a host that was added");
}

static void
fill_config (InnHostDialog *self, InnHostConfig *config, const char *uri)
{
  guint cluster = adw_combo_row_get_selected (self->cluster_row);

  *config = (InnHostConfig) {
    .id = self->host != NULL ? g_strdup (inn_host_get_id (self->host)) : NULL,
    .name = get_text (self->name_row),
    .uri = g_strdup (uri),
    .read_only = adw_switch_row_get_active (self->read_only_row),
    .autoconnect = adw_switch_row_get_active (self->autoconnect_row),
  };
  if (cluster < self->cluster_ids->len)
    config->cluster_id = g_strdup (g_ptr_array_index (self->cluster_ids, cluster));
}

static DexFuture *
save_fiber (gpointer data)
{
  InnHostDialog *self = data;
  g_autoptr (InnAppContext) context = NULL;
  InnHostConfig config = { 0 };
  InnHostUri parts = { 0 };
  g_autofree char *uri = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  gboolean other_way;

  if (is_closed (self))
    return dex_future_new_true ();
  context = g_object_ref (self->context);
  read_form (self, &parts);
  uri = inn_host_uri_build (&parts);
  inn_host_uri_clear (&parts);
  if (uri == NULL)
    return dex_future_new_true ();

  fill_config (self, &config, uri);
  other_way = self->host == NULL || self->adding ||
              g_strcmp0 (uri, inn_host_get_uri (self->host)) != 0 ||
              config.read_only != inn_host_get_read_only (self->host);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), FALSE);

  if (self->host == NULL)
    {
      id = dex_await_string (inn_store_add_host (inn_app_context_get_store (context), &config),
                             &error);
      if (id != NULL)
        g_set_object (&self->host,
                      inn_inventory_find_host (inn_app_context_get_inventory (context), id));
    }
  else
    dex_await (inn_store_update_host (inn_app_context_get_store (context), &config), &error);
  inn_host_config_clear (&config);
  if (is_closed (self))
    return dex_future_new_true ();
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), TRUE);

  if (error != NULL)
    show_problem (self, error);
  else if (other_way && self->host != NULL)
    start_connecting (self);
  else
    adw_dialog_force_close (ADW_DIALOG (self));

  return dex_future_new_true ();
}

static void
on_save_clicked (InnHostDialog *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->save_button)))
    return;

  inn_future_forget (inn_spawn ("save_fiber", save_fiber, g_object_ref (self), g_object_unref),
                     "recording a host");
}

static void
on_cancel_clicked (InnHostDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
on_keep_clicked (InnHostDialog *self)
{
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
on_change_clicked (InnHostDialog *self)
{
  show_form (self);
  check_form (self);
}

static void
on_retry_clicked (InnHostDialog *self)
{
  start_connecting (self);
}

static void
fill_clusters (InnHostDialog *self, const char *selected_id)
{
  GListModel *data_centers =
      inn_inventory_get_data_centers (inn_app_context_get_inventory (self->context));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < g_list_model_get_n_items (data_centers); i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);

      for (guint j = 0; j < g_list_model_get_n_items (clusters); j++)
        {
          g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, j);

          /* A real host is offered the demo last: it would go with the demo. */
          if (selected_id != NULL ? g_strcmp0 (inn_cluster_get_id (cluster), selected_id) == 0
                                  : selected == GTK_INVALID_LIST_POSITION &&
                                        !inn_data_center_get_demo (data_center))
            selected = self->cluster_ids->len;
          g_ptr_array_add (self->cluster_ids, g_strdup (inn_cluster_get_id (cluster)));
          gtk_string_list_take (names,
                                g_strdup_printf ("%s / %s", inn_data_center_get_name (data_center),
                                                 inn_cluster_get_name (cluster)));
        }
    }

  if (selected == GTK_INVALID_LIST_POSITION && self->cluster_ids->len > 0)
    {
      selected = self->cluster_ids->len;
      g_ptr_array_add (self->cluster_ids, NULL);
      gtk_string_list_append (names, _ ("A New One"));
    }
  adw_combo_row_set_model (self->cluster_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->cluster_row, selected);
  /* The first host brings its cluster along. */
  gtk_widget_set_visible (GTK_WIDGET (self->cluster_row), self->cluster_ids->len > 1);
}

static void
fill_host (InnHostDialog *self)
{
  InnHostUri parts;

  inn_host_uri_parse (&parts, inn_host_get_uri (self->host));
  self->filling = TRUE;
  self->name_is_own = TRUE;
  adw_combo_row_set_selected (self->kind_row, parts.kind);
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), parts.host != NULL ? parts.host : "");
  gtk_editable_set_text (GTK_EDITABLE (self->user_row), parts.user != NULL ? parts.user : "");
  gtk_editable_set_text (GTK_EDITABLE (self->path_row), parts.path != NULL ? parts.path : "");
  gtk_editable_set_text (GTK_EDITABLE (self->uri_row), parts.other != NULL ? parts.other : "");
  if (parts.port > 0)
    {
      g_autofree char *port = g_strdup_printf ("%u", parts.port);

      gtk_editable_set_text (GTK_EDITABLE (self->port_row), port);
    }
  adw_switch_row_set_active (self->session_row, parts.session);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), inn_host_get_name (self->host));
  adw_switch_row_set_active (self->autoconnect_row, inn_host_get_autoconnect (self->host));
  adw_switch_row_set_active (self->read_only_row, inn_host_get_read_only (self->host));
  self->filling = FALSE;
  inn_host_uri_clear (&parts);
}

static void
fill_kinds (InnHostDialog *self)
{
  const char *const kinds[] = {
    _ ("SSH"),        _ ("This Computer, System"), _ ("This Computer, Session"),
    _ ("TLS"),        _ ("TCP with SASL"),         _ ("UNIX Socket"),
    _ ("Test Hosts"), _ ("Any Other URI"),         NULL,
  };
  g_autoptr (GtkStringList) list = gtk_string_list_new (kinds);

  adw_combo_row_set_model (self->kind_row, G_LIST_MODEL (list));
}

static void
inn_host_dialog_dispose (GObject *object)
{
  InnHostDialog *self = INN_HOST_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_HOST_DIALOG);
  g_clear_object (&self->context);
  g_clear_object (&self->host);
  g_clear_pointer (&self->cluster_ids, g_ptr_array_unref);
  g_clear_pointer (&self->suggested_name, g_free);

  G_OBJECT_CLASS (inn_host_dialog_parent_class)->dispose (object);
}

static void
inn_host_dialog_class_init (InnHostDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_host_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/host/inn-host-dialog.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InnHostDialog, name)
  BIND (stack);
  BIND (save_button);
  BIND (cancel_button);
  BIND (kind_row);
  BIND (host_row);
  BIND (user_row);
  BIND (port_row);
  BIND (session_row);
  BIND (path_row);
  BIND (uri_row);
  BIND (name_row);
  BIND (cluster_row);
  BIND (autoconnect_row);
  BIND (read_only_row);
  BIND (preview_row);
  BIND (problem_label);
  BIND (connecting_page);
  BIND (failed_page);
  BIND (details_label);
  BIND (change_button);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_form_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_change_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_keep_clicked);
}

static void
inn_host_dialog_init (InnHostDialog *self)
{
  self->cluster_ids = g_ptr_array_new_with_free_func (g_free);
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  inn_label_set_verbatim (self->details_label);
  fill_kinds (self);
  self->filling = FALSE;
}

static AdwDialog *
create (InnAppContext *context, InnHost *host, const char *cluster_id)
{
  InnHostDialog *self = g_object_new (INN_TYPE_HOST_DIALOG, NULL);

  self->context = g_object_ref (context);
  self->adding = host == NULL;
  adw_dialog_set_title (ADW_DIALOG (self), host == NULL ? _ ("Add Host") : _ ("Edit Host"));
  gtk_button_set_label (self->save_button, host == NULL ? _ ("_Add") : _ ("_Save"));
  fill_clusters (self, cluster_id);
  if (host != NULL)
    {
      self->host = g_object_ref (host);
      fill_host (self);
    }
  on_form_changed (self);

  return ADW_DIALOG (self);
}

/**
 * inn_host_dialog_new:
 * @context: the application
 * @cluster_id: (nullable): record id of the cluster to offer first
 *
 * Returns: (transfer floating): a dialog that adds a host
 */
AdwDialog *
inn_host_dialog_new (InnAppContext *context, const char *cluster_id)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (context), NULL);

  return create (context, NULL, cluster_id);
}

/**
 * inn_host_dialog_new_edit:
 * @context: the application
 * @host: the host to change
 *
 * Returns: (transfer floating): a dialog that changes it
 */
AdwDialog *
inn_host_dialog_new_edit (InnAppContext *context, InnHost *host)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (INN_IS_HOST (host), NULL);

  return create (context, host, inn_host_get_cluster_id (host));
}
