/* inn-sparkline.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-sparkline.h"

#include <string.h>

/**
 * InnSparkline:
 *
 * The last sixty values of one figure, as a small filled line. The newest is at the end; unknown
 * values leave a gap. A screen reader gets the label; the figure itself stands beside it in text.
 */
struct _InnSparkline
{
  GtkWidget parent_instance;

  double maximum; /* 0: as high as the highest value */
  float values[60];
  guint n_values;
};

G_DEFINE_FINAL_TYPE (InnSparkline, inn_sparkline, GTK_TYPE_WIDGET)

static double
get_top (InnSparkline *self)
{
  double top = self->maximum;

  if (top > 0)
    return top;
  for (guint i = 0; i < self->n_values; i++)
    top = MAX (top, self->values[i]);

  return top > 0 ? top : 1;
}

/* Draws one run of known values, as an area and as the line on top of it. */
static void
draw_run (InnSparkline *self, GtkSnapshot *snapshot, guint first, guint last, const GdkRGBA *color)
{
  const float width = gtk_widget_get_width (GTK_WIDGET (self));
  const float height = gtk_widget_get_height (GTK_WIDGET (self)) - 2;
  const float step = width / (G_N_ELEMENTS (self->values) - 1);
  const float begin = width - step * (self->n_values - 1);
  const double top = get_top (self);
  g_autoptr (GskPathBuilder) line = gsk_path_builder_new ();
  g_autoptr (GskPathBuilder) area = gsk_path_builder_new ();
  g_autoptr (GskPath) line_path = NULL;
  g_autoptr (GskPath) area_path = NULL;
  g_autoptr (GskStroke) stroke = gsk_stroke_new (1.5f);
  GdkRGBA fill = *color;

  gsk_path_builder_move_to (area, begin + step * first, height + 2);
  for (guint i = first; i <= last; i++)
    {
      float x = begin + step * i;
      float y = 1 + height * (1 - (float) CLAMP (self->values[i] / top, 0, 1));

      if (i == first)
        gsk_path_builder_move_to (line, x, y);
      else
        gsk_path_builder_line_to (line, x, y);
      gsk_path_builder_line_to (area, x, y);
    }
  gsk_path_builder_line_to (area, begin + step * last, height + 2);
  gsk_path_builder_close (area);

  line_path = gsk_path_builder_to_path (line);
  area_path = gsk_path_builder_to_path (area);
  fill.alpha *= 0.2f;
  gtk_snapshot_append_fill (snapshot, area_path, GSK_FILL_RULE_WINDING, &fill);
  gtk_snapshot_append_stroke (snapshot, line_path, stroke, color);
}

static void
inn_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnSparkline *self = INN_SPARKLINE (widget);
  GdkRGBA color;

  gtk_widget_get_color (widget, &color);
  for (guint i = 0; i < self->n_values; i++)
    {
      guint first = i;

      if (self->values[i] < 0)
        continue;
      while (i + 1 < self->n_values && self->values[i + 1] >= 0)
        i++;
      if (i > first)
        draw_run (self, snapshot, first, i, &color);
    }
}

static void
inn_sparkline_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 48 : 24;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 32;
}

static void
inn_sparkline_class_init (InnSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = inn_sparkline_snapshot;
  widget_class->measure = inn_sparkline_measure;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "sparkline");
}

static void
inn_sparkline_init (InnSparkline *self)
{
}

/**
 * inn_sparkline_set_label:
 * @self: a chart
 * @label: what it shows, for a screen reader
 */
void
inn_sparkline_set_label (InnSparkline *self, const char *label)
{
  g_return_if_fail (INN_IS_SPARKLINE (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * inn_sparkline_set_maximum:
 * @self: a chart
 * @maximum: the value at the top; 0 for the highest one that is shown
 */
void
inn_sparkline_set_maximum (InnSparkline *self, double maximum)
{
  g_return_if_fail (INN_IS_SPARKLINE (self));

  if (self->maximum == maximum)
    return;

  self->maximum = maximum;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * inn_sparkline_push:
 * @self: a chart
 * @value: the newest value; negative for unknown
 */
void
inn_sparkline_push (InnSparkline *self, double value)
{
  gboolean flat;

  g_return_if_fail (INN_IS_SPARKLINE (self));

  /* A flat line that stays flat looks the same and need not be drawn again. */
  flat = self->n_values == G_N_ELEMENTS (self->values);
  for (guint i = 0; i < self->n_values && flat; i++)
    flat = self->values[i] == (float) value;
  if (flat)
    return;

  if (self->n_values == G_N_ELEMENTS (self->values))
    memmove (self->values, self->values + 1, sizeof self->values - sizeof self->values[0]);
  else
    self->n_values++;
  self->values[self->n_values - 1] = (float) value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
