/* inn-display-geometry.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-geometry.h"

#include <math.h>

static void
choose_filter (InnDisplayGeometry *self)
{
  double smaller = MIN (self->scale_x, self->scale_y);
  gboolean whole = self->scale_x == self->scale_y && self->scale_x == floor (self->scale_x);

  self->filter = GSK_SCALING_FILTER_LINEAR;
  self->apron = 1;
  if (whole)
    {
      /* At 1 both filters give the pixels as they are, and linear is the cheaper node. */
      self->filter = self->scale_x == 1 ? GSK_SCALING_FILTER_LINEAR : GSK_SCALING_FILTER_NEAREST;
      self->apron = 0;
    }
  else if (smaller < 0.5)
    {
      /* Linear looks at four pixels; at less than half the size it would leave out others. */
      self->filter = GSK_SCALING_FILTER_TRILINEAR;
    }
  /* Smaller pictures are averages, and the software renderer averages wider than it must. */
  if (smaller < 1)
    self->apron = (int) ceil (1 / smaller) + 1;
}

/* Puts something of @size into @room so that it begins on a whole device pixel of the surface. */
static double
place (double origin, double room, int size)
{
  double start = ceil (origin) - origin;

  return start + MAX (floor ((room - start - size) / 2), 0);
}

/**
 * inn_display_geometry_compute:
 * @self: (out): where the frame lies
 * @area: the widget in its surface, in widget units
 * @surface_scale: device pixels a unit, may be fractional
 * @frame_width: pixels
 * @frame_height: pixels
 * @fit: as large as the widget allows, with its proportions; else a frame pixel is a device pixel
 *
 * Returns: whether there is anything to draw
 */
gboolean
inn_display_geometry_compute (InnDisplayGeometry *self,
                              const graphene_rect_t *area,
                              double surface_scale,
                              int frame_width,
                              int frame_height,
                              gboolean fit)
{
  double room_x = area->size.width * surface_scale;
  double room_y = area->size.height * surface_scale;

  *self = (InnDisplayGeometry) { .surface_scale = surface_scale };
  if (frame_width < 1 || frame_height < 1 || room_x < 1 || room_y < 1)
    return FALSE;

  self->frame_width = frame_width;
  self->frame_height = frame_height;
  self->width = frame_width;
  self->height = frame_height;
  if (fit)
    {
      double scale = MIN (room_x / frame_width, room_y / frame_height);

      /* A rounding away from the pixels as they are is not worth blurring them. */
      if (floor (room_x) == frame_width || floor (room_y) == frame_height)
        scale = MIN (scale, 1) > 0.999 ? 1 : scale;
      self->width = MAX ((int) round (frame_width * scale), 1);
      self->height = MAX ((int) round (frame_height * scale), 1);
    }
  self->scale_x = (double) self->width / frame_width;
  self->scale_y = (double) self->height / frame_height;
  self->x = place (area->origin.x * surface_scale, room_x, self->width);
  self->y = place (area->origin.y * surface_scale, room_y, self->height);
  choose_filter (self);

  return TRUE;
}

/**
 * inn_display_geometry_to_frame:
 * @self: where the frame lies
 * @x: of the widget
 * @y: of the widget
 * @frame_x: (out): the frame pixel there, or the nearest one
 * @frame_y: (out): the frame pixel there, or the nearest one
 *
 * Returns: whether the point is on the frame and not beside it
 */
gboolean
inn_display_geometry_to_frame (
    const InnDisplayGeometry *self, double x, double y, int *frame_x, int *frame_y)
{
  double fx = floor ((x * self->surface_scale - self->x) / self->scale_x);
  double fy = floor ((y * self->surface_scale - self->y) / self->scale_y);

  *frame_x = (int) CLAMP (fx, 0, self->frame_width - 1);
  *frame_y = (int) CLAMP (fy, 0, self->frame_height - 1);
  return fx == *frame_x && fy == *frame_y;
}
