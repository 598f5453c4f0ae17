/* inn-display-input.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

#include <math.h>

/* Pixels of a touchpad that are one step of a wheel. */
#define PIXELS_A_STEP 20.0

static gboolean
takes_pointer (InnDisplay *self)
{
  return self->source != NULL && self->has_geometry && !self->view_only && !self->stale &&
         inn_display_source_get_state (self->source) == INN_DISPLAY_READY;
}

/* Returns whether the point is on the frame. */
static gboolean
send_position (InnDisplay *self, double x, double y)
{
  int frame_x;
  int frame_y;
  gboolean inside;

  inside = inn_display_geometry_to_frame (&self->geometry, x, y, &frame_x, &frame_y);
  /* While a button is held the guest's drag goes on along the edge. */
  if (inside || self->buttons != 0)
    inn_display_source_motion (self->source, frame_x, frame_y);
  return inside;
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, InnDisplay *self)
{
  double dx = x - self->pointer_x;
  double dy = y - self->pointer_y;

  if (!takes_pointer (self))
    return;

  if (inn_display_source_get_absolute (self->source))
    {
      send_position (self, x, y);
    }
  else if (self->grabbed)
    {
      if (!inn_display_is_locked (self))
        inn_display_move (self, dx * self->geometry.surface_scale,
                          dy * self->geometry.surface_scale);
    }
  self->pointer_x = x;
  self->pointer_y = y;
}

static void
enter_cb (GtkEventControllerMotion *motion, double x, double y, InnDisplay *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
  motion_cb (motion, x, y, self);
}

static gboolean
event_point (InnDisplay *self, GdkEvent *event, graphene_point_t *point)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  double x;
  double y;
  double dx;
  double dy;

  if (native == NULL || !gdk_event_get_position (event, &x, &y))
    return FALSE;

  gtk_native_get_surface_transform (native, &dx, &dy);
  return gtk_widget_compute_point (GTK_WIDGET (native), GTK_WIDGET (self),
                                   &GRAPHENE_POINT_INIT (x - dx, y - dy), point);
}

static gboolean
press (InnDisplay *self, GdkEvent *event, guint button)
{
  graphene_point_t point;
  gboolean absolute = inn_display_source_get_absolute (self->source);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!event_point (self, event, &point))
    return FALSE;

  if (absolute && !send_position (self, point.x, point.y))
    return FALSE;

  inn_display_set_grabbed (self, TRUE, event);
  self->buttons |= 1u << button;
  inn_display_source_button (self->source, button, TRUE);
  return TRUE;
}

/* A gesture would follow one button only, and a guest may want two at once. */
static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, InnDisplay *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  guint button;

  if ((type != GDK_BUTTON_PRESS && type != GDK_BUTTON_RELEASE) || !takes_pointer (self))
    return GDK_EVENT_PROPAGATE;

  button = gdk_button_event_get_button (event);
  if (button < 1 || button > 3)
    return GDK_EVENT_PROPAGATE;

  if (type == GDK_BUTTON_PRESS)
    return press (self, event, button);

  if ((self->buttons & (1u << button)) == 0)
    return GDK_EVENT_PROPAGATE;

  self->buttons &= ~(1u << button);
  inn_display_source_button (self->source, button, FALSE);
  return GDK_EVENT_STOP;
}

static int
take_steps (double *rest, double amount)
{
  double steps;

  *rest += amount;
  steps = trunc (*rest);
  *rest -= steps;
  return (int) CLAMP (steps, -32, 32);
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx, double dy, InnDisplay *self)
{
  double unit =
      gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_WHEEL ? 1 : PIXELS_A_STEP;
  int x;
  int y;

  if (!self->grabbed || !takes_pointer (self))
    return GDK_EVENT_PROPAGATE;

  x = take_steps (&self->scroll_x, dx / unit);
  y = take_steps (&self->scroll_y, dy / unit);
  if (x != 0 || y != 0)
    inn_display_source_scroll (self->source, x, y);
  return GDK_EVENT_STOP;
}

static GdkCursor *
make_cursor (const InnCursor *cursor)
{
  g_autoptr (GdkTexture) texture = NULL;

  if (cursor->width < 1 || cursor->height < 1 || cursor->pixels == NULL)
    return gdk_cursor_new_from_name ("none", NULL);

  texture = gdk_memory_texture_new (cursor->width, cursor->height, GDK_MEMORY_R8G8B8A8,
                                    cursor->pixels, (gsize) cursor->width * 4);
  return gdk_cursor_new_from_texture (texture, CLAMP (cursor->hot_x, 0, cursor->width - 1),
                                      CLAMP (cursor->hot_y, 0, cursor->height - 1), NULL);
}

/* The guest's shape where the guest takes positions. Where it takes movements it draws its own
 * pointer, at a place of its own: ours would only be in the way while it is grabbed. */
void
inn_display_update_cursor (InnDisplay *self)
{
  g_autoptr (GdkCursor) cursor = NULL;
  const InnCursor *shape;

  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    return;

  if (self->source != NULL && !self->view_only &&
      inn_display_source_get_state (self->source) == INN_DISPLAY_READY)
    {
      shape = inn_display_source_get_cursor (self->source);
      if (!inn_display_source_get_absolute (self->source))
        cursor = self->grabbed ? gdk_cursor_new_from_name ("none", NULL) : NULL;
      else if (shape != NULL)
        cursor = make_cursor (shape);
    }
  gtk_widget_set_cursor (GTK_WIDGET (self), cursor);
}

void
inn_display_init_input (InnDisplay *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;

  controller = gtk_event_controller_motion_new ();
  g_signal_connect (controller, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect (controller, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_legacy_new ();
  g_signal_connect (controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (controller, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, controller);
}
