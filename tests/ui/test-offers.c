/* test-offers.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/cluster/inn-group-page.h"
#include "ui/inventory/inn-sidebar.h"
#include "ui/shell/inn-page.h"
#include "ui/shell/inn-palette-item.h"
#include "ui/shell/inn-palette.h"
#include "ui/vm/inn-vm-actions.h"
#include "window-fixture.h"

#include <string.h>

/* What the window offers: only what can be done, with the reason where a control does nothing; and
 * what can be gone to. */

static GtkWidget *
find_item (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;
  g_autofree char *text = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "text") != NULL)
    g_object_get (widget, "text", &text, NULL);
  if (GTK_IS_ACTIONABLE (widget) && g_strcmp0 (text, label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_item (child, label);

  return found;
}

static GtkWidget *
find_control (GtkWidget *widget, const char *action)
{
  GtkWidget *found = NULL;

  if (GTK_IS_ACTIONABLE (widget) && !ADW_IS_SPLIT_BUTTON (widget) &&
      g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_control (child, action);

  return found;
}

static void
assert_explained (GtkWidget *control, const char *words)
{
  g_assert_nonnull (control);
  g_assert_false (gtk_widget_is_sensitive (control));
  g_assert_nonnull (gtk_widget_get_tooltip_text (control));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (control), words));
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (control),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
}

static gboolean
offers (GMenuModel *menu, const char *action)
{
  gboolean found = FALSE;

  for (int i = 0; i < g_menu_model_get_n_items (menu) && !found; i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autofree char *name = NULL;

      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &name);
      found = g_strcmp0 (name, action) == 0 || (section != NULL && offers (section, action));
    }

  return found;
}

static InnVm *
find_running (InnHost *host)
{
  GListModel *vms = inn_host_get_vms (host);

  for (guint i = 0; i < g_list_model_get_n_items (vms); i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (inn_vm_get_state (vm) == INN_VM_RUNNING)
        return vm; /* its host keeps it */
    }

  g_assert_not_reached ();
}

/* A host that is not really there lacks all that needs a libvirt of some age. */
static void
test_lacking (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 0);
  InnVm *vm = find_running (host);
  InnVmOps *ops = inn_app_context_get_vm_ops (fixture->context);
  g_autoptr (GPtrArray) vms = g_ptr_array_new ();
  g_autoptr (GMenuModel) menu = NULL;
  GtkWidget *power;

  inn_window_show_object (fixture->window, vm);
  power = window_fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_SPLIT_BUTTON, NULL);
  g_assert_nonnull (power);
  inn_test_spin (window_fixture_is_mapped, power);

  assert_explained (find_item (power, "Reset"), "host0 cannot do that");
  assert_explained (find_item (power, "Delete…"), "is not shut off");
  g_assert_true (gtk_widget_is_sensitive (find_control (power, "vm.shutdown")));
  g_assert_null (gtk_widget_get_tooltip_text (find_control (power, "vm.shutdown")));
  g_assert_null (find_item (power, "Start"));

  /* A context menu has only what can be done. */
  g_ptr_array_add (vms, vm);
  menu = inn_vm_actions_create_context_menu (ops, vms);
  g_assert_true (offers (menu, "vm.pause"));
  g_assert_true (offers (menu, "vm.console"));
  g_assert_false (offers (menu, "vm.reset"));
  g_assert_false (offers (menu, "vm.delete"));
}

static void
test_read_only (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 0);
  InnVm *vm = find_running (host);
  InnHostConfig config = *inn_host_get_config (host);
  GtkWidget *power;

  inn_window_show_object (fixture->window, vm);
  power = window_fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_SPLIT_BUTTON, NULL);
  g_assert_true (gtk_widget_is_sensitive (find_control (power, "vm.shutdown")));

  config.read_only = TRUE;
  inn_host_apply_config (host, &config);
  /* It is connected anew for that; as if it had come back already. */
  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  assert_explained (find_control (power, "vm.shutdown"), "read-only");
  g_assert_null (find_item (power, "Shut Down"));
}

/* What comes while the palette is open is found in it. */
static void
test_palette (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 0);
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);
  InnVmInfo info = { .uuid = (char *) "99999999-0000-4000-8000-000000000000",
                     .name = (char *) "come-later",
                     .domain_id = -1,
                     .state = INN_VM_SHUTOFF };
  GtkWidget *palette;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.palette", NULL);
  palette = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_PALETTE, NULL);
  g_assert_nonnull (palette);
  gtk_editable_set_text (GTK_EDITABLE (window_fixture_find (palette, GTK_TYPE_SEARCH_ENTRY, NULL)),
                         "come-later");
  window_fixture_wait_for_text (fixture, "Nothing Found");

  g_ptr_array_add (vms, inn_vm_new (&info));
  inn_host_add_vms (host, vms);
  window_fixture_wait_for_text (fixture, "come-later");
  adw_dialog_force_close (ADW_DIALOG (palette));
}

/* There are more matches than are shown; the one that is called so is the first of them. */
static void
test_palette_best (WindowFixture *fixture, gconstpointer data)
{
  GListModel *hosts = inn_inventory_get_hosts (fixture->inventory);
  g_autoptr (InnHost) last = g_list_model_get_item (hosts, g_list_model_get_n_items (hosts) - 1);
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (InnPaletteItem) first = NULL;
  InnVmInfo info = { .uuid = (char *) "99999999-0000-4000-8000-000000000000",
                     .name = (char *) "vm",
                     .domain_id = -1,
                     .state = INN_VM_SHUTOFF };
  GtkWidget *palette;
  GtkWidget *list;
  GListModel *found;

  g_ptr_array_add (vms, inn_vm_new (&info));
  inn_host_add_vms (last, vms);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.palette", NULL);
  palette = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_PALETTE, NULL);
  gtk_editable_set_text (GTK_EDITABLE (window_fixture_find (palette, GTK_TYPE_SEARCH_ENTRY, NULL)),
                         "VM");
  window_fixture_wait_for_text (fixture, "vm0-10");

  list = window_fixture_find (palette, GTK_TYPE_LIST_VIEW, NULL);
  found = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
  first = g_list_model_get_item (found, 0);
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, 50);
  g_assert_cmpstr (inn_palette_item_get_title (first), ==, "vm");
  adw_dialog_force_close (ADW_DIALOG (palette));
}

static gboolean
shows_production (gpointer window)
{
  GtkWidget *page = window_fixture_find (window, INN_TYPE_GROUP_PAGE, NULL);

  return page != NULL &&
         g_strcmp0 (adw_navigation_page_get_title (ADW_NAVIGATION_PAGE (page)), "Production") == 0;
}

/* Clusters and data centers are objects, too. */
static void
test_palette_group (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *palette;
  GtkWidget *entry;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.palette", NULL);
  palette = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_PALETTE, NULL);
  entry = window_fixture_find (palette, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "production");
  g_signal_emit_by_name (entry, "activate");
  inn_test_spin (shows_production, fixture->window);
}

static gboolean
is_in_page (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *page = focus != NULL ? gtk_widget_get_ancestor (focus, INN_TYPE_PAGE) : NULL;

  return page != NULL && INN_IS_VM (inn_page_get_object (INN_PAGE (page)));
}

/* The keyboard goes where the palette goes, also from the sidebar. */
static void
test_palette_focus (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *sidebar = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_SIDEBAR, NULL);
  GtkWidget *palette;
  GtkWidget *entry;

  g_assert_true (gtk_widget_grab_focus (window_fixture_find (sidebar, GTK_TYPE_LIST_VIEW, NULL)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.palette", NULL);
  palette = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_PALETTE, NULL);
  entry = window_fixture_find (palette, GTK_TYPE_SEARCH_ENTRY, NULL);
  inn_test_spin (window_fixture_is_mapped, entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "vm0-7");
  g_signal_emit_by_name (entry, "activate");
  inn_test_spin (is_in_page, fixture->window);
  window_fixture_wait_for_frames (fixture);
  g_assert_true (is_in_page (fixture->window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = window_fixture_init (&argc, &argv);

  WINDOW_TEST ("/offers/lacking", test_lacking);
  WINDOW_TEST ("/offers/read-only", test_read_only);
  WINDOW_TEST ("/offers/palette", test_palette);
  WINDOW_TEST ("/offers/palette-best", test_palette_best);
  WINDOW_TEST ("/offers/palette-group", test_palette_group);
  WINDOW_TEST ("/offers/palette-focus", test_palette_focus);

  return g_test_run ();
}
