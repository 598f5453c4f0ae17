/* inn-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "ui/shell/inn-page-factory.h"

#include <glib/gi18n.h>

/**
 * InnWindow:
 *
 * The window: sidebar, and the page of what was chosen there. A guest's page is pushed on top of
 * the list it was found in, so that back leads there.
 */

G_DEFINE_FINAL_TYPE (InnWindow, inn_window, ADW_TYPE_APPLICATION_WINDOW)

InnPage *
_inn_window_get_page (InnWindow *self)
{
  AdwNavigationPage *page;

  /* While the template is built. */
  if (self->navigation == NULL)
    return NULL;

  page = adw_navigation_view_get_visible_page (self->navigation);
  return INN_IS_PAGE (page) ? INN_PAGE (page) : NULL;
}

static void
replace_page (InnWindow *self, GtkWidget *page)
{
  AdwNavigationPage *pages[] = { ADW_NAVIGATION_PAGE (page) };

  adw_navigation_view_replace (self->navigation, pages, G_N_ELEMENTS (pages));
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static void
on_chosen (InnSidebar *sidebar, GObject *object, InnWindow *self)
{
  if (INN_IS_NAV_ITEM (object))
    inn_window_show_kind (self, inn_nav_item_get_kind (INN_NAV_ITEM (object)));
  else
    inn_window_show_object (self, object);
}

/* The sidebar marks where we are, also after going back. */
static void
on_visible_page (AdwNavigationView *navigation, GParamSpec *pspec, InnWindow *self)
{
  InnPage *page = _inn_window_get_page (self);
  GObject *object = page != NULL ? inn_page_get_object (page) : NULL;

  if (page == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->pages); i++)
    if (self->pages[i] == GTK_WIDGET (page))
      {
        inn_sidebar_select_kind (self->sidebar, i);
        return;
      }

  if (INN_IS_VM (object))
    object = G_OBJECT (inn_vm_get_host (INN_VM (object)));
  inn_sidebar_select (self->sidebar, object);
}

/* A page about something that is gone must not stay. */
static void
on_objects_changed (InnWindow *self)
{
  InnInventory *inventory = inn_app_context_get_inventory (self->context);
  InnPage *page = _inn_window_get_page (self);
  GObject *object = page != NULL ? inn_page_get_object (page) : NULL;
  gboolean gone = FALSE;

  if (INN_IS_HOST (object))
    gone = inn_inventory_find_host (inventory, inn_host_get_id (INN_HOST (object))) == NULL;
  else if (INN_IS_CLUSTER (object))
    gone =
        inn_inventory_find_cluster (inventory, inn_cluster_get_id (INN_CLUSTER (object))) == NULL;
  else if (INN_IS_DATA_CENTER (object))
    gone = inn_inventory_find_data_center (
               inventory, inn_data_center_get_id (INN_DATA_CENTER (object))) == NULL;
  else if (INN_IS_VM (object))
    gone = inn_vm_get_host (INN_VM (object)) == NULL;

  if (gone)
    inn_window_show_kind (self, INN_NAV_VMS);
}

static gpointer
get_clusters (gpointer data_center, gpointer data)
{
  GListModel *clusters = inn_data_center_get_clusters (data_center);

  g_object_ref (clusters);
  g_object_unref (data_center);
  return clusters;
}

static GListModel *
create_all_clusters (InnInventory *inventory)
{
  GListModel *data_centers = g_object_ref (inn_inventory_get_data_centers (inventory));
  GtkMapListModel *lists = gtk_map_list_model_new (data_centers, get_clusters, NULL, NULL);

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
}

static void
on_suspended (InnWindow *self)
{
  gboolean hidden = gtk_window_is_suspended (GTK_WINDOW (self));
  guint seconds = hidden ? inn_settings_get_poll_interval_hidden (self->settings)
                         : inn_settings_get_poll_interval_visible (self->settings);

  inn_session_manager_set_interval (inn_app_context_get_sessions (self->context),
                                    (gint64) seconds * G_USEC_PER_SEC);
}

static gboolean
inn_window_close_request (GtkWindow *window)
{
  InnWindow *self = INN_WINDOW (window);
  int width;
  int height;

  if (!_inn_window_may_close (self))
    return GDK_EVENT_STOP;

  gtk_window_get_default_size (window, &width, &height);
  inn_settings_set_window (self->settings, width, height, gtk_window_is_maximized (window));

  return GTK_WINDOW_CLASS (inn_window_parent_class)->close_request (window);
}

static void
inn_window_dispose (GObject *object)
{
  InnWindow *self = INN_WINDOW (object);

  _inn_window_forget_focus (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_WINDOW);
  for (guint i = 0; i < G_N_ELEMENTS (self->pages); i++)
    g_clear_object (&self->pages[i]);
  g_clear_object (&self->clusters);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (inn_window_parent_class)->dispose (object);
}

static void
inn_window_class_init (InnWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = inn_window_close_request;

  g_type_ensure (INN_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-window.ui");
  gtk_widget_class_bind_template_child (widget_class, InnWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, InnWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, InnWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, InnWindow, navigation);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_visible_page);

  _inn_window_install_actions (widget_class);
  _inn_window_install_dialog_actions (widget_class);
  _inn_window_install_palette (widget_class);
  _inn_window_install_group_actions (widget_class);
  _inn_window_install_resume (widget_class);
}

static void
inn_window_init (InnWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  _inn_window_watch_focus (self);
}

/**
 * inn_window_new:
 * @application: the application
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer none): a window that shows the list of guests
 */
InnWindow *
inn_window_new (GtkApplication *application, InnAppContext *context, InnSettings *settings)
{
  InnWindow *self = g_object_new (INN_TYPE_WINDOW, "application", application, NULL);
  InnInventory *inventory = inn_app_context_get_inventory (context);

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  gtk_window_set_default_size (GTK_WINDOW (self), inn_settings_get_window_width (settings),
                               inn_settings_get_window_height (settings));
  if (inn_settings_get_window_maximized (settings))
    gtk_window_maximize (GTK_WINDOW (self));

  inn_sidebar_set_inventory (self->sidebar, inventory);
  inn_window_show_kind (self, INN_NAV_VMS);

  g_signal_connect_object (inn_inventory_get_hosts (inventory), "items-changed",
                           G_CALLBACK (on_objects_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->clusters = create_all_clusters (inventory);
  g_signal_connect_object (self->clusters, "items-changed", G_CALLBACK (on_objects_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (inn_inventory_get_data_centers (inventory), "items-changed",
                           G_CALLBACK (on_objects_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self, "notify::suspended", G_CALLBACK (on_suspended), self, 0);
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_suspended), self, G_CONNECT_SWAPPED);
  on_suspended (self);
  _inn_window_watch_operations (self);

  return self;
}

/**
 * inn_window_show_kind:
 * @self: a window
 * @kind: one of the pages about everything
 */
void
inn_window_show_kind (InnWindow *self, InnNavKind kind)
{
  g_return_if_fail (INN_IS_WINDOW (self));

  if (self->pages[kind] == NULL)
    self->pages[kind] =
        g_object_ref_sink (inn_page_factory_create_kind (self->context, self->settings, kind));
  replace_page (self, self->pages[kind]);
  inn_sidebar_select_kind (self->sidebar, kind);
}

/**
 * inn_window_show_object:
 * @self: a window
 * @object: a data center, cluster, host or guest
 */
void
inn_window_show_object (InnWindow *self, gpointer object)
{
  InnPage *page;
  GtkWidget *fresh;

  g_return_if_fail (INN_IS_WINDOW (self));
  g_return_if_fail (G_IS_OBJECT (object));

  page = _inn_window_get_page (self);
  if (page != NULL && inn_page_get_object (page) == object)
    {
      adw_navigation_split_view_set_show_content (self->split_view, TRUE);
      return;
    }

  fresh = inn_page_factory_create (self->context, self->settings, object);
  if (fresh == NULL)
    return;
  if (INN_IS_VM (object))
    {
      adw_navigation_view_push (self->navigation, ADW_NAVIGATION_PAGE (fresh));
      adw_navigation_split_view_set_show_content (self->split_view, TRUE);
    }
  else
    replace_page (self, fresh);
}
