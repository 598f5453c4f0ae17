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

/* The menus of InnVmView: of its rows, of those selected, and of saved filters. */

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
  InnVmOps *ops = inn_app_context_get_vm_ops (self->context);
  g_autoptr (GPtrArray) vms = inn_vm_view_dup_selected (self);
  g_autoptr (GMenuModel) model = NULL;

  if (vms->len == 0)
    return;

  model = inn_vm_actions_create_context_menu (ops, vms);
  inn_vm_actions_update (GTK_WIDGET (self), ops, vms);
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

static gboolean
update_actions_cb (gpointer data)
{
  InnVmView *self = data;
  InnVmOps *ops = inn_app_context_get_vm_ops (self->context);
  g_autoptr (GPtrArray) vms = inn_vm_view_dup_selected (self);

  self->actions_id = 0;
  inn_vm_actions_update (GTK_WIDGET (self), ops, vms);
  inn_vm_actions_explain (self->bar, ops, vms);

  return G_SOURCE_REMOVE;
}

/* Soon and once, however much was selected one by one. */
void
_inn_vm_view_update_actions (InnVmView *self)
{
  if (self->actions_id == 0)
    self->actions_id = g_idle_add (update_actions_cb, self);
}

/* The menu has what can be done when it is opened. */
static void
on_bulk_menu (GtkMenuButton *button, gpointer data)
{
  InnVmView *self = data;
  InnVmOps *ops = inn_app_context_get_vm_ops (self->context);
  g_autoptr (GPtrArray) vms = inn_vm_view_dup_selected (self);
  g_autoptr (GMenuModel) model = NULL;

  if (vms->len == 0)
    return;

  model = inn_vm_actions_create_context_menu (ops, vms);
  inn_vm_actions_update (GTK_WIDGET (self), ops, vms);
  gtk_menu_button_set_menu_model (button, model);
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

  gtk_menu_button_set_create_popup_func (self->bulk_button, on_bulk_menu, self, NULL);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_right_click), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (click));

  add_action (self, G_ACTION_MAP (actions), "use", TRUE, G_CALLBACK (on_filter_chosen));
  add_action (self, G_ACTION_MAP (actions), "forget", TRUE, G_CALLBACK (on_filter_forget));
  add_action (self, G_ACTION_MAP (actions), "save", FALSE, G_CALLBACK (on_filter_save));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "filter", G_ACTION_GROUP (actions));
  fill_filters_menu (self);
}
