/* test-pages.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "fake-view.h"
#include "ui/cluster/inn-group-page.h"
#include "ui/inventory/inn-inventory-menu.h"
#include "ui/shell/inn-name-dialog.h"
#include "ui/shell/inn-page.h"
#include "ui/shell/inn-window.h"
#include "ui/vm/inn-vm-view.h"
#include "window-fixture.h"

#include <gtksourceview/gtksource.h>
#include <string.h>

/* Each page of the window over a made-up view: it can be shown, has names for those who do not see
 * it, and nothing of it is left when the window is gone. A warning of GTK fails the test. */

static void
test_kinds (WindowFixture *fixture, gconstpointer data)
{
  inn_window_show_kind (fixture->window, INN_NAV_OVERVIEW);
  window_fixture_wait_for_text (fixture, "Needs Attention");
  inn_window_show_kind (fixture->window, INN_NAV_EVENTS);
  window_fixture_wait_for_text (fixture, "Something about host5");
  inn_window_show_kind (fixture->window, INN_NAV_VMS);
  window_fixture_wait_for_text (fixture, "240 on all hosts");
}

static void
test_objects (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) lost =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 3);
  g_autoptr (InnHost) failed =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 4);
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (failed), 0);

  inn_window_show_object (fixture->window, lost);
  window_fixture_wait_for_text (fixture, "host3 is lost");
  inn_window_show_object (fixture->window, failed);
  window_fixture_wait_for_text (fixture, "ssh-keygen -R host4");
  inn_window_show_object (fixture->window, inn_inventory_find_cluster (fixture->inventory, "c1"));
  window_fixture_wait_for_text (fixture, "Production");
  inn_window_show_object (fixture->window,
                          inn_inventory_find_data_center (fixture->inventory, "dc1"));
  window_fixture_wait_for_text (fixture, "4 hosts");
  inn_window_show_object (fixture->window, vm);
  window_fixture_wait_for_text (fixture, inn_vm_get_name (vm));
}

static GtkWidget *
get_row (GtkWidget *list, int index)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), index));
}

/* As in the sidebar: by name, also after one was renamed. */
static void
test_hosts_by_name (WindowFixture *fixture, gconstpointer data)
{
  InnCluster *cluster = inn_inventory_find_cluster (fixture->inventory, "c1");
  g_autoptr (InnHost) first = g_list_model_get_item (inn_cluster_get_hosts (cluster), 0);
  InnHostConfig config = { .id = (char *) inn_host_get_id (first),
                           .uri = (char *) inn_host_get_uri (first),
                           .name = (char *) "zebra",
                           .cluster_id = (char *) "c1" };
  guint n = g_list_model_get_n_items (inn_cluster_get_hosts (cluster));
  GtkWidget *page;
  GtkWidget *list;

  g_assert_cmpuint (n, >, 1);
  inn_window_show_object (fixture->window, cluster);
  window_fixture_wait_for_text (fixture, inn_host_get_name (first));
  inn_host_apply_config (first, &config);
  window_fixture_wait_for_text (fixture, "zebra");
  page = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_GROUP_PAGE, NULL);
  list = window_fixture_find (page, GTK_TYPE_LIST_BOX, NULL);
  g_assert_cmpstr (
      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (get_row (list, (int) n - 1))), ==,
      "zebra");
}

/* What a page is about goes while somebody looks at it. */
static void
test_gone (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 1);
  g_autoptr (InnViewConfig) empty = inn_view_config_new ();

  inn_window_show_object (fixture->window, host);
  inn_inventory_apply_config (fixture->inventory, empty);
  window_fixture_wait_for_text (fixture, "No Virtual Machines");
}

static gboolean
offers (WindowFixture *fixture, const char *view)
{
  GtkWidget *stack = window_fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_VIEW_STACK, NULL);
  GtkWidget *page = gtk_widget_get_ancestor (stack, INN_TYPE_PAGE);
  GtkWidget *switcher = window_fixture_find (page, ADW_TYPE_TOGGLE_GROUP, NULL);

  return adw_toggle_group_get_toggle_by_name (ADW_TOGGLE_GROUP (switcher), view) != NULL;
}

/* A host that is not reached over SSH has no shell to show, also when that changes. */
static void
test_views_offered (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 1);
  InnHostConfig config = { .id = (char *) inn_host_get_id (host),
                           .name = (char *) "host1",
                           .uri = (char *) "test:///default" };

  inn_host_apply_config (host, &config);
  inn_window_show_object (fixture->window, host);
  g_assert_true (offers (fixture, "events"));
  g_assert_false (offers (fixture, "terminal"));

  config.uri = (char *) "qemu+ssh://root@node.example.org/system";
  inn_host_apply_config (host, &config);
  g_assert_true (offers (fixture, "terminal"));

  config.uri = (char *) "test:///default";
  inn_host_apply_config (host, &config);
  g_assert_false (offers (fixture, "terminal"));
  g_assert_true (offers (fixture, "events"));
}

static gboolean
has_few (gpointer model)
{
  return g_list_model_get_n_items (model) == 1;
}

static void
test_filter (WindowFixture *fixture, gconstpointer data)
{
  InnVmView *view =
      INN_VM_VIEW (window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_VM_VIEW, NULL));

  inn_vm_view_set_query_text (view, "vm2-39");
  inn_test_spin (has_few, inn_vm_view_get_shown (view));
  window_fixture_wait_for_text (fixture, "1 of 240");

  /* What cannot be understood is said beside the entry, and the list stays as it is. */
  inn_vm_view_set_query_text (view, "colour:red");
  window_fixture_wait_for_text (fixture, "There is no field “colour”; there are: name");
  g_assert_cmpuint (g_list_model_get_n_items (inn_vm_view_get_shown (view)), ==, 1);
}

static GtkWidget *
find_icon_button (GtkWidget *widget, const char *icon)
{
  if (GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), icon) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_icon_button (child, icon);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The button in the header, its key and the filter itself say the same. */
static void
test_search_button (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkToggleButton *button;
  GtkSearchBar *bar;
  GtkDropDown *severity;

  inn_window_show_kind (fixture->window, INN_NAV_EVENTS);
  window_fixture_wait_for_text (fixture, "Something about host5");
  button = GTK_TOGGLE_BUTTON (find_icon_button (window, "system-search-symbolic"));
  bar = GTK_SEARCH_BAR (window_fixture_find (window, GTK_TYPE_SEARCH_BAR, NULL));
  severity = GTK_DROP_DOWN (window_fixture_find (GTK_WIDGET (bar), GTK_TYPE_DROP_DOWN, NULL));
  g_assert_false (gtk_toggle_button_get_active (button));
  gtk_widget_activate_action (window, "win.search", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (bar));
  g_assert_true (gtk_toggle_button_get_active (button));

  /* As Escape does; what was filtered comes back. */
  gtk_drop_down_set_selected (severity, 2);
  gtk_search_bar_set_search_mode (bar, FALSE);
  g_assert_false (gtk_toggle_button_get_active (button));
  g_assert_cmpuint (gtk_drop_down_get_selected (severity), ==, 0);
  gtk_widget_activate_action (window, "win.search", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (bar));
  gtk_toggle_button_set_active (button, FALSE);
  g_assert_false (gtk_search_bar_get_search_mode (bar));
}

/* A page with several views has the button for those that can be filtered. */
static void
test_search_views (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 1);
  GtkWidget *window = GTK_WIDGET (fixture->window);
  AdwViewStack *stack;
  InnVmView *view;

  inn_window_show_object (fixture->window, host);
  window_fixture_wait_for_text (fixture, "EPYC-Milan");
  stack = ADW_VIEW_STACK (window_fixture_find (window, ADW_TYPE_VIEW_STACK, NULL));
  g_assert_null (find_icon_button (window, "system-search-symbolic"));
  adw_view_stack_set_visible_child_name (stack, "vms");
  view = INN_VM_VIEW (window_fixture_find (GTK_WIDGET (stack), INN_TYPE_VM_VIEW, NULL));
  gtk_widget_activate_action (window, "win.search", NULL);
  g_assert_true (inn_vm_view_get_search (view));
  adw_view_stack_set_visible_child_name (stack, "events");
  g_assert_false (inn_vm_view_get_search (view));
  g_assert_nonnull (find_icon_button (window, "system-search-symbolic"));
  gtk_widget_activate_action (window, "win.search", NULL);
  g_assert_false (inn_vm_view_get_search (view));
  adw_view_stack_set_visible_child_name (stack, "summary");
  g_assert_null (find_icon_button (window, "system-search-symbolic"));
}

/* A button without a text has a name. */
static void
check_names (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL &&
      gtk_widget_get_tooltip_text (widget) == NULL &&
      GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)) == FALSE &&
      strstr (G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), "WindowControls") == NULL &&
      !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL) &&
      gtk_widget_get_mapped (widget))
    g_error ("A button with the icon %s has no name",
             gtk_button_get_icon_name (GTK_BUTTON (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_names (child);
}

static void
test_names (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 1);

  check_names (GTK_WIDGET (fixture->window));
  inn_window_show_object (fixture->window, host);
  window_fixture_wait_for_text (fixture, "EPYC-Milan");
  check_names (GTK_WIDGET (fixture->window));
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static void
answer (WindowFixture *fixture, const char *response)
{
  AdwApplicationWindow *window = ADW_APPLICATION_WINDOW (fixture->window);
  AdwDialog *dialog = adw_application_window_get_visible_dialog (window);

  g_autofree char *signal = g_strconcat ("response::", response, NULL);

  g_assert_true (ADW_IS_ALERT_DIALOG (dialog));
  g_signal_emit_by_name (dialog, signal, response);
  adw_dialog_force_close (dialog);
}

/* A window that was sent away and called back stays when the last operation ends. */
static void
test_background (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("test", "1", "Host", "Testing");
  GtkWindow *window = GTK_WINDOW (fixture->window);

  inn_operation_manager_add (inn_app_context_get_operations (fixture->context), operation);
  gtk_window_close (window);
  inn_test_spin (has_dialog, window);
  answer (fixture, "background");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window)));
  gtk_window_present (window);
  inn_test_spin (window_fixture_is_mapped, window);
  inn_operation_succeed (operation);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_nonnull (gtk_window_get_application (window));
}

/* Depth first, through sections and submenus. */
static gboolean
has_label (GMenuModel *menu, const char *label)
{
  static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *text = NULL;

      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &text);
      if (g_strcmp0 (text, label) == 0)
        return TRUE;
      for (guint l = 0; l < G_N_ELEMENTS (links); l++)
        {
          g_autoptr (GMenuModel) link = g_menu_model_get_item_link (menu, i, links[l]);

          if (link != NULL && has_label (link, label))
            return TRUE;
        }
    }

  return FALSE;
}

/* An underscore in a name is part of it, and no mnemonic. The title of a section has none. */
static void
test_menu_names (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();
  InnHostConfig host = { .id = (char *) "h",
                         .name = (char *) "h",
                         .uri = (char *) "test:///default",
                         .cluster_id = (char *) "k1" };
  g_autoptr (GMenuModel) menu = NULL;

  inn_view_config_add_data_center (config, "dc", "left_side", FALSE);
  inn_view_config_add_cluster (config, "k1", "dc", "rack_1");
  inn_view_config_add_cluster (config, "k2", "dc", "rack_2");
  inn_view_config_add_host (config, &host);
  inn_inventory_apply_config (fixture->inventory, config);

  menu = inn_inventory_menu_new (fixture->inventory,
                                 inn_inventory_find_host (fixture->inventory, "h"));
  g_assert_true (has_label (menu, "left_side"));
  g_assert_true (has_label (menu, "rack__2"));
  g_assert_false (has_label (menu, "rack__1"));
}

/* The same for filters that were saved. */
static void
test_filter_names (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *view = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_VM_VIEW, NULL);
  InnNameDialog *dialog;

  inn_vm_view_set_query_text (INN_VM_VIEW (view), "web");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.search", NULL);
  g_assert_true (gtk_widget_activate_action (window_fixture_find (view, GTK_TYPE_COLUMN_VIEW, NULL),
                                             "filter.save", NULL));
  inn_test_spin (has_dialog, fixture->window);
  dialog = INN_NAME_DIALOG (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window)));
  g_signal_emit_by_name (dialog, "named", "web_front");
  adw_dialog_force_close (ADW_DIALOG (dialog));
  g_assert_nonnull (window_fixture_find (view, GTK_TYPE_LABEL, "web_front"));
}

static void
test_about (WindowFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;
  const char *info;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.about", NULL));
  inn_test_spin (has_dialog, fixture->window);
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window));
  info = adw_about_dialog_get_debug_info (ADW_ABOUT_DIALOG (dialog));
  g_assert_nonnull (strstr (info, "6 hosts, 240 guests"));
  g_assert_null (strstr (info, "node.example.org"));
}

/* The window is closed while the report for the dialog is made: nothing is left of either. */
static void
test_about_gone (WindowFixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.about", NULL));
  g_main_context_iteration (NULL, FALSE);
}

static void
on_gone (gpointer data, GObject *where_the_object_was)
{
  (*(guint *) data)--;
}

/* Counts WIDGET and all that is in it, until it is freed. */
static void
watch (GtkWidget *widget, guint *n_left)
{
  (*n_left)++;
  g_object_weak_ref (G_OBJECT (widget), on_gone, n_left);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    watch (child, n_left);
}

static gboolean
is_zero (gpointer n)
{
  return *(guint *) n == 0;
}

/* Whoever looks at many pages in a day does not carry them all along. */
static void
test_nothing_stays (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), 0);
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (host), 0);
  gpointer objects[] = { host, inn_inventory_find_cluster (fixture->inventory, "c1"), vm };
  guint n_left = 0;

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      GtkWidget *page;
      GtkWidget *text;

      inn_window_show_object (fixture->window, objects[i]);
      page = window_fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_VIEW_STACK, NULL);
      g_assert_nonnull (page);
      text = window_fixture_find (page, GTK_SOURCE_TYPE_VIEW, NULL);
      if (text != NULL)
        {
          /* Nobody sends a definition here: as if it had come. */
          adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (page), "xml");
          gtk_stack_set_visible_child (GTK_STACK (gtk_widget_get_ancestor (text, GTK_TYPE_STACK)),
                                       gtk_widget_get_parent (text));
          gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "<a/>", -1);
          inn_test_spin (window_fixture_is_mapped, text);
        }
      window_fixture_wait_for_frames (fixture);
      watch (gtk_widget_get_ancestor (page, INN_TYPE_PAGE), &n_left);
      inn_window_show_kind (fixture->window, INN_NAV_EVENTS);
      inn_test_spin (is_zero, &n_left);
    }
}

static gboolean
has_focus (gpointer dialog)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (dialog));

  return focus != NULL && gtk_widget_is_ancestor (focus, dialog);
}

/* Where nothing had the keyboard, a dialog that closes gives it away as well, and is gone. */
static void
test_dialog_goes (WindowFixture *fixture, gconstpointer data)
{
  AdwApplicationWindow *window = ADW_APPLICATION_WINDOW (fixture->window);
  AdwDialog *dialog;
  guint n_left = 0;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL));
  dialog = adw_application_window_get_visible_dialog (window);
  inn_test_spin (has_focus, dialog);
  window_fixture_wait_for_frames (fixture);

  watch (GTK_WIDGET (dialog), &n_left);
  adw_dialog_force_close (dialog);
  g_assert_false (has_focus (dialog));
  inn_test_spin (is_zero, &n_left);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = window_fixture_init (&argc, &argv);

  WINDOW_TEST ("/pages/kinds", test_kinds);
  WINDOW_TEST ("/pages/objects", test_objects);
  WINDOW_TEST ("/pages/hosts-by-name", test_hosts_by_name);
  WINDOW_TEST ("/pages/gone", test_gone);
  WINDOW_TEST ("/pages/filter", test_filter);
  WINDOW_TEST ("/pages/search-button", test_search_button);
  WINDOW_TEST ("/pages/search-views", test_search_views);
  WINDOW_TEST ("/pages/names", test_names);
  WINDOW_TEST ("/pages/background", test_background);
  WINDOW_TEST ("/pages/menu-names", test_menu_names);
  WINDOW_TEST ("/pages/filter-names", test_filter_names);
  WINDOW_TEST ("/pages/about", test_about);
  WINDOW_TEST ("/pages/about-gone", test_about_gone);
  WINDOW_TEST ("/pages/views-offered", test_views_offered);
  WINDOW_TEST ("/pages/nothing-stays", test_nothing_stays);
  WINDOW_TEST ("/pages/dialog-goes", test_dialog_goes);

  return g_test_run ();
}
