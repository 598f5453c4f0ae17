/* inn-window-focus.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

/* Where the keyboard goes when what had it is not there any more. */

/* A dialog that begins to close gives the keyboard back. libadwaita does so only where something
 * had it before; else what is typed while the dialog fades would go into it, and GTK 4.18 would
 * leak all of it: gtk_window_unset_focus_and_default(), called for the hidden sheet and for the
 * dialog, forgets its reference to the first of two. */
static void
on_visible_dialog (InnWindow *self)
{
  AdwApplicationWindow *window = ADW_APPLICATION_WINDOW (self);
  AdwDialog *visible = adw_application_window_get_visible_dialog (window);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *inside = focus != NULL ? gtk_widget_get_ancestor (focus, ADW_TYPE_DIALOG) : NULL;
  GtkWidget *next =
      visible != NULL ? GTK_WIDGET (visible) : adw_application_window_get_content (window);

  if (inside == NULL || inside == GTK_WIDGET (visible))
    return;

  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD);
}

/* GTK gives a key to nobody when what has the focus is not mapped, not even to the window around
 * it. A list leaves its focus in a row that went out of sight, as the oldest of the events does
 * when new ones come: then the list itself takes it. */
static gboolean
check_focus (gpointer data)
{
  InnWindow *self = data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *widget = focus;

  self->focus_check_id = 0;
  if (focus == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_REMOVE;

  while (widget != NULL && !gtk_widget_get_mapped (widget))
    widget = gtk_widget_get_parent (widget);
  /* A row that was dragged away is in no window any more, and has the focus all the same. Not what
   * is on its way to be seen, such as the entry of a bar that slides in. And not
   * gtk_window_set_focus(), with which a list hands it on to its row. */
  if (widget == NULL || (widget != focus && GTK_IS_LIST_VIEW (widget)))
    gtk_root_set_focus (GTK_ROOT (self), widget);

  return G_SOURCE_REMOVE;
}

/* Later, when what comes is drawn. */
static void
check_focus_later (InnWindow *self)
{
  if (self->focus_check_id == 0)
    self->focus_check_id = g_idle_add_full (G_PRIORITY_LOW, check_focus, self, NULL);
}

static void
on_focus_widget (InnWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (self->focus != NULL)
    g_signal_handlers_disconnect_by_func (self->focus, check_focus_later, self);
  g_set_weak_pointer (&self->focus, focus);
  if (focus == NULL)
    return;

  g_signal_connect_object (focus, "unmap", G_CALLBACK (check_focus_later), self, G_CONNECT_SWAPPED);
  check_focus_later (self);
}

void
_inn_window_watch_focus (InnWindow *self)
{
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (on_focus_widget), NULL);
  g_signal_connect (self, "notify::visible-dialog", G_CALLBACK (on_visible_dialog), NULL);
}

void
_inn_window_forget_focus (InnWindow *self)
{
  g_signal_handlers_disconnect_by_func (self, on_focus_widget, NULL);
  if (self->focus != NULL)
    g_signal_handlers_disconnect_by_func (self->focus, check_focus_later, self);
  g_clear_handle_id (&self->focus_check_id, g_source_remove);
  g_clear_weak_pointer (&self->focus);
}
