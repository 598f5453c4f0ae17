/* inn-group-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/cluster/inn-group-page.h"

#include "model/inn-vm-list.h"
#include "ui/inventory/inn-inventory-menu.h"
#include "ui/inventory/inn-sorted-hosts.h"
#include "ui/vm/inn-vm-view.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnGroupPage:
 *
 * A data center or a cluster: its hosts, and the guests of all of them.
 */
struct _InnGroupPage
{
  InnPage parent_instance;

  GListModel *model; /* of InnHost, by name */

  AdwViewStack *stack;
  GtkStack *hosts_stack;
  GtkListBox *hosts;
  AdwBin *vms_bin;
};

G_DEFINE_FINAL_TYPE (InnGroupPage, inn_group_page, INN_TYPE_PAGE)

static void
on_host_activated (GtkListBox *list, GtkListBoxRow *row, InnGroupPage *self)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (self->model, (guint) gtk_list_box_row_get_index (row));

  if (host != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-host", "s", inn_host_get_id (host));
}

static void
on_add_host (GtkButton *button, InnGroupPage *self)
{
  GObject *group = inn_page_get_object (INN_PAGE (self));

  if (INN_IS_CLUSTER (group))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.cluster-add-host", "s",
                                inn_cluster_get_id (INN_CLUSTER (group)));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.add-host", NULL);
}

static void
update_row (GtkWidget *row)
{
  InnHost *host = g_object_get_data (G_OBJECT (row), "inn-host");
  GtkWidget *icon = g_object_get_data (G_OBJECT (row), "inn-icon");
  InnHostState state = inn_host_get_state (host);
  g_autofree char *cpu = inn_format_percent (inn_host_get_cpu_percent (host));
  g_autofree char *memory = inn_format_kib (inn_host_get_memory_used_kib (host));
  g_autofree char *subtitle = NULL;

  if (state == INN_HOST_ONLINE && inn_host_get_cpu_percent (host) < 0)
    subtitle = g_strdup_printf (
        ngettext ("%u of %u guest running", "%u of %u guests running", inn_host_get_n_vms (host)),
        inn_host_get_n_running (host), inn_host_get_n_vms (host));
  else if (state == INN_HOST_ONLINE)
    /* Translators: numbers of running and of all guests, CPU usage, memory used */
    subtitle = g_strdup_printf (
        ngettext ("%u of %u guest running, CPU %s, memory %s",
                  "%u of %u guests running, CPU %s, memory %s", inn_host_get_n_vms (host)),
        inn_host_get_n_running (host), inn_host_get_n_vms (host), cpu, memory);
  else
    subtitle = g_strdup (inn_host_get_word (host));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), inn_host_get_name (host));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), inn_host_state_get_icon (state));
  inn_widget_set_state_class (icon, inn_host_state_get_class (state));
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "activatable", TRUE,
                                 "subtitle-lines", 2, NULL);
  GtkWidget *icon = gtk_image_new ();

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "inn-host", g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (row), "inn-icon", icon);
  g_signal_connect_object (item, "notify", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  update_row (row);

  return row;
}

static gpointer
map_to_hosts (gpointer cluster, gpointer data)
{
  GListModel *hosts = g_object_ref (inn_cluster_get_hosts (cluster));

  g_object_unref (cluster);
  return hosts;
}

static GListModel *
create_hosts (GObject *group)
{
  GtkMapListModel *lists;

  if (INN_IS_CLUSTER (group))
    return g_object_ref (inn_cluster_get_hosts (INN_CLUSTER (group)));

  lists =
      gtk_map_list_model_new (g_object_ref (inn_data_center_get_clusters (INN_DATA_CENTER (group))),
                              map_to_hosts, NULL, NULL);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
}

static void
update (InnGroupPage *self)
{
  GObject *group = inn_page_get_object (INN_PAGE (self));
  InnInventory *inventory = inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self)));
  g_autoptr (GMenuModel) menu = inn_inventory_menu_new (inventory, group);
  guint n = g_list_model_get_n_items (self->model);
  g_autofree char *hosts = g_strdup_printf (ngettext ("%u host", "%u hosts", n), n);

  if (INN_IS_CLUSTER (group))
    {
      InnDataCenter *parent = inn_inventory_get_data_center_of (inventory, INN_CLUSTER (group));

      inn_page_set_titles (INN_PAGE (self), inn_cluster_get_name (INN_CLUSTER (group)),
                           parent != NULL ? inn_data_center_get_name (parent) : NULL);
    }
  else
    inn_page_set_titles (INN_PAGE (self), inn_data_center_get_name (INN_DATA_CENTER (group)),
                         hosts);

  inn_page_set_menu (INN_PAGE (self), menu);
  gtk_stack_set_visible_child_name (self->hosts_stack, n > 0 ? "list" : "empty");
}

static void
inn_group_page_constructed (GObject *object)
{
  InnGroupPage *self = INN_GROUP_PAGE (object);
  InnPage *page = INN_PAGE (self);
  GObject *group = inn_page_get_object (page);
  g_autoptr (GListModel) hosts = create_hosts (group);
  g_autoptr (InnVmList) all = inn_vm_list_new (hosts);
  GtkWidget *vms;

  G_OBJECT_CLASS (inn_group_page_parent_class)->constructed (object);

  self->model = inn_sorted_hosts_new (hosts);
  gtk_list_box_bind_model (self->hosts, self->model, create_row, NULL, NULL);
  vms = inn_vm_view_new (inn_page_get_context (page), inn_page_get_settings (page),
                         G_LIST_MODEL (all));
  adw_bin_set_child (self->vms_bin, vms);
  inn_page_set_stack (page, self->stack);
  inn_page_add_filter (page, vms);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  /* Only one without clusters can be deleted, and those may be empty. */
  if (INN_IS_DATA_CENTER (group))
    g_signal_connect_object (inn_data_center_get_clusters (INN_DATA_CENTER (group)),
                             "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
inn_group_page_dispose (GObject *object)
{
  InnGroupPage *self = INN_GROUP_PAGE (object);

  if (self->hosts != NULL)
    gtk_list_box_bind_model (self->hosts, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_GROUP_PAGE);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (inn_group_page_parent_class)->dispose (object);
}

static void
inn_group_page_class_init (InnGroupPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = inn_group_page_constructed;
  object_class->dispose = inn_group_page_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/cluster/inn-group-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InnGroupPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnGroupPage, hosts_stack);
  gtk_widget_class_bind_template_child (widget_class, InnGroupPage, hosts);
  gtk_widget_class_bind_template_child (widget_class, InnGroupPage, vms_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_host_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_add_host);
}

static void
inn_group_page_init (InnGroupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_group_page_new:
 * @context: the services
 * @settings: the preferences
 * @group: a data center or a cluster
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_group_page_new (InnAppContext *context, InnSettings *settings, gpointer group)
{
  return g_object_new (INN_TYPE_GROUP_PAGE, "context", context, "settings", settings, "object",
                       group, NULL);
}
