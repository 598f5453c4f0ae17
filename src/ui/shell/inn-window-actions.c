/* inn-window-actions.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "ui/shell/inn-feedback.h"

#include <glib/gi18n.h>

/* What the window can do wherever the focus is. Actions about an object take its record id. */

/* The host whose record id an action came with; NULL when it is gone. */
InnHost *
_inn_window_find_host (InnWindow *self, GVariant *parameter)
{
  return inn_inventory_find_host (inn_app_context_get_inventory (self->context),
                                  g_variant_get_string (parameter, NULL));
}

/* Whoever went there by keyboard goes on with what the page shows. */
void
_inn_window_focus_page (InnWindow *self)
{
  InnPage *page = _inn_window_get_page (self);

  if (page != NULL)
    inn_page_focus (page);
}

static void
on_show_vm (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  const char *host_id;
  const char *uuid;
  InnHost *host;
  InnVm *vm;

  g_variant_get (parameter, "(&s&s)", &host_id, &uuid);
  host = inn_inventory_find_host (inn_app_context_get_inventory (self->context), host_id);
  vm = host != NULL ? inn_host_find_vm (host, uuid) : NULL;
  if (vm == NULL)
    return;

  inn_window_show_object (self, vm);
  _inn_window_focus_page (self);
}

static void
on_show_host (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnHost *host = _inn_window_find_host (INN_WINDOW (widget), parameter);

  if (host == NULL)
    return;

  inn_window_show_object (INN_WINDOW (widget), host);
  _inn_window_focus_page (INN_WINDOW (widget));
}

/* A cluster or a data center. */
static void
on_show_group (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnInventory *inventory = inn_app_context_get_inventory (self->context);
  const char *id = g_variant_get_string (parameter, NULL);
  gpointer group = inn_inventory_find_cluster (inventory, id);

  if (group == NULL)
    group = inn_inventory_find_data_center (inventory, id);
  if (group == NULL)
    return;

  inn_window_show_object (self, group);
  _inn_window_focus_page (self);
}

static void
on_search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnPage *page = _inn_window_get_page (INN_WINDOW (widget));

  if (page != NULL)
    inn_page_open_filter (page);
}

/* Of the guest that is shown, or of those that are selected. */
static void
on_open_console (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnPage *page = _inn_window_get_page (INN_WINDOW (widget));
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  if (focus != NULL && gtk_widget_activate_action (focus, "vm.console", NULL))
    return;
  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), "vm.console", NULL);
}

static void
on_toggle_sidebar (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);

  adw_navigation_split_view_set_show_content (
      self->split_view, !adw_navigation_split_view_get_show_content (self->split_view));
  gtk_widget_child_focus (GTK_WIDGET (self->sidebar), GTK_DIR_TAB_FORWARD);
}

/* F6: the next of the two panes. */
static void
on_next_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean in_sidebar = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar));
  GtkWidget *target = in_sidebar ? GTK_WIDGET (self->navigation) : GTK_WIDGET (self->sidebar);

  adw_navigation_split_view_set_show_content (self->split_view, in_sidebar);
  gtk_widget_child_focus (target, GTK_DIR_TAB_FORWARD);
}

static void
on_host_connect (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnHost *host = _inn_window_find_host (self, parameter);
  InnSession *session =
      host != NULL ? inn_session_manager_get (inn_app_context_get_sessions (self->context), host)
                   : NULL;

  if (session == NULL)
    return;
  if (inn_host_get_state (host) == INN_HOST_LOST)
    inn_session_reconnect_now (session);
  else
    /* How it ends is the host's state, shown in place. */
    dex_future_disown (inn_session_connect (session));
}

static void
on_host_disconnect (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnHost *host = _inn_window_find_host (self, parameter);
  InnSession *session =
      host != NULL ? inn_session_manager_get (inn_app_context_get_sessions (self->context), host)
                   : NULL;

  if (session != NULL)
    inn_feedback_follow_future (widget, inn_session_disconnect (session), NULL);
}

static void
on_host_move (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  const char *host_id;
  const char *cluster_id;

  g_variant_get (parameter, "(&s&s)", &host_id, &cluster_id);
  inn_feedback_follow_future (
      widget, inn_store_move_host (inn_app_context_get_store (self->context), host_id, cluster_id),
      NULL);
}

void
_inn_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.show-vm", "(ss)", on_show_vm },
    { "win.show-host", "s", on_show_host },
    { "win.show-group", "s", on_show_group },
    { "win.search", NULL, on_search },
    { "win.open-console", NULL, on_open_console },
    { "win.toggle-sidebar", NULL, on_toggle_sidebar },
    { "win.next-pane", NULL, on_next_pane },
    { "win.host-connect", "s", on_host_connect },
    { "win.host-disconnect", "s", on_host_disconnect },
    { "win.host-move", "(ss)", on_host_move },
  };

  static const struct
  {
    guint keyval;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_k, GDK_CONTROL_MASK, "win.palette" },
    { GDK_KEY_f, GDK_CONTROL_MASK, "win.search" },
    { GDK_KEY_n, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.add-host" },
    { GDK_KEY_t, GDK_CONTROL_MASK, "win.open-console" },
    { GDK_KEY_F9, 0, "win.toggle-sidebar" },
    { GDK_KEY_F6, 0, "win.next-pane" },
    { GDK_KEY_F1, 0, "win.help" },
    { GDK_KEY_comma, GDK_CONTROL_MASK, "win.preferences" },
    { GDK_KEY_question, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.shortcuts" },
    { GDK_KEY_question, GDK_CONTROL_MASK, "win.shortcuts" },
    { GDK_KEY_w, GDK_CONTROL_MASK, "window.close" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);

  /* Bindings of the class and not accelerators of the application: those would be taken before a
   * console that has the focus sees the key. */
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].keyval, keys[i].modifiers,
                                         keys[i].action, NULL);
}
