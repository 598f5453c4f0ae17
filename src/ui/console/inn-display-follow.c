/* inn-display-follow.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

#include <math.h>

/* A guest takes a while for a new size, and a window that is dragged has a hundred. */
#define SETTLE_MSEC 300

static gboolean
follow_cb (gpointer user_data)
{
  InnDisplay *self = user_data;
  double scale = inn_display_get_surface_scale (self);
  int width = (int) floor (gtk_widget_get_width (GTK_WIDGET (self)) * scale);
  int height = (int) floor (gtk_widget_get_height (GTK_WIDGET (self)) * scale);

  self->follow_id = 0;
  if (self->source == NULL || inn_display_source_get_state (self->source) != INN_DISPLAY_READY ||
      (width == self->asked_width && height == self->asked_height))
    return G_SOURCE_REMOVE;

  self->asked_width = width;
  self->asked_height = height;
  if (!inn_display_source_resize (self->source, width, height))
    {
      inn_display_set_scaling (self, INN_DISPLAY_SCALING_FIT);
      g_signal_emit_by_name (self, "size-refused");
    }
  return G_SOURCE_REMOVE;
}

/* Asks the guest for the widget's size as soon as that stays the same; once for each size, whatever
 * the guest makes of it. */
void
inn_display_follow (InnDisplay *self)
{
  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->scaling == INN_DISPLAY_SCALING_FOLLOW && gtk_widget_get_width (GTK_WIDGET (self)) > 0)
    self->follow_id = g_timeout_add (SETTLE_MSEC, follow_cb, self);
}

void
inn_display_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  inn_display_follow (INN_DISPLAY (widget));
}
