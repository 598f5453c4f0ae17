/* bench-meter.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a window costs, measured from outside the code that is measured: thread CPU time of each
 * turn of the main loop and of each frame up to the end of its layout. CPU time, since wall time
 * says more about the machine's neighbours than about us. All numbers are microseconds. */

typedef struct
{
  GArray *turns;  /* gint64: thread CPU time of a turn of the main loop, without its poll */
  GArray *frames; /* gint64: thread CPU time from before-paint to the end of layout */
  GtkWidget *window;
} BenchMeter;

BenchMeter *bench_meter_get (void);
void bench_meter_install (void);
void bench_meter_watch_window (GtkWidget *window, GFunc on_after_paint, gpointer data);
void bench_meter_reset (void);
void bench_meter_reset_frames (void);

gint64 bench_thread_cpu (void);
gint64 bench_process_cpu (void);
gint64 bench_since_start (void);
gint64 bench_rss_kib (void);
gint64 bench_max (GArray *samples);
gint64 bench_percentile (GArray *samples, double share);

G_END_DECLS
