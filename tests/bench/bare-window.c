/* bare-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reference for start-up, memory and an idle main loop: a libadwaita window with one list of
 * 10,000 strings. Prints one line of JSON: first frame, then (with --idle SECONDS) the idle loop.
 */

#include "bench-meter.h"

#include <adwaita.h>
#include <stdio.h>

static int idle_seconds;
static gint64 first_wall;
static gint64 first_cpu;
static gint64 cpu_before_idle;

static void
report_and_quit (gpointer app)
{
  BenchMeter *meter = bench_meter_get ();

  printf ("{\"first_wall\": %" G_GINT64_FORMAT ", \"first_cpu\": %" G_GINT64_FORMAT
          ", \"rss_kib\": %" G_GINT64_FORMAT ", \"max_turn\": %" G_GINT64_FORMAT
          ", \"idle_cpu\": %" G_GINT64_FORMAT "}\n",
          first_wall, first_cpu, bench_rss_kib (), bench_max (meter->turns),
          bench_process_cpu () - cpu_before_idle);
  fflush (stdout);
  g_application_quit (app);
}

static gboolean
begin_idle (gpointer app)
{
  bench_meter_reset ();
  cpu_before_idle = bench_process_cpu ();
  g_timeout_add_seconds_once (MAX (idle_seconds, 1), report_and_quit, app);
  return G_SOURCE_REMOVE;
}

static void
on_first_frame (gpointer window, gpointer app)
{
  if (first_wall != 0)
    return;

  first_wall = bench_since_start ();
  first_cpu = bench_process_cpu ();
  if (idle_seconds > 0)
    g_timeout_add_seconds (1, begin_idle, app);
  else
    report_and_quit (app);
}

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, NULL));
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *string = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (string));
}

static void
on_activate (GApplication *app)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (app));
  GtkWidget *view = adw_toolbar_view_new ();
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  for (int i = 0; i < 10000; i++)
    gtk_string_list_take (strings, g_strdup_printf ("guest-%05d", i));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  gtk_scrolled_window_set_child (
      GTK_SCROLLED_WINDOW (scrolled),
      gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (strings))),
                         factory));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), scrolled);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_widget_realize (window);
  bench_meter_watch_window (window, on_first_frame, app);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = NULL;
  GOptionEntry entries[] = {
    { "idle", 0, 0, G_OPTION_ARG_INT, &idle_seconds, "Seconds to idle", "SECONDS" },
    { NULL },
  };

  bench_meter_install ();
  app = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_add_main_option_entries (G_APPLICATION (app), entries);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate), NULL);

  return g_application_run (G_APPLICATION (app), argc, argv);
}
