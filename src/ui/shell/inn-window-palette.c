/* inn-window-palette.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "ui/inventory/inn-inventory-menu.h"
#include "ui/shell/inn-palette.h"
#include "ui/vm/inn-vm-actions.h"

#include <glib/gi18n.h>

/* What the palette of a window can do besides finding things: what can be done to what the page
 * shows, and the actions of the main menu. */

static void
add_item (InnPalette *palette, GMenuModel *menu, int i, const char *where)
{
  g_autofree char *label = NULL;
  g_autofree char *action = NULL;
  g_autoptr (GVariant) target =
      g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_TARGET, NULL);
  g_auto (GStrv) parts = NULL;
  g_autofree char *title = NULL;

  if (!g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label) ||
      !g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &action))
    return;

  parts = g_strsplit (label, "_", -1);
  title = g_strjoinv (NULL, parts);
  inn_palette_add_action (palette, "system-run-symbolic", title, where, action, target);
}

/* Not what is in submenus: the names of clusters tell by themselves nothing of what they do. */
static void
add_menu (InnPalette *palette, GMenuModel *menu, const char *where)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      if (section != NULL)
        add_menu (palette, section, where);
      else
        add_item (palette, menu, i, where);
    }
}

static GMenuModel *
create_menu (InnWindow *self, GObject *object)
{
  g_autoptr (GPtrArray) vms = NULL;

  if (!INN_IS_VM (object))
    return inn_inventory_menu_new (inn_app_context_get_inventory (self->context), object);

  vms = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (vms, g_object_ref (object));
  return inn_vm_actions_create_context_menu (inn_app_context_get_vm_ops (self->context), vms);
}

static void
add_object_actions (InnWindow *self, InnPalette *palette)
{
  InnPage *page = _inn_window_get_page (self);
  GObject *object = page != NULL ? inn_page_get_object (page) : NULL;
  g_autoptr (GMenuModel) menu = object != NULL ? create_menu (self, object) : NULL;

  if (menu != NULL)
    add_menu (palette, menu, adw_navigation_page_get_title (ADW_NAVIGATION_PAGE (page)));
}

static void
on_palette (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *icon;
    const char *title;
    const char *action;
    int kind;
  } actions[] = {
    { "inn-overview-symbolic", N_ ("Overview"), "win.show-kind", INN_NAV_OVERVIEW },
    { "inn-vm-symbolic", N_ ("Virtual Machines"), "win.show-kind", INN_NAV_VMS },
    { "inn-events-symbolic", N_ ("Events"), "win.show-kind", INN_NAV_EVENTS },
    { "list-add-symbolic", N_ ("Add Host"), "win.add-host", -1 },
    { "list-add-symbolic", N_ ("New Data Center"), "win.add-data-center", -1 },
    { "document-open-symbolic", N_ ("Import Connections of virt-manager"),
      "win.import-virt-manager", -1 },
    { "document-open-symbolic", N_ ("Import View"), "win.import-view", -1 },
    { "document-save-symbolic", N_ ("Export View"), "win.export-view", -1 },
    { "preferences-system-symbolic", N_ ("Preferences"), "win.preferences", -1 },
    { "preferences-desktop-keyboard-symbolic", N_ ("Keyboard Shortcuts"), "win.shortcuts", -1 },
    { "help-browser-symbolic", N_ ("Help"), "win.help", -1 },
    { "help-about-symbolic", N_ ("About Innkeeper"), "win.about", -1 },
  };

  InnWindow *self = INN_WINDOW (widget);
  InnPage *page = _inn_window_get_page (self);
  InnPalette *palette =
      INN_PALETTE (inn_palette_new (self->context, page != NULL ? GTK_WIDGET (page) : widget));

  add_object_actions (self, palette);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    inn_palette_add_action (palette, actions[i].icon, _ (actions[i].title), NULL, actions[i].action,
                            actions[i].kind >= 0 ? g_variant_new_uint32 (actions[i].kind) : NULL);
  adw_dialog_present (ADW_DIALOG (palette), widget);
}

void
_inn_window_install_palette (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.palette", NULL, on_palette);
}
