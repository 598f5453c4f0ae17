/* inn-progress-ring.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-progress-ring.h"

#include <math.h>

/**
 * InnProgressRing:
 *
 * A small ring that fills clockwise. Stands still while nobody knows how far things are; says
 * nothing to assistive technologies, since the button around it does.
 */
struct _InnProgressRing
{
  GtkWidget parent_instance;

  double fraction; /* negative for unknown */
};

G_DEFINE_FINAL_TYPE (InnProgressRing, inn_progress_ring, GTK_TYPE_WIDGET)

#define SIZE 16
#define STROKE 2.5f

static void
inn_progress_ring_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
append_arc (GtkSnapshot *snapshot, float cx, float cy, float radius, double part, GdkRGBA *color)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  g_autoptr (GskStroke) stroke = gsk_stroke_new (STROKE);
  g_autoptr (GskPath) path = NULL;

  gsk_stroke_set_line_cap (stroke, GSK_LINE_CAP_ROUND);
  if (part >= 1)
    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (cx, cy), radius);
  else
    {
      double angle = part * 2 * G_PI;

      gsk_path_builder_move_to (builder, cx, cy - radius);
      gsk_path_builder_svg_arc_to (builder, radius, radius, 0, part > 0.5, TRUE,
                                   cx + radius * (float) sin (angle),
                                   cy - radius * (float) cos (angle));
    }
  path = gsk_path_builder_to_path (builder);
  gtk_snapshot_append_stroke (snapshot, path, stroke, color);
}

static void
inn_progress_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnProgressRing *self = INN_PROGRESS_RING (widget);
  float cx = gtk_widget_get_width (widget) / 2.0f;
  float cy = gtk_widget_get_height (widget) / 2.0f;
  float radius = (SIZE - STROKE) / 2;
  GdkRGBA color;
  GdkRGBA trough;

  gtk_widget_get_color (widget, &color);
  trough = color;
  trough.alpha *= 0.25f;
  append_arc (snapshot, cx, cy, radius, 1, &trough);
  if (self->fraction != 0)
    append_arc (snapshot, cx, cy, radius, self->fraction < 0 ? 0.25 : self->fraction, &color);
}

static void
inn_progress_ring_class_init (InnProgressRingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = inn_progress_ring_measure;
  widget_class->snapshot = inn_progress_ring_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
inn_progress_ring_init (InnProgressRing *self)
{
}

/**
 * inn_progress_ring_set_fraction:
 * @self: a ring
 * @fraction: 0 to 1; negative for unknown
 */
void
inn_progress_ring_set_fraction (InnProgressRing *self, double fraction)
{
  g_return_if_fail (INN_IS_PROGRESS_RING (self));

  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
