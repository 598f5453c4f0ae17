/* inn-display-geometry.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gsk/gsk.h>

G_BEGIN_DECLS

/**
 * InnDisplayGeometry:
 * @surface_scale: device pixels a unit of the widget
 * @x: device pixels from the widget's origin to the frame's, so that the frame begins on a whole
 *   device pixel of the surface
 * @y: the same, down
 * @width: device pixels of the drawn frame, a whole number
 * @height: device pixels of the drawn frame, a whole number
 * @scale_x: device pixels a frame pixel
 * @scale_y: device pixels a frame pixel
 * @filter: the filter that suits
 * @apron: pixels of its neighbours that a tile needs for @filter
 *
 * Where the frame lies in the widget.
 */
typedef struct
{
  double surface_scale;
  double x;
  double y;
  int width;
  int height;
  double scale_x;
  double scale_y;
  GskScalingFilter filter;
  int apron;
  int frame_width;
  int frame_height;
} InnDisplayGeometry;

gboolean inn_display_geometry_compute (InnDisplayGeometry *self,
                                       const graphene_rect_t *area,
                                       double surface_scale,
                                       int frame_width,
                                       int frame_height,
                                       gboolean fit);
gboolean inn_display_geometry_to_frame (
    const InnDisplayGeometry *self, double x, double y, int *frame_x, int *frame_y);

G_END_DECLS
