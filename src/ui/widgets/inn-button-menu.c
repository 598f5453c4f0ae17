/* inn-button-menu.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-button-menu.h"

/* Buttons whose menu is another one whenever their object changes its state. A button that gets a
 * new menu closes the one that is open, and a person who was about to choose stands before nothing:
 * an open menu stays as it is until it is closed. */

#define NEXT "inn-next-menu"

static GtkPopover *
get_popover (GtkWidget *button)
{
  return ADW_IS_SPLIT_BUTTON (button) ? adw_split_button_get_popover (ADW_SPLIT_BUTTON (button))
                                      : gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
}

static void
set_now (GtkWidget *button, GMenuModel *menu)
{
  if (ADW_IS_SPLIT_BUTTON (button))
    adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (button), menu);
  else
    gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
}

static gboolean
catch_up_cb (gpointer data)
{
  GtkWidget *button = data;
  g_autoptr (GMenuModel) next = g_object_steal_data (G_OBJECT (button), NEXT);

  if (next != NULL)
    inn_button_menu_set (button, next);

  return G_SOURCE_REMOVE;
}

/* What was chosen is done first, and the keyboard is given back. */
static void
closed_cb (GtkWidget *button, GtkPopover *popover)
{
  g_signal_handlers_disconnect_by_func (popover, closed_cb, button);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, catch_up_cb, g_object_ref (button), g_object_unref);
}

/**
 * inn_button_menu_set:
 * @button: a [class@Gtk.MenuButton] or [class@Adw.SplitButton]
 * @menu: (nullable): its menu
 *
 * Gives @button its menu: at once, or when the one that is open was closed.
 */
void
inn_button_menu_set (GtkWidget *button, GMenuModel *menu)
{
  GtkPopover *popover;

  g_return_if_fail (ADW_IS_SPLIT_BUTTON (button) || GTK_IS_MENU_BUTTON (button));

  popover = get_popover (button);
  if (popover == NULL || menu == NULL || !gtk_widget_get_visible (GTK_WIDGET (popover)))
    {
      g_object_set_data (G_OBJECT (button), NEXT, NULL);
      set_now (button, menu);
      return;
    }

  if (g_object_get_data (G_OBJECT (button), NEXT) == NULL)
    g_signal_connect_object (popover, "closed", G_CALLBACK (closed_cb), button, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (button), NEXT, g_object_ref (menu), g_object_unref);
}
