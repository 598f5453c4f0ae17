/* inn-display-lock.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

#include <math.h>

/* The pointer of a guest that takes movements only. */

/* Whole steps are sent, and what is left of them goes with the next. */
void
inn_display_move (InnDisplay *self, double dx, double dy)
{
  int x;
  int y;

  self->move_x += dx;
  self->move_y += dy;
  x = (int) trunc (self->move_x);
  y = (int) trunc (self->move_y);
  self->move_x -= x;
  self->move_y -= y;
  if (x != 0 || y != 0)
    inn_display_source_relative_motion (self->source, x, y);
}

static void
moved_cb (double dx, double dy, gpointer data)
{
  InnDisplay *self = data;

  if (self->grabbed && self->source != NULL && !inn_display_source_get_absolute (self->source))
    inn_display_move (self, dx, dy);
}

static gboolean
wants_lock (InnDisplay *self)
{
  return self->grabbed && self->source != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
         !inn_display_source_get_absolute (self->source);
}

static InnPointerLock *
make_lock (InnDisplay *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkNative *native = gtk_widget_get_native (widget);
  graphene_point_t middle = GRAPHENE_POINT_INIT (gtk_widget_get_width (widget) / 2.0f,
                                                 gtk_widget_get_height (widget) / 2.0f);
  double dx;
  double dy;

  if (native == NULL || !gtk_widget_compute_point (widget, GTK_WIDGET (native), &middle, &middle))
    return NULL;

  gtk_native_get_surface_transform (native, &dx, &dy);
  return inn_pointer_lock_new (gtk_native_get_surface (native),
                               &GRAPHENE_POINT_INIT (middle.x + (float) dx, middle.y + (float) dy),
                               moved_cb, self);
}

/* In place while the guest has the keyboard and takes movements only. */
void
inn_display_update_lock (InnDisplay *self)
{
  gboolean wanted = wants_lock (self);

  if (!wanted)
    g_clear_pointer (&self->lock, inn_pointer_lock_free);
  else if (self->lock == NULL)
    self->lock = make_lock (self);
}

/* Whether movements come from the lock, so that what the pointer does in the window is no news. */
gboolean
inn_display_is_locked (InnDisplay *self)
{
  return self->lock != NULL && inn_pointer_lock_is_held (self->lock);
}

/* Another shape, or at another place. */
void
inn_display_update_shape (InnDisplay *self)
{
  g_clear_object (&self->shape);
  if (self->source != NULL && !inn_display_source_get_absolute (self->source))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The guest's pointer where the guest says it is: ours is held elsewhere. */
void
inn_display_draw_shape (InnDisplay *self, GtkSnapshot *snapshot)
{
  const InnCursor *cursor;
  int x;
  int y;

  if (self->source == NULL || inn_display_source_get_absolute (self->source) ||
      !inn_display_source_get_cursor_position (self->source, &x, &y))
    return;

  cursor = inn_display_source_get_cursor (self->source);
  if (cursor == NULL || cursor->width < 1 || cursor->height < 1 || cursor->pixels == NULL)
    return;

  if (self->shape == NULL)
    self->shape = gdk_memory_texture_new (cursor->width, cursor->height, GDK_MEMORY_R8G8B8A8,
                                          cursor->pixels, (gsize) cursor->width * 4);
  gtk_snapshot_append_scaled_texture (
      snapshot, self->shape, self->geometry.filter,
      &GRAPHENE_RECT_INIT ((float) ((x - cursor->hot_x) * self->geometry.scale_x),
                           (float) ((y - cursor->hot_y) * self->geometry.scale_y),
                           (float) (cursor->width * self->geometry.scale_x),
                           (float) (cursor->height * self->geometry.scale_y)));
}
