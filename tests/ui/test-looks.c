/* test-looks.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-uri.h"
#include "ui/inventory/inn-sidebar-row.h"
#include "ui/inventory/inn-sidebar.h"
#include "ui/shell/inn-page.h"
#include "ui/vm/inn-vm-cell.h"
#include "window-fixture.h"

/* What changes under the eyes of those who look at it, and what has little room. */

static InnHost *
dup_host (WindowFixture *fixture, guint number)
{
  return g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), number);
}

static GtkWidget *
get_page (WindowFixture *fixture)
{
  GtkWidget *navigation =
      window_fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_NAVIGATION_VIEW, NULL);

  return GTK_WIDGET (adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (navigation)));
}

static gpointer
get_shown (WindowFixture *fixture)
{
  return inn_page_get_object (INN_PAGE (get_page (fixture)));
}

/* All hosts but one; those of the second cluster in the first, and without the second if so. */
static void
apply (WindowFixture *fixture, const char *without_host, gboolean with_second)
{
  InnViewConfig *config = inn_view_config_new ();
  guint n = g_list_model_get_n_items (inn_inventory_get_hosts (fixture->inventory));

  inn_view_config_add_data_center (config, "dc1", "Vienna", FALSE);
  inn_view_config_add_data_center (config, "dc2", "Demo", TRUE);
  inn_view_config_add_cluster (config, "c1", "dc1", "Production");
  if (with_second)
    inn_view_config_add_cluster (config, "c2", "dc1", "Test");
  inn_view_config_add_cluster (config, "c3", "dc2", "Demo cluster");
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = dup_host (fixture, i);
      gboolean third = g_strcmp0 (inn_host_get_cluster_id (host), "c3") == 0;
      InnHostConfig line = { .id = (char *) inn_host_get_id (host),
                             .name = (char *) inn_host_get_name (host),
                             .uri = (char *) inn_host_get_uri (host),
                             .cluster_id = (char *) (third ? "c3" : "c1") };

      if (g_strcmp0 (line.id, without_host) != 0)
        inn_view_config_add_host (config, &line);
    }

  inn_inventory_apply_config (fixture->inventory, config);
  inn_view_config_unref (config);
}

/* One host of several, and one cluster of several: the page about it goes, and no other does. */
static void
test_removed (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host = dup_host (fixture, 1);
  InnCluster *first = inn_inventory_find_cluster (fixture->inventory, "c1");

  inn_window_show_object (fixture->window, first);
  apply (fixture, NULL, TRUE);
  g_assert_true (get_shown (fixture) == first);

  inn_window_show_object (fixture->window, host);
  g_assert_true (get_shown (fixture) == host);
  apply (fixture, inn_host_get_id (host), TRUE);
  g_assert_null (get_shown (fixture));

  inn_window_show_object (fixture->window, inn_inventory_find_cluster (fixture->inventory, "c2"));
  g_assert_nonnull (get_shown (fixture));
  apply (fixture, NULL, FALSE);
  g_assert_null (get_shown (fixture));
}

static void
collect_cells (GtkWidget *widget, GPtrArray *cells)
{
  if (INN_IS_VM_CELL (widget) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (cells, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_cells (child, cells);
}

/* The cell that a screen reader reads like that. */
static GtkWidget *
find_cell (WindowFixture *fixture, const char *text)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();

  collect_cells (GTK_WIDGET (fixture->window), cells);
  for (guint i = 0; i < cells->len; i++)
    {
      g_autofree char *other = gtk_test_accessible_check_property (
          GTK_ACCESSIBLE (g_ptr_array_index (cells, i)), GTK_ACCESSIBLE_PROPERTY_LABEL, text);

      if (other == NULL)
        return g_ptr_array_index (cells, i);
    }

  g_error ("No cell says “%s”", text);
}

static gboolean
has_tooltip (GtkWidget *cell)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  g_signal_emit_by_name (cell, "query-tooltip", 1, 1, FALSE, tooltip, &shown);
  return shown;
}

/* One of a cell says what the cell has no room for, and nothing twice. */
static void
test_tooltips (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host = dup_host (fixture, 0);
  g_autoptr (InnVm) first = g_list_model_get_item (inn_host_get_vms (host), 5);

  window_fixture_wait_for_text (fixture, "240 on all hosts");
  inn_vm_set_name (first, "a name that is much longer than the column of names is wide");
  window_fixture_wait_for_frames (fixture);
  g_assert_true (has_tooltip (find_cell (fixture, inn_vm_get_name (first))));
  g_assert_false (has_tooltip (find_cell (fixture, "vm0-4")));
}

/* In whatever state a guest is, its column has room for the word. */
static void
test_states (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) words = inn_vm_list_state_words ();
  g_autoptr (InnHost) host = dup_host (fixture, 0);
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (host), 4);
  GtkWidget *cell;

  window_fixture_wait_for_text (fixture, "240 on all hosts");
  window_fixture_wait_for_frames (fixture);
  /* VIR_DOMAIN_PAUSED_IOERROR */
  inn_vm_apply_state (vm, INN_VM_PAUSED, 5, 1);
  cell = find_cell (fixture, "Paused (I/O error)");
  g_assert_true (has_tooltip (cell));
  for (guint i = 0; i < words->len; i++)
    {
      g_autoptr (PangoLayout) layout =
          gtk_widget_create_pango_layout (cell, g_ptr_array_index (words, i));
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      g_assert_cmpint (width, <=, gtk_widget_get_width (cell));
    }
}

/* Nothing is known of it: there is nothing to draw. */
static void
test_never_connected (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host = dup_host (fixture, 1);
  GtkWidget *title;

  inn_host_set_state (host, INN_HOST_OFFLINE, NULL);
  inn_host_set_last_seen (host, 0);
  inn_window_show_object (fixture->window, host);
  window_fixture_wait_for_text (fixture, "host1 was never connected");
  title = window_fixture_find (get_page (fixture), GTK_TYPE_LABEL, "Guests Running");
  g_assert_nonnull (title);
  g_assert_false (gtk_widget_get_mapped (title));

  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  inn_test_spin (window_fixture_is_mapped, title);
}

static gboolean
is_hidden (gpointer widget)
{
  return !gtk_widget_get_visible (widget);
}

static guint
count_items (GMenuModel *menu)
{
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      n += section != NULL ? count_items (section) : 1;
    }
  return n;
}

/* Reconnect Now, Disconnect, Edit…, Move To, Remove… */
static gboolean
offers_five (gpointer button)
{
  return count_items (gtk_menu_button_get_menu_model (button)) == 5;
}

static GtkMenuButton *
find_actions (GtkWidget *widget)
{
  GtkMenuButton *found = NULL;

  if (GTK_IS_MENU_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_widget_get_tooltip_text (widget), "Actions") == 0)
    return GTK_MENU_BUTTON (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_actions (child);

  return found;
}

/* A menu stays open as it is while its host comes and goes, and is another one the next time. */
static void
test_menu_stays (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host = dup_host (fixture, 1);
  GtkMenuButton *button;
  GtkPopover *popover;

  inn_window_show_object (fixture->window, host);
  window_fixture_wait_for_text (fixture, "EPYC-Milan");
  button = find_actions (get_page (fixture));
  g_assert_nonnull (button);
  g_assert_false (offers_five (button));
  gtk_menu_button_popup (button);
  popover = gtk_menu_button_get_popover (button);
  inn_test_spin (window_fixture_is_mapped, popover);

  inn_host_set_state (host, INN_HOST_LOST, NULL);
  window_fixture_wait_for_frames (fixture);
  g_assert_true (gtk_menu_button_get_popover (button) == popover);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (popover)));
  g_assert_false (offers_five (button));

  gtk_popover_popdown (popover);
  inn_test_spin (offers_five, button);
}

static InnSidebarRow *
find_row (GtkWidget *widget, gpointer item)
{
  InnSidebarRow *found = NULL;

  if (INN_IS_SIDEBAR_ROW (widget) && inn_sidebar_row_get_item (INN_SIDEBAR_ROW (widget)) == item)
    return INN_SIDEBAR_ROW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, item);

  return found;
}

static void
right_click (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_SECONDARY)
        g_signal_emit_by_name (controller, "released", 1, 4.0, 4.0);
    }
}

static void
test_sidebar_menu_stays (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (InnHost) host = dup_host (fixture, 1);
  GtkWidget *sidebar = window_fixture_find (GTK_WIDGET (fixture->window), INN_TYPE_SIDEBAR, NULL);
  GtkWidget *menu;

  inn_window_show_object (fixture->window, host);
  window_fixture_wait_for_text (fixture, "EPYC-Milan");
  right_click (GTK_WIDGET (find_row (sidebar, host)));
  menu = window_fixture_find (sidebar, GTK_TYPE_POPOVER_MENU, NULL);
  inn_test_spin (window_fixture_is_mapped, menu);

  inn_host_set_state (host, INN_HOST_LOST, NULL);
  window_fixture_wait_for_frames (fixture);
  inn_host_set_state (host, INN_HOST_CONNECTING, NULL);
  window_fixture_wait_for_frames (fixture);
  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  window_fixture_wait_for_frames (fixture);
  g_assert_true (gtk_widget_get_mapped (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  inn_test_spin (is_hidden, menu);
}

static void
test_suggested_names (void)
{
  static const struct
  {
    const char *uri;
    const char *name;
  } cases[] = {
    { "qemu+libssh2://root@node.example.org:2222/system?known_hosts=/x", "node.example.org" },
    { "qemu+unix:///system?socket=/run/rack-7.sock", "rack-7" },
    { "qemu+unix:///session?mode=direct&socket=%2frun%2frack%208.sock", "rack 8" },
    { "qemu+unix:///system", "" },
    { "qemu+ext:///system", "" },
    { "qemu:///system", "This Computer" },
    { "test:///srv/demo/alder.xml", "alder" },
    { "qemu+unix", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      InnHostUri parts = { .kind = INN_HOST_URI_OTHER, .other = (char *) cases[i].uri };
      g_autofree char *name = inn_host_uri_suggest_name (&parts);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = window_fixture_init (&argc, &argv);

  WINDOW_TEST ("/looks/removed", test_removed);
  WINDOW_TEST ("/looks/tooltips", test_tooltips);
  WINDOW_TEST ("/looks/states", test_states);
  WINDOW_TEST ("/looks/never-connected", test_never_connected);
  WINDOW_TEST ("/looks/menu-stays", test_menu_stays);
  WINDOW_TEST ("/looks/sidebar-menu-stays", test_sidebar_menu_stays);
  g_test_add_func ("/looks/suggested-names", test_suggested_names);

  return g_test_run ();
}
