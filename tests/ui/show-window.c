/* show-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "fake-view.h"
#include "ui/shell/inn-window.h"

/* The window over a made-up view, to be looked at: show-window [HOSTS [GUESTS [PAGE]]]. PAGE is
 * overview, vms, events, host, cluster or vm. */

typedef struct
{
  guint n_hosts;
  guint n_vms;
  const char *page;
} Options;

static void
show_page (InnWindow *window, InnInventory *inventory, const char *page)
{
  g_autoptr (GObject) host = g_list_model_get_item (inn_inventory_get_hosts (inventory),
                                                    g_str_equal (page, "failed") ? 4 : 3);
  g_autoptr (GObject) vm = g_list_model_get_item (inn_inventory_get_vms (inventory), 0);

  if (g_str_equal (page, "overview"))
    inn_window_show_kind (window, INN_NAV_OVERVIEW);
  else if (g_str_equal (page, "events"))
    inn_window_show_kind (window, INN_NAV_EVENTS);
  else if (g_str_equal (page, "host") || g_str_equal (page, "failed"))
    inn_window_show_object (window, host);
  else if (g_str_equal (page, "cluster"))
    inn_window_show_object (window, inn_inventory_find_cluster (inventory, "c1"));
  else if (g_str_equal (page, "vm"))
    inn_window_show_object (window, vm);
}

static gboolean
on_tick (gpointer inventory)
{
  fake_view_sample (inventory);
  return G_SOURCE_CONTINUE;
}

static void
on_activate (GtkApplication *application, Options *options)
{
  g_autofree char *store = g_dir_make_tmp ("innkeeper-show-XXXXXX", NULL);
  g_autoptr (InnAppContext) context = inn_app_context_new (store, NULL);
  g_autoptr (InnSettings) settings = inn_settings_new ();
  InnInventory *inventory = inn_app_context_get_inventory (context);
  InnWindow *window;
  const char *width = g_getenv ("SHOW_WIDTH");

  fake_view_fill (inventory, options->n_hosts, options->n_vms);
  window = inn_window_new (application, context, settings);
  if (width != NULL)
    gtk_window_set_default_size (GTK_WINDOW (window), atoi (width), 640);
  show_page (window, inventory, options->page);
  if (g_getenv ("SHOW_TICK") != NULL)
    g_timeout_add_seconds (3, on_tick, inventory);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  Options options = { argc > 1 ? atoi (argv[1]) : 6, argc > 2 ? atoi (argv[2]) : 12,
                      argc > 3 ? argv[3] : "vms" };
  g_autoptr (AdwApplication) application = NULL;

  inn_init ();
  application = adw_application_new (APP_ID, G_APPLICATION_NON_UNIQUE);
  g_application_set_resource_base_path (G_APPLICATION (application),
                                        "/io/github/innkeeper/Innkeeper");
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &options);

  return g_application_run (G_APPLICATION (application), 1, argv);
}
