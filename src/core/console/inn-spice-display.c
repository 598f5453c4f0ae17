/* inn-spice-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-session-private.h"

#include <string.h>

/* What one display channel draws, and the monitors that show parts of it. */

#define MAX_MONITORS 16

struct _InnSpiceDisplay
{
  InnSpiceSession *session;
  SpiceChannel *channel;
  guint id;

  int format;
  int width;
  int height;
  int stride;
  const guint8 *data; /* the channel's; NULL when it has no surface */
  guint8 *converted;  /* of formats that are not ours */
};

static gboolean
is_ours (int format)
{
  return format == SPICE_SURFACE_FMT_32_xRGB || format == SPICE_SURFACE_FMT_32_ARGB;
}

static guint32
widen (guint value, guint bits)
{
  value &= (1u << bits) - 1;
  return (value << (8 - bits)) | (value >> (2 * bits - 8));
}

static guint32
convert_pixel (int format, guint16 pixel)
{
  if (format == SPICE_SURFACE_FMT_16_565)
    return widen (pixel >> 11, 5) << 16 | widen (pixel >> 5, 6) << 8 | widen (pixel, 5);

  return widen (pixel >> 10, 5) << 16 | widen (pixel >> 5, 5) << 8 | widen (pixel, 5);
}

/* Clips a rectangle from outside; %FALSE when nothing is left. */
static gboolean
clip (const InnSpiceDisplay *display, InnRect *rect)
{
  gint64 right = MIN ((gint64) rect->x + rect->width, display->width);
  gint64 bottom = MIN ((gint64) rect->y + rect->height, display->height);

  rect->x = MAX (rect->x, 0);
  rect->y = MAX (rect->y, 0);
  rect->width = MAX (right - rect->x, 0);
  rect->height = MAX (bottom - rect->y, 0);
  return rect->width > 0 && rect->height > 0;
}

static void
convert (InnSpiceDisplay *display, const InnRect *rect)
{
  for (int y = rect->y; y < rect->y + rect->height; y++)
    {
      const guint16 *from = (const guint16 *) (display->data + (gsize) y * display->stride);
      guint32 *to = (guint32 *) display->converted + (gsize) y * display->width;

      for (int x = rect->x; x < rect->x + rect->width; x++)
        to[x] = convert_pixel (display->format, from[x]);
    }
}

static InnSpiceHead *
get_head (InnSpiceDisplay *display, guint position)
{
  g_autoptr (InnSpiceHead) head =
      g_list_model_get_item (G_LIST_MODEL (display->session->heads), position);

  /* The list holds it. */
  return head;
}

static guint
count_heads (InnSpiceDisplay *display)
{
  return g_list_model_get_n_items (G_LIST_MODEL (display->session->heads));
}

static gboolean
is_of (InnSpiceHead *head, InnSpiceDisplay *display)
{
  return inn_spice_head_get_channel_id (head) == display->id;
}

static void
show (InnSpiceDisplay *display, InnSpiceHead *head, const InnRect *area)
{
  const guint8 *pixels = display->data;
  int stride = display->stride;

  if (display->converted != NULL)
    {
      pixels = display->converted;
      stride = display->width * 4;
    }

  inn_spice_head_set_area (head, area);
  inn_spice_head_set_pixels (head, pixels + (gsize) area->y * stride + (gsize) area->x * 4, stride);
}

/* Sorted by channel and monitor, as a person counts screens. */
static InnSpiceHead *
find_head (InnSpiceDisplay *display, guint monitor_id)
{
  g_autoptr (InnSpiceHead) head = NULL;
  guint n = count_heads (display);
  guint position;

  for (position = 0; position < n; position++)
    {
      InnSpiceHead *other = get_head (display, position);
      guint channel = inn_spice_head_get_channel_id (other);
      guint monitor = inn_spice_head_get_monitor_id (other);

      if (channel == display->id && monitor == monitor_id)
        return other;
      if (channel > display->id || (channel == display->id && monitor > monitor_id))
        break;
    }

  head = inn_spice_head_new (display->session, display->id, monitor_id);
  g_list_store_insert (display->session->heads, position, head);
  return head;
}

static void
remove_missing (InnSpiceDisplay *display, guint32 present)
{
  for (guint i = count_heads (display); i > 1; i--)
    {
      InnSpiceHead *head = get_head (display, i - 1);

      if (is_of (head, display) && (present & (1u << inn_spice_head_get_monitor_id (head))) == 0)
        {
          inn_spice_head_keep (head);
          g_list_store_remove (display->session->heads, i - 1);
        }
    }
}

/* What a monitor says may be about a surface that is not here yet; then it shows all there is. */
static void
update_heads (InnSpiceDisplay *display)
{
  g_autoptr (GArray) monitors = NULL;
  guint32 present = 0;

  if (display->data == NULL)
    return;

  g_object_get (display->channel, "monitors", &monitors, NULL);
  for (guint i = 0; monitors != NULL && i < monitors->len; i++)
    {
      const SpiceDisplayMonitorConfig *monitor =
          &g_array_index (monitors, SpiceDisplayMonitorConfig, i);
      InnRect area = { MIN (monitor->x, G_MAXINT16), MIN (monitor->y, G_MAXINT16),
                       MIN (monitor->width, G_MAXUINT16), MIN (monitor->height, G_MAXUINT16) };

      if (monitor->id >= MAX_MONITORS || !clip (display, &area))
        continue;

      present |= 1u << monitor->id;
      show (display, find_head (display, monitor->id), &area);
    }
  if (present == 0)
    {
      present = 1;
      show (display, find_head (display, 0), &(InnRect) { 0, 0, display->width, display->height });
    }
  remove_missing (display, present);
}

static void
create_cb (SpiceChannel *channel,
           int format,
           int width,
           int height,
           int stride,
           int shmid,
           gpointer data,
           InnSpiceDisplay *display)
{
  if (data == NULL || width <= 0 || height <= 0 || stride < width * 2)
    return;

  display->format = format;
  display->width = width;
  display->height = height;
  display->stride = stride;
  display->data = data;
  g_clear_pointer (&display->converted, g_free);
  if (!is_ours (format))
    display->converted = g_malloc0_n (height, (gsize) width * 4);
  update_heads (display);
}

static void
drop_surface (InnSpiceDisplay *display)
{
  if (display->data == NULL)
    return;

  for (guint i = 0; i < count_heads (display); i++)
    if (is_of (get_head (display, i), display))
      inn_spice_head_keep (get_head (display, i));
  display->data = NULL;
  g_clear_pointer (&display->converted, g_free);
}

static void
destroy_cb (SpiceChannel *channel, InnSpiceDisplay *display)
{
  drop_surface (display);
}

static void
monitors_cb (SpiceChannel *channel, GParamSpec *pspec, InnSpiceDisplay *display)
{
  update_heads (display);
}

/* Nothing after the last signal: a handler may close the session, and that frees @display. */
static void
invalidate_cb (SpiceChannel *channel, int x, int y, int width, int height, InnSpiceDisplay *display)
{
  g_autoptr (InnSpiceSession) session = g_object_ref (display->session);
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func (g_object_unref);
  InnRect rect = { x, y, width, height };

  if (display->data == NULL || !clip (display, &rect))
    return;

  if (display->converted != NULL)
    convert (display, &rect);
  for (guint i = 0; i < count_heads (display); i++)
    if (is_of (get_head (display, i), display))
      g_ptr_array_add (heads, g_object_ref (get_head (display, i)));

  inn_spice_session_set_ready (session);
  for (guint i = 0; i < heads->len; i++)
    inn_spice_head_damage (heads->pdata[i], &rect);
}

/* Frames that are drawn by a graphics card are acknowledged whatever happens to them, or the guest
 * would wait for ever. */
static void
gl_draw_cb (
    SpiceChannel *channel, guint x, guint y, guint width, guint height, InnSpiceDisplay *display)
{
  spice_display_channel_gl_draw_done (SPICE_DISPLAY_CHANNEL (channel));
}

InnSpiceDisplay *
inn_spice_display_new (InnSpiceSession *self, SpiceChannel *channel)
{
  InnSpiceDisplay *display = g_new0 (InnSpiceDisplay, 1);
  int id;

  g_object_get (channel, "channel-id", &id, NULL);
  display->session = self;
  display->channel = g_object_ref (channel);
  display->id = id;
  /* No g_signal_connect_object: inn_spice_display_free() undoes them all. */
  g_signal_connect (channel, "display-primary-create", G_CALLBACK (create_cb), display);
  g_signal_connect (channel, "display-primary-destroy", G_CALLBACK (destroy_cb), display);
  g_signal_connect (channel, "display-invalidate", G_CALLBACK (invalidate_cb), display);
  g_signal_connect (channel, "gl-draw", G_CALLBACK (gl_draw_cb), display);
  g_signal_connect (channel, "notify::monitors", G_CALLBACK (monitors_cb), display);

  return display;
}

void
inn_spice_display_free (InnSpiceDisplay *display)
{
  drop_surface (display);
  g_signal_handlers_disconnect_by_data (display->channel, display);
  g_object_unref (display->channel);
  g_free (display);
}

SpiceChannel *
inn_spice_display_get_channel (InnSpiceDisplay *display)
{
  return display->channel;
}
