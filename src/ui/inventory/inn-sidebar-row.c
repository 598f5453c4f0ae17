/* inn-sidebar-row.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-sidebar-row.h"

#include "ui/inventory/inn-nav-item.h"
#include "model/inn-inventory.h"
#include "ui/widgets/inn-format.h"
#include "ui/widgets/inn-usage-bar.h"

#include <glib/gi18n.h>

/**
 * InnSidebarRow:
 *
 * One row of the sidebar: an entry with its count, a data center, a cluster, or a host with its
 * state and two thin usage bars. Follows the object it is given.
 */
struct _InnSidebarRow
{
  GtkWidget parent_instance;

  GObject *item;
  GSignalGroup *item_signals; /* "notify" of the object */
  GSignalGroup *list_signals; /* "items-changed" of what is counted */

  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *word;
  GtkLabel *count;
  GtkWidget *bars; /* with the two below; NULL until a host is online */
  InnUsageBar *cpu;
  InnUsageBar *memory;
  GtkWidget *root;
};

G_DEFINE_FINAL_TYPE (InnSidebarRow, inn_sidebar_row, GTK_TYPE_WIDGET)

static void
set_count (InnSidebarRow *self, guint n)
{
  g_autofree char *text = g_strdup_printf ("%'u", n);

  gtk_label_set_text (self->count, n > 0 ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->count), n > 0);
}

static void
set_word (InnSidebarRow *self, const char *word)
{
  gtk_label_set_text (self->word, word != NULL ? word : "");
  gtk_widget_set_visible (GTK_WIDGET (self->word), word != NULL);
}

static InnUsageBar *
add_bar (InnSidebarRow *self, const char *label)
{
  InnUsageBar *bar = g_object_new (INN_TYPE_USAGE_BAR, "label", label, NULL);

  gtk_box_append (GTK_BOX (self->bars), GTK_WIDGET (bar));

  return bar;
}

/* Most rows of a window that opens are of hosts that are not online yet. */
static void
show_bars (InnSidebarRow *self, gboolean visible)
{
  if (visible && self->bars == NULL)
    {
      self->bars = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      gtk_box_set_homogeneous (GTK_BOX (self->bars), TRUE);
      gtk_widget_set_margin_top (self->bars, 3);
      /* They begin where the name does: icon and spacing. */
      gtk_widget_set_margin_start (self->bars, 25);
      gtk_widget_set_parent (self->bars, GTK_WIDGET (self));
      self->cpu = add_bar (self, _ ("CPU"));
      self->memory = add_bar (self, _ ("Memory"));
    }
  if (self->bars != NULL)
    gtk_widget_set_visible (self->bars, visible);
}

static void
update_bars (InnSidebarRow *self, InnHost *host)
{
  double total = inn_host_get_facts (host)->memory_kib;
  double used = inn_host_get_memory_used_kib (host);
  double cpu = inn_host_get_cpu_percent (host);

  show_bars (self, inn_host_get_state (host) == INN_HOST_ONLINE);
  if (self->bars == NULL)
    return;

  inn_usage_bar_set_fraction (self->cpu, cpu < 0 ? -1 : cpu / 100);
  inn_usage_bar_set_fraction (self->memory, total > 0 ? used / total : -1);
}

static void
update_host (InnSidebarRow *self, InnHost *host)
{
  InnHostState state = inn_host_get_state (host);
  gboolean online = state == INN_HOST_ONLINE;

  gtk_label_set_text (self->name, inn_host_get_name (host));
  inn_image_set_icon_name (self->icon, inn_host_state_get_icon (state));
  inn_widget_set_state_class (GTK_WIDGET (self->icon), inn_host_state_get_class (state));
  inn_widget_set_state_class (GTK_WIDGET (self->word),
                              online ? "warning" : inn_host_state_get_class (state));
  set_word (self, online ? (inn_host_get_duplicate (host) ? _ ("Same UUID") : NULL)
                         : inn_host_get_word (host));
  set_count (self, inn_host_get_n_vms (host));
  update_bars (self, host);
}

/* Asked for when it is shown: set beforehand, each text would make GTK look what is under the
 * pointer. */
static gboolean
inn_sidebar_row_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  InnSidebarRow *self = INN_SIDEBAR_ROW (widget);
  InnHost *host = INN_IS_HOST (self->item) ? INN_HOST (self->item) : NULL;
  g_autofree char *seen = NULL;
  g_autofree char *text = NULL;

  if (host == NULL)
    return FALSE;

  if (inn_host_get_state (host) == INN_HOST_ONLINE || inn_host_get_last_seen (host) == 0)
    text = g_strdup (inn_host_get_word (host));
  else
    {
      seen = inn_format_ago (inn_host_get_last_seen (host));
      /* Translators: state of a host, and when it answered last: "Lost, last seen 3 min ago" */
      text = g_strdup_printf (_ ("%s, last seen %s"), inn_host_get_word (host), seen);
    }
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}

static void
update_group (InnSidebarRow *self, const char *name, const char *icon, const char *word)
{
  gtk_label_set_text (self->name, name);
  inn_image_set_icon_name (self->icon, icon);
  inn_widget_set_state_class (GTK_WIDGET (self->icon), NULL);
  inn_widget_set_state_class (GTK_WIDGET (self->word), "dimmed");
  set_word (self, word);
  show_bars (self, FALSE);
}

static void
update (InnSidebarRow *self)
{
  if (INN_IS_HOST (self->item))
    update_host (self, INN_HOST (self->item));
  else if (INN_IS_CLUSTER (self->item))
    {
      InnCluster *cluster = INN_CLUSTER (self->item);

      update_group (self, inn_cluster_get_name (cluster), "inn-cluster-symbolic", NULL);
      set_count (self, g_list_model_get_n_items (inn_cluster_get_hosts (cluster)));
    }
  else if (INN_IS_DATA_CENTER (self->item))
    {
      InnDataCenter *data_center = INN_DATA_CENTER (self->item);

      update_group (self, inn_data_center_get_name (data_center), "inn-data-center-symbolic",
                    inn_data_center_get_demo (data_center) ? _ ("Demo") : NULL);
      set_count (self, 0);
    }
  else if (INN_IS_NAV_ITEM (self->item))
    {
      InnNavItem *item = INN_NAV_ITEM (self->item);

      update_group (self, inn_nav_item_get_title (item), inn_nav_item_get_icon (item), NULL);
      set_count (self, inn_nav_item_get_count (item));
    }
}

/* A host that answers says so every second; only the age of one that does not is shown. */
static void
on_notify (InnSidebarRow *self, GParamSpec *pspec, gpointer item)
{
  if (g_str_equal (pspec->name, "last-seen") && inn_host_is_online (INN_HOST (item)))
    return;

  update (self);
}

static GListModel *
get_counted (gpointer item)
{
  if (INN_IS_CLUSTER (item))
    return inn_cluster_get_hosts (INN_CLUSTER (item));
  if (INN_IS_NAV_ITEM (item))
    return inn_nav_item_get_counted (INN_NAV_ITEM (item));

  return NULL;
}

static void
inn_sidebar_row_dispose (GObject *object)
{
  InnSidebarRow *self = INN_SIDEBAR_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_SIDEBAR_ROW);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->item_signals);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (inn_sidebar_row_parent_class)->dispose (object);
}

static void
inn_sidebar_row_class_init (InnSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_sidebar_row_dispose;

  widget_class->query_tooltip = inn_sidebar_row_query_tooltip;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/inventory/inn-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, InnSidebarRow, root);
  gtk_widget_class_bind_template_child (widget_class, InnSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, InnSidebarRow, name);
  gtk_widget_class_bind_template_child (widget_class, InnSidebarRow, word);
  gtk_widget_class_bind_template_child (widget_class, InnSidebarRow, count);
}

static void
inn_sidebar_row_init (InnSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);

  self->item_signals = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_object (self->item_signals, "notify", G_CALLBACK (on_notify), self,
                                 G_CONNECT_SWAPPED);
  self->list_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->list_signals, "items-changed", G_CALLBACK (update), self,
                                 G_CONNECT_SWAPPED);
}

/**
 * inn_sidebar_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
inn_sidebar_row_new (void)
{
  return g_object_new (INN_TYPE_SIDEBAR_ROW, NULL);
}

/**
 * inn_sidebar_row_set_item:
 * @self: a row
 * @item: (nullable): an entry, data center, cluster or host to follow
 */
void
inn_sidebar_row_set_item (InnSidebarRow *self, gpointer item)
{
  g_return_if_fail (INN_IS_SIDEBAR_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->item_signals, item);
  g_signal_group_set_target (self->list_signals, item != NULL ? get_counted (item) : NULL);
  if (item != NULL)
    update (self);
}

/**
 * inn_sidebar_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it follows
 */
gpointer
inn_sidebar_row_get_item (InnSidebarRow *self)
{
  g_return_val_if_fail (INN_IS_SIDEBAR_ROW (self), NULL);

  return self->item;
}
