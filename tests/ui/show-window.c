/* show-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "fake-view.h"
#include "ui/shell/inn-window.h"
#include "ui/vm/inn-vm-view.h"

#include <time.h>

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

static double
get_cpu_ms (void)
{
  struct timespec cpu;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return cpu.tv_sec * 1e3 + cpu.tv_nsec / 1e6;
}

static double frame_start;

static void
on_before_paint (GdkFrameClock *clock)
{
  frame_start = get_cpu_ms ();
}

static void
on_layout (GdkFrameClock *clock)
{
  double ms = get_cpu_ms () - frame_start;

  if (ms > 5)
    g_printerr ("layout %.1f ms\n", ms);
}

static InnVmView *
find_view (GtkWidget *widget)
{
  if (INN_IS_VM_VIEW (widget))
    return INN_VM_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      InnVmView *found = find_view (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
on_filter (gpointer window)
{
  static const char *const texts[] = { "vm", "vm1", "", "vm55", "state:running" };
  static guint n;
  double start = get_cpu_ms ();

  inn_vm_view_set_query_text (find_view (window), texts[n % 5]);
  g_printerr ("filter “%s” %.1f ms\n", texts[n % 5], get_cpu_ms () - start);
  n++;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  struct timespec cpu;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &cpu);
  g_printerr ("frame %" G_GINT64_FORMAT ": CPU %.3f s\n", gdk_frame_clock_get_frame_counter (clock),
              cpu.tv_sec + cpu.tv_nsec / 1e9);
  return gdk_frame_clock_get_frame_counter (clock) < 6;
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
  if (g_getenv ("SHOW_FILTER") != NULL)
    {
      GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));

      g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
      g_signal_connect_after (clock, "layout", G_CALLBACK (on_layout), NULL);
      g_timeout_add (1500, on_filter, window);
    }
  if (g_getenv ("SHOW_TIME") != NULL)
    gtk_widget_add_tick_callback (GTK_WIDGET (window), on_frame, NULL, NULL);
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
