/* inn-usage-bar.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-usage-bar.h"

#include "ui/widgets/inn-format.h"

#include <math.h>

/**
 * InnUsageBar:
 *
 * A thin bar that says how much of something is in use. To assistive technologies it is a meter.
 */
struct _InnUsageBar
{
  GtkWidget parent_instance;

  char *label;
  double fraction; /* negative for unknown */
};

enum
{
  PROP_0,
  PROP_LABEL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InnUsageBar, inn_usage_bar, GTK_TYPE_WIDGET)

#define HEIGHT 4
#define FULL 0.9

static void
inn_usage_bar_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 24 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 48 : HEIGHT;
}

static void
append_part (GtkSnapshot *snapshot, float x, float y, float width, const GdkRGBA *color)
{
  GskRoundedRect rect;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (x, y, width, HEIGHT), HEIGHT / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, color, &rect.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
inn_usage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnUsageBar *self = INN_USAGE_BAR (widget);
  float width = gtk_widget_get_width (widget);
  float y = floorf ((gtk_widget_get_height (widget) - HEIGHT) / 2.0f);
  gboolean backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA color;
  GdkRGBA trough;
  float filled;

  gtk_widget_get_color (widget, &color);
  trough = color;
  trough.alpha *= 0.15f;
  append_part (snapshot, 0, y, width, &trough);
  if (self->fraction <= 0)
    return;

  filled = MAX ((float) self->fraction * width, HEIGHT);
  append_part (snapshot, backwards ? width - filled : 0, y, filled, &color);
}

static void
inn_usage_bar_finalize (GObject *object)
{
  g_free (INN_USAGE_BAR (object)->label);

  G_OBJECT_CLASS (inn_usage_bar_parent_class)->finalize (object);
}

static void
inn_usage_bar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LABEL:
      inn_usage_bar_set_label (INN_USAGE_BAR (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_usage_bar_class_init (InnUsageBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = inn_usage_bar_finalize;
  object_class->set_property = inn_usage_bar_set_property;
  widget_class->measure = inn_usage_bar_measure;
  widget_class->snapshot = inn_usage_bar_snapshot;

  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "usagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
inn_usage_bar_init (InnUsageBar *self)
{
  self->fraction = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 100.0, -1);
}

/**
 * inn_usage_bar_set_label:
 * @self: a bar
 * @label: what it measures, translated: "CPU"
 */
void
inn_usage_bar_set_label (InnUsageBar *self, const char *label)
{
  g_return_if_fail (INN_IS_USAGE_BAR (self));

  if (g_set_str (&self->label, label))
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    label != NULL ? label : "", -1);
}

/**
 * inn_usage_bar_set_fraction:
 * @self: a bar
 * @fraction: 0 to 1; negative for unknown
 */
void
inn_usage_bar_set_fraction (InnUsageBar *self, double fraction)
{
  g_autofree char *text = NULL;

  g_return_if_fail (INN_IS_USAGE_BAR (self));

  /* Steps nobody can see are not worth a frame. */
  fraction = fraction < 0 ? -1 : round (CLAMP (fraction, 0, 1) * 200) / 200;
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  text = inn_format_percent (fraction < 0 ? -1 : fraction * 100);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  MAX (fraction, 0) * 100, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
  if (fraction >= FULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "full");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "full");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
