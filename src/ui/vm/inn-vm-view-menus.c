/* inn-vm-view-menus.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-view-private.h"

#include "ui/shell/inn-name-dialog.h"
#include "ui/vm/inn-vm-actions.h"
#include "ui/vm/inn-vm-cell.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/* The columns of InnVmView, which are chosen in the menu of their titles, its context menu, and the
 * menu of saved filters. */

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
  gtk_column_view_column_set_fixed_width (view_column, column->width);
  gtk_column_view_column_set_expand (view_column, g_str_equal (column->id, "name"));

  return view_column;
}

static void
save_columns (InnVmView *self)
{
  GListModel *columns;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  /* A list that is taken apart loses its columns one by one; that is nobody's choice. */
  if (self->context == NULL || self->list == NULL)
    return;

  columns = gtk_column_view_get_columns (self->list);
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
  g_signal_connect_object (list_columns, "items-changed", G_CALLBACK (save_columns), self,
                           G_CONNECT_SWAPPED);
}

static InnVmCell *
find_cell (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      if (INN_IS_VM_CELL (widget))
        return INN_VM_CELL (widget);
      /* The padding of a cell, and the space of a row between cells. */
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_first_child (child))
        if (INN_IS_VM_CELL (child))
          return GTK_IS_COLUMN_VIEW (widget) ? NULL : INN_VM_CELL (child);
      if (GTK_IS_COLUMN_VIEW (widget))
        return NULL;
    }

  return NULL;
}

static void
popup_menu (InnVmView *self, double x, double y)
{
  g_autoptr (GPtrArray) vms = inn_vm_view_dup_selected (self);
  g_autoptr (GMenuModel) model = inn_vm_actions_create_menu (vms);

  if (vms->len == 0)
    return;

  inn_vm_actions_update (GTK_WIDGET (self), vms);
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_right_click (GtkGestureClick *gesture, int n_press, double x, double y, InnVmView *self)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->rows);
  InnVmCell *cell = find_cell (gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT));
  graphene_point_t point;
  guint position;

  if (cell == NULL || inn_vm_cell_get_vm (cell) == NULL)
    return;

  position = inn_vm_row_get_position (inn_vm_cell_get_row (cell));
  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);

  if (gtk_widget_compute_point (GTK_WIDGET (self->list), GTK_WIDGET (self),
                                &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    popup_menu (self, point.x, point.y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_menu_key (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnVmView *self = INN_VM_VIEW (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  graphene_point_t point = GRAPHENE_POINT_INIT (24, 48);

  if (focus != NULL && gtk_widget_is_ancestor (focus, widget))
    (void) !gtk_widget_compute_point (
        focus, widget, &GRAPHENE_POINT_INIT (24, gtk_widget_get_height (focus)), &point);
  popup_menu (self, point.x, point.y);
}

void
_inn_vm_view_class_init_menus (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "vm-view.menu", NULL, on_menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "vm-view.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "vm-view.menu",
                                       NULL);
}

static void
on_filter_chosen (GSimpleAction *action, GVariant *parameter, InnVmView *self)
{
  inn_vm_view_set_query_text (self, g_variant_get_string (parameter, NULL));
}

static void
fill_filters_menu (InnVmView *self)
{
  g_autoptr (GHashTable) filters = inn_settings_dup_saved_filters (self->settings);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) saved = g_menu_new ();
  g_autoptr (GMenu) forget = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (filters), (GCompareFunc) g_strcmp0);

  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *label = inn_format_menu_label (l->data);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
      g_autoptr (GMenuItem) gone = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "filter.use", "s",
                                         (const char *) g_hash_table_lookup (filters, l->data));
      g_menu_append_item (saved, item);
      g_menu_item_set_action_and_target (gone, "filter.forget", "s", (const char *) l->data);
      g_menu_append_item (forget, gone);
    }

  g_menu_append_section (menu, NULL, G_MENU_MODEL (saved));
  g_menu_append (last, _ ("_Save This Filter…"), "filter.save");
  if (names != NULL)
    g_menu_append_submenu (last, _ ("_Forget"), G_MENU_MODEL (forget));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  gtk_menu_button_set_menu_model (self->filters_button, G_MENU_MODEL (menu));
}

static void
on_filter_forget (GSimpleAction *action, GVariant *parameter, InnVmView *self)
{
  inn_settings_save_filter (self->settings, g_variant_get_string (parameter, NULL), NULL);
  fill_filters_menu (self);
}

static void
on_filter_named (InnNameDialog *dialog, const char *name, InnVmView *self)
{
  inn_settings_save_filter (self->settings, name,
                            gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  fill_filters_menu (self);
}

static void
on_filter_save (GSimpleAction *action, GVariant *parameter, InnVmView *self)
{
  AdwDialog *dialog = inn_name_dialog_new (_ ("Save Filter"), _ ("Name"), NULL, _ ("_Save"));

  g_signal_connect_object (dialog, "named", G_CALLBACK (on_filter_named), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
add_action (InnVmView *self, GActionMap *map, const char *name, gboolean has_target, GCallback func)
{
  g_autoptr (GSimpleAction) action =
      g_simple_action_new (name, has_target ? G_VARIANT_TYPE_STRING : NULL);

  g_signal_connect_object (action, "activate", func, self, 0);
  g_action_map_add_action (map, G_ACTION (action));
}

/* A dialog that an item opens gives the focus back to where it was: not to a menu that is gone. */
static void
on_menu_closed (InnVmView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
_inn_vm_view_setup_menus (InnVmView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (on_menu_closed), self,
                           G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_right_click), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (click));

  add_action (self, G_ACTION_MAP (actions), "use", TRUE, G_CALLBACK (on_filter_chosen));
  add_action (self, G_ACTION_MAP (actions), "forget", TRUE, G_CALLBACK (on_filter_forget));
  add_action (self, G_ACTION_MAP (actions), "save", FALSE, G_CALLBACK (on_filter_save));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "filter", G_ACTION_GROUP (actions));
  fill_filters_menu (self);
}
