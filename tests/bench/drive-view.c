/* drive-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The real application, driven and measured from inside its process: the halves of the benchmark
 * "view" that need to see the frame clock.
 *
 *   drive-view prepare --store DIR URI…         records the hosts, connects to none
 *   drive-view load --store DIR --expect N --steady S    connects, scrolls, filters
 *   drive-view start --store DIR --expect N     first frame with what the store has seen
 *
 * Prints one line of JSON; all times are microseconds. */

#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-thread.h"
#include "bench-meter.h"
#include "ui/shell/inn-application.h"
#include "ui/vm/inn-vm-view.h"
#include "virt/inn-virt-error.h"

#include <stdio.h>

typedef struct
{
  GApplication *app;
  const char *mode;
  guint expect;
  guint steady;
  GtkWidget *window;
  GtkWidget *list;
  GtkWidget *view;
  GtkAdjustment *adjustment;
  gint64 first_wall;
  gint64 first_cpu;
  guint first_rows;
  gint64 listed_wall;
  gint64 listed_cpu;
  gint64 load_max_turn;
  gint64 steady_cpu;
  gint64 steady_max_turn;
  gint64 scroll_p99;
  gint64 filter_p99;
  gint64 work_max_turn;
  gint64 rss;
  guint step;
} Drive;

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
find_list (Drive *drive)
{
  drive->view = find_widget (drive->window, INN_TYPE_VM_VIEW);
  drive->list = drive->view != NULL ? find_widget (drive->view, GTK_TYPE_COLUMN_VIEW) : NULL;
  if (drive->list != NULL)
    drive->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (drive->list));
}

static guint
count_rows (Drive *drive)
{
  if (drive->list == NULL)
    find_list (drive);

  return drive->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (
                                   gtk_column_view_get_model (GTK_COLUMN_VIEW (drive->list))))
                             : 0;
}

static void
report (Drive *drive)
{
  const struct
  {
    const char *name;
    gint64 value;
  } rows[] = {
    { "first_wall", drive->first_wall },       { "first_cpu", drive->first_cpu },
    { "first_rows", drive->first_rows },       { "listed_wall", drive->listed_wall },
    { "listed_cpu", drive->listed_cpu },       { "load_max_turn", drive->load_max_turn },
    { "steady_cpu", drive->steady_cpu },       { "steady_max_turn", drive->steady_max_turn },
    { "scroll_p99", drive->scroll_p99 },       { "filter_p99", drive->filter_p99 },
    { "work_max_turn", drive->work_max_turn }, { "rss_kib", drive->rss },
  };

  printf ("{");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    printf ("%s\"%s\": %" G_GINT64_FORMAT, i > 0 ? ", " : "", rows[i].name, rows[i].value);
  printf ("}\n");
  fflush (stdout);
}

static void
finish (gpointer data)
{
  Drive *drive = data;

  drive->work_max_turn = bench_max (bench_meter_get ()->turns);
  report (drive);
  gtk_window_close (GTK_WINDOW (drive->window));
}

/* Ten letters typed and deleted again, one every few frames; each changes what the list shows. */
static gboolean
on_filter_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  static const char *const queries[] = { "1", "12", "12 state:running", "", "9", "99", "" };
  Drive *drive = data;
  guint turn = drive->step / 12;

  if (turn >= G_N_ELEMENTS (queries) * 4)
    {
      drive->filter_p99 = bench_percentile (bench_meter_get ()->frames, 0.99);
      g_idle_add_once (finish, drive);
      return G_SOURCE_REMOVE;
    }
  if (drive->step++ % 12 == 0)
    inn_vm_view_set_query_text (INN_VM_VIEW (drive->view), queries[turn % G_N_ELEMENTS (queries)]);
  gtk_widget_queue_draw (drive->list);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_scroll_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Drive *drive = data;
  double top = gtk_adjustment_get_upper (drive->adjustment) -
               gtk_adjustment_get_page_size (drive->adjustment);
  double step =
      drive->step % 20 == 19 ? top / 7 : gtk_adjustment_get_page_size (drive->adjustment) / 3;
  double value = gtk_adjustment_get_value (drive->adjustment) + step;

  if (drive->step++ >= 400)
    {
      drive->scroll_p99 = bench_percentile (bench_meter_get ()->frames, 0.99);
      drive->step = 0;
      bench_meter_reset_frames ();
      gtk_widget_add_tick_callback (drive->list, on_filter_tick, drive, NULL);
      return G_SOURCE_REMOVE;
    }
  gtk_adjustment_set_value (drive->adjustment, value > top ? 0 : value);

  return G_SOURCE_CONTINUE;
}

static void
on_steady_end (gpointer data)
{
  Drive *drive = data;

  drive->steady_cpu = bench_process_cpu () - drive->steady_cpu;
  drive->steady_max_turn = bench_max (bench_meter_get ()->turns);
  drive->rss = bench_rss_kib ();
  bench_meter_reset ();
  gtk_widget_add_tick_callback (drive->list, on_scroll_tick, drive, NULL);
}

static void
on_settled (gpointer data)
{
  Drive *drive = data;

  drive->load_max_turn = bench_max (bench_meter_get ()->turns);
  drive->rss = bench_rss_kib ();
  bench_meter_reset ();
  if (drive->steady == 0)
    {
      finish (drive);
      return;
    }
  drive->steady_cpu = bench_process_cpu ();
  g_timeout_add_seconds_once (drive->steady, on_steady_end, drive);
}

static void
on_frame (gpointer window, gpointer data)
{
  Drive *drive = data;
  guint rows = count_rows (drive);

  if (drive->first_wall == 0)
    {
      drive->first_wall = bench_since_start ();
      drive->first_cpu = bench_process_cpu ();
      drive->first_rows = rows;
      /* Making the window is start-up, measured apart; loading begins with a window that is there.
       */
      bench_meter_reset ();
    }
  if (drive->listed_wall != 0 || rows < drive->expect)
    return;

  drive->listed_wall = bench_since_start ();
  drive->listed_cpu = bench_process_cpu ();
  if (g_str_equal (drive->mode, "start"))
    {
      drive->rss = bench_rss_kib ();
      g_idle_add_once (finish, drive);
    }
  else
    g_timeout_add_seconds_once (6, on_settled, drive);
}

static void
on_window_added (GtkApplication *app, GtkWindow *window, gpointer data)
{
  Drive *drive = data;

  if (drive->window != NULL)
    return;

  drive->window = GTK_WIDGET (window);
  gtk_widget_realize (drive->window);
  bench_meter_watch_window (drive->window, on_frame, drive);
}

static DexFuture *
prepare_fiber (gpointer data)
{
  char **arguments = data;
  g_autoptr (InnAppContext) context = inn_app_context_new (arguments[0], NULL);

  if (!dex_await (inn_app_context_open (context), NULL))
    return dex_future_new_for_boolean (FALSE);
  for (char **uri = arguments + 1; *uri != NULL; uri++)
    {
      g_autofree char *name = g_path_get_basename (*uri);
      const InnHostConfig config = { .name = name, .uri = *uri, .autoconnect = TRUE };

      g_free (dex_await_string (inn_store_add_host (inn_app_context_get_store (context), &config),
                                NULL));
    }
  dex_await (inn_app_context_close (context), NULL);

  return dex_future_new_for_boolean (TRUE);
}

static DexFuture *
quit_cb (DexFuture *completed, gpointer loop)
{
  g_main_loop_quit (loop);
  return NULL;
}

static int
prepare (char **arguments)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  dex_future_disown (dex_future_finally (
      inn_spawn ("prepare_fiber", prepare_fiber, arguments, NULL), quit_cb, loop, NULL));
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  Drive drive = { 0 };
  g_autoptr (InnApplication) app = NULL;
  int exit_code;
  g_autofree char *store = NULL;
  g_autoptr (GOptionContext) options = g_option_context_new ("prepare|load|start [URI…]");
  const GOptionEntry entries[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &store, "Folder of the view", "DIR" },
    { "expect", 0, 0, G_OPTION_ARG_INT, &drive.expect, "How many guests there are", "N" },
    { "steady", 0, 0, G_OPTION_ARG_INT, &drive.steady, "How long to watch", "SECONDS" },
    { NULL },
  };

  bench_meter_install ();
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, NULL) || argc < 2 || store == NULL)
    return 2;

  inn_init ();
  inn_virt_init ();
  if (g_str_equal (argv[1], "prepare"))
    {
      argv[1] = store;
      return prepare (argv + 1);
    }

  drive.mode = argv[1];
  app = inn_application_new ();
  drive.app = G_APPLICATION (app);
  g_signal_connect (app, "window-added", G_CALLBACK (on_window_added), &drive);

  exit_code = g_application_run (G_APPLICATION (app), 3,
                                 (char *[]) { argv[0], (char *) "--store", store, NULL });
  g_clear_object (&app);

  return inn_leave (exit_code);
}
