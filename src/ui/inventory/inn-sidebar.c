/* inn-sidebar.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-sidebar.h"

#include "ui/inventory/inn-inventory-menu.h"
#include "ui/inventory/inn-sidebar-row.h"
#include "ui/inventory/inn-sorted-hosts.h"
#include "ui/widgets/inn-first-screen.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * InnSidebar:
 *
 * The entries about everything, and below them the tree data center, cluster, host. A host can be
 * dragged to another cluster; the context menu has what can be done there.
 *
 * Signal "chosen" (object): an entry, data center, cluster or host was activated.
 */
struct _InnSidebar
{
  AdwNavigationPage parent_instance;

  InnInventory *inventory;
  GtkTreeListModel *tree;
  GtkSingleSelection *selection;
  GObject *current; /* what the window shows */
  GtkWidget *menu;

  GtkListView *list;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnSidebar, inn_sidebar, ADW_TYPE_NAVIGATION_PAGE)

static gpointer
get_item_at (InnSidebar *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, position);
  g_autoptr (GObject) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  /* The inventory keeps it. */
  return item;
}

static void
on_activate (GtkListView *list, guint position, InnSidebar *self)
{
  gpointer item = get_item_at (self, position);

  if (item != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, item);
}

static GdkContentProvider *
on_drag_prepare (GtkDragSource *source, double x, double y, InnSidebarRow *row)
{
  gpointer item = inn_sidebar_row_get_item (row);

  return INN_IS_HOST (item) ? gdk_content_provider_new_typed (INN_TYPE_HOST, item) : NULL;
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, GtkWidget *row)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (row);

  gtk_drag_source_set_icon (source, paintable, 0, 0);
}

/* A host may be dropped on a cluster, or on a host of that cluster. */
static const char *
get_drop_cluster (InnSidebarRow *row)
{
  gpointer item = inn_sidebar_row_get_item (row);

  if (INN_IS_CLUSTER (item))
    return inn_cluster_get_id (item);
  if (INN_IS_HOST (item))
    return inn_host_get_cluster_id (item);

  return NULL;
}

static GdkDragAction
on_drop_motion (GtkDropTarget *target, double x, double y, InnSidebarRow *row)
{
  return get_drop_cluster (row) != NULL ? GDK_ACTION_MOVE : 0;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, InnSidebarRow *row)
{
  InnHost *host = g_value_get_object (value);
  const char *cluster_id = get_drop_cluster (row);

  if (host == NULL || cluster_id == NULL ||
      g_strcmp0 (inn_host_get_cluster_id (host), cluster_id) == 0)
    return FALSE;

  return gtk_widget_activate_action (GTK_WIDGET (row), "win.host-move", "(ss)",
                                     inn_host_get_id (host), cluster_id);
}

static void
show_menu (InnSidebar *self, gpointer item, GtkWidget *at, double x, double y)
{
  g_autoptr (GMenuModel) model = inn_inventory_menu_new (self->inventory, item);
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);

  if (model == NULL)
    return;
  if (!gtk_widget_compute_point (at, GTK_WIDGET (self), &point, &point))
    return;

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* When the button is let go: a menu that comes up before swallows that, and the row looks pressed
 * for ever. */
static void
on_right_click (GtkGestureClick *gesture, int n_press, double x, double y, InnSidebar *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  show_menu (self, inn_sidebar_row_get_item (INN_SIDEBAR_ROW (row)), row, x, y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* The row in WIDGET, which has the keyboard: it is around our row, or the row itself. */
static InnSidebarRow *
find_row (GtkWidget *widget)
{
  while (widget != NULL && !INN_IS_SIDEBAR_ROW (widget))
    widget = GTK_IS_TREE_EXPANDER (widget)
                 ? gtk_tree_expander_get_child (GTK_TREE_EXPANDER (widget))
                 : gtk_widget_get_first_child (widget);

  return widget != NULL ? INN_SIDEBAR_ROW (widget) : NULL;
}

static gboolean
on_menu_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  InnSidebarRow *row = focus != NULL && focus != widget ? find_row (focus) : NULL;

  if (row == NULL)
    return FALSE;

  show_menu (INN_SIDEBAR (data), inn_sidebar_row_get_item (row), focus,
             gtk_widget_get_width (focus) / 2.0, gtk_widget_get_height (focus));
  return TRUE;
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, InnSidebar *self)
{
  GtkWidget *row = inn_sidebar_row_new ();
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *drag = gtk_drag_source_new ();
  GtkDropTarget *drop = gtk_drop_target_new (INN_TYPE_HOST, GDK_ACTION_MOVE);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "released", G_CALLBACK (on_right_click), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  gtk_drag_source_set_actions (drag, GDK_ACTION_MOVE);
  g_signal_connect_object (drag, "prepare", G_CALLBACK (on_drag_prepare), row, 0);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (on_drag_begin), row, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (drag));

  g_signal_connect_object (drop, "motion", G_CALLBACK (on_drop_motion), row, 0);
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), row, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (drop));

  gtk_widget_set_hexpand (row, TRUE);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), row);
  gtk_list_item_set_child (list_item, expander);
}

static char *
describe (gpointer item)
{
  if (INN_IS_HOST (item))
    /* Translators: name and state of a host, for screen readers */
    return g_strdup_printf (_ ("Host %s, %s"), inn_host_get_name (item), inn_host_get_word (item));
  if (INN_IS_CLUSTER (item))
    return g_strdup_printf (_ ("Cluster %s"), inn_cluster_get_name (item));
  if (INN_IS_DATA_CENTER (item))
    return g_strdup_printf (_ ("Data center %s"), inn_data_center_get_name (item));

  return g_strdup (inn_nav_item_get_title (item));
}

/* Also when a host changes its name or its state. */
static void
update_label (GtkListItem *list_item)
{
  g_autoptr (GObject) item = gtk_tree_list_row_get_item (gtk_list_item_get_item (list_item));
  g_autofree char *label = describe (item);

  gtk_list_item_set_accessible_label (list_item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkTreeListRow *tree_row = gtk_list_item_get_item (list_item);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  g_autoptr (GObject) item = gtk_tree_list_row_get_item (tree_row);
  GtkWidget *child = gtk_tree_expander_get_child (expander);

  gtk_tree_expander_set_list_row (expander, tree_row);
  gtk_tree_expander_set_hide_expander (expander, INN_IS_NAV_ITEM (item));
  gtk_tree_expander_set_indent_for_icon (expander, !INN_IS_NAV_ITEM (item));
  inn_sidebar_row_set_item (INN_SIDEBAR_ROW (child), item);
  g_signal_connect_object (item, "notify::name", G_CALLBACK (update_label), list_item,
                           G_CONNECT_SWAPPED);
  if (INN_IS_HOST (item))
    g_signal_connect_object (item, "notify::state", G_CALLBACK (update_label), list_item,
                             G_CONNECT_SWAPPED);
  update_label (list_item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  InnSidebarRow *row = INN_SIDEBAR_ROW (gtk_tree_expander_get_child (expander));
  gpointer item = inn_sidebar_row_get_item (row);

  if (item != NULL)
    g_signal_handlers_disconnect_by_func (item, update_label, list_item);
  inn_sidebar_row_set_item (row, NULL);
  gtk_tree_expander_set_list_row (expander, NULL);
}

static GListModel *
create_children (gpointer item, gpointer data)
{
  if (INN_IS_DATA_CENTER (item))
    return g_object_ref (inn_data_center_get_clusters (item));
  if (INN_IS_CLUSTER (item))
    return inn_sorted_hosts_new (inn_cluster_get_hosts (item));

  return NULL;
}

static GListModel *
create_roots (InnInventory *inventory)
{
  g_autoptr (GListStore) entries = g_list_store_new (INN_TYPE_NAV_ITEM);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);

  for (guint i = INN_NAV_OVERVIEW; i <= INN_NAV_EVENTS; i++)
    {
      g_autoptr (InnNavItem) item = inn_nav_item_new (i, inventory);

      g_list_store_append (entries, item);
    }
  g_list_store_append (parts, entries);
  g_list_store_append (parts, inn_inventory_get_data_centers (inventory));

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
}

static void
mark (InnSidebar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->tree));

  for (guint i = 0; i < n && self->current != NULL; i++)
    if (get_item_at (self, i) == self->current)
      {
        gtk_single_selection_set_selected (self->selection, i);
        return;
      }

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

static gboolean
mark_cb (gpointer data)
{
  if (INN_SIDEBAR (data)->selection != NULL)
    mark (data);

  return G_SOURCE_REMOVE;
}

/* The mark says where we are, and not which row has the keyboard. */
static void
on_selected (InnSidebar *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->current != NULL && position != GTK_INVALID_LIST_POSITION &&
      get_item_at (self, position) != self->current)
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, mark_cb, g_object_ref (self), g_object_unref);
}

static void
inn_sidebar_dispose (GObject *object)
{
  InnSidebar *self = INN_SIDEBAR (object);

  g_clear_object (&self->current);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_SIDEBAR);
  g_clear_object (&self->selection);
  g_clear_object (&self->tree);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_sidebar_parent_class)->dispose (object);
}

static void
inn_sidebar_class_init (InnSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_sidebar_dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/inventory/inn-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, InnSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
add_menu_shortcut (InnSidebar *self, guint keyval, GdkModifierType modifiers)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (keyval, modifiers),
                        gtk_callback_action_new (on_menu_key, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->list), controller);
}

/* A dialog that an item opens gives the focus back to where it was: not to a menu that is gone. */
static void
on_menu_closed (InnSidebar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
inn_sidebar_init (InnSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (on_menu_closed), self,
                           G_CONNECT_SWAPPED);
  add_menu_shortcut (self, GDK_KEY_Menu, 0);
  add_menu_shortcut (self, GDK_KEY_F10, GDK_SHIFT_MASK);
}

/**
 * inn_sidebar_set_inventory:
 * @self: the sidebar
 * @inventory: what it shows; once
 */
void
inn_sidebar_set_inventory (InnSidebar *self, InnInventory *inventory)
{
  g_autoptr (GListModel) shown = NULL;
  GtkListItemFactory *factory;

  g_return_if_fail (INN_IS_SIDEBAR (self));
  g_return_if_fail (self->inventory == NULL);

  self->inventory = g_object_ref (inventory);
  self->tree =
      gtk_tree_list_model_new (create_roots (inventory), FALSE, TRUE, create_children, NULL, NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  shown = inn_first_screen_new (g_object_ref (G_LIST_MODEL (self->tree)), GTK_WIDGET (self->list));
  gtk_single_selection_set_model (self->selection, shown);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_object_unref (factory);
}

/**
 * inn_sidebar_select:
 * @self: the sidebar
 * @object: (nullable): what the window shows; marked when it is in the tree
 */
void
inn_sidebar_select (InnSidebar *self, gpointer object)
{
  g_return_if_fail (INN_IS_SIDEBAR (self));

  g_set_object (&self->current, object);
  mark (self);
}

/**
 * inn_sidebar_select_kind:
 * @self: the sidebar
 * @kind: which entry the window shows
 */
void
inn_sidebar_select_kind (InnSidebar *self, InnNavKind kind)
{
  g_return_if_fail (INN_IS_SIDEBAR (self));

  inn_sidebar_select (self, get_item_at (self, kind));
}
