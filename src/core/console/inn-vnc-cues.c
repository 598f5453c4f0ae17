/* inn-vnc-cues.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vnc-source-private.h"

#include <string.h>

/* What a guest shows beside its picture: the pointer and the bell. */

#define MAX_CURSOR_SIDE 512
#define MIN_BELL_USEC (200 * 1000)

static void
cursor_cb (VncConnection *connection, VncCursor *cursor, InnVncSource *self)
{
  InnCursor *mine = &self->cursor;

  g_clear_pointer (&mine->pixels, g_bytes_unref);
  memset (mine, 0, sizeof *mine);
  self->has_cursor = TRUE;
  if (cursor != NULL)
    {
      guint width = vnc_cursor_get_width (cursor);
      guint height = vnc_cursor_get_height (cursor);

      self->has_cursor = width <= MAX_CURSOR_SIDE && height <= MAX_CURSOR_SIDE;
      if (self->has_cursor && vnc_cursor_is_visible (cursor))
        {
          mine->width = width;
          mine->height = height;
          mine->hot_x = vnc_cursor_get_hotx (cursor);
          mine->hot_y = vnc_cursor_get_hoty (cursor);
          mine->pixels = g_bytes_new (vnc_cursor_get_data (cursor), (gsize) width * height * 4);
        }
    }
  inn_display_source_emit_cursor_changed (INN_DISPLAY_SOURCE (self));
}

static void
pointer_mode_cb (VncConnection *connection, gboolean absolute, InnVncSource *self)
{
  inn_display_source_emit_pointer_mode_changed (INN_DISPLAY_SOURCE (self));
}

static void
bell_cb (VncConnection *connection, InnVncSource *self)
{
  gint64 now = g_get_monotonic_time ();

  if (now - self->bell_at < MIN_BELL_USEC)
    return;

  self->bell_at = now;
  inn_display_source_emit_bell (INN_DISPLAY_SOURCE (self));
}

static const InnCursor *
inn_vnc_source_get_cursor (InnDisplaySource *source)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  return self->has_cursor ? &self->cursor : NULL;
}

static gboolean
inn_vnc_source_get_absolute (InnDisplaySource *source)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  return self->connection == NULL || !self->begun ||
         vnc_connection_get_abs_pointer (self->connection);
}

void
inn_vnc_source_connect_cues (InnVncSource *self)
{
  VncConnection *connection = self->connection;

  g_signal_connect (connection, "vnc-cursor-changed", G_CALLBACK (cursor_cb), self);
  g_signal_connect (connection, "vnc-pointer-mode-changed", G_CALLBACK (pointer_mode_cb), self);
  g_signal_connect (connection, "vnc-bell", G_CALLBACK (bell_cb), self);
}

/* The part of the interface that tells of the pointer. */
void
inn_vnc_source_init_cues (InnDisplaySourceInterface *iface)
{
  iface->get_cursor = inn_vnc_source_get_cursor;
  iface->get_absolute = inn_vnc_source_get_absolute;
}
