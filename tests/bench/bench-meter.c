/* bench-meter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench-meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* GLib's poll function gets no user data, so a benchmark program has this one global. */
static BenchMeter meter;
static gint64 turn_began;
static gint64 frame_began;
static GFunc after_paint_func;
static gpointer after_paint_data;

static gint64
read_clock (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

gint64
bench_thread_cpu (void)
{
  return read_clock (CLOCK_THREAD_CPUTIME_ID);
}

gint64
bench_process_cpu (void)
{
  return read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

/* Wall time since the runner started us; it passes its monotonic clock in the environment. */
gint64
bench_since_start (void)
{
  const char *began = g_getenv ("INNKEEPER_BENCH_T0");

  return began != NULL ? g_get_monotonic_time () - g_ascii_strtoll (began, NULL, 10) : -1;
}

gint64
bench_rss_kib (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      sscanf (text, "%*d %ld", &pages) != 1)
    return -1;

  return (gint64) pages * sysconf (_SC_PAGESIZE) / 1024;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

gint64
bench_percentile (GArray *samples, double share)
{
  g_autoptr (GArray) sorted = NULL;

  if (samples->len == 0)
    return -1;

  sorted = g_array_copy (samples);
  g_array_sort (sorted, compare);
  return g_array_index (sorted, gint64, MIN ((guint) (sorted->len * share), sorted->len - 1));
}

gint64
bench_max (GArray *samples)
{
  return bench_percentile (samples, 1);
}

static int
metered_poll (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 now = bench_thread_cpu ();
  gint64 used = now - turn_began;
  int n;

  if (turn_began > 0)
    g_array_append_val (meter.turns, used);
  n = g_poll (fds, n_fds, timeout);
  turn_began = bench_thread_cpu ();

  return n;
}

BenchMeter *
bench_meter_get (void)
{
  return &meter;
}

void
bench_meter_install (void)
{
  meter.turns = g_array_new (FALSE, FALSE, sizeof (gint64));
  meter.frames = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_main_context_set_poll_func (NULL, metered_poll);
}

void
bench_meter_reset (void)
{
  /* The turn that resets is not over: what it did before does not count. */
  turn_began = bench_thread_cpu ();
  g_array_set_size (meter.turns, 0);
  g_array_set_size (meter.frames, 0);
}

void
bench_meter_reset_frames (void)
{
  g_array_set_size (meter.frames, 0);
}

static void
on_before_paint (void)
{
  frame_began = bench_thread_cpu ();
}

static void
on_layout_end (void)
{
  gint64 used = bench_thread_cpu () - frame_began;

  g_array_append_val (meter.frames, used);
}

static void
on_after_paint (void)
{
  if (after_paint_func != NULL)
    after_paint_func (meter.window, after_paint_data);
}

void
bench_meter_watch_window (GtkWidget *window, GFunc func, gpointer data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  meter.window = window;
  after_paint_func = func;
  after_paint_data = data;
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect_after (clock, "layout", G_CALLBACK (on_layout_end), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
}
