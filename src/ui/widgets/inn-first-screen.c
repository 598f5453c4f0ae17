/* inn-first-screen.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-first-screen.h"

/* A list makes up to 200 rows whatever its height; so many fit on the first screen of a
 * monitor, and the first frame need not wait for the rest. */
#define FIRST_ROWS 40

static void
on_after_paint (GdkFrameClock *clock, GtkSliceListModel *slice)
{
  g_signal_handlers_disconnect_by_func (clock, on_after_paint, slice);
  gtk_slice_list_model_set_size (slice, G_MAXUINT);
}

static void
on_map (GtkWidget *widget, GtkSliceListModel *slice)
{
  g_signal_handlers_disconnect_by_func (widget, on_map, slice);
  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                           G_CALLBACK (on_after_paint), slice, G_CONNECT_DEFAULT);
}

/**
 * inn_first_screen_new:
 * @model: (transfer full): what a list shows
 * @widget: the list
 *
 * Returns: (transfer full): as many rows of @model as a first screen has; all of them from the
 *   first frame of @widget on
 */
GListModel *
inn_first_screen_new (GListModel *model, GtkWidget *widget)
{
  GtkSliceListModel *slice = gtk_slice_list_model_new (model, 0, FIRST_ROWS);

  if (gtk_widget_get_mapped (widget))
    gtk_slice_list_model_set_size (slice, G_MAXUINT);
  else
    g_signal_connect_object (widget, "map", G_CALLBACK (on_map), slice, G_CONNECT_DEFAULT);

  return G_LIST_MODEL (slice);
}
