/* inn-vm-view-columns.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-view-private.h"

#include "ui/vm/inn-vm-cell.h"

#include <glib/gi18n.h>

/* The columns of InnVmView, which are chosen in the menu of their titles. */

static void
on_setup (GtkSignalListItemFactory *factory, GtkColumnViewCell *item, InnVmView *self)
{
  const InnVmColumn *column = g_object_get_data (G_OBJECT (factory), "inn-column");

  gtk_column_view_cell_set_child (
      item, inn_vm_cell_new (column, inn_app_context_get_inventory (self->context),
                             GTK_WIDGET (self->list)));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkColumnViewCell *item)
{
  inn_vm_cell_set_row (INN_VM_CELL (gtk_column_view_cell_get_child (item)),
                       gtk_column_view_cell_get_item (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkColumnViewCell *item)
{
  inn_vm_cell_set_row (INN_VM_CELL (gtk_column_view_cell_get_child (item)), NULL);
}

static GtkListItemFactory *
create_factory (InnVmView *self, const InnVmColumn *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "inn-column", (gpointer) column);
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);

  return factory;
}

/* Titles need a sorter to be clicked; the order itself is the model's. */
static int
compare_nothing (gconstpointer a, gconstpointer b, gpointer data)
{
  return 0;
}

static GtkColumnViewColumn *
create_column (InnVmView *self, const InnVmColumn *column)
{
  GtkColumnViewColumn *view_column =
      gtk_column_view_column_new (_ (column->title), create_factory (self, column));
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_nothing, NULL, NULL));

  gtk_column_view_column_set_id (view_column, column->id);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_fixed_width (
      view_column, inn_vm_column_get_width (column, GTK_WIDGET (self->list)));
  gtk_column_view_column_set_expand (view_column, g_str_equal (column->id, "name"));

  return view_column;
}

static void
save_columns (InnVmView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->list);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (gtk_column_view_column_get_visible (column))
        g_strv_builder_add (builder, gtk_column_view_column_get_id (column));
    }
  ids = g_strv_builder_end (builder);
  inn_settings_set_vm_columns (self->settings, (const char *const *) ids);
}

static void
on_column_toggled (GSimpleAction *action, GVariant *state, InnVmView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->list);

  g_simple_action_set_state (action, state);
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_strcmp0 (gtk_column_view_column_get_id (column),
                     g_action_get_name (G_ACTION (action))) == 0)
        gtk_column_view_column_set_visible (column, g_variant_get_boolean (state));
    }
  save_columns (self);
}

static gboolean
is_chosen (char **chosen, const InnVmColumn *column)
{
  if (chosen[0] == NULL)
    return column->by_default;

  return g_strv_contains ((const char *const *) chosen, column->id);
}

/* Chosen columns first, in the order they were left in; the others follow, invisible. */
static void
append_columns (InnVmView *self, char **chosen)
{
  guint n;
  const InnVmColumn *columns = inn_vm_columns_get (&n);

  for (guint i = 0; chosen[i] != NULL; i++)
    {
      const InnVmColumn *column = inn_vm_columns_find (chosen[i]);
      g_autoptr (GtkColumnViewColumn) view_column =
          column != NULL ? create_column (self, column) : NULL;

      if (view_column != NULL)
        gtk_column_view_append_column (self->list, view_column);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkColumnViewColumn) view_column = NULL;

      if (chosen[0] != NULL && is_chosen (chosen, &columns[i]))
        continue;
      view_column = create_column (self, &columns[i]);
      gtk_column_view_column_set_visible (view_column, is_chosen (chosen, &columns[i]));
      gtk_column_view_append_column (self->list, view_column);
    }
}

static GtkLabel *
find_label (GtkWidget *widget)
{
  GtkLabel *found = GTK_IS_LABEL (widget) ? GTK_LABEL (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child);

  return found;
}

static const InnVmColumn *
find_by_title (const char *title)
{
  guint n;
  const InnVmColumn *columns = inn_vm_columns_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (_ (columns[i].title), title))
      return &columns[i];

  return NULL;
}

/* Titles stand over their figures, at the right; GTK makes them anew for a column that is moved,
 * and has no property for it. The arrow of the order is then on the other side. */
static void
align_titles (InnVmView *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (GtkWidget *title = gtk_widget_get_first_child (header); title != NULL;
       title = gtk_widget_get_next_sibling (title))
    {
      GtkLabel *label = find_label (title);
      const InnVmColumn *column = label != NULL ? find_by_title (gtk_label_get_text (label)) : NULL;
      GtkWidget *box = label != NULL ? gtk_widget_get_parent (GTK_WIDGET (label)) : NULL;

      if (column == NULL || !column->numeric || !GTK_IS_BOX (box))
        continue;
      gtk_widget_set_hexpand (GTK_WIDGET (label), TRUE);
      gtk_label_set_xalign (label, 1);
      gtk_box_reorder_child_after (GTK_BOX (box), GTK_WIDGET (label),
                                   gtk_widget_get_last_child (box));
    }
}

static void
on_columns_changed (InnVmView *self)
{
  /* A list that is taken apart loses its columns one by one; that is nobody's choice. */
  if (self->context == NULL || self->list == NULL)
    return;

  align_titles (self);
  save_columns (self);
}

void
_inn_vm_view_create_columns (InnVmView *self)
{
  g_auto (GStrv) chosen = inn_settings_dup_vm_columns (self->settings);
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  GListModel *list_columns = gtk_column_view_get_columns (self->list);
  guint n;
  const InnVmColumn *columns = inn_vm_columns_get (&n);

  append_columns (self, chosen);
  align_titles (self);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strconcat ("columns.", columns[i].id, NULL);
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
          columns[i].id, NULL, g_variant_new_boolean (is_chosen (chosen, &columns[i])));

      /* Without its name a row says nothing. */
      g_simple_action_set_enabled (action, !g_str_equal (columns[i].id, "name"));
      g_signal_connect_object (action, "change-state", G_CALLBACK (on_column_toggled), self, 0);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
      g_menu_append (menu, _ (columns[i].title), name);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self->list), "columns", G_ACTION_GROUP (actions));

  for (guint i = 0; i < g_list_model_get_n_items (list_columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list_columns, i);

      gtk_column_view_column_set_header_menu (column, G_MENU_MODEL (menu));
    }
  g_signal_connect_object (list_columns, "items-changed", G_CALLBACK (on_columns_changed), self,
                           G_CONNECT_SWAPPED);
}
