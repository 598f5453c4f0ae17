/* inn-console-fullscreen.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-console-page-private.h"

#include <glib/gi18n.h>

#define SHOW_SECONDS 3
/* How near to the edge the pointer asks for the bar. */
#define EDGE 2

/* Whether somebody has to do with the bar: then it does not go away under their hands. */
static gboolean
is_bar_used (InnConsolePage *self)
{
  return self->over_bar || gtk_menu_button_get_active (self->menu_button) ||
         gtk_widget_get_focus_child (self->reveal_bar) != NULL;
}

static gboolean
hide_bar_cb (gpointer user_data)
{
  InnConsolePage *self = user_data;

  if (is_bar_used (self))
    return G_SOURCE_CONTINUE;

  self->reveal_id = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->reveal_bar), FALSE);
  return G_SOURCE_REMOVE;
}

/* For some seconds; without a bar nothing happens. */
void
inn_console_page_show_bar (InnConsolePage *self)
{
  if (self->reveal_bar == NULL)
    return;

  g_clear_handle_id (&self->reveal_id, g_source_remove);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->reveal_bar), TRUE);
  self->reveal_id = g_timeout_add_seconds (SHOW_SECONDS, hide_bar_cb, self);
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, InnConsolePage *self)
{
  self->over_bar = gtk_revealer_get_child_revealed (GTK_REVEALER (self->reveal_bar)) &&
                   y < gtk_widget_get_height (self->reveal_bar);
  if (y <= EDGE)
    inn_console_page_show_bar (self);
}

static void
leave_cb (GtkEventControllerMotion *motion, InnConsolePage *self)
{
  self->over_bar = FALSE;
}

/* The bar has what the page has around it: a title, the way back, and the strip with the note and
 * the menu. */
static GtkWidget *
make_bar (InnConsolePage *self)
{
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (self->vm != NULL ? inn_vm_get_name (self->vm) : "");
  GtkWidget *leave = gtk_button_new_from_icon_name ("view-restore-symbolic");

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_margin_start (title, 6);
  gtk_widget_set_tooltip_text (leave, _ ("Leave Full Screen"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (leave), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Leave Full Screen"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (leave), "console.fullscreen");
  gtk_box_append (GTK_BOX (bar), title);
  gtk_box_append (GTK_BOX (bar), self->strip);
  gtk_box_append (GTK_BOX (bar), leave);
  gtk_widget_add_css_class (bar, "osd");
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_revealer_set_child (GTK_REVEALER (revealer), bar);
  gtk_widget_set_valign (revealer, GTK_ALIGN_START);
  gtk_widget_set_hexpand (self->strip, TRUE);

  return revealer;
}

static gboolean
close_cb (InnConsolePage *self)
{
  inn_console_page_set_fullscreened (self, FALSE);
  return GDK_EVENT_STOP;
}

static void
enter_fullscreen (InnConsolePage *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *away;

  self->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_title (self->window,
                        self->vm != NULL ? inn_vm_get_name (self->vm) : _ ("Console"));
  gtk_widget_add_css_class (GTK_WIDGET (self->window), "console-fullscreen");
  if (GTK_IS_WINDOW (root))
    gtk_window_set_application (self->window, gtk_window_get_application (GTK_WINDOW (root)));
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "console",
                                  G_ACTION_GROUP (self->actions));

  g_object_ref (self->content);
  away = adw_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (away), "view-fullscreen-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (away), _ ("Shown in Full Screen"));
  adw_bin_set_child (self->home, away);

  g_object_ref (self->strip);
  gtk_box_remove (GTK_BOX (self->content), self->strip);
  self->reveal_bar = make_bar (self);
  g_object_unref (self->strip);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->content);
  g_object_unref (self->content);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->reveal_bar);
  gtk_window_set_child (self->window, overlay);

  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (motion, "leave", G_CALLBACK (leave_cb), self, 0);
  gtk_widget_add_controller (overlay, motion);
  g_signal_connect_object (self->window, "close-request", G_CALLBACK (close_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_set_default_size (self->window, 1280, 800);
  gtk_window_fullscreen (self->window);
  gtk_window_present (self->window);
  gtk_widget_grab_focus (GTK_WIDGET (self->display));
  inn_console_page_show_bar (self);
}

/* Brings everything back where the template has it. */
void
inn_console_page_leave_fullscreen (InnConsolePage *self)
{
  GtkWidget *overlay;

  if (self->window == NULL)
    return;

  g_clear_handle_id (&self->reveal_id, g_source_remove);
  inn_display_release (self->display);
  overlay = gtk_window_get_child (self->window);
  g_object_ref (self->content);
  g_object_ref (self->strip);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (self->strip)), self->strip);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), NULL);
  gtk_box_append (GTK_BOX (self->content), self->strip);
  adw_bin_set_child (self->home, self->content);
  g_object_unref (self->strip);
  g_object_unref (self->content);
  self->reveal_bar = NULL;
  self->over_bar = FALSE;
  gtk_window_destroy (self->window);
  self->window = NULL;
}

/**
 * inn_console_page_set_fullscreened:
 * @self: a page
 * @fullscreened: whether the screen has a window of its own that fills the monitor
 */
void
inn_console_page_set_fullscreened (InnConsolePage *self, gboolean fullscreened)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (self));

  if ((self->window != NULL) == !!fullscreened)
    return;

  if (fullscreened)
    {
      enter_fullscreen (self);
    }
  else
    {
      inn_console_page_leave_fullscreen (self);
      inn_display_focus (self->display);
    }
  inn_console_page_update_note (self);
  inn_console_page_update_actions (self);
  g_object_notify (G_OBJECT (self), "fullscreened");
}
