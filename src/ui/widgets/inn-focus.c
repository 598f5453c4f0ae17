/* inn-focus.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-focus.h"

/* Who has the keyboard while a page stands in front of what had it. */

/**
 * inn_focus_drop:
 * @widget: what is not seen any more
 *
 * GTK gives a key to nobody, not even to the window, when what has the focus is not mapped. Where
 * nothing on the page that came took the focus from @widget, the window has it from now on.
 *
 * Returns: whether @widget had it, and wants it back when it is seen again
 */
gboolean
inn_focus_drop (GtkWidget *widget)
{
  GtkRoot *root;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  root = gtk_widget_get_root (widget);
  if (root == NULL || gtk_root_get_focus (root) != widget)
    return FALSE;

  gtk_root_set_focus (root, NULL);
  return TRUE;
}

/**
 * inn_focus_is_free:
 * @widget: what would take it
 *
 * Returns: whether nothing else in its window has the focus
 */
gboolean
inn_focus_is_free (GtkWidget *widget)
{
  GtkRoot *root;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  root = gtk_widget_get_root (widget);
  return root != NULL && gtk_root_get_focus (root) == NULL;
}
