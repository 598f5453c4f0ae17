/* inn-first-screen.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-first-screen.h"

/* A list makes up to 200 rows whatever its height. So many fit on the first screen of a monitor,
 * and the first frame need not wait for the rest; so many more a frame can take besides its work;
 * and of what is beyond these a list makes no widgets. */
#define FIRST_ROWS 24
#define MORE_ROWS 4
#define ALL_ROWS 260

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  GtkSliceListModel *slice = data;
  guint size = gtk_slice_list_model_get_size (slice);

  /* The first frame is for the first rows: of it the rest only knows that it was. */
  if (g_object_get_data (G_OBJECT (slice), "inn-seen") == NULL)
    {
      g_object_set_data (G_OBJECT (slice), "inn-seen", slice);
      return G_SOURCE_CONTINUE;
    }

  size += MORE_ROWS;
  if (size < ALL_ROWS && size < g_list_model_get_n_items (gtk_slice_list_model_get_model (slice)))
    {
      gtk_slice_list_model_set_size (slice, size);
      return G_SOURCE_CONTINUE;
    }

  gtk_slice_list_model_set_size (slice, G_MAXUINT);
  return G_SOURCE_REMOVE;
}

/**
 * inn_first_screen_new:
 * @model: (transfer full): what a list shows
 * @widget: the list
 *
 * Returns: (transfer full): as many rows of @model as a first screen has, and more with each frame
 *   of @widget until they are all
 */
GListModel *
inn_first_screen_new (GListModel *model, GtkWidget *widget)
{
  GtkSliceListModel *slice = gtk_slice_list_model_new (model, 0, FIRST_ROWS);

  gtk_widget_add_tick_callback (widget, on_frame, g_object_ref (slice), g_object_unref);

  return G_LIST_MODEL (slice);
}
