/* inn-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display.h"

#include "ui/console/inn-display-private.h"

#include <glib/gi18n.h>

#define DEFAULT_RELEASE_KEYS "Ctrl+Alt"

enum
{
  PROP_0,
  PROP_SOURCE,
  PROP_SCALING,
  PROP_VIEW_ONLY,
  PROP_GRABBED,
  PROP_RELEASE_KEYS,
  PROP_GUEST_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * InnDisplay:
 *
 * The screen of a guest: draws the frame of an [iface@DisplaySource] and sends it the keyboard and
 * the pointer. It knows no guest and no host but the name that it is told.
 */
G_DEFINE_FINAL_TYPE (InnDisplay, inn_display, GTK_TYPE_WIDGET)

G_DEFINE_ENUM_TYPE (InnDisplayScaling,
                    inn_display_scaling,
                    G_DEFINE_ENUM_VALUE (INN_DISPLAY_SCALING_FIT, "fit"),
                    G_DEFINE_ENUM_VALUE (INN_DISPLAY_SCALING_EXACT, "exact"),
                    G_DEFINE_ENUM_VALUE (INN_DISPLAY_SCALING_FOLLOW, "follow"))

static void
surface_scale_cb (GdkSurface *surface, GParamSpec *pspec, InnDisplay *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
inn_display_realize (GtkWidget *widget)
{
  GdkSurface *surface;

  GTK_WIDGET_CLASS (inn_display_parent_class)->realize (widget);

  surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  g_signal_connect_object (surface, "notify::scale", G_CALLBACK (surface_scale_cb), widget, 0);
  inn_display_update_cursor (INN_DISPLAY (widget));
}

static void
inn_display_unrealize (GtkWidget *widget)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));

  inn_display_set_grabbed (INN_DISPLAY (widget), FALSE, NULL);
  g_signal_handlers_disconnect_by_func (surface, surface_scale_cb, widget);

  GTK_WIDGET_CLASS (inn_display_parent_class)->unrealize (widget);
}

static void
inn_display_unmap (GtkWidget *widget)
{
  inn_display_set_grabbed (INN_DISPLAY (widget), FALSE, NULL);
  GTK_WIDGET_CLASS (inn_display_parent_class)->unmap (widget);
}

static void
inn_display_unroot (GtkWidget *widget)
{
  inn_display_unroot_keys (INN_DISPLAY (widget));
  GTK_WIDGET_CLASS (inn_display_parent_class)->unroot (widget);
}

static void
resized_cb (InnDisplaySource *source, InnDisplay *self)
{
  InnFrame frame;

  inn_display_source_get_frame (source, &frame);
  inn_tile_store_set_size (self->tiles, frame.width, frame.height);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
damaged_cb (InnDisplaySource *source, int x, int y, int width, int height, InnDisplay *self)
{
  inn_tile_store_damage (self->tiles, x, y, width, height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
cursor_cb (InnDisplaySource *source, InnDisplay *self)
{
  inn_display_update_shape (self);
  inn_display_update_cursor (self);
}

static void
pointer_mode_cb (InnDisplaySource *source, InnDisplay *self)
{
  inn_display_update_lock (self);
  cursor_cb (source, self);
}

static void
bell_cb (InnDisplaySource *source, InnDisplay *self)
{
  gtk_widget_error_bell (GTK_WIDGET (self));
}

static void
state_cb (InnDisplaySource *source, InnDisplay *self)
{
  if (inn_display_source_get_state (source) == INN_DISPLAY_READY)
    {
      inn_display_set_stale (self, FALSE);
      self->asked_width = 0;
      inn_display_follow (self);
    }
  else
    inn_display_set_grabbed (self, FALSE, NULL);
  inn_display_update_cursor (self);
}

static void
inn_display_dispose (GObject *object)
{
  InnDisplay *self = INN_DISPLAY (object);

  inn_display_set_source (self, NULL);
  g_clear_handle_id (&self->follow_id, g_source_remove);
  g_clear_object (&self->shape);

  G_OBJECT_CLASS (inn_display_parent_class)->dispose (object);
}

static void
inn_display_finalize (GObject *object)
{
  InnDisplay *self = INN_DISPLAY (object);

  g_clear_pointer (&self->tiles, inn_tile_store_free);
  g_free (self->guest_name);
  g_free (self->release_text);

  G_OBJECT_CLASS (inn_display_parent_class)->finalize (object);
}

static void
inn_display_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnDisplay *self = INN_DISPLAY (object);

  switch (prop_id)
    {
    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;

    case PROP_SCALING:
      g_value_set_enum (value, self->scaling);
      break;

    case PROP_VIEW_ONLY:
      g_value_set_boolean (value, self->view_only);
      break;

    case PROP_GRABBED:
      g_value_set_boolean (value, self->grabbed);
      break;

    case PROP_RELEASE_KEYS:
      g_value_set_string (value, self->release_text);
      break;

    case PROP_GUEST_NAME:
      g_value_set_string (value, self->guest_name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_display_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnDisplay *self = INN_DISPLAY (object);

  switch (prop_id)
    {
    case PROP_SOURCE:
      inn_display_set_source (self, g_value_get_object (value));
      break;

    case PROP_SCALING:
      inn_display_set_scaling (self, g_value_get_enum (value));
      break;

    case PROP_VIEW_ONLY:
      inn_display_set_view_only (self, g_value_get_boolean (value));
      break;

    case PROP_RELEASE_KEYS:
      inn_display_set_release_keys (self, g_value_get_string (value));
      break;

    case PROP_GUEST_NAME:
      inn_display_set_guest_name (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_SOURCE] =
      g_param_spec_object ("source", NULL, NULL, INN_TYPE_DISPLAY_SOURCE, flags);
  properties[PROP_SCALING] = g_param_spec_enum ("scaling", NULL, NULL, INN_TYPE_DISPLAY_SCALING,
                                                INN_DISPLAY_SCALING_FIT, flags);
  properties[PROP_VIEW_ONLY] = g_param_spec_boolean ("view-only", NULL, NULL, FALSE, flags);
  properties[PROP_GRABBED] = g_param_spec_boolean ("grabbed", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RELEASE_KEYS] =
      g_param_spec_string ("release-keys", NULL, NULL, DEFAULT_RELEASE_KEYS, flags);
  properties[PROP_GUEST_NAME] = g_param_spec_string ("guest-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_display_class_init (InnDisplayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_display_dispose;
  object_class->finalize = inn_display_finalize;
  object_class->get_property = inn_display_get_property;
  object_class->set_property = inn_display_set_property;

  widget_class->snapshot = inn_display_snapshot;
  widget_class->measure = inn_display_measure;
  widget_class->size_allocate = inn_display_size_allocate;
  widget_class->realize = inn_display_realize;
  widget_class->unrealize = inn_display_unrealize;
  widget_class->unmap = inn_display_unmap;
  widget_class->unroot = inn_display_unroot;

  install_properties (object_class);
  g_signal_new ("size-refused", INN_TYPE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "display");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_APPLICATION);
}

static void
inn_display_init (InnDisplay *self)
{
  self->tiles = inn_tile_store_new ();
  self->release_text = g_strdup (DEFAULT_RELEASE_KEYS);
  inn_release_keys_parse (self->release_text, &self->release);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  inn_display_init_keys (self);
  inn_display_init_input (self);
}

/**
 * inn_display_new:
 *
 * Returns: (transfer floating): a display without a source
 */
GtkWidget *
inn_display_new (void)
{
  return g_object_new (INN_TYPE_DISPLAY, NULL);
}

/**
 * inn_display_set_source:
 * @self: a display
 * @source: (nullable): where pixels come from; the last frame of the one before stays until the
 *   new one has its first
 */
void
inn_display_set_source (InnDisplay *self, InnDisplaySource *source)
{
  g_return_if_fail (INN_IS_DISPLAY (self));
  g_return_if_fail (source == NULL || INN_IS_DISPLAY_SOURCE (source));

  if (self->source == source)
    return;

  inn_display_set_grabbed (self, FALSE, NULL);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_set_object (&self->source, source);
  if (source != NULL)
    {
      g_signal_connect_object (source, "resized", G_CALLBACK (resized_cb), self, 0);
      g_signal_connect_object (source, "damaged", G_CALLBACK (damaged_cb), self, 0);
      g_signal_connect_object (source, "cursor-changed", G_CALLBACK (cursor_cb), self, 0);
      g_signal_connect_object (source, "pointer-mode-changed", G_CALLBACK (pointer_mode_cb), self,
                               0);
      g_signal_connect_object (source, "bell", G_CALLBACK (bell_cb), self, 0);
      g_signal_connect_object (source, "state-changed", G_CALLBACK (state_cb), self, 0);
      if (inn_display_source_get_state (source) == INN_DISPLAY_READY)
        resized_cb (source, self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}

/**
 * inn_display_set_guest_name:
 * @self: a display
 * @name: (nullable): whose screen it is, for screen readers
 */
void
inn_display_set_guest_name (InnDisplay *self, const char *name)
{
  g_autofree char *label = NULL;

  g_return_if_fail (INN_IS_DISPLAY (self));

  if (!g_set_str (&self->guest_name, name))
    return;

  label = name != NULL ? g_strdup_printf (_ ("Console of %s"), name) : g_strdup (_ ("Console"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUEST_NAME]);
}

/**
 * inn_display_set_scaling:
 * @self: a display
 * @scaling: how the frame is fitted into the widget
 */
void
inn_display_set_scaling (InnDisplay *self, InnDisplayScaling scaling)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  if (self->scaling == scaling)
    return;

  self->scaling = scaling;
  self->asked_width = 0;
  inn_display_follow (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCALING]);
}

InnDisplayScaling
inn_display_get_scaling (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), INN_DISPLAY_SCALING_FIT);

  return self->scaling;
}

/**
 * inn_display_set_view_only:
 * @self: a display
 * @view_only: whether nothing is sent to the guest
 */
void
inn_display_set_view_only (InnDisplay *self, gboolean view_only)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  if (self->view_only == view_only)
    return;

  if (view_only)
    inn_display_set_grabbed (self, FALSE, NULL);
  self->view_only = view_only;
  inn_display_update_cursor (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW_ONLY]);
}

gboolean
inn_display_get_view_only (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), FALSE);

  return self->view_only;
}

/**
 * inn_display_set_stale:
 * @self: a display
 * @stale: whether the frame is an old one: it is greyed; ends with the next ready source
 */
void
inn_display_set_stale (InnDisplay *self, gboolean stale)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  if (self->stale == stale)
    return;

  self->stale = stale;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * inn_display_set_release_keys:
 * @self: a display
 * @release_keys: the keys that give the keyboard back, as "Ctrl+Alt", "Shift+F12" or "Control_R"
 *
 * Returns: whether they make sense; else nothing changes
 */
gboolean
inn_display_set_release_keys (InnDisplay *self, const char *release_keys)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), FALSE);

  if (release_keys == NULL || !inn_release_keys_parse (release_keys, &self->release))
    return FALSE;

  if (g_set_str (&self->release_text, release_keys))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RELEASE_KEYS]);
  return TRUE;
}

const char *
inn_display_get_release_keys (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), NULL);

  return self->release_text;
}

/**
 * inn_display_dup_release_label:
 * @self: a display
 *
 * Returns: (transfer full): the keys that give the keyboard back, as people call them
 */
char *
inn_display_dup_release_label (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), NULL);

  return inn_release_keys_to_label (self->release_text);
}

/**
 * inn_display_get_screenshot:
 * @self: a display
 *
 * Returns: (transfer full) (nullable): the frame as it is now, in the guest's own pixels
 */
GdkTexture *
inn_display_get_screenshot (InnDisplay *self)
{
  g_autoptr (GBytes) bytes = NULL;
  InnFrame frame = { 0 };

  g_return_val_if_fail (INN_IS_DISPLAY (self), NULL);

  if (self->source != NULL)
    inn_display_source_get_frame (self->source, &frame);
  if (frame.data == NULL)
    return NULL;

  bytes = g_bytes_new (frame.data, (gsize) frame.stride * frame.height);
  return gdk_memory_texture_new (frame.width, frame.height, GDK_MEMORY_B8G8R8X8, bytes,
                                 frame.stride);
}

/**
 * inn_display_get_stats:
 * @self: a display
 *
 * Returns: (transfer none): what was copied and uploaded so far
 */
const InnTileStats *
inn_display_get_stats (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), NULL);

  return inn_tile_store_get_stats (self->tiles);
}
