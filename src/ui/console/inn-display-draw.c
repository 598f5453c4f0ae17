/* inn-display-draw.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

#define MIN_SIDE 64
#define STALE_OPACITY 0.4

double
inn_display_get_surface_scale (InnDisplay *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return surface != NULL ? gdk_surface_get_scale (surface)
                         : gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

/* The widget in its surface, which is what lies on the grid of device pixels. */
static graphene_rect_t
area_in_surface (InnDisplay *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkNative *native = gtk_widget_get_native (widget);
  graphene_point_t origin = GRAPHENE_POINT_INIT (0, 0);
  double dx = 0;
  double dy = 0;

  if (native != NULL)
    {
      gtk_native_get_surface_transform (native, &dx, &dy);
      if (!gtk_widget_compute_point (widget, GTK_WIDGET (native), &origin, &origin))
        graphene_point_init (&origin, 0, 0);
    }

  return GRAPHENE_RECT_INIT (origin.x + dx, origin.y + dy, gtk_widget_get_width (widget),
                             gtk_widget_get_height (widget));
}

static gboolean
is_software (InnDisplay *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;

  return renderer != NULL && g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer");
}

/* Draws the frame for a widget that covers @area of its surface; apart from the widget, so that
 * scales can be tested that the windowing system at hand does not have. */
void
inn_display_draw (InnDisplay *self,
                  GtkSnapshot *snapshot,
                  const graphene_rect_t *area,
                  double scale)
{
  InnDisplayGeometry *geometry = &self->geometry;
  InnFrame frame;

  self->has_geometry = inn_display_geometry_compute (
      geometry, area, scale, inn_tile_store_get_width (self->tiles),
      inn_tile_store_get_height (self->tiles), self->scaling != INN_DISPLAY_SCALING_EXACT);
  if (!self->has_geometry)
    return;

  inn_tile_store_set_apron (self->tiles, geometry->apron);
  if (self->source != NULL)
    {
      inn_display_source_get_frame (self->source, &frame);
      inn_tile_store_update (self->tiles, &frame);
    }

  gtk_snapshot_save (snapshot);
  if (self->stale)
    gtk_snapshot_push_opacity (snapshot, STALE_OPACITY);
  gtk_snapshot_scale (snapshot, 1 / scale, 1 / scale);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (geometry->x, geometry->y));
  inn_tile_store_snapshot (self->tiles, snapshot,
                           &(InnTileLayout) { geometry->scale_x, geometry->scale_y,
                                              geometry->filter, is_software (self) });
  inn_display_draw_shape (self, snapshot);
  if (self->stale)
    gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

void
inn_display_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnDisplay *self = INN_DISPLAY (widget);
  graphene_rect_t area = area_in_surface (self);

  inn_display_draw (self, snapshot, &area, inn_display_get_surface_scale (self));
}

void
inn_display_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  InnDisplay *self = INN_DISPLAY (widget);
  int pixels = orientation == GTK_ORIENTATION_HORIZONTAL ? inn_tile_store_get_width (self->tiles)
                                                         : inn_tile_store_get_height (self->tiles);
  int wanted = (int) ((pixels + inn_display_get_surface_scale (self) - 1) /
                      inn_display_get_surface_scale (self));

  *minimum = self->scaling == INN_DISPLAY_SCALING_EXACT ? MAX (wanted, MIN_SIDE) : MIN_SIDE;
  *natural = MAX (wanted, MIN_SIDE);
}
