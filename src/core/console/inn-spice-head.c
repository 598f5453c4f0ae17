/* inn-spice-head.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-head.h"

#include "console/inn-spice-session-private.h"

#include <string.h>

#define BYTES_A_PIXEL 4

static void inn_spice_head_iface_init (InnDisplaySourceInterface *iface);

/**
 * InnSpiceHead:
 *
 * One monitor of a guest that is seen over SPICE: a part of what a display channel draws. It shows
 * the library's pixels where they are, and copies them only when the library is about to free them.
 */
struct _InnSpiceHead
{
  GObject parent_instance;

  InnSpiceSession *session; /* weak: a session owns its heads */
  guint channel_id;
  guint monitor_id;

  InnRect area;         /* of what the channel draws */
  const guint8 *pixels; /* of the channel, where @area begins; NULL when there are none */
  int stride;
  guint8 *kept; /* the last frame, when there is no channel */
  int kept_width;
  int kept_height;

  gboolean has_cursor;
  InnCursor cursor;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (InnSpiceHead,
                               inn_spice_head,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_DISPLAY_SOURCE,
                                                      inn_spice_head_iface_init))

static void
inn_spice_head_close (InnDisplaySource *source)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  if (self->session != NULL)
    inn_console_session_close (INN_CONSOLE_SESSION (self->session));
}

static InnDisplayState
inn_spice_head_get_state (InnDisplaySource *source)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  return self->session != NULL ? inn_console_session_get_state (INN_CONSOLE_SESSION (self->session))
                               : INN_DISPLAY_CLOSED;
}

static const GError *
inn_spice_head_get_error (InnDisplaySource *source)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  return self->session != NULL ? inn_console_session_get_error (INN_CONSOLE_SESSION (self->session))
                               : NULL;
}

static void
inn_spice_head_get_frame (InnDisplaySource *source, InnFrame *frame)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  if (self->pixels != NULL)
    {
      frame->width = self->area.width;
      frame->height = self->area.height;
      frame->stride = self->stride;
      frame->data = self->pixels;
    }
  else if (self->kept != NULL)
    {
      frame->width = self->kept_width;
      frame->height = self->kept_height;
      frame->stride = self->kept_width * BYTES_A_PIXEL;
      frame->data = self->kept;
    }
}

static const InnCursor *
inn_spice_head_get_cursor (InnDisplaySource *source)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  return self->has_cursor ? &self->cursor : NULL;
}

static InnClipboardPeer *
inn_spice_head_get_clipboard (InnDisplaySource *source)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);

  return self->session != NULL ? INN_CLIPBOARD_PEER (self->session->clipboard) : NULL;
}

static void
inn_spice_head_iface_init (InnDisplaySourceInterface *iface)
{
  iface->close = inn_spice_head_close;
  iface->get_state = inn_spice_head_get_state;
  iface->get_error = inn_spice_head_get_error;
  iface->get_frame = inn_spice_head_get_frame;
  iface->get_cursor = inn_spice_head_get_cursor;
  iface->get_clipboard = inn_spice_head_get_clipboard;
  inn_spice_head_init_input (iface);
}

static void
inn_spice_head_dispose (GObject *object)
{
  InnSpiceHead *self = INN_SPICE_HEAD (object);

  g_clear_weak_pointer (&self->session);
  self->pixels = NULL;

  G_OBJECT_CLASS (inn_spice_head_parent_class)->dispose (object);
}

static void
inn_spice_head_finalize (GObject *object)
{
  InnSpiceHead *self = INN_SPICE_HEAD (object);

  g_free (self->kept);
  g_clear_pointer (&self->cursor.pixels, g_bytes_unref);

  G_OBJECT_CLASS (inn_spice_head_parent_class)->finalize (object);
}

static void
inn_spice_head_class_init (InnSpiceHeadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_spice_head_dispose;
  object_class->finalize = inn_spice_head_finalize;
}

static void
inn_spice_head_init (InnSpiceHead *self)
{
}

InnSpiceHead *
inn_spice_head_new (InnSpiceSession *session, guint channel_id, guint monitor_id)
{
  InnSpiceHead *self = g_object_new (INN_TYPE_SPICE_HEAD, NULL);

  g_set_weak_pointer (&self->session, session);
  self->channel_id = channel_id;
  self->monitor_id = monitor_id;

  return self;
}

InnSpiceSession *
inn_spice_head_get_session (InnSpiceHead *self)
{
  return self->session;
}

guint
inn_spice_head_get_channel_id (InnSpiceHead *self)
{
  return self->channel_id;
}

guint
inn_spice_head_get_monitor_id (InnSpiceHead *self)
{
  return self->monitor_id;
}

/* How the protocol counts monitors: those of the first channel, or channels with one each. */
int
inn_spice_head_get_display_id (InnSpiceHead *self)
{
  return self->channel_id == 0 ? self->monitor_id : self->channel_id;
}

const InnRect *
inn_spice_head_get_area (InnSpiceHead *self)
{
  return &self->area;
}

void
inn_spice_head_set_area (InnSpiceHead *self, const InnRect *area)
{
  self->area = *area;
}

/* From now on the picture is @pixels, of the size of the area; whoever owns them says keep() before
 * they go. */
void
inn_spice_head_set_pixels (InnSpiceHead *self, const guint8 *pixels, int stride)
{
  g_clear_pointer (&self->kept, g_free);
  self->pixels = pixels;
  self->stride = stride;
  inn_display_source_emit_resized (INN_DISPLAY_SOURCE (self));
}

void
inn_spice_head_keep (InnSpiceHead *self)
{
  gsize row = (gsize) self->area.width * BYTES_A_PIXEL;
  const guint8 *pixels = g_steal_pointer (&self->pixels);

  if (pixels == NULL)
    return;

  g_free (self->kept);
  self->kept = g_malloc_n (self->area.height, row);
  self->kept_width = self->area.width;
  self->kept_height = self->area.height;
  for (int y = 0; y < self->area.height; y++)
    memcpy (self->kept + y * row, pixels + (gsize) y * self->stride, row);
}

/* @rect: pixels of the channel that are new */
void
inn_spice_head_damage (InnSpiceHead *self, const InnRect *rect)
{
  if (self->pixels != NULL)
    inn_display_source_emit_damaged (INN_DISPLAY_SOURCE (self), rect->x - self->area.x,
                                     rect->y - self->area.y, rect->width, rect->height);
}

/* @cursor: (nullable): %NULL when the shape is not known */
void
inn_spice_head_set_cursor (InnSpiceHead *self, const InnCursor *cursor)
{
  g_clear_pointer (&self->cursor.pixels, g_bytes_unref);
  self->has_cursor = cursor != NULL;
  if (cursor != NULL)
    {
      self->cursor = *cursor;
      if (cursor->pixels != NULL)
        self->cursor.pixels = g_bytes_ref (cursor->pixels);
    }
  inn_display_source_emit_cursor_changed (INN_DISPLAY_SOURCE (self));
}
