/* test-console-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "../core/vnc-fixture.h"

#include "fake-view.h"
#include "ui/viewer/inn-console-tab.h"
#include "ui/viewer/inn-console-window.h"
#include "ui/viewer/inn-viewer.h"

/* Windows of consoles: a tab each, tabs that become windows, and what closing one ends. */

typedef struct
{
  GtkApplication *application;
  InnTestDir *store;
  InnAppContext *context;
  InnSettings *settings;
  InnInventory *inventory;
  InnConsoleWindow *window;
  guint opened;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->application = GTK_APPLICATION ((gpointer) data);
  fixture->store = inn_test_dir_new ();
  fixture->context = inn_app_context_new (fixture->store, NULL);
  fixture->settings = inn_settings_new ();
  fixture->inventory = inn_app_context_get_inventory (fixture->context);
  fake_view_fill (fixture->inventory, 2, 4);
}

static gboolean
is_null (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer settings = fixture->settings;
  GList *windows;

  while ((windows = gtk_application_get_windows (fixture->application)) != NULL)
    gtk_window_destroy (windows->data);
  g_object_add_weak_pointer (settings, &settings);
  g_object_unref (fixture->settings);
  /* Nothing of a window stays. */
  inn_test_spin (is_null, &settings);
  /* It was never opened: whether that is an error is not this test's question. */
  inn_test_settle (inn_app_context_close (fixture->context), NULL);
  g_clear_object (&fixture->context);
  g_clear_pointer (&fixture->store, inn_test_dir_free);
}

static DexFuture *
open_cb (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  Fixture *fixture = data;
  GByteArray *script = vnc_script_new (64, 64);

  fixture->opened++;
  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 64, 0x336699);
  return dex_future_new_for_fd (vnc_serve (script, VNC_THEN_STAY));
}

static DexFuture *
find_cb (InnVm *vm, GCancellable *cancellable, gpointer data)
{
  return dex_future_new_take_object (inn_screen_new (INN_SCREEN_VNC, FALSE, open_cb, data, NULL));
}

static InnVm *
get_vm (Fixture *fixture, guint n)
{
  g_autoptr (InnHost) host =
      g_list_model_get_item (inn_inventory_get_hosts (fixture->inventory), n / 4);
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (host), n % 4);

  /* The inventory keeps it. */
  inn_vm_apply_state (vm, INN_VM_RUNNING, 0, 1);
  return vm;
}

static InnConsolePage *
add (Fixture *fixture, guint n)
{
  InnConsolePage *page = INN_CONSOLE_PAGE (inn_console_page_new ());

  inn_console_page_set_finder (page, find_cb, fixture, NULL);
  inn_console_page_set_vm (page, get_vm (fixture, n));
  inn_console_window_add (fixture->window, page);
  return page;
}

static gboolean
is_ready (gpointer page)
{
  return inn_console_page_get_state (page) == INN_LINK_READY;
}

static AdwTabView *
get_tabs (gpointer window)
{
  GtkWidget *widget = window;

  /* The view is somewhere in the template. */
  while (widget != NULL && !ADW_IS_TAB_VIEW (widget))
    {
      GtkWidget *next = gtk_widget_get_first_child (widget);

      while (next == NULL && widget != NULL && widget != window)
        {
          next = gtk_widget_get_next_sibling (widget);
          if (next == NULL)
            widget = gtk_widget_get_parent (widget);
        }
      widget = next;
    }

  return ADW_TAB_VIEW (widget);
}

static guint
count_windows (Fixture *fixture)
{
  return g_list_length (gtk_application_get_windows (fixture->application));
}

static void
open_two (Fixture *fixture, InnConsolePage **first, InnConsolePage **second)
{
  fixture->window =
      inn_console_window_new (fixture->application, fixture->context, fixture->settings);
  *first = add (fixture, 0);
  gtk_window_present (GTK_WINDOW (fixture->window));
  inn_test_spin (is_ready, *first);
  *second = add (fixture, 1);
  inn_test_spin (is_ready, *second);
}

static void
test_tabs (Fixture *fixture, gconstpointer data)
{
  InnConsolePage *first;
  InnConsolePage *second;
  InnVm *vm = get_vm (fixture, 0);
  g_autofree char *title =
      g_strdup_printf ("%s on %s", inn_vm_get_name (vm), inn_host_get_name (inn_vm_get_host (vm)));
  AdwTabPage *tab;

  open_two (fixture, &first, &second);
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (fixture->window)), ==, 2);
  g_assert_true (inn_console_window_show_vm (fixture->window, vm));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, title);

  tab = adw_tab_view_get_selected_page (get_tabs (fixture->window));
  g_assert_true (inn_console_tab_get_vm (tab) == vm);
  g_assert_cmpstr (adw_tab_page_get_title (tab), ==, inn_vm_get_name (vm));
  g_assert_nonnull (strstr (adw_tab_page_get_tooltip (tab), "Running"));
  g_assert_false (adw_tab_page_get_loading (tab));

  /* The tab says how the guest is, and what the person may do follows. */
  inn_vm_apply_state (vm, INN_VM_SHUTOFF, 0, -1);
  g_assert_nonnull (strstr (adw_tab_page_get_tooltip (tab), "Shut off"));

  /* Names are data. */
  inn_vm_set_name (vm, "a <b> & c");
  g_assert_cmpstr (adw_tab_page_get_title (tab), ==, "a <b> & c");
  g_assert_true (g_str_has_prefix (adw_tab_page_get_tooltip (tab), "a &lt;b&gt; &amp; c"));
}

static void
test_detach (Fixture *fixture, gconstpointer data)
{
  InnConsolePage *first;
  InnConsolePage *second;
  AdwTabView *tabs;

  open_two (fixture, &first, &second);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "tab.detach", NULL);
  g_assert_cmpuint (count_windows (fixture), ==, 2);
  tabs = get_tabs (fixture->window);
  g_assert_cmpint (adw_tab_view_get_n_pages (tabs), ==, 1);
  g_assert_true (gtk_widget_get_root (GTK_WIDGET (second)) != GTK_ROOT (fixture->window));

  while (g_main_context_iteration (NULL, FALSE))
    continue;
  /* It is the same connection. */
  g_assert_true (is_ready (second));
  g_assert_cmpuint (fixture->opened, ==, 2);

  /* One alone is a window already. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "tab.detach", NULL);
  g_assert_cmpuint (count_windows (fixture), ==, 2);
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  InnConsolePage *first;
  InnConsolePage *second;
  gpointer gone;
  gpointer window;

  open_two (fixture, &first, &second);
  gone = second;
  g_object_add_weak_pointer (gone, &gone);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "tab.close", NULL);
  inn_test_spin (is_null, &gone);
  g_assert_true (is_ready (first));
  g_assert_true (inn_vm_is_active (get_vm (fixture, 1)));

  window = fixture->window;
  g_object_add_weak_pointer (window, &window);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "tab.close", NULL);
  inn_test_spin (is_null, &window);
  g_assert_cmpuint (count_windows (fixture), ==, 0);
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  InnConsoleWindow *window;

  for (guint i = 0; i < 3; i++)
    for (guint n = 0; n < 2; n++)
      {
        window = inn_console_window_open (fixture->application, fixture->context, fixture->settings,
                                          get_vm (fixture, n));
        g_assert_cmpuint (count_windows (fixture), ==, 1);
      }
  g_assert_cmpint (adw_tab_view_get_n_pages (get_tabs (window)), ==, 2);

  /* Where it is, also when another window was used last. */
  gtk_widget_activate_action (GTK_WIDGET (window), "tab.detach", NULL);
  for (guint n = 0; n < 2; n++)
    inn_console_window_open (fixture->application, fixture->context, fixture->settings,
                             get_vm (fixture, n));
  g_assert_cmpuint (count_windows (fixture), ==, 2);
}

static gboolean
shows_failure (gpointer window)
{
  GtkWidget *stack = gtk_widget_get_ancestor (GTK_WIDGET (get_tabs (window)), GTK_TYPE_STACK);

  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), "failed") == 0;
}

/* A console of what is not there says so, and can be closed. */
static void
test_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnViewer) viewer =
      inn_viewer_new (fixture->application, fixture->context, fixture->settings);
  GtkWindow *window;

  g_assert_true (g_action_map_lookup_action (G_ACTION_MAP (fixture->application), "open-console") !=
                 NULL);
  inn_viewer_open_named (viewer, "nowhere", "nobody");
  window = gtk_application_get_windows (fixture->application)->data;
  inn_test_spin (shows_failure, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "viewer.retry", NULL);
  g_assert_false (shows_failure (window));
  inn_test_spin (shows_failure, window);
  gtk_window_destroy (window);

  g_clear_object (&viewer);
  g_assert_null (g_action_map_lookup_action (G_ACTION_MAP (fixture->application), "open-console"));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  /* Without folders of its own: icons are found by the desktop's data. */
  g_test_init (&argc, &argv, NULL);
  inn_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);

#define ADD(path, func) g_test_add (path, Fixture, application, set_up, func, tear_down)
  ADD ("/console-window/tabs", test_tabs);
  ADD ("/console-window/detach", test_detach);
  ADD ("/console-window/close", test_close);
  ADD ("/console-window/open", test_open);
  ADD ("/console-window/named", test_named);

  return g_test_run ();
}
